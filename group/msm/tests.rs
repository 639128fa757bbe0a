use super::*;
use crate::generators::Generators;
use ff::{Field, PrimeField};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

const SIZES: [usize; 11] = [0, 1, 2, 3, 127, 128, 255, 256, 257, 1000, 5000];

fn generators() -> &'static [Affine] {
    Generators::load().expect("generators").rows(16)
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(7)
}

fn random(n: usize) -> Vec<F> {
    let mut rng = rng();
    (0..n).map(|_| F::random(&mut rng)).collect()
}

/// The sum by the definition.
fn plain(scalars: &[F], points: &[Affine]) -> Point {
    scalars.iter().zip(points).map(|(scalar, point)| *point * scalar).sum()
}

fn check(scalars: &[F], points: &[Affine]) {
    let expected = if scalars.len() < FEW { plain(scalars, points) } else { best_multiexp(scalars, points) };
    assert_eq!(msm(scalars, points), expected, "{} terms", scalars.len());
}

#[test]
fn random_sums_of_every_size() {
    for n in SIZES {
        let (scalars, points) = (random(n), &generators()[..n]);
        assert_eq!(msm(&scalars, points), plain(&scalars, points), "{n} terms");
    }
}

#[test]
fn scalars_at_the_ends_of_their_range() {
    for n in [3, 300, 1000] {
        let points = &generators()[..n];
        let mixed = |value: F| -> Vec<F> { random(n).iter().enumerate().map(|(i, s)| if i % 3 == 0 { *s } else { value }).collect() };
        for value in [F::ZERO, F::ONE, -F::ONE, -F::from(2), F::from_u128(u128::MAX), F::from(u64::MAX), F::TWO_INV] {
            check(&vec![value; n], points);
            check(&mixed(value), points);
        }
        let mut rng = rng();
        let short: Vec<F> = (0..n).map(|_| F::from_u128(u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64()))).collect();
        check(&short, points);
    }
}

#[test]
fn windows_add_up_to_the_scalar() {
    for scalar in [F::ZERO, F::ONE, -F::ONE, F::TWO_INV].into_iter().chain(random(20)) {
        let [low, high] = halves(&scalar);
        for (integer, width) in [Signed::canonical(&scalar), low, high].into_iter().flat_map(|i| (2..=16).map(move |w| (i, w))) {
            let value = (0..=integer.bits() / width).rev().fold(F::ZERO, |sum, window| {
                let digit = signed_digit(&integer, width, window);
                assert!(digit.unsigned_abs() <= 1 << (width - 1));
                sum * F::from(1 << width) + crate::field::from_i128(digit.into())
            });
            assert_eq!(value, integer.value(), "width {width}");
        }
    }
}

/// Points a dishonest prover might send: equal, opposite, the identity, in any mix, under equal scalars or not.
#[test]
fn repeated_opposite_and_identity_points() {
    let g = generators();
    for n in [2, 3, 256, 257, 1000] {
        let patterns: [&dyn Fn(usize) -> Affine; 7] = [
            &|_| g[0],
            &|i| if i % 2 == 0 { g[0] } else { -g[0] },
            &|i| if i < n / 2 { g[i] } else { -g[n - 1 - i] },
            &|i| g[i / 2],
            &|i| if i % 5 == 0 { Affine::default() } else { g[i] },
            &|_| Affine::default(),
            &|i| match i % 4 {
                0 => g[i],
                1 => -g[i - 1],
                2 => Affine::default(),
                _ => g[7],
            },
        ];
        let three: Vec<F> = random(n).into_iter().enumerate().map(|(i, s)| if i % 2 == 0 { F::from(3) } else { s }).collect();
        for pattern in patterns {
            let points: Vec<Affine> = (0..n).map(pattern).collect();
            for scalars in [&random(n), &vec![F::ONE; n], &vec![-F::from(77); n], &three] {
                check(scalars, &points);
            }
            let bytes: Vec<u8> = (0..n).map(|i| [9, 9, 200, 0][i % 4]).collect();
            check_small(&bytes, &points);
            check_small(&vec![255u8; n], &points);
        }
    }
}

