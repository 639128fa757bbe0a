//! Lossless pixels as they are coded, before transforms are undone: literals, copies, and a cache of colours (RFC 9649, section 3.6.2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::{Bits, Code, Fault};

/// Literals of one byte, lengths of copies.
const LENGTHS: usize = 24;
const LITERALS: usize = 256;
/// Green with lengths and the cache, red, blue, alpha; distances.
const ALPHABETS: [usize; 5] = [LITERALS + LENGTHS, LITERALS, LITERALS, LITERALS, 40];

const BROKEN: Fault = "a part of it refers to what is not there";

/// The codes for green, red, blue, alpha and distances.
pub(super) struct Group([Code; 5]);

impl Group {
    pub(super) fn read(bits: &mut Bits<'_>, cache: Option<Cache>) -> Result<Group, Fault> {
        let [green, red, blue, alpha, distance] = ALPHABETS;
        Ok(Group([
            Code::read(bits, green + cache.map_or(0, Cache::length))?,
            Code::read(bits, red)?,
            Code::read(bits, blue)?,
            Code::read(bits, alpha)?,
            Code::read(bits, distance)?,
        ]))
    }

    /// What a decoder keeps of it, in bytes.
    pub(super) fn table(&self) -> usize {
        self.0.iter().map(Code::table).sum()
    }

    /// The one colour that it has, without a bit.
    fn colour(&self) -> Option<u32> {
        let [green, red, blue, alpha, _] = &self.0;
        let green = green.single().filter(|green| usize::from(*green) < LITERALS)?;
        Some(colour(alpha.single()?, red.single()?, green, blue.single()?))
    }
}

fn colour(alpha: u16, red: u16, green: u16, blue: u16) -> u32 {
    let [alpha, red, green, blue] = [alpha, red, green, blue].map(u32::from);
    alpha << 24 | red << 16 | green << 8 | blue
}

/// The size of a cache of colours, as a number of bits.
#[derive(Clone, Copy)]
pub(super) struct Cache(u32);

impl Cache {
    pub(super) fn read(bits: &mut Bits<'_>) -> Result<Option<Cache>, Fault> {
        if bits.take(1)? == 0 {
            return Ok(None);
        }
        match bits.take(4)? {
            size @ 1..=11 => Ok(Some(Cache(size))),
            _ => Err("its cache of colours has a size that does not exist"),
        }
    }

    fn length(self) -> usize {
        1 << self.0
    }

    /// Where a colour is kept.
    fn slot(self, colour: u32) -> usize {
        (0x1e35_a7bd_u32.wrapping_mul(colour) >> (32 - self.0)) as usize
    }
}

/// Which group of codes is where.
pub(super) struct Parts<'a> {
    pub(super) groups: &'a [Group],
    /// For each block of 2^`block` pixels a side; empty if there is one group.
    pub(super) which: &'a [usize],
    pub(super) block: u32,
}

impl Parts<'_> {
    /// The group of a pixel, and up to which pixel it is the same without looking again.
    fn at(&self, pixel: usize, width: usize, area: usize) -> Option<(&Group, usize)> {
        if self.which.is_empty() {
            return Some((self.groups.first()?, area));
        }
        let (x, y) = (pixel.checked_rem(width)?, pixel.checked_div(width)?);
        let across = width.div_ceil(1 << self.block);
        let group = self.which.get((y >> self.block) * across + (x >> self.block))?;
        let last = (x | ((1 << self.block) - 1)).min(width - 1);
        Some((self.groups.get(*group)?, y * width + last + 1))
    }
}

