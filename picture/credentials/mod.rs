//! The proof in a picture's Content Credentials (C2PA): an assertion of the active manifest, as `zkimg-c2pa embed` writes it.
//!
//! | in | box | label |
//! |---|---|---|
//! | the file | `c2pa` | `c2pa` |
//! | the store | `c2ma`: manifests, of which the last one is active | whatever |
//! | the active manifest | `c2as` | `c2pa.assertions` |
//! | the assertions | `cbor`, with one box `cbor` in it | `io.github.zkimg.edit-proof` |
//!
//! Nothing else of them is read, and no signature is checked: what the proof says is checked as that of any other carrier. What is no such path has
//! no proof of ours.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod boxes;
mod cbor;

use crate::error::PictureError;
use crate::format::MAX_EMBEDDED;
use boxes::Super;

const LABEL: &[u8] = b"io.github.zkimg.edit-proof";

/// The proof in the boxes of Content Credentials; `None` if there is none.
///
/// # Errors
/// If there is one that is not in its form, too long, or there twice.
pub(crate) fn proof(store: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    let Some(assertions) = assertions(store)? else { return Ok(None) };
    let mut ours = assertions.children().filter(|assertion| is_ours(assertion.label));
    let Some(assertion) = ours.next() else { return Ok(None) };
    if ours.next().is_some() {
        return Err(PictureError::Proof("there is a second one in its Content Credentials"));
    }
    let content = Some(assertion).filter(|assertion| &assertion.kind == b"cbor").and_then(|assertion| assertion.only(b"cbor"));
    let proof = content.and_then(cbor::proof).ok_or(PictureError::Proof("the one in its Content Credentials is malformed"))?;
    if (1..=MAX_EMBEDDED).contains(&proof.len()) { Ok(Some(proof)) } else { Err(PictureError::Proof("it is longer than any")) }
}

/// A file's one proof: in a place of its own, in its Content Credentials, or the same in both.
///
/// # Errors
/// If they differ: nobody could say which is meant.
pub(crate) fn one(own: Option<Vec<u8>>, claimed: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, PictureError> {
    match (own, claimed) {
        (Some(own), Some(claimed)) if own != claimed => {
            Err(PictureError::Proof("the one in its Content Credentials is another than the one in its own place"))
        }
        (own, claimed) => Ok(own.or(claimed)),
    }
}

/// The assertions of the active manifest.
///
/// # Errors
/// If there are two stores, or two lists of assertions: programs could differ in which they take.
fn assertions(store: &[u8]) -> Result<Option<Super<'_>>, PictureError> {
    let is_store = |store: &Super<'_>| &store.kind == b"c2pa" && store.label == b"c2pa";
    let Some(store) = only(Super::all(store).filter(is_store))? else { return Ok(None) };
    let Some(active) = store.children().last().filter(|manifest| &manifest.kind == b"c2ma") else { return Ok(None) };
    let is_list = |part: &Super<'_>| &part.kind == b"c2as" && part.label == b"c2pa.assertions";
    only(active.children().filter(is_list))
}

/// The one box there is, if there is one.
fn only<'a>(mut found: impl Iterator<Item = Super<'a>>) -> Result<Option<Super<'a>>, PictureError> {
    let first = found.next();
    if found.next().is_some() { Err(PictureError::Proof("its Content Credentials are there twice")) } else { Ok(first) }
}

/// Of several assertions with one label the others have a number behind it.
fn is_ours(label: &[u8]) -> bool {
    label.strip_prefix(LABEL).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"__"))
}
