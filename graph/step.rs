//! One step of an edit: a public linear map, a rounded division, a table.
//!
//! `v = A·x + b`, `v = D·q + r` with `0 ≤ r < D`, `y = f(q)`, on each of a few disjoint boxes that cover the
//! output. This is the one meaning of an edit's integers: preview and prover run the one evaluation of it, the
//! verifier checks the same `A`, `b`, `D` and `f`.

use crate::linear::LinearMap;
use crate::tensor::{Bounds, Dims, MAX_PICTURE_CHANNELS};
use std::ops::Range;
use std::sync::Arc;

/// The largest divisor. Remainders of those above 2^16 are shown in limbs.
pub const MAX_DIVISOR: u64 = 1 << 40;
/// No value, nor any sum on the way to it, reaches this: far from the field's 2^254, and within an `i64`.
pub const MAX_MAGNITUDE: i128 = 1 << 60;
/// The most entries of a function's table.
pub const MAX_TABLE: usize = 1 << 20;
/// The most boxes of one step.
pub const MAX_PIECES: usize = 1 << 10;
/// The most taps that the maps of a whole chain may have: the widest filter on the largest photos, once. A recipe of a few
/// bytes could ask for any number.
pub const MAX_TAPS: usize = 1 << 27;

/// The most work ([`Step::work`]) of a chain: a filter of the widest kernel, or some thousand boxes. A recipe of a few bytes
/// could ask for any number.
pub const MAX_WORK: usize = 1 << 21;
/// So much more for each line and column that a chain begins and ends with: one resizing, on pictures of any size.
const WORK_A_SIDE: usize = 12;
/// And so much for each step: what the usual ones take, so that no honest chain is too long.
const WORK_A_STEP: usize = 1 << 13;
/// What checking a box takes besides its taps, in products of the field or so.
const PIECE_WORK: usize = 512;
/// How many of a table's entries take as long as one product.
const ENTRIES_A_PRODUCT: usize = 8;

/// A box of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Channels.
    pub channels: Range<usize>,
    /// Rows.
    pub rows: Range<usize>,
    /// Columns.
    pub columns: Range<usize>,
}

impl Region {
    /// All of a picture.
    pub fn whole(dims: Dims) -> Region {
        Region { channels: 0..dims.channels, rows: 0..dims.height, columns: 0..dims.width }
    }

    /// The box's shape; `None` if it is empty.
    pub fn dims(&self) -> Option<Dims> {
        Dims::new(self.channels.len(), self.rows.len(), self.columns.len()).ok()
    }

    /// The common part of two boxes.
    pub fn intersection(&self, other: &Region) -> Region {
        let meet = |a: &Range<usize>, b: &Range<usize>| {
            let start = a.start.max(b.start);
            start..a.end.min(b.end).max(start)
        };
        Region {
            channels: meet(&self.channels, &other.channels),
            rows: meet(&self.rows, &other.rows),
            columns: meet(&self.columns, &other.columns),
        }
    }

    pub(crate) fn fits(&self, dims: Dims) -> bool {
        self.channels.end <= dims.channels && self.rows.end <= dims.height && self.columns.end <= dims.width
    }
}

/// What happens to the quotient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Function {
    /// `y = q`, which the bounds of the piece keep in `0..=255`.
    Identity,
    /// `y = values[q − first]`.
    Table {
        /// The quotient of the first entry.
        first: i64,
        /// One byte a quotient.
        values: Arc<[u8]>,
    },
}

impl Function {
    /// Whether two functions are one and the same, which is quicker to see than that they are equal.
    pub fn is(&self, other: &Function) -> bool {
        match (self, other) {
            (Function::Identity, Function::Identity) => true,
            (Function::Table { first, values }, Function::Table { first: f, values: v }) => first == f && Arc::ptr_eq(values, v),
            _ => false,
        }
    }

    /// The least of `q − f(q)` over the table.
    ///
    /// What is committed of a cell is `q − y` less this: never negative, and of a clamp nearly always the same.
    pub fn least_excess(&self) -> i64 {
        match self {
            Function::Identity => 0,
            Function::Table { first, values } => (*first..).zip(values.iter()).map(|(q, y)| q - i64::from(*y)).min().unwrap_or(0),
        }
    }
}

/// A box of the output and how its cells come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The box of the output.
    pub region: Region,
    /// `A`: from the whole input to the box.
    pub map: LinearMap,
    /// `b`, where it is the same for every cell.
    pub bias: i64,
    /// What `b` is more than `bias`, cell by cell of the box, where it differs: a public picture laid over this one.
    pub offsets: Option<Arc<[u16]>>,
    /// `D ≥ 1`.
    pub divisor: u64,
    /// `f`.
    pub function: Function,
}

