//! A node's integers, computed: the one place where preview and prover get their pixels from.

use crate::graph::{self, Graph, Owner, Part, ValueId};
use crate::linear::{Line, signed};
use crate::step::{Function, Piece, Region, Step};
use crate::tensor::{Bounds, Cells, CellsRef, Dims};
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

/// What a part makes of its operands, cell after cell of its box. Secret.
pub struct Values {
    /// `y`.
    pub result: Cells,
    /// `r`; empty unless it was wanted.
    pub remainders: Cells,
    /// `q` less [`Values::first`]; empty unless it was wanted.
    pub quotients: Cells,
    /// The first quotient of the part's table.
    pub first: i64,
}

crate::opaque!(Values);

impl Values {
    /// Of no cell.
    pub fn none() -> Values {
        Values { result: no_cells(), remainders: no_cells(), quotients: no_cells(), first: 0 }
    }
}

impl Zeroize for Values {
    fn zeroize(&mut self) {
        [&mut self.result, &mut self.remainders, &mut self.quotients].into_iter().for_each(Zeroize::zeroize);
    }
}

/// What a part of a node, whose result has these bounds, makes of the values before it.
pub fn evaluate_part<'a>(
    graph: &Graph,
    part: &Part,
    bounds: Bounds,
    known: &dyn Fn(ValueId) -> CellsRef<'a>,
    remainders: bool,
    quotients: bool,
) -> Values {
    if let Some(piece) = part.as_piece(graph, bounds)
        && let Some(CellsRef::U8(input)) = part.terms.first().map(|(x, _)| known(*x))
    {
        return piece.evaluate(input, remainders, quotients);
    }
    let dims = part.region.dims().expect("a box that was checked");
    let mut sums = Zeroizing::new(vec![part.bias; dims.cells()]);
    let mut add = |cells: Vec<i64>| {
        let cells = Zeroizing::new(cells);
        sums.iter_mut().zip(cells.iter()).for_each(|(sum, cell)| *sum += cell);
    };
    for (id, map) in &part.terms {
        add(match known(*id) {
            CellsRef::U8(cells) => map.apply_to_bytes(cells),
            cells => map.apply(&Zeroizing::new(cells.widened())),
        });
    }
    for product in &part.products {
        let [left, right] = product.operands.map(|id| Zeroizing::new(known(id).widened()));
        add(product.contraction.evaluate(&left, &right));
    }
    let divisor = part.divisor.cast_signed();
    let (first, length) = match &part.function {
        graph::Function::Identity => (0, 0),
        graph::Function::Table { first, values } => (*first, signed(values.len())),
    };
    let cells = |value: &(dyn Fn(i64) -> i64 + Sync), bounds| Cells::collect(sums.iter().map(|v| value(*v)), bounds);
    let counted = |count: i64| Bounds { low: 0, high: count - 1 };
    Values {
        result: cells(&|v| part.function.of(v.div_euclid(divisor)), bounds),
        remainders: if remainders { cells(&|v| v.rem_euclid(divisor), counted(divisor)) } else { no_cells() },
        quotients: if quotients { cells(&|v| v.div_euclid(divisor) - first, counted(length)) } else { no_cells() },
        first,
    }
}

impl Graph {
    /// What every node makes of the inputs, given in order. Secret; wiped when dropped.
    ///
    /// # Panics
    /// If there are more or fewer inputs than the graph has, or one has another shape or a cell outside its bounds.
    pub fn evaluate(&self, inputs: &[CellsRef<'_>]) -> Vec<Zeroizing<Cells>> {
        let places: Vec<ValueId> = self.inputs().map(|(id, _)| id).collect();
        assert_eq!(places.len(), inputs.len(), "one tensor an input");
        for (id, cells) in places.iter().zip(inputs) {
            let value = self.get(*id);
            assert!(cells.len() == value.dims.cells() && cells.are_within(value.bounds), "an input of another shape or bounds");
        }
        let mut made: Vec<Zeroizing<Cells>> = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            let value = self.get(node.result);
            let known = |id: ValueId| match &self.get(id).owner {
                Owner::Public(cells) => cells.view(),
                Owner::Input { .. } => inputs[places.binary_search(&id).expect("an input of the graph")],
                Owner::Node => {
                    let at = self.nodes().binary_search_by_key(&id, |node| node.result).expect("a node before this one");
                    made[at].view()
                }
            };
            let mut cells = Zeroizing::new(Cells::collect(std::iter::repeat_n(0, value.dims.cells()), value.bounds));
            for part in &node.parts {
                let mut values = evaluate_part(self, part, value.bounds, &known, false, false);
                cells.place(value.dims, &part.region, &values.result);
                values.zeroize();
            }
            made.push(cells);
        }
        made
    }
}

