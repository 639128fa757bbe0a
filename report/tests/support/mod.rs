//! Reports that were never made by a verifier, and a reader of markup.
#![allow(dead_code, reason = "each test file uses its part")]

use zkimg_pipeline::edits::placement::{Area, Cover, Covering, Side};
use zkimg_pipeline::{
    ColoursShown, DeviceTrust, EditsMade, Finding, LinkReport, PictureFault, PictureShown, Placement, ProfileId, ProfileReport, ProofForm,
    Report, Signer, Size, Verdict,
};
use zkimg_report::{About, File};

pub(crate) const ORIGINAL: Size = Size { width: 1920, height: 1080, channels: 3 };
pub(crate) const OUTPUT: Size = Size { width: 640, height: 480, channels: 3 };

pub(crate) fn area(x: f64, y: f64, width: f64, height: f64) -> Area {
    Area { x, y, width, height }
}

pub(crate) fn placement() -> Placement {
    Placement {
        original: Area::whole(1920, 1080),
        part: area(320.0, 120.0, 640.0, 480.0),
        up: Side::Top,
        mirrored: false,
        covered: vec![Cover { area: area(400.0, 200.0, 100.0, 50.0), with: Covering::Colour }],
    }
}

fn link(number: usize, signer: Option<Signer>) -> LinkReport {
    LinkReport {
        number,
        name: Some(format!("Maker {number}")),
        note: Some("a note".into()),
        confirmed: signer.as_ref().is_some_and(|signer| signer.known_as.is_some()),
        signer,
        edits: vec![serde_json::json!({"op": "grayscale"})],
        words: vec!["made grey".into()],
        output: OUTPUT,
        hidden: number == 1,
    }
}

/// A report of two links with this verdict.
pub(crate) fn report(verdict: Verdict) -> Report {
    let signed = Finding::Signature(Ok(ORIGINAL));
    let findings = match verdict {
        Verdict::Trusted | Verdict::Untrusted => {
            let trust = if verdict == Verdict::Trusted { DeviceTrust::Trusted } else { DeviceTrust::Unjudged };
            vec![
                signed,
                Finding::Device(trust),
                Finding::Original(true),
                Finding::Picture(Ok(PictureShown::Published(OUTPUT))),
                Finding::Colours(Ok(ColoursShown::Srgb)),
                Finding::Makers(Ok(())),
                Finding::Edits(Ok(EditsMade { edits: 2, links: 2, hidden: false, form: ProofForm::List })),
            ]
        }
        Verdict::Unchecked => vec![signed, Finding::Device(DeviceTrust::Unknown)],
        _ => vec![signed, Finding::Device(DeviceTrust::Trusted), Finding::Original(true), Finding::Picture(Err(PictureFault::OtherPixels))],
    };
    let read = verdict != Verdict::Unchecked;
    Report {
        verdict,
        findings,
        device: "ab".repeat(32),
        capture: "ef".repeat(32),
        captured: Some(1_790_000_000),
        original: ORIGINAL,
        published: read.then_some(OUTPUT),
        hidden: false,
        profile: ProfileReport { id: ProfileId::None, name: None },
        placement: read.then(placement),
        links: vec![link(1, None), link(2, Some(Signer { key: "cd".repeat(32), known_as: Some("desk.pub".into()) }))],
        form: Some(ProofForm::List),
        security_bits: 104,
    }
}

pub(crate) fn about() -> About {
    let file = |name: &str, digit: &str| File { name: name.into(), sha256: digit.repeat(64) };
    About {
        picture: Some(file("edited.png", "1")),
        proof: Some(file("edited.zkimg", "2")),
        vouchers: vec!["camera.pub".into()],
        checked: 1_791_000_000,
    }
}

/// The tags of a page, attributes and all, without the text between them; a `<` that does not begin a tag of ours fails.
pub(crate) fn skeleton(page: &str) -> Vec<String> {
    const KNOWN: [&str; 32] = [
        "!DOCTYPE",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "section",
        "h1",
        "h2",
        "p",
        "bdi",
        "dl",
        "dt",
        "dd",
        "br",
        "span",
        "figure",
        "svg",
        "rect",
        "path",
        "figcaption",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "footer",
        "code",
    ];
    let mut tags = Vec::new();
    for piece in page.split('<').skip(1) {
        let tag = piece.split('>').next().expect("a split has a first part");
        assert!(piece.contains('>'), "a tag ends: {piece}");
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        assert!(KNOWN.contains(&name), "<{tag}>");
        tags.push(tag.to_owned());
    }
    tags
}
