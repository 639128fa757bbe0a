//! Reading a TIFF-framed EXIF block: which fields stand where. Nothing of a value is read or kept before it is asked for, so that a block costs no more than its
//! entries, of which the number is bounded.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::tag;
use crate::directory::{Tiff, Values};

/// The picture, its thumbnail, and a few more.
const MAX_DIRECTORIES: usize = 8;
/// Of all directories together; cameras write about a hundred.
const MAX_ENTRIES: usize = 1 << 12;

/// Which list a tag is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What TIFF itself has.
    Image,
    Exif,
    Gps,
    Interoperability,
}

/// A field's list and number.
pub(super) type Tag = (Part, u16);

/// One field.
pub(super) struct Field<'a> {
    pub(super) tag: Tag,
    /// 0 for the picture's, 1 for its thumbnail's.
    pub(super) directory: usize,
    pub(super) values: Values<'a>,
}

/// As much of a block as can be read.
pub(super) struct Block<'a> {
    pub(super) fields: Vec<Field<'a>>,
    /// Whether that is all.
    pub(super) complete: bool,
    /// Whether programs find the same in it: the first directory stands behind the head, no tag is twice in a directory, and where one is below
    /// another is said by one number of four bytes.
    pub(super) plain: bool,
}

/// The list that the directory has which this field points to.
fn below(tag: Tag) -> Option<Part> {
    match tag {
        (Part::Image, tag::EXIF_DIRECTORY) => Some(Part::Exif),
        (Part::Image, tag::GPS_DIRECTORY) => Some(Part::Gps),
        (Part::Exif, tag::INTEROPERABILITY_DIRECTORY) => Some(Part::Interoperability),
        _ => None,
    }
}

/// A walk through the directories.
struct Walk<'a> {
    tiff: Tiff<'a>,
    /// Where it has been.
    seen: Vec<u32>,
    entries: usize,
    found: Block<'a>,
}

impl<'a> Block<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Block<'a> {
        let found = Block { fields: Vec::new(), complete: true, plain: true };
        let Ok(tiff) = Tiff::read(bytes) else { return Block { complete: false, ..found } };
        // At 0 some programs find none, and others one that begins with the block's own head.
        let found = Block { plain: tiff.first >= 8, ..found };
        let mut walk = Walk { tiff, seen: Vec::new(), entries: 0, found };
        let whole = walk.all().is_some();
        Block { complete: walk.found.complete && whole, ..walk.found }
    }

    /// What a field of the picture has: the last one of two.
    pub(super) fn values(&self, tag: Tag) -> Option<Values<'a>> {
        self.fields.iter().rev().find(|field| field.tag == tag && field.directory == 0).map(|field| field.values)
    }
}

impl<'a> Walk<'a> {
    /// One directory behind the other; `None` where it cannot go on.
    fn all(&mut self) -> Option<()> {
        let mut at = self.tiff.first;
        for number in 0..MAX_DIRECTORIES {
            if at == 0 {
                break;
            }
            at = self.directory(at, Part::Image, number)?;
        }
        (at == 0).then_some(())
    }

    /// One directory with those below it. Gives where the next one is.
    fn directory(&mut self, at: u32, part: Part, number: usize) -> Option<u32> {
        let directory = self.tiff.directory(at).ok()?;
        if self.seen.contains(&at) {
            return None;
        }
        self.seen.push(at);
        let mut tags: Vec<u16> = directory.entries.iter().take(MAX_ENTRIES).map(|entry| self.tiff.tag(entry)).collect();
        tags.sort_unstable();
        self.found.plain &= tags.is_sorted_by(|a, b| a < b);
        for entry in directory.entries {
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                return None;
            }
            let tag = (part, self.tiff.tag(entry));
            let Ok(values) = self.tiff.values(entry) else {
                self.found.complete = false;
                continue;
            };
            match below(tag) {
                // Behind it there is no other.
                Some(part) => {
                    self.found.plain &= values.is_one_long();
                    let next = values.numbers().next().and_then(|at| self.directory(at, part, number));
                    self.found.complete &= next == Some(0);
                }
                None => self.found.fields.push(Field { tag, directory: number, values }),
            }
        }
        directory.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::exif::{Context, Reader, Value};
    use proptest::prelude::*;

