//! Every element of a proof, changed into another valid one, is refused by the check that is there for it.

use crate::support::replay::{Class, Element, replay};
use crate::support::{CONTEXT, Case, crop, dims, luma, sharpen};
use group::CurveAffine as _;
use zkimg_graph::graph::Kind;
use zkimg_graph::tensor::CellsRef;
use zkimg_group::field::{F, Malformed, Point, point_from_bytes, point_to_bytes, scalar_from_bytes, scalar_to_bytes};
use zkimg_group::generators::Generators;
use zkimg_group::msm::to_affine;
use zkimg_proof::relation::Output;
use zkimg_proof::transcript::{BadProofBytes, Decoded, Reader};
use zkimg_proof::verify::Reject;

/// A proof, its statement, and what stands where.
struct Subject {
    case: Case,
    output: Output,
    picture: Vec<u8>,
    proof: Vec<u8>,
    elements: Vec<Element>,
}

impl Subject {
    fn new(case: Case, output: Output) -> Subject {
        let proved = case.prove(output);
        let picture = if output == Output::Hidden(Kind::Picture) { Vec::new() } else { proved.pixels().to_vec() };
        let elements = replay(&case.relation(output), CONTEXT, &[&case.rows], CellsRef::U8(&picture), &proved.proof).elements;
        assert_eq!(32 * elements.len(), proved.proof.len());
        Subject { case, output, picture, proof: proved.proof.clone(), elements }
    }

    /// Hidden pictures, remainders, lookups: every class of element.
    fn whole() -> Subject {
        let steps = |d| {
            let grey = luma(d);
            let sharp = sharpen(grey.output());
            vec![grey, sharp]
        };
        Subject::new(Case::new(dims(3, 2, 5), steps), Output::Hidden(Kind::Picture))
    }

    fn small() -> Subject {
        Subject::new(Case::new(dims(1, 2, 3), |d| vec![crop(d, 1, 0, 2, 2)]), Output::Revealed)
    }

    fn judge(&self, proof: &[u8]) -> Option<Reject> {
        self.case.verify(self.output, &self.picture, proof).err()
    }

    fn judge_with(&self, element: &Element, bytes: &[u8; 32]) -> Option<Reject> {
        let mut proof = self.proof.clone();
        proof[element.offset..element.offset + 32].copy_from_slice(bytes);
        self.judge(&proof)
    }

    fn bytes(&self, element: &Element) -> [u8; 32] {
        self.proof[element.offset..element.offset + 32].try_into().expect("32 bytes")
    }
}

/// Another valid element: the point plus a generator, the scalar plus one.
fn another(bytes: &[u8; 32], point: bool) -> [u8; 32] {
    if point {
        let g = Generators::load().expect("generators").rows(10)[0];
        let sum = Point::from(point_from_bytes(bytes).expect("a point")) + g;
        point_to_bytes(&to_affine(&[sum])[0])
    } else {
        scalar_to_bytes(&(scalar_from_bytes(bytes).expect("a scalar") + F::one()))
    }
}

/// Which check refuses a changed element.
fn guard(class: Class) -> Reject {
    match class {
        Class::LinkBlinder => Reject::Group("link to the circuit"),
        Class::MaskVector | Class::MaskValue | Class::Value | Class::ValueBlinder => Reject::Group("opened value"),
        Class::VectorBlinder | Class::Fold | Class::Last | Class::DigitSum => Reject::Group("opening of the pixels"),
        // Whatever comes before the circuit's proof decides its challenges.
        _ => Reject::Equations,
    }
}

#[test]
fn every_element_is_bound() {
    for subject in [Subject::small(), Subject::whole()] {
        for element in &subject.elements {
            let changed = another(&subject.bytes(element), element.point);
            assert_eq!(subject.judge_with(element, &changed), Some(guard(element.class)), "{element:?}");
        }
    }
}

#[test]
fn elements_do_not_change_places() {
    let subject = Subject::whole();
    for pair in subject.elements.windows(2).filter(|pair| pair[0].point == pair[1].point).step_by(3) {
        // Two products of a layer's end have one coefficient.
        if subject.bytes(&pair[0]) == subject.bytes(&pair[1]) {
            continue;
        }
        let mut proof = subject.proof.clone();
        proof[pair[0].offset..pair[0].offset + 64].rotate_left(32);
        assert!(subject.judge(&proof).is_some(), "{pair:?}");
    }
}

