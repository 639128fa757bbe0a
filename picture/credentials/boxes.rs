//! Boxes of JUMBF (ISO/IEC 19566-5), as C2PA uses them: a box holds a description and further boxes. Walked along one path, never to a depth that
//! a file could choose.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::reader::Reader;

/// What the kinds of C2PA's boxes have in common behind their first four letters.
const KIND: &[u8; 12] = b"\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71";
/// Of a description: that it has a label.
const LABELLED: u8 = 2;

/// A box that has a description.
#[derive(Clone, Copy)]
pub(super) struct Super<'a> {
    /// The first four letters of its kind.
    pub(super) kind: [u8; 4],
    pub(super) label: &'a [u8],
    /// The boxes in it, behind the description.
    content: &'a [u8],
}

/// The boxes that stand one after the other in these bytes: type and content of each. They end where one is not well formed.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut r = Reader::new(bytes);
    std::iter::from_fn(move || {
        let length = usize::try_from(u32::from_be_bytes(r.array().ok()?)).ok()?;
        let kind = r.array().ok()?;
        Some((kind, r.take(length.checked_sub(8)?).ok()?))
    })
}

impl<'a> Super<'a> {
    /// The content of a `jumb` box.
    fn read(content: &'a [u8]) -> Option<Super<'a>> {
        let (name, description) = boxes(content).next()?;
        let mut r = Reader::new(description);
        let (kind, rest) = (r.array().ok()?, r.array().ok()?);
        let toggles = r.u8().ok()?;
        if &name != b"jumd" || rest != *KIND || toggles & LABELLED == 0 {
            return None;
        }
        // What stands behind the label, such as a salt, does not matter here.
        let label = r.rest().split(|byte| *byte == 0).next()?;
        Some(Super { kind, label, content: content.get(8 + description.len()..)? })
    }

    /// The boxes with a description that stand one after the other.
    pub(super) fn all(bytes: &'a [u8]) -> impl Iterator<Item = Super<'a>> {
        boxes(bytes).filter(|(kind, _)| kind == b"jumb").filter_map(|(_, content)| Super::read(content))
    }

    /// Those that stand in it.
    pub(super) fn children(&self) -> impl Iterator<Item = Super<'a>> + use<'a> {
        Super::all(self.content)
    }

    /// The content of the one plain box in it, if that has this type.
    pub(super) fn only(&self, kind: &[u8; 4]) -> Option<&'a [u8]> {
        let mut all = boxes(self.content);
        let (found, content) = all.next()?;
        (found == *kind && 8 + content.len() == self.content.len()).then_some(content)
    }
}
