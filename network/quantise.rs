//! Real scales as integers.
//!
//! TFLite's int8 kernels compute `y = clamp(z + round(acc·s))` with a real `s` a channel; here `s` becomes an integer over a common power
//! of two, and what is left is one floor division. The integers follow "Quantization and Training of Neural Networks for Efficient
//! Integer-Arithmetic-Only Inference" (Jacob et al., 2018) and gemmlowp's `fixedpoint.h`.

/// Over what power of two scales are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 2^24: nearer to TFLite's reference kernels than its other kernels are.
    Bits24,
    /// 2^32: hardly ever another integer than TFLite's reference kernels give.
    Bits32,
    /// 2^40: the integers of TFLite's reference kernels. Their two roundings, a doubling high product and a shift, are one floor where
    /// no negative sum lies half way between two integers; with a fused ReLU such sums are clamped.
    Reference,
}

/// A real scale in integers: `acc·s` is `(acc·factor + half)/D` rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplier {
    /// `M`, the scale times `D`.
    pub factor: i64,
    /// What is added besides `D/2` before the division: the first of two roundings.
    pub first_half: i64,
}

/// Scales from here on are no network's.
const MAX_SCALE: f64 = 256.0;

impl Precision {
    /// `log2 D`.
    pub fn bits(self) -> u32 {
        match self {
            Precision::Bits24 => 24,
            Precision::Bits32 => 32,
            Precision::Reference => 40,
        }
    }

    /// `D`.
    pub fn divisor(self) -> u64 {
        1 << self.bits()
    }

    /// The integers of a scale; `None` if it is negative, no number, or 256 or more.
    pub fn multiplier(self, scale: f64) -> Option<Multiplier> {
        if !(0.0..MAX_SCALE).contains(&scale) {
            return None;
        }
        // acc·q/2^(31 − exponent), over D.
        let (q, exponent) = quantized_multiplier(scale);
        let bits = self.bits().cast_signed();
        let factor = match bits + exponent - 31 {
            left @ 0.. => q << left,
            right => rounding_shift(q, right.unsigned_abs()),
        };
        // What rounding acc·q/2^31 adds, in the mean, before the shift rounds again.
        let first_half = if (1 - bits..0).contains(&exponent) { 1 << (bits - 1 + exponent) } else { 0 };
        Some(Multiplier { factor, first_half })
    }
}

/// gemmlowp's `QuantizeMultiplier`: `scale = q·2^(exponent − 31)` with `2^30 ≤ q < 2^31`, or zero.
fn quantized_multiplier(scale: f64) -> (i64, i32) {
    if scale == 0.0 {
        return (0, 0);
    }
    let mut exponent = 0;
    let mut fraction = scale;
    while fraction >= 1.0 {
        (fraction, exponent) = (fraction / 2.0, exponent + 1);
    }
    while fraction < 0.5 {
        (fraction, exponent) = (fraction * 2.0, exponent - 1);
    }
    match (fraction * f64::from(1u32 << 31)).round() as i64 {
        0x8000_0000 => (1 << 30, exponent + 1),
        q => (q, exponent),
    }
}

/// `q/2^bits`, half up.
fn rounding_shift(q: i64, bits: u32) -> i64 {
    if bits > 62 { 0 } else { (q + (1 << (bits - 1))) >> bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_that_are_none_are_refused() {
        for precision in [Precision::Bits24, Precision::Bits32, Precision::Reference] {
            for scale in [-0.1, f64::NAN, f64::INFINITY, 256.0] {
                assert_eq!(precision.multiplier(scale), None);
            }
            assert_eq!(precision.multiplier(0.0).map(|m| m.factor), Some(0));
            assert!(precision.multiplier(f64::MIN_POSITIVE / 8.0).is_some_and(|m| m.factor == 0));
        }
    }

    #[test]
    fn a_short_scale_is_rounded_once() {
        assert_eq!(Precision::Bits24.multiplier(0.75), Some(Multiplier { factor: 3 << 22, first_half: 0 }));
        assert_eq!(Precision::Bits24.multiplier(1.0 / 3.0).map(|m| m.factor), Some(5_592_405));
    }

    /// The two roundings of gemmlowp, as its source has them.
    fn two_roundings(acc: i64, scale: f64) -> i64 {
        let (q, exponent) = quantized_multiplier(scale);
        let (left, right) = (exponent.max(0), (-exponent).max(0));
        let product = (acc << left) * q;
        let nudge = if product >= 0 { 1 << 30 } else { 1 - (1 << 30) };
        let high = (product + nudge) / (1 << 31);
        let mask = (1 << right) - 1;
        let threshold = (mask >> 1) + i64::from(high < 0);
        (high >> right) + i64::from(high & mask > threshold)
    }

    #[test]
    fn one_floor_is_two_roundings_where_the_sum_is_not_negative() {
        for scale in [0.9, 0.5, 0.031, 0.0078, 0.002, 1.7] {
            let Multiplier { factor, first_half } = Precision::Reference.multiplier(scale).expect("a scale");
            for acc in (0..400_000i64).step_by(37) {
                let one = (acc * factor + first_half + (1 << 39)).div_euclid(1 << 40);
                assert_eq!(one, two_roundings(acc, scale), "{acc} × {scale}");
                let below = (-acc * factor + first_half + (1 << 39)).div_euclid(1 << 40);
                assert!((below - two_roundings(-acc, scale)).abs() <= 1);
                // Where the sum is known to be negative, what the first rounding adds is taken; what is left are halves.
                let below = -acc * factor - first_half + (1 << 39);
                let apart = below.div_euclid(1 << 40) - two_roundings(-acc, scale);
                assert!(apart == 0 || apart == 1 && below.rem_euclid(1 << 40) == 0, "-{acc} × {scale}");
            }
        }
    }
}
