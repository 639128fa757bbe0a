//! The vector that the opening shows: the rows' combination.

use crate::commitment::Layout;
use ff::Field;
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

fn add_wide_rows<T: Copy + Into<i64>>(a: &mut [F], layout: &Layout, cells: &[T], weights: &[F]) {
    for s in layout.segments() {
        let weight = weights[s.row];
        a[s.column..].iter_mut().zip(&cells[s.cells]).for_each(|(a, cell)| *a += weight * from_i64((*cell).into()));
    }
}

fn add_rows<T: Narrow>(a: &mut [F], layout: &Layout, cells: &[T], weights: &[F]) {
    use rayon::prelude::*;
    const BLOCK: usize = 256;
    let weights: Vec<Limbs> = weights.iter().map(Limbs::from).collect();
    let segments = layout.segments();
    a.par_chunks_mut(BLOCK).enumerate().for_each(|(i, a)| {
        let (start, end) = (i * BLOCK, i * BLOCK + a.len());
        let mut sums = vec![Sum::default(); a.len()];
        let mut count = 0;
        for s in &segments {
            let (from, to) = (s.column.max(start), (s.column + s.cells.len()).min(end));
            if from >= to {
                continue;
            }
            let first = s.cells.start + from - s.column;
            add_scaled(&mut sums[from - start..to - start], &weights[s.row], &cells[first..first + to - from]);
            count += 1;
            if count == zkimg_group::dot::CAPACITY {
                a.iter_mut().zip(&mut sums).for_each(|(a, s)| *a += std::mem::take(s).reduce());
                count = 0;
            }
        }
        a.iter_mut().zip(&sums).for_each(|(a, s)| *a += s.reduce());
    });
}