/// Reads pixels: alpha, red, green, blue.
///
/// Decoders differ in whether a colour from the cache is put there again. It makes no difference but in a slot that nothing was put in, so none is used.
pub(super) fn pixels(
    bits: &mut Bits<'_>,
    parts: &Parts<'_>,
    cache: Option<Cache>,
    (width, height): (usize, usize),
) -> Result<Vec<u32>, Fault> {
    let area = width * height;
    let mut kept = vec![0u32; cache.map_or(0, Cache::length)];
    let insert = |kept: &mut [u32], colour| {
        let slot = cache.and_then(|cache| kept.get_mut(cache.slot(colour)));
        slot.into_iter().for_each(|slot| *slot = colour);
    };
    let mut pixels = Vec::new();
    pixels.try_reserve_exact(area).map_err(|_| "it needs more memory than there is")?;
    let (mut group, mut until) = (parts.groups.first().ok_or(BROKEN)?, 0);
    while pixels.len() < area {
        let from = pixels.len();
        if from >= until {
            (group, until) = parts.at(from, width, area).ok_or(BROKEN)?;
            if let Some(colour) = group.colour() {
                pixels.resize(until, colour);
                insert(&mut kept, colour);
                continue;
            }
        }
        let Group([green, red, blue, alpha, distance]) = group;
        match usize::from(green.word(bits)?) {
            literal @ ..LITERALS => {
                let [red, blue, alpha] = [red.word(bits)?, blue.word(bits)?, alpha.word(bits)?];
                pixels.push(colour(alpha, red, literal as u16, blue));
            }
            length if length < LITERALS + LENGTHS => {
                let length = extended(bits, length - LITERALS)?;
                let code = usize::from(distance.word(bits)?);
                let distance = away(extended(bits, code)?, width);
                if distance > from || length > area - from {
                    return Err(BROKEN);
                }
                for at in from..from + length {
                    pixels.push(pixels.get(at - distance).copied().ok_or(BROKEN)?);
                }
            }
            word => {
                let slot = word - LITERALS - LENGTHS;
                let colour = kept.get(slot).copied().ok_or(BROKEN)?;
                if cache.is_none_or(|cache| cache.slot(colour) != slot) {
                    return Err("it uses a colour of its cache that was not put there");
                }
                pixels.push(colour);
                continue;
            }
        }
        pixels.iter().skip(from).for_each(|pixel| insert(&mut kept, *pixel));
    }
    Ok(pixels)
}

/// A length or a distance: a word, and the bits that belong to it.
fn extended(bits: &mut Bits<'_>, word: usize) -> Result<usize, Fault> {
    if word < 4 {
        return Ok(word + 1);
    }
    let more = (word as u32 - 2) >> 1;
    Ok(((2 + (word & 1)) << more) + bits.take(more)? as usize + 1)
}

/// How many pixels back a distance leads: small ones are of places near by, in this line and above it.
fn away(distance: usize, width: usize) -> usize {
    #[rustfmt::skip]
    const NEAR: [(i8, u8); 120] = [
        (0, 1),  (1, 0),  (1, 1),  (-1, 1), (0, 2),  (2, 0),  (1, 2),  (-1, 2), (2, 1),  (-2, 1), (2, 2),  (-2, 2),
        (0, 3),  (3, 0),  (1, 3),  (-1, 3), (3, 1),  (-3, 1), (2, 3),  (-2, 3), (3, 2),  (-3, 2), (0, 4),  (4, 0),
        (1, 4),  (-1, 4), (4, 1),  (-4, 1), (3, 3),  (-3, 3), (2, 4),  (-2, 4), (4, 2),  (-4, 2), (0, 5),  (3, 4),
        (-3, 4), (4, 3),  (-4, 3), (5, 0),  (1, 5),  (-1, 5), (5, 1),  (-5, 1), (2, 5),  (-2, 5), (5, 2),  (-5, 2),
        (4, 4),  (-4, 4), (3, 5),  (-3, 5), (5, 3),  (-5, 3), (0, 6),  (6, 0),  (1, 6),  (-1, 6), (6, 1),  (-6, 1),
        (2, 6),  (-2, 6), (6, 2),  (-6, 2), (4, 5),  (-4, 5), (5, 4),  (-5, 4), (3, 6),  (-3, 6), (6, 3),  (-6, 3),
        (0, 7),  (7, 0),  (1, 7),  (-1, 7), (5, 5),  (-5, 5), (7, 1),  (-7, 1), (4, 6),  (-4, 6), (6, 4),  (-6, 4),
        (2, 7),  (-2, 7), (7, 2),  (-7, 2), (3, 7),  (-3, 7), (7, 3),  (-7, 3), (5, 6),  (-5, 6), (6, 5),  (-6, 5),
        (8, 0),  (4, 7),  (-4, 7), (7, 4),  (-7, 4), (8, 1),  (8, 2),  (6, 6),  (-6, 6), (8, 3),  (5, 7),  (-5, 7),
        (7, 5),  (-7, 5), (8, 4),  (6, 7),  (-6, 7), (7, 6),  (-7, 6), (8, 5),  (7, 7),  (-7, 7), (8, 6),  (8, 7),
    ];
    match NEAR.get(distance - 1) {
        Some((left, up)) => (usize::from(*up) * width).saturating_add_signed(isize::from(*left)).max(1),
        None => distance - NEAR.len(),
    }
}
