//! Lengths in words.

use super::fixed::Fixed;
use super::values::integer;

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
                let percent = Fixed::parse(percent)?.numerator();
                (0..=1 << 40).contains(&percent).then_some(Length::Percent(percent))
            }
            None => {
                let samples = integer(&text.into())?;
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
