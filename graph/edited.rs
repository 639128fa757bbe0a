//! Edits in a graph: a step is a node from bytes to bytes.

use crate::graph::{BadNode, Function, Graph, Kind, Owner, Part, Results, ValueId};
use crate::linear::LinearMap;
use crate::step::{self, Piece, Region, Step};
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
            let parts = self.parts(x, step, 0)?;
            x = self.node(step.output(), Bounds::BYTE, parts)?;
        }
        Ok(x)
    }

    /// What chains of steps make of pictures in the graph, all of one shape, one below the other in one value. Each chain's last step, or
    /// the picture if there is none, is a box of that, so that nothing is committed twice. Of one picture it is [`Graph::edited`].
    ///
    /// # Errors
    /// If the steps do not meet, or end with different shapes.
    pub fn stacked(&mut self, pictures: &[(ValueId, &[Step])]) -> Result<ValueId, BadNode> {
        if let [(x, steps)] = pictures {
            return self.edited(*x, steps);
        }
        let (mut all, mut parts): (Option<Dims>, _) = (None, Vec::new());
        for (x, steps) in pictures {
            let (before, last) = steps.split_last().map_or((&[][..], None), |(last, before)| (before, Some(last)));
            let x = self.edited(*x, before)?;
            let dims = last.map_or(self.get(x).dims, Step::output);
            let above = all.map_or(0, |all| all.height);
            if all.is_some_and(|all| (all.channels, all.width) != (dims.channels, dims.width)) {
                return Err(BadNode::Shape);
            }
            all = Some(Dims { height: above + dims.height, ..dims });
            match last {
                Some(step) => parts.extend(self.parts(x, step, above)?),
                None => parts.push(Part {
                    region: below(&Region::whole(dims), above),
                    terms: vec![(x, LinearMap::identity(dims))],
                    products: Vec::new(),
                    bias: 0,
                    divisor: 1,
                    function: Function::Identity,
                }),
            }
        }
        self.node(all.ok_or(BadNode::Shape)?, Bounds::BYTE, parts)
    }

    /// The parts that a step of a picture is, in a value in which so many lines lie above its output.
    fn parts(&mut self, x: ValueId, step: &Step, above: usize) -> Result<Vec<Part>, BadNode> {
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
                region: below(&piece.region, above),
                terms,
                products: Vec::new(),
                bias: piece.bias,
                divisor: piece.divisor,
                function: (&piece.function).into(),
            });
        }
        Ok(parts)
    }
}

/// A box so many lines further down.
fn below(region: &Region, lines: usize) -> Region {
    Region { rows: region.rows.start + lines..region.rows.end + lines, ..region.clone() }
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
