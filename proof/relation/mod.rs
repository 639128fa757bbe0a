//! What is proved, as lookups and equalities of forms over committed tensors.
//!
//! [`Relation::compile`] turns steps into this, [`Relation::of_graph`] any graph; everything in it is public and a function of the
//! statement.

mod claims;
mod compile;
mod encode;
mod error;
#[cfg(feature = "prover")]
mod memory;
mod products;
mod tables;
mod tasks;
#[cfg(feature = "prover")]
mod witness;
mod work;

pub use compile::{MAX_GRAPH_WORK, MAX_MAPS_WORK};
pub use error::BadRelation;
#[cfg(feature = "prover")]
pub use products::Factors;
pub use products::Instance;
pub use tables::{Table, TableSums, Values};
pub(crate) use tasks::{Item, Operation, Quantity, Task};
#[cfg(feature = "prover")]
pub use witness::{Tensors, Witness};
pub use zkimg_graph::graph::Output;

use crate::channel::Sizes;
use crate::commitment::{Layout, value_root};
use std::ops::Range;
use std::sync::Arc;
use zkimg_graph::contraction::Contraction;
use zkimg_graph::graph::{Graph, Kind, Owner, ValueId};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::tensor::{Bounds, Cells, Dims};
use zkimg_group::field::{Affine, F, point_to_bytes};

/// The most tensors that a proof between two pictures commits.
pub const MAX_TENSORS: usize = 128;
/// The most tensors that the proof of a graph commits; the circuit's messages bound them too.
pub const MAX_GRAPH_TENSORS: usize = 1 << 10;
/// So many rows all tensors may have together besides [`MAX_TENSORS`] pictures as large as the first or the last: tables, and
/// what lies between small pictures.
pub const MORE_ROWS: usize = 1 << 12;
/// The most rows that a proof between two pictures may have.
pub(crate) fn most_rows(input: Dims, output: Dims, m: usize) -> usize {
    MORE_ROWS + MAX_TENSORS * Layout::count(input, m).max(Layout::count(output, m))
}

/// No proof between two pictures is longer, in bytes: rows, messages, the circuit's proof and the opening.
pub fn longest_proof(input: Dims, output: Dims, m: usize) -> usize {
    const REST: usize = 64 << 10;
    32 * most_rows(input, output, m) + REST
}

/// The most bits of the leaf space.
pub const MAX_LEAF_BITS: usize = 38;

/// What a term of a form reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A committed tensor.
    Tensor(usize),
    /// The revealed output.
    Output,
    /// Cells that the statement gives.
    Public(Arc<Cells>),
}

/// `scale · map·operand`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Factor.
    pub scale: F,
    /// What is read.
    pub operand: Operand,
    /// From the operand's shape to the block's.
    pub map: LinearMap,
}

/// `scale · C(left, right)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductTerm {
    /// Factor.
    pub scale: F,
    /// Left and right.
    pub operands: [Operand; 2],
    /// How their indices meet; its result has the block's shape.
    pub contraction: Arc<Contraction>,
}

/// A form of committed tensors: one value for each cell of a block.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Form {
    /// The same for every cell.
    pub constant: F,
    /// What is linear in one tensor.
    pub terms: Vec<Term>,
    /// Products of two.
    pub products: Vec<ProductTerm>,
}

impl Form {
    /// The same for every cell.
    pub fn constant(constant: F) -> Form {
        Form { constant, ..Form::default() }
    }

    /// One term.
    pub fn of(term: Term) -> Form {
        Form { terms: vec![term], ..Form::default() }
    }

    /// This form less `scale` times another.
    pub fn less(&self, scale: F, other: &Form) -> Form {
        let mut sum = self.clone();
        sum.constant -= scale * other.constant;
        sum.terms.extend(other.terms.iter().map(|term| Term { scale: -(scale * term.scale), ..term.clone() }));
        sum.products.extend(other.products.iter().map(|term| ProductTerm { scale: -(scale * term.scale), ..term.clone() }));
        sum
    }
}

/// "For every cell of the block, `(key, value)` is an entry of the table."
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Which table.
    pub table: usize,
    /// The block's shape.
    pub dims: Dims,
    /// First column.
    pub key: Form,
    /// Second column.
    pub value: Form,
}

/// "For every cell of the block, the form is zero."
#[derive(Clone, Debug)]
pub struct Equality {
    /// The block's shape.
    pub dims: Dims,
    /// What must vanish.
    pub form: Form,
}

/// Blocks of cells placed in one index space, each at a multiple of its own power of two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Space {
    /// `log2` of the space.
    pub bits: usize,
    /// Where each block starts, in the order in which the blocks were given.
    pub offsets: Vec<usize>,
}

impl Space {
    /// Places blocks of `2^bits[i]` cells, the largest first, so that each is aligned.
    pub fn new(bits: &[usize]) -> Space {
        let mut order: Vec<usize> = (0..bits.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(bits[*i]));
        let (mut offsets, mut end) = (vec![0; bits.len()], 0usize);
        for i in order {
            offsets[i] = end;
            end += 1 << bits[i];
        }
        Space { bits: zkimg_graph::tensor::index_bits(end), offsets }
    }

