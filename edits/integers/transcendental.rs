//! `exp`, `sin` and `ln` in integers: the same bits on every machine.
//!
//! Filter taps must not depend on a platform's mathematics library. Everything here is a short series in `i128` or
//! `u128`, truncating, with results in parts of [`UNIT`] = 2^60 (2^96 for logarithms). The errors are
//! far smaller than any rounding made of them, and in any case the result *is* the definition.

/// The scale of results.
pub(crate) const UNIT: i128 = 1 << 60;
/// `⌊π·2^60⌋`.
const PI: i128 = 3_622_009_729_038_561_421;

/// `e^(−numerator/denominator)` for an exponent of at most 32, by halving the exponent eight times, 24 terms of the
/// series and eight squarings.
pub(crate) fn exp_minus(numerator: u64, denominator: u64) -> i128 {
    let exponent = ((u128::from(numerator) << 60) / u128::from(denominator)) >> 8;
    let exponent = i128::try_from(exponent).unwrap_or(i128::MAX).min(UNIT / 8);
    let (mut sum, mut term) = (UNIT, UNIT);
    for k in 1..24 {
        term = -((term * exponent) >> 60) / k;
        sum += term;
    }
    (0..8).fold(sum, |power, _| (power * power) >> 60)
}

/// `sin(π·numerator/denominator)`, `0 ≤ numerator`, reduced exactly to a quarter turn, then 12 terms of the series.
pub(crate) fn sin_pi(numerator: u64, denominator: u64) -> i128 {
    let turn = numerator % (2 * denominator);
    let (sign, half) = if turn > denominator { (-1, turn - denominator) } else { (1, turn) };
    let angle = PI * i128::from(half.min(denominator - half)) / i128::from(denominator);
    // At most π/2 and its square: words hold them, and divide much faster.
    let product = |a: i64, b: i64| ((i128::from(a) * i128::from(b)) >> 60) as i64;
    let angle = angle as i64;
    let square = product(angle, angle);
    let (mut sum, mut term) = (angle, angle);
    for k in 1..12 {
        term = -product(term, square) / (2 * k * (2 * k + 1));
        sum += term;
    }
    sign * i128::from(sum)
}

/// `sinc(numerator/denominator) = sin(πx)/(πx)`.
fn sinc(numerator: u64, denominator: u64) -> i128 {
    if numerator == 0 {
        return UNIT;
    }
    let slope = sin_pi(numerator, denominator) * i128::from(denominator) / i128::from(numerator);
    (slope << 60) / PI
}

/// Lanczos' window of three lobes, `sinc(x)·sinc(x/3)` at `|x| = numerator/denominator`, zero from 3 on.
pub(crate) fn lanczos3(numerator: u64, denominator: u64) -> i128 {
    if numerator >= 3 * denominator { 0 } else { (sinc(numerator, denominator) * sinc(numerator, 3 * denominator)) >> 60 }
}

/// `ln(1), … ln(n)` in parts of 2^96: `ln(k/(k−1)) = 2·artanh(1/(2k−1))`, each too small by less than 2^−80.
pub(crate) fn logarithms(n: usize) -> Vec<i128> {
    let mut sum = 0;
    let steps = (2..=n as i128).map(|k| {
        let (odd, mut power, mut divisor) = (2 * k - 1, (2i128 << 96) / (2 * k - 1), 1);
        while power > 0 {
            sum += power / divisor;
            power /= odd * odd;
            divisor += 2;
        }
        sum
    });
    std::iter::once(0).chain(steps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real(fixed: i128) -> f64 {
        fixed as f64 / UNIT as f64
    }

    #[test]
    fn they_agree_with_floating_point() {
        for i in 0..4000u64 {
            let x = i as f64 / 125.0;
            assert!((real(exp_minus(i, 125)) - (-x).exp()).abs() < 1e-14, "exp {x}");
            assert!((real(sin_pi(i, 125)) - (x * std::f64::consts::PI).sin()).abs() < 1e-12, "sin {x}");
        }
        for (i, log) in logarithms(510).into_iter().enumerate() {
            assert!((log as f64 / 2f64.powi(96) - (i as f64 + 1.0).ln()).abs() < 1e-14);
        }
    }

    #[test]
    fn lanczos_is_one_in_the_middle_and_zero_at_integers() {
        assert_eq!(lanczos3(0, 7), UNIT);
        for x in 1..5 {
            assert!(lanczos3(x * 32768, 32768).abs() < 1 << 10);
        }
        assert!((real(lanczos3(1, 2)) - 0.607_927_101_854_026_7).abs() < 1e-12);
    }
}
