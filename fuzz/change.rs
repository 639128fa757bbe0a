//! Elements of an argument on either curve, and changes to them: nearly all leave every element a point or a scalar in its one form, so
//! that the verifier's equations have to refuse it. A small share spoils the framing or the encoding, as any stranger could.

use ff::PrimeField;
use pasta_curves::{Fp, Fq};
use std::sync::LazyLock;
use zkimg_group::cycle::{Curve, Pallas, PastaField, Vesta};
use zkimg_group::field::point_of_bytes;
use zkimg_group::generators::Generators;
use zkimg_group::msm::to_affine;

/// Bytes of one instruction: what to do, where, and with what.
pub const INSTRUCTION: usize = 8;
/// More instructions than this add nothing.
const MOST: usize = 8;
/// Bytes of an element.
pub const ELEMENT: usize = 32;

/// How far a damaged file comes before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Not damaged: what was done cancelled out. Accepted.
    Nothing,
    /// Refused as a file.
    Framing,
    /// Refused by a check before the argument.
    Statement,
    /// Refused as an argument with too few elements or too many, or one that is no point or scalar.
    Elements,
    /// Read to its end, every element of it well formed, and refused by the named check: one of the verifier's equations.
    Argument(&'static str),
}

/// Bytes that are neither a point nor a scalar, or only one of the two: zero, the two moduli, all ones.
const MALFORMED: [[u8; ELEMENT]; 4] = [[0; 32], little_endian(&Fp::MODULUS_WORDS), little_endian(&Fq::MODULUS_WORDS), [0xff; 32]];

const fn little_endian(words: &[u64; 4]) -> [u8; ELEMENT] {
    let mut bytes = [0; ELEMENT];
    let mut i = 0;
    while i < ELEMENT {
        bytes[i] = words[i / 8].to_le_bytes()[i % 8];
        i += 1;
    }
    bytes
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A point of Vesta.
    Point,
    /// An element of `Fp`.
    Scalar,
    /// A point of Pallas.
    OtherPoint,
    /// An element of `Fq`.
    OtherScalar,
}

fn scalar<P: PrimeField<Repr = [u8; 32]>>(bytes: &[u8; ELEMENT]) -> Option<P> {
    P::from_repr(*bytes).into()
}

fn point<C: Curve>(bytes: &[u8; ELEMENT]) -> Option<C::CurveExt> {
    point_of_bytes::<C>(bytes).ok().map(Into::into)
}

impl Kind {
    /// Whether bytes are one in its one form.
    pub fn decodes(self, bytes: &[u8; ELEMENT]) -> bool {
        self.read(bytes).is_some()
    }

    fn read(self, bytes: &[u8; ELEMENT]) -> Option<Value> {
        match self {
            Kind::Point => point::<Vesta>(bytes).map(Value::Point),
            Kind::Scalar => scalar(bytes).map(Value::Scalar),
            Kind::OtherPoint => point::<Pallas>(bytes).map(Value::OtherPoint),
            Kind::OtherScalar => scalar(bytes).map(Value::OtherScalar),
        }
    }
}

/// Whether bytes are elements of these kinds, each in its one form, and nothing else.
pub fn are_elements(bytes: &[u8], kinds: impl ExactSizeIterator<Item = Kind>) -> bool {
    let (elements, rest) = bytes.as_chunks::<ELEMENT>();
    rest.is_empty() && elements.len() == kinds.len() && elements.iter().zip(kinds).all(|(bytes, kind)| kind.decodes(bytes))
}

/// An element, and where it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub at: usize,
}

/// A point or a scalar.
#[derive(Clone, Copy)]
enum Value {
    Point(pasta_curves::vesta::Point),
    Scalar(Fp),
    OtherPoint(pasta_curves::pallas::Point),
    OtherScalar(Fq),
}

