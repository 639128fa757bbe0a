//! The elements of an argument: which is a point, which a scalar, and sums of them.

use super::FILE;
use std::sync::LazyLock;
use zkimg_group::field::{F, Point, from_i128, point_from_bytes, point_to_bytes, scalar_from_bytes, scalar_to_bytes};
use zkimg_group::generators::Generators;
use zkimg_group::msm::to_affine;
use zkimg_pipeline::ProofFile;
use zkimg_proof::circuit::{BLINDED_ROWS, Class, Keys, read_circuit_proof};
use zkimg_proof::relation::{Output, Relation};
use zkimg_proof::transcript::{Decoded, Reader};
use zkimg_proof::{digits, opening};

/// Bytes of an element.
pub(super) const ELEMENT: usize = 32;
/// Bytes that are neither a point nor a scalar, or only one of the two: zero, the two moduli, all ones.
pub(super) const MALFORMED: [[u8; ELEMENT]; 4] = [[0; 32], SCALARS, BASE, [0xff; 32]];
const SCALARS: [u8; ELEMENT] = little_endian(0x992d_30ed_0000_0001, 0x2246_98fc_094c_f91b, 1 << 62);
const BASE: [u8; ELEMENT] = little_endian(0x8c46_eb21_0000_0001, 0x2246_98fc_0994_a8dd, 1 << 62);

/// Three words of a number; the third but one is zero in all of them.
const fn little_endian(low: u64, middle: u64, high: u64) -> [u8; ELEMENT] {
    let words = [low.to_le_bytes(), middle.to_le_bytes(), [0; 8], high.to_le_bytes()];
    let mut bytes = [0; ELEMENT];
    let mut i = 0;
    while i < ELEMENT {
        bytes[i] = words[i / 8][i % 8];
        i += 1;
    }
    bytes
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Point,
    Scalar,
}

impl Kind {
    pub(super) fn decodes(self, bytes: &[u8; ELEMENT]) -> bool {
        match self {
            Kind::Point => point_from_bytes(bytes).is_ok(),
            Kind::Scalar => scalar_from_bytes(bytes).is_ok(),
        }
    }
}

/// An element of the pinned argument, and where it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub kind: Kind,
    at: usize,
}

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
    let (elements, rest) = argument.as_chunks::<ELEMENT>();
    rest.is_empty() && elements.len() == kinds.len() && elements.iter().zip(kinds).all(|(bytes, kind)| kind.decodes(bytes))
}

/// A point or a scalar.
#[derive(Clone, Copy)]
pub(super) enum Value {
    Point(Point),
    Scalar(F),
}

impl Value {
    /// A generator, or one.
    pub(super) fn unit(self, which: u8) -> Value {
        let generators = Generators::load().expect("generators");
        match self {
            Value::Scalar(_) => Value::Scalar(F::one()),
            Value::Point(_) => Value::Point(match which {
                0 => generators.h.into(),
                1 => generators.u.into(),
                which => generators.rows(10)[usize::from(which) - 2].into(),
            }),
        }
    }

    pub(super) fn plus(self, other: Value) -> Value {
        match (self, other) {
            (Value::Point(a), Value::Point(b)) => Value::Point(a + b),
            (Value::Scalar(a), Value::Scalar(b)) => Value::Scalar(a + b),
            _ => self,
        }
    }

    pub(super) fn times(self, factor: i64) -> Value {
        let factor = from_i128(factor.into());
        match self {
            Value::Point(point) => Value::Point(point * factor),
            Value::Scalar(scalar) => Value::Scalar(scalar * factor),
        }
    }
}

impl Element {
    pub(super) fn bytes(self, file: &[u8]) -> Option<[u8; ELEMENT]> {
        file.get(self.at..self.at + ELEMENT)?.try_into().ok()
    }

    /// The element, if earlier damage left one.
    pub(super) fn read(self, file: &[u8]) -> Option<Value> {
        let bytes = self.bytes(file)?;
        match self.kind {
            Kind::Point => point_from_bytes(&bytes).ok().map(|point| Value::Point(point.into())),
            Kind::Scalar => scalar_from_bytes(&bytes).ok().map(Value::Scalar),
        }
    }

    pub(super) fn write(self, file: &mut [u8], bytes: [u8; ELEMENT]) {
        if let Some(target) = file.get_mut(self.at..self.at + ELEMENT) {
            target.copy_from_slice(&bytes);
        }
    }

    /// Writes a value; the sum that is no point is left out.
    pub(super) fn put(self, file: &mut [u8], value: Value) {
        let bytes = match value {
            Value::Point(point) => point_to_bytes(&to_affine(&[point])[0]),
            Value::Scalar(scalar) => scalar_to_bytes(&scalar),
        };
        if self.kind.decodes(&bytes) {
            self.write(file, bytes);
        }
    }
}
