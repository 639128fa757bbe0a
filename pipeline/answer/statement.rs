//! What an answer says: the bytes for the transcript, and the relation.
//!
//! | statement of an answer (in no file; both sides build it) | bytes |
//! |---|---|
//! | `zkimg-answer-statement`, version 2 | 22 + 4 |
//! | 0, length of the signed capture, then its file; root of the photo's rows; its channels, height, width; m; the generators' id | 1 + 8 + … + 32 + 4·8 + 32 |
//! | or 1, channels, height, width of the picture, the digest of its pixels | 1 + 3·8 + 32 |
//! | card digest | 32 |
//! | length of the edits, then canonical JSON | 8 + … |
//! | shown: 0 the scores; or as in the file, 1 and the class, 2 and the classes | 1 or 1 + 4 or 1 + 1 + … |
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used))]

use super::card::Card;
use super::file::Source;
use super::output::OutputKind;
use super::photo::{Photo, long_block};
use super::shown::{Shown, TOP};
use crate::recipe::Edits;
use std::ops::Range;
use std::sync::Arc;
use zkimg_graph::fuse::fuse_all;
use zkimg_graph::graph::{BadNode, Function, Graph, Kind, Output, Part, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::step::{BadStep, Region};
use zkimg_graph::tensor::{Bounds, Cells, Dims};
use zkimg_network::model::{Architecture, BadNetwork};
use zkimg_proof::relation::{BadRelation, Relation};

const VERSION: u32 = 2;

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
    /// Classes that are no list of the greatest.
    #[error("the classes with the greatest scores are {expected} different ones, and here are {found}")]
    Top {
        /// How many different ones are given.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// What a network makes of a face, which is as good as the face.
    #[error("the model's card says that it makes an embedding, which is as good as the face and is never shown; use `zkimg face`")]
    Embedding,
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
pub(crate) fn fits(edits: &Edits, architecture: &Architecture) -> Result<(), BadQuestion> {
    if edits.jpeg().is_some() {
        return Err(BadQuestion::Jpeg);
    }
    let (found, expected) = (edits.output(), architecture.input());
    if found == expected { Ok(()) } else { Err(BadQuestion::Picture { found, expected }) }
}

/// That anything of what a model makes may be shown.
pub(super) fn may_be_shown(card: &Card) -> Result<(), BadQuestion> {
    match card.output() {
        OutputKind::Scores => Ok(()),
        OutputKind::Embedding(_) => Err(BadQuestion::Embedding),
    }
}

/// Has a model read an edited picture of a graph; gives what it makes.
pub(crate) fn read(graph: &mut Graph, picture: ValueId, edits: &Edits, architecture: &Architecture) -> Result<ValueId, BadQuestion> {
    fits(edits, architecture)?;
    // Without an edit nothing need be committed again.
    let steps = if edits.steps().is_empty() { Vec::new() } else { fuse_all(edits.input(), edits.steps())? };
    let picture = graph.edited(picture, &steps).map_err(BadNetwork::from)?;
    // The card's own proof shows the bounds.
    Ok(architecture.read(graph, (1, picture), false)?)
}

/// The picture that an answer is about, as the relation has it.
pub(super) enum About {
    /// Hidden, in rows of `2^m` cells.
    Hidden(usize),
    /// These bytes, which everybody has.
    Public(Arc<Cells>),
}

/// The edits, the network, and what is asked of its scores, as one graph; the photo stands in its own rows, the model in its own.
pub(super) fn relation(about: &About, edits: &Edits, card: &Card, shown: &Shown) -> Result<Relation, BadQuestion> {
    may_be_shown(card)?;
    let (mut graph, mut rows) = (Graph::new(), Vec::new());
    let picture = match about {
        About::Hidden(m) => {
            rows.push(*m);
            graph.input(Kind::Picture, edits.input(), Bounds::BYTE, false)
        }
        About::Public(cells) => graph.public(edits.input(), Bounds::BYTE, cells.clone()),
    };
    let scores = read(&mut graph, picture.map_err(BadNetwork::from)?, edits, card.architecture())?;
    if let Some(winners) = shown.winners(card.architecture())? {
        wins(&mut graph, scores, &winners).map_err(BadNetwork::from)?;
    }
    rows.extend(card.rows().iter().map(|_| card.row_bits()));
    Ok(Relation::of_graph_in_rows(graph, &rows, Output::Revealed)?)
}

/// For every class `i` and its rival `j`, that one must be behind the other: `[y_j − y_i − [i < j] ≥ 0]`. A winner's rival is the winner
/// before it, every other class's the last winner; the first winner has none, and a one. Ones everywhere say that each winner has a greater
/// score than the next, or the same and a smaller number, and that no other class is before the last. The ones are all that is revealed.
fn wins(graph: &mut Graph, scores: ValueId, winners: &[usize]) -> Result<ValueId, BadNode> {
    let dims = graph.get(scores).dims;
    let function = Function::Table { first: -256, values: Results::Bytes((-256..=255).map(|q| u8::from(q >= 0)).collect()) };
    let rival = |class: usize| match winners.iter().position(|winner| *winner == class) {
        Some(place) => place.checked_sub(1).and_then(|before| winners.get(before)),
        None => winners.last(),
    };
    let taps = |class: usize| {
        let Some(rival) = rival(class) else { return Vec::new() };
        let mut taps = vec![Tap { input: *rival as u32, weight: 1 }, Tap { input: class as u32, weight: -1 }];
        taps.sort_unstable_by_key(|tap| tap.input);
        taps
    };
    let bias = |class: usize| if rival(class).is_some_and(|rival| class < *rival) { -1 } else { 0 };
    // A box for every run of classes with one bias.
    let mut runs: Vec<(Range<usize>, i64)> = Vec::new();
    for class in 0..dims.channels {
        match runs.last_mut() {
            Some((classes, last)) if *last == bias(class) => classes.end = class + 1,
            _ => runs.push((class..class + 1, bias(class))),
        }
    }
    let part = |(channels, bias): (Range<usize>, i64)| {
        let term = Term {
            mix: AxisMap::new(dims.channels, channels.clone().map(taps)),
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
    graph.node(dims, Bounds::BYTE, runs.into_iter().map(part).collect())
}

impl Shown {
    /// The classes that are said to have the greatest scores, if any are: different ones, each of which exists.
    fn winners(&self, architecture: &Architecture) -> Result<Option<Vec<usize>>, BadQuestion> {
        let (shown, expected) = match self {
            Shown::Scores(_) => return Ok(None),
            Shown::Class(class) => (std::slice::from_ref(class), 1),
            Shown::Top(classes_shown) => (&classes_shown[..], TOP.min(classes(architecture)?)),
        };
        let classes = classes(architecture)?;
        let class =
            |class: &u32| usize::try_from(*class).ok().filter(|class| *class < classes).ok_or(BadQuestion::NoClass(*class, classes));
        let winners = shown.iter().map(class).collect::<Result<Vec<usize>, _>>()?;
        let found = winners.iter().collect::<std::collections::BTreeSet<_>>().len();
        if winners.len() != expected || found != expected {
            return Err(BadQuestion::Top { found, expected });
        }
        Ok(Some(winners))
    }

    /// The revealed output of the relation.
    pub(super) fn cells(&self, architecture: &Architecture) -> Vec<u8> {
        match self {
            Shown::Scores(scores) => scores.clone(),
            Shown::Class(_) | Shown::Top(_) => vec![1; architecture.output().cells()],
        }
    }
}

/// The canonical bytes: the context of the argument.
pub(super) fn context(source: &Source, card: &[u8; 32], edits: &Edits, shown: &Shown) -> Vec<u8> {
    let mut bytes = b"zkimg-answer-statement".to_vec();
    bytes.extend(VERSION.to_le_bytes());
    match source {
        Source::Photo(photo) => {
            bytes.push(0);
            Photo::state(&photo.capture, &mut bytes);
        }
        Source::Picture { dims, digest } => {
            bytes.push(1);
            [dims.channels, dims.height, dims.width].into_iter().for_each(|n| bytes.extend((n as u64).to_le_bytes()));
            bytes.extend(digest);
        }
    }
    bytes.extend(card);
    long_block(&mut bytes, edits.canonical().as_bytes());
    match shown {
        // The scores themselves are the argument's output.
        Shown::Scores(_) => bytes.push(0),
        Shown::Class(_) | Shown::Top(_) => shown.write(&mut bytes),
    }
    bytes
}

#[cfg(all(test, feature = "prover"))]
mod tests {
    use super::*;
    use zkimg_graph::tensor::CellsRef;

    /// Whether all of the node's cells are one.
    fn hold(scores: &[u8], winners: &[usize]) -> bool {
        let mut graph = Graph::new();
        let dims = Dims { channels: scores.len(), height: 1, width: 1 };
        let input = graph.input(Kind::Picture, dims, Bounds::BYTE, false).expect("an input");
        wins(&mut graph, input, winners).expect("a node");
        let result = graph.evaluate(&[CellsRef::U8(scores)]).pop().expect("a value");
        result.view().widened() == vec![1; scores.len()]
    }

    /// The classes, the greatest score first, of equal ones the first.
    fn sorted(scores: &[u8]) -> Vec<usize> {
        let mut classes: Vec<usize> = (0..scores.len()).collect();
        classes.sort_by_key(|class| (std::cmp::Reverse(scores[*class]), *class));
        classes
    }

    const ALL: [&[u8]; 7] = [&[0, 0], &[7, 7, 7], &[1, 255, 0, 255], &[255, 0], &[3, 4, 5], &[200, 9, 200, 1, 200], &[5, 6, 7, 5, 6, 7, 9]];

    #[test]
    fn ones_everywhere_are_the_first_of_the_greatest_alone() {
        for scores in ALL {
            for winner in 0..scores.len() {
                assert_eq!(hold(scores, &[winner]), sorted(scores)[0] == winner, "{scores:?}, {winner}");
            }
        }
    }

    #[test]
    fn ones_everywhere_are_the_greatest_in_order_alone() {
        for scores in ALL {
            for (a, b, c) in (0..scores.len().pow(3)).map(|i| (i % scores.len(), i / scores.len() % scores.len(), i / scores.len().pow(2)))
            {
                if a == b || b == c || a == c {
                    continue;
                }
                assert_eq!(hold(scores, &[a, b, c]), sorted(scores)[..3] == [a, b, c], "{scores:?}, {a} {b} {c}");
            }
            let all = sorted(scores);
            assert!(hold(scores, &all), "all of them in order");
        }
    }
}
