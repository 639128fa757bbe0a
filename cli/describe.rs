//! Words for values.

use serde_json::Value;
use zkimg_pipeline::{Dims, LinkReport, Signer, text};

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `640 × 480 pixels, colour`.
pub(crate) fn size(dims: &Dims) -> String {
    format!("{} × {} pixels, {}", dims.width, dims.height, if dims.channels == 1 { "grey" } else { "colour" })
}

/// Whose key vouches for something; what was checked comes first, so that no name can pass for a verdict.
pub(crate) fn vouched(signer: Option<&Signer>) -> String {
    match signer {
        None => "not signed".into(),
        Some(Signer { known_as: Some(label), .. }) => format!("signed with the key {}", quoted(label)),
        Some(Signer { key, known_as: None }) => format!("signed with a key nobody vouches for here ({key})"),
    }
}

/// Edits, one a line.
pub(crate) fn numbered(edits: &[Value]) -> String {
    let line = |(i, edit): (usize, &Value)| format!("    {}. {}", i + 1, words(edit));
    edits.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// Who did what, link after link.
pub(crate) fn links(links: &[LinkReport]) -> String {
    told(links, None)
}

/// The same for whoever just made the last link, and knows whose key signed it.
pub(crate) fn links_of_maker(links: &[LinkReport]) -> String {
    told(links, links.len().checked_sub(1))
}

/// A picture of one link by nobody in particular is just its edits.
fn told(links: &[LinkReport], own: Option<usize>) -> String {
    let line = |(at, link): (usize, &LinkReport)| {
        let mut text = match links {
            [one] if one.name.is_none() && one.note.is_none() && one.signer.is_none() => String::new(),
            _ => format!("  {}. {}\n", link.number, maker(link, own == Some(at))),
        };
        if let Some(note) = &link.note {
            text.push_str(&format!("     note: {}\n", quoted(note)));
        }
        text + &numbered(&link.edits)
    };
    links.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// Who made a link. What was checked comes first and the claim last and quoted, so that no name can pass for a verdict.
fn maker(link: &LinkReport, own: bool) -> String {
    let signed = match &link.signer {
        Some(signer) => match &signer.known_as {
            Some(label) if link.confirmed => format!("confirmed by the key {}", quoted(label)),
            _ if own => format!("signed with the key {}", signer.key),
            _ => format!("only claimed, signed with a key nobody vouches for here ({})", signer.key),
        },
        None if link.name.is_some() => "only claimed, not signed".into(),
        None => "not signed".into(),
    };
    link.name.as_ref().map_or_else(|| format!("{signed}, no name"), |name| format!("{signed}: {}", quoted(name)))
}

/// A stranger's text in quotation marks, in its own script and on one line, with its own quotation marks told apart.
fn quoted(claim: &str) -> String {
    format!("\"{}\"", text::shown(&claim.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// `contrast, factor 1.15`.
fn words(edit: &Value) -> String {
    let Some(edit) = edit.as_object() else { return value(edit) };
    let name = edit.get("op").map(value).unwrap_or_default();
    let parameters = edit.iter().filter(|(key, _)| *key != "op").map(|(key, v)| format!(", {key} {}", value(v)));
    std::iter::once(name).chain(parameters).collect()
}

/// A parameter, short enough for a line.
fn value(value: &Value) -> String {
    let text = match value {
        Value::String(text) => decimal(text).unwrap_or_else(|| text.clone()),
        // An overlay: its size tells what it covers.
        Value::Object(image) if image.contains_key("rgba") => {
            let side = |name| image.get(name).map(Value::to_string).unwrap_or_default();
            format!("{} × {}", side("width"), side("height"))
        }
        Value::Array(items) if items.len() > 16 => format!("({} values)", items.len()),
        other => other.to_string(),
    };
    if text.chars().count() > 120 { format!("({} characters)", text.chars().count()) } else { text }
}

/// `75366/65536` as `1.15`: four decimals tell the numbers of recipes apart well enough for a person.
fn decimal(fraction: &str) -> Option<String> {
    let (numerator, denominator) = fraction.split_once('/')?;
    let (numerator, denominator) = (numerator.parse::<f64>().ok()?, denominator.parse::<f64>().ok()?);
    let text = format!("{:.4}", numerator / denominator);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// Unix seconds as `2025-06-14 17:42:08 UTC`.
pub(crate) fn utc(time: u64) -> String {
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
    use zkimg_pipeline::Size;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_749_922_928), "2025-06-14 17:42:08 UTC");
        assert_eq!(utc(4_102_444_799), "2099-12-31 23:59:59 UTC");
        assert!(utc(u64::MAX).ends_with("UTC"), "any signed number has words");
    }

    #[test]
    fn a_name_cannot_pass_for_a_verdict() {
        let name = "Eve\" confirmed by the key desk.pub: \"Desk".to_owned();
        let size = Size { width: 1, height: 1, channels: 1 };
        let link = LinkReport {
            number: 1,
            name: Some(name),
            note: None,
            signer: None,
            confirmed: false,
            edits: Vec::new(),
            output: size,
            hidden: true,
        };
        let text = links(&[link]);
        assert_eq!(text, "  1. only claimed, not signed: \"Eve\\\" confirmed by the key desk.pub: \\\"Desk\"\n");
    }

    #[test]
    fn names_keep_their_script_and_their_line() {
        assert_eq!(quoted("می\u{200c}خواهم 👩\u{200d}💻"), "\"می\u{200c}خواهم 👩\u{200d}💻\"");
        assert_eq!(quoted("a\\n\n\u{202e}b"), "\"a\\\\n\\n\\u{202e}b\"");
    }

    #[test]
    fn edits_are_short_lines() {
        let edits = serde_json::json!([{"op": "contrast", "factor": "75366/65536"}, {"op": "curve", "values": vec![7; 256]}]);
        let edits = edits.as_array().expect("a list");
        let overlay = serde_json::json!({"op": "overlay", "image": {"width": 640, "height": 427, "rgba": "AAAA"}, "x": 3, "y": -4});
        assert_eq!(numbered(&[overlay]), "    1. overlay, image 640 × 427, x 3, y -4");
        assert_eq!(numbered(edits), "    1. contrast, factor 1.15\n    2. curve, values (256 values)");
    }
}
