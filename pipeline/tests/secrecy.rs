//! What is handed on says nothing of what came before it.

#[path = "../../picture/tests/printed/mod.rs"]
mod printed;
mod support;

use printed::hides;
use std::collections::HashSet;
use support::*;
use zkimg_group::field::{point_to_bytes, scalar_to_bytes};
use zkimg_pipeline::*;

const COVER: [&str; 1] = ["redact=4x3+2+1"];

fn hand_on(negative: &Negative) -> HandedOn {
    Work::new(negative, &recipe(&COVER)).hand_on().expect("handed on")
}

/// Whether a cell, by its number, lies under the cover.
fn covered(cell: usize) -> bool {
    (2..6).contains(&(cell % 13)) && (1..4).contains(&(cell / 13 % 9))
}

/// The secrets of a photo's negative: blinders, salts, and the pixels as one run.
fn secrets(negative: &Negative) -> Vec<Vec<u8>> {
    let labels = negative.capture().expect("a photo's").statement.hidden_labels();
    let salts = labels.filter_map(|label| negative.opening(label)).map(|opening| opening.salt().to_vec());
    let blinders = negative.blinders().iter().map(|b| scalar_to_bytes(b).to_vec());
    salts.chain(blinders).chain([negative.pixels().to_vec()]).collect()
}

fn holds(file: &[u8], secret: &[u8]) -> bool {
    file.windows(secret.len()).any(|window| window == secret)
}

#[test]
fn two_originals_that_differ_under_the_cover_are_handed_on_alike() {
    let camera = SigningKey::generate().expect("a key");
    let plain = |i: usize| (i * i * 5 + 3) as u8;
    let one = attested(&camera, &picture_with(plain));
    let two = attested(&camera, &picture_with(|i| if covered(i) { 255 - plain(i) } else { plain(i) }));
    assert_ne!(one.pixels(), two.pixels());
    let (first, second) = (hand_on(&one), hand_on(&two));
    let (a, b) = (first.negative.to_bytes(), second.negative.to_bytes());
    assert_eq!(a.len(), b.len());
    assert_eq!(first.proof.to_bytes().len(), second.proof.to_bytes().len());

    // Head and origin; the statement's digest; shape, profile and number of rows; blinders and rows; pixels; checksum.
    let rows = first.negative.rows().len();
    let drawn = 58 + 96 * rows;
    let pixels = drawn..a.len() - 32;
    for same in [0..11, 43..58, pixels.clone()] {
        assert_eq!(a[same.clone()], b[same]);
    }
    assert_eq!(a[pixels], *first.negative.pixels(), "the edited pixels and nothing else stand there");
    for fresh in [11..43, 58..drawn].into_iter().flat_map(|range| range.step_by(32)) {
        assert_ne!(a[fresh..fresh + 32], b[fresh..fresh + 32], "fresh at {fresh}");
    }
}

#[test]
fn nothing_of_the_photo_is_in_what_is_handed_on() {
    let camera = SigningKey::generate().expect("a key");
    let negative = attested(&camera, &photo(4));
    let handed_on = hand_on(&negative);
    let (secret, public) = (handed_on.negative.to_bytes(), handed_on.proof.to_bytes());
    let all = secrets(&negative);
    assert!(all.len() > 16 && all.iter().all(|s| holds(&negative.to_bytes(), s)), "the search finds what is there");
    for part in &all {
        assert!(!holds(&secret, part) && !holds(&public, part), "{} bytes of a secret", part.len());
    }
    let capture = negative.capture().expect("a photo's").to_bytes();
    assert!(!holds(&secret, &capture) && holds(&public, &capture));
    for row in negative.rows() {
        assert!(!holds(&secret, &point_to_bytes(row)));
    }
    // And the next person's secrets are not in the public file.
    for blinder in handed_on.negative.blinders() {
        assert!(holds(&secret, &scalar_to_bytes(blinder)) && !holds(&public, &scalar_to_bytes(blinder)));
    }
}

#[test]
fn two_captures_of_one_photo_share_nothing_when_handed_on() {
    let camera = SigningKey::generate().expect("a key");
    let elements = || -> HashSet<[u8; 32]> {
        let handed_on = hand_on(&attested(&camera, &photo(5)));
        let parts = Parts::of(&handed_on.proof);
        let proof = &parts.links[0][parts.links[0].len() - handed_on.proof.links()[0].proof_bytes()..];
        let rows = handed_on.negative.rows().iter().map(point_to_bytes);
        // Zero is public: the evaluation of a coefficient column that is zero.
        let all = proof.as_chunks::<32>().0.iter().copied().chain(rows).filter(|element| *element != [0; 32]);
        all.chain([handed_on.negative.root()]).collect()
    };
    assert_eq!(elements().intersection(&elements()).count(), 0);
}

#[test]
fn of_work_and_of_what_is_handed_on_nothing_secret_is_printed() {
    let camera = SigningKey::generate().expect("a key");
    let negative = attested(&camera, &photo(6));
    let edits = recipe(&COVER);
    let work = || Work::new(&negative, &edits).named("Anna").signed(&camera);
    let handed_on = work().hand_on().expect("handed on");
    let mut all = secrets(&negative);
    all.extend(handed_on.negative.blinders().iter().map(|blinder| scalar_to_bytes(blinder).to_vec()));
    all.push(handed_on.negative.pixels().to_vec());
    let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    hides(&work(), &all);
    hides(&handed_on, &all);
    assert_eq!(format!("{:?}", work()), "Work { name: Some(\"Anna\"), note: None, .. }");
}
