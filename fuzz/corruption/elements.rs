//! The elements of the pinned argument: which is a point, which a scalar.

use super::super::change::{self, ELEMENT, Element, Kind};
use super::FILE;
use std::sync::LazyLock;
use zkimg_group::field::scalar_to_bytes;
use zkimg_pipeline::ProofFile;
use zkimg_proof::circuit::{BLINDED_ROWS, Class, Keys, read_circuit_proof};
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::transcript::{Decoded, Reader};
use zkimg_proof::{digits, opening};

/// All elements of the pinned argument.
pub(super) static PINNED: LazyLock<Vec<Element>> = LazyLock::new(|| {
    let file = ProofFile::from_bytes(FILE).expect("the pinned file");
    let start = FILE.len() - file.links()[0].proof_bytes();
    let kinds = of(&file).expect("a relation");
    assert_eq!(start + ELEMENT * kinds.len(), FILE.len(), "elements and nothing else");
    let element = |(i, kind)| Element { kind, at: start + ELEMENT * i };
    kinds.into_iter().enumerate().map(element).collect()
});

/// What the elements of halo2's part of the pinned proof are, and the size of its circuit.
static CIRCUIT: LazyLock<(Class, Vec<Kind>)> = LazyLock::new(|| {
    let file = ProofFile::from_bytes(FILE).expect("the pinned file");
    let (points, class, tail) = around(&file).expect("a relation");
    let argument = argument(&file);
    let part = &argument[ELEMENT * points..argument.len() - ELEMENT * tail.len()];
    // halo2 reads the same kinds whatever its challenges are; the reader keeps the scalars.
    let decoded = Decoded::new(part, 0).expect("no points");
    let mut reader = Reader::new("kinds of elements", &decoded);
    let keys = Keys::load(class).expect("keys");
    read_circuit_proof(keys, keys, &mut reader).map(drop).expect("well formed");
    let mut scalars = reader.halo2().1.iter().map(scalar_to_bytes).peekable();
    let (elements, _) = part.as_chunks::<ELEMENT>();
    let kinds = elements.iter().map(|bytes| scalars.next_if_eq(bytes).map_or(Kind::Point, |_| Kind::Scalar)).collect();
    assert!(scalars.next().is_none(), "every scalar was found");
    (class, kinds)
});

/// The same for a circuit of another size: two points more for each doubling of its rows, before the last two scalars.
fn circuit(class: Class) -> Vec<Kind> {
    let (pinned, kinds) = &*CIRCUIT;
    let (rest, last) = kinds.split_at(kinds.len() - 2);
    let rounds = |class: Class| 2 * class.bits() as usize;
    let mut all = rest[..rest.len() - rounds(*pinned)].to_vec();
    all.resize(all.len() + rounds(class), Kind::Point);
    [&all, last].concat()
}

/// The number of points before halo2's part, the size of its circuit, and what comes behind it.
fn around(file: &ProofFile) -> Option<(usize, Class, Vec<Kind>)> {
    let (layout, link) = (file.capture().statement.layout(), file.links().first()?);
    let relation = Relation::compile(layout.dims, layout.m, link.edits().steps(), Output::Revealed).ok()?;
    let rows: usize = relation.tensors.iter().skip(1).map(|tensor| tensor.rows.len()).sum();
    let points = rows + relation.shape().messages + BLINDED_ROWS;
    let folds = 2 * (layout.m - digits::FINAL_BITS);
    let runs = [(1, Kind::Scalar), (2, Kind::Point), (3, Kind::Scalar), (folds, Kind::Point), (digits::LAST, Kind::Scalar)];
    let tail: Vec<Kind> = runs.into_iter().flat_map(|(n, kind)| std::iter::repeat_n(kind, n)).collect();
    let sums = opening::size(layout.m).0 - 2 - folds;
    Some((points, relation.class()?, [tail, vec![Kind::Point; sums]].concat()))
}

/// What the elements of a file's argument should be, by its statement.
pub(super) fn of(file: &ProofFile) -> Option<Vec<Kind>> {
    let (points, class, tail) = around(file)?;
    Some([vec![Kind::Point; points], circuit(class), tail].concat())
}

/// The bytes of the one link's argument.
fn argument(file: &ProofFile) -> Vec<u8> {
    let bytes = file.to_bytes();
    let length = file.links().first().map_or(0, |link| link.proof_bytes());
    bytes[bytes.len() - length..].to_vec()
}

/// Whether a file's argument has as many elements as it should, each in its one form.
pub(super) fn is_argument(file: &ProofFile) -> bool {
    let (argument, Some(kinds)) = (argument(file), of(file)) else { return false };
    change::are_elements(&argument, kinds.into_iter())
}
