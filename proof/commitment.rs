//! Hiding row commitments: `R_i = Σ_j X_{i·L+j}·G_j + ρ_i·H`.

use crate::field::{Affine, point_to_bytes};
#[cfg(feature = "prover")]
use crate::field::{F, Point};
use crate::generators::Generators;
use crate::tensor::Layout;
use blake2b_simd::Params as Blake2b;

/// Version of the commitment's meaning; part of every root.
pub const VERSION: u32 = 1;

/// Blake2b-256 over version, shape, `m`, the generators' id and every row: what a camera signs.
pub fn root(layout: &Layout, rows: &[Affine]) -> [u8; 32] {
    root_of_encoded(layout, &rows.iter().map(point_to_bytes).collect::<Vec<_>>())
}

/// The root of rows in their canonical encoding, which nobody has checked here.
pub fn root_of_encoded(layout: &Layout, rows: &[[u8; 32]]) -> [u8; 32] {
    let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-root-v1").to_state();
    state.update(&VERSION.to_le_bytes());
    for n in [layout.dims.channels, layout.dims.height, layout.dims.width, layout.m, rows.len()] {
        state.update(&(n as u64).to_le_bytes());
    }
    state.update(&Generators::id());
    for row in rows {
        state.update(row);
    }
    let mut root = [0; 32];
    root.copy_from_slice(state.finalize().as_bytes());
    root
}

/// Commits every row of a tensor; one blinder a row, uniform and used nowhere else.
#[cfg(feature = "prover")]
pub fn commit_rows(generators: &Generators, layout: &Layout, cells: &crate::tensor::Cells, blinders: &[F]) -> Vec<Affine> {
    use crate::tensor::Cells;
    assert_eq!(blinders.len(), layout.rows.len(), "one blinder a row");
    assert_eq!(cells.len(), layout.dims.cells(), "one value a cell");
    let points = match cells {
        Cells::U8(v) => commit(generators, layout, v, blinders),
        Cells::U16(v) => commit(generators, layout, v, blinders),
        Cells::U32(v) => commit(generators, layout, v, blinders),
    };
    crate::msm::to_affine(&points)
}

#[cfg(feature = "prover")]
fn commit<T: Copy + Into<u64> + Sync>(generators: &Generators, layout: &Layout, cells: &[T], blinders: &[F]) -> Vec<Point> {
    use crate::msm::{Buckets, FixedBase, SmallSums};
    use rayon::prelude::*;
    let segments = layout.segments();
    let by_row: Vec<_> = segments.chunk_by(|a, b| a.row == b.row).collect();
    let sums = SmallSums::new(generators.rows(layout.m));
    let h = FixedBase::new(&[generators.h]);
    by_row
        .into_par_iter()
        .zip(blinders)
        .map_init(Buckets::default, |buckets, (row, blinder)| {
            let pieces: Vec<_> = row.iter().map(|s| (s.column, &cells[s.cells.clone()])).collect();
            sums.sum(buckets, &pieces) + h.sum(&[*blinder])
        })
        .collect()
}