fn check_small<T: Copy + Into<u64>>(values: &[T], points: &[Affine]) {
    let bit_plane = |bit: u32| -> Point {
        values.iter().zip(points).filter(|(value, _)| (**value).into() >> bit & 1 == 1).map(|(_, point)| Point::from(*point)).sum()
    };
    let expected = (0..64).rev().fold(Point::identity(), |sum, bit| sum.double() + bit_plane(bit));
    assert_eq!(msm_small(values, points), expected, "{} terms", values.len());
}

#[test]
fn small_integers_of_every_type() {
    let mut rng = rng();
    for n in SIZES {
        let points = &generators()[..n];
        let words: Vec<u32> = (0..n).map(|_| rng.next_u32()).collect();
        check_small(&words, points);
        check_small(&words.iter().map(|w| w % 70_000).collect::<Vec<u32>>(), points);
        check_small(&words.iter().map(|w| *w as u16).collect::<Vec<u16>>(), points);
        check_small(&words.iter().map(|w| *w as u16 % 1000).collect::<Vec<u16>>(), points);
        check_small(&words.iter().map(|w| *w as u8).collect::<Vec<u8>>(), points);
        check_small(&words.iter().map(|w| *w as u8 % 3).collect::<Vec<u8>>(), points);
        check_small(&words.iter().map(|w| u64::from(*w) << 32 | 5).collect::<Vec<u64>>(), points);
        check_small(&vec![0u8; n], points);
        check_small(&vec![255u8; n], points);
        check_small(&vec![77u8; n], points);
        check_small(&vec![u16::MAX; n], points);
        check_small(&vec![u32::MAX; n], points);
    }
}

#[test]
fn pieces_take_the_points_at_their_start() {
    let points = &generators()[..1000];
    let sums = SmallSums::new(points);
    let mut rng = rng();
    for _ in 0..3 {
        let mut values = [0u8; 900];
        rng.fill_bytes(&mut values);
        let mut whole = [0u8; 1000];
        whole[..300].copy_from_slice(&values[..300]);
        whole[400..].copy_from_slice(&values[300..]);
        let pieces = [(0, &values[..300]), (400, &values[300..])];
        assert_eq!(sums.sum(&pieces, 0), msm_small(&whole, points));
        // With a base, what is summed are differences, of either sign.
        let difference = |v: &u8| F::from(u64::from(*v)) - F::from(77);
        let scalars: Vec<F> = values[..300].iter().map(difference).collect();
        assert_eq!(sums.sum(&pieces[..1], 77), plain(&scalars, &points[..300]));
        assert_eq!(sums.sum::<u8>(&[], 0), Point::identity());
    }
}

#[test]
fn fixed_bases_give_the_plain_sum() {
    for points in [&generators()[..5], &[generators()[0], Affine::default(), generators()[0]]] {
        let fixed = FixedBase::new(points);
        for scalars in random(50).chunks_exact(points.len()) {
            assert_eq!(fixed.sum(scalars), plain(scalars, points));
        }
        for value in [F::ZERO, F::ONE, -F::ONE, F::from(32), F::from(33), F::from(64), F::from_u128(u128::MAX), F::TWO_INV] {
            let scalars = vec![value; points.len()];
            assert_eq!(fixed.sum(&scalars), plain(&scalars, points));
            assert_eq!(fixed.sum(&scalars[..2]), plain(&scalars[..2], points));
        }
    }
    assert_eq!(FixedBase::new(&[]).sum(&[]), Point::identity());
}

#[test]
fn normalizing_keeps_points() {
    let points: Vec<Point> = generators()[..5].iter().map(|p| Point::from(*p).double()).chain([Point::identity()]).collect();
    assert!(to_affine(&points).iter().zip(&points).all(|(affine, point)| Point::from(*affine) == *point));
    assert!(to_affine(&[]).is_empty());
}
