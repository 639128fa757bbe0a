//! How much alike two pictures of one size are: what a person would see, and proves nothing.

use zkimg_pipeline::{Dims, Picture};

/// Sides of the squares that are looked at one by one, so that a small part that was changed is not lost in the whole.
const SQUARE: usize = 16;

/// What two pictures have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Likeness {
    /// Peak signal-to-noise ratio of all samples, in dB; none if they are the same.
    pub psnr: Option<f64>,
    /// The largest difference of two samples.
    pub largest: u8,
    /// The square with the least such ratio: its corner, and the ratio; none if all samples are the same.
    pub worst: Option<(usize, usize, f64)>,
}

impl Likeness {
    /// Compares two pictures of one width and height; a grey one counts as one whose colours are all like that.
    pub(crate) fn of(one: &Picture, other: &Picture) -> Likeness {
        let Dims { width, height, .. } = *one.dims();
        debug_assert_eq!((width, height), (other.dims().width, other.dims().height));
        let channels = one.dims().channels.max(other.dims().channels);
        let across = width.div_ceil(SQUARE);
        // Of each square, the sum of all squared differences: at most 3 · 16² · 255², or of all of them 2^28 · 3 · 2^16.
        let mut sums = vec![0u64; across * height.div_ceil(SQUARE)];
        let mut largest = 0;
        for channel in 0..channels {
            let [one, other] = [one, other].map(|picture| {
                let plane = channel.min(picture.dims().channels - 1) * width * height;
                &picture.cells()[plane..plane + width * height]
            });
            for (at, (a, b)) in one.iter().zip(other).enumerate() {
                let difference = a.abs_diff(*b);
                largest = largest.max(difference);
                sums[at / width / SQUARE * across + at % width / SQUARE] += u64::from(difference).pow(2);
            }
        }
        let ratio = |sum: u64, samples: usize| 10.0 * (255.0 * 255.0 * samples as f64 / sum as f64).log10();
        let square = |(at, sum): (usize, &u64)| {
            let (x, y) = (at % across * SQUARE, at / across * SQUARE);
            let samples = channels * SQUARE.min(width - x) * SQUARE.min(height - y);
            (*sum > 0).then(|| (x, y, ratio(*sum, samples)))
        };
        let worst = sums.iter().enumerate().filter_map(square).min_by(|a, b| a.2.total_cmp(&b.2));
        let all: u64 = sums.iter().sum();
        Likeness { psnr: (all > 0).then(|| ratio(all, channels * width * height)), largest, worst }
    }
}
