//! Models and their answers: a network comes in, answers about a photo, and whoever reads it checks that.

use crate::pictures::{chunk, profile, with_chunk};
use crate::{Desk, Run};
use std::fs;
use std::sync::LazyLock;
use zkimg_pipeline::{Dims, Picture, encode_png};

const FILE: &[u8] = include_bytes!("../../samples/person_detect/person_detect.tflite");
const INFER: [&str; 9] =
    ["infer", "photo.negative", "--model", "person.model", "--edit", "grayscale", "--edit", "crop=96x96+4+2", "--show"];
const CHECK: [&str; 6] = ["verify", "answer.zkimg", "--trust", "camera.pub", "--model", "person.card"];

fn infer(desk: &Desk, rest: &[&str]) -> Run {
    desk.zkimg(&[&INFER, rest].concat())
}

/// A camera, a signed photo of 110 × 100, a model and an answer.
static READY: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::empty();
    let cell = |i: usize| (i / 110 % 100 * 2 + i % 110 + if i % 110 > 60 { 70 } else { 0 }) as u8;
    let photo = Picture::new(Dims { channels: 3, height: 100, width: 110 }, (0..33_000).map(cell).collect()).expect("a picture");
    desk.write("photo.png", encode_png(&photo));
    desk.write("person.tflite", FILE);
    desk.zkimg(&["keygen"]).ends(0);
    desk.zkimg(&["attest", "photo.png", "--key", "camera.key"]).ends(0);
    desk.zkimg(&["model", "import", "person.tflite", "--out", "person"]).ends(0);
    infer(&desk, &["class", "--out", "answer"]).ends(0);
    desk
});

fn ready() -> Desk {
    Desk::copy_of(&READY)
}

#[test]
fn a_class_and_scores_are_shown_and_nothing_else() {
    let desk = ready();
    let text = desk.zkimg(&CHECK).ends(0).out;
    let class = text.split("class ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a class").to_owned();
    for part in
        ["VERIFIED: answer.zkimg", "✓ model", "✓ answer", "made grey", "cropped to", "110 × 100 pixels became the 96 × 96", "Not shown: "]
    {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let answer = desk.zkimg(&[&CHECK[..], &["--json"]].concat()).ends(0).json();
    assert_eq!(answer["photos"].as_array().map(Vec::len), Some(1));
    let photo = &answer["photos"][0];
    assert_eq!((&photo["answer"]["show"], photo["answer"]["class"].to_string()), (&"class".into(), class.clone()));
    assert_eq!((&answer["verdict"], photo["trusted_by"].as_array().map(Vec::len)), (&"trusted".into(), Some(1)));

    let made = infer(&desk, &["scores", "--out", "scores.zkimg", "--json"]).ends(0).json();
    let check = ["verify", "scores.zkimg", "--trust", "camera.pub", "--model", "person.card", "--json"];
    let scores = desk.zkimg(&check).ends(0).json()["photos"][0]["answer"]["scores"].clone();
    assert_eq!(made["photos"][0]["answer"]["scores"], scores);
    let scores: Vec<i64> = scores.as_array().expect("scores").iter().map(|score| score.as_i64().expect("an integer")).collect();
    assert_eq!(scores.len(), 2);
    assert_eq!(u8::from(scores[1] > scores[0]).to_string(), class);
}

#[test]
fn cards_and_answers_are_described() {
    let desk = ready();
    let text = desk.zkimg(&["inspect", "person.card"]).ends(0).out;
    for part in ["1. CONV_2D            96×96×1 → 48×48×8, window 3×3, stride 2×2", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "2^12"]
    {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let card = desk.zkimg(&["inspect", "person.card", "--json"]).ends(0).json();
    assert_eq!(card["layers"].as_array().map(Vec::len), Some(29));
    let answer = desk.zkimg(&["inspect", "answer.zkimg", "--json"]).ends(0).json();
    assert_eq!((&answer["kind"], &answer["model"]), (&"answer".into(), &card["digest"]));
    // As in a recipe, and in words.
    let verified = ["verify", "answer.zkimg", "--trust", "camera.pub", "--model", "person.card", "--json"];
    let verified = desk.zkimg(&verified).ends(0).json();
    let [answer, verified] = [&answer, &verified].map(|of| &of["photos"][0]);
    assert!(verified["edits"].as_array().is_some_and(|edits| edits.iter().all(|edit| edit["op"].is_string()) && !edits.is_empty()));
    for field in ["edits", "words", "read", "answer"] {
        assert_eq!(answer[field], verified[field]);
    }
    assert!(desk.zkimg(&["inspect", "person.model"]).ends(0).out.contains("secret"));
}

#[cfg(unix)]
#[test]
fn a_model_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |name: &str| fs::metadata(READY.at(name)).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode("person.model"), 0o600);
    assert_ne!(mode("person.card") & 0o044, 0);
}

