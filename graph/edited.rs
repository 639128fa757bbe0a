//! Edits in a graph: a step is a node from bytes to bytes.

use crate::graph::{BadNode, Function, Graph, Kind, Owner, Part, Results, ValueId};
use crate::linear::LinearMap;
use crate::step::{self, Piece, Step};
use crate::tensor::{Bounds, Cells, Dims};
use std::sync::Arc;

impl From<&step::Function> for Function {
    fn from(function: &step::Function) -> Function {
        match function {
            step::Function::Identity => Function::Identity,
            step::Function::Table { first, values } => Function::Table { first: *first, values: Results::Bytes(values.clone()) },
        }
    }
}

impl Graph {
    /// The path that a chain of steps is, from a committed picture.
    ///
    /// # Errors
    /// If the steps do not meet.
    pub fn chain(input: Dims, steps: &[Step]) -> Result<Graph, BadNode> {
        let mut graph = Graph::new();
        let x = graph.input(Kind::Picture, input, Bounds::BYTE, false)?;
        graph.edited(x, steps)?;
        Ok(graph)
    }

    /// What a chain of steps makes of a picture in the graph; without a step, the picture.
    ///
    /// # Errors
    /// If the steps do not meet.
    pub fn edited(&mut self, mut x: ValueId, steps: &[Step]) -> Result<ValueId, BadNode> {
        for step in steps {
            let mut parts = Vec::with_capacity(step.pieces().len());
            for piece in step.pieces() {
                let mut terms = vec![(x, piece.map.clone())];
                if let Some(offsets) = &piece.offsets {
                    let dims = piece.map.output();
                    let cells = Arc::new(Cells::U16(offsets.to_vec()));
                    let bound = |end: Option<&u16>| end.copied().unwrap_or(0).into();
                    let bounds = Bounds { low: bound(offsets.iter().min()), high: bound(offsets.iter().max()) };
                    let offsets = self.public(dims, bounds, cells)?;
                    terms.push((offsets, LinearMap::identity(dims)));
                }
                parts.push(Part {
                    region: piece.region.clone(),
                    terms,
                    products: Vec::new(),
                    bias: piece.bias,
                    divisor: piece.divisor,
                    function: (&piece.function).into(),
                });
            }
            x = self.node(step.output(), Bounds::BYTE, parts)?;
        }
        Ok(x)
    }
}

impl Part {
    /// The part as a step's piece, where it is one: a single map over bytes, as every edit has it.
    pub fn as_piece(&self, graph: &Graph, result: Bounds) -> Option<Piece> {
        if result != Bounds::BYTE || !self.products.is_empty() {
            return None;
        }
        let (map, offsets) = match &self.terms[..] {
            [(x, map)] if graph.get(*x).bounds == Bounds::BYTE => (map, None),
            [(x, map), (offsets, identity)] if graph.get(*x).bounds == Bounds::BYTE => match &graph.get(*offsets).owner {
                Owner::Public(cells) if *identity == LinearMap::identity(map.output()) => match &**cells {
                    Cells::U16(cells) => (map, Some(Arc::from(&cells[..]))),
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        let function = match &self.function {
            Function::Identity => step::Function::Identity,
            Function::Table { first, values: Results::Bytes(values) } => step::Function::Table { first: *first, values: values.clone() },
            Function::Table { values: Results::Words(_), .. } => return None,
        };
        Some(Piece { region: self.region.clone(), map: map.clone(), bias: self.bias, offsets, divisor: self.divisor, function })
    }
}
