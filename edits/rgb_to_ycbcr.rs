//! `rgb_to_ycbcr`: JPEG's full-range luma and chroma.
//!
//! `Y = ⌊(19595·R + 38470·G + 7471·B + 32768) / 2^16⌋`, `Cb = ⌊(−11059·R − 21709·G + 32768·B + 128·2^16 + 32767) / 2^16⌋`,
//! `Cr = ⌊(32768·R − 27439·G − 5329·B + 128·2^16 + 32767) / 2^16⌋`. All three stay in `0..=255`.

use crate::grayscale::LUMA;
use crate::integers::channel;
use crate::language::{Edit, EditError, Kind};
use zkimg_graph::step::Step;
use zkimg_graph::tensor::Dims;

/// Each channel's weights and bias.
const ROWS: [([i32; 3], i64); 3] =
    [(LUMA, 32768), ([-11059, -21709, 32768], (128 << 16) + 32767), ([32768, -27439, -5329], (128 << 16) + 32767)];

/// The kind.
pub static KIND: Kind = Kind {
    name: "rgb_to_ycbcr",
    summary: "red, green and blue to luma and chroma, as JPEG does",
    parameters: &[],
    example_word: "rgb-to-ycbcr",
    from_json: |_| Ok(Box::new(RgbToYcbcr)),
    from_word: Kind::positional,
    samples: |dims| if dims.channels == 3 { vec![Box::new(RgbToYcbcr)] } else { Vec::new() },
};

/// No parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RgbToYcbcr;

impl Edit for RgbToYcbcr {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn words(&self) -> String {
        "red, green and blue exchanged for brightness and two colour differences (YCbCr)".into()
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        KIND.needs_colour(input)?;
        let pieces = ROWS.iter().enumerate().map(|(c, (weights, bias))| channel(input, c, weights, *bias));
        Ok(vec![Step::new(input, input, pieces.collect::<Result<_, _>>()?)?])
    }
}
