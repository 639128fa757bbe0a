//! What a model's output is, as its card states it: scores, or an embedding that is never shown.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | 0 scores, 1 an embedding |
//! | 1 | *an embedding:* number of thresholds, 1 to 4 |
//! | 1 each | *an embedding:* a threshold in hundredths, 1 to 99, ascending |
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::card::BadCard;
use zkimg_graph::tensor::Dims;
use zkimg_network::cosine::Threshold;
use zkimg_network::model::Architecture;
use zkimg_picture::reader::Reader;

/// The most thresholds of an embedding: whoever could choose one each time would find the exact cosine by halving.
pub const MAX_THRESHOLDS: usize = 4;

/// What a model makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// A score a class; they may be shown.
    Scores,
    /// What tells one face from another. It is as good as the face and never shown; only that two have a cosine of at least one of
    /// these thresholds.
    Embedding(Vec<Threshold>),
}

impl OutputKind {
    /// Of an embedding, its thresholds in one form: ascending, at most [`MAX_THRESHOLDS`].
    ///
    /// # Errors
    /// If there is none, or too many.
    pub fn embedding(mut thresholds: Vec<Threshold>) -> Result<OutputKind, BadCard> {
        thresholds.sort_unstable();
        thresholds.dedup();
        if !(1..=MAX_THRESHOLDS).contains(&thresholds.len()) {
            return Err(BadCard::Thresholds(thresholds.len()));
        }
        Ok(OutputKind::Embedding(thresholds))
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            OutputKind::Scores => out.push(0),
            OutputKind::Embedding(thresholds) => {
                out.extend([1, thresholds.len() as u8]);
                out.extend(thresholds.iter().map(|threshold| threshold.hundredths()));
            }
        }
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<OutputKind, BadCard> {
        const OUTPUT: BadCard = BadCard::Invalid("kind of output");
        match r.u8()? {
            0 => Ok(OutputKind::Scores),
            1 => {
                let count = usize::from(r.u8()?);
                let bytes = r.take(count)?;
                let listed = bytes.iter().map(|byte| Threshold::new(*byte)).collect::<Option<Vec<_>>>().ok_or(OUTPUT)?;
                let read = OutputKind::embedding(listed.clone())?;
                if read == OutputKind::Embedding(listed) { Ok(read) } else { Err(OUTPUT) }
            }
            _ => Err(OUTPUT),
        }
    }

    /// That a network makes this: an embedding has one cell a channel, and a zero.
    pub(super) fn fits(&self, architecture: &Architecture) -> Result<(), BadCard> {
        match self {
            OutputKind::Scores => Ok(()),
            OutputKind::Embedding(_) => zero_of(architecture).map(|_| ()).ok_or(BadCard::NoEmbedding),
        }
    }
}

/// The byte that stands for zero in an embedding.
pub(crate) fn zero_of(architecture: &Architecture) -> Option<u8> {
    let Dims { channels: 2.., height: 1, width: 1 } = architecture.output() else { return None };
    architecture.layers().last()?.layer.range().map(|range| range.zero)
}
