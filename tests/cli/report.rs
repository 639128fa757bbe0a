//! `zkimg verify --report`: the verdict as a page.

use crate::Desk;
use sha2::{Digest, Sha256};
use zkimg_pipeline::{Picture, encode_png};

const REPORT: [&str; 6] = ["verify", "edited.png", "--trust", "camera.pub", "--report", "out.html"];

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The page that a run of the program wrote; it must name these files by their digests.
#[track_caller]
fn page(desk: &Desk, files: &[&str]) -> String {
    let page = String::from_utf8(desk.read("out.html")).expect("UTF-8");
    assert!(page.starts_with("<!DOCTYPE html>\n") && page.ends_with("</html>\n"), "{page}");
    for file in files {
        assert!(page.contains(&sha256(&desk.read(file))), "{file}: {page}");
    }
    page
}

#[test]
fn a_page_says_what_the_lines_say() {
    let desk = Desk::ready();
    let run = desk.zkimg(&REPORT).ends(0);
    assert!(run.out.ends_with("Wrote out.html, the same as a page.\n"), "{}", run.out);
    let page = page(&desk, &["edited.png", "edited.zkimg"]);
    for said in [
        "<h1>VERIFIED</h1>",
        "<bdi>edited.png</bdi>",
        "<bdi>&quot;camera.pub&quot;</bdi>",
        "class=\"part\"",
        "<li>cropped to 40 × 24 at 4, 2</li>",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let json = desk.zkimg(&[&REPORT[..], &["--force", "--json"]].concat()).ends(0).json();
    assert_eq!((&json["report"], &json["verdict"]), (&"out.html".into(), &"trusted".into()));
}

#[test]
fn pictures_that_fail_have_a_page_too() {
    let desk = Desk::ready();
    let edited = Picture::decode(&desk.read("edited.png")).expect("a picture");
    let (dims, mut cells) = (*edited.dims(), edited.into_cells());
    cells[0] ^= 1;
    let tampered = encode_png(&Picture::new(dims, cells).expect("a picture"));
    // A name that would be markup.
    desk.write("<b>'&.png", &tampered);
    desk.zkimg(&["verify", "<b>'&.png", "edited.zkimg", "--trust", "camera.pub", "--report", "out.html"]).ends(1);
    let invalid = page(&desk, &["<b>'&.png", "edited.zkimg"]);
    assert!(invalid.contains("<h1>NOT VALID</h1>") && invalid.contains("<bdi>&lt;b&gt;&#39;&amp;.png</bdi>"), "{invalid}");
    assert!(invalid.contains("the picture has other pixels") && !invalid.contains("cropped to"), "{invalid}");

    // Nothing of a stranger's files is looked at, and their digests are known all the same; so is that of a picture of another size.
    desk.zkimg(&["keygen", "--out", "other.key"]).ends(0);
    desk.zkimg(&["verify", "edited.png", "--trust", "other.pub", "--report", "out.html", "--force"]).ends(5);
    let stranger = page(&desk, &["edited.png", "edited.zkimg"]);
    assert!(stranger.contains("<h1>NOT TRUSTED</h1>") && !stranger.contains("<svg"), "{stranger}");
    let large = encode_png(&crate::picture(900, 700, 1));
    assert!(large.len() > 1 << 20, "more than is read of it otherwise: {}", large.len());
    desk.write("large.png", &large);
    desk.zkimg(&["verify", "large.png", "edited.zkimg", "--trust", "camera.pub", "--report", "out.html", "--force"]).ends(1);
    assert!(page(&desk, &["large.png", "edited.zkimg"]).contains("the picture is 900×700"));
}

#[test]
fn a_page_replaces_nothing_by_accident() {
    let desk = Desk::ready();
    desk.write("out.html", "mine");
    desk.refuses(&REPORT, 6, "--force");
    desk.refuses(&["verify", "edited.png", "--report", "edited.png", "--force"], 2, "ends in .html");
    desk.refuses(&["verify", "edited.png", "--report", "no/such/folder.html"], 4, "folder");
    desk.refuses(&["verify", "edited.png", "--force"], 2, "--report");
    // A file that is read is not written, whatever it is called.
    std::fs::copy(desk.at("camera.pub"), desk.at("camera.html")).expect("a copy");
    desk.refuses(&["verify", "edited.png", "--trust", "camera.html", "--report", "camera.html", "--force"], 2, "made from");
    // No page of what cannot be read at all.
    desk.write("broken.zkimg", "zkimgprf");
    desk.refuses(&["verify", "edited.png", "broken.zkimg", "--report", "new.html"], 3, "cut short");
    assert!(!desk.at("new.html").exists());
}
