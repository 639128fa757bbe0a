//! Real parameters: rationals with denominator 2^16.

use std::fmt;

/// The denominator.
pub(crate) const ONE: i64 = 1 << 16;
/// The most digits before the decimal point.
const MAX_WHOLE: usize = 9;
/// The most digits after the decimal point, or of a numerator.
const MAX_DIGITS: usize = 18;

/// `numerator / 2^16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fixed(i64);

impl Fixed {
    /// From the numerator.
    pub(crate) const fn new(numerator: i64) -> Fixed {
        Fixed(numerator)
    }

    /// The numerator.
    pub(crate) const fn numerator(self) -> i64 {
        self.0
    }

    /// Reads a decimal such as `-1.15`, rounding half up to a multiple of 2^−16, or the canonical `75366/65536`.
    ///
    /// Exact integer arithmetic throughout. `None` for anything else: no exponent, sign `+`, bare point, blanks, or more
    /// than 9 digits before the point or 18 after it.
    pub(crate) fn parse(text: &str) -> Option<Fixed> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let sign = if negative { -1 } else { 1 };
        if let Some(numerator) = digits.strip_suffix("/65536") {
            return Some(Fixed(sign * i64::try_from(natural(numerator, MAX_DIGITS)?).ok()?));
        }
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
        let scale = 10i128.pow(fraction.map_or(0, str::len).min(MAX_DIGITS) as u32);
        let value = i128::from(sign) * (natural(whole, MAX_WHOLE)? * scale + fraction.map_or(Some(0), |f| natural(f, MAX_DIGITS))?);
        // ⌊value·2^16/scale + 1/2⌋
        let rounded = (2 * value * i128::from(ONE) + scale).div_euclid(2 * scale);
        i64::try_from(rounded).ok().map(Fixed)
    }
}

/// A number with so many decimals at the most.
fn decimal(value: f64, most: usize) -> String {
    let text = format!("{value:.most$}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".into() } else { short.to_owned() }
}

impl Fixed {
    /// As a decimal: four places tell the numbers of recipes apart well enough for a person.
    pub(crate) fn words(self) -> String {
        decimal(self.0 as f64 / ONE as f64, 4)
    }

    /// As the shortest decimal that reads back as the same number; five places always do.
    pub(crate) fn written(self) -> String {
        let value = self.0 as f64 / ONE as f64;
        let mut all = (0..=5).map(|places| format!("{value:.places$}"));
        all.find(|text| Fixed::parse(text) == Some(self)).unwrap_or_else(|| self.to_string())
    }

    /// What multiplying with it changes: `+15 %`, `−7 %`, `unchanged`.
    pub(crate) fn change(self) -> String {
        let percent = decimal((self.0 - ONE) as f64 * 100.0 / ONE as f64, 2);
        match percent.strip_prefix('-') {
            Some(less) => format!("−{less} %"),
            None if percent == "0" => "unchanged".into(),
            None => format!("+{percent} %"),
        }
    }
}

/// One to `most` decimal digits.
fn natural(digits: &str, most: usize) -> Option<i128> {
    let decimal = digits.bytes().all(|b| b.is_ascii_digit());
    if decimal && (1..=most).contains(&digits.len()) { digits.parse().ok() } else { None }
}

/// The canonical form.
impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/65536", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_are_rounded_half_up() {
        let cases = [
            ("1.15", 75366), // 75366.4
            ("0", 0),
            ("-0", 0),
            ("16", 16 * ONE),
            ("0.00000762939453125", 1),  // exactly 1/2 of 2^−16
            ("-0.00000762939453125", 0), // half up is toward +∞
            ("0.00000762939453124", 0),
            ("-0.00000762939453126", -1),
            ("0.3", 19661),
            ("75366/65536", 75366),
            ("-3/65536", -3),
        ];
        for (text, numerator) in cases {
            assert_eq!(Fixed::parse(text), Some(Fixed(numerator)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = "1".repeat(10);
        let fraction = format!("0.{}", "1".repeat(19));
        let cases = ["", "-", "abc", "1e3", "NaN", "inf", "+1", ".5", "5.", " 1", "1 ", "1,5", "0x10", "1/2", "/65536", "--1", "1.-5", "١"];
        for text in cases.into_iter().chain([&long[..], &fraction, "1.5/65536", "9999999999999999999/65536"]) {
            assert_eq!(Fixed::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back(numerator in any::<i32>()) {
            let fixed = Fixed(numerator.into());
            prop_assert_eq!(Fixed::parse(&fixed.to_string()), Some(fixed));
        }

        #[test]
        fn a_short_decimal_reads_back(numerator in any::<i32>()) {
            let fixed = Fixed(numerator.into());
            let written = fixed.written();
            prop_assert!(!written.contains('/'));
            prop_assert_eq!(Fixed::parse(&written), Some(fixed));
        }

        #[test]
        fn rounding_is_within_half_a_unit(whole in 0i64..1000, fraction in 0i64..1_000_000) {
            let fixed = Fixed::parse(&format!("{whole}.{fraction:06}")).expect("a decimal").0;
            let exact = (whole * 1_000_000 + fraction) * ONE;
            prop_assert!((fixed * 1_000_000 - exact) * 2 <= 1_000_000 && (exact - fixed * 1_000_000) * 2 < 1_000_000);
        }
    }
}