/// What of a cell's values is kept: nothing, or an integer known to fit.
trait Kept: Clone + Default + Send {
    fn keep(value: i64) -> Self;
}

macro_rules! kept {
    ($($integer:ty)*) => {
        $(impl Kept for $integer {
            fn keep(value: i64) -> $integer {
                value as $integer
            }
        })*
    };
}
kept!(u8 u16 u32 i64);

impl Kept for () {
    fn keep(_: i64) {}
}

impl Piece {
    /// Splits a value, that of the box's cell `cell`, into remainder, quotient and the function's value: `(r, q, y)`.
    fn split(&self, cell: usize, value: i64) -> (i64, i64, u8) {
        let v = value + self.bias + self.offsets.as_ref().map_or(0, |offsets| offsets[cell].into());
        let (q, r) = if self.divisor == 1 {
            (v, 0)
        } else {
            let divisor = self.divisor.cast_signed();
            let q = v.div_euclid(divisor);
            (q, v - q * divisor)
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
        match if remainders { self.divisor } else { 0 } {
            0 => self.fill_quotients(input, |_: Vec<()>| no_cells(), quotients),
            1..=0x100 => self.fill_quotients(input, Cells::U8, quotients),
            0x101..=0x1_0000 => self.fill_quotients(input, Cells::U16, quotients),
            0x1_0001..=0x1_0000_0000 => self.fill_quotients(input, Cells::U32, quotients),
            _ => self.fill_quotients(input, Cells::I64, quotients),
        }
    }

    fn fill_quotients<R: Kept>(&self, input: &[u8], remainders: impl Fn(Vec<R>) -> Cells, quotients: usize) -> Values {
        match quotients {
            0 => self.fill(input, remainders, |_: Vec<()>| no_cells()),
            1..=0x100 => self.fill(input, remainders, Cells::U8),
            0x101..=0x1_0000 => self.fill(input, remainders, Cells::U16),
            _ => self.fill(input, remainders, Cells::U32),
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
                (*output, *r, *q) = (y, R::keep(remainder), Q::keep(quotient - first));
            }
        });
        Values { result: Cells::U8(output), remainders: remainders(r), quotients: quotients(q), first }
    }
}

fn no_cells() -> Cells {
    Cells::U8(Vec::new())
}

impl Step {
    /// Applies the step to a picture (planar, of the step's input shape).
    pub fn apply(&self, cells: &[u8]) -> Vec<u8> {
        let mut output = Cells::U8(vec![0; self.output().cells()]);
        for piece in self.pieces() {
            let mut values = piece.evaluate(cells, false, false);
            output.place(self.output(), &piece.region, &values.result);
            values.zeroize();
        }
        match output {
            Cells::U8(output) => output,
            _ => unreachable!("made of bytes"),
        }
    }
}

impl Cells {
    /// Puts a box's cells, of the same type, where they belong.
    ///
    /// # Panics
    /// If they are of another type.
    pub fn place(&mut self, dims: Dims, region: &Region, cells: &Cells) {
        fn all<T: Copy>(into: &mut [T], dims: Dims, region: &Region, cells: &[T]) {
            let lines = region.channels.clone().flat_map(|c| region.rows.clone().map(move |y| c * dims.height + y));
            for (line, cells) in lines.zip(cells.chunks_exact(region.columns.len())) {
                into[line * dims.width..][region.columns.clone()].copy_from_slice(cells);
            }
        }
        match (self, cells) {
            (Cells::U8(into), Cells::U8(cells)) => all(into, dims, region, cells),
            (Cells::U16(into), Cells::U16(cells)) => all(into, dims, region, cells),
            (Cells::U32(into), Cells::U32(cells)) => all(into, dims, region, cells),
            (Cells::I16(into), Cells::I16(cells)) => all(into, dims, region, cells),
            (Cells::I64(into), Cells::I64(cells)) => all(into, dims, region, cells),
            _ => unreachable!("boxes of one value have one type"),
        }
    }
}
