use super::*;
use crate::cycle::{Pallas, Vesta, on_both_curves};
use crate::generators::Generators;
use ff::{Field, PrimeField};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::any::Any;
use std::sync::LazyLock;

const SIZES: [usize; 11] = [0, 1, 2, 3, 127, 128, 255, 256, 257, 1000, 5000];

/// As many generators of a curve as the longest sum takes.
pub(crate) fn generators<C: Curve>() -> &'static [C] {
    static VESTA: LazyLock<Generators<Vesta>> = LazyLock::new(|| Generators::derive(5000));
    static PALLAS: LazyLock<Generators<Pallas>> = LazyLock::new(|| Generators::derive(5000));
    let both: [&'static dyn Any; 2] = [&*VESTA, &*PALLAS];
    both.into_iter().find_map(|one| one.downcast_ref::<Generators<C>>()).expect("two curves").first(5000)
}

/// The same scalars every time.
pub(crate) fn random<C: Curve>(n: usize) -> Vec<C::ScalarExt> {
    let mut rng = rng();
    (0..n).map(|_| C::ScalarExt::random(&mut rng)).collect()
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(7)
}

/// The sum by the definition.
fn plain<C: Curve>(scalars: &[C::ScalarExt], points: &[C]) -> C::CurveExt {
    scalars.iter().zip(points).map(|(scalar, point)| *point * scalar).sum()
}

fn check<C: Curve>(scalars: &[C::ScalarExt], points: &[C]) {
    let expected = if scalars.len() < FEW { plain(scalars, points) } else { best_multiexp(scalars, points) };
    assert_eq!(msm(scalars, points), expected, "{} terms", scalars.len());
}

on_both_curves!(
    random_sums_of_every_size,
    scalars_at_the_ends_of_their_range,
    windows_add_up_to_the_scalar,
    repeated_opposite_and_identity_points,
    small_integers_of_every_type,
    pieces_take_the_points_at_their_start,
    fixed_bases_give_the_plain_sum,
    normalizing_keeps_points
);

fn random_sums_of_every_size<C: Curve>() {
    for n in SIZES {
        let (scalars, points) = (random::<C>(n), &generators::<C>()[..n]);
        assert_eq!(msm(&scalars, points), plain(&scalars, points), "{n} terms");
    }
}

fn scalars_at_the_ends_of_their_range<C: Curve>() {
    let [one, two_inverse] = [C::ScalarExt::ONE, C::ScalarExt::TWO_INV];
    let ends = [C::ScalarExt::ZERO, one, -one, -one.double(), C::ScalarExt::from_u128(u128::MAX), u64::MAX.into(), two_inverse];
    for n in [3, 300, 1000] {
        let points = &generators::<C>()[..n];
        for value in ends {
            check(&vec![value; n], points);
            let mixed: Vec<_> = random::<C>(n).iter().enumerate().map(|(i, s)| if i % 3 == 0 { *s } else { value }).collect();
            check(&mixed, points);
        }
        let mut rng = rng();
        let mut word = || u128::from(rng.next_u64());
        let short: Vec<_> = (0..n).map(|_| C::ScalarExt::from_u128(word() << 64 | word())).collect();
        check(&short, points);
    }
}

fn windows_add_up_to_the_scalar<C: Curve>() {
    let [zero, one] = [C::ScalarExt::ZERO, C::ScalarExt::ONE];
    for scalar in [zero, one, -one, C::ScalarExt::TWO_INV].into_iter().chain(random::<C>(20)) {
        let [low, high] = decompose::<C>(&scalar);
        for (integer, width) in [Signed::canonical(&scalar), low, high].into_iter().flat_map(|i| (2..=16).map(move |w| (i, w))) {
            let value = (0..=integer.bits() / width).rev().fold(zero, |sum, window| {
                let digit = signed_digit(&integer, width, window);
                assert!(digit.unsigned_abs() <= 1 << (width - 1));
                let size = C::ScalarExt::from(digit.unsigned_abs().into());
                sum * C::ScalarExt::from(1 << width) + if digit < 0 { -size } else { size }
            });
            assert_eq!(value, integer.value::<C::ScalarExt>(), "width {width}");
        }
    }
}