    /// A block with a field of each kind, in all four directories and a thumbnail's.
    fn block(big_endian: bool) -> Vec<u8> {
        use ::exif::experimental::Writer;
        use ::exif::{Field, In, Rational, Tag};
        let text = |text: &str| Value::Ascii(text.split('|').map(|part| part.as_bytes().to_vec()).collect());
        let ratios = |count| Value::Rational((1..=count).map(|num| Rational { num, denom: 7 }).collect());
        let fields = [
            (Tag::Make, In::PRIMARY, text("Maker")),
            (Tag::Copyright, In::PRIMARY, text("one||two")),
            (Tag::Orientation, In::PRIMARY, Value::Short(vec![6])),
            (Tag::XResolution, In::PRIMARY, ratios(1)),
            (Tag::ImageWidth, In::PRIMARY, Value::Long(vec![70000, 3])),
            (Tag::MakerNote, In::PRIMARY, Value::Undefined(vec![1, 2, 3, 4, 5], 0)),
            (Tag::ColorSpace, In::PRIMARY, Value::Short(vec![1])),
            (Tag::GPSLatitude, In::PRIMARY, ratios(3)),
            (Tag::GPSAltitudeRef, In::PRIMARY, Value::Byte(vec![1])),
            (Tag::InteroperabilityIndex, In::PRIMARY, text("R98")),
            (Tag::Orientation, In::THUMBNAIL, Value::Short(vec![1])),
        ];
        let fields = fields.map(|(tag, ifd_num, value)| Field { tag, ifd_num, value });
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut block = std::io::Cursor::new(Vec::new());
        writer.write(&mut block, !big_endian).expect("a block");
        block.into_inner()
    }

    /// What another parser finds: directory, list and number, and what can be read.
    fn theirs(bytes: &[u8]) -> (Vec<(usize, Tag, String)>, bool) {
        let complete = Reader::new().read_raw(bytes.to_vec()).is_ok();
        let exif = Reader::new().continue_on_error(true).read_raw(bytes.to_vec());
        let Ok(exif) = exif.or_else(|error| error.distill_partial_result(|_| {})) else { return (Vec::new(), complete) };
        let fields = exif.fields().map(|field| {
            let part = match field.tag.context() {
                Context::Exif => Part::Exif,
                Context::Gps => Part::Gps,
                Context::Interop => Part::Interoperability,
                _ => Part::Image,
            };
            let values = match &field.value {
                Value::Ascii(parts) => format!("{:?}", parts.iter().filter(|part| !part.is_empty()).collect::<Vec<_>>()),
                Value::Rational(parts) => format!("{:?}", parts.iter().map(|ratio| (ratio.num, ratio.denom)).collect::<Vec<_>>()),
                value => format!("{:?}", (0..).map_while(|i| value.get_uint(i)).collect::<Vec<_>>()),
            };
            (usize::from(field.ifd_num.index()), (part, field.tag.number()), values)
        });
        (fields.collect(), complete)
    }

    fn ours(bytes: &[u8]) -> (Vec<(usize, Tag, String)>, bool) {
        let block = Block::read(bytes);
        let fields = block.fields.iter().map(|field| {
            let values = match (field.values.texts(), field.values.ratios()) {
                (Some(parts), _) => format!("{:?}", parts.filter(|part| !part.is_empty()).collect::<Vec<_>>()),
                (_, Some(parts)) => format!("{:?}", parts.collect::<Vec<_>>()),
                _ => format!("{:?}", field.values.numbers().collect::<Vec<_>>()),
            };
            (field.directory, field.tag, values)
        });
        (fields.collect(), block.complete)
    }

    #[test]
    fn every_field_is_found() {
        for big_endian in [false, true] {
            let (fields, complete) = ours(&block(big_endian));
            assert!(complete && fields.len() == 11, "{fields:?}");
            assert_eq!((fields, complete), theirs(&block(big_endian)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Kind for kind what kamadak-exif finds, also in what is damaged.
        #[test]
        fn damaged_blocks_are_read_as_another_parser_reads_them(
            big_endian: bool,
            changes in prop::collection::vec((0usize..500, prop_oneof![any::<u8>(), 0u8..16]), 0..4),
            cut in prop::option::weighted(0.2, 0usize..500),
        ) {
            let mut bytes = block(big_endian);
            let length = bytes.len();
            for (at, byte) in changes {
                bytes.iter_mut().skip(at % length).take(1).for_each(|changed| *changed = byte);
            }
            bytes.truncate(cut.unwrap_or(length));
            prop_assert_eq!(ours(&bytes), theirs(&bytes));
        }
    }
}
