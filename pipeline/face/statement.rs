//! What an enrolled face and a match say: the bytes for the transcript, the relations, and what may not be asked.
//!
//! | statement of an enrolled face (in no file; both sides build it) | bytes |
//! |---|---|
//! | `zkimg-enrolment-statement`, version 1 | 25 + 4 |
//! | the photo: length of the signed capture, then its file; root of the rows; channels, height, width; m; the generators' id | 8 + … + 32 + 4·8 + 32 |
//! | card digest | 32 |
//! | length of the edits, then canonical JSON | 8 + … |
//!
//! | statement of a match | bytes |
//! |---|---|
//! | `zkimg-match-statement`, version 1 | 21 + 4 |
//! | the photo, card digest, edits as above | … |
//! | digest of the enrolled face's file | 32 |
//! | threshold in hundredths | 1 |

use super::matched::MatchFile;
use crate::answer::photo::{Asked, Photo, long_block};
use crate::answer::{BadQuestion, Card, OutputKind, Threshold, fits, read, zero_of};
use crate::recipe::Edits;
use zkimg_edits::resize;
use zkimg_graph::graph::{Graph, Kind, Output};
use zkimg_graph::tensor::Bounds;
use zkimg_network::cosine::at_least;
use zkimg_network::model::BadNetwork;
use zkimg_proof::relation::Relation;

const VERSION: u32 = 1;

/// The edits that may come before a face: those that show the same face, larger, turned or without its colours. Another one could paste a
/// face in; and so could a resize that reads few of the pixels, or makes many of few, or one after the other: there is one at most, within bounds.
pub const ALLOWED: [&str; 5] = ["crop", "resize", "rotate", "flip", "grayscale"];

