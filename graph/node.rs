//! Nodes: what makes a value of others, box by box.

use crate::contraction::Contraction;
use crate::linear::{LinearMap, signed};
use crate::step::{MAX_PIECES, Region};
use crate::tensor::Bounds;
use std::sync::Arc;

/// A value of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueId(pub(crate) usize);

impl ValueId {
    /// Its place among the values.
    pub fn index(self) -> usize {
        self.0
    }
}

/// The values of a function's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Results {
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// Signed 16-bit integers.
    Words(Arc<[i16]>),
}

impl Results {
    /// The number of entries.
    pub fn len(&self) -> usize {
        match self {
            Results::Bytes(values) => values.len(),
            Results::Words(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Entry `i`.
    pub fn get(&self, i: usize) -> i64 {
        match self {
            Results::Bytes(values) => values[i].into(),
            Results::Words(values) => values[i].into(),
        }
    }

    pub(crate) fn bounds(&self) -> Bounds {
        match self {
            Results::Bytes(_) => Bounds::BYTE,
            Results::Words(values) => {
                let word = |word: Option<&i16>| word.copied().unwrap_or(0).into();
                Bounds { low: word(values.iter().min()), high: word(values.iter().max()) }
            }
        }
    }
}

/// What happens to the quotient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Function {
    /// `y = q`.
    Identity,
    /// `y = values[q − first]`.
    Table {
        /// The quotient of the first entry.
        first: i64,
        /// One value a quotient.
        values: Results,
    },
}

impl Function {
    /// `clamp(q, 0, 255)` for quotients from `low` to `high`.
    pub fn clamp(low: i64, high: i64) -> Function {
        Function::Table { first: low, values: Results::Bytes((low..=high).map(|q| q.clamp(0, 255) as u8).collect()) }
    }

    /// Whether two functions are one and the same, which is quicker to see than that they are equal.
    pub fn is(&self, other: &Function) -> bool {
        let same = |a: &Results, b: &Results| match (a, b) {
            (Results::Bytes(a), Results::Bytes(b)) => Arc::ptr_eq(a, b),
            (Results::Words(a), Results::Words(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        match (self, other) {
            (Function::Identity, Function::Identity) => true,
            (Function::Table { first, values }, Function::Table { first: f, values: v }) => first == f && same(values, v),
            _ => false,
        }
    }

    /// `f(q)`.
    pub fn of(&self, q: i64) -> i64 {
        match self {
            Function::Identity => q,
            Function::Table { first, values } => values.get((q - first) as usize),
        }
    }

    /// The bounds of `q − f(q)` over the table.
    ///
    /// What is committed of a cell is `q − y` less the least: never negative, and of a clamp nearly always the same.
    pub fn excess(&self) -> Bounds {
        let Function::Table { first, values } = self else { return Bounds { low: 0, high: 0 } };
        let excesses = || (0..values.len()).map(|i| first + signed(i) - values.get(i));
        Bounds { low: excesses().min().unwrap_or(0), high: excesses().max().unwrap_or(0) }
    }
}

/// A product of two values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// How their indices meet.
    pub contraction: Arc<Contraction>,
    /// Left and right; one of them may be public.
    pub operands: [ValueId; 2],
}

/// A box of a node and how its cells come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The box.
    pub region: Region,
    /// `A_i` and `x_i`: from the whole value to the box.
    pub terms: Vec<(ValueId, LinearMap)>,
    /// `C`, each from whole values to the box.
    pub products: Vec<Product>,
    /// `b`.
    pub bias: i64,
    /// `D ≥ 1`.
    pub divisor: u64,
    /// `f`.
    pub function: Function,
}

/// A value and the boxes that make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What is made.
    pub result: ValueId,
    /// The boxes.
    pub parts: Vec<Part>,
}

/// A node that cannot be proved, or would not mean what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadNode {
    /// Maps or products that do not start at their value or do not fill their box, or values that do not exist yet.
    #[error("a part of a node does not fit its box or its operands")]
    Shape,
    /// More boxes than a node may have.
    #[error("a node of {0} boxes, at most {MAX_PIECES} are supported")]
    Parts(usize),
    /// Cells in no box, or in two.
    #[error("the boxes of a node do not cover it exactly once")]
    Cover,
    /// A divisor that is zero or too large.
    #[error("the divisor {0} is not supported (1 to 2^40)")]
    Divisor(u64),
    /// Values too large to be sure that nothing wraps.
    #[error("a node's values reach {0}, at most 2^60 can be proved")]
    Magnitude(i128),
    /// Quotients outside the function's table, or results outside the declared bounds.
    #[error("a node's quotients lie between {low} and {high}, outside its table or its bounds")]
    Table {
        /// The least quotient.
        low: i128,
        /// The greatest quotient.
        high: i128,
    },
    /// A product of two public values.
    #[error("a product of two public values needs no proof")]
    Public,
    /// Cells outside the bounds of a public value, or bounds of which the least is above the greatest.
    #[error("cells lie outside their bounds, or nothing lies between these")]
    Bounds,
}
