//! The public statement around a proof, as bytes for the transcript.

use crate::recipe::Chain;
use blake2b_simd::Params as Blake2b;
use zkimg_attest::SignedCapture;
use zkimg_proof::argument::pixels_digest;
use zkimg_proof::tensor::Dims;

/// Version of the statement's bytes.
const VERSION: u32 = 1;

/// Blake2b-256 of a picture's shape and of the BLAKE2bp-512 of its pixels, `[c][y][x]`.
pub(crate) fn picture_digest(dims: &Dims, cells: &[u8]) -> [u8; 32] {
    let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-pixels-v1").to_state();
    for n in [dims.channels, dims.height, dims.width] {
        state.update(&(n as u64).to_le_bytes());
    }
    state.update(&pixels_digest(cells));
    let mut digest = [0; 32];
    digest.copy_from_slice(state.finalize().as_bytes());
    digest
}

/// The capture with its signature and key, and the edits with their integer parameters.
///
/// Shapes, tables, rows and the published pixels are absorbed by the argument itself.
pub(crate) fn context(capture: &SignedCapture, chain: &Chain) -> Vec<u8> {
    let mut bytes = b"zkimg-statement".to_vec();
    bytes.extend(VERSION.to_le_bytes());
    for part in [&capture.to_bytes()[..], chain.canonical().as_bytes()] {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part);
    }
    bytes
}
