//! The scans of a JPEG: which bits of which coefficients each of them says, every one exactly once.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::{BitReader, Fault};
use super::decode::{first, others, refine_first, refine_others};
use super::huffman::{Code, Decoder};
use super::{Block, JpegShape};
use crate::reader::Reader;
use std::ops::RangeInclusive;

/// The most scans: programs stop early in files of hundreds.
const MAX_SCANS: usize = 64;
const MALFORMED: Fault = "the header of one of its scans is malformed";
const AGAIN: Fault = "its scans say some bits of its picture twice or in the wrong order";

/// Huffman tables by class (first coefficients, others) and number.
#[derive(Default)]
pub(super) struct Codes([[Option<Code>; 4]; 2]);

impl Codes {
    /// Reads a segment of tables; later ones take the place of earlier ones.
    pub(super) fn read(&mut self, body: &[u8]) -> Result<(), Fault> {
        let mut r = Reader::new(body);
        while !r.is_empty() {
            let byte = r.u8().map_err(|_| MALFORMED)?;
            let slot = self.0.get_mut(usize::from(byte >> 4)).and_then(|class| class.get_mut(usize::from(byte & 15)));
            *slot.ok_or("one of its Huffman tables has a number that does not exist")? = Some(Code::read(&mut r)?);
        }
        Ok(())
    }

    fn get(&self, class: usize, number: u8) -> Result<Decoder, Fault> {
        let code = self.0.get(class).and_then(|class| class.get(usize::from(number))).and_then(Option::as_ref);
        code.map(Decoder::new).ok_or("a Huffman table is missing")
    }
}

/// One component while it is read.
struct Plane {
    blocks: Vec<Block>,
    /// How many of each coefficient's lowest bits are still to come; nothing is known of it before its first scan.
    left: [Option<u8>; 64],
}

/// A picture while it is read, scan after scan.
pub(super) struct Scans {
    shape: JpegShape,
    progressive: bool,
    planes: Vec<Plane>,
    count: usize,
}

/// What one scan is about.
struct Scan {
    /// Components with their tables, where they are needed.
    components: Vec<(usize, Option<Decoder>, Option<Decoder>)>,
    band: RangeInclusive<usize>,
    /// Whether it is the first that says something of its coefficients.
    first: bool,
    shift: u32,
}

/// What goes on from block to block until the next restart.
#[derive(Default)]
struct State {
    before: [i32; 3],
    run: u32,
}

impl Scans {
    /// A picture of which nothing is known yet.
    pub(super) fn new(shape: JpegShape, progressive: bool) -> Scans {
        let plane = |component| {
            let (rows, columns) = shape.blocks(component);
            Plane { blocks: vec![[0; 64]; rows * columns], left: [None; 64] }
        };
        Scans { shape, progressive, planes: (0..shape.components()).map(plane).collect(), count: 0 }
    }

    /// Reads a scan: its header, and the data behind it up to the next marker that is no restart. Gives that marker and where it ends.
    pub(super) fn read(&mut self, header: &[u8], data: &[u8], codes: &Codes, interval: usize) -> Result<(u8, usize), Fault> {
        self.count += 1;
        if self.count > MAX_SCANS {
            return Err("it has more scans than programs read");
        }
        let scan = self.header(header, codes)?;
        let (mut bits, mut from, mut restarts) = (BitReader::new(data), 0, 0u8);
        let mut state = State::default();
        let units = self.units(&scan);
        for unit in 0..units {
            if interval > 0 && unit > 0 && unit % interval == 0 {
                let (marker, at) = ended(&state, bits)?;
                if marker != 0xd0 | restarts {
                    return Err("a restart marker is missing or is another than it should be");
                }
                from += at;
                restarts = (restarts + 1) % 8;
                (bits, state) = (BitReader::new(data.get(from..).unwrap_or_default()), State::default());
            }
            self.unit(&scan, unit, &mut bits, &mut state)?;
        }
        let (marker, at) = ended(&state, bits)?;
        Ok((marker, from + at))
    }

