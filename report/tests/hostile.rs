//! Names, notes, labels and file names of strangers: whatever they hold, the page has the same form and says the same about them.

mod support;

use support::{about, report, skeleton};
use zkimg_pipeline::{Report, Signer, Verdict};
use zkimg_report::{About, File, document, fragment};

const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style><h1>VERIFIED</h1>",
    "--><!--",
    "&lt;b&gt; &amp; &#60;",
    "]]></svg><svg onload=alert(1)>",
    "\u{202e}gpj.exe\u{202c}",
    "a\u{2066}b\u{2069}c\u{200b}\u{feff}\u{0}\u{1b}[31m",
    "שלום (1) 123",
    "two\nlines\r\n\tand tabs",
    "{{7*7}} ${7*7} javascript:alert(1)",
];

/// Every text that is not ours, replaced.
fn told(text: &str) -> (Report, About) {
    let (mut report, mut about) = (report(Verdict::Trusted), about());
    for link in &mut report.links {
        link.name = Some(text.into());
        link.note = Some(text.into());
        link.signer = link.signer.take().map(|signer| Signer { known_as: Some(text.into()), ..signer });
        link.confirmed = link.signer.is_some();
    }
    about.picture = Some(File { name: text.into(), ..about.picture.expect("a picture") });
    about.proof = Some(File { name: text.into(), ..about.proof.expect("a proof") });
    about.vouchers = vec![text.into(), text.into()];
    (report, about)
}

#[test]
fn no_text_changes_the_form_of_the_page() {
    let (harmless, about) = told("Anna");
    let form = skeleton(&document(&harmless, &about));
    let long = "𝕬<".repeat(20_000);
    for text in HOSTILE.into_iter().chain([long.as_str(), ""]) {
        let (report, about) = told(text);
        let page = document(&report, &about);
        assert_eq!(skeleton(&page), form, "{text:?}");
        assert_eq!(skeleton(&fragment(&report, &about)), skeleton(&fragment(&harmless, &about)), "{text:?}");
    }
}

#[test]
fn hidden_characters_are_written_out_and_every_text_is_isolated() {
    let (report, about) = told("a\u{202e}b\u{2066}c\u{7}d");
    let page = document(&report, &about);
    assert!(
        page.chars()
            .all(|c| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)))
    );
    let shown = r"a\u{202e}b\u{2066}c\u{7}d";
    // The picture's name twice, the proof's, two vouchers; of each link name, note, and the reader's name for a key.
    let places = page.matches(&shown[..6]).count();
    assert_eq!(places, 5 + 2 * 2 + 1, "{page}");
    let isolated =
        page.split("<bdi>").skip(1).filter(|rest| rest.split("</bdi>").next().is_some_and(|text| text.contains(r"\u{202e}"))).count();
    assert_eq!(isolated, 5 + 2 * 2 + 1, "every one of them is kept apart from the words around it");
}

/// What a reader sees of a name is the name.
#[test]
fn texts_come_out_as_they_went_in() {
    for text in ["<script>alert(1)</script>", "Tom & \"Jerry\" <tom@example.org>", "می\u{200c}خواهم"] {
        let (report, about) = told(text);
        let page = fragment(&report, &about);
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        assert!(page.contains(&format!("<bdi>{escaped}</bdi>")), "{page}");
    }
}

/// Whatever a browser could load, run or send is absent, and forbidden besides.
#[test]
fn the_page_needs_nothing_and_asks_for_nothing() {
    let (report, about) = told("Anna");
    let page = document(&report, &about);
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">";
    let head = page.find(policy).expect("a policy");
    assert!(page.find("<style>").is_some_and(|style| head < style), "it stands before all that it is about");
    for foreign in [
        "<script",
        "src=",
        "href=",
        "url(",
        "@import",
        "<link",
        "<iframe",
        "<object",
        "<form",
        "javascript:",
        " on",
        "http:",
        "https:",
        "style=",
    ] {
        let attribute = |tag: &str| tag.split('>').next().unwrap_or_default().contains(foreign);
        let found = if foreign == " on" { page.split('<').skip(1).any(attribute) } else { page.contains(foreign) };
        assert!(!found, "{foreign}");
    }
}
