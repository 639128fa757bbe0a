//! A chain with one proof for all its links: what a file has of it, its check, and a link on it.
//!
//! A link's edits are cut into steps by a rule that both sides follow ([`parts`]), each as many edits as the chain's class holds. A reader is told
//! of each step the digest of its hidden output's rows and the challenges on which the weights of its edits depend; what is proved is
//! that some chain of steps has this history. The book's page on recursion says how.

mod check;
mod link;
mod read;

pub use check::CompactFault;
pub(crate) use check::{Place, Step, checked, steps};
pub use link::NotCompact;
pub(crate) use link::{Linked, Making, Publishing, received};
pub(crate) use read::Reading;

use crate::recipe::Edits;
use crate::statement::Digest;
use std::ops::Range;
use zkimg_attest::SignedCapture;
use zkimg_graph::graph::Kind;
use zkimg_group::field::{Affine, F, hash_to_field, scalar_to_bytes};
use zkimg_group::generators::MAX_ROW_BITS;
use zkimg_proof::commitment::Layout;
use zkimg_proof::relation::{Output, Relation};
use zkimg_recursion::class::Class;

/// The most steps of a chain, of all links together.
pub(crate) const MAX_STEPS: usize = 1000;

/// What a reader is told of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The digest of the rows of its hidden output; where none comes out, of what stands in their slots.
    pub picture: [u8; 32],
    /// The challenges on which its weights depend.
    pub weighing: Vec<F>,
}

/// What a file has of its chain, besides statements and what is told of each link.
#[derive(Clone, Debug)]
pub(crate) struct Compact {
    /// The camera's picture in rows of a chain's length, if the camera's are shorter.
    pub longer: Vec<Affine>,
    /// Of each link, what is told of its steps.
    pub told: Vec<Vec<Told>>,
    /// What proves it.
    pub body: Body,
}

/// What proves a chain.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// One proof: the chain has ended.
    Proof(Vec<u8>),
    /// What is handed on. It is no more secret than a proof: all of it is masked, or computed from what is public.
    Handed(Vec<u8>),
}

/// The class of chains that begin with a camera's picture; `None` if it is too large.
pub(crate) fn class(capture: &SignedCapture) -> Option<Class> {
    Class::of(*capture.statement.dims())
}

/// How many rows the camera's picture has in a chain's length, if its own are shorter.
pub(crate) fn longer(capture: &SignedCapture) -> usize {
    let layout = capture.statement.layout();
    if layout.m == MAX_ROW_BITS { 0 } else { Layout::count(layout.dims, MAX_ROW_BITS) }
}

/// A link's edits, cut into what steps of a class hold: one step if all fit, and otherwise each has as many as it can (found by
/// halves), as long as there is one more, from where the last one ended. `None` if a single one does not fit, or the picture after it, or if there would be more than `most` steps.
pub(crate) fn parts(class: Class, edits: &Edits, hidden: bool, most: usize) -> Option<Vec<Relation>> {
    let output = if hidden { Output::Hidden(Kind::Picture) } else { Output::Revealed };
    let count = edits.steps().len();
    let fits = |range: Range<usize>, last: bool| -> Option<Relation> {
        let output = if last { output } else { Output::Hidden(Kind::Picture) };
        let relation = edits.part(range, MAX_ROW_BITS, output, last).ok()?;
        class.holds(&relation).then_some(relation)
    };
    if let Some(whole) = fits(0..count, true) {
        return Some(vec![whole]);
    }
    let (mut all, mut start) = (Vec::new(), 0);
    while start < count {
        if all.len() >= most {
            return None;
        }
        // By halves: a link of many edits is compiled a few times, not once for each of them.
        let (mut longest, mut reached, mut beyond) = (None, start, count);
        while beyond - reached > 1 {
            let end = reached + (beyond - reached) / 2;
            match fits(start..end, false) {
                Some(relation) => (longest, reached) = (Some(relation), end),
                None => beyond = end,
            }
        }
        if reached + 1 >= count {
            if let Some(rest) = fits(start..count, true) {
                all.push(rest);
                return Some(all);
            }
            // A JPEG by itself may still follow.
            if let Some(rest) = edits.jpeg().and_then(|_| fits(start..count, false)) {
                all.push(rest);
                break;
            }
        }
        start = reached;
        all.push(longest?);
    }
    all.push(edits.jpeg().and_then(|_| fits(count..count, true))?);
    Some(all)
}

