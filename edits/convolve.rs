//! `convolve`: `clamp(offset + ⌊(Σ kernel·x + ⌊D/2⌋) / D⌋)`, `kernel[0][0]` at the upper left neighbour.

use crate::integers::{Border, clamped, neighbours, one};
use crate::language::{Choice, Draft, Edit, EditError, Entry, Integer, Kind, Parameter, Values};
use serde_json::Value;
use zkimg_graph::linear::{AxisMap, LinearMap, Term};
use zkimg_graph::step::{BadStep, MAX_DIVISOR, MAX_TAPS, Step};
use zkimg_graph::tensor::Dims;

const MAX_SIDE: usize = 63;
const MAX_WEIGHT: i32 = 1 << 20;

static KERNEL: Parameter<Kernels> = Parameter::required("kernel", "rows of weights", Kernels);
static DIVISOR: Parameter<Integer<u64>> =
    Parameter::required("divisor", "what the sum is divided by, rounded", Integer::between(1, MAX_DIVISOR));
static OFFSET: Parameter<Integer<i64>> =
    Parameter::optional("offset", "added after the division, 0 if left out", Integer::between(-65536, 65536), 0);
static BORDER: Parameter<Choice<Border>> = Parameter::optional(
    "border",
    "beyond the picture, replicate if left out",
    Choice(&[("replicate", Border::Replicate), ("zero", Border::Zero)]),
    Border::Replicate,
);

/// The kind.
pub static KIND: Kind = Kind {
    name: "convolve",
    summary: "any small integer filter, each channel alike",
    parameters: &[&KERNEL, &DIVISOR, &OFFSET, &BORDER],
    example_word: "convolve=0,-1,0/-1,5,-1/0,-1,0:1 or convolve=1,1,1/1,-8,1/1,1,1:2:128:zero",
    from_json: |fields| {
        let (kernel, divisor) = (fields.read(&KERNEL)?, fields.read(&DIVISOR)?);
        Ok(Box::new(Convolve { kernel, divisor, offset: fields.read(&OFFSET)?, border: fields.read(&BORDER)? }))
    },
    from_word,
    samples: |_| {
        let sample = |rows: &[&[i32]], divisor, offset, border| {
            let kernel = rows.iter().map(|row| row.to_vec()).collect();
            Box::new(Convolve { kernel, divisor, offset, border }) as Box<dyn Edit>
        };
        let wide: Vec<Vec<i32>> = (0..9).map(|y| (0..9).map(|x| (y * 7 + x * 5) % 11 - 4).collect()).collect();
        vec![
            sample(&[&[0, -1, 0], &[-1, 5, -1], &[2, 0, 0]], 3, 10, Border::Replicate),
            sample(&[&[1, 2, 3], &[4, 5, 6], &[7, 8, 9]], 45, 0, Border::Zero),
            sample(&[&[-3]], 1, 255, Border::Zero),
            sample(&[&[0, 0, 0], &[0, 0, 0], &[0, 0, 0]], 2, 77, Border::Replicate),
            sample(&wide.iter().map(Vec::as_slice).collect::<Vec<_>>(), 100, -3, Border::Replicate),
            sample(&[&[0, 9000, 0], &[9000, 29537, 9000], &[0, 9000, 0]], (1 << 16) + 1, 0, Border::Replicate),
            sample(&[&[0, -(1 << 19), 0], &[1 << 20, 1 << 20, 0], &[0, 0, 77]], 3 << 19, 5, Border::Zero),
        ]
    },
};

/// A kernel and what becomes of its sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convolve {
    kernel: Vec<Vec<i32>>,
    divisor: u64,
    offset: i64,
    border: Border,
}

/// Square kernels of odd sides.
struct Kernels;

impl Values for Kernels {
    type Item = Vec<Vec<i32>>;

    fn allowed(&self) -> String {
        format!("a square list of lists of integers from -{MAX_WEIGHT} to {MAX_WEIGHT}, the side odd and at most {MAX_SIDE}")
    }

    fn read(&self, given: &Value) -> Result<Vec<Vec<i32>>, String> {
        let weights = Integer::between(-MAX_WEIGHT, MAX_WEIGHT);
        let row = |row: &Value| row.as_array()?.iter().map(|weight| weights.read(weight).ok()).collect::<Option<Vec<i32>>>();
        let kernel = given.as_array().and_then(|rows| rows.iter().map(row).collect::<Option<Vec<_>>>());
        let square = |kernel: &Vec<Vec<i32>>| {
            let side = kernel.len();
            side % 2 == 1 && side <= MAX_SIDE && kernel.iter().all(|row| row.len() == side)
        };
        kernel.filter(square).ok_or_else(|| given.to_string())
    }

