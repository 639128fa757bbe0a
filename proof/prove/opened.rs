//! The vector that the opening shows: the rows' combination.

use crate::commitment::{Layout, Segment};
use ff::Field;
use rayon::prelude::*;
use std::ops::Range;
use zkimg_graph::tensor::Cells;
use zkimg_group::dot::{Limbs, Narrow, Sum, add_scaled};
use zkimg_group::field::{F, from_i64};

/// `a[j] = Σ_t Σ_i weight_t[i]·X_t[i·L + j]`.
pub fn opened_vector(m: usize, parts: &[(&Layout, &Cells, Vec<F>)]) -> Vec<F> {
    let mut a = vec![F::ZERO; 1 << m];
    for (layout, cells, weights) in parts {
        match cells {
            Cells::U8(cells) => add_rows(&mut a, layout, cells, weights),
            Cells::U16(cells) => add_rows(&mut a, layout, cells, weights),
            Cells::U32(cells) => add_wide_rows(&mut a, layout, cells, weights),
            Cells::I16(cells) => add_wide_rows(&mut a, layout, cells, weights),
            Cells::I64(cells) => add_wide_rows(&mut a, layout, cells, weights),
        }
    }
    a
}

/// Columns that are summed up together.
const BLOCK: usize = 256;

/// Does something with the pieces of rows that stand in each block of columns, on every core: the block, and of each piece its row,
/// its first column in the block and its cells.
fn by_block(a: &mut [F], layout: &Layout, add: impl Fn(&mut [F], &mut dyn Iterator<Item = (usize, usize, Range<usize>)>) + Sync) {
    let segments = layout.segments();
    a.par_chunks_mut(BLOCK).enumerate().for_each(|(i, a)| {
        let (start, end) = (i * BLOCK, i * BLOCK + a.len());
        let piece = |s: &Segment| {
            let (from, to) = (s.column.max(start), (s.column + s.cells.len()).min(end));
            let first = s.cells.start + from.saturating_sub(s.column);
            (from < to).then(|| (s.row, from - start, first..first + to - from))
        };
        add(a, &mut segments.iter().filter_map(piece));
    });
}

fn add_wide_rows<T: Copy + Into<i64> + Sync>(a: &mut [F], layout: &Layout, cells: &[T], weights: &[F]) {
    by_block(a, layout, |a, pieces| {
        for (row, column, piece) in pieces {
            let weight = weights[row];
            a[column..].iter_mut().zip(&cells[piece]).for_each(|(a, cell)| *a += weight * from_i64((*cell).into()));
        }
    });
}

fn add_rows<T: Narrow>(a: &mut [F], layout: &Layout, cells: &[T], weights: &[F]) {
    let weights: Vec<Limbs> = weights.iter().map(Limbs::from).collect();
    by_block(a, layout, |a, pieces| {
        let mut sums = vec![Sum::default(); a.len()];
        let mut count = 0;
        for (row, column, piece) in pieces {
            add_scaled(&mut sums[column..column + piece.len()], &weights[row], &cells[piece]);
            count += 1;
            if count == zkimg_group::dot::CAPACITY {
                a.iter_mut().zip(&mut sums).for_each(|(a, s)| *a += std::mem::take(s).reduce());
                count = 0;
            }
        }
        a.iter_mut().zip(&sums).for_each(|(a, s)| *a += s.reduce());
    });
}