#[test]
fn what_does_not_belong_together_is_refused_in_a_sentence() {
    let desk = ready();
    desk.refuses(&["verify", "answer.zkimg", "--trust", "camera.pub"], 2, "add --model");
    desk.refuses(&["verify", "answer.zkimg", "--trust", "camera.pub", "--model", "person.model"], 3, "secret model");
    desk.refuses(&["verify", "answer.zkimg", "--trust", "camera.pub", "--model", "answer.zkimg"], 3, "not the card");
    desk.refuses(&["verify", "person.card", "--trust", "camera.pub"], 3, "the answer comes before it");
    desk.refuses(&["verify", "photo.png", "--model", "person.card", "--trust", "camera.pub"], 2, "not a model's answer");
    // With another file it is one of many.
    let run = desk.zkimg(&["verify", "answer.zkimg", "x.zkimg", "--model", "person.card", "--trust", "camera.pub"]).ends(4);
    assert!(run.out.starts_with("VERIFIED: answer.zkimg is what the model makes") && run.out.contains("\nNOT CHECKED"), "{}", run.out);
    desk.refuses(&["infer", "photo.negative", "--model", "person.card", "--show", "class", "--out", "x"], 3, "public card");
    desk.refuses(
        &["infer", "photo.negative", "--model", "person.model", "--show", "class", "--out", "x"],
        2,
        "reads pictures of 96 × 96 pixels, grey",
    );
    desk.refuses(&["infer", "person.model", "--model", "person.model", "--show", "class", "--out", "x"], 3, "not a negative");
    desk.refuses(&[&INFER[..], &["top6", "--out", "x"]].concat(), 2, "top6");
    desk.refuses(&["infer", "--model", "person.model", "--show", "class", "--out", "x"], 2, "NEGATIVE");
    desk.refuses(&[&INFER[..], &["class", "--out", "answer"]].concat(), 6, "exists already");
    desk.refuses(&["model", "import", "photo.png", "--out", "x"], 3, "not a TFLite file");
    desk.refuses(&["model", "import", "person.tflite", "--out", "x.card"], 2, "beginning of their names");
    desk.refuses(&["model", "import", "person.tflite", "--out", "person"], 6, "exists already");
    desk.refuses(&["model", "import", "gone.tflite", "--out", "x"], 4, "there is no file");
    desk.write("cut.card", &desk.read("person.card")[..9000]);
    desk.refuses(&["verify", "answer.zkimg", "--trust", "camera.pub", "--model", "cut.card"], 3, "cut short");
    let mut damaged = desk.read("person.model");
    damaged[40_000] ^= 1;
    desk.write("damaged.model", damaged);
    desk.refuses(&["infer", "photo.negative", "--model", "damaged.model", "--show", "class", "--out", "x"], 3, "damaged");
}

#[test]
fn verdicts_have_their_exit_codes() {
    let desk = ready();
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    let with = |answer: &str, trust: &[&str], card: &str| desk.zkimg(&[&["verify", answer, "--model", card], trust].concat());
    let run = with("answer.zkimg", &["--trust", "other.pub"], "person.card").ends(5);
    assert!(run.out.starts_with("NOT TRUSTED") && run.out.contains("nothing else was checked"), "{}", run.out);
    assert!(with("answer.zkimg", &[], "person.card").ends(5).out.contains("VALID, BUT NOT TRUSTED"));
    // Another import of the same file is another model.
    desk.zkimg(&["model", "import", "person.tflite", "--out", "again"]).ends(0);
    let run = with("answer.zkimg", &["--trust", "camera.pub"], "again.card").ends(1);
    assert!(run.out.starts_with("NOT VALID") && run.out.contains("✗ model"), "{}", run.out);
    let mut forged = desk.read("answer.zkimg");
    let at = forged.len() - 200;
    forged[at] ^= 1;
    desk.write("forged.zkimg", forged);
    let run = with("forged.zkimg", &["--trust", "camera.pub"], "person.card").ends(1);
    assert!(run.out.contains("✓ model") && run.out.contains("✗ answer"), "{}", run.out);
    assert_eq!(run.out.matches("class").count(), 0, "what does not hold is not shown: {}", run.out);
}