/// Whether a link of so many steps fits a chain that has some: a byte counts them, and a chain has no more than [`MAX_STEPS`].
pub(crate) fn steps_fit(before: usize, more: usize) -> bool {
    (1..=usize::from(u8::MAX)).contains(&more) && before + more <= MAX_STEPS
}

/// What stands for a link's statement in those of its steps.
pub(crate) fn base(context: &[u8]) -> Digest {
    scalar_to_bytes(&hash_to_field("zkimg-compact-link-v1", context))
}

/// What stands for a step's statement: the link's, which part of it this is, what is computed, and what is published at its end.
pub(crate) fn statement(base: &Digest, part: usize, relation: &Relation, published: Option<&Digest>) -> F {
    let mut bytes = base.to_vec();
    bytes.extend((part as u64).to_le_bytes());
    for block in [&relation.digest()[..], published.map_or(&[][..], |digest| digest)] {
        bytes.extend((block.len() as u64).to_le_bytes());
        bytes.extend(block);
    }
    hash_to_field("zkimg-compact-step-v1", &bytes)
}

/// What stands for where a chain begins: the signed capture and its rows.
pub(crate) fn origin(capture: &SignedCapture) -> F {
    hash_to_field("zkimg-compact-origin-v1", &capture.to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Picture, Policy, Recipe, SigningKey, attest, encode_png};
    use std::collections::HashSet;
    use zkimg_graph::tensor::Dims;

    /// A false step under another name, of another link, with other edits or for another picture would be a true one of what it says.
    #[test]
    fn what_stands_for_a_step_depends_on_all_that_it_is_for() {
        let dims = Dims::new(3, 8, 8).expect("dims");
        let relation = |word| {
            let edits = Recipe::from_words(&[word]).and_then(|recipe| recipe.resolve(dims)).expect("an edit");
            parts(Class::of(dims).expect("a class"), &edits, true, 1).expect("a step").remove(0)
        };
        let (one, other) = (relation("contrast=1.2"), relation("contrast=1.3"));
        let [zeros, ones] = [[0; 32], [1; 32]];
        let mut all = Vec::new();
        for context in [b"a statement", b"another one"] {
            let base = base(context);
            for part in [0, 1] {
                for relation in [&one, &other] {
                    all.extend([None, Some(&zeros), Some(&ones)].map(|published| statement(&base, part, relation, published)));
                }
            }
        }
        let different: HashSet<[u8; 32]> = all.iter().map(scalar_to_bytes).collect();
        assert_eq!((all.len(), different.len()), (24, 24));
    }

    #[test]
    fn what_stands_for_a_beginning_depends_on_what_was_signed() {
        let key = SigningKey::generate().expect("a key");
        let photo = |value| encode_png(&Picture::new(Dims::new(1, 4, 4).expect("dims"), vec![value; 16]).expect("a picture"));
        let origins = [0, 1].map(|value| {
            let (_, negative) = attest(&photo(value), &key, &Policy::default(), 0).expect("attested");
            origin(negative.capture().expect("a capture"))
        });
        assert_ne!(origins[0], origins[1]);
    }

    #[test]
    fn no_chain_has_more_steps_than_a_reader_reads() {
        assert!(steps_fit(0, 1) && steps_fit(0, 255) && steps_fit(MAX_STEPS - 3, 3));
        assert!(!steps_fit(0, 0) && !steps_fit(0, 256) && !steps_fit(MAX_STEPS - 3, 4));
    }
}
