//! Rows are the sums that their definition says.

use zkimg_graph::tensor::{Cells, Dims};
use zkimg_group::field::{F, Point, hash_to_field};
use zkimg_group::generators::Generators;
use zkimg_group::msm::to_affine;
use zkimg_proof::commitment::{Layout, commit_rows};

#[test]
fn rows_of_a_tensor_are_the_plain_sums() {
    let generators = Generators::load().expect("generators");
    let dims = Dims::new(2, 5, 300).expect("dims");
    let layout = Layout::new(dims, 11);
    let blinders: Vec<F> = (0..layout.rows.len()).map(|i| hash_to_field("blinder", &i.to_le_bytes())).collect();
    // Many values, and one that most cells have.
    let several: Vec<u16> = (0..dims.cells()).map(|i| (i * i % 251) as u16).collect();
    let nearly_flat: Vec<u16> = several.iter().map(|v| if v % 3 == 0 { *v } else { 300 }).collect();
    for cells in [several, nearly_flat] {
        let rows = commit_rows(generators, &layout, &Cells::U16(cells.clone()), &blinders);
        let mut plain: Vec<Point> = blinders.iter().map(|blinder| generators.h * blinder).collect();
        for (i, cell) in cells.iter().enumerate() {
            let (line, x) = (i / 300, i % 300);
            let flat = dims.flat(line / 5, line % 5, x);
            let row = layout.rows.iter().position(|row| *row == flat >> 11).expect("a row for every cell");
            plain[row] += generators.rows(11)[flat % 2048] * F::from(u64::from(*cell));
        }
        assert_eq!(rows, to_affine(&plain));
    }
}
