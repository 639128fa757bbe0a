//! Which bytes of a file a signed hash leaves out, and where its manifest lies.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::ops::Range;
use zkimg_pipeline::Format;
use zkimg_pipeline::reader::{CutShort, Reader};

/// What a hash that a claim binds its file with leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outside {
    /// Whether that is the manifest's own bytes, no more and no less.
    pub(crate) only_manifest: bool,
    /// Where the first of the other bytes is; none if there are none.
    others: Option<usize>,
}

impl Outside {
    /// Compares what is left out with where the manifest lies. A range that is not exactly the manifest counts as a whole: by its own lengths
    /// a manifest could else be made to reach over what stands behind it.
    pub(crate) fn of(file: &[u8], format: Format, excluded: &[Range<usize>]) -> Outside {
        let manifest = match format {
            Format::Png => in_png(file),
            _ => in_jpeg(file),
        };
        let manifest = manifest.map(joined).unwrap_or_default();
        let excluded = joined(excluded.to_vec());
        let others = excluded.iter().filter(|range| !manifest.contains(range)).map(|range| range.start).min();
        Outside { only_manifest: !manifest.is_empty() && excluded == manifest, others }
    }

    /// Whether the hash covers what EXIF fields are read from, or that there is nothing to read: everything up to the block's end, as
    /// whatever stands before it decides where a reader finds one.
    pub(crate) fn covers(&self, exif: Option<&Range<usize>>) -> bool {
        self.only_manifest || exif.is_some_and(|block| self.others.is_some_and(|first| first >= block.end))
    }
}

/// Ranges in order; those that touch are one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match all.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

/// The APP11 segments that hold JUMBF boxes, before the first scan.
fn in_jpeg(file: &[u8]) -> Result<Vec<Range<usize>>, CutShort> {
    const APP_11: u8 = 0xeb;
    const START_OF_SCAN: u8 = 0xda;
    let mut r = Reader::new(file);
    let at = |r: &Reader<'_>| file.len() - r.rest().len();
    r.take(2)?;
    let mut found = Vec::new();
    loop {
        let start = at(&r);
        let [0xff, marker] = r.array()? else { return Err(CutShort) };
        if marker == START_OF_SCAN {
            return Ok(found);
        }
        let length = u16::from_be_bytes(r.array()?);
        let body = r.take(usize::from(length).checked_sub(2).ok_or(CutShort)?)?;
        // Of ISO 19566-5, annex D: common identifier, box instance, packet; then length and type of the box.
        if marker == APP_11 && body.starts_with(b"JP") && body.get(12..16) == Some(b"jumb") {
            found.push(start..at(&r));
        }
    }
}

/// The `caBX` chunks.
fn in_png(file: &[u8]) -> Result<Vec<Range<usize>>, CutShort> {
    let mut r = Reader::new(file);
    let at = |r: &Reader<'_>| file.len() - r.rest().len();
    r.take(8)?;
    let mut found = Vec::new();
    while !r.is_empty() {
        let start = at(&r);
        let length = usize::try_from(u32::from_be_bytes(r.array()?)).map_err(|_| CutShort)?;
        let kind: [u8; 4] = r.array()?;
        r.take(length.checked_add(4).ok_or(CutShort)?)?;
        if kind == *b"caBX" {
            found.push(start..at(&r));
        }
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::single_range_in_vec_init, reason = "a test may stop, and ranges are what is listed")]
mod tests {
    use super::*;

    /// APP1 (10 bytes), two segments of a manifest (30 and 24), APP1 (8), the scan.
    fn jpeg() -> Vec<u8> {
        let segment = |marker: u8, body: &[u8]| [&[0xff, marker], &((body.len() + 2) as u16).to_be_bytes()[..], body].concat();
        let part = |more: usize| segment(0xeb, &[b"JP\0\x01\0\0\0\x01\0\0\0\x2ajumb", &vec![0; more][..]].concat());
        [&[0xff, 0xd8][..], &segment(0xe1, b"Exif\0\0"), &part(10), &part(4), &segment(0xe1, b"more"), &segment(0xda, b"")].concat()
    }

    #[test]
    fn the_manifest_alone_is_told_from_anything_more() {
        let file = jpeg();
        assert_eq!(in_jpeg(&file), Ok(vec![12..42, 42..66]));
        let of = |excluded: &[Range<usize>]| Outside::of(&file, Format::Jpeg, excluded);
        let manifest = of(&[12..66]);
        assert_eq!(manifest, of(&[12..42, 42..66]));
        assert!(manifest.only_manifest && manifest.covers(Some(&(6..12))) && manifest.covers(Some(&(70..74))) && manifest.covers(None));
        // From the file's beginning, as some phones have it; less than the manifest; more behind it.
        for (excluded, early, late) in
            [(vec![0..66], false, false), (vec![12..60], true, false), (vec![12..70], true, false), (vec![12..66, 66..67], true, false)]
        {
            let outside = of(&excluded);
            let covered = [outside.covers(Some(&(6..12))), outside.covers(Some(&(70..74))), outside.covers(None)];
            assert_eq!((outside.only_manifest, covered), (false, [early, late, false]), "{excluded:?}");
        }
        // Something else behind, and a block that ends before it.
        let behind = of(&[12..66, 74..76]);
        assert!(!behind.only_manifest && behind.covers(Some(&(70..74))) && !behind.covers(Some(&(70..75))) && !behind.covers(None));
        assert!(!of(&[]).only_manifest && !of(&[]).covers(Some(&(6..12))));
    }

    #[test]
    fn a_manifest_whose_lengths_were_changed_is_none() {
        let mut file = jpeg();
        // The second part now reaches over the APP1 segment behind it.
        file[45] += 8;
        let outside = Outside::of(&file, Format::Jpeg, &[12..66]);
        assert!(!outside.only_manifest && !outside.covers(Some(&(70..74))) && !outside.covers(None));
        assert_eq!(in_jpeg(&file[..20]), Err(CutShort));
    }

    #[test]
    fn the_chunk_of_a_png_is_found_with_its_head_and_checksum() {
        let chunk = |kind: &[u8; 4], length: u32| [&length.to_be_bytes()[..], kind, &vec![0; length as usize + 4]].concat();
        let file = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", 13), &chunk(b"caBX", 5), &chunk(b"IEND", 0)].concat();
        assert_eq!(in_png(&file), Ok(vec![33..50]));
        assert!(Outside::of(&file, Format::Png, &[33..50]).only_manifest);
        assert!(!Outside::of(&file, Format::Png, &[33..49]).only_manifest);
    }
}
