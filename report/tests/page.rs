//! What a report says, verdict by verdict, and what its drawing shows.

mod support;

use support::{about, area, facts, placement, report, report_of_notary};
use zkimg_pipeline::edits::placement::{Cover, Covering, Side};
use zkimg_pipeline::{Facts, FieldStanding, Placement, Report, ShownField, State, Verdict};
use zkimg_report::{About, document, exif, fragment};

#[test]
fn a_report_says_what_was_found() {
    let page = document(&report(Verdict::Trusted), &about());
    for said in [
        "<h1>VERIFIED</h1>",
        "<bdi>edited.png</bdi> is an edited picture from a camera you trust.",
        &"1".repeat(64),
        &"2".repeat(64),
        "2026-10-03 04:00:00 UTC, by zkimg ",
        "The picture shows 640 × 480 pixels of the original, 320 from the left and 120 from the top: 14.8 % of the whole frame of 1920 × 1080 pixels.",
        "only claimed, not signed: <bdi>&quot;Maker 1&quot;</bdi>",
        "confirmed by the key <bdi>&quot;desk.pub&quot;</bdi>: <bdi>&quot;Maker 2&quot;</bdi>",
        "<li>made grey</li>",
        "the reader&#39;s list <bdi>&quot;camera.pub&quot;</bdi>",
        "2026-09-21 14:13:20 UTC, by the camera&#39;s clock",
        "What was under the areas that are covered with a colour.",
        "What the original shows outside the published part.",
        "That the scene was real",
        "104 bits",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
}

#[test]
fn a_failed_check_is_told_and_nothing_that_the_file_claims() {
    let page = document(&report(Verdict::Invalid), &about());
    for said in [
        "<h1>NOT VALID</h1>",
        "Do not take <bdi>edited.png</bdi> for what it claims to be.",
        "other pixels than the one this proof was made for",
        "✗",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    for unproved in ["Maker", "made grey", "<svg", "What stays hidden"] {
        assert!(!page.contains(unproved), "{unproved}");
    }
    // Colours, makers and edits come after the picture.
    assert_eq!(page.matches("not looked at, as a check before it failed").count(), 3);
    assert!(page.contains(&"1".repeat(64)), "which file it was is known all the same");
}

#[test]
fn a_stranger_s_camera_is_neither_praised_nor_blamed() {
    let strangers = About { vouchers: Vec::new(), ..about() };
    for (verdict, title) in [(Verdict::Unchecked, "NOT TRUSTED"), (Verdict::Untrusted, "VALID, BUT NOT TRUSTED")] {
        let page = fragment(&report(verdict), &strangers);
        assert!(page.contains(&format!("<section class=\"verdict untrusted\">\n<h1>{title}</h1>")), "{page}");
        assert!(page.contains("nobody whom this reader trusts"));
        assert_eq!(page.contains("<svg"), verdict == Verdict::Untrusted);
    }
    assert_eq!(fragment(&report(Verdict::Unchecked), &strangers).matches("the camera is not one you trust</td>").count(), 5);
}

/// The one sentence in which a notary's page has the word.
const ONLY: &str =
    "That the camera&#39;s signature was valid: it was so according to the notary alone, and it is not a part of this proof.";

#[test]
fn a_notary_s_page_never_speaks_of_a_camera_but_to_say_what_is_not_proved() {
    let about = About { vouchers: vec!["desk.pub".into()], ..about() };
    for verdict in [Verdict::Trusted, Verdict::Untrusted, Verdict::Unchecked, Verdict::Invalid] {
        for hidden in [false, true] {
            let page = document(&Report { hidden, ..report_of_notary(verdict, Some(facts())) }, &about);
            assert_eq!(page.matches(ONLY).count(), 1, "{page}");
            assert!(!page.replace(ONLY, "").to_lowercase().contains("camera"), "{page}");
            assert!(page.contains("<h2>The notary</h2>") && page.contains("--notaries NOTARY.pub"));
            let page = document(&Report { hidden, ..report_of_notary(verdict, None) }, &about);
            assert!(!page.to_lowercase().contains("camera"), "{page}");
        }
    }
    assert!(document(&report(Verdict::Trusted), &about).contains("a camera can photograph a screen"));
}

#[test]
fn a_notary_s_page_says_what_they_saw() {
    let page = document(&report_of_notary(Verdict::Trusted, Some(facts())), &about());
    for said in [
        "is an edited picture, and a notary you trust has seen the original.",
        "The notary vouches for having seen this file with Content Credentials, signed by &quot;Maker of things&quot; (PS256); c2pa 0.90.22 found them trusted on 2026-09-21 14:13:20 UTC",
        "They say that it is a digital capture, and that nothing else was done to it",
        &"aa".repeat(32),
        "by the notary&#39;s clock",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    let page = document(&report_of_notary(Verdict::Trusted, None), &about());
    assert!(page.contains("says nothing of where it comes from"));
    // Of a signature that does not hold nothing is repeated.
    assert!(!document(&report_of_notary(Verdict::Invalid, Some(facts())), &about()).contains("Maker of things"));
}

#[test]
fn a_notary_s_page_makes_no_more_of_a_claim_than_it_says() {
    let said = |facts: Facts| document(&report_of_notary(Verdict::Trusted, Some(facts)), &about());
    let capture = "nothing else was done to it";
    assert!(said(facts()).contains(capture));
    let others = [
        (Facts { source_type: Some("trainedAlgorithmicMedia".into()), ..facts() }, "a program made the picture or a part of it"),
        (Facts { source_type: None, ..facts() }, "do not say what kind of picture it is"),
        (Facts { action: Some("c2pa.opened".into()), ..facts() }, "its history begins with c2pa.opened"),
        (Facts { more_actions: true, ..facts() }, "more was done to it"),
        (Facts { ingredients: true, ..facts() }, "it was made of other pictures"),
        (Facts { signer: None, state: State::Valid, ..facts() }, "no anchor stands behind"),
        (Facts { only_manifest: false, ..facts() }, "leaves out more of the file"),
        (Facts { state: State::Invalid, accepted: vec!["signingCredential.expired".into()], ..facts() }, "signingCredential.expired"),
    ];
    for (facts, words) in others {
        let still = facts.is_capture();
        let page = said(facts);
        assert!(page.contains(words), "{words}\n{page}");
        assert_eq!(page.contains(capture), still, "{words}");
    }
}

#[test]
fn fields_of_exif_stand_beside_what_stands_behind_them_and_can_imitate_nothing() {
    let field = |title, value: &str, standing| ShownField { field: "model", title, value: value.into(), standing };
    let taken = ShownField { field: "date_time_original", ..field("Taken", "2024-05-17T14:03:09", FieldStanding::Camera) };
    let forged = "\"</dd><dt>Artist · Artist: \"Zoë\"  (signed by the camera)";
    let shown = vec![field("Model", forged, FieldStanding::Camera), taken];
    assert_eq!(
        exif(&shown),
        [r#"Model: "\"</dd><dt>Artist · Artist: \"Zoë\"  (signed by the camera)" · Taken: "2024-05-17T14:03:09"  (signed by the camera)"#]
    );
    let page = document(&Report { shown: shown.clone(), captured: None, ..report(Verdict::Trusted) }, &about());
    assert!(page.contains("<dt>Model</dt><dd><bdi>&quot;\\&quot;&lt;/dd&gt;&lt;dt&gt;Artist"), "{page}");
    assert!(page.contains("Signed by the camera:") && page.contains("The rest of the photo&#39;s EXIF data"), "{page}");
    assert!(page.contains("That what is shown of the EXIF data is true") && !page.contains("When the photo was taken."), "{page}");
    let silent = document(&Report { captured: None, ..report(Verdict::Trusted) }, &about());
    assert!(silent.contains("When the photo was taken.") && !silent.contains("EXIF data is"), "{silent}");
    // Of a notary's, with what the Content Credentials cover apart from what they do not.
    let shown = vec![
        field("Model", "M", FieldStanding::Covered),
        field("Taken", "T", FieldStanding::NotCovered),
        field("Lens", "L", FieldStanding::Covered),
    ];
    let lines = exif(&shown);
    assert!(
        lines[0].starts_with("Model: \"M\" · Lens: \"L\"  (covered by") && lines[1].starts_with("Taken: \"T\"  (NOT covered by"),
        "{lines:?}"
    );
    let about = About { vouchers: vec!["desk.pub".into()], ..about() };
    let page = document(&Report { shown, ..report_of_notary(Verdict::Trusted, Some(facts())) }, &about);
    assert!(page.contains("NOT covered by the signature of the file&#39;s Content Credentials: anybody may have written it:"), "{page}");
    assert!(!page.replace(ONLY, "").to_lowercase().contains("camera"), "{page}");
    // Nothing is shown of what does not hold.
    let shown = vec![field("Model", "of nobody", FieldStanding::Camera)];
    assert!(!document(&Report { shown, ..report(Verdict::Invalid) }, &about).contains("of nobody"));
}

/// The rectangles of a drawing: class, x, y, width, height.
fn rectangles(page: &str) -> Vec<(String, [f64; 4])> {
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!(" {name}=\"")).nth(1).expect(name).split('"').next().expect("a value");
        value.to_owned()
    };
    let rectangle = |tag: &str| {
        let number = |name| attribute(tag, name).parse().expect("a number");
        (attribute(tag, "class"), ["x", "y", "width", "height"].map(number))
    };
    page.split("<rect").skip(1).map(|rest| rectangle(rest.split("/>").next().expect("a tag"))).collect()
}

fn drawn(placement: Placement) -> String {
    fragment(&Report { placement: Some(placement), ..report(Verdict::Trusted) }, &about())
}

#[test]
fn the_drawing_has_true_proportions() {
    let all = rectangles(&drawn(placement()));
    let classes: Vec<&str> = all.iter().map(|(class, _)| class.as_str()).collect();
    assert_eq!(classes, ["frame", "part", "colour", "edge"]);
    let [x, y, width, height] = all[0].1;
    let scale = width / 1920.0;
    assert!((height / scale - 1080.0).abs() < 0.1);
    for (at, expected) in [(1, [320.0, 120.0, 640.0, 480.0]), (2, [400.0, 200.0, 100.0, 50.0])] {
        let [a, b, c, d] = all[at].1;
        let found = [(a - x) / scale, (b - y) / scale, c / scale, d / scale];
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.1), "{found:?}");
    }
}

