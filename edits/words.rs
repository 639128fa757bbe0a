//! Command-line words.

use crate::edit::{Draft, Kind};
use crate::error::{EditError, shown};
use serde_json::{Map, Value};

/// A word whose values are the parameters in order, between commas: `white-balance=1.08,1,0.93`.
///
/// # Errors
/// If there are too few or too many values, or one is not allowed.
pub fn positional(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let values: Vec<&str> = if word.is_empty() { Vec::new() } else { word.split(',').collect() };
    if values.len() > kind.parameters.len() {
        return Err(refuse(kind, word));
    }
    let named = kind.parameters.iter().zip(values).map(|(p, value)| (p.name(), value.into()));
    from_entries(kind, named)
}

/// The edit with these parameters.
pub(crate) fn from_entries(kind: &'static Kind, entries: impl IntoIterator<Item = (&'static str, Value)>) -> Result<Draft, EditError> {
    let map: Map<String, Value> = entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    kind.read(&map)?;
    Ok(Draft::new(move |_| kind.read(&map)))
}

/// The error for a word of another form.
pub(crate) fn refuse(kind: &'static Kind, word: &str) -> EditError {
    EditError::Word { edit: kind.name, word: shown(word), example: kind.example_word }
}

/// A length in a word: samples, or a percentage of the picture's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Samples(usize),
    /// Parts of 65536 of one percent.
    Percent(i64),
}

impl Length {
    pub(crate) fn parse(text: &str) -> Option<Length> {
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent = crate::fixed::Fixed::parse(percent)?.numerator();
                (0..=1 << 40).contains(&percent).then_some(Length::Percent(percent))
            }
            None => {
                let samples = crate::values::integer(&text.into())?;
                (0..=1 << 26).contains(&samples).then_some(Length::Samples(samples as usize))
            }
        }
    }

    /// In samples of a side this long; a percentage is rounded half up.
    pub(crate) fn of(self, side: usize) -> usize {
        match self {
            Length::Samples(samples) => samples,
            Length::Percent(percent) => {
                let hundred = 100i128 << 16;
                ((i128::from(percent) * side as i128 * 2 + hundred) / (2 * hundred)) as usize
            }
        }
    }
}
