//! What is too long for one segment and spread over several, each with its number and the number of all, as ICC.1:2022, B.4 has it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::segments;

/// What a segment holds of the whole, behind the identifier and two numbers.
pub(super) const fn room(identifier: &[u8]) -> usize {
    65533 - identifier.len() - 2
}

/// The segments of what is at most 255 times as long.
pub(crate) fn spread(marker: u8, identifier: &[u8], whole: &[u8]) -> Vec<u8> {
    let parts = whole.chunks(room(identifier));
    let all = parts.len() as u8;
    parts.zip(1..=all).flat_map(|(part, number)| segments::write(marker, &[identifier, &[number, all], part].concat())).collect()
}

/// Parts as they come: number, number of all, bytes.
#[derive(Default)]
pub(super) struct Parts<'a>(Vec<(u8, u8, &'a [u8])>);

/// Some parts are missing or there twice.
pub(super) struct Incomplete;

impl<'a> Parts<'a> {
    /// Keeps a part: what stands behind the identifier. `None` if it has no numbers.
    pub(super) fn note(&mut self, body: &'a [u8]) -> Option<()> {
        let [number, all, part @ ..] = body else { return None };
        self.0.push((*number, *all, part));
        Some(())
    }

    /// The parts, each there once; `None` if there are none.
    pub(super) fn in_order(&self) -> Result<Option<Vec<&'a [u8]>>, Incomplete> {
        let all = self.0.len();
        if all == 0 {
            return Ok(None);
        }
        let mut parts = self.0.clone();
        parts.sort_by_key(|(number, ..)| *number);
        let complete = parts.iter().zip(1..).all(|((number, of, _), at)| usize::from(*number) == at && usize::from(*of) == all);
        if complete { Ok(Some(parts.into_iter().map(|(.., part)| part).collect())) } else { Err(Incomplete) }
    }
}
