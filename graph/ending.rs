//! What a chain of edits may end with in place of a picture: other integers, each a linear map of its last picture and one division.

use crate::graph::{BadNode, Function, Graph, Kind, Part};
use crate::linear::LinearMap;
use crate::step::{MAX_TAPS, Region, Step};
use crate::tensor::{Bounds, Dims};

/// A box of the integers: `⌊(A·x + b) / D⌋`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingPiece {
    /// The box.
    pub region: Region,
    /// `A`: from the whole last picture to the box.
    pub map: LinearMap,
    /// `b`.
    pub bias: i64,
    /// `D ≥ 1`.
    pub divisor: u64,
}

/// Integers between bounds, made of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Their shape.
    pub dims: Dims,
    /// Between what they lie.
    pub bounds: Bounds,
    /// The boxes.
    pub pieces: Vec<EndingPiece>,
}

impl Graph {
    /// The path that a chain of steps is from a committed picture of bytes, and an ending behind it. A selection before the ending is read
    /// straight through.
    ///
    /// # Errors
    /// If the steps do not meet, or the ending is none of their picture.
    pub fn ending(input: Dims, steps: &[Step], ending: &Ending) -> Result<Graph, BadNode> {
        let (steps, selection) = match steps {
            [before @ .., last] if last.is_selection() && last.pieces().len() == 1 => (before, last.pieces().first()),
            steps => (steps, None),
        };
        let mut graph = Graph::new();
        let x = graph.input(Kind::Picture, input, Bounds::BYTE, false)?;
        let x = graph.edited(x, steps)?;
        let part = |piece: &EndingPiece| {
            let map = match selection {
                Some(selection) if piece.map.input() == selection.map.output() => piece.map.after(&selection.map, MAX_TAPS),
                Some(_) => None,
                None => Some(piece.map.clone()),
            };
            Ok(Part {
                region: piece.region.clone(),
                terms: vec![(x, map.ok_or(BadNode::Shape)?)],
                products: Vec::new(),
                bias: piece.bias,
                divisor: piece.divisor,
                function: Function::Identity,
            })
        };
        let parts = ending.pieces.iter().map(part).collect::<Result<_, BadNode>>()?;
        graph.node(ending.dims, ending.bounds, parts)?;
        Ok(graph)
    }
}
