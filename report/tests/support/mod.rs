//! Reports that were never made by a verifier, and a reader of markup.
#![allow(dead_code, reason = "each test file uses its part")]

use zkimg_pipeline::edits::placement::{Area, Cover, Covering, Side};
use zkimg_pipeline::{
    Algorithm, ColoursShown, EditsMade, Facts, Finding, KeyTrust, LinkReport, PictureFault, PictureShown, Placement, ProfileId,
    ProfileReport, ProofForm, Report, Signed, Signer, Size, SourceKind, SourceReport, State, Verdict,
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
    let signed = Finding::Signature(Ok(Signed { size: ORIGINAL, notary: false }));
    let findings = match verdict {
        Verdict::Trusted | Verdict::Untrusted => {
            let trust = if verdict == Verdict::Trusted { KeyTrust::Trusted } else { KeyTrust::Unjudged };
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
        Verdict::Unchecked => vec![signed, Finding::Device(KeyTrust::Unknown)],
        _ => vec![signed, Finding::Device(KeyTrust::Trusted), Finding::Original(true), Finding::Picture(Err(PictureFault::OtherPixels))],
    };
    let read = verdict != Verdict::Unchecked;
    Report {
        verdict,
        findings,
        device: Some("ab".repeat(32)),
        source: SourceReport { key: "ab".repeat(32), decoder: Some("png 0.18.1".into()), kind: SourceKind::Device },
        capture: "ef".repeat(32),
        captured: Some(1_790_000_000),
        shown: Vec::new(),
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

/// What a notary says of a photo whose Content Credentials a camera's maker signed.
pub(crate) fn facts() -> Facts {
    Facts {
        library: "c2pa 0.90.22".into(),
        state: State::Trusted,
        accepted: Vec::new(),
        anchors: [0xaa; 32],
        checked: 1_790_000_000,
        signer: Some("Maker of things".into()),
        algorithm: Algorithm::Ps256,
        source_type: Some("digitalCapture".into()),
        action: Some("c2pa.created".into()),
        more_actions: false,
        ingredients: false,
        only_manifest: true,
    }
}

/// The same report of a notary's capture.
pub(crate) fn report_of_notary(verdict: Verdict, facts: Option<Facts>) -> Report {
    let Report { findings, source, .. } = report(verdict);
    let kind = facts.map_or(SourceKind::Notary, |facts| SourceKind::NotaryOfCredentials(Box::new(facts)));
    let of_notary = |finding| match finding {
        Finding::Signature(Ok(signed)) => Finding::Signature(Ok(Signed { notary: true, ..signed })),
        Finding::Device(trust) => Finding::Notary(trust),
        other => other,
    };
    let findings = findings.into_iter().map(of_notary).collect();
    Report { findings, device: None, source: SourceReport { kind, ..source }, ..report(verdict) }
}

pub(crate) fn about() -> About {
    let file = |name: &str, digit: &str| File { name: name.into(), sha256: digit.repeat(64) };
    About {
        picture: Some(file("edited.png", "1")),
        proof: Some(file("edited.zkimg", "2")),
        vouchers: vec!["camera.pub".into()],
        store: false,
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