    fn write(&self, kernel: &Vec<Vec<i32>>) -> Value {
        kernel.clone().into()
    }
}

/// Rows between `/`, weights between commas, then `:divisor`, `:offset` and `:border` as far as wanted.
fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let parts: Vec<&str> = word.split(':').collect();
    if parts.len() > kind.parameters.len() {
        return Err(kind.malformed(word));
    }
    let kernel: Vec<Value> = parts[0].split('/').map(|row| row.split(',').collect::<Vec<_>>().into()).collect();
    let rest = kind.parameters.iter().zip(&parts).skip(1).map(|(p, part)| (p.name(), Value::from(*part)));
    kind.draft(std::iter::once((KERNEL.name, kernel.into())).chain(rest))
}

/// The kernel as a sum of products of a column and a row: one for all rows that are multiples of each other.
fn factors(kernel: &[Vec<i32>]) -> Vec<(Vec<i32>, Vec<i32>)> {
    let mut factors: Vec<(Vec<i32>, Vec<i32>)> = Vec::new();
    for (y, row) in kernel.iter().enumerate() {
        let Some(first) = row.iter().find(|weight| **weight != 0) else { continue };
        let divisor = row.iter().fold(0, |a, b| gcd(a, b.abs())) * first.signum();
        let primitive: Vec<i32> = row.iter().map(|weight| weight / divisor).collect();
        let at = factors.iter().position(|(_, row)| *row == primitive).unwrap_or_else(|| {
            factors.push((vec![0; kernel.len()], primitive));
            factors.len() - 1
        });
        factors[at].0[y] = divisor;
    }
    factors
}

fn gcd(a: i32, b: i32) -> i32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Edit for Convolve {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![KERNEL.entry(&self.kernel), DIVISOR.entry(&self.divisor), OFFSET.entry(&self.offset), BORDER.entry(&self.border)]
    }

    fn words(&self) -> String {
        let side = self.kernel.len();
        format!("filtered with a kernel of {side} × {side}")
    }

    fn value(&self) -> Option<String> {
        let row = |row: &Vec<i32>| row.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
        let kernel = self.kernel.iter().map(row).collect::<Vec<_>>().join("/");
        Some(format!("{kernel}:{}:{}:{}", self.divisor, self.offset, BORDER.values.name(&self.border)))
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let factors = factors(&self.kernel);
        // A kernel of a few bytes on a wide picture: refused before the taps are written out.
        let weights = |axis: &[i32]| axis.iter().filter(|weight| **weight != 0).count();
        let taps = factors.iter().map(|(down, across)| weights(down) * input.height + weights(across) * input.width).sum();
        if taps > MAX_TAPS {
            return Err(BadStep::Taps(taps).into());
        }
        let mix = AxisMap::identity(input.channels);
        let axis = |n, weights: &[i32]| neighbours(n, weights, self.border);
        let terms: Vec<Term> = factors
            .iter()
            .map(|(vertical, horizontal)| Term {
                mix: mix.clone(),
                vertical: axis(input.height, vertical),
                horizontal: axis(input.width, horizontal),
            })
            .collect();
        let map = if terms.is_empty() { LinearMap::zero(input, input) } else { LinearMap::new(input, false, terms) };
        let divisor = self.divisor.cast_signed();
        clamped(map, divisor / 2 + self.offset * divisor, self.divisor).and_then(one).map_err(|e| match e {
            EditError::Step(_) => KIND.refuse(
                KERNEL.name,
                format!("one whose results spread too far for the divisor {divisor}"),
                "such that results before clamping take at most 1048576 values".into(),
            ),
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_multiples_of_each_other_share_a_factor() {
        let kernel = [[1, 2, 1], [-2, -4, -2], [0, 0, 0], [3, 0, 3], [5, 10, 5]].map(Vec::from);
        let expected = [([1, -2, 0, 0, 5], [1, 2, 1]), ([0, 0, 0, 3, 0], [1, 0, 1])];
        assert_eq!(factors(&kernel), expected.map(|(column, row)| (column.to_vec(), row.to_vec())));
    }
}