#[test]
fn a_picture_that_everybody_has_is_answered_about() {
    let desk = ready();
    let ask = ["infer", "--input", "photo.png", "--model", "person.model", "--edit", "grayscale", "--edit", "crop=96x96+4+2"];
    desk.zkimg(&[&ask[..], &["--show", "top5", "--out", "public"]].concat()).ends(0);
    let check = ["verify", "photo.png", "public.zkimg", "--model", "person.card"];
    let text = desk.zkimg(&check).ends(0).out;
    assert!(text.starts_with("VERIFIED: public.zkimg") && text.contains("No camera answers for it"), "{text}");
    assert!(text.contains("have the greatest scores, in this order"), "{text}");
    let found = desk.zkimg(&[&check[..], &["--json"]].concat()).ends(0).json();
    assert_eq!(
        (&found["verdict"], &found["photos"][0]["device"], &found["photos"][0]["answer"]["show"]),
        (&"proved".into(), &serde_json::Value::Null, &"top5".into())
    );
    assert_eq!(found["photos"][0]["answer"]["classes"].as_array().map(Vec::len), Some(2));
    desk.zkimg(&["inspect", "public.zkimg"]).ends(0);
    desk.refuses(&["verify", "public.zkimg", "--model", "person.card"], 2, "give that before it");
    desk.refuses(&["verify", "photo.png", "answer.zkimg", "--model", "person.card"], 2, "photos that are hidden");
    desk.write("other.png", crate::photo(3));
    assert!(desk.zkimg(&["verify", "other.png", "public.zkimg", "--model", "person.card"]).ends(1).out.contains("✗ picture"));
    // The same samples, shown otherwise: stretched, in other colours, or by a decoder's choice.
    let plain = desk.read("photo.png");
    let with = |name: &[u8; 4], body: &[u8]| with_chunk(&plain, &chunk(name, body));
    for (file, said) in [
        (with(b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 40, 0]), "wider or higher than they are"),
        (with(b"gAMA", &[0, 0, 0, 1]), "gAMA chunk"),
        (with(b"tEXt", b"exif:Orientation\x006"), "take it for a setting"),
        (with_chunk(&plain, &profile("another")), "has a colour profile"),
    ] {
        desk.write("shown.png", file);
        desk.refuses(&["verify", "shown.png", "public.zkimg", "--model", "person.card"], 3, said);
        let ask = ["infer", "--input", "shown.png", "--model", "person.model", "--edit", "grayscale", "--edit", "crop=96x96+4+2"];
        desk.refuses(&[&ask[..], &["--show", "class", "--out", "shown"]].concat(), 3, said);
    }
}

/// A second photo, of another size and another camera, and one answer about both.
static BOTH: LazyLock<Desk> = LazyLock::new(|| {
    let desk = Desk::copy_of(&READY);
    let cell = |i: usize| (i / 140 % 120 * 3 + i % 140 * 2) as u8;
    let photo = Picture::new(Dims { channels: 3, height: 120, width: 140 }, (0..50_400).map(cell).collect()).expect("a picture");
    desk.write("second.png", encode_png(&photo));
    desk.zkimg(&["keygen", "--out", "second.key"]).ends(0);
    desk.zkimg(&["attest", "second.png", "--key", "second.key"]).ends(0);
    desk.zkimg(&ask_both("both")).ends(0);
    desk
});

fn ask_both(out: &str) -> [&str; 14] {
    let crop = ["--edit", "crop=1:1", "--edit", "resize=96x96", "--edit", "grayscale"];
    let [a, b, c, d, e, f] = crop;
    ["infer", "photo.negative", "second.negative", "--model", "person.model", a, b, c, d, e, f, "--show=scores", "--out", out]
}

