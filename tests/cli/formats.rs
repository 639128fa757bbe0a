//! Pictures as people have them: WebP out, TIFF and WebP in, what is refused and with which next step; several pictures out of one run.

use crate::{Desk, photo, picture};
use zkimg_pipeline::{Picture, Recipe, embedded, encode_png, encode_webp, preview};

const EDITS: [&str; 6] = ["prove", "photo.negative", "--edit", "redact=20x12+4+2", "--edit", "contrast=1.15"];

fn desk() -> Desk {
    let desk = Desk::ready();
    for name in ["edited.png", "edited.zkimg"] {
        std::fs::remove_file(desk.at(name)).expect("gone");
    }
    desk
}

fn verified(desk: &Desk, name: &str) {
    let run = desk.zkimg(&["verify", name, "--trust", "camera.pub"]).ends(0);
    assert!(run.out.starts_with(&format!("VERIFIED: {name}")), "{}", run.out);
}

#[test]
fn a_lossless_webp_is_published_and_checked() {
    let desk = desk();
    desk.zkimg(&[&EDITS[..], &["--out", "edited.webp"]].concat()).ends(0);
    verified(&desk, "edited.webp");
    desk.zkimg(&["edit", "photo.png", "--edit", "redact=20x12+4+2", "--edit", "contrast=1.15", "--out", "try.webp"]).ends(0);
    let file = desk.read("edited.webp");
    assert_eq!(Picture::decode(&file), Picture::decode(&desk.read("try.webp")));
    // The proof taken out, and put into the same pixels as PNG.
    desk.zkimg(&["extract", "edited.webp", "--out", "other.zkimg"]).ends(0);
    desk.write("bare.png", encode_png(&Picture::decode(&file).expect("a picture")));
    desk.zkimg(&["embed", "bare.png", "other.zkimg", "--out", "other.png"]).ends(0);
    std::fs::remove_file(desk.at("other.zkimg")).expect("gone");
    verified(&desk, "other.png");
    // Another pixel.
    let mut cells = Picture::decode(&file).expect("a picture").into_cells();
    cells[7] ^= 1;
    let dims = *Picture::decode(&file).expect("a picture").dims();
    let changed = encode_webp(&Picture::new(dims, cells).expect("a picture")).expect("in colour");
    let proof = embedded(&file).expect("a WebP").expect("a proof");
    desk.write("edited.webp", zkimg_pipeline::embed(&changed, &proof).expect("it fits"));
    assert!(desk.zkimg(&["verify", "edited.webp", "--trust", "camera.pub"]).ends(1).out.contains("other pixels"));
    // Beside it, and found from either.
    desk.zkimg(&[&EDITS[..], &["--out", "two.webp", "--sidecar"]].concat()).ends(0);
    verified(&desk, "two.webp");
    desk.zkimg(&["verify", "two.zkimg", "--trust", "camera.pub"]).ends(0);
}

#[test]
fn what_webp_cannot_hold_is_refused_before_the_work() {
    let desk = desk();
    desk.refuses(&["prove", "photo.negative", "--edit", "grayscale", "--out", "grey.webp"], 2, "WebP has no grey pictures");
    desk.refuses(&["edit", "photo.png", "--edit", "grayscale", "--out", "grey.webp"], 2, "WebP has no grey pictures");
    desk.refuses(&["edit", "photo.png", "--edit", "resize=16384x2", "--out", "wide.webp"], 2, "at most 16383 pixels");
    desk.refuses(&[&EDITS[..], &["--out", "edited.webp", "--quality", "90"]].concat(), 2, "are of a JPEG");
    desk.refuses(&[&EDITS[..], &["--out", "edited.gif"]].concat(), 2, "ends in .png, .webp or .jpg");
}

/// A TIFF of one colour, of 16 bits.
fn tiff() -> Vec<u8> {
    let entry =
        |tag: u16, kind: u16, value: u32| [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &1u32.to_le_bytes(), &value.to_le_bytes()].concat();
    let pixels: Vec<u8> = (0..12 * 10u16).flat_map(|i| (i * 509).to_le_bytes()).collect();
    let entries =
        [(256, 12), (257, 10), (258, 16), (259, 1), (262, 1), (273, 8 + 2 + 9 * 12 + 4), (277, 1), (278, 10), (279, pixels.len() as u32)];
    let directory: Vec<u8> = entries.iter().flat_map(|(tag, value)| entry(*tag, 4, *value)).collect();
    [b"II*\0\x08\0\0\0\x09\0", &directory[..], &[0; 4], &pixels].concat()
}

