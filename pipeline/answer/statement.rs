//! What an answer says: the bytes for the transcript, and the relation.
//!
//! | statement of an answer (in no file; both sides build it) | bytes |
//! |---|---|
//! | `zkimg-answer-statement`, version 1 | 22 + 4 |
//! | length of the signed capture, then its file | 8 + … |
//! | root of the photo's rows; its channels, height, width; m; the generators' id | 32 + 4·8 + 32 |
//! | card digest | 32 |
//! | length of the edits, then canonical JSON | 8 + … |
//! | shown: 0 the scores, or 1 and the class | 1 or 1 + 4 |

use super::card::Card;
use crate::recipe::Edits;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use zkimg_attest::SignedCapture;
use zkimg_graph::fuse::fuse_all;
use zkimg_graph::graph::{Function, Graph, Kind, Output, Part, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::step::{BadStep, Region};
use zkimg_graph::tensor::{Bounds, Dims};
use zkimg_group::generators::Generators;
use zkimg_network::model::{Architecture, BadNetwork};
use zkimg_proof::relation::{BadRelation, Relation};

const VERSION: u32 = 1;

/// What an answer shows of what the network made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it: bytes, TFLite's int8 plus 128.
    Scores(Vec<u8>),
    /// Where the greatest score stands, the first of several, counted from 0; and nothing of any score.
    Class(u32),
}

/// `show`, and `class` or `scores`, these as TFLite's int8.
impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Shown", 2)?;
        match self {
            Shown::Class(class) => {
                fields.serialize_field("show", "class")?;
                fields.serialize_field("class", class)?;
            }
            Shown::Scores(scores) => {
                fields.serialize_field("show", "scores")?;
                fields.serialize_field("scores", &scores.iter().map(|score| i16::from(*score) - 128).collect::<Vec<_>>())?;
            }
        }
        fields.end()
    }
}

/// What cannot be asked of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadQuestion {
    /// Edits that end with a JPEG.
    #[error("the edits end with a JPEG, which is a file to publish, and a network reads a picture; leave that edit out")]
    Jpeg,
    /// A picture of another shape.
    #[error(
        "the network reads pictures of {} and after the edits this one has {}; add edits such as crop, resize={}x{}{}",
        Shape(.expected), Shape(.found), .expected.width, .expected.height,
        if .expected.channels == 1 && .found.channels == 3 { " and grayscale" } else { "" }
    )]
    Picture {
        /// As it is.
        found: Dims,
        /// As the network reads it.
        expected: Dims,
    },
    /// Scores that are not those of classes.
    #[error("the network does not end in one score a class, so that there is no class to show; show the scores")]
    Classes,
    /// A class that is none.
    #[error("the network tells {1} classes, counted from 0, and {0} is none of them")]
    NoClass(u32, usize),
    /// A network that cannot be put together with the edits.
    #[error(transparent)]
    Network(#[from] BadNetwork),
    /// Edits that cannot.
    #[error(transparent)]
    Step(#[from] BadStep),
    /// More than one proof holds.
    #[error(transparent)]
    Relation(#[from] BadRelation),
}

/// A shape in words.
struct Shape<'a>(&'a Dims);

impl std::fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Dims { channels, height, width } = self.0;
        match channels {
            1 => write!(f, "{width} × {height} pixels, grey"),
            3 => write!(f, "{width} × {height} pixels, colour"),
            n => write!(f, "{width} × {height} pixels, {n} channels"),
        }
    }
}

/// How many classes a network tells apart, if it does.
pub(super) fn classes(architecture: &Architecture) -> Result<usize, BadQuestion> {
    match architecture.output() {
        Dims { channels: n @ 2.., height: 1, width: 1 } => Ok(n),
        _ => Err(BadQuestion::Classes),
    }
}

/// That the edits end with what the network reads.
pub(super) fn fits(edits: &Edits, architecture: &Architecture) -> Result<(), BadQuestion> {
    if edits.jpeg().is_some() {
        return Err(BadQuestion::Jpeg);
    }
    let (found, expected) = (edits.output(), architecture.input());
    if found == expected { Ok(()) } else { Err(BadQuestion::Picture { found, expected }) }
}

