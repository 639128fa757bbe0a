//! The prefix codes of lossless pixels, before they are decoded (RFC 9649, sections 3.5 to 3.7).
//!
//! The decoder takes some codes with more words than there are for whole ones, and stops the program in the middle of them; and a few bytes may
//! ask it for thousands of tables. So all codes are read here first: those of the small pictures that transforms need, with these pictures, and those of
//! the picture itself. Its pixels come behind the last code and are left to the decoder.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::{Bits, Code, Fault};
use super::header::Sides;

/// Literals of one byte, lengths of copies.
const LENGTHS: usize = 24;
const LITERALS: usize = 256;
/// Green with lengths and the cache, red, blue, alpha; distances.
const ALPHABETS: [usize; 5] = [LITERALS + LENGTHS, LITERALS, LITERALS, LITERALS, 40];

/// What a decoder may keep of tables, in bytes: this much for any picture, …
const TABLES: usize = 16 << 20;
/// … for each pixel, …
const TABLES_A_PIXEL: usize = 32;
/// … and in all. Encoders make at most 2600 groups of codes, of about 22 KB.
const MOST_TABLES: usize = 128 << 20;

/// That the codes are whole, and not more than any encoder writes. `bits` stand behind the header.
pub(super) fn check(mut bits: Bits<'_>, sides: Sides) -> Result<(), Fault> {
    let (mut width, height) = (sides.width, sides.height);
    let mut seen = [false; 4];
    while bits.take(1)? == 1 {
        let kind = bits.take(2)? as usize;
        if seen.get_mut(kind).is_none_or(|seen| std::mem::replace(seen, true)) {
            return Err("it has a transform twice");
        }
        match kind {
            // Predictors, and how colours follow from green: a pixel for each block.
            0 | 1 => {
                let block = bits.take(3)? + 2;
                small(&mut bits, blocks(width, block), blocks(height, block))?;
            }
            // A palette: several indices of few bits are one pixel.
            3 => {
                let colours = bits.take(8)? as usize + 1;
                small(&mut bits, colours, 1)?;
                let packed = match colours {
                    1 | 2 => 3,
                    3 | 4 => 2,
                    5..=16 => 1,
                    _ => 0,
                };
                width = blocks(width, packed);
            }
            // Green is taken from red and blue.
            _ => {}
        }
    }
    let cache = cache(&mut bits)?;
    let mut groups = 1;
    if bits.take(1)? == 1 {
        let block = bits.take(3)? + 2;
        let which = small(&mut bits, blocks(width, block), blocks(height, block))?;
        // Red and green are the group's number.
        groups = which.iter().map(|pixel| (pixel >> 8 & 0xffff) as usize + 1).max().unwrap_or(1);
        if groups > which.len() {
            return Err("it has more groups of codes than parts that could use them");
        }
    }
    let allowed = (TABLES + TABLES_A_PIXEL * sides.width * sides.height).min(MOST_TABLES);
    let mut tables = 0;
    for _ in 0..groups {
        for code in group(&mut bits, cache)? {
            tables += code.table();
        }
        if tables > allowed {
            return Err("it has more codes than any picture needs");
        }
    }
    Ok(())
}

/// How many blocks of 2^`bits` there are in a line or column.
fn blocks(side: usize, bits: u32) -> usize {
    side.div_ceil(1 << bits)
}

/// The size of the cache of colours, as a number of bits, if there is one.
fn cache(bits: &mut Bits<'_>) -> Result<Option<u32>, Fault> {
    if bits.take(1)? == 0 {
        return Ok(None);
    }
    match bits.take(4)? {
        size @ 1..=11 => Ok(Some(size)),
        _ => Err("its cache of colours has a size that does not exist"),
    }
}

/// The codes for green, red, blue, alpha and distances.
fn group(bits: &mut Bits<'_>, cache: Option<u32>) -> Result<[Code; 5], Fault> {
    let cached = cache.map_or(0, |size| 1 << size);
    let [green, red, blue, alpha, distance] = ALPHABETS;
    Ok([
        Code::read(bits, green + cached)?,
        Code::read(bits, red)?,
        Code::read(bits, blue)?,
        Code::read(bits, alpha)?,
        Code::read(bits, distance)?,
    ])
}

/// A picture of one group of codes that belongs to a transform or says which group is where. Gives its pixels: alpha, red, green, blue.
fn small(bits: &mut Bits<'_>, width: usize, height: usize) -> Result<Vec<u32>, Fault> {
    const BROKEN: Fault = "a part of it refers to what is not there";
    let size = cache(bits)?;
    let [green, red, blue, alpha, distance] = group(bits, size)?;
    let mut cached = vec![0u32; size.map_or(0, |size| 1 << size)];
    let place = |pixel: u32| size.map_or(0, |size| (0x1e35_a7bd_u32.wrapping_mul(pixel) >> (32 - size)) as usize);
    let mut pixels = Vec::with_capacity(width * height);
    while pixels.len() < width * height {
        let from = pixels.len();
        match usize::from(green.word(bits)?) {
            literal @ ..LITERALS => {
                let [red, blue, alpha] = [red.word(bits)?, blue.word(bits)?, alpha.word(bits)?].map(u32::from);
                pixels.push(alpha << 24 | red << 16 | (literal as u32) << 8 | blue);
            }
            length if length < LITERALS + LENGTHS => {
                let length = extended(bits, length - LITERALS)?;
                let code = usize::from(distance.word(bits)?);
                let distance = away(extended(bits, code)?, width);
                if distance > from || length > width * height - from {
                    return Err(BROKEN);
                }
                for at in from..from + length {
                    pixels.push(pixels.get(at - distance).copied().ok_or(BROKEN)?);
                }
            }
            colour => pixels.push(cached.get(colour - LITERALS - LENGTHS).copied().ok_or(BROKEN)?),
        }
        for pixel in pixels.iter().skip(from) {
            cached.iter_mut().skip(place(*pixel)).take(1).for_each(|slot| *slot = *pixel);
        }
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
