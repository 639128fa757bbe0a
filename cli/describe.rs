//! Words for values.

use zkimg_pipeline::{Dims, Edits, LinkReport, Signer, Size};
use zkimg_report::{Standing, quoted};

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

/// Edits in words, one a line.
pub(crate) fn numbered(edits: &[String]) -> String {
    let line = |(i, words): (usize, &String)| format!("    {}. {words}", i + 1);
    edits.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The edits that were made, below what was written; nothing if there are none.
pub(crate) fn made_by(edits: &Edits) -> String {
    let words = edits.words();
    if words.is_empty() { String::new() } else { format!("\nEdits:\n{}", numbered(&words)) }
}

/// What a model read of a picture, and by which edits.
pub(crate) fn read_by(indent: &str, from: Size, to: Size, edits: &[String]) -> String {
    if edits.is_empty() {
        return format!("{indent}the model read all {} × {} pixels as they are\n", from.width, from.height);
    }
    let became = format!("{} × {} pixels became the {} × {} that the model read by", from.width, from.height, to.width, to.height);
    format!("{indent}{became}\n{}\n", numbered(edits))
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
        text + &numbered(&link.words)
    };
    links.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// Who made a link. What was checked comes first and the claim last and quoted, so that no name can pass for a verdict.
fn maker(link: &LinkReport, own: bool) -> String {
    let standing = match (Standing::of(link), own) {
        (Standing::Signed(key), true) => format!("signed with the key {key}"),
        (standing, _) => standing.to_string(),
    };
    link.name.as_ref().map_or_else(|| format!("{standing}, no name"), |name| format!("{standing}: {}", quoted(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            words: Vec::new(),
            output: size,
            hidden: true,
        };
        let text = links(&[link]);
        assert_eq!(text, "  1. only claimed, not signed: \"Eve\\\" confirmed by the key desk.pub: \\\"Desk\"\n");
    }
}
