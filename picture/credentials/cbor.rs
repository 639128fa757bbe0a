//! What our assertion says, in CBOR (RFC 8949): a map of three, each once.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::reader::Reader;
use base64ct::{Base64, Encoding};

const VERSION: u64 = 1;
const MEDIA: &[u8] = b"application/x-zkimg";
const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const MAP: u8 = 5;

/// The proof in an assertion. Signers whose definitions are JSON write it as text in base64.
pub(super) fn proof(assertion: &[u8]) -> Option<Vec<u8>> {
    let mut r = Reader::new(assertion);
    if head(&mut r)? != (MAP, 3) {
        return None;
    }
    let (mut version, mut media, mut proof) = (None, None, None);
    for _ in 0..3 {
        let key = string(&mut r, TEXT)?;
        match key {
            b"version" => version = Some(head(&mut r)?),
            b"media" => media = Some(string(&mut r, TEXT)?),
            b"proof" => proof = Some(string(&mut r, BYTES)?.to_vec()),
            b"proof_base64" => proof = Some(Base64::decode_vec(std::str::from_utf8(string(&mut r, TEXT)?).ok()?).ok()?),
            _ => return None,
        }
    }
    // Three keys and three values: none was there twice.
    let known = version == Some((UNSIGNED, VERSION)) && media == Some(MEDIA) && r.is_empty();
    proof.filter(|_| known)
}

/// Kind and number of an item whose length is said.
fn head(r: &mut Reader<'_>) -> Option<(u8, u64)> {
    let first = r.u8().ok()?;
    let number = match first & 31 {
        small @ 0..=23 => small.into(),
        24 => r.u8().ok()?.into(),
        25 => u16::from_be_bytes(r.array().ok()?).into(),
        26 => u32::from_be_bytes(r.array().ok()?).into(),
        27 => u64::from_be_bytes(r.array().ok()?),
        _ => return None,
    };
    Some((first >> 5, number))
}

fn string<'a>(r: &mut Reader<'a>, kind: u8) -> Option<&'a [u8]> {
    let (found, length) = head(r)?;
    if found != kind {
        return None;
    }
    r.take(usize::try_from(length).ok()?).ok()
}
