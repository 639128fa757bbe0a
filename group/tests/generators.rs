//! The shipped generators are what their code makes, and nothing else is accepted.

use zkimg_group::generators::{Generators, digest};

#[test]
fn the_shipped_file_is_what_the_code_generates() {
    let points = Generators::generate();
    assert_eq!(digest(&points), include_str!("../parameters/generators.digest"));
    assert!(points == include_bytes!("../parameters/generators.bin"));
}

#[test]
fn a_doctored_file_is_refused() {
    let mut points = include_bytes!("../parameters/generators.bin").to_vec();
    points.swap(0, 64);
    assert!(Generators::parse(&points).is_err());
}
