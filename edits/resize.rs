//! `resize`: per axis from `n` to `m` samples, output `j` centred on `(j + ½)·n/m − ½`.
//!
//! `nearest` reads input `⌊(2j + 1)·n / (2m)⌋`. `bilinear` and `lanczos3` weigh input `i` by the filter at
//! `(i − centre) / max(1, n/m)`, inside the picture only, scaled to integers of sum `2^b` by largest remainder, ties to the
//! lower index; then `clamp(⌊(Σ w_y·w_x·x + D/2) / D⌋)`, `D` the product of both axes' sums. `b` follows from the number of
//! samples an output weighs: 8 of a few, 16 of many (`Filter::bits`).
//!
//! With `s = max(n, m)` that argument is `u / 2s` for the integer `u = 2m·i − (2j + 1)·n + m`, so that bilinear weights are
//! the integers `2s − |u|`, and Lanczos' come from exact rationals.

use crate::integers::{apportion, clamped, lanczos3, one};
use crate::language::{Choice, Draft, Edit, EditError, Entry, Integer, Kind, Length, Parameter};
use crate::placement::Frame;
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

/// Sides of a result.
const SIDES: Integer<usize> = Integer::between(1, 16384);

static WIDTH: Parameter<Integer<usize>> = Parameter::required("width", "new columns", SIDES);
static HEIGHT: Parameter<Integer<usize>> = Parameter::required("height", "new rows", SIDES);
static FILTER: Parameter<Choice<Filter>> = Parameter::required(
    "filter",
    "how samples are weighed",
    Choice(&[("nearest", Filter::Nearest), ("bilinear", Filter::Bilinear), ("lanczos3", Filter::Lanczos3)]),
);

/// The kind.
pub static KIND: Kind = Kind {
    name: "resize",
    summary: "another size",
    parameters: &[&WIDTH, &HEIGHT, &FILTER],
    example_word: "resize=640x480,bilinear or resize=50% (lanczos3 unless named)",
    from_json: |fields| {
        let (width, height) = (fields.read(&WIDTH)?, fields.read(&HEIGHT)?);
        Ok(Box::new(Resize { width, height, filter: fields.read(&FILTER)? }))
    },
    from_word,
    samples: |dims| {
        let resize = |width, height, filter| Box::new(Resize { width, height, filter }) as Box<dyn Edit>;
        let (w, h) = (dims.width, dims.height);
        vec![
            resize(w.div_ceil(2), h.div_ceil(2), Filter::Bilinear),
            resize(w.div_ceil(2) + 1, h.div_ceil(3), Filter::Lanczos3),
            resize(2 * w + 1, h + 3, Filter::Lanczos3),
            resize(3 * w, 2 * h, Filter::Bilinear),
            resize(w + 2, h.div_ceil(2), Filter::Nearest),
            resize(1, 1, Filter::Bilinear),
        ]
    },
};

/// How samples are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filter {
    /// One sample.
    Nearest,
    /// A triangle.
    Bilinear,
    /// A windowed sinc of three lobes.
    Lanczos3,
}

/// A new size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resize {
    width: usize,
    height: usize,
    filter: Filter,
}

/// `WxH` or a percentage of both sides, then perhaps a comma and the filter.
fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let (size, filter) = word.split_once(',').unwrap_or((word, "lanczos3"));
    let (width, height) = size.split_once('x').unwrap_or((size, if size.ends_with('%') { size } else { "" }));
    let (Some(width), Some(height)) = (Length::parse(width), Length::parse(height)) else {
        return Err(kind.malformed(word));
    };
    let filter = FILTER.values.named(filter).ok_or_else(|| kind.malformed(word))?;
    Ok(Draft::new(move |dims| {
        let (width, height) = (width.of(dims.width), height.of(dims.height));
        kind.draft(Resize { width, height, filter }.parameters())?.resolve(dims)
    }))
}

impl Filter {
    /// How far it reaches to each side, in samples of the coarser of input and output; `nearest` weighs none.
    fn support(self) -> Option<usize> {
        match self {
            Filter::Nearest => None,
            Filter::Bilinear => Some(1),
            Filter::Lanczos3 => Some(3),
        }
    }

