//! Sums `Σ sᵢ·Pᵢ` of many terms.

use crate::field::{Affine, F, Point};
use group::Group;
use halo2_proofs::arithmetic::best_multiexp;
use pasta_curves::arithmetic::CurveExt;

/// `Σ scalars[i]·points[i]`; the slices have one length.
pub fn msm(scalars: &[F], points: &[Affine]) -> Point {
    assert_eq!(scalars.len(), points.len(), "a sum needs one point a scalar");
    if scalars.is_empty() { Point::identity() } else { best_multiexp(scalars, points) }
}

/// `Σ values[i]·points[i]` for small integers, by buckets of bytes; the slices have one length.
pub fn msm_small<T: Copy + Into<u64>>(values: &[T], points: &[Affine]) -> Point {
    assert_eq!(values.len(), points.len(), "a sum needs one point a value");
    let all = values.iter().fold(0u64, |all, v| all | (*v).into());
    let mut sum = Point::identity();
    for byte in (0..8).rev().filter(|byte| all >> (8 * byte) != 0) {
        for _ in 0..8 {
            sum = sum.double();
        }
        let mut buckets = [Point::identity(); 255];
        for (value, point) in values.iter().zip(points) {
            let digit = ((*value).into() >> (8 * byte) & 255) as usize;
            if digit != 0 {
                buckets[digit - 1] += point;
            }
        }
        let mut running = Point::identity();
        for bucket in buckets.iter().rev() {
            running += bucket;
            sum += running;
        }
    }
    sum
}

/// Normalizes many points with one inversion.
pub fn to_affine(points: &[Point]) -> Vec<Affine> {
    let mut affine = vec![Affine::default(); points.len()];
    Point::batch_normalize_vartime(points, &mut affine);
    affine
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generators::Generators;
    use ff::Field;

    #[test]
    fn small_values_and_field_elements_give_one_sum() {
        let points = &Generators::load().expect("generators").rows(10)[..300];
        let mut state = 1u64;
        let values: Vec<u32> = (0..300).map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as u32 % 70_000
        }).collect();
        let scalars: Vec<F> = values.iter().map(|v| F::from(u64::from(*v))).collect();
        let slow: Point = scalars.iter().zip(points).map(|(s, p)| *p * *s).sum();
        assert_eq!(msm(&scalars, points), slow);
        assert_eq!(msm_small(&values, points), slow);
        assert_eq!(msm(&[], &[]), Point::identity());
        assert_eq!(msm_small(&[0u8; 3], &points[..3]), Point::identity());
        assert_eq!(msm(&[F::ZERO; 3], &points[..3]), Point::identity());
    }
}
