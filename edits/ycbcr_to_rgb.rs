//! `ycbcr_to_rgb`: JPEG's full-range luma and chroma back to red, green and blue.
//!
//! With `b = Cb − 128`, `r = Cr − 128`: `R = clamp(Y + ⌊(91881·r + 32768) / 2^16⌋)`,
//! `G = clamp(Y + ⌊(−22554·b − 46802·r + 32768) / 2^16⌋)`, `B = clamp(Y + ⌊(116130·b + 32768) / 2^16⌋)`. Since `Y` is an
//! integer, `Y + ⌊v / 2^16⌋ = ⌊(2^16·Y + v) / 2^16⌋`: one division a channel.

use crate::integers::channel;
use crate::language::{Edit, EditError, Kind};
use zkimg_graph::step::Step;
use zkimg_graph::tensor::Dims;

/// Each channel's weights.
const ROWS: [[i32; 3]; 3] = [[65536, 0, 91881], [65536, -22554, -46802], [65536, 116_130, 0]];

/// The kind.
pub static KIND: Kind = Kind {
    name: "ycbcr_to_rgb",
    summary: "luma and chroma to red, green and blue, as JPEG does",
    parameters: &[],
    example_word: "ycbcr-to-rgb",
    from_json: |_| Ok(Box::new(YcbcrToRgb)),
    from_word: Kind::positional,
    samples: |dims| if dims.channels == 3 { vec![Box::new(YcbcrToRgb)] } else { Vec::new() },
};

/// No parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YcbcrToRgb;

impl Edit for YcbcrToRgb {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn words(&self) -> String {
        "brightness and two colour differences (YCbCr) exchanged for red, green and blue".into()
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        KIND.needs_colour(input)?;
        let pieces = ROWS.iter().enumerate().map(|(c, weights)| {
            let centred: i64 = weights[1..].iter().map(|w| 128 * i64::from(*w)).sum();
            channel(input, c, weights, 32768 - centred)
        });
        Ok(vec![Step::new(input, input, pieces.collect::<Result<_, _>>()?)?])
    }
}
