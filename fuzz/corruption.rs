//! A valid proof file, damaged where it matters: no damage is ever accepted.

use std::sync::LazyLock;
use zkimg_pipeline::{Picture, ProofFile, Trust, Verdict, verify};

const FILE: &[u8] = include_bytes!("../tests/pinned/edited.zkimg");
const PICTURE: &[u8] = include_bytes!("../tests/pinned/edited.png");

static PUBLISHED: LazyLock<Picture> = LazyLock::new(|| Picture::decode(PICTURE).expect("the pinned picture"));

/// One element of the argument: a point or a scalar.
const ELEMENT: usize = 32;
/// Bytes of one instruction: what to do, where, and with what.
pub const INSTRUCTION: usize = 8;
/// More instructions than this add nothing.
const MOST: usize = 8;
/// Elements worth trying everywhere: zero, one, the two moduli, and all ones.
const SPECIAL: [[u8; ELEMENT]; 5] = [[0; 32], little_endian(1, 0, 0), SCALARS, BASE, [0xff; 32]];
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

/// Follows instructions of eight bytes and judges what they leave of the file.
///
/// # Panics
/// If a file other than the one that was published is accepted.
pub fn corruption(bytes: &[u8]) {
    let mut file = FILE.to_vec();
    bytes.as_chunks::<INSTRUCTION>().0.iter().take(MOST).for_each(|instruction| follow(&mut file, instruction));
    let verdict = ProofFile::from_bytes(&file).ok().map(|parsed| {
        verify(&PUBLISHED, &parsed, &Trust::default()).expect("parameters are whole").verdict
    });
    let accepted = matches!(verdict, Some(Verdict::Untrusted | Verdict::Trusted));
    assert_eq!(accepted, file == FILE, "a damaged proof is accepted, or the true one is not");
}

fn follow(file: &mut Vec<u8>, [what, a, b, c, d, e, value, bit]: &[u8; INSTRUCTION]) {
    let place = |low: u8, high: u8, of: usize| usize::from(u16::from_le_bytes([low, high])) % of.max(1);
    let length = file.len();
    let (at, other) = (place(*a, *b, length), place(*c, *d, length));
    // Elements are counted from the end: the argument is the last thing in the file.
    let elements = length / ELEMENT;
    let element = |n: usize| length - ELEMENT * (1 + n % elements.max(1));
    let (one, two) = (element(at), element(other));
    let splice = |file: &mut Vec<u8>, at: usize, with: [u8; ELEMENT]| {
        if let Some(target) = file.get_mut(at..at + ELEMENT) {
            target.copy_from_slice(&with);
        }
    };
    let taken = file.get(two..two + ELEMENT).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; ELEMENT]);
    match what % 8 {
        0 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (bit % 8)),
        1 => file.iter_mut().skip(at).take(1).for_each(|byte| *byte = *value),
        2 => splice(file, one, taken),
        3 => {
            let kept = file.get(one..one + ELEMENT).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; ELEMENT]);
            splice(file, one, taken);
            splice(file, two, kept);
        }
        4 => splice(file, one, SPECIAL[usize::from(*value) % SPECIAL.len()]),
        5 => file.truncate(at),
        6 => file.insert(at, *e),
        _ => drop(file.drain(at..length.min(at + 1 + usize::from(*value)))),
    }
}