    /// Reads a header, and notes which bits are said.
    fn header(&mut self, header: &[u8], codes: &Codes) -> Result<Scan, Fault> {
        let mut r = Reader::new(header);
        let count = r.u8().map_err(|_| MALFORMED)?;
        let chosen: Vec<[u8; 2]> = (0..count).map(|_| r.array()).collect::<Result<_, _>>().map_err(|_| MALFORMED)?;
        let [from, to, approximation] = r.array().map_err(|_| MALFORMED)?;
        let (high, low) = (approximation >> 4, approximation & 15);
        let band = usize::from(from)..=usize::from(to);
        let rising = chosen.is_sorted_by(|[a, _], [b, _]| a < b);
        let whole = if self.progressive { band == (0..=0) } else { band == (0..=63) && approximation == 0 };
        let others = self.progressive && (1..=63).contains(&from) && (from..=63).contains(&to) && count == 1;
        if !r.is_empty() || chosen.is_empty() || !rising || !(whole || others) || low > 13 || high > 0 && high != low + 1 {
            return Err(MALFORMED);
        }
        let mut components = Vec::new();
        for [id, tables] in chosen {
            let component = usize::from(id).checked_sub(1).ok_or(MALFORMED)?;
            let plane = self.planes.get_mut(component).ok_or(MALFORMED)?;
            let started = plane.left.first().is_some_and(Option::is_some);
            if others && !started {
                return Err(AGAIN);
            }
            for left in plane.left.iter_mut().take(to as usize + 1).skip(from.into()) {
                if *left != (high > 0).then_some(high) {
                    return Err(AGAIN);
                }
                *left = Some(low);
            }
            let needed = |class: usize, number, wanted: bool| wanted.then(|| codes.get(class, number)).transpose();
            let first = needed(0, tables >> 4, from == 0 && high == 0)?;
            let rest = needed(1, tables & 15, to > 0)?;
            components.push((component, first, rest));
        }
        Ok(Scan { components, band, first: high == 0, shift: low.into() })
    }

    /// How many units a scan has: blocks of one component, or what one block of colour covers of all that are in it.
    fn units(&self, scan: &Scan) -> usize {
        let (rows, columns) = match scan.components[..] {
            [(component, ..)] => self.shape.blocks(component),
            _ => self.shape.units(),
        };
        rows * columns
    }

    fn unit(&mut self, scan: &Scan, unit: usize, bits: &mut BitReader<'_>, state: &mut State) -> Result<(), Fault> {
        let alone = scan.components.len() == 1;
        for (component, first, rest) in &scan.components {
            let (rows, columns) = self.shape.blocks(*component);
            let (high, wide) = if alone { (1, 1) } else { self.shape.in_unit(*component) };
            let across = if alone { columns } else { self.shape.units().1 };
            let Some(plane) = self.planes.get_mut(*component) else { return Err(MALFORMED) };
            for (i, j) in (0..high).flat_map(|i| (0..wide).map(move |j| (i, j))) {
                let (row, column) = (unit / across * high + i, unit % across * wide + j);
                // Blocks beyond the picture fill up the unit, and what they say is dropped.
                let mut beyond = [0; 64];
                let inside = row < rows && column < columns;
                let block = plane.blocks.get_mut(row * columns + column).filter(|_| inside).unwrap_or(&mut beyond);
                let Some(before) = state.before.get_mut(*component) else { return Err(MALFORMED) };
                scan.block(block, (first.as_ref(), rest.as_ref()), bits, before, &mut state.run)?;
            }
        }
        Ok(())
    }

    /// The blocks of each component, once every bit of them was said.
    pub(super) fn finish(self) -> Result<Vec<Vec<Block>>, Fault> {
        if self.planes.iter().any(|plane| plane.left.iter().any(|left| *left != Some(0))) {
            return Err("its scans leave some bits of its picture unsaid");
        }
        Ok(self.planes.into_iter().map(|plane| plane.blocks).collect())
    }
}

/// That no run of empty blocks goes on; the marker that ends the data.
fn ended(state: &State, bits: BitReader<'_>) -> Result<(u8, usize), Fault> {
    if state.run > 0 {
        return Err("a run of empty blocks goes beyond its scan");
    }
    bits.marker()
}

impl Scan {
    fn block(
        &self,
        block: &mut Block,
        (codes, other_codes): (Option<&Decoder>, Option<&Decoder>),
        bits: &mut BitReader<'_>,
        before: &mut i32,
        run: &mut u32,
    ) -> Result<(), Fault> {
        if let Some(codes) = codes {
            block[0] = first(bits, codes, before, self.shift)?;
        } else if *self.band.start() == 0 {
            refine_first(bits, &mut block[0], self.shift)?;
        }
        let Some(codes) = other_codes else { return Ok(()) };
        let band = (*self.band.start()).max(1)..=*self.band.end();
        match (self.first, *self.band.start()) {
            (true, 0) => others(bits, codes, block, &band, 0, None),
            (true, _) if *run > 0 => {
                *run -= 1;
                Ok(())
            }
            (true, _) => others(bits, codes, block, &band, self.shift, Some(run)),
            (false, _) => refine_others(bits, codes, block, &band, self.shift, run),
        }
    }
}
