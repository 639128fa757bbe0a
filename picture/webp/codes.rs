//! The prefix codes of lossless pixels, before they are decoded (RFC 9649, sections 3.5 to 3.7).
//!
//! The decoder takes some codes with more words than there are for whole ones, and stops the program in the middle of them; and a few bytes may
//! ask it for thousands of tables. And there are files of which it makes other pixels than libwebp. So all codes are read here first, those of the small
//! pictures that transforms need, with these pictures, and those of the picture itself; and its pixels where they use a cache of colours.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::{Bits, Fault};
use super::header::Sides;
use super::pixels::{Cache, Group, Parts, pixels};

/// The last way to predict pixels. What is above it libwebp takes for another one, and our decoder for none.
const LAST_PREDICTOR: u32 = 13;

/// What a decoder may keep of tables, in bytes: this much for any picture, …
const TABLES: usize = 16 << 20;
/// … for each pixel, …
const TABLES_A_PIXEL: usize = 32;
/// … and in all. Encoders make at most 2600 groups of codes, of about 22 KB.
const MOST_TABLES: usize = 128 << 20;
const MOST_GROUPS: usize = 1 << 12;

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
                let pixels = small(&mut bits, blocks(width, block), blocks(height, block))?;
                if kind == 0 && pixels.iter().any(|pixel| pixel >> 8 & 0xff > LAST_PREDICTOR) {
                    return Err("it has a predictor that does not exist");
                }
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
    let cache = Cache::read(&mut bits)?;
    let (mut count, mut which, mut block) = (1, Vec::new(), 0);
    if bits.take(1)? == 1 {
        block = bits.take(3)? + 2;
        let numbers = small(&mut bits, blocks(width, block), blocks(height, block))?;
        // Red and green are the group's number.
        which = numbers.into_iter().map(|pixel| (pixel >> 8 & 0xffff) as usize).collect();
        count = which.iter().max().map_or(1, |last| last + 1);
        if count > which.len() {
            return Err("it has more groups of codes than parts that could use them");
        }
        if count > MOST_GROUPS {
            return Err("it has more groups of codes than any encoder makes");
        }
    }
    let allowed = (TABLES + TABLES_A_PIXEL * sides.width * sides.height).min(MOST_TABLES);
    let (mut groups, mut tables) = (Vec::new(), 0);
    for _ in 0..count {
        let group = Group::read(&mut bits, cache)?;
        tables += group.table();
        if tables > allowed {
            return Err("it has more codes than any picture needs");
        }
        groups.push(group);
    }
    // Without a cache there is one way to read them, and the decoder goes it.
    if cache.is_some() {
        pixels(&mut bits, &Parts { groups: &groups, which: &which, block }, cache, (width, height))?;
    }
    Ok(())
}

/// How many blocks of 2^`bits` there are in a line or column.
fn blocks(side: usize, bits: u32) -> usize {
    side.div_ceil(1 << bits)
}

/// A picture of one group of codes that belongs to a transform or says which group is where. Gives its pixels: alpha, red, green, blue.
fn small(bits: &mut Bits<'_>, width: usize, height: usize) -> Result<Vec<u32>, Fault> {
    let size = Cache::read(bits)?;
    let group = Group::read(bits, size)?;
    pixels(bits, &Parts { groups: &[group], which: &[], block: 0 }, size, (width, height))
}
