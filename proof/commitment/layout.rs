//! How tensors are cut into rows.

use ff::Field;
use zkimg_graph::tensor::{Dims, index_bits};
use zkimg_group::field::{F, eq_table, zero_weight};
use zkimg_group::generators::{MAX_ROW_BITS, MIN_ROW_BITS};

/// A piece of one line that lies in one row: cells `cells` of the tensor stand at `column` of row `row`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The position of the row among the rows that exist.
    pub row: usize,
    /// The first column in the row.
    pub column: usize,
    /// The cells, as a range of the gapless cell vector.
    pub cells: std::ops::Range<usize>,
}

/// How a tensor is cut into rows of `2^m` consecutive flat cells.
///
/// Which rows exist follows from the shape and `m` alone: those that hold a real cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The tensor's shape.
    pub dims: Dims,
    /// `log2` of the row length.
    pub m: usize,
    /// The indices (flat index divided by `2^m`) of the rows that exist, ascending.
    pub rows: Vec<usize>,
}

impl Layout {
    /// How many rows a shape has, without laying them out.
    pub fn count(dims: Dims, m: usize) -> usize {
        let (x, y) = (dims.x_bits(), dims.y_bits());
        if x >= m {
            dims.lines() * dims.width.div_ceil(1 << m)
        } else if x + y >= m {
            dims.channels * dims.height.div_ceil(1 << (m - x))
        } else {
            dims.channels.div_ceil(1 << (m - x - y))
        }
    }

    /// The rows of a shape.
    pub fn new(dims: Dims, m: usize) -> Layout {
        let (x, y) = (dims.x_bits(), dims.y_bits());
        let from = |first: usize, count: usize| first..first + count;
        let rows = if x >= m {
            (0..dims.lines()).flat_map(|line| from(dims.line_start(line) >> m, dims.width.div_ceil(1 << m))).collect()
        } else if x + y >= m {
            (0..dims.channels).flat_map(|c| from(c << (x + y - m), dims.height.div_ceil(1 << (m - x)))).collect()
        } else {
            from(0, dims.channels.div_ceil(1 << (m - x - y))).collect()
        };
        Layout { dims, m, rows }
    }

    /// `n_t = max(m, ξ + η + κ)`: bits of the committed vector.
    pub fn committed_bits(&self) -> usize {
        self.m.max(self.dims.index_bits())
    }

    /// `scale·π·eq(f*_hi, i)` for every row `i`: what its commitment counts when the tensor is opened at `point` among rows of `2^m`
    /// cells.
    ///
    /// `π` is the weight of zero in the bits above the committed vector, where the tensor is zero. A row that is shorter than `2^m` is
    /// weighed there as if zeros followed it, by `Π(1 − f_i)` over the bits that it lacks, and that is divided out.
    pub fn row_weights(&self, point: &[F], m: usize, scale: F) -> Vec<F> {
        let bits = self.committed_bits();
        let missing = zero_weight(&point[self.m..m.max(self.m)]);
        // That this is zero is a term of the account.
        let scale = scale * zero_weight(&point[bits..]) * missing.invert().unwrap_or(F::ZERO);
        let end = self.rows.last().map_or(0, |row| row + 1);
        let eq = eq_table(&point[self.m..bits], end);
        self.rows.iter().map(|row| eq[*row] * scale).collect()
    }

    /// The pieces of lines, row by row.
    pub fn segments(&self) -> Vec<Segment> {
        let length = 1usize << self.m;
        let mut segments = Vec::with_capacity(self.dims.lines());
        let mut row = 0;
        for line in 0..self.dims.lines() {
            let mut flat = self.dims.line_start(line);
            let mut cell = line * self.dims.width;
            let end = cell + self.dims.width;
            while cell < end {
                while self.rows[row] < flat >> self.m {
                    row += 1;
                }
                let column = flat & (length - 1);
                let count = (length - column).min(end - cell);
                segments.push(Segment { row, column, cells: cell..cell + count });
                cell += count;
                flat += count;
            }
        }
        segments
    }
}

/// `m` for a picture: rows near the square root of its cells, so that a proof carries a few hundred of them.
///
/// Fixed by the shape alone, so that it is never a choice.
pub fn row_bits(dims: &Dims) -> usize {
    (index_bits(dims.cells()) / 2 + 3).clamp(MIN_ROW_BITS, MAX_ROW_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_lies_in_exactly_one_segment_at_its_flat_index() {
        for (c, h, w, m) in [
            (3, 5, 6, 4),
            (1, 1, 1, 4),
            (3, 7, 33, 3),
            (2, 3, 2, 6),
            (1, 9, 1, 2),
            (4, 1, 100, 5),
            (3, 2, 2, 3),
            (4, 2, 2, 3),
            (3, 2, 2, 2),
            (3, 9, 5, 4),
        ] {
            let dims = Dims::new(c, h, w).expect("dims");
            let layout = Layout::new(dims, m);
            assert_eq!(Layout::count(dims, m), layout.rows.len());
            let mut seen = vec![0; dims.cells()];
            for s in layout.segments() {
                for (i, cell) in s.cells.clone().enumerate() {
                    let (line, x) = (cell / w, cell % w);
                    assert_eq!((layout.rows[s.row] << m) + s.column + i, dims.flat(line / h, line % h, x));
                    assert!(s.column + i < 1 << m);
                    seen[cell] += 1;
                }
            }
            assert!(seen.iter().all(|n| *n == 1));
        }
    }
}