/// A step that cannot be proved, or would not mean what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadStep {
    /// Maps that do not start at the step's input or do not fill their box.
    #[error("a piece's map does not fit its box")]
    Shape,
    /// An output cell in no box, or in two.
    #[error("the boxes of a step do not cover its output exactly once")]
    Cover,
    /// More boxes than [`MAX_PIECES`].
    #[error("the step has {0} boxes, at most {MAX_PIECES} can be proved")]
    Pieces(usize),
    /// More taps than [`MAX_TAPS`].
    #[error("the filters of all edits together read {0} cells for a line and a column, at most {MAX_TAPS} can be proved")]
    Taps(usize),
    /// More work than [`MAX_WORK`] and what the sides allow.
    #[error("the boxes, filters and tables of all edits together are more than can be checked ({0} parts, at most {1})")]
    Work(usize, usize),
    /// A divisor of zero or above the limit.
    #[error("a divisor of {0} is not supported (1 to {MAX_DIVISOR})")]
    Divisor(u64),
    /// Values too large to be sure that nothing wraps.
    #[error("a step's values reach {0}, at most 2^60 can be proved")]
    Magnitude(i128),
    /// A quotient outside the function's table, or the table too long.
    #[error("quotients from {low} to {high} do not fit the table")]
    Table {
        /// Least quotient.
        low: i128,
        /// Greatest quotient.
        high: i128,
    },
}

impl Piece {
    /// The whole of a picture, mapped by `map` with no division and no function.
    pub fn linear(map: LinearMap) -> Piece {
        Piece { region: Region::whole(map.output()), map, bias: 0, offsets: None, divisor: 1, function: Function::Identity }
    }

    /// A function of one byte, for every cell of a picture.
    pub fn pointwise(dims: Dims, table: [u8; 256]) -> Piece {
        let function = Function::Table { first: 0, values: Arc::new(table) };
        Piece { function, ..Piece::linear(LinearMap::identity(dims)) }
    }

    /// What checking the piece takes, in products of the field or so, but for its function's table.
    pub fn work(&self) -> usize {
        PIECE_WORK + self.map.work()
    }

    /// Whether the piece only moves cells, or is constant, before its function.
    pub fn moves_cells(&self) -> bool {
        let constant = self.divisor == 1 && self.offsets.is_none();
        constant && (self.map.is_zero() || self.bias == 0 && self.map.as_selection().is_some())
    }

    /// The least and greatest quotient over inputs in `0..=255`.
    pub fn quotients(&self) -> (i128, i128) {
        self.reach().0
    }

    /// The quotients, and what no sum on the way to them, nor a product of the divisor and one of them, exceeds: as a graph counts it.
    fn reach(&self) -> ((i128, i128), i128) {
        let (low, high) = self.map.range(Bounds::BYTE);
        let (bias, divisor) = (i128::from(self.bias), i128::from(self.divisor));
        let offsets = self.offsets.as_deref().unwrap_or(&[]);
        let [least, most] = [offsets.iter().min(), offsets.iter().max()].map(|end| i128::from(end.copied().unwrap_or(0)));
        let quotient = |sum: i128, offset: i128| sum.saturating_add(bias + offset).div_euclid(divisor);
        let magnitude = low.saturating_abs().max(high).saturating_add(bias.abs() + most + divisor);
        ((quotient(low, least), quotient(high, most)), magnitude)
    }

    fn check(&self, input: Dims, output: Dims) -> Result<(), BadStep> {
        if self.map.input() != input || self.region.dims() != Some(self.map.output()) || !self.region.fits(output) {
            return Err(BadStep::Shape);
        }
        if self.offsets.as_ref().is_some_and(|offsets| offsets.len() != self.map.output().cells()) {
            return Err(BadStep::Shape);
        }
        if !(1..=MAX_DIVISOR).contains(&self.divisor) {
            return Err(BadStep::Divisor(self.divisor));
        }
        let ((low, high), magnitude) = self.reach();
        let (first, end) = match &self.function {
            Function::Identity => (0, 256),
            Function::Table { first, values } => (i128::from(*first), i128::from(*first) + values.len() as i128),
        };
        if low < first || high >= end || end - first > MAX_TABLE as i128 {
            return Err(BadStep::Table { low, high });
        }
        if magnitude < MAX_MAGNITUDE { Ok(()) } else { Err(BadStep::Magnitude(magnitude)) }
    }
}

/// A checked step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    input: Dims,
    output: Dims,
    pieces: Vec<Piece>,
}

