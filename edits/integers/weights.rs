//! Integer weights: filter taps that sum to exactly a power of two, and axis maps of them.

use zkimg_graph::linear::{AxisMap, Tap};

/// Scales weights to integers that sum to `2^bits`, by largest remainder: all are rounded down, and what is missing goes, one
/// each, to those that lost most; of two that lost the same to the one earlier in `order`.
///
/// The weights' sum must be positive.
pub(crate) fn apportion(weights: &[i128], order: &[usize], bits: u32) -> Vec<i32> {
    let sum = 1i128 << bits;
    let total: i128 = weights.iter().sum();
    let mut scaled: Vec<i32> = weights.iter().map(|w| (w * sum).div_euclid(total) as i32).collect();
    let missing = sum - scaled.iter().map(|w| i128::from(*w)).sum::<i128>();
    let mut order = order.to_vec();
    order.sort_by_key(|i| std::cmp::Reverse((weights[*i] * sum).rem_euclid(total)));
    for i in order.iter().take(missing as usize) {
        scaled[*i] += 1;
    }
    scaled
}

/// How a filter reads beyond the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Border {
    /// The nearest cell of the picture.
    Replicate,
    /// Zero.
    Zero,
}

/// Every output is the sum of its neighbours at `−r … r` with these `2r + 1` weights.
pub(crate) fn neighbours(n: usize, weights: &[i32], border: Border) -> AxisMap {
    let radius = weights.len() / 2;
    let mut map = AxisMap::empty(n);
    let mut taps: Vec<Tap> = Vec::with_capacity(weights.len());
    let mut j = 0;
    while j < n {
        taps.clear();
        for (i, weight) in weights.iter().enumerate() {
            let (near, inside) = ((j + i).saturating_sub(radius).min(n - 1), (radius..radius + n).contains(&(j + i)));
            if *weight == 0 || (border == Border::Zero && !inside) {
                continue;
            }
            let input = near as u32;
            match taps.last_mut() {
                Some(tap) if tap.input == input => tap.weight += weight,
                _ => taps.push(Tap { input, weight: *weight }),
            }
        }
        // Between the borders each output reads as the one before, one further on.
        let alike = if (radius..n.saturating_sub(radius)).contains(&j) { n - radius - j } else { 1 };
        map.push_run(&taps, alike, 1);
        j += alike;
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_goes_to_the_largest_remainders() {
        assert_eq!(apportion(&[1, 1, 1], &[0, 1, 2], 8), [86, 85, 85]);
        assert_eq!(apportion(&[1, 1, 1], &[1, 0, 2], 8), [85, 86, 85]);
        assert_eq!(apportion(&[-1, 5, -1], &[0, 1, 2], 8), [-85, 427, -86]);
        assert_eq!(apportion(&[7; 300], &(0..300).collect::<Vec<_>>(), 8)[..257], [&[1; 256][..], &[0]].concat());
        assert_eq!(apportion(&[1, 1, 1], &[0, 1, 2], 16), [21846, 21845, 21845]);
    }
}