/// What cannot be said of a face.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadFace {
    /// An edit that could make one face of another.
    #[error("the edit {name} could make one face of another; before a face there may be {}", ALLOWED.join(", "))]
    Edit {
        /// Which.
        name: &'static str,
    },
    /// A resize that could.
    #[error("before a face the picture may be resized {0}: a resize beyond that could make one face of another")]
    Resize(&'static str),
    /// A model that gives scores.
    #[error("the model's card says that it gives scores, and faces are compared by embeddings; import the model with --embedding")]
    Scores,
    /// A threshold that the card does not list.
    #[error("the model's card does not list the threshold {found}, but {}", list(.listed))]
    Threshold {
        /// The one that is wanted.
        found: Threshold,
        /// Those of the card.
        listed: Vec<Threshold>,
    },
    /// What cannot be asked of the network.
    #[error(transparent)]
    Question(#[from] BadQuestion),
}

impl From<BadNetwork> for BadFace {
    fn from(error: BadNetwork) -> BadFace {
        BadFace::Question(error.into())
    }
}

fn list(thresholds: &[Threshold]) -> String {
    thresholds.iter().map(Threshold::to_string).collect::<Vec<_>>().join(", ")
}

/// That the edits show one face, and end with what a network reads that makes embeddings; gives the byte of an embedding's zero.
pub(super) fn may_be_read(edits: &Edits, card: &Card) -> Result<u8, BadFace> {
    if let Some(name) = edits.names().find(|name| !ALLOWED.contains(name)) {
        return Err(BadFace::Edit { name });
    }
    may_be_resized(edits)?;
    let OutputKind::Embedding(_) = card.output() else { return Err(BadFace::Scores) };
    fits(edits, card.architecture())?;
    zero_of(card.architecture()).ok_or(BadFace::Scores)
}

/// That no resize makes another picture of it: of a photo that somebody made for it, the nearest samples can be any picture (Xiao et al., *Seeing is
/// not believing: camouflage attacks on image scaling algorithms*, USENIX Security 2019), and of a few pixels a network can be shown what it takes for a face.
fn may_be_resized(edits: &Edits) -> Result<(), BadFace> {
    let after = edits.each().skip(1).map(|(_, input)| input).chain([edits.output()]);
    let mut resizes = edits.each().zip(after).filter(|((edit, _), _)| edit.kind().name == resize::KIND.name);
    let Some(((edit, from), to)) = resizes.next() else { return Ok(()) };
    let (shape, other) = (from.width * to.height, from.height * to.width);
    let refused = [
        (resizes.next().is_some(), "once"),
        (edit.canonical()["filter"] == "nearest", "by bilinear or lanczos3"),
        (to.width > 2 * from.width || to.height > 2 * from.height, "to at most twice its sides"),
        (10 * shape.abs_diff(other) > shape.max(other), "without changing its shape by more than a tenth"),
    ];
    refused.into_iter().find(|(refused, _)| *refused).map_or(Ok(()), |(_, how)| Err(BadFace::Resize(how)))
}

/// That the card lists a threshold.
pub(super) fn listed(threshold: Threshold, card: &Card) -> Result<(), BadFace> {
    match card.output() {
        OutputKind::Embedding(thresholds) if thresholds.contains(&threshold) => Ok(()),
        OutputKind::Embedding(thresholds) => Err(BadFace::Threshold { found: threshold, listed: thresholds.clone() }),
        OutputKind::Scores => Err(BadFace::Scores),
    }
}

/// "The model makes this hidden embedding of the edited photo", the photo in rows of `2^m` cells.
fn enrolment(m: usize, edits: &Edits, card: &Card) -> Result<Relation, BadFace> {
    may_be_read(edits, card)?;
    let mut graph = Graph::new();
    let photo = graph.input(Kind::Picture, edits.input(), Bounds::BYTE, false).map_err(BadNetwork::from)?;
    read(&mut graph, &[(photo, edits)], card.architecture())?;
    let rows = rows(m, card);
    Ok(Relation::of_graph_in_rows(graph, &rows, Output::Hidden(Kind::Template)).map_err(BadQuestion::from)?)
}

/// "The embedding that the model makes of the edited photo has a cosine of at least the threshold with the template's", which stands in
/// rows of `2^template` cells. Its own enrolment shows that it is one, and that these rows end where they should.
fn comparison(m: usize, edits: &Edits, card: &Card, template: usize, threshold: Threshold) -> Result<Relation, BadFace> {
    let zero = may_be_read(edits, card)?;
    listed(threshold, card)?;
    let mut graph = Graph::new();
    let photo = graph.input(Kind::Picture, edits.input(), Bounds::BYTE, false).map_err(BadNetwork::from)?;
    let made = read(&mut graph, &[(photo, edits)], card.architecture())?;
    let enrolled = graph.input(Kind::Template, card.architecture().output(), Bounds::BYTE, false).map_err(BadNetwork::from)?;
    at_least(&mut graph, [made, enrolled], zero, threshold)?;
    let mut rows = rows(m, card);
    rows.push(template);
    Ok(Relation::of_graph_in_rows(graph, &rows, Output::Revealed).map_err(BadQuestion::from)?)
}

fn rows(m: usize, card: &Card) -> Vec<usize> {
    std::iter::once(m).chain(card.rows().iter().map(|_| card.row_bits())).collect()
}

fn begin(name: &[u8], asked: &Asked) -> Vec<u8> {
    let mut bytes = [name, &VERSION.to_le_bytes()].concat();
    Photo::state(&asked.photo.capture, &mut bytes);
    bytes.extend(asked.card);
    long_block(&mut bytes, asked.edits.canonical().as_bytes());
    bytes
}

/// The relation and the context of an enrolled face's argument.
pub(super) fn enrolment_statement(asked: &Asked, card: &Card) -> Result<(Relation, Vec<u8>), BadFace> {
    Ok((enrolment(asked.m(), &asked.edits, card)?, begin(b"zkimg-enrolment-statement", asked)))
}

impl MatchFile {
    /// The relation and the context of its argument, with a template in rows of `2^template` cells.
    pub(super) fn statement(&self, card: &Card, template: usize) -> Result<(Relation, Vec<u8>), BadFace> {
        let relation = comparison(self.asked.m(), &self.asked.edits, card, template, self.threshold)?;
        let mut context = begin(b"zkimg-match-statement", &self.asked);
        context.extend(self.enrolled);
        context.push(self.threshold.hundredths());
        Ok((relation, context))
    }
}

/// What a match reveals: that the sum of products is positive, and that the cosine is high enough.
pub(super) const HOLDS: [u8; 2] = [1; 2];
