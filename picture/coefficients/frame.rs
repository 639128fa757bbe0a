//! The frame header and the quantisation tables of a JPEG, in the one form in which all programs take them alike.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::Fault;
use super::{JpegShape, ZIGZAG};
use crate::reader::{CutShort, Reader};

const SHORT: Fault = "its frame header is malformed";

/// A frame header: size and sampling, and which table each component has.
pub(super) struct Frame {
    pub(super) shape: JpegShape,
    pub(super) progressive: bool,
    pub(super) tables: Vec<usize>,
}

impl Frame {
    /// Reads the header of a frame of this marker (SOF0 to SOF2). Components are numbered 1, 2, 3: with other numbers some programs take them for
    /// red, green and blue.
    pub(super) fn read(marker: u8, body: &[u8]) -> Result<Frame, Fault> {
        let mut r = Reader::new(body);
        let mut header = || -> Result<(u8, [u8; 2], [u8; 2], u8), CutShort> { Ok((r.u8()?, r.array()?, r.array()?, r.u8()?)) };
        let (precision, height, width, count) = header().map_err(|_| SHORT)?;
        let components: Vec<[u8; 3]> = (0..count).map(|_| r.array()).collect::<Result<_, _>>().map_err(|_| SHORT)?;
        if precision != 8 || !r.is_empty() {
            return Err(SHORT);
        }
        if !components.iter().map(|[id, ..]| *id).eq(1..=count) {
            return Err("its components are not numbered 1, 2, 3, and some programs show others in other colours");
        }
        let sampling: Vec<(u8, u8)> = components.iter().map(|[_, sampling, _]| (sampling & 15, sampling >> 4)).collect();
        let shared = match sampling[..] {
            [(1, 1)] => None,
            [(lines @ 1..=2, columns @ 1..=2), (1, 1), (1, 1)] => Some((lines.into(), columns.into())),
            _ => return Err("its colours are sampled in a way that is not read here"),
        };
        let [height, width] = [height, width].map(|side| usize::from(u16::from_be_bytes(side)));
        let tables = components.iter().map(|[.., table]| usize::from(*table)).collect();
        Ok(Frame { shape: JpegShape { width, height, shared }, progressive: marker == 0xc2, tables })
    }
}

/// Quantisation tables by their number, `8·v + u`; each is there once.
#[derive(Default)]
pub(super) struct Tables([Option<[u8; 64]>; 4]);

impl Tables {
    /// Reads a segment of them: of eight bits, nowhere zero.
    pub(super) fn read(&mut self, body: &[u8]) -> Result<(), Fault> {
        const BAD: Fault = "one of its quantisation tables is malformed or has more than eight bits";
        let mut r = Reader::new(body);
        while !r.is_empty() {
            let number = r.u8().map_err(|_| BAD)?;
            let values: [u8; 64] = r.array().map_err(|_| BAD)?;
            let slot = self.0.get_mut(usize::from(number)).ok_or(BAD)?;
            let mut table = [0; 64];
            for (value, place) in values.iter().zip(ZIGZAG) {
                table.iter_mut().skip(place.into()).take(1).for_each(|entry| *entry = *value);
            }
            if values.contains(&0) {
                return Err(BAD);
            }
            if slot.replace(table).is_some() {
                return Err("it has a quantisation table twice, and programs differ in which they take");
            }
        }
        Ok(())
    }

    /// The table of this number.
    pub(super) fn get(&self, number: usize) -> Result<[u8; 64], Fault> {
        self.0.get(number).copied().flatten().ok_or("a quantisation table is missing")
    }
}
