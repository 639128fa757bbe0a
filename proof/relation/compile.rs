//! From steps to lookups and equalities.

use super::{Equality, Form, Lookup, MAX_LEAF_BITS, MAX_TENSORS, Operand, Output, Relation, Space, Table, Term, Values, most_rows};
use crate::field::{F, from_i128};
use crate::fuse::fuse_all;
use crate::generators::{MAX_ROW_BITS, MIN_ROW_BITS};
use crate::linear::{AxisMap, LinearMap};
use crate::step::{BadStep, Budget, Function, Piece, Region, Step};
use crate::tensor::{BadDims, Dims, Layout};
use ff::Field;
use std::sync::Arc;

/// A chain of steps that cannot be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRelation {
    /// A step that is wrong in itself.
    #[error(transparent)]
    Step(#[from] BadStep),
    /// A shape beyond the limits.
    #[error(transparent)]
    Dims(#[from] BadDims),
    /// Rows longer or shorter than the generators allow.
    #[error("rows of 2^{0} cells are not supported (2^{MIN_ROW_BITS} to 2^{MAX_ROW_BITS})")]
    Rows(usize),
    /// A step that does not start where the one before it ends.
    #[error("step {0} does not start from the picture before it")]
    Chain(usize),
    /// More to commit than one proof holds.
    #[error("the edits need more hidden pictures than one proof can hold ({MAX_TENSORS})")]
    Tensors,
    /// More commitments than one proof holds.
    #[error(
        "the pictures between the edits are too large for a proof that begins and ends with these ({0} rows of commitments, at most {1})"
    )]
    TooManyRows(usize, usize),
    /// More to look up than one proof holds.
    #[error("the edits need 2^{0} lookups, more than one proof can hold (2^{MAX_LEAF_BITS})")]
    Lookups(usize),
}

struct Builder {
    m: usize,
    tensors: Vec<Layout>,
    /// Of all tensors.
    rows: usize,
    most_rows: usize,
    tables: Vec<Table>,
    lookups: Vec<Lookup>,
    equalities: Vec<Equality>,
    /// What is known of functions that boxes may share: [`Function::least_excess`].
    excesses: Vec<(Function, i64)>,
}

/// A picture a form can read: the operand and its shape.
#[derive(Clone)]
struct Picture {
    operand: Operand,
    dims: Dims,
}

impl Picture {
    fn times(&self, scale: F, map: LinearMap) -> Term {
        Term { scale, operand: self.operand.clone(), map }
    }

    fn part(&self, scale: F, region: &Region) -> Term {
        let axis = |n: usize, part: &std::ops::Range<usize>| AxisMap::interval(n, part.clone());
        let mix = region.channels.clone().map(|c| (0..self.dims.channels).map(|i| i32::from(i == c)).collect());
        let term = crate::linear::Term {
            mix: mix.collect(),
            vertical: axis(self.dims.height, &region.rows),
            horizontal: axis(self.dims.width, &region.columns),
        };
        self.times(scale, LinearMap::new(self.dims, false, vec![term]))
    }
}

impl Builder {
    fn tensor(&mut self, dims: Dims) -> Result<Picture, BadRelation> {
        if self.tensors.len() >= MAX_TENSORS {
            return Err(BadRelation::Tensors);
        }
        self.rows += Layout::count(dims, self.m);
        if self.rows > self.most_rows {
            return Err(BadRelation::TooManyRows(self.rows, self.most_rows));
        }
        self.tensors.push(Layout::new(dims, self.m));
        Ok(Picture { operand: Operand::Tensor(self.tensors.len() - 1), dims })
    }

    fn least_excess(&mut self, function: &Function) -> i64 {
        if let Some((_, known)) = self.excesses.iter().find(|(known, _)| known.is(function)) {
            return *known;
        }
        let least = function.least_excess();
        self.excesses.push((function.clone(), least));
        least
    }

    fn table(&mut self, table: Table) -> usize {
        self.tables.iter().position(|t| *t == table).unwrap_or_else(|| {
            self.tables.push(table);
            self.tables.len() - 1
        })
    }

    fn range_lookup(&mut self, len: usize, dims: Dims, key: Form) {
        let table = self.table(Table { first: 0, values: Values::Range(len) });
        self.lookups.push(Lookup { table, dims, key, value: Form { constant: F::ZERO, terms: Vec::new() } });
    }

    fn function_lookup(&mut self, first: i64, values: &Arc<[u8]>, dims: Dims, key: Form, result: Term) {
        let table = self.table(Table { first, values: Values::Bytes(values.clone()) });
        self.lookups.push(Lookup { table, dims, key, value: Form { constant: F::ZERO, terms: vec![result] } });
    }

