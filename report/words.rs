//! The words that reports have in common, on a page and on a terminal.

use std::fmt::{Display, Formatter};
use zkimg_pipeline::{FieldStanding, LinkReport, Report, ShownField, Signer, SourceReport, Verdict, text};

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A verdict in words, around the name of what is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdicts {
    /// In capitals.
    pub title: &'static str,
    /// What stands before the name.
    pub before: &'static str,
    /// What stands behind it.
    pub after: &'static str,
}

impl Verdicts {
    /// The verdict of a report on a picture.
    pub fn of(report: &Report) -> Verdicts {
        let notary = report.source.is_notary();
        let (title, before, after) = match (report.verdict, notary) {
            (Verdict::Trusted, false) if report.hidden => ("VERIFIED", "", " hands on a hidden picture from a camera you trust."),
            (Verdict::Trusted, false) => ("VERIFIED", "", " is an edited picture from a camera you trust."),
            (Verdict::Trusted, true) if report.hidden => ("VERIFIED", "", " hands on a hidden picture that a notary you trust has seen."),
            (Verdict::Trusted, true) => ("VERIFIED", "", " is an edited picture, and a notary you trust has seen the original."),
            (Verdict::Untrusted, false) => ("VALID, BUT NOT TRUSTED", "the proof of ", " holds, but its camera is not one you trust."),
            (Verdict::Untrusted, true) => ("VALID, BUT NOT TRUSTED", "the proof of ", " holds, but its notary is not one you trust."),
            (Verdict::Unchecked, false) => ("NOT TRUSTED", "the camera of ", " is not one you trust, so nothing else was checked."),
            (Verdict::Unchecked, true) => ("NOT TRUSTED", "the notary of ", " is not one you trust, so nothing else was checked."),
            _ => ("NOT VALID", "do not take ", " for what it claims to be."),
        };
        Verdicts { title, before, after }
    }
}

/// What a notary says they saw, a sentence each; nothing of a camera's capture.
pub fn testimony(source: &SourceReport) -> Vec<String> {
    source.testimony(utc, quoted)
}

/// What is shown of a photo's EXIF data, a line for each thing that stands behind it: `Taken: "…" · Model: "…"  (signed by the camera)`.
pub fn exif(shown: &[ShownField]) -> Vec<String> {
    by_standing(shown)
        .into_iter()
        .map(|(standing, fields)| {
            let fields: Vec<_> = fields.iter().map(|field| format!("{}: {}", field.title, quoted(&field.value))).collect();
            format!("{}  ({standing})", fields.join(" · "))
        })
        .collect()
}

/// The same fields, together with what stands behind them.
pub(crate) fn by_standing(shown: &[ShownField]) -> Vec<(FieldStanding, Vec<&ShownField>)> {
    let mut all: Vec<(FieldStanding, Vec<&ShownField>)> = Vec::new();
    for field in shown {
        match all.iter_mut().find(|(standing, _)| *standing == field.standing) {
            Some((_, fields)) => fields.push(field),
            None => all.push((field.standing, vec![field])),
        }
    }
    all
}

/// Whether the verdict lets a reader take what a file says for proved.
pub(crate) fn holds(report: &Report) -> bool {
    matches!(report.verdict, Verdict::Trusted | Verdict::Untrusted)
}

/// How it is known who made a link. What was checked is said before the name, so that no name can pass for a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Signed with a key that the reader knows, by the reader's name for it.
    Confirmed(&'a str),
    /// Signed with a key that the reader does not know.
    Signed(&'a str),
    /// Not signed, and there is a name.
    Claimed,
    /// Not signed, and there is none.
    Nameless,
}

impl<'a> Standing<'a> {
    /// That of a link's maker.
    pub fn of(link: &'a LinkReport) -> Standing<'a> {
        match &link.signer {
            Some(Signer { known_as: Some(label), .. }) if link.confirmed => Standing::Confirmed(label),
            Some(signer) => Standing::Signed(&signer.key),
            None if link.name.is_some() => Standing::Claimed,
            None => Standing::Nameless,
        }
    }
}

impl Display for Standing<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Standing::Confirmed(label) => write!(f, "confirmed by the key {}", quoted(label)),
            Standing::Signed(key) => write!(f, "only claimed, signed with a key nobody vouches for here ({key})"),
            Standing::Claimed => f.write_str("only claimed, not signed"),
            Standing::Nameless => f.write_str("not signed"),
        }
    }
}

/// A stranger's text in quotation marks, in its own script and on one line, with its own quotation marks told apart.
pub fn quoted(claim: &str) -> String {
    format!("\"{}\"", text::shown(&claim.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// `14.8 %`; 100 % is all of it.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        all if all >= 100.0 => "100 %".into(),
        most if most >= 99.95 => "99.9 %".into(),
        least if least < 0.1 => "less than 0.1 %".into(),
        some => format!("{some:.1} %"),
    }
}

/// Unix seconds as `2025-06-14 17:42:08 UTC`.
pub fn utc(time: u64) -> String {
    let (days, seconds) = (time / 86_400, time % 86_400);
    // Days from civil, backwards (H. Hinnant, "chrono-compatible low-level date algorithms"): years begin in March.
    let shifted = days.saturating_add(719_468);
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + carry;
    format!("{year:04}-{month:02}-{date:02} {:02}:{:02}:{:02} UTC", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_749_922_928), "2025-06-14 17:42:08 UTC");
        assert_eq!(utc(4_102_444_799), "2099-12-31 23:59:59 UTC");
        assert!(utc(u64::MAX).ends_with("UTC"), "any signed number has words");
    }

    #[test]
    fn names_keep_their_script_and_their_line() {
        assert_eq!(quoted("می\u{200c}خواهم 👩\u{200d}💻"), "\"می\u{200c}خواهم 👩\u{200d}💻\"");
        assert_eq!(quoted("a\\n\n\u{202e}b"), "\"a\\\\n\\n\\u{202e}b\"");
    }

    #[test]
    fn only_the_whole_is_a_hundred_percent() {
        assert_eq!([1.0, 0.9999, 0.148, 0.0004].map(percent), ["100 %", "99.9 %", "14.8 %", "less than 0.1 %"]);
    }
}
