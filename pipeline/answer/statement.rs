//! What an answer says: the bytes for the transcript, and the relation.
//!
//! | statement of an answer (in no file; both sides build it) | bytes |
//! |---|---|
//! | `zkimg-answer-statement`, version 3 | 22 + 4 |
//! | card digest | 32 |
//! | 0 and the number of photos; or 1, channels, height, width of the picture, the digest of its pixels | 1 + 8 or 1 + 3·8 + 32 |
//! | *each photo:* length of the signed capture, then its file; root of its rows; its channels, height, width; m; the generators' id | 8 + … + 32 + 4·8 + 32 |
//! | *each photo, or the picture:* length of the edits, then canonical JSON | 8 + … |
//! | *each photo, or the picture:* shown: 0 the scores; or as in the file, 1 and the class, 2 and the classes | 1 or 1 + 4 or 1 + 1 + … |
//!
//! In the graph all pictures stand one below the other in one value, and so does what the network makes of them: the size of a proof is hardly
//! more for sixteen photos than for one.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used))]

use super::card::Card;
use super::file::{Answer, MAX_PHOTOS, Source};
use super::output::OutputKind;
use super::photo::{Photo, long_block};
use super::shown::{Shown, TOP};
use crate::recipe::Edits;
use std::mem::discriminant;
use std::ops::Range;
use std::sync::Arc;
use zkimg_graph::fuse::fuse_all;
use zkimg_graph::graph::{BadNode, Function, Graph, Kind, Output, Part, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::step::{BadStep, Region, Step};
use zkimg_graph::tensor::{Bounds, Cells, Dims};
use zkimg_network::model::{Architecture, BadNetwork};
use zkimg_proof::relation::{BadRelation, Relation};

const VERSION: u32 = 3;

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
    /// Photos of which different things are shown.
    #[error("of all photos of one answer the same is shown: the class, the best classes, or the scores")]
    Kinds,
    /// Scores that are not as many as the network gives.
    #[error("the network gives {1} scores, and here are {0}")]
    Scores(usize, usize),
    /// More photos than one answer is about.
    #[error("one answer is about 1 to {MAX_PHOTOS} photos, and here are {0}; ask about fewer at once")]
    Photos(usize),
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

/// Has a model read edited pictures of a graph; gives what it makes of each, one below the other.
pub(crate) fn read(graph: &mut Graph, pictures: &[(ValueId, &Edits)], architecture: &Architecture) -> Result<ValueId, BadQuestion> {
    architecture.bounded(pictures.len())?;
    let mut each = Vec::with_capacity(pictures.len());
    for (picture, edits) in pictures {
        fits(edits, architecture)?;
        // Without an edit nothing need be committed again.
        let steps = if edits.steps().is_empty() { Vec::new() } else { fuse_all(edits.input(), edits.steps())? };
        each.push((*picture, steps));
    }
    let each: Vec<(ValueId, &[Step])> = each.iter().map(|(picture, steps)| (*picture, &steps[..])).collect();
    let all = graph.stacked(&each).map_err(BadNetwork::from)?;
    // The card's own proof shows the bounds.
    Ok(architecture.read(graph, (pictures.len(), all), false)?)
}

/// The pictures that an answer is about, as the relation has them.
pub(super) enum About {
    /// Hidden, each in rows of `2^m` cells.
    Hidden(Vec<usize>),
    /// These bytes, which everybody has.
    Public(Arc<Cells>),
}

/// The edits, the network, and what is asked of its scores, as one graph; each photo stands in its own rows, the model in its own.
pub(super) fn relation(about: &About, answers: &[Answer], card: &Card) -> Result<Relation, BadQuestion> {
    may_be_shown(card)?;
    let (mut graph, mut rows) = (Graph::new(), Vec::new());
    let mut pictures = Vec::with_capacity(answers.len());
    for (i, Answer { edits, .. }) in answers.iter().enumerate() {
        let picture = match about {
            About::Hidden(each) => {
                rows.extend(each.get(i));
                graph.input(Kind::Picture, edits.input(), Bounds::BYTE, false)
            }
            About::Public(cells) => graph.public(edits.input(), Bounds::BYTE, cells.clone()),
        };
        pictures.push((picture.map_err(BadNetwork::from)?, edits));
    }
    // Of a photo without winners beside others nothing would be revealed, and so nothing shown.
    if !answers.iter().all(|answer| answers.first().is_some_and(|first| discriminant(&first.shown) == discriminant(&answer.shown))) {
        return Err(BadQuestion::Kinds);
    }
    let scores = read(&mut graph, &pictures, card.architecture())?;
    let winners = answers.iter().filter_map(|answer| answer.shown.winners(card.architecture()).transpose());
    let winners = winners.collect::<Result<Vec<Vec<usize>>, _>>()?;
    if !winners.is_empty() {
        wins(&mut graph, scores, &winners).map_err(BadNetwork::from)?;
    }
    rows.extend(card.rows().iter().map(|_| card.row_bits()));
    Ok(Relation::of_graph_in_rows(graph, &rows, Output::Revealed)?)
}

/// For every picture, every class `i` and its rival `j`, that one must be behind the other: `[y_j − y_i − [i < j] ≥ 0]`. A winner's rival is
/// the winner before it, every other class's the last winner; the first winner has none, and a one. Ones everywhere say that each winner has
/// a greater score than the next, or the same and a smaller number, and that no other class is before the last. The ones are all that is
/// revealed.
fn wins(graph: &mut Graph, scores: ValueId, winners: &[Vec<usize>]) -> Result<ValueId, BadNode> {
    let dims = graph.get(scores).dims;
    let function = Function::Table { first: -256, values: Results::Bytes((-256..=255).map(|q| u8::from(q >= 0)).collect()) };
    let parts = winners.iter().enumerate().flat_map(|(picture, winners)| {
        let part = |(channels, bias): (Range<usize>, i64)| {
            let term = Term {
                mix: AxisMap::new(dims.channels, channels.clone().map(|class| rivals(winners, class))),
                vertical: AxisMap::select(dims.height, [picture]),
                horizontal: AxisMap::identity(1),
            };
            Part {
                region: Region { channels, rows: picture..picture + 1, columns: 0..1 },
                terms: vec![(scores, LinearMap::new(dims, false, vec![term]))],
                products: Vec::new(),
                bias,
                divisor: 1,
                function: function.clone(),
            }
        };
        runs(winners, dims.channels).into_iter().map(part).collect::<Vec<Part>>()
    });
    let parts = parts.collect();
    graph.node(dims, Bounds::BYTE, parts)
}

/// The class that must not be behind another; the first winner has none.
fn rival(winners: &[usize], class: usize) -> Option<usize> {
    match winners.iter().position(|winner| *winner == class) {
        Some(place) => place.checked_sub(1).and_then(|before| winners.get(before)).copied(),
        None => winners.last().copied(),
    }
}

/// `y_j − y_i`.
fn rivals(winners: &[usize], class: usize) -> Vec<Tap> {
    let Some(rival) = rival(winners, class) else { return Vec::new() };
    let mut taps = vec![Tap { input: rival as u32, weight: 1 }, Tap { input: class as u32, weight: -1 }];
    taps.sort_unstable_by_key(|tap| tap.input);
    taps
}

/// A box for every run of classes with one bias, `−[i < j]`.
fn runs(winners: &[usize], classes: usize) -> Vec<(Range<usize>, i64)> {
    let mut runs: Vec<(Range<usize>, i64)> = Vec::new();
    for class in 0..classes {
        let bias = if rival(winners, class).is_some_and(|rival| class < rival) { -1 } else { 0 };
        match runs.last_mut() {
            Some((classes, last)) if *last == bias => classes.end = class + 1,
            _ => runs.push((class..class + 1, bias)),
        }
    }
    runs
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
}

/// The revealed output of the relation: scores as [`stacked`], or ones.
pub(super) fn cells(answers: &[Answer], architecture: &Architecture) -> Result<Vec<u8>, BadQuestion> {
    let (dims, mut all) = (architecture.output(), Vec::with_capacity(answers.len()));
    for Answer { shown, .. } in answers {
        match shown {
            Shown::Scores(scores) if scores.len() != dims.cells() => return Err(BadQuestion::Scores(scores.len(), dims.cells())),
            Shown::Scores(scores) => all.push(&scores[..]),
            Shown::Class(_) | Shown::Top(_) => {}
        }
    }
    Ok(if all.is_empty() { vec![1; answers.len() * dims.cells()] } else { stacked(&all, dims.height * dims.width) })
}

/// Values of one shape, with so many cells a channel, one below the other.
fn stacked(values: &[&[u8]], plane: usize) -> Vec<u8> {
    let mut channels: Vec<_> = values.iter().map(|cells| cells.chunks_exact(plane)).collect();
    std::iter::from_fn(|| channels.iter_mut().map(Iterator::next).collect::<Option<Vec<&[u8]>>>()).flatten().flatten().copied().collect()
}

/// The values that stand one below the other.
#[cfg(feature = "prover")]
pub(super) fn apart(all: &[u8], values: usize, plane: usize) -> Vec<Vec<u8>> {
    (0..values).map(|i| all.chunks_exact(plane).skip(i).step_by(values).flatten().copied().collect()).collect()
}

/// The canonical bytes: the context of the argument.
pub(super) fn context(source: &Source, card: &[u8; 32], answers: &[Answer]) -> Vec<u8> {
    let mut bytes = b"zkimg-answer-statement".to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend(card);
    match source {
        Source::Photos(photos) => {
            bytes.push(0);
            bytes.extend((photos.len() as u64).to_le_bytes());
            photos.iter().for_each(|photo| Photo::state(&photo.capture, &mut bytes));
        }
        Source::Picture { dims, digest } => {
            bytes.push(1);
            [dims.channels, dims.height, dims.width].into_iter().for_each(|n| bytes.extend((n as u64).to_le_bytes()));
            bytes.extend(digest);
        }
    }
    for Answer { edits, shown } in answers {
        long_block(&mut bytes, edits.canonical().as_bytes());
        match shown {
            // The scores themselves are the argument's output.
            Shown::Scores(_) => bytes.push(0),
            Shown::Class(_) | Shown::Top(_) => shown.write(&mut bytes),
        }
    }
    bytes
}

#[cfg(all(test, feature = "prover"))]
mod tests {
    use super::*;
    use zkimg_graph::tensor::CellsRef;

    /// Whether all of the node's cells of each picture are one.
    fn hold_each(scores: &[&[u8]], winners: &[&[usize]]) -> Vec<bool> {
        let mut graph = Graph::new();
        let (classes, pictures) = (scores[0].len(), scores.len());
        let dims = Dims { channels: classes, height: pictures, width: 1 };
        let input = graph.input(Kind::Picture, dims, Bounds::BYTE, false).expect("an input");
        let winners: Vec<Vec<usize>> = winners.iter().map(|winners| winners.to_vec()).collect();
        wins(&mut graph, input, &winners).expect("a node");
        let result = graph.evaluate(&[CellsRef::U8(&stacked(scores, 1))]).pop().expect("a value");
        let cells: Vec<u8> = result.view().widened().into_iter().map(|cell| cell as u8).collect();
        apart(&cells, pictures, 1).into_iter().map(|ones| ones == vec![1; classes]).collect()
    }

    fn hold(scores: &[u8], winners: &[usize]) -> bool {
        hold_each(&[scores], &[winners])[0]
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
    fn ones_of_each_picture_are_of_its_own_scores() {
        let scores: [&[u8]; 3] = [&[7, 9, 3], &[1, 1, 250], &[8, 0, 0]];
        for (a, b, c) in (0..27).map(|i| (i % 3, i / 3 % 3, i / 9)) {
            assert_eq!(hold_each(&scores, &[&[a], &[b], &[c]]), [a == 1, b == 2, c == 0]);
            assert_eq!(hold_each(&scores, &[&[a, b, c], &[2, 0, 1], &[0, 1, 2]])[1..], [true, true]);
        }
    }

    #[test]
    fn what_stands_one_below_the_other_is_taken_apart_again() {
        let values: [&[u8]; 3] = [&[1, 2, 3, 4], &[5, 6, 7, 8], &[9, 10, 11, 12]];
        let all = stacked(&values, 2);
        assert_eq!(all, [1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12]);
        assert_eq!(apart(&all, 3, 2), values);
        assert_eq!(stacked(&values[..1], 2), values[0]);
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