    /// Says that `y` on the piece's box is what the piece makes of `x`.
    fn piece(&mut self, piece: &Piece, x: &Picture, y: &Picture) -> Result<(), BadRelation> {
        let dims = piece.map.output();
        let bias = from_i128(piece.bias.into());
        // A·x, and what the statement adds to it.
        let mut values = vec![x.times(F::ONE, piece.map.clone())];
        if let Some(offsets) = &piece.offsets {
            values.push(Term { scale: F::ONE, operand: Operand::Public(offsets.clone()), map: LinearMap::identity(dims) });
        }
        let scaled = |scale: F| values.iter().map(move |term| Term { scale, ..term.clone() });
        let result = y.part(F::ONE, &piece.region);
        let divisor = F::from(u64::from(piece.divisor));
        match (&piece.function, piece.divisor) {
            (Function::Identity, 1) => {
                let terms = std::iter::once(result).chain(scaled(-F::ONE)).collect();
                self.equalities.push(Equality { dims, form: Form { constant: -bias, terms } });
            }
            // q = y, so r = v − D·y is a form and needs no commitment; a hidden y must then be shown to be a byte.
            (Function::Identity, _) => {
                let quotient = Term { scale: -divisor, ..result.clone() };
                let remainder = Form { constant: bias, terms: scaled(F::ONE).chain([quotient]).collect() };
                self.range_lookup(piece.divisor as usize, dims, remainder);
                if y.operand != Operand::Output {
                    self.range_lookup(256, dims, Form { constant: F::ZERO, terms: vec![result] });
                }
            }
            (Function::Table { first, values }, 1) => {
                let key = Form { constant: bias, terms: scaled(F::ONE).collect() };
                self.function_lookup(*first, values, dims, key, result);
            }
            // e = q − y − least is committed, so q = y + e + least and r = v − D·q are forms. r in its range and (q, y) in the
            // table, of integers, make q the quotient.
            (Function::Table { first, values }, _) => {
                let least = from_i128(self.least_excess(&piece.function).into());
                let excess = self.tensor(dims)?.part(F::ONE, &Region::whole(dims));
                let quotient = |scale: F| [&result, &excess].map(|term| Term { scale: scale * term.scale, ..term.clone() });
                let remainder = scaled(F::ONE).chain(quotient(-divisor)).collect();
                self.range_lookup(piece.divisor as usize, dims, Form { constant: bias - divisor * least, terms: remainder });
                let key = Form { constant: least, terms: quotient(F::ONE).into() };
                self.function_lookup(*first, values, dims, key, result);
            }
        }
        Ok(())
    }
}

impl Relation {
    /// Compiles a chain of steps over an input picture committed in rows of `2^m` cells.
    pub fn compile(input: Dims, m: usize, steps: &[Step], output: Output) -> Result<Relation, BadRelation> {
        if !(MIN_ROW_BITS..=MAX_ROW_BITS).contains(&m) {
            return Err(BadRelation::Rows(m));
        }
        let mut end = input;
        for (i, step) in steps.iter().enumerate() {
            if step.input() != end {
                return Err(BadRelation::Chain(i));
            }
            end = step.output();
        }
        let mut budget = Budget::chain(input);
        steps.iter().try_for_each(|step| budget.take(step))?;
        let steps = fuse_all(input, steps)?;
        // Pictures in between are no larger than those at the ends, or not by much: an honest proof has no more rows.
        let most_rows = most_rows(input, end, m);
        let mut builder = Builder {
            m,
            tensors: Vec::new(),
            rows: 0,
            most_rows,
            tables: Vec::new(),
            lookups: Vec::new(),
            equalities: Vec::new(),
            excesses: Vec::new(),
        };
        let mut x = builder.tensor(input)?;
        let mut hidden_output = None;
        for (i, step) in steps.iter().enumerate() {
            let last = i + 1 == steps.len();
            let y = if last && output == Output::Revealed {
                Picture { operand: Operand::Output, dims: step.output() }
            } else {
                builder.tensor(step.output())?
            };
            for piece in step.pieces() {
                builder.piece(piece, &x, &y)?;
            }
            if let (true, Operand::Tensor(id)) = (last, &y.operand) {
                hidden_output = Some(*id);
            }
            x = y;
        }
        let length: usize = builder.tables.iter().map(Table::len).sum();
        if length > 0 {
            builder.tensor(Dims::vector(length)?)?;
        }
        let mut leaf_bits: Vec<usize> = builder.lookups.iter().map(|l| l.dims.index_bits()).collect();
        leaf_bits.extend(builder.tables.iter().map(|t| crate::field::index_bits(t.len())));
        let equal_bits: Vec<usize> = builder.equalities.iter().map(|e| e.dims.index_bits()).collect();
        let leaves = Space::new(&leaf_bits);
        if leaves.bits > MAX_LEAF_BITS {
            return Err(BadRelation::Lookups(leaves.bits));
        }
        Ok(Relation {
            m,
            tensors: builder.tensors,
            tables: builder.tables,
            lookups: builder.lookups,
            equalities: builder.equalities,
            output: x.dims,
            hidden_output,
            equal: Space::new(&equal_bits),
            leaves,
            steps,
        })
    }
}
