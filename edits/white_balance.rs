//! `white_balance`: `clamp(⌊(x·G_c + 2^15) / 2^16⌋)` with a gain for each channel.

use crate::integers::bytes;
use crate::language::{Edit, EditError, Entry, Fixed, Kind, ONE, Parameter, Real};
use std::sync::Arc;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{Function, Piece, Region, Step};
use zkimg_graph::tensor::Dims;

static GAINS: [Parameter<Real>; 3] = [gain("red", "gain, 1 changes nothing"), gain("green", "gain"), gain("blue", "gain")];

const fn gain(name: &'static str, meaning: &'static str) -> Parameter<Real> {
    Parameter::required(name, meaning, Real("0", "8"))
}

/// The kind.
pub static KIND: Kind = Kind {
    name: "white_balance",
    summary: "a gain for each channel",
    parameters: &[&GAINS[0], &GAINS[1], &GAINS[2]],
    example_word: "white-balance=1.08,1,0.93",
    from_json: |fields| {
        let [red, green, blue] = GAINS.each_ref().map(|gain| fields.read(gain));
        Ok(Box::new(WhiteBalance { gains: [red?, green?, blue?] }))
    },
    from_word: Kind::positional,
    samples: |dims| {
        let sample = |gains: [i64; 3]| Box::new(WhiteBalance { gains: gains.map(Fixed::new) }) as Box<dyn Edit>;
        let all = vec![sample([70779, ONE, 60948]), sample([8 * ONE, 0, 1]), sample([ONE, ONE, 2 * ONE])];
        if dims.channels == 3 { all } else { Vec::new() }
    },
};

/// Gains of red, green and blue, from 0 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhiteBalance {
    gains: [Fixed; 3],
}

impl Edit for WhiteBalance {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        GAINS.iter().zip(&self.gains).map(|(parameter, gain)| parameter.entry(gain)).collect()
    }

    fn words(&self) -> String {
        let [red, green, blue] = self.gains.map(Fixed::change);
        format!("white balance: red {red}, green {green}, blue {blue}")
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        KIND.needs_colour(input)?;
        let piece = |(c, gain): (usize, &Fixed)| {
            let one_channel = (0..3).map(|i| i32::from(i == c)).collect();
            let table = bytes(|x| (x * gain.numerator() + ONE / 2).div_euclid(ONE));
            Piece {
                region: Region { channels: c..c + 1, ..Region::whole(input) },
                function: Function::Table { first: 0, values: Arc::new(table) },
                ..Piece::linear(LinearMap::mix(input, vec![one_channel]))
            }
        };
        Ok(vec![Step::new(input, input, self.gains.iter().enumerate().map(piece).collect())?])
    }
}
