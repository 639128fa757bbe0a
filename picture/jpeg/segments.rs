//! The segments of a JPEG's first picture (ITU-T T.81, annex B).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::reader::{CutShort, Reader};

const END_OF_IMAGE: u8 = 0xd9;
pub(super) const START_OF_SCAN: u8 = 0xda;
const RESTART_0: u8 = 0xd0;
const RESTART_7: u8 = 0xd7;

/// A marker with what belongs to it.
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    pub(super) body: &'a [u8],
    /// Behind a scan's header or a restart marker: where the entropy-coded data ends.
    pub(super) data_end: Option<usize>,
}

/// Walks the segments and scans of the first picture up to its end marker.
///
/// Bytes between segments and fill bytes are passed over; the strict decoder judges them.
pub(super) struct Segments<'a> {
    reader: Reader<'a>,
    length: usize,
    done: bool,
}

impl<'a> Segments<'a> {
    /// The segments of a file that begins with a start marker.
    pub(super) fn new(file: &'a [u8]) -> Segments<'a> {
        let mut reader = Reader::new(file);
        let done = reader.take(2).is_err();
        Segments { reader, length: file.len(), done }
    }

    /// Where the next one begins.
    pub(super) fn at(&self) -> usize {
        self.length - self.reader.rest().len()
    }

    /// The next segment; `None` at the end marker.
    fn segment(&mut self) -> Result<Option<Segment<'a>>, CutShort> {
        let reader = &mut self.reader;
        let marker = loop {
            while reader.u8()? != 0xff {}
            let mut marker = reader.u8()?;
            while marker == 0xff {
                marker = reader.u8()?;
            }
            if !matches!(marker, 0x00 | 0x01 | 0xd8) {
                break marker;
            }
        };
        let body = match marker {
            END_OF_IMAGE => return Ok(None),
            RESTART_0..=RESTART_7 => &[],
            _ => {
                let length = u16::from_be_bytes(reader.array()?);
                reader.take(usize::from(length.checked_sub(2).ok_or(CutShort)?))?
            }
        };
        let mut data_end = None;
        if matches!(marker, START_OF_SCAN | RESTART_0..=RESTART_7) {
            let data = reader.take(entropy_coded(reader.rest())?)?;
            let fill = data.iter().rev().take_while(|byte| **byte == 0xff).count();
            data_end = Some(self.length - reader.rest().len() - fill);
        }
        Ok(Some(Segment { marker, body, data_end }))
    }
}

/// A segment's bytes; at most 65533 in its body.
pub(crate) fn write(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat()
}

/// The length of entropy-coded data: up to the next marker, which is not a stuffed or filling 0xff.
fn entropy_coded(data: &[u8]) -> Result<usize, CutShort> {
    let marker = |pair: &[u8]| matches!(pair, [0xff, 0x01..=0xfe]);
    data.windows(2).position(marker).ok_or(CutShort)
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>, CutShort>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let segment = self.segment();
        self.done = !matches!(segment, Ok(Some(_)));
        segment.transpose()
    }
}
