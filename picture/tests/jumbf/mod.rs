//! Content Credentials as programs write them: boxes of JUMBF, an assertion in CBOR.
#![allow(dead_code, reason = "each test file uses its part")]

use super::files::{chunk, with_chunks, with_segment};

pub(crate) const LABEL: &str = "io.github.zkimg.edit-proof";

/// A box.
pub(crate) fn plain(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

/// A box with a description, in which a salt stands behind the label, as C2PA has it.
pub(crate) fn described(kind: &[u8; 4], label: &str, content: &[Vec<u8>]) -> Vec<u8> {
    let salt = plain(b"c2sh", &[7; 16]);
    let uuid = b"\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71";
    let description = [&kind[..], uuid, &[0x13], label.as_bytes(), &[0], &salt].concat();
    plain(b"jumb", &[plain(b"jumd", &description), content.concat()].concat())
}

/// A manifest with assertions.
pub(crate) fn manifest(label: &str, assertions: &[Vec<u8>]) -> Vec<u8> {
    let claim = described(b"c2cl", "c2pa.claim.v2", &[plain(b"cbor", &[0xa0])]);
    described(b"c2ma", label, &[described(b"c2as", "c2pa.assertions", assertions), claim])
}

/// A store of manifests.
pub(crate) fn store(manifests: &[Vec<u8>]) -> Vec<u8> {
    described(b"c2pa", "c2pa", manifests)
}

/// Our assertion.
pub(crate) fn assertion(label: &str, cbor: &[u8]) -> Vec<u8> {
    described(b"cbor", label, &[plain(b"cbor", cbor)])
}

/// The head of an item of CBOR, with its number in four bytes.
pub(crate) fn head(kind: u8, number: usize) -> Vec<u8> {
    [&[kind << 5 | 26][..], &(number as u32).to_be_bytes()].concat()
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    [&[3 << 5 | text.len() as u8][..], text.as_bytes()].concat()
}

/// What our assertion says of a proof.
pub(crate) fn said(proof: &[u8]) -> Vec<u8> {
    let media = [text("media"), vec![3 << 5 | 24, 19], b"application/x-zkimg".to_vec()].concat();
    [&[0xa3][..], &text("version"), &[1], &media, &text("proof"), &head(2, proof.len()), proof].concat()
}

/// A manifest with a proof and something else.
pub(crate) fn claiming(proof: &[u8]) -> Vec<u8> {
    let other = assertion("c2pa.actions.v2", &[0xa0]);
    store(&[
        manifest("urn:c2pa:ingredient", std::slice::from_ref(&other)),
        manifest("urn:c2pa:active", &[other, assertion(LABEL, &said(proof))]),
    ])
}

/// A PNG with a store.
pub(crate) fn in_png(file: &[u8], store: &[u8]) -> Vec<u8> {
    with_chunks(file, &[chunk(b"caBX", store)])
}

/// A JPEG with a store, in parts of so many bytes.
pub(crate) fn in_jpeg(file: &[u8], store: &[u8], part: usize) -> Vec<u8> {
    parts(store, part).iter().rev().fold(file.to_vec(), |file, part| with_segment(&file, 0xeb, part))
}

/// The bodies of APP11 segments: the box's head stands in each.
pub(crate) fn parts(store: &[u8], part: usize) -> Vec<Vec<u8>> {
    let (head, content) = store.split_at(8);
    content.chunks(part).zip(1u32..).map(|(content, number)| [b"JP\x02\x11", &number.to_be_bytes()[..], head, content].concat()).collect()
}
