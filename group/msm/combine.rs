//! The same few scalars for many rows of points: how an opening folds its generators.
//!
//! Scalars are split in halves by the curve's endomorphism; all rows then run
//! through one sequence of doublings and additions, in affine coordinates with one inversion a step.

use super::glv::{Signed, decompose};
use super::points::{Points, Steps, Xy};
use super::{msm, to_affine};
use crate::cycle::Curve;
use crate::simd::{Lanes, with_lanes};
use ff::WithSmallOrderMulGroup;
use rayon::prelude::*;

/// Digits are odd and below `2^(WIDTH − 1)`.
const WIDTH: usize = 5;
const MULTIPLES: usize = 1 << (WIDTH - 2);
/// Rows that share an inversion.
const BATCH: usize = 256;

/// `Σ_i scalars[i]·points[i·n + j]` for every `j` below `n = points.len()/scalars.len()`; the points must not be the identity.
pub fn combine<C: Curve>(scalars: &[C::ScalarExt], points: &[C]) -> Vec<C> {
    let n = points.len() / scalars.len();
    let digits: Vec<Vec<i8>> = scalars.iter().flat_map(decompose::<C>).map(|half| digits(&half)).collect();
    let starts: Vec<usize> = (0..n).step_by(BATCH).collect();
    let batch = |start: &usize| {
        let rows = |i: usize| &points[i * n + start..i * n + (start + BATCH).min(n)];
        let rows: Vec<&[C]> = (0..scalars.len()).map(rows).collect();
        with_lanes!(lanes: C::Base => together(lanes, &digits, &rows)).unwrap_or_else(|| one_by_one(scalars, &rows))
    };
    starts.par_iter().flat_map_iter(batch).collect()
}

/// The way that holds for all points.
fn one_by_one<C: Curve>(scalars: &[C::ScalarExt], rows: &[&[C]]) -> Vec<C> {
    let sum = |j: usize| msm(scalars, &rows.iter().map(|row| row[j]).collect::<Vec<_>>());
    to_affine(&(0..rows[0].len()).map(sum).collect::<Vec<_>>())
}

/// All columns of `rows` at once; `None` where two points to be added are equal or opposite.
fn together<C: Curve<Base = L::Field>, L: Lanes>(lanes: L, digits: &[Vec<i8>], rows: &[&[C]]) -> Option<Vec<C>> {
    let mut steps = Steps::default();
    let root = lanes.splat(&C::Base::ZETA);
    // Odd multiples of each point, and the same under the endomorphism, in the order of the digits.
    let mut tables: Vec<Vec<Points<L>>> = Vec::with_capacity(digits.len());
    for row in rows {
        let points = side_by_side(row)?;
        let mut double = points.clone();
        steps.double(lanes, &mut double).ok()?;
        let n = points.len();
        let mut table = points;
        for i in 1..MULTIPLES {
            let mut next = table[(i - 1) * n..].to_vec();
            steps.add(lanes, &mut next, &double, false).ok()?;
            table.extend(next);
        }
        let endo = table.iter().map(|points| points.endo(lanes, &root)).collect();
        tables.extend([table, endo]);
    }
    let n = rows[0].len().div_ceil(L::WIDTH);
    let mut sums: Vec<Points<L>> = Vec::new();
    for bit in (0..digits.iter().map(Vec::len).max()?).rev() {
        if !sums.is_empty() {
            steps.double(lanes, &mut sums).ok()?;
        }
        for (digits, table) in digits.iter().zip(&tables) {
            let Some(digit) = digits.get(bit).filter(|digit| **digit != 0) else { continue };
            let at = usize::from(digit.unsigned_abs() / 2) * n;
            let points = &table[at..at + n];
            match sums.is_empty() {
                true if *digit < 0 => sums.extend(points.iter().map(|points| points.negated())),
                true => sums.extend(points),
                false => steps.add(lanes, &mut sums, points, *digit < 0).ok()?,
            }
        }
    }
    // All scalars zero: the way that knows the identity.
    let each = |i: usize| sums[i / L::WIDTH].get(i % L::WIDTH).point();
    (!sums.is_empty()).then(|| (0..rows[0].len()).map(each).collect())
}