#[test]
fn bytes_that_are_no_element_are_refused_as_such() {
    let subject = Subject::whole();
    // The moduli of the base field and of the scalar field, little-endian.
    let scalar_modulus = {
        let mut bytes = scalar_to_bytes(&-F::one());
        bytes[0] += 1;
        bytes
    };
    let base_modulus = {
        use ff::{Field, PrimeField};
        let mut bytes: [u8; 32] = (-pasta_curves::Fq::ONE).to_repr();
        bytes[0] += 1;
        bytes
    };
    // x = p − 1 + 1 is not canonical, x = 0 has no point, 32 zero bytes are the identity to `from_bytes`.
    let mut sign = [0; 32];
    sign[31] = 0x80;
    let points = [[0; 32], [0xff; 32], base_modulus, sign, off_curve()];
    let scalars = [[0xff; 32], scalar_modulus];
    let mut seen = Vec::new();
    for element in &subject.elements {
        let times = seen.iter().filter(|class| **class == element.class).count();
        seen.push(element.class);
        if times > usize::from(element.class == Class::Circuit) * 60 || times % 12 != 0 {
            continue;
        }
        let (kinds, fault) = match element.point {
            true => (&points[..], Malformed::Point),
            false => (&scalars[..], Malformed::Scalar),
        };
        // halo2 does not say why it stops.
        let expected = match element.class {
            Class::Circuit => Reject::Equations,
            _ => Reject::Bytes(BadProofBytes::Malformed(fault)),
        };
        for bytes in kinds {
            assert_eq!(subject.judge_with(element, bytes), Some(expected), "{element:?} {bytes:?}");
        }
    }
}

/// A canonical x with no point above it.
fn off_curve() -> [u8; 32] {
    (1..=255u8)
        .map(|x| {
            let mut bytes = [0; 32];
            bytes[0] = x;
            bytes
        })
        .find(|bytes| point_from_bytes(bytes).is_err())
        .expect("half of all x have no point")
}

#[test]
fn the_identity_is_not_a_point() {
    let identity = point_to_bytes(&zkimg_group::field::Affine::identity());
    assert_eq!(identity, [0; 32]);
    assert_eq!(point_from_bytes(&identity), Err(Malformed::Point));
}

/// The points that are decoded beforehand are read before anything behind them.
#[test]
fn no_scalar_is_read_in_front_of_decoded_points() {
    let g = point_to_bytes(&Generators::load().expect("generators").rows(10)[0]);
    let bytes = [g, g, scalar_to_bytes(&F::one())].concat();
    let decoded = Decoded::new(&bytes, 2).expect("two points");
    let mut reader = Reader::new("test", &decoded);
    assert_eq!(reader.receive_scalar::<F>(), Err(BadProofBytes::Short));
    assert!(reader.receive_point::<zkimg_group::field::Affine>().is_ok());
    assert_eq!(reader.receive_scalar::<F>(), Err(BadProofBytes::Short));
    assert!(reader.receive_point::<zkimg_group::field::Affine>().is_ok());
    assert_eq!(reader.receive_scalar::<F>(), Ok(F::one()));
}

#[test]
fn a_proof_cut_short_or_continued_is_refused() {
    let subject = Subject::whole();
    let length = subject.proof.len();
    let circuit: Vec<usize> = subject.elements.iter().filter(|e| e.class == Class::Circuit).map(|e| e.offset).collect();
    for end in (0..length).step_by(32).chain([1, 31, length - 1, length - 31]) {
        // Where it is cut inside halo2's part, halo2 does not say why it stops.
        let inside = circuit.contains(&(end / 32 * 32));
        let expected = if inside { Reject::Equations } else { Reject::Bytes(BadProofBytes::Short) };
        assert_eq!(subject.judge(&subject.proof[..end]), Some(expected), "{end} of {length}");
    }
    for more in [1, 31, 32, 64] {
        let longer = [&subject.proof[..], &vec![0; more]].concat();
        assert_eq!(subject.judge(&longer), Some(Reject::Bytes(BadProofBytes::Trailing)));
    }
    assert_eq!(subject.judge(&[&subject.proof[..], &subject.proof[..]].concat()), Some(Reject::Bytes(BadProofBytes::Trailing)));
}

#[test]
fn every_eleventh_byte_is_bound() {
    let subject = Subject::small();
    for at in (0..subject.proof.len()).step_by(11) {
        let mut proof = subject.proof.clone();
        proof[at] ^= 1 << (at % 8);
        assert!(subject.judge(&proof).is_some(), "byte {at}");
    }
}
