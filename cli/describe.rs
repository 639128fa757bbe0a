//! Words for values, and what `zkimg inspect` says of all files alike.

use crate::outcome::{Code, Failure, Outcome};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::path::Path;
use zkimg_files::hex;
use zkimg_pipeline::{Dims, Disclosed, Edits, LinkReport, ProfileReport, SignedCapture, Signer, Size, SourceReport};
use zkimg_report::{Standing, quoted, testimony, utc};

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

/// By what edits pictures became what was read of them, for a first line: the kinds, each once. An overlay among them is for everybody to see.
pub(crate) fn after<'a>(edits: impl Iterator<Item = &'a Value>) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for kind in edits.filter_map(|edit| edit.get("op")?.as_str()) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() { String::new() } else { format!(", after {}", kinds.join(", ")) }
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

/// A file that cannot be read.
pub(crate) fn refused(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::at(Code::Unsupported, path, error)
}

/// The file's kind, what it is, and what it says.
pub(crate) fn finish(kind: &str, title: &str, text: String, mut fields: Map<String, Value>) -> Result<Outcome, Failure> {
    fields.insert("kind".into(), kind.into());
    Ok(Outcome::new(Code::Ok, format!("{title}\n{text}"), Value::Object(fields)))
}

/// The end of every file about what a model makes of a picture: lengths, and the edits before it.
pub(crate) fn rest(text: &mut String, fields: &mut Map<String, Value>, edits: &Edits, [file, commitments, argument]: [usize; 3]) {
    lengths(text, fields, [file, commitments, argument]);
    edited(text, fields, edits);
    text.push_str(UNCHECKED);
}

/// What an inspected file's proof is worth.
pub(crate) const UNCHECKED: &str = "The proof was not checked; `zkimg verify` does that.\n";

/// Lengths of a file, of the commitments in it, and of its argument.
pub(crate) fn lengths(text: &mut String, fields: &mut Map<String, Value>, [file, commitments, argument]: [usize; 3]) {
    let _ = writeln!(text, "  bytes      {file} in all: {commitments} for the photo's commitments, {argument} for the proof");
    fields.insert("bytes".into(), json!({"file": file, "commitments": commitments, "argument": argument}));
}

/// The edits before what a model read.
pub(crate) fn edited(text: &mut String, fields: &mut Map<String, Value>, edits: &Edits) {
    let words = edits.words();
    let _ = writeln!(text, "  edits\n{}", numbered(&words));
    fields.insert("read".into(), json!(Size::from(edits.output())));
    fields.insert("edits".into(), json!(edits.values()));
    fields.insert("words".into(), json!(words));
}

/// The lines that every file with a capture has.
pub(crate) fn about(capture: &SignedCapture) -> (String, Map<String, Value>) {
    let (statement, dims) = (&capture.statement, capture.statement.dims());
    let source = SourceReport::of(capture);
    let time = match statement.time() {
        Disclosed::Shown(time) => Some(*time),
        Disclosed::Hidden(_) => None,
    };
    let profile = ProfileReport::of(statement.profile(), None);
    let signature = capture.verify_signature();
    let mut text = String::new();
    let _ = writeln!(text, "  {:10} {}", source.role().name, source.key);
    let _ = writeln!(text, "  signed     {}", time.map_or_else(|| "at a hidden time".into(), utc));
    let _ = writeln!(text, "  original   {}", size(dims));
    let _ = writeln!(text, "  colours    {profile}");
    let _ = match &signature {
        Ok(()) if source.is_notary() => writeln!(text, "  signature  holds (trust it if you know who this notary is)"),
        Ok(()) => writeln!(text, "  signature  holds (trust it if you know whose camera this is)"),
        Err(error) => writeln!(text, "  signature  DOES NOT HOLD: {error}"),
    };
    if let Some(decoder) = &source.decoder {
        let _ = writeln!(text, "  decoder    {decoder}");
    }
    for sentence in testimony(&source) {
        let _ = writeln!(text, "  {sentence}");
    }
    let fields = json!({
        "device": (!source.is_notary()).then_some(&source.key), "source": source, "captured": time, "signature_holds": signature.is_ok(), "root": hex(statement.root()), "profile": profile,
        "original": Size::from(*dims),
    });
    (text, fields.as_object().cloned().unwrap_or_default())
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
