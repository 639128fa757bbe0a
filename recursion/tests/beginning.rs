//! Where chains begin: a camera's shorter rows and the longer ones are of one picture, or nothing follows.

use crate::support::chain::{Picture, appended, generators, parameters, random};
use crate::support::{dims, picture, value};
use zkimg_graph::tensor::Dims;
use zkimg_group::field::F;
use zkimg_proof::commitment::{Layout, commit_rows};
use zkimg_recursion::chain::{Begun, Known};

/// What a camera has signed, in rows of 2^10 cells.
fn camera(size: Dims) -> (Layout, Picture) {
    let layout = Layout::new(size, 10);
    let cells = picture(size);
    let blinders: Vec<F> = (0..layout.rows.len()).map(|i| value("camera", i)).collect();
    let rows = commit_rows(generators().0, &layout, &cells, &blinders);
    (layout, Picture { cells, rows, blinders })
}

fn known<'a>(layout: &'a Layout, own: &'a Picture) -> Known<'a> {
    Known { layout, cells: &own.cells, rows: &own.rows, blinders: &own.blinders }
}

#[test]
fn a_reader_finds_the_same_beginning_and_it_holds() {
    for size in [dims(1, 5, 7), dims(1, 40, 60)] {
        let (layout, own) = camera(size);
        let Begun { beginning, pictures, longer, .. } =
            parameters().begun(value("origin", 0), &known(&layout, &own), &mut random(1)).expect("begun");
        let longer = longer.expect("longer rows");
        let read = parameters().beginning(value("origin", 0), (&layout, &own.rows), &longer).expect("as many rows");
        assert_eq!(parameters().start(&read), parameters().start(&beginning));
        assert_eq!(parameters().check(&parameters().begin(&beginning, pictures)), Ok(()));
        // Others' rows, fewer or more of them, are another beginning or none.
        let other = parameters().beginning(value("origin", 1), (&layout, &own.rows), &longer).expect("as many rows");
        assert_ne!(parameters().start(&other), parameters().start(&beginning));
        assert!(parameters().beginning(value("origin", 0), (&layout, &own.rows), &[]).is_none());
        assert!(parameters().beginning(value("origin", 0), (&layout, &own.rows[1..]), &longer).is_none());
    }
}

#[test]
fn steps_follow_a_beginning_with_longer_rows() {
    let (layout, own) = camera(dims(1, 5, 7));
    let honest = parameters().begun(value("origin", 0), &known(&layout, &own), &mut random(1)).expect("begun");
    let rows = honest.beginning.rows().to_vec();
    let next = Picture { cells: own.cells.clone(), rows, blinders: honest.blinders.to_vec() };
    let handed = parameters().begin(&honest.beginning, honest.pictures);
    let (step, _) = appended(&handed, &next, 3).expect("a step");
    assert_eq!(parameters().check(&step.handed), Ok(()));
}