impl Step {
    /// Checks that the shapes are pictures', that the pieces cover the output exactly once and that every value stays in its bounds.
    pub fn new(input: Dims, output: Dims, pieces: Vec<Piece>) -> Result<Step, BadStep> {
        if pieces.len() > MAX_PIECES {
            return Err(BadStep::Pieces(pieces.len()));
        }
        if input.channels.max(output.channels) > MAX_PICTURE_CHANNELS {
            return Err(BadStep::Shape);
        }
        for piece in &pieces {
            piece.check(input, output)?;
        }
        let covered: usize = pieces.iter().filter_map(|p| p.region.dims()).map(|d| d.cells()).sum();
        if covered != output.cells() || overlap(pieces.iter().map(|piece| &piece.region)) {
            return Err(BadStep::Cover);
        }
        Ok(Step { input, output, pieces })
    }

    /// A step of one piece.
    pub fn single(piece: Piece) -> Result<Step, BadStep> {
        Step::new(piece.map.input(), piece.map.output(), vec![piece])
    }

    /// The shape read.
    pub fn input(&self) -> Dims {
        self.input
    }

    /// The shape written.
    pub fn output(&self) -> Dims {
        self.output
    }

    /// The pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// What checking the step takes, in products of the field or so; a table that boxes share counts once.
    pub fn work(&self) -> usize {
        let mut tables: Vec<&Arc<[u8]>> = Vec::new();
        for piece in &self.pieces {
            if let Function::Table { values, .. } = &piece.function
                && !tables.iter().any(|known| Arc::ptr_eq(known, values))
            {
                tables.push(values);
            }
        }
        let entries: usize = tables.iter().map(|values| values.len()).sum();
        self.pieces.iter().map(Piece::work).sum::<usize>() + entries / ENTRIES_A_PRODUCT
    }

    /// How many taps the maps hold; see [`MAX_TAPS`].
    pub fn taps(&self) -> usize {
        self.pieces.iter().map(|p| p.map.taps()).sum()
    }

    /// Whether the output is nothing but cells of the input, moved.
    pub fn is_selection(&self) -> bool {
        self.pieces.iter().all(|p| p.moves_cells() && p.function == Function::Identity && !p.map.is_zero())
    }
}

/// What a chain takes of everybody's time; counted step by step, so that nothing is built beyond what is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    work: usize,
    /// Of pictures that chains begin and end with: lines and columns.
    sides: usize,
    /// Of the picture after the last step.
    end: usize,
    steps: usize,
    taps: usize,
    most_taps: usize,
}

fn sides(dims: Dims) -> usize {
    dims.height + dims.width
}

impl Budget {
    /// For one chain, from a picture of this shape.
    pub fn chain(input: Dims) -> Budget {
        Budget { work: 0, sides: sides(input), end: sides(input), steps: 0, taps: 0, most_taps: MAX_TAPS }
    }

    /// For chains that are checked together: hardly more than for one.
    pub fn together() -> Budget {
        Budget { work: 0, sides: 0, end: 0, steps: 0, taps: 0, most_taps: 2 * MAX_TAPS }
    }

    /// Counts one more step.
    ///
    /// # Errors
    /// If it is one too many.
    pub fn take(&mut self, step: &Step) -> Result<(), BadStep> {
        self.end = sides(step.output);
        self.steps += 1;
        self.count(step.work(), step.taps())
    }

    /// Counts work that is done before there is a step, in products of the field or so.
    ///
    /// # Errors
    /// If it is too much.
    pub fn take_effort(&mut self, effort: usize) -> Result<(), BadStep> {
        self.count(effort, 0)
    }

    /// Counts one more chain.
    ///
    /// # Errors
    /// If it is one too many.
    pub fn take_chain(&mut self, chain: &Budget) -> Result<(), BadStep> {
        self.sides += chain.sides + chain.end;
        self.steps += chain.steps;
        self.count(chain.work, chain.taps)
    }

    fn count(&mut self, work: usize, taps: usize) -> Result<(), BadStep> {
        self.work = self.work.saturating_add(work);
        self.taps = self.taps.saturating_add(taps);
        if self.taps > self.most_taps {
            return Err(BadStep::Taps(self.taps));
        }
        let allowed = MAX_WORK + WORK_A_SIDE * (self.sides + self.end) + WORK_A_STEP * self.steps;
        if self.work > allowed { Err(BadStep::Work(self.work, allowed)) } else { Ok(()) }
    }
}

/// Whether any two boxes have a cell in common. From the upper ones down, each is compared with those that reach its first row.
pub(crate) fn overlap<'a>(regions: impl Iterator<Item = &'a Region>) -> bool {
    let mut order: Vec<&Region> = regions.collect();
    order.sort_by_key(|region| region.rows.start);
    let mut above: Vec<&Region> = Vec::new();
    for region in order {
        above.retain(|other| other.rows.end > region.rows.start);
        if above.iter().any(|other| other.intersection(region).dims().is_some()) {
            return true;
        }
        above.push(region);
    }
    false
}