/// `H`, `U`, `G_0, …`: as many as one byte names.
fn generator<C: Curve>(generators: &Generators<C>, which: u8) -> C::CurveExt {
    match which {
        0 => generators.h.into(),
        1 => generators.u.into(),
        which => generators.first(256)[usize::from(which) - 2].into(),
    }
}

fn times<P: PastaField>(factor: i64) -> P {
    let size = P::from(factor.unsigned_abs());
    if factor < 0 { -size } else { size }
}

impl Value {
    /// A generator, or one.
    fn unit(self, which: u8) -> Value {
        static PALLAS: LazyLock<Generators<Pallas>> = LazyLock::new(|| Generators::derive(256));
        match self {
            Value::Scalar(_) => Value::Scalar(Fp::one()),
            Value::OtherScalar(_) => Value::OtherScalar(Fq::one()),
            Value::Point(_) => Value::Point(generator(Generators::load().expect("generators"), which)),
            Value::OtherPoint(_) => Value::OtherPoint(generator(&PALLAS, which)),
        }
    }

    fn plus(self, other: Value) -> Value {
        match (self, other) {
            (Value::Point(a), Value::Point(b)) => Value::Point(a + b),
            (Value::Scalar(a), Value::Scalar(b)) => Value::Scalar(a + b),
            (Value::OtherPoint(a), Value::OtherPoint(b)) => Value::OtherPoint(a + b),
            (Value::OtherScalar(a), Value::OtherScalar(b)) => Value::OtherScalar(a + b),
            _ => self,
        }
    }

    fn times(self, factor: i64) -> Value {
        match self {
            Value::Point(point) => Value::Point(point * times::<Fp>(factor)),
            Value::Scalar(scalar) => Value::Scalar(scalar * times::<Fp>(factor)),
            Value::OtherPoint(point) => Value::OtherPoint(point * times::<Fq>(factor)),
            Value::OtherScalar(scalar) => Value::OtherScalar(scalar * times::<Fq>(factor)),
        }
    }
}

impl Element {
    fn bytes(self, file: &[u8]) -> Option<[u8; ELEMENT]> {
        file.get(self.at..self.at + ELEMENT)?.try_into().ok()
    }

    /// The element, if earlier damage left one.
    fn read(self, file: &[u8]) -> Option<Value> {
        self.kind.read(&self.bytes(file)?)
    }

    fn write(self, file: &mut [u8], bytes: [u8; ELEMENT]) {
        if let Some(target) = file.get_mut(self.at..self.at + ELEMENT) {
            target.copy_from_slice(&bytes);
        }
    }

    /// Writes a value; the sum that is no point is left out.
    fn put(self, file: &mut [u8], value: Value) {
        let bytes = match value {
            Value::Point(point) => group::GroupEncoding::to_bytes(&to_affine(&[point])[0]),
            Value::Scalar(scalar) => scalar.to_repr(),
            Value::OtherPoint(point) => group::GroupEncoding::to_bytes(&to_affine(&[point])[0]),
            Value::OtherScalar(scalar) => scalar.to_repr(),
        };
        if self.kind.decodes(&bytes) {
            self.write(file, bytes);
        }
    }
}

/// Of 256 instructions, this many damage the file anywhere and in any way.
const ANYWHERE: u8 = 5;
/// And this many put bytes into the argument that are no element.
const SPOILS: u8 = 3;

/// Follows instructions of eight bytes. Given are the elements that may be changed, and other files of the same form, pieces of which may
/// be put in.
pub fn follow(file: &mut Vec<u8>, all: &[Element], others: &[Vec<u8>], instructions: &[u8]) {
    for instruction in instructions.as_chunks::<INSTRUCTION>().0.iter().take(MOST) {
        one_more(file, all, others, instruction);
    }
}

