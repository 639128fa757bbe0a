//! Every finding has its name, its verdict and its sentence; programs read all three, so none of them changes.

use serde_json::json;
use zkimg_pipeline::{
    BadLink, CaptureError, Checked, ColoursFault, ColoursShown, EditsFault, EditsMade, Finding, KeyTrust, LinkFault, Look, MakerError,
    PictureFault, PictureShown, ProfileId, ProfileReport, ProofForm, Signed, Size,
};
use zkimg_proof::relation::BadRelation;
use zkimg_proof::verify::Reject;

const COLOUR: Size = Size { width: 640, height: 480, channels: 3 };
const GREY: Size = Size { channels: 1, ..COLOUR };
const ASK: &str = "ask whoever published it for the file that belongs to the proof";

fn profile(id: ProfileId, name: Option<&str>) -> ProfileReport {
    ProfileReport { id, name: name.map(str::to_owned) }
}

/// Each finding, the name of its check, and its sentence.
fn findings() -> Vec<(Finding, &'static str, String)> {
    let icc = || profile(ProfileId::Icc([0xab; 32]), None);
    let told = || profile(ProfileId::Icc([0xab; 32]), Some("Display \"P3\""));
    let digest = "ab".repeat(32);
    let made = |edits, links, hidden| Finding::Edits(Ok(EditsMade { edits, links, hidden, form: ProofForm::List }));
    let changed = "as many sites do, or the proof belongs to another picture";
    let picture = |shown| Finding::Picture(Ok(shown));
    let no_picture = |fault| Finding::Picture(Err(fault));
    vec![
        (
            Finding::Signature(Ok(Signed { size: COLOUR, notary: false })),
            "signature",
            "a device signed the capture of a 640×480 colour picture".into(),
        ),
        (
            Finding::Signature(Ok(Signed { size: COLOUR, notary: true })),
            "signature",
            "a notary, and no device, signed that they had a 640×480 colour picture".into(),
        ),
        (Finding::Notary(KeyTrust::Trusted), "notary", "the key that signed is one of the trusted notaries'".into()),
        (
            Finding::Notary(KeyTrust::Unknown),
            "notary",
            "the key that signed is not one of the trusted notaries', so nothing else was checked".into(),
        ),
        (
            Finding::Notary(KeyTrust::Unjudged),
            "notary",
            "no trusted notary was named; trust the key that signed only if you know whose it is".into(),
        ),
        (Finding::Signature(Err(CaptureError::Signature)), "signature", CaptureError::Signature.to_string()),
        (Finding::Device(KeyTrust::Trusted), "device", "the key that signed is one of the trusted devices".into()),
        (
            Finding::Device(KeyTrust::Unknown),
            "device",
            "the key that signed is not one of the trusted devices, so nothing else was checked".into(),
        ),
        (
            Finding::Device(KeyTrust::Unjudged),
            "device",
            "no trusted camera was named; trust the key that signed only if you know whose it is".into(),
        ),
        (
            Finding::Notary(KeyTrust::OtherKind),
            "notary",
            "the key signed as a notary's and was given as another kind, where it does not count, so nothing else was checked; if you trust this \
             notary, give their key as a notary's"
                .into(),
        ),
        (
            Finding::Device(KeyTrust::OtherKind),
            "device",
            "the key signed as a camera's and was given as a notary's, where it does not count, so nothing else was checked; if you trust this \
             camera, give its key as a camera's"
                .into(),
        ),
        (Finding::Shown(Ok(1)), "shown", "the field that is shown of the photo's EXIF data is as it was signed".into()),
        (Finding::Shown(Ok(2)), "shown", "the 2 fields that are shown of the photo's EXIF data are as they were signed".into()),
        (Finding::Shown(Err(CaptureError::Opening("model"))), "shown", "the value shown for model is not the one that was signed".into()),
        (Finding::Original(true), "original", "the proof starts from the picture that was signed".into()),
        (Finding::Original(false), "original", "the proof starts from another picture than the one that was signed".into()),
        (
            picture(PictureShown::Published(GREY)),
            "picture",
            "all 640×480 grey pixels of the published picture are the ones the proof speaks of".into(),
        ),
        (picture(PictureShown::Hidden(COLOUR)), "picture", "no picture is shown yet: a 640×480 colour picture is handed on hidden".into()),
        (no_picture(PictureFault::Missing), "picture", "the proof is of a published picture, which was not given".into()),
        (
            no_picture(PictureFault::StillHidden),
            "picture",
            "the proof hands its picture on hidden, so it speaks of no picture that could be shown".into(),
        ),
        (
            no_picture(PictureFault::Look(Look::Gamma)),
            "picture",
            format!("the picture's file is not as it was published: its gAMA chunk changes how bright its pixels are shown; {ASK}"),
        ),
        (
            no_picture(PictureFault::OtherProof),
            "picture",
            "the picture's file has another proof inside than the one that was given with it or lies beside it, so that it claims two things; \
             ask whoever published it which of them it is to be"
                .into(),
        ),
        (no_picture(PictureFault::JpegCopy), "picture", format!("the picture is a JPEG copy, and JPEG changes pixels: {ASK}")),
        (
            no_picture(PictureFault::OtherSize { found: (3, 4), expected: (640, 480) }),
            "picture",
            format!(
                "the picture is 3×4 and the proof speaks of one of 640×480: it was resized, cropped or turned afterwards, {changed}; {ASK}"
            ),
        ),
        (
            no_picture(PictureFault::OtherPixels),
            "picture",
            format!(
                "the picture has other pixels than the one this proof was made for: it was changed or compressed again afterwards, {changed}; {ASK}"
            ),
        ),
        (Finding::Colours(Ok(ColoursShown::Srgb)), "colours", "the picture is shown as sRGB, as the photo is".into()),
        (
            Finding::Colours(Ok(ColoursShown::Carried(told()))),
            "colours",
            format!(
                "the picture carries the photo's colour profile, an ICC profile that calls itself \"Display \\\"P3\\\"\", SHA-256 {digest}"
            ),
        ),
        (
            Finding::Colours(Ok(ColoursShown::Unfit { photo: icc(), channels: 1 })),
            "colours",
            format!(
                "the photo's colour profile (an ICC profile with the SHA-256 {digest}) does not fit a grey picture, which is shown as sRGB without it"
            ),
        ),
        (
            Finding::Colours(Ok(ColoursShown::Unfit { photo: icc(), channels: 3 })),
            "colours",
            format!(
                "the photo's colour profile (an ICC profile with the SHA-256 {digest}) does not fit this colour picture, which is shown as sRGB without it"
            ),
        ),
        (
            Finding::Colours(Err(ColoursFault::Lost(icc()))),
            "colours",
            format!(
                "the picture has lost the photo's colour profile (an ICC profile with the SHA-256 {digest}), so that its colours are shown wrong: {ASK}"
            ),
        ),
        (
            Finding::Colours(Err(ColoursFault::Exchanged { found: profile(ProfileId::Srgb, None), expected: icc() })),
            "colours",
            format!(
                "the picture carries sRGB, but the proof speaks of an ICC profile with the SHA-256 {digest}, so that its colours are shown wrong: {ASK}"
            ),
        ),
        (
            Finding::Colours(Err(ColoursFault::Exchanged { found: told(), expected: profile(ProfileId::None, None) })),
            "colours",
            format!(
                "the picture carries an ICC profile that calls itself \"Display \\\"P3\\\"\", SHA-256 {digest}, but the proof speaks of no colour profile, so that its colours are shown wrong: {ASK}"
            ),
        ),
        (Finding::Makers(Ok(())), "makers", "each maker who names a key signed their own link".into()),
        (
            Finding::Makers(Err(LinkFault { number: 2, links: 3, fault: MakerError::Signature })),
            "makers",
            format!("link 2 of 3: {}", MakerError::Signature),
        ),
        (made(0, 1, false), "edits", "no edits were made: this picture is the original".into()),
        (made(0, 2, true), "edits", "no edits were made: the hidden picture is the original".into()),
        (made(1, 1, true), "edits", "the 1 stated edit and nothing else turned the original into the hidden picture".into()),
        (made(2, 1, false), "edits", "the 2 stated edits and nothing else turned the original into this picture".into()),
        (made(1, 2, false), "edits", "the 1 stated edit, in this order, and nothing else turned the original into this picture".into()),
        (
            Finding::Edits(Err(EditsFault::Link(LinkFault { number: 1, links: 1, fault: BadLink::Edits(BadRelation::Tensors(128)) }))),
            "edits",
            BadRelation::Tensors(128).to_string(),
        ),
        (
            Finding::Edits(Err(EditsFault::Refused(LinkFault { number: 1, links: 2, fault: Reject::Equations }))),
            "edits",
            "link 1 of 2: the proof's equations do not hold".into(),
        ),
        (
            Finding::Edits(Err(EditsFault::Refused(LinkFault { number: 1, links: 1, fault: Reject::Equations }))),
            "edits",
            "the proof's equations do not hold".into(),
        ),
        (Finding::Edits(Err(EditsFault::Unfinished)), "edits", "not every link was checked".into()),
    ]
}

