//! The public statement around each link's proof, as bytes for the transcript, and its digest.
//!
//! | statement of link k | bytes |
//! |---|---|
//! | `zkimg-link-statement`, version 2 | 20 + 4 |
//! | k | 4 |
//! | k = 0: length of the signed capture, then that file; k > 0: digest of the statement of link k − 1 | 8 + … or 32 |
//! | root of the input; its channels, height, width; m; the generators' id | 32 + 4·8 + 32 |
//! | length of the edits, then canonical JSON | 8 + … |
//! | length of the maker, then name, note and key ([`zkimg_attest::maker`]) | 8 + … |
//! | output: 0 revealed, 1 hidden | 1 |
//!
//! The digest is over these bytes and what the link put out: the root of the hidden picture, or the published picture's digest.
//!
//! A link of a chain with one proof begins with `zkimg-compact-statement`; from the second on its input has the digest of the last step's rows
//! for a root, and so has a hidden output. `m` is then that of a chain's rows.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::recipe::Edits;
use blake2b_simd::Params as Blake2b;
use zkimg_attest::{Maker, SignedCapture};
use zkimg_group::generators::Generators;
use zkimg_proof::argument::Pixels;
use zkimg_proof::commitment::Layout;

/// Version of the statement's bytes.
const VERSION: u32 = 2;

/// A Blake2b-256 digest.
pub(crate) type Digest = [u8; 32];

/// What a link starts from.
pub(crate) enum From<'a> {
    /// The camera's picture: only the first link.
    Capture(&'a SignedCapture),
    /// The hidden output of the link before, by the digest of its statement.
    Link(Digest),
}

/// What a link puts out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A published picture, by its digest.
    Picture(Digest),
    /// A hidden picture; its rows are in the argument.
    Hidden,
}

/// A link's public statement.
pub(crate) struct Statement<'a> {
    /// Its place in the chain, from 0.
    pub number: usize,
    /// What it starts from.
    pub from: From<'a>,
    /// Root of the input's rows.
    pub root: Digest,
    /// The input's shape and rows.
    pub input: &'a Layout,
    /// The edits with their integer parameters.
    pub edits: &'a Edits,
    /// Who made it.
    pub maker: &'a Maker,
    /// Whether the output stays hidden.
    pub hidden: bool,
    /// How its chain is proved.
    pub form: Form,
}

/// How a chain is proved; whoever signs a link signs this too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A proof for each link.
    Listed,
    /// One proof for all of them.
    #[cfg(feature = "prover")]
    Compact,
}

impl Statement<'_> {
    /// The canonical bytes: the context of the link's proof. Tables, rows and the published pixels are absorbed by the argument itself.
    pub(crate) fn context(&self) -> Vec<u8> {
        let mut bytes = match self.form {
            Form::Listed => b"zkimg-link-statement".to_vec(),
            #[cfg(feature = "prover")]
            Form::Compact => b"zkimg-compact-statement".to_vec(),
        };
        let block = |bytes: &mut Vec<u8>, part: &[u8]| {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        };
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((self.number as u32).to_le_bytes());
        match &self.from {
            From::Capture(capture) => block(&mut bytes, &capture.to_bytes()),
            From::Link(digest) => bytes.extend(digest),
        }
        bytes.extend(self.root);
        let dims = self.input.dims;
        for n in [dims.channels, dims.height, dims.width, self.input.m] {
            bytes.extend((n as u64).to_le_bytes());
        }
        bytes.extend(Generators::id());
        block(&mut bytes, self.edits.canonical().as_bytes());
        block(&mut bytes, &self.maker.to_bytes());
        bytes.push(self.hidden.into());
        bytes
    }
}

/// Digest of a statement with what it put out: what the next link holds and the maker signs.
///
/// `output` is the root of the hidden output's rows, or the published picture's digest; the context says which.
pub(crate) fn digest(context: &[u8], output: &Digest) -> Digest {
    let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-link-v2").to_state();
    state.update(&(context.len() as u64).to_le_bytes()).update(context).update(output);
    let mut digest = [0; 32];
    digest.copy_from_slice(state.finalize().as_bytes());
    digest
}

/// Blake2b-256 of a picture's shape and of the BLAKE2bp-512 of its pixels, `[c][y][x]`.
pub(crate) fn picture_digest(pixels: &Pixels<'_>) -> Digest {
    let mut state = Blake2b::new().hash_length(32).personal(b"zkimg-pixels-v1").to_state();
    state.update(&pixels.shape()).update(pixels.digest());
    let mut digest = [0; 32];
    digest.copy_from_slice(state.finalize().as_bytes());
    digest
}

#[cfg(all(test, feature = "prover"))]
mod tests {
    use super::*;
    use crate::Recipe;
    use zkimg_graph::tensor::Dims;

    /// Whoever signs a link of one form has signed none of the other.
    #[test]
    fn statements_of_both_forms_differ() {
        let dims = Dims::new(3, 8, 8).expect("dims");
        let edits = Recipe::from_words(&["flip=horizontal"]).and_then(|recipe| recipe.resolve(dims)).expect("an edit");
        let (input, maker) = (Layout::new(dims, 16), Maker::new(None, None, None).expect("nobody"));
        let of = |form| {
            let from = From::Link([1; 32]);
            Statement { number: 1, from, root: [2; 32], input: &input, edits: &edits, maker: &maker, hidden: true, form }.context()
        };
        assert_ne!(of(Form::Listed), of(Form::Compact));
    }
}
