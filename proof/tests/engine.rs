//! Whole proofs of small pictures: what is true is accepted, whatever its shape.

use crate::support::{Case, contrast, crop, dims, flip, grayscale};
use zkimg_graph::graph::Kind;
use zkimg_proof::relation::Output;

#[test]
fn a_crop_is_proved() {
    Case::new(dims(3, 5, 7), |d| vec![crop(d, 2, 1, 3, 4)]).accept(Output::Revealed);
}

#[test]
fn a_contrast_is_proved() {
    Case::new(dims(3, 6, 9), |d| vec![contrast(d, 1.4)]).accept(Output::Revealed);
}

#[test]
fn a_grayscale_is_proved_revealed_and_hidden() {
    let case = Case::new(dims(3, 4, 6), |d| vec![grayscale(d)]);
    case.accept(Output::Revealed);
    case.accept(Output::Hidden(Kind::Picture));
}

#[test]
fn a_chain_that_uses_every_part_is_proved() {
    let steps = |d| {
        let first = vec![flip(d), contrast(d, 0.7), grayscale(d)];
        let grey = first[2].output();
        [first, vec![contrast(grey, 2.0), crop(grey, 1, 0, 4, 3)]].concat()
    };
    let case = Case::new(dims(3, 5, 6), steps);
    case.accept(Output::Revealed);
    case.accept(Output::Hidden(Kind::Picture));
}

#[test]
fn odd_and_tiny_shapes_are_proved() {
    for (c, h, w) in [(1, 1, 1), (3, 1, 1), (3, 1, 9), (1, 9, 1), (3, 17, 33)] {
        let case = Case::new(dims(c, h, w), |d| vec![flip(d), contrast(d, 1.5)]);
        case.accept(Output::Revealed);
        case.accept(Output::Hidden(Kind::Picture));
    }
}

#[test]
fn no_edit_at_all_is_proved() {
    Case::new(dims(3, 3, 5), |_| Vec::new()).accept(Output::Revealed);
    Case::new(dims(3, 3, 5), |_| Vec::new()).accept(Output::Hidden(Kind::Picture));
}