    /// The weights of an output, one of `m` made of `n` samples, sum to 2 to the power of this.
    ///
    /// 8 where it weighs few: a remainder of both axes is one lookup then. The more there are, the smaller and coarser each weight.
    fn bits(self, n: usize, m: usize) -> u32 {
        /// The most samples that weights of 8 bits are fine enough for: as the figures in `docs/edits.md` have it.
        const FEW: usize = 24;
        let Some(support) = self.support() else { return 0 };
        let taps = n.min((2 * support * n.max(m)).div_ceil(m));
        if taps <= FEW { 8 } else { 16 }
    }

    /// The axis map from `n` to `m` samples.
    fn axis(self, n: usize, m: usize) -> AxisMap {
        let Some(support) = self.support() else { return AxisMap::select(n, (0..m).map(|j| (2 * j + 1) * n / (2 * m))) };
        let bits = self.bits(n, m);
        let s = n.max(m);
        let weight = |u: u64| match self {
            Filter::Lanczos3 => lanczos3(u, 2 * s as u64),
            _ => (2 * s as i128 - i128::from(u)).max(0),
        };
        let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let (step, reach) = (signed(2 * m), signed(2 * s * support));
        AxisMap::new(
            n,
            (0..m).map(|j| {
                let centre = signed((2 * j + 1) * n) - signed(m);
                let first = ((centre - reach).div_euclid(step) + 1).max(0);
                let last = (centre + reach - 1).div_euclid(step).min(signed(n) - 1);
                let weights: Vec<i128> = (first..=last).map(|i| weight((step * i - centre).unsigned_abs())).collect();
                let order: Vec<usize> = (0..weights.len()).collect();
                let taps = (first..).zip(apportion(&weights, &order, bits));
                taps.filter(|(_, w)| *w != 0).map(|(i, weight)| Tap { input: i as u32, weight }).collect()
            }),
        )
    }
}

impl Edit for Resize {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![WIDTH.entry(&self.width), HEIGHT.entry(&self.height), FILTER.entry(&self.filter)]
    }

    fn words(&self) -> String {
        format!("resized to {} × {} ({})", self.width, self.height, FILTER.values.name(&self.filter))
    }

    fn value(&self) -> Option<String> {
        Some(format!("{}x{},{}", self.width, self.height, FILTER.values.name(&self.filter)))
    }

    fn frame(&self, input: Dims) -> Frame {
        Frame::resized((input.width, self.width), (input.height, self.height))
    }

    /// Every output weighs the samples in its reach, and a weight takes as long as some products.
    fn effort(&self, input: Dims) -> usize {
        const WEIGHT: usize = 3;
        let reach = self.filter.support().map_or(0, |support| 2 * support);
        WEIGHT * reach * (input.height.max(self.height) + input.width.max(self.width))
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        Dims::new(input.channels, self.height, self.width)?;
        let (vertical, horizontal) = (self.filter.axis(input.height, self.height), self.filter.axis(input.width, self.width));
        let map = LinearMap::spatial(input, false, vertical, horizontal);
        match self.filter.bits(input.height, self.height) + self.filter.bits(input.width, self.width) {
            0 => one(Piece::linear(map)),
            bits => one(clamped(map, 1 << (bits - 1), 1 << bits)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_of_8_bits_where_an_output_weighs_at_most_24_samples() {
        let bits = |filter: Filter, n, m| filter.bits(n, m);
        for (n, m) in [(1280, 640), (720, 480), (640, 1280), (4000, 1000), (24, 1), (1, 16384)] {
            assert_eq!(bits(Filter::Lanczos3, n, m), 8, "{n} to {m}");
        }
        for (n, m) in [(4001, 1000), (4000, 400), (25, 1), (32768, 16), (100, 24)] {
            assert_eq!(bits(Filter::Lanczos3, n, m), 16, "{n} to {m}");
        }
        assert_eq!((bits(Filter::Bilinear, 12000, 1000), bits(Filter::Bilinear, 12001, 1000)), (8, 16));
        assert_eq!(bits(Filter::Nearest, 4000, 1), 0);
    }

    #[test]
    fn weights_sum_to_what_the_divisor_is_made_of() {
        for filter in [Filter::Bilinear, Filter::Lanczos3] {
            for (n, m) in [(1, 1), (7, 300), (300, 7), (300, 100), (16384, 3), (5000, 1)] {
                let axis = filter.axis(n, m);
                let sums = (0..m).map(|j| axis.taps(j).map(|tap| i64::from(tap.weight)).sum::<i64>());
                assert!(sums.into_iter().all(|sum| sum == 1 << filter.bits(n, m)), "{filter:?} {n} to {m}");
            }
        }
    }
}