/// The edits, the network, and what is asked of its scores, as one graph; the photo stands in its own rows, the model in its own.
pub(super) fn relation(m: usize, edits: &Edits, card: &Card, shown: &Shown) -> Result<Relation, BadQuestion> {
    let architecture = card.architecture();
    fits(edits, architecture)?;
    let mut graph = Graph::new();
    let photo = graph.input(Kind::Picture, edits.input(), Bounds::BYTE, false).map_err(BadNetwork::from)?;
    // Without an edit nothing need be committed again.
    let steps = if edits.steps().is_empty() { Vec::new() } else { fuse_all(edits.input(), edits.steps())? };
    let picture = graph.edited(photo, &steps).map_err(BadNetwork::from)?;
    // The card's own proof shows the bounds.
    let scores = architecture.read(&mut graph, picture, false)?;
    if let Shown::Class(class) = shown {
        let classes = classes(architecture)?;
        let winner = usize::try_from(*class).ok().filter(|class| *class < classes).ok_or(BadQuestion::NoClass(*class, classes))?;
        wins(&mut graph, scores, classes, winner).map_err(BadNetwork::from)?;
    }
    let mut rows = vec![card.row_bits(); 1 + card.rows().len()];
    if let Some(photo) = rows.first_mut() {
        *photo = m;
    }
    Ok(Relation::of_graph_in_rows(graph, &rows, Output::Revealed)?)
}

/// `[y_j − y_i − [i < j] ≥ 0]` for every class `i`: one everywhere says that `j` has the greatest score and no class before it has the
/// same. The ones are all that is revealed.
fn wins(graph: &mut Graph, scores: ValueId, classes: usize, winner: usize) -> Result<ValueId, zkimg_graph::graph::BadNode> {
    let dims = graph.get(scores).dims;
    let function = Function::Table { first: -256, values: Results::Bytes((-256..=255).map(|q| u8::from(q >= 0)).collect()) };
    let against = |class: usize| {
        let (one, other) = (Tap { input: winner as u32, weight: 1 }, Tap { input: class as u32, weight: -1 });
        match class.cmp(&winner) {
            std::cmp::Ordering::Less => vec![other, one],
            std::cmp::Ordering::Equal => Vec::new(),
            std::cmp::Ordering::Greater => vec![one, other],
        }
    };
    let part = |(channels, bias): (std::ops::Range<usize>, i64)| {
        let term = Term {
            mix: AxisMap::new(classes, channels.clone().map(against)),
            vertical: AxisMap::identity(1),
            horizontal: AxisMap::identity(1),
        };
        Part {
            region: Region { channels, rows: 0..1, columns: 0..1 },
            terms: vec![(scores, LinearMap::new(dims, false, vec![term]))],
            products: Vec::new(),
            bias,
            divisor: 1,
            function: function.clone(),
        }
    };
    let parts = [(0..winner, -1), (winner..classes, 0)].into_iter().filter(|(channels, _)| !channels.is_empty()).map(part).collect();
    graph.node(dims, Bounds::BYTE, parts)
}

impl Shown {
    /// The revealed output of the relation.
    pub(super) fn cells(&self, architecture: &Architecture) -> Vec<u8> {
        match self {
            Shown::Scores(scores) => scores.clone(),
            Shown::Class(_) => vec![1; architecture.output().cells()],
        }
    }
}

/// The canonical bytes: the context of the argument.
pub(super) fn context(capture: &SignedCapture, card: &[u8; 32], edits: &Edits, shown: &Shown) -> Vec<u8> {
    let mut bytes = b"zkimg-answer-statement".to_vec();
    let block = |bytes: &mut Vec<u8>, part: &[u8]| {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part);
    };
    bytes.extend(VERSION.to_le_bytes());
    block(&mut bytes, &capture.to_bytes());
    let statement = &capture.statement;
    bytes.extend(statement.root());
    let dims = statement.dims();
    for n in [dims.channels, dims.height, dims.width, statement.m()] {
        bytes.extend((n as u64).to_le_bytes());
    }
    bytes.extend(Generators::id());
    bytes.extend(card);
    block(&mut bytes, edits.canonical().as_bytes());
    match shown {
        // The scores themselves are the argument's output.
        Shown::Scores(_) => bytes.push(0),
        Shown::Class(class) => {
            bytes.push(1);
            bytes.extend(class.to_le_bytes());
        }
    }
    bytes
}

#[cfg(all(test, feature = "prover"))]
mod tests {
    use super::*;
    use zkimg_graph::tensor::CellsRef;

    #[test]
    fn ones_everywhere_are_the_first_of_the_greatest_alone() {
        let all = [vec![0, 0], vec![7, 7, 7], vec![1, 255, 0, 255], vec![255, 0], vec![3, 4, 5], vec![200, 9, 200, 1, 200]];
        for scores in all {
            let greatest = scores.iter().max().expect("a score");
            let first = scores.iter().position(|score| score == greatest);
            for winner in 0..scores.len() {
                let mut graph = Graph::new();
                let dims = Dims { channels: scores.len(), height: 1, width: 1 };
                let input = graph.input(Kind::Picture, dims, Bounds::BYTE, false).expect("an input");
                wins(&mut graph, input, scores.len(), winner).expect("a node");
                let result = graph.evaluate(&[CellsRef::U8(&scores)]).pop().expect("a value");
                let ones = result.view().widened() == vec![1; scores.len()];
                assert_eq!(ones, first == Some(winner), "{scores:?}, {winner}");
            }
        }
    }
}