fn one_more(file: &mut Vec<u8>, all: &[Element], others: &[Vec<u8>], instruction: &[u8; INSTRUCTION]) {
    let [what, a, b, c, d, e, value, bit] = *instruction;
    let place = |low: u8, high: u8| usize::from(u16::from_le_bytes([low, high]));
    if what < ANYWHERE {
        return anywhere(file, what, place(a, b), e, value, bit);
    }
    let pick = |n: usize| all[n % all.len()];
    let (one, other) = (pick(place(a, b)), pick(place(c, d)));
    if what < ANYWHERE + SPOILS {
        return one.write(file, MALFORMED[usize::from(value) % MALFORMED.len()]);
    }
    // The next of the same kind, as points and scalars do not change places.
    let at = all.iter().position(|element| *element == other).unwrap_or(0);
    let two = all.iter().cycle().skip(at).take(all.len()).find(|element| element.kind == one.kind).copied().unwrap_or(one);
    within(file, what - ANYWHERE - SPOILS, [one, two], others, [e, value, bit]);
}

/// Damage that leaves elements what they are: points and scalars, in their one form.
fn within(file: &mut [u8], what: u8, [one, two]: [Element; 2], others: &[Vec<u8>], [e, value, bit]: [u8; 3]) {
    let (Some(first), Some(second)) = (one.read(file), two.read(file)) else { return };
    let other = others.get(usize::from(e) % others.len().max(1));
    match what % if other.is_some() { 13 } else { 10 } {
        // The first bit from here whose change leaves an element.
        0 => {
            let start = usize::from(u16::from_le_bytes([value, bit]));
            let flipped = (start..start + 8 * ELEMENT).map(|at| at % (8 * ELEMENT)).map(|at| {
                let mut bytes = one.bytes(file).unwrap_or_default();
                bytes[at / 8] ^= 1 << (at % 8);
                bytes
            });
            if let Some(bytes) = flipped.into_iter().find(|bytes| one.kind.decodes(bytes)) {
                one.write(file, bytes);
            }
        }
        1 => one.put(file, second),
        2 => {
            one.put(file, second);
            two.put(file, first);
        }
        3 => one.put(file, first.times(-1)),
        4 => one.put(file, first.plus(first.unit(e))),
        5 => one.put(file, first.plus(first.unit(e).times(-1))),
        6 => one.put(file, first.unit(e).times(i64::from(i8::from_le_bytes([value])))),
        7 => one.put(file, first.times(2 + i64::from(value))),
        8 => one.put(file, first.plus(second)),
        // What one is given, another is relieved of: in a plain sum that would cancel.
        9 => {
            let step = first.unit(e).times(1 + i64::from(value));
            one.put(file, first.plus(step));
            two.put(file, second.plus(step.times(-1)));
        }
        // Nothing: zero, or the generator of blinders where a point cannot be the identity.
        10 => match first {
            Value::Scalar(_) | Value::OtherScalar(_) => one.put(file, first.unit(0).times(0)),
            Value::Point(_) | Value::OtherPoint(_) => one.put(file, first.unit(0)),
        },
        // One element of another file in the same place, or as many as a byte says.
        11 => piece(file, other, one, 1),
        _ => piece(file, other, one, 1 + usize::from(value)),
    }
}

fn piece(file: &mut [u8], other: Option<&Vec<u8>>, from: Element, elements: usize) {
    let Some(other) = other else { return };
    let end = file.len().min(other.len()).min(from.at + ELEMENT * elements);
    if let (Some(target), Some(source)) = (file.get_mut(from.at..end), other.get(from.at..end)) {
        target.copy_from_slice(source);
    }
}

/// Damage to the file as bytes, anywhere in it.
fn anywhere(file: &mut Vec<u8>, what: u8, place: usize, e: u8, value: u8, bit: u8) {
    let at = place % file.len().max(1);
    match what {
        0 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (bit % 8)),
        1 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte = value),
        2 => file.truncate(at),
        3 => file.insert(at, e),
        _ => drop(file.drain(at..file.len().min(at + 1 + usize::from(value)))),
    }
}