#[test]
fn tiff_and_webp_are_attested_and_said_so() {
    let desk = desk();
    desk.write("scan.tif", tiff());
    desk.write("phone.webp", encode_webp(&picture(40, 30, 3)).expect("in colour"));
    for (photo, decoder) in [("scan.tif", "tiff 0.11.3 16 to 8 bits"), ("phone.webp", "image-webp 0.2.4")] {
        desk.zkimg(&["attest", photo, "--key", "camera.key", "--out", "one"]).ends(0);
        assert!(desk.zkimg(&["inspect", "one.capture"]).ends(0).out.contains(&format!("decoder    {decoder}")));
        desk.zkimg(&["prove", "one.negative", "--edit", "crop=8x6+1+1", "--out", "one.png"]).ends(0);
        verified(&desk, "one.png");
        for name in ["one.capture", "one.negative", "one.png"] {
            std::fs::remove_file(desk.at(name)).expect("gone");
        }
    }
    desk.write("edited.png", tiff());
    desk.refuses(&["verify", "edited.png", "--trust", "camera.pub"], 3, "this one is a TIFF");
}

#[test]
fn what_is_not_read_is_refused_with_the_next_step() {
    let desk = desk();
    for (file, step) in [
        (&b"\0\0\0\x18ftypheic\0\0\0\0"[..], "save it as PNG or TIFF first"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "save it as PNG or TIFF first"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01", "develop it, and save it as TIFF of 16 bits, or as JPEG"),
        (b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0\0\0\0\0\0\0", "develop it, and save it as TIFF of 16 bits, or as JPEG"),
    ] {
        desk.write("strange", file);
        desk.refuses(&["attest", "strange", "--key", "camera.key"], 3, step);
    }
}

/// Each is a proof of its own, of the picture after all edits.
#[test]
fn several_pictures_come_out_of_one_run() {
    let desk = desk();
    let also = ["--also", "small.jpg=resize=50%", "--also", "square.webp=crop=1:1", "--also", "turned.png=rotate=90"];
    let run = desk.zkimg(&[&EDITS[..], &["--out", "edited.png", "--quality", "80", "--json"], &also].concat()).ends(0);
    let json = run.json();
    let names = |of: &serde_json::Value| of["picture"].as_str().expect("a name").to_owned();
    let more = json["also"].as_array().expect("a list");
    assert_eq!(names(&json), "edited.png");
    assert_eq!(more.iter().map(names).collect::<Vec<_>>(), ["small.jpg", "square.webp", "turned.png"]);
    assert_eq!((&more[0]["width"], &more[0]["edits"][3]["op"]), (&24.into(), &"jpeg".into()));
    for name in ["edited.png", "small.jpg", "square.webp", "turned.png"] {
        verified(&desk, name);
    }
    // No two files have one proof, and none is the other's.
    let proofs: std::collections::BTreeSet<Vec<u8>> = ["edited.png", "small.jpg", "square.webp", "turned.png"]
        .iter()
        .map(|name| embedded(&desk.read(name)).expect("a picture").expect("a proof"))
        .collect();
    assert_eq!(proofs.len(), 4);
    // The pixels are those of all edits and one more.
    let whole = ["redact=20x12+4+2", "contrast=1.15", "crop=1:1"];
    let expected = preview(&Picture::decode(&photo(0)).expect("a picture"), &Recipe::from_words(&whole).expect("edits"));
    assert_eq!(Picture::decode(&desk.read("square.webp")).ok(), expected.ok());
}

/// What is covered in one is covered in all, and nothing of the original's bytes or digests is in any file.
#[test]
fn what_the_edits_cover_is_covered_in_every_picture() {
    let desk = desk();
    // All of the left half is covered; a picture of the left half alone then says nothing.
    let edits = ["prove", "photo.negative", "--edit", "redact=24x32+0+0", "--out", "edited.png", "--also", "left.png=crop=24x32+0+0"];
    desk.zkimg(&[&edits[..], &["--also", "blurred.png=blur=3"]].concat()).ends(0);
    let left = Picture::decode(&desk.read("left.png")).expect("a picture");
    assert!(left.cells().iter().all(|cell| *cell == left.cells()[0]), "nothing but what covers it");
    let blurred = Picture::decode(&desk.read("blurred.png")).expect("a picture");
    let column = |x: usize| (0..96).map(move |line| line * 48 + x);
    assert!((0..16).flat_map(column).all(|at| blurred.cells()[at] == left.cells()[0]), "further from the edge than the blur reaches");
    use sha2::Digest;
    let digest = sha2::Sha256::digest(desk.read("photo.png"));
    for name in ["edited.png", "left.png", "blurred.png"] {
        let file = desk.read(name);
        assert!(!file.windows(32).any(|window| window == &digest[..]), "{name}");
    }
}

/// A recipe that can be read once makes all pictures, so that none has other edits than the first.
#[cfg(unix)]
#[test]
fn edits_are_read_once_for_all_pictures() {
    let desk = desk();
    desk.write(
        "redact.json",
        "{\"zkimg\":1,\"edits\":[{\"op\":\"redact\",\"rectangles\":[{\"x\":0,\"y\":0,\"width\":24,\"height\":32}]}]}",
    );
    let script = "cat redact.json | \"$0\" prove photo.negative --recipe /dev/stdin --out edited.png --also left.png=crop=24x32+0+0";
    let mut command = std::process::Command::new("sh");
    let run = command.args(["-c", script, env!("CARGO_BIN_EXE_zkimg")]).current_dir(desk.path()).output().expect("it runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for name in ["edited.png", "left.png"] {
        verified(&desk, name);
    }
    let left = Picture::decode(&desk.read("left.png")).expect("a picture");
    assert!(left.cells().iter().all(|cell| *cell == 0), "nothing but what covers it");
}

#[test]
fn all_pictures_are_written_or_none() {
    let desk = desk();
    let with = |more: &[&'static str]| [&EDITS[..], &["--out", "edited.png"], more].concat();
    desk.write("small.jpg", "somebody else's");
    desk.refuses(&with(&["--also", "small.jpg=resize=50%"]), 6, "the file exists already");
    desk.refuses(&with(&["--also", "a.jpg=resize=50%", "--also", "b.webp=grayscale"]), 2, "WebP has no grey pictures");
    // The second cannot be made, which is found out after the first was.
    desk.refuses(&with(&["--also", "a.png=crop=400x400+0+0"]), 2, "crop");
    desk.refuses(&with(&["--also", "a.png"]), 2, "small.jpg=resize=50%");
    desk.refuses(&with(&["--also", "a.png=nonsense=1"]), 2, "nonsense");
    desk.refuses(&with(&["--also", "./edited.png=resize=50%", "--force"]), 2, "would be written twice");
    desk.refuses(&with(&["--also", "edited.jpg=resize=50%", "--sidecar"]), 2, "would be written twice");
    desk.refuses(&with(&["--also", "photo.negative=resize=50%", "--force"]), 2, "ends in .png");
    let table = ["3"; 64].join(", ");
    let jpeg = format!(r#"{{"op": "jpeg", "luma": [{table}], "colour": [{table}], "sampling": "4:2:0"}}"#);
    desk.write("recipe.json", format!(r#"{{"zkimg": 1, "edits": [{jpeg}]}}"#));
    let recipe = ["prove", "photo.negative", "--recipe", "recipe.json", "--out", "edited.jpg", "--also", "a.jpg=resize=50%"];
    desk.refuses(&recipe, 2, "--also goes on from the picture after all edits");
    desk.zkimg(&with(&["--also", "small.jpg=resize=50%", "--force"])).ends(0);
    verified(&desk, "small.jpg");
    desk.zkimg(&[&EDITS[..], &["--out", "x.png", "--also", "y.jpg=resize=50%", "--sidecar"]].concat()).ends(0);
    for name in ["x.zkimg", "y.zkimg"] {
        desk.zkimg(&["verify", name, "--trust", "camera.pub"]).ends(0);
    }
    let estimate = |more: &[&str]| {
        desk.zkimg(&[&EDITS[..], &["--out", "z.png", "--estimate", "--json"], more].concat()).ends(0).json()["cells"].as_u64()
    };
    assert!(estimate(&["--also", "w.jpg=resize=50%"]) > estimate(&[]));
}