/// The points of a row, the last repeated to fill the lanes; `None` if one is the identity.
fn side_by_side<C: Curve<Base = L::Field>, L: Lanes>(row: &[C]) -> Option<Vec<Points<L>>> {
    let points: Vec<Xy<L>> = row.iter().map(Xy::of).collect();
    let fill = |some: &[Xy<L>]| {
        let mut points = Points::default();
        (0..L::WIDTH).for_each(|lane| points.set(lane, &some[lane.min(some.len() - 1)]));
        points
    };
    points.iter().all(|point| !point.is_identity()).then(|| points.chunks(L::WIDTH).map(fill).collect())
}

/// Signed odd digits, lowest first: `Σ d_i·2^i`, of any five in a row at most one not zero (wNAF).
fn digits(half: &Signed) -> Vec<i8> {
    let mut digits = Vec::with_capacity(130);
    let mut k = half.limbs;
    while k != [0; 4] {
        let window = (k[0] & ((1 << WIDTH) - 1)) as i8;
        let digit = match window {
            _ if k[0] & 1 == 0 => 0,
            _ if window >= 1 << (WIDTH - 1) => window - (1 << WIDTH),
            _ => window,
        };
        subtract(&mut k, digit);
        digits.push(if half.negative { -digit } else { digit });
        k = std::array::from_fn(|i| k[i] >> 1 | k.get(i + 1).map_or(0, |next| next << 63));
    }
    digits
}

/// Values stay below `2^255 + 16`.
fn subtract(k: &mut [u64; 4], digit: i8) {
    if digit >= 0 {
        // The digit is the lowest bits: no borrow.
        k[0] -= digit.unsigned_abs() as u64;
        return;
    }
    let mut carry = u64::from(digit.unsigned_abs());
    for limb in k {
        let (sum, over) = limb.overflowing_add(carry);
        (*limb, carry) = (sum, u64::from(over));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cycle::on_both_curves;
    use crate::msm::tests::{generators, random};
    use ff::Field;

    on_both_curves!(digits_make_up_the_half, combined_rows_are_the_sums_of_their_points);

    fn digits_make_up_the_half<C: Curve>() {
        for half in random::<C>(200).iter().flat_map(decompose::<C>) {
            let digit = |digit: i8| {
                let size = C::ScalarExt::from(digit.unsigned_abs().into());
                if digit < 0 { -size } else { size }
            };
            let sum = digits(&half).iter().rev().fold(C::ScalarExt::ZERO, |sum, d| sum.double() + digit(*d));
            assert_eq!(sum, half.value());
        }
    }

    fn combined_rows_are_the_sums_of_their_points<C: Curve>() {
        let (s, g) = (random::<C>(8), generators::<C>());
        let [zero, one] = [C::ScalarExt::ZERO, C::ScalarExt::ONE];
        let cases: [(Vec<C::ScalarExt>, Vec<C>); 7] = [
            (s.clone(), g[..8 * 40].to_vec()),
            (s[..2].to_vec(), g[..2 * 300].to_vec()),
            (vec![one, zero, -one], g[..9].to_vec()),
            (vec![zero; 2], g[..8].to_vec()),
            (vec![s[1], -s[1], s[2]], vec![g[0], g[1], g[0], g[2], -g[0], g[0]]),
            // Equal and opposite points with the same digits: no slope runs through what is added.
            (vec![s[1]; 2], vec![g[0], g[1], g[0], g[2]]),
            (vec![s[1]; 2], vec![g[0], g[1], -g[0], g[2]]),
        ];
        for (scalars, points) in cases {
            let n = points.len() / scalars.len();
            for (j, sum) in combine(&scalars, &points).iter().enumerate() {
                let column: Vec<C> = (0..scalars.len()).map(|i| points[i * n + j]).collect();
                assert_eq!(*sum, C::from(msm(&scalars, &column)));
            }
        }
    }
}