#[test]
fn each_finding_has_its_sentence() {
    for (finding, _, sentence) in findings() {
        assert_eq!(finding.to_string(), sentence);
        assert!(!sentence.contains("--"), "a word of the command line: {sentence}");
    }
}

#[test]
fn programs_read_a_name_a_sentence_and_whether_it_holds() {
    for (finding, name, sentence) in findings() {
        let passed = match &finding {
            Finding::Device(trust) | Finding::Notary(trust) => *trust == KeyTrust::Trusted,
            Finding::Original(same) => *same,
            other => format!("{other:?}").contains("(Ok("),
        };
        assert_eq!(json!(finding), json!({"name": name, "detail": sentence, "passed": passed}));
    }
}

#[test]
fn each_check_has_another_name() {
    let all = [Checked::Signature, Checked::Device, Checked::Original, Checked::Picture, Checked::Colours, Checked::Makers, Checked::Edits];
    assert_eq!(all.map(Checked::name), ["signature", "device", "original", "picture", "colours", "makers", "edits"]);
}

#[test]
fn a_profile_is_told_by_kind_digest_and_name() {
    let told = |id, name| json!(profile(id, name));
    assert_eq!(told(ProfileId::None, None), json!({"kind": "none", "sha256": null, "name": null}));
    assert_eq!(told(ProfileId::Srgb, None), json!({"kind": "srgb", "sha256": null, "name": null}));
    assert_eq!(told(ProfileId::Icc([7; 32]), Some("x")), json!({"kind": "icc", "sha256": "07".repeat(32), "name": "x"}));
}