#[test]
fn one_answer_about_several_photos_says_of_each_what_one_about_it_says() {
    let desk = Desk::copy_of(&BOTH);
    let check = ["verify", "both.zkimg", "--trust", "camera.pub", "--trust", "second.pub", "--model", "person.card"];
    let text = desk.zkimg(&check).ends(0).out;
    for part in [
        "VERIFIED: both.zkimg is what the model makes of 2 photos, each from a camera you trust, after crop, resize, grayscale.",
        "photo 1 of 2: the scores are",
        "photo 2 of 2: the scores are",
        "110 × 100 pixels became",
        "140 × 120 pixels became",
        "photo 2 of 2: a device signed",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let both = desk.zkimg(&[&check[..], &["--json"]].concat()).ends(0).json();
    let made = desk.zkimg(&[&ask_both("again")[..], &["--json"]].concat()).ends(0).json();
    for (at, name) in ["photo", "second"].into_iter().enumerate() {
        let negative = format!("{name}.negative");
        let words = [&["infer", &negative][..], &ask_both("")[3..13], &["alone", "--force"]].concat();
        desk.zkimg(&words).ends(0);
        let alone = ["verify", "alone.zkimg", "--trust", "camera.pub", "--trust", "second.pub", "--model", "person.card", "--json"];
        let alone = desk.zkimg(&alone).ends(0).json();
        assert_eq!(both["photos"][at], alone["photos"][0]);
        assert_eq!((&made["photos"][at]["file"], &made["photos"][at]["answer"]), (&negative.into(), &alone["photos"][0]["answer"]));
    }
    assert_ne!(both["photos"][0]["trusted_by"], both["photos"][1]["trusted_by"]);
    let inspected = desk.zkimg(&["inspect", "both.zkimg", "--json"]).ends(0).json();
    assert_eq!(inspected["photos"].as_array().map(Vec::len), Some(2));
    assert!(desk.zkimg(&["inspect", "both.zkimg"]).ends(0).out.contains("photo 2 of 2"));
    // One photo is not two.
    let twice = [&["infer", "photo.negative", "photo.negative"][..], &ask_both("")[3..13], &["twice"]].concat();
    desk.zkimg(&twice).ends(0);
    let text = desk.zkimg(&["verify", "twice.zkimg", "--trust", "camera.pub", "--model", "person.card"]).ends(0).out;
    assert!(text.starts_with("VERIFIED: twice.zkimg is what the model makes of 2 photos of one capture, each"), "{text}");
    assert!(text.contains("no other photos were asked about"), "{text}");
}

#[test]
fn one_camera_that_is_not_trusted_is_named_and_enough() {
    let desk = Desk::copy_of(&BOTH);
    let check = |trust: &[&str]| desk.zkimg(&[&["verify", "both.zkimg", "--model", "person.card"], trust].concat());
    for (trusted, other) in [("camera.pub", "2"), ("second.pub", "1")] {
        let run = check(&["--trust", trusted]).ends(5);
        assert!(
            run.out.starts_with("NOT TRUSTED") && run.out.contains(&format!("photo {other} of 2: the key that signed is not")),
            "{}",
            run.out
        );
        assert!(!run.out.contains("scores"), "{}", run.out);
    }
    let run = check(&[]).ends(5);
    assert!(run.out.starts_with("VALID, BUT NOT TRUSTED: the proof of both.zkimg holds"), "{}", run.out);
    let mut forged = desk.read("both.zkimg");
    let at = forged.len() - 200;
    forged[at] ^= 1;
    desk.write("both.zkimg", forged);
    let run = check(&["--trust", "camera.pub", "--trust", "second.pub"]).ends(1);
    assert!(
        run.out.contains("NOT VALID: do not take both.zkimg for what a model makes of photos") && !run.out.contains("scores"),
        "{}",
        run.out
    );
}

#[test]
fn of_several_photos_the_one_that_cannot_be_asked_about_is_named() {
    let desk = Desk::copy_of(&BOTH);
    desk.zkimg(&["prove", "second.negative", "--edit", "crop=120x110+0+0", "--hidden", "--out", "handed"]).ends(0);
    desk.refuses(&[&["infer", "photo.negative", "handed.negative"], &ask_both("x")[3..]].concat(), 2, "handed.negative");
    let crop = ["--edit", "crop=120x110+0+0", "--show", "class", "--out", "x"];
    desk.refuses(&[&["infer", "second.negative", "photo.negative", "--model", "person.model"], &crop[..]].concat(), 2, "second.negative");
    let many = [&["infer"], &["photo.negative"; 17][..], &ask_both("x")[3..]].concat();
    desk.refuses(&many, 2, "1 to 16 photos");
}
