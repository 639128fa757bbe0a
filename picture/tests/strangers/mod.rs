//! Bytes as strangers send them.
#![allow(dead_code)]

use proptest::prelude::*;

/// A file with some bytes changed, and perhaps cut.
pub(crate) fn spoiled(file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = file.len();
    let changes = prop::collection::vec((0..length, any::<u8>()), 1..8);
    (changes, prop::option::weighted(0.2, 0..length)).prop_map(move |(changes, cut)| {
        let mut file = file.clone();
        changes.into_iter().for_each(|(at, byte)| file[at] = byte);
        file.truncate(cut.unwrap_or(length));
        file
    })
}

/// Random bytes behind a file's first ones.
pub(crate) fn behind(head: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..2000).prop_map(move |tail| [head, &tail].concat())
}