    /// The weight of block `i` at a point, and the point within the block.
    pub fn select<'a>(&self, i: usize, bits: usize, point: &'a [F]) -> (F, &'a [F]) {
        let (own, above) = point.split_at(bits);
        (zkimg_group::field::eq_at(above, self.offsets[i] >> bits), own)
    }
}

/// Everything public that the argument is about.
#[derive(Clone, Debug)]
pub struct Relation {
    /// `log2` of the length of the longest rows; only inputs may stand in shorter ones.
    pub m: usize,
    /// Rows of every committed tensor: the inputs, hidden values, excesses and limbs in order, multiplicities last.
    pub tensors: Vec<Layout>,
    /// How many of them are inputs, whose rows the caller knows.
    pub inputs: usize,
    /// Tables, no two alike; the tag of table `i` is `i + 1`.
    pub tables: Vec<Table>,
    /// Lookups.
    pub lookups: Vec<Lookup>,
    /// Equalities.
    pub equalities: Vec<Equality>,
    /// The revealed output's shape, or the hidden output's.
    pub output: Dims,
    /// What its cells lie between.
    pub output_bounds: Bounds,
    /// The tensor that holds a hidden output.
    pub hidden_output: Option<usize>,
    /// Leaves: lookups in order, then tables in order.
    pub leaves: Space,
    /// As what a hidden output is handed on.
    hidden_as: Option<Kind>,
    /// Cells of the equalities.
    pub equal: Space,
    /// Which tensor each value of the graph is; none is the revealed output.
    #[cfg_attr(not(feature = "prover"), allow(dead_code, reason = "the prover reads it"))]
    values: Vec<(ValueId, Option<usize>)>,
    #[cfg_attr(not(feature = "prover"), allow(dead_code, reason = "the prover reads it"))]
    tasks: Vec<Task>,
    graph: Graph,
}

impl Relation {
    /// How long a run is.
    pub fn sizes(&self) -> Sizes {
        Sizes {
            leaves: self.leaf_bits(),
            flat: self.flat_bits(),
            equal: self.equal.bits,
            tensors: self.tensors.len(),
            products: self.products(),
            product_bits: self.product_bits(),
        }
    }

    /// `n`: bits of the leaf space; zero if nothing is looked up.
    pub fn leaf_bits(&self) -> usize {
        self.leaves.bits
    }

    /// `N`: bits of the largest committed tensor.
    pub fn flat_bits(&self) -> usize {
        self.tensors.iter().map(Layout::committed_bits).max().unwrap_or(0)
    }

    /// `log2` of the length of the shortest rows.
    pub(crate) fn shortest(&self) -> usize {
        self.tensors.iter().map(|tensor| tensor.m).min().unwrap_or(self.m)
    }

    /// Bits of a table's leaf block.
    pub fn table_bits(&self, table: usize) -> usize {
        zkimg_graph::tensor::index_bits(self.tables[table].len())
    }

    /// Where a table's multiplicities stand in the one multiplicity tensor.
    pub fn multiplicities_of(&self, table: usize) -> Range<usize> {
        let start = self.tables[..table].iter().map(Table::len).sum();
        start..start + self.tables[table].len()
    }

    /// The multiplicity tensor, if there are lookups.
    pub fn multiplicity_tensor(&self) -> Option<usize> {
        (!self.tables.is_empty()).then(|| self.tensors.len() - 1)
    }

    /// Which tensor each committed value of the graph is, and the output.
    #[cfg(feature = "prover")]
    pub(crate) fn value_tensors(&self) -> impl Iterator<Item = (ValueId, Option<usize>)> {
        self.values.iter().copied()
    }

    /// The roots of the inputs' rows, in order: of each its kind and bounds too, as the graph says them.
    pub fn input_roots(&self, rows: &[&[Affine]]) -> Vec<[u8; 32]> {
        let inputs = self.graph.values().iter().filter_map(|value| match value.owner {
            Owner::Input { kind, .. } => Some((kind, value.bounds)),
            Owner::Public(_) | Owner::Node => None,
        });
        let root = |(((kind, bounds), layout), rows): (((Kind, Bounds), &Layout), &&[Affine])| {
            value_root(kind, bounds, layout, &rows.iter().map(point_to_bytes).collect::<Vec<_>>())
        };
        inputs.zip(&self.tensors).zip(rows).map(root).collect()
    }

    /// The root of a hidden output's rows, by which a statement that starts from it knows it: with kind and bounds.
    pub fn output_root(&self, rows: &[Affine]) -> Option<[u8; 32]> {
        let layout = &self.tensors[self.hidden_output?];
        Some(value_root(self.hidden_as?, self.output_bounds, layout, &rows.iter().map(point_to_bytes).collect::<Vec<_>>()))
    }

    /// What is computed; of a chain, the fused steps.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }
}

#[cfg(test)]
mod tests {
    use super::Space;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn blocks_are_aligned_and_disjoint(bits in proptest::collection::vec(0usize..12, 1..20)) {
            let space = Space::new(&bits);
            let blocks: Vec<_> = bits.iter().zip(&space.offsets).map(|(b, at)| *at..*at + (1 << b)).collect();
            for (i, block) in blocks.iter().enumerate() {
                prop_assert_eq!(block.start % block.len(), 0);
                prop_assert!(block.end <= 1 << space.bits);
                prop_assert!(blocks[..i].iter().all(|other| other.end <= block.start || block.end <= other.start));
            }
        }
    }
}
