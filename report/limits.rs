//! What a report does not say: checks that were not made, what stays hidden, what no proof shows.

use crate::words::holds;
use zkimg_pipeline::edits::placement::Covering;
use zkimg_pipeline::{Checked, ExifField, Placement, Report, Verdict};

/// Whatever the verdict and whoever signed: what nobody should read into it.
const NOT_PROVED: [&str; 4] = [
    "That the edits are fair: a crop can mislead, and the proof only says that it was a crop.",
    "Who edited, where a name is only claimed; and when anything was edited.",
    "Anything that is said about the picture elsewhere: captions, places, dates.",
    "Anything against a quantum computer.",
];

/// Where fields of EXIF are shown.
const EXIF: [&str; 1] =
    ["That what is shown of the EXIF data is true: it is what stood in the photo's file, as a clock or a person had set it."];

/// All that nobody should read into a report.
pub fn not_proved(report: &Report) -> Vec<&'static str> {
    let shown = if report.shown.is_empty() { &[][..] } else { &EXIF };
    [&report.source.not_proved()[..], shown, &NOT_PROVED].concat()
}

/// The checks of a picture, in their order.
fn checks(report: &Report) -> [Checked; 7] {
    let signer = if report.source.is_notary() { Checked::Notary } else { Checked::Device };
    [Checked::Signature, signer, Checked::Original, Checked::Picture, Checked::Colours, Checked::Makers, Checked::Edits]
}

/// Checks that were not made, and why.
pub(crate) fn not_checked(report: &Report) -> Vec<(Checked, &'static str)> {
    let made = |check: &Checked| report.findings.iter().any(|finding| finding.checked() == *check);
    let why = |check| match (report.verdict, check) {
        (Verdict::Trusted | Verdict::Untrusted, Checked::Makers) => "no maker names a key, so there is no signature of theirs to check",
        (Verdict::Trusted | Verdict::Untrusted, Checked::Colours) => "no picture is shown yet",
        (Verdict::Unchecked, _) if report.source.is_notary() => "not looked at, as the notary is not one you trust",
        (Verdict::Unchecked, _) => "not looked at, as the camera is not one you trust",
        _ => "not looked at, as a check before it failed",
    };
    checks(report).into_iter().filter(|check| !made(check)).map(|check| (check, why(check))).collect()
}

/// What of the original nobody learns from the picture and its proof.
pub(crate) fn hidden(report: &Report) -> Vec<&'static str> {
    let Some(placement) = report.placement.as_ref().filter(|_| holds(report)) else { return Vec::new() };
    let covered = |with| placement.covered.iter().any(|cover| cover.with == with);
    let dated = report.shown.iter().any(|field| field.field == ExifField::DateTimeOriginal.name());
    let edited = report.links.iter().any(|link| !link.edits.is_empty());
    [
        (report.hidden, "The whole picture: it was handed on hidden."),
        (!report.hidden && placement.part != placement.original, "What the original shows outside the published part."),
        (covered(Covering::Colour), "What was under the areas that are covered with a colour."),
        (covered(Covering::Blocks), "What was in the areas that are made of blocks, but for the mean of each block."),
        (!report.hidden && edited, "The original's own pixels, as they were before the edits."),
        (report.links.len() > 1, "Every picture in between, as one person handed it to the next."),
        (report.captured.is_none() && !dated, "When the photo was taken."),
        (report.shown.is_empty(), "The photo's EXIF data: place, device, lens, settings."),
        (!report.shown.is_empty(), "The rest of the photo's EXIF data, and which fields it has."),
    ]
    .into_iter()
    .filter_map(|(hidden, what)| hidden.then_some(what))
    .collect()
}

/// Where the published part lay, in words.
pub(crate) fn placed(report: &Report, placement: &Placement) -> String {
    let (from, part) = (&report.original, &placement.part);
    let picture = if report.hidden { "The hidden picture shows" } else { "The picture shows" };
    let whole = format!("the whole frame of {} × {} pixels", from.width, from.height);
    if *part == placement.original {
        return format!("{picture} {whole}.");
    }
    let exact = [part.x, part.y, part.width, part.height].iter().all(|side| side.fract() == 0.0);
    let [width, height] = [part.width, part.height].map(|side| side.round().max(1.0));
    let [x, y] = [part.x, part.y].map(f64::round);
    let share = crate::words::percent(placement.share());
    let about = if exact { "" } else { "about " };
    format!("{picture} {about}{width} × {height} pixels of the original, {x} from the left and {y} from the top: {share} of {whole}.")
}
