//! Samples of 16 bits as bytes.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;
use crate::format::Format;

/// What is done with samples of 16 bits that no byte stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deep {
    /// A photo's are rounded to the nearest byte, before it is signed.
    Rounded,
    /// A published picture's are refused: what is shown would not be what is proved.
    Refused,
}

/// The byte nearest to a sample of 16 bits: `⌊(255·v + 32767) / 65535⌋`, of `257·b` just `b`. No sample lies in the middle.
fn rounded(sample: u16) -> u8 {
    // At most 255.
    ((255 * u32::from(sample) + 32767) / 65535) as u8
}

impl Deep {
    /// The bytes of interleaved samples. Alpha, the last of 2 or 4 channels, must be whole before it is rounded.
    pub(crate) fn narrow(self, format: Format, channels: usize, samples: impl Iterator<Item = u16>) -> Result<Vec<u8>, PictureError> {
        let mut bytes = Vec::with_capacity(samples.size_hint().0);
        for (at, sample) in samples.enumerate() {
            if channels.is_multiple_of(2) && at % channels == channels - 1 && sample != u16::MAX {
                return Err(PictureError::Transparent(format));
            }
            if self == Deep::Refused && sample % 257 != 0 {
                return Err(PictureError::Deep(format));
            }
            bytes.push(rounded(sample));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the distance to every byte's `257·b`.
    #[test]
    fn the_nearest_byte_of_every_sample() {
        for sample in 0..=u16::MAX {
            let distance = |byte: u8| (257 * i32::from(byte) - i32::from(sample)).abs();
            let nearest = (0..=255u8).min_by_key(|byte| distance(*byte)).expect("some");
            assert_eq!(rounded(sample), nearest, "{sample}");
        }
    }

    #[test]
    fn alpha_that_would_be_rounded_up_is_refused() {
        let narrow = |deep: Deep, samples: [u16; 2]| deep.narrow(Format::Png, 2, samples.into_iter());
        assert_eq!(narrow(Deep::Rounded, [300, 65534]), Err(PictureError::Transparent(Format::Png)));
        assert_eq!(narrow(Deep::Rounded, [300, 65535]), Ok(vec![1, 255]));
        assert_eq!(narrow(Deep::Refused, [300, 65535]), Err(PictureError::Deep(Format::Png)));
        assert_eq!(narrow(Deep::Refused, [514, 65535]), Ok(vec![2, 255]));
    }
}