#[test]
fn a_turned_picture_has_its_upper_side_marked() {
    assert!(!drawn(placement()).contains("class=\"mark\""));
    // The tip lies on the side of the part that is up.
    for (up, words) in [(Side::Left, "left side"), (Side::Right, "right side"), (Side::Bottom, "lower side")] {
        let page = drawn(Placement { up, ..placement() });
        assert!(page.contains(words), "{page}");
        let tip = page.split("d=\"M").nth(1).expect("a mark").split('L').next().expect("a point");
        let tip: Vec<f64> = tip.split(' ').map(|number| number.parse().expect("a number")).collect();
        let [x, y, width, height] = rectangles(&page)[1].1;
        let expected = match up {
            Side::Left => [x, y + height / 2.0],
            Side::Right => [x + width, y + height / 2.0],
            _ => [x + width / 2.0, y + height],
        };
        assert!(tip.iter().zip(expected).all(|(tip, expected)| (tip - expected).abs() < 0.02), "{tip:?} {expected:?}");
    }
    let mirrored = drawn(Placement { mirrored: true, ..placement() });
    assert!(mirrored.contains("a mirror image of this part") && mirrored.contains("class=\"mark\""));
}

#[test]
fn a_hundred_thousand_covers_make_no_larger_page_than_some_hundred() {
    let cover = |i: u32| Cover { area: area(f64::from(i % 1000), f64::from(i / 1000), 1.0, 1.0), with: Covering::Blocks };
    let large = Cover { area: area(0.0, 0.0, 500.0, 500.0), with: Covering::Picture };
    let page = drawn(Placement { covered: (0..100_000).map(cover).chain([large]).collect(), ..placement() });
    assert!(page.len() < 60_000, "{}", page.len());
    let all = rectangles(&page);
    assert_eq!(all.len(), 3 + 256);
    assert_eq!(all[2].0, "picture", "the largest are drawn");
    assert!(page.contains("100000 areas are made of blocks") && page.contains("Only the 256 largest areas are drawn."));
}

#[test]
fn the_whole_frame_and_odd_parts_are_said_as_they_are() {
    let whole = Placement { part: placement().original, covered: Vec::new(), ..placement() };
    let page = drawn(whole);
    assert!(page.contains("The picture shows the whole frame of 1920 × 1080 pixels."), "{page}");
    assert!(!page.contains("outside the published part"));
    let odd = Placement { part: area(0.5, 0.0, 100.25, 0.25), ..placement() };
    assert!(drawn(odd).contains("about 100 × 1 pixels of the original, 1 from the left and 0 from the top: less than 0.1 %"));
}