/// Points a dishonest prover might send: equal, opposite, the identity, in any mix, under equal scalars or not.
fn repeated_opposite_and_identity_points<C: Curve>() {
    let g = generators::<C>();
    for n in [2, 3, 256, 257, 1000] {
        let patterns: [&dyn Fn(usize) -> C; 7] = [
            &|_| g[0],
            &|i| if i % 2 == 0 { g[0] } else { -g[0] },
            &|i| if i < n / 2 { g[i] } else { -g[n - 1 - i] },
            &|i| g[i / 2],
            &|i| if i % 5 == 0 { C::identity() } else { g[i] },
            &|_| C::identity(),
            &|i| match i % 4 {
                0 => g[i],
                1 => -g[i - 1],
                2 => C::identity(),
                _ => g[7],
            },
        ];
        let random = random::<C>(n);
        let three: Vec<_> = random.iter().enumerate().map(|(i, s)| if i % 2 == 0 { C::ScalarExt::from(3) } else { *s }).collect();
        for pattern in patterns {
            let points: Vec<C> = (0..n).map(pattern).collect();
            for scalars in [&random, &vec![C::ScalarExt::ONE; n], &vec![-C::ScalarExt::from(77); n], &three] {
                check(scalars, &points);
            }
            let bytes: Vec<u8> = (0..n).map(|i| [9, 9, 200, 0][i % 4]).collect();
            check_small(&bytes, &points);
            check_small(&vec![255u8; n], &points);
        }
    }
}

fn small_integers_of_every_type<C: Curve>() {
    let mut rng = rng();
    for n in SIZES {
        let points = &generators::<C>()[..n];
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

fn pieces_take_the_points_at_their_start<C: Curve>() {
    let points = &generators::<C>()[..1000];
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
        let difference = |v: &u8| C::ScalarExt::from(u64::from(*v)) - C::ScalarExt::from(77);
        let scalars: Vec<_> = values[..300].iter().map(difference).collect();
        assert_eq!(sums.sum(&pieces[..1], 77), plain(&scalars, &points[..300]));
        assert_eq!(sums.sum::<u8>(&[], 0), C::CurveExt::identity());
    }
}

fn fixed_bases_give_the_plain_sum<C: Curve>() {
    let g = generators::<C>();
    let one = C::ScalarExt::ONE;
    let small = [32, 33, 64].map(C::ScalarExt::from);
    let ends = [C::ScalarExt::ZERO, one, -one, C::ScalarExt::from_u128(u128::MAX), C::ScalarExt::TWO_INV];
    for points in [&g[..5], &[g[0], C::identity(), g[0]]] {
        let fixed = FixedBase::new(points);
        for scalars in random::<C>(50).chunks_exact(points.len()) {
            assert_eq!(fixed.sum(scalars), plain(scalars, points));
        }
        for value in ends.into_iter().chain(small) {
            let scalars = vec![value; points.len()];
            assert_eq!(fixed.sum(&scalars), plain(&scalars, points));
            assert_eq!(fixed.sum(&scalars[..2]), plain(&scalars[..2], points));
        }
    }
    assert_eq!(FixedBase::<C>::new(&[]).sum(&[]), C::CurveExt::identity());
}

fn normalizing_keeps_points<C: Curve>() {
    let points: Vec<_> = generators::<C>()[..5].iter().map(|p| p.to_curve().double()).chain([C::CurveExt::identity()]).collect();
    assert!(to_affine(&points).iter().zip(&points).all(|(affine, point)| affine.to_curve() == *point));
    assert!(to_affine::<C::CurveExt>(&[]).is_empty());
}

fn check_small<T: Copy + Into<u64>, C: Curve>(values: &[T], points: &[C]) {
    let bit_plane = |bit: u32| -> C::CurveExt {
        values.iter().zip(points).filter(|(value, _)| (**value).into() >> bit & 1 == 1).map(|(_, point)| point.to_curve()).sum()
    };
    let expected = (0..64).rev().fold(C::CurveExt::identity(), |sum, bit| sum.double() + bit_plane(bit));
    assert_eq!(msm_small(values, points), expected, "{} terms", values.len());
}
