//! The shipped generators are what their code makes, and nothing else is accepted; those of Pallas are the ones they always were.

use zkimg_group::cycle::{Curve, Pallas, Vesta};
use zkimg_group::generators::{Generators, MAX_ROW_BITS, MIN_ROW_BITS, digest};

/// `digest` of the file that H, U and the first 2^10 generators of Pallas would be.
const PALLAS: &str = "52b619a25aac1e023b75eddeb76b14b894cca611ba2317e4a9a5349c60e54c9d";

#[test]
fn the_shipped_file_is_what_the_code_generates() {
    let points = Generators::<Vesta>::derive(1 << MAX_ROW_BITS).to_file();
    assert_eq!(digest(&points), include_str!("../parameters/generators.digest"));
    assert!(points == include_bytes!("../parameters/generators.bin"));
}

/// A page loads no more of the file than it needs.
#[test]
fn each_beginning_has_its_digest_and_nothing_else_is_one() {
    let points = include_bytes!("../parameters/generators.bin");
    let digests: Vec<&str> = include_str!("../parameters/beginnings.digest").lines().collect();
    assert_eq!(digests.len(), MAX_ROW_BITS - MIN_ROW_BITS + 1);
    assert_eq!(digests.last(), Some(&include_str!("../parameters/generators.digest")));
    for (m, expected) in (MIN_ROW_BITS..).zip(digests) {
        let beginning = &points[..Generators::length(m)];
        assert_eq!(digest(beginning), expected);
        assert!(Generators::give(m, beginning).is_ok());
        assert!(Generators::give(m, &points[..Generators::length(m) - 64]).is_err());
        let mut doctored = beginning.to_vec();
        doctored[64 * m] ^= 1;
        assert!(Generators::give(m, &doctored).is_err());
        assert!(Generators::give(m + 1, beginning).is_err());
    }
    for m in [0, MIN_ROW_BITS - 1, MAX_ROW_BITS + 1, usize::MAX] {
        assert!(Generators::give(m, points).is_err(), "{m}");
    }
}

#[test]
fn the_shipped_file_of_pallas_is_what_the_code_generates() {
    let points = Generators::<Pallas>::derive(1 << MAX_ROW_BITS);
    let file = points.to_file();
    assert_eq!(digest(&file), include_str!("../parameters/pallas.digest"));
    assert!(file == include_bytes!("../parameters/pallas.bin"));
    let loaded = Generators::of_pallas().expect("generators");
    assert_eq!((loaded.h, loaded.u), (points.h, points.u));
    assert!(loaded.first(1 << MAX_ROW_BITS) == points.first(1 << MAX_ROW_BITS));
}

#[test]
fn the_first_generators_of_pallas_are_pinned() {
    assert_eq!(digest(&Generators::<Pallas>::derive(1 << 10).to_file()), PALLAS);
}

fn more_begin_with_the_same<C: Curve>() {
    let [few, many] = [3, 50].map(Generators::<C>::derive);
    assert_eq!((few.h, few.u, few.first(3)), (many.h, many.u, many.first(3)));
    let all: Vec<C> = [many.h, many.u].into_iter().chain(many.first(50).to_vec()).collect();
    for (i, point) in all.iter().enumerate() {
        assert!(bool::from(point.is_on_curve() & !point.is_identity()));
        assert!(!all[..i].contains(point));
    }
}

#[test]
fn more_generators_begin_with_the_same_ones() {
    more_begin_with_the_same::<Vesta>();
    more_begin_with_the_same::<Pallas>();
}

#[test]
fn a_doctored_file_is_refused() {
    let mut points = include_bytes!("../parameters/generators.bin").to_vec();
    points.swap(0, 64);
    assert!(Generators::parse(&points).is_err());
}
