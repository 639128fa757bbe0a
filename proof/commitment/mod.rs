//! Hiding row commitments: `R_i = Σ_j X_{i·L+j}·G_j + ρ_i·H`.

mod layout;

pub use layout::{Layout, Segment, row_bits};

use blake2b_simd::Params as Blake2b;
use zkimg_graph::graph::Kind;
use zkimg_graph::tensor::Bounds;
use zkimg_group::field::{Affine, point_to_bytes};
#[cfg(feature = "prover")]
use zkimg_group::field::{F, Point};
use zkimg_group::generators::Generators;

/// Version of the commitment's meaning; part of every root.
pub const VERSION: u32 = 1;

/// The root of a picture: what a camera signs.
pub fn root(layout: &Layout, rows: &[Affine]) -> [u8; 32] {
    root_of_encoded(layout, &rows.iter().map(point_to_bytes).collect::<Vec<_>>())
}

/// The root of a picture's rows in their canonical encoding, which nobody has checked here.
pub fn root_of_encoded(layout: &Layout, rows: &[[u8; 32]]) -> [u8; 32] {
    value_root(Kind::Picture, Bounds::BYTE, layout, rows)
}

/// Blake2b-256 over version, kind, bounds, shape, `m`, the generators' id and every row: who compares roots compares them all.
///
/// Pictures of bytes came first, and have a personalisation of their own instead of a kind and bounds.
pub fn value_root(kind: Kind, bounds: Bounds, layout: &Layout, rows: &[[u8; 32]]) -> [u8; 32] {
    let picture = kind == Kind::Picture && bounds == Bounds::BYTE;
    let personal: &[u8] = if picture { b"zkimg-root-v1" } else { b"zkimg-value-v1" };
    let mut state = Blake2b::new().hash_length(32).personal(personal).to_state();
    state.update(&VERSION.to_le_bytes());
    if !picture {
        state.update(&kind.number().to_le_bytes()).update(&bounds.low.to_le_bytes()).update(&bounds.high.to_le_bytes());
    }
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
pub fn commit_rows(generators: &Generators, layout: &Layout, cells: &zkimg_graph::tensor::Cells, blinders: &[F]) -> Vec<Affine> {
    commit_rows_over((generators.rows(layout.m), generators.h), layout, cells, blinders)
}

/// The same over these generators of rows, and this one of blinders.
#[cfg(feature = "prover")]
pub fn commit_rows_over(bases: (&[Affine], Affine), layout: &Layout, cells: &zkimg_graph::tensor::Cells, blinders: &[F]) -> Vec<Affine> {
    use zkimg_graph::tensor::Cells;
    assert_eq!(blinders.len(), layout.rows.len(), "one blinder a row");
    assert_eq!(cells.len(), layout.dims.cells(), "one value a cell");
    let points = match cells {
        Cells::U8(v) => commit(bases, layout, v, Base::frequent(v), blinders),
        Cells::U16(v) => commit(bases, layout, v, Base::frequent(v), blinders),
        Cells::U32(v) => commit(bases, layout, v, Base::default(), blinders),
        Cells::I16(v) => commit_signed(bases, layout, v, blinders),
        Cells::I64(v) => commit_signed(bases, layout, v, blinders),
    };
    zkimg_group::msm::to_affine(&points)
}

/// What sums leave out of every cell, and what is put back at once for all cells of a row.
#[cfg(feature = "prover")]
#[derive(Clone, Copy, Default)]
struct Base {
    /// Cells of this value cost nothing.
    zero: u64,
    /// What they are worth.
    worth: u64,
}

#[cfg(feature = "prover")]
impl Base {
    /// The value that more than half of the cells have, or 0.
    fn frequent<T: Copy + Into<u16>>(cells: &[T]) -> Base {
        let mut counts = vec![0usize; 1 << 16];
        cells.iter().for_each(|cell| counts[usize::from((*cell).into())] += 1);
        let value = counts.iter().position(|count| 2 * count > cells.len()).unwrap_or(0) as u64;
        Base { zero: value, worth: value }
    }
}

/// Signed cells are moved by 2^63, and so is zero.
#[cfg(feature = "prover")]
fn commit_signed<T: Copy + Into<i64>>(bases: (&[Affine], Affine), layout: &Layout, cells: &[T], blinders: &[F]) -> Vec<Point> {
    const ZERO: u64 = 1 << 63;
    let moved: zeroize::Zeroizing<Vec<u64>> =
        zeroize::Zeroizing::new(cells.iter().map(|cell| (*cell).into().cast_unsigned() ^ ZERO).collect());
    commit(bases, layout, &moved, Base { zero: ZERO, worth: 0 }, blinders)
}

/// Cells with the value `base` cost nothing: their part of a row is [`flat_rows`]'s.
#[cfg(feature = "prover")]
fn commit<T: Copy + Into<u64> + Sync>(
    (generators, blinder): (&[Affine], Affine),
    layout: &Layout,
    cells: &[T],
    base: Base,
    blinders: &[F],
) -> Vec<Point> {
    use rayon::prelude::*;
    use zkimg_group::msm::{FixedBase, SmallSums};
    let segments = layout.segments();
    let by_row: Vec<&[Segment]> = segments.chunk_by(|a, b| a.row == b.row).collect();
    let sums = SmallSums::new(generators);
    let h = FixedBase::new(&[blinder]);
    let flat = flat_rows(&sums, &by_row, base.worth);
    (by_row, blinders, flat)
        .into_par_iter()
        .map(|(row, blinder, flat)| {
            let pieces: Vec<_> = row.iter().map(|s| (s.column, &cells[s.cells.clone()])).collect();
            sums.sum(&pieces, base.zero) + flat + h.sum(&[*blinder])
        })
        .collect()
}

/// Each row as if all its cells were `base`; computed once for all rows whose cells stand in the same columns.
#[cfg(feature = "prover")]
fn flat_rows(sums: &zkimg_group::msm::SmallSums, rows: &[&[Segment]], base: u64) -> Vec<Point> {
    use group::Group;
    let mut known: Vec<(Vec<(usize, usize)>, Point)> = Vec::new();
    let row = |row: &&[Segment]| {
        let columns: Vec<(usize, usize)> = row.iter().map(|s| (s.column, s.cells.len())).collect();
        if let Some((_, point)) = known.iter().find(|(same, _)| *same == columns) {
            return *point;
        }
        let ones = vec![1u8; columns.iter().map(|(_, len)| *len).max().unwrap_or(0)];
        let pieces: Vec<_> = columns.iter().map(|(column, len)| (*column, &ones[..*len])).collect();
        let point = sums.sum(&pieces, 0) * F::from(base);
        known.push((columns, point));
        point
    };
    if base == 0 { vec![Point::identity(); rows.len()] } else { rows.iter().map(row).collect() }
}
