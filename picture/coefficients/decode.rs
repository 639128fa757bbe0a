//! Coefficients out of bits, block by block (ITU-T T.81, F.2 and G.2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::{BitReader, Fault};
use super::huffman::Decoder;
use super::{Block, COEFFICIENTS, ZIGZAG};
use std::ops::RangeInclusive;

const RANGE: Fault = "one of its coefficients is larger than any picture has";
const RUN: Fault = "a run of zeros goes beyond its block";

/// The coefficient at a place of the files' order.
fn at(block: &mut Block, k: usize) -> Result<&mut i16, Fault> {
    let place = ZIGZAG.get(k).ok_or(RUN)?;
    block.get_mut(usize::from(*place)).ok_or(RUN)
}

fn within(value: i32) -> Result<i16, Fault> {
    i16::try_from(value).ok().filter(|value| COEFFICIENTS.contains(value)).ok_or(RANGE)
}

/// The difference of a first coefficient to the one before it.
pub(super) fn first(bits: &mut BitReader<'_>, codes: &Decoder, before: &mut i32, shift: u32) -> Result<i16, Fault> {
    let size = codes.symbol(bits)?;
    if size > 11 {
        return Err(RANGE);
    }
    *before += bits.signed(size.into())?;
    within(before.checked_shl(shift).filter(|value| value >> shift == *before).ok_or(RANGE)?)
}

/// All others of a block, or of a progressive scan a part of them; `run` is how many blocks more, this one not counted, have nothing.
pub(super) fn others(
    bits: &mut BitReader<'_>,
    codes: &Decoder,
    block: &mut Block,
    band: &RangeInclusive<usize>,
    shift: u32,
    run: Option<&mut u32>,
) -> Result<(), Fault> {
    let mut k = *band.start();
    while k <= *band.end() {
        let symbol = codes.symbol(bits)?;
        let (zeros, size) = (symbol >> 4, symbol & 15);
        match (zeros, size) {
            (15, 0) => k += 16,
            (0, 0) => return Ok(()),
            (zeros, 0) => {
                let run = run.ok_or("its picture data has a code that stands for nothing")?;
                *run = run_of(bits, zeros)? - 1;
                return Ok(());
            }
            (_, 11..) => return Err(RANGE),
            (zeros, size) => {
                k += usize::from(zeros);
                if k > *band.end() {
                    return Err(RUN);
                }
                *at(block, k)? = within(bits.signed(size.into())?.checked_shl(shift).ok_or(RANGE)?)?;
                k += 1;
            }
        }
    }
    if k > band.end() + 1 { Err(RUN) } else { Ok(()) }
}

/// How many blocks a code of empty blocks says.
fn run_of(bits: &mut BitReader<'_>, size: u8) -> Result<u32, Fault> {
    Ok((1 << size) + u32::from(bits.bits(size.into())?))
}

/// One bit more of a first coefficient.
pub(super) fn refine_first(bits: &mut BitReader<'_>, coefficient: &mut i16, shift: u32) -> Result<(), Fault> {
    if bits.bits(1)? == 1 {
        *coefficient = within(i32::from(*coefficient) | 1 << shift)?;
    }
    Ok(())
}

/// One bit more of the others; `run` as above.
pub(super) fn refine_others(
    bits: &mut BitReader<'_>,
    codes: &Decoder,
    block: &mut Block,
    band: &RangeInclusive<usize>,
    shift: u32,
    run: &mut u32,
) -> Result<(), Fault> {
    let mut k = *band.start();
    while *run == 0 && k <= *band.end() {
        let symbol = codes.symbol(bits)?;
        let (zeros, size) = (symbol >> 4, symbol & 15);
        let new = match (zeros, size) {
            (_, 1) => Some(if bits.bits(1)? == 1 { 1i32 } else { -1 }),
            (15, 0) => None,
            (zeros, 0) => {
                *run = run_of(bits, zeros)?;
                break;
            }
            _ => return Err(RANGE),
        };
        // Passes over so many that are zero still, and corrects those that are not.
        let mut left = zeros;
        loop {
            if k > *band.end() {
                return Err(RUN);
            }
            let coefficient = at(block, k)?;
            if *coefficient != 0 {
                correct(bits, coefficient, shift)?;
            } else if left == 0 {
                break;
            } else {
                left -= 1;
            }
            k += 1;
        }
        if let Some(new) = new {
            *at(block, k)? = within(new << shift)?;
        }
        k += 1;
    }
    if *run > 0 {
        for k in k..=*band.end() {
            let coefficient = at(block, k)?;
            if *coefficient != 0 {
                correct(bits, coefficient, shift)?;
            }
        }
        *run -= 1;
    }
    Ok(())
}

fn correct(bits: &mut BitReader<'_>, coefficient: &mut i16, shift: u32) -> Result<(), Fault> {
    if bits.bits(1)? == 1 {
        let value = i32::from(*coefficient);
        *coefficient = within(value + value.signum() * (1 << shift))?;
    }
    Ok(())
}
