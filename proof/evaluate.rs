//! A step's integers, computed: the one place where preview and prover get their pixels from.

use crate::linear::Line;
use crate::step::{Function, Piece, Step};
use crate::tensor::Cells;
use rayon::prelude::*;

/// What a piece makes of a picture, cell after cell of its box.
pub struct Values {
    /// `y`.
    pub output: Vec<u8>,
    /// `r`; empty unless it was wanted.
    pub remainders: Cells,
    /// `q` less the first quotient of the piece's table; empty unless it was wanted.
    pub quotients: Cells,
}

/// What of a cell's values is kept: nothing, or an integer known to fit.
trait Kept: Clone + Default + Send {
    fn keep(value: u32) -> Self;
}

macro_rules! kept {
    ($($integer:ty)*) => {
        $(impl Kept for $integer {
            fn keep(value: u32) -> $integer {
                value as $integer
            }
        })*
    };
}
kept!(u8 u16 u32);

impl Kept for () {
    fn keep(_: u32) {}
}

impl Piece {
    /// Splits a value, that of the box's cell `cell`, into remainder, quotient and the function's value: `(r, q, y)`.
    fn split(&self, cell: usize, value: i64) -> (u32, i64, u8) {
        let v = value + self.bias + self.offsets.as_ref().map_or(0, |offsets| offsets[cell].into());
        let (q, r) = if self.divisor == 1 {
            (v, 0)
        } else {
            let divisor = i64::from(self.divisor);
            let q = v.div_euclid(divisor);
            (q, (v - q * divisor) as u32)
        };
        let y = match &self.function {
            Function::Identity => q as u8,
            Function::Table { first, values } => values[(q - first) as usize],
        };
        (r, q, y)
    }

    /// Applies the piece to a picture (planar, of the map's input shape).
    pub fn evaluate(&self, input: &[u8], remainders: bool, quotients: bool) -> Values {
        let quotients = match &self.function {
            Function::Table { values, .. } if quotients => values.len(),
            _ => 0,
        };
        // Each in the narrowest type.
        match (if remainders { self.divisor } else { 0 }, quotients) {
            (0, 0) => self.fill::<(), ()>(input, |_| no_cells(), |_| no_cells()),
            (0, ..=0x100) => self.fill(input, |_: Vec<()>| no_cells(), Cells::U8),
            (0, ..=0x1_0000) => self.fill(input, |_: Vec<()>| no_cells(), Cells::U16),
            (0, _) => self.fill(input, |_: Vec<()>| no_cells(), Cells::U32),
            (..=0x100, 0) => self.fill(input, Cells::U8, |_: Vec<()>| no_cells()),
            (..=0x100, ..=0x100) => self.fill(input, Cells::U8, Cells::U8),
            (..=0x100, ..=0x1_0000) => self.fill(input, Cells::U8, Cells::U16),
            (..=0x100, _) => self.fill(input, Cells::U8, Cells::U32),
            (_, 0) => self.fill(input, Cells::U16, |_: Vec<()>| no_cells()),
            (_, ..=0x100) => self.fill(input, Cells::U16, Cells::U8),
            (_, ..=0x1_0000) => self.fill(input, Cells::U16, Cells::U16),
            (_, _) => self.fill(input, Cells::U16, Cells::U32),
        }
    }

    fn fill<R: Kept, Q: Kept>(&self, input: &[u8], remainders: impl Fn(Vec<R>) -> Cells, quotients: impl Fn(Vec<Q>) -> Cells) -> Values {
        let dims = self.map.output();
        let first = match &self.function {
            Function::Identity => 0,
            Function::Table { first, .. } => *first,
        };
        let applied = self.map.applied(input);
        let mut output = vec![0; dims.cells()];
        let (mut r, mut q) = (vec![R::default(); dims.cells()], vec![Q::default(); dims.cells()]);
        let lines = (output.par_chunks_mut(dims.width), r.par_chunks_mut(dims.width), q.par_chunks_mut(dims.width));
        lines.into_par_iter().enumerate().with_min_len(8).for_each_init(Line::default, |line, (i, (output, r, q))| {
            let values = applied.line(i / dims.height, i % dims.height, line);
            let kept = output.iter_mut().zip(r).zip(q);
            for (((output, r), q), (cell, value)) in kept.zip((i * dims.width..).zip(values)) {
                let (remainder, quotient, y) = self.split(cell, *value);
                (*output, *r, *q) = (y, R::keep(remainder), Q::keep((quotient - first) as u32));
            }
        });
        Values { output, remainders: remainders(r), quotients: quotients(q) }
    }
}

fn no_cells() -> Cells {
    Cells::U8(Vec::new())
}

impl Step {
    /// Applies the step to a picture (planar, of the step's input shape).
    pub fn apply(&self, cells: &[u8]) -> Vec<u8> {
        let mut output = vec![0; self.output().cells()];
        for piece in self.pieces() {
            self.place(piece, &piece.evaluate(cells, false, false).output, &mut output);
        }
        output
    }

    /// Puts a piece's cells where they belong in the output.
    pub(crate) fn place(&self, piece: &Piece, cells: &[u8], output: &mut [u8]) {
        let (dims, region) = (self.output(), &piece.region);
        let lines = region.channels.clone().flat_map(|c| region.rows.clone().map(move |y| c * dims.height + y));
        for (line, cells) in lines.zip(cells.chunks_exact(region.columns.len())) {
            output[line * dims.width..][region.columns.clone()].copy_from_slice(cells);
        }
    }
}
