//! The forms that the steps of many edits have: tables of bytes, clamped sums, one piece.

use crate::language::EditError;
use std::sync::Arc;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{BadStep, Function, MAX_TABLE, Piece, Region, Step};
use zkimg_graph::tensor::Dims;

/// A single step of one piece.
pub(crate) fn one(piece: Piece) -> Result<Vec<Step>, EditError> {
    Ok(vec![Step::single(piece)?])
}

/// `clamp(value(x))` for every byte `x`.
pub(crate) fn bytes(value: impl Fn(i64) -> i64) -> [u8; 256] {
    let mut x = 0;
    [(); 256].map(|()| {
        let y = value(x).clamp(0, 255) as u8;
        x += 1;
        y
    })
}

/// Output channel `c` as `clamp(⌊(weights·(x_0, x_1, x_2) + bias) / 2^16⌋)`, of a picture of three channels.
pub(crate) fn channel(input: Dims, c: usize, weights: &[i32; 3], bias: i64) -> Result<Piece, EditError> {
    let piece = clamped(LinearMap::mix(input, vec![weights.to_vec()]), bias, 1 << 16)?;
    Ok(Piece { region: Region { channels: c..c + 1, ..Region::whole(input) }, ..piece })
}

/// All of the output as `clamp(⌊(map·x + bias) / divisor⌋)`.
///
/// Without a table if no quotient leaves `0..=255`.
pub(crate) fn clamped(map: LinearMap, bias: i64, divisor: u64) -> Result<Piece, EditError> {
    clamp(Piece { bias, divisor, ..Piece::linear(map) })
}

/// Gives a piece the table that clamps its quotients, if they need one.
pub(crate) fn clamp(piece: Piece) -> Result<Piece, EditError> {
    let (low, high) = piece.quotients();
    if low >= 0 && high <= 255 {
        return Ok(piece);
    }
    if high - low >= MAX_TABLE as i128 {
        return Err(BadStep::Table { low, high }.into());
    }
    let values: Arc<[u8]> = (low..=high).map(|q| q.clamp(0, 255) as u8).collect();
    Ok(Piece { function: Function::Table { first: low as i64, values }, ..piece })
}
