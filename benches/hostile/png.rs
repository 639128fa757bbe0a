//! PNG files chunk by chunk.

use flate2::{Compression, Crc, write::ZlibEncoder};
use std::io::Write;

/// A colour type of PNG.
#[derive(Clone, Copy)]
pub(crate) enum Colour {
    Grey = 0,
    Rgba = 6,
}

/// The first eight bytes, and the header.
pub(crate) fn start(width: usize, height: usize, depth: u8, colour: Colour) -> Vec<u8> {
    let header = [&(width as u32).to_be_bytes()[..], &(height as u32).to_be_bytes(), &[depth, colour as u8, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header)].concat()
}

/// One chunk.
pub(crate) fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [name, body].concat();
    let mut crc = Crc::new();
    crc.update(&named);
    [&(body.len() as u32).to_be_bytes()[..], &named, &crc.sum().to_be_bytes()].concat()
}

/// The last chunk.
pub(crate) fn end() -> Vec<u8> {
    chunk(b"IEND", &[])
}

/// So many zeros, compressed.
pub(crate) fn zeros(length: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let megabyte = vec![0; 1 << 20];
    let mut left = length;
    while left > 0 {
        let part = left.min(megabyte.len());
        encoder.write_all(&megabyte[..part]).expect("a Vec takes every write");
        left -= part;
    }
    encoder.finish().expect("a Vec takes every write")
}

/// Any bytes, compressed.
pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a Vec takes every write");
    encoder.finish().expect("a Vec takes every write")
}
