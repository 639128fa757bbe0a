//! What the prover computes at each turn, whatever becomes of it.

use crate::channel::{Message, Public, SLOTS, Sizes, Turn};
use crate::lookup::{self, Leaves, Tree};
use crate::relation::Relation;
use crate::sumcheck::{LinearProver, ProductProver};
use ff::Field;
use std::sync::Arc;
use zeroize::Zeroizing;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::field::F;

/// The prover's side of the argument's turns: of one sub-protocol after the other it holds what the next needs.
///
/// The tensors are its owner's, who wipes them.
pub struct Turns<'a> {
    relation: &'a Relation,
    sizes: Sizes,
    /// Until a tree takes them.
    entries: Zeroizing<Vec<Cells>>,
    output: CellsRef<'a>,
    tree: Option<Tree>,
    products: Option<ProductProver>,
    linear: Option<LinearProver>,
}

crate::opaque!(Turns<'_>);

impl<'a> Turns<'a> {
    /// Before the first turn. `entries` are the table entries that lookups hit; `sizes` are the relation's or larger ones: then leaves
    /// are padded, points have more bits, and there are tensors that count nothing.
    pub fn new(relation: &'a Relation, sizes: Sizes, entries: Vec<Cells>, output: CellsRef<'a>) -> Turns<'a> {
        Turns { relation, sizes, entries: Zeroizing::new(entries), output, tree: None, products: None, linear: None }
    }

    /// Builds the tree for these challenges; what it keeps fits into `memory` bytes, where that is said.
    pub fn lookups(&mut self, tensors: &[Arc<Cells>], alpha: F, beta: F, memory: Option<usize>) {
        let relation = self.relation;
        let base = |table| relation.multiplicities_of(table).start;
        let lookups = relation.lookups.iter().zip(std::mem::take(&mut *self.entries)).enumerate();
        let multiplicities = match tensors.last().map(Arc::as_ref) {
            Some(Cells::U32(counts)) => &counts[..],
            _ => &[],
        };
        let leaves = Leaves {
            bits: self.sizes.leaves,
            entries: relation.denominators(alpha, beta),
            lookups: lookups
                .map(|(i, (lookup, ids))| lookup::Lookup {
                    offset: relation.leaves.offsets[i],
                    dims: lookup.dims,
                    base: base(lookup.table),
                    ids,
                })
                .collect(),
            tables: (0..relation.tables.len())
                .map(|i| lookup::Table {
                    offset: relation.leaves.offsets[relation.lookups.len() + i],
                    base: base(i),
                    multiplicities: multiplicities[relation.multiplicities_of(i)].to_vec(),
                })
                .collect(),
        };
        self.tree = Some(Tree::build(leaves, relation.room_for_tree(memory)));
    }

    /// What statement and challenges come to.
    pub fn public(&self, numbers: Public<'_>) -> Vec<F> {
        numbers.evaluate(self.relation, &self.sizes, self.output)
    }

    /// What the turn asks for.
    pub fn compute(&mut self, tensors: &[Arc<Cells>], turn: Turn<'_>) -> Message {
        let two = |[c1, c2]: [F; 2]| [c1, c2, F::ZERO, F::ZERO];
        let last_two = |[a, b]: [F; 2]| [F::ZERO, F::ZERO, a, b];
        let relation = self.relation;
        match (turn, &mut self.tree) {
            (Turn::Root, Some(tree)) => tree.root(),
            (Turn::RootInverse, Some(tree)) => {
                let [_, _, q0, q1] = tree.root();
                last_two([q0 * q1, (q0 * q1).invert().unwrap_or(F::ZERO)])
            }
            (Turn::LayerRound { k, point, lambda, previous }, Some(tree)) => {
                match previous {
                    None => tree.begin(k, point, lambda),
                    Some(s) => tree.bind(s),
                }
                two(tree.round())
            }
            (Turn::LayerEnd { previous }, Some(tree)) => {
                tree.bind(previous);
                tree.end()
            }
            (Turn::ProductSum { challenges }, tree) => {
                *tree = None;
                let made = ProductProver::new(relation.factors(challenges, &|t| tensors[t].view(), self.output));
                [self.products.insert(made).sum(), F::ZERO, F::ZERO, F::ZERO]
            }
            (Turn::ProductRound { previous }, _) => {
                let products = self.products.as_mut().expect("their sum comes first");
                if let Some(r) = previous {
                    products.bind(r);
                }
                two(products.round())
            }
            (Turn::Operands { i, previous }, _) => {
                let products = self.products.as_mut().expect("their sum comes first");
                if let (0, Some(r)) = (i, previous) {
                    products.bind(r);
                }
                last_two(products.operands(i))
            }
            (Turn::LinearRound { challenges, previous }, tree) => {
                (*tree, self.products) = (None, None);
                let linear = self.linear.get_or_insert_with(|| {
                    let all = relation.tensors.iter().zip(tensors).zip(relation.functionals(challenges));
                    LinearProver::new(all.map(|((layout, cells), weights)| (layout.dims, cells.clone(), weights)))
                });
                if let Some(r) = previous {
                    linear.bind(r);
                }
                two(linear.round())
            }
            (Turn::Evaluation { t, previous }, _) => {
                let linear = self.linear.as_mut().expect("the sum-check comes first");
                if t == 0 {
                    linear.bind(previous);
                }
                if t >= relation.tensors.len() {
                    return [F::ZERO; SLOTS];
                }
                [linear.evaluation(t), F::ZERO, F::ZERO, F::ZERO]
            }
            (_, None) => unreachable!("a lookup turn without lookups"),
        }
    }
}
