//! `grayscale`: one channel, `⌊(19595·R + 38470·G + 7471·B + 32768) / 65536⌋`.

use crate::integers::one;
use crate::language::{Edit, EditError, Kind};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

/// The weights of red, green and blue: JPEG's (BT.601), in parts of 2^16.
pub(crate) const LUMA: [i32; 3] = [19595, 38470, 7471];

/// The kind.
pub static KIND: Kind = Kind {
    name: "grayscale",
    summary: "one channel, the weighted mean of red, green and blue",
    parameters: &[],
    example_word: "grayscale",
    from_json: |_| Ok(Box::new(Grayscale)),
    from_word: Kind::positional,
    samples: |dims| if dims.channels == 3 { vec![Box::new(Grayscale)] } else { Vec::new() },
};

/// No parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grayscale;

impl Edit for Grayscale {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn words(&self) -> String {
        "made grey".into()
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        KIND.needs_colour(input)?;
        let map = LinearMap::mix(input, vec![LUMA.to_vec()]);
        one(Piece { bias: 1 << 15, divisor: 1 << 16, ..Piece::linear(map) })
    }
}
