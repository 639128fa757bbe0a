//! Enrolled faces and matches hold nothing of embeddings, blinders and pixels.

#[path = "support/faces.rs"]
mod faces;
#[path = "support/models.rs"]
mod models;
#[path = "../../picture/tests/printed/mod.rs"]
mod printed;

use faces::*;
use models::recipe;
use printed::hides;
use std::collections::HashSet;
use std::sync::LazyLock;
use zkimg_group::field::scalar_to_bytes;
use zkimg_pipeline::answer::Model;
use zkimg_pipeline::face::{Comparison, Enrolment, Template};

static MODEL: LazyLock<Model> = LazyLock::new(|| model(0, 3));
static TEMPLATE: LazyLock<Template> = LazyLock::new(|| enrol(&anna(0), &MODEL));

fn holds(file: &[u8], secret: &[u8]) -> bool {
    file.windows(secret.len()).any(|window| window == secret)
}

/// The embedding, and the blinders of its rows.
fn secrets(template: &Template) -> Vec<Vec<u8>> {
    let blinders = template.blinders().iter().map(|blinder| scalar_to_bytes(blinder).to_vec());
    blinders.chain([template.cells().to_vec()]).chain(template.cells().windows(6).map(<[u8]>::to_vec)).collect()
}

#[test]
fn nothing_secret_is_in_what_is_public() {
    let (photo, all) = (anna(1), secrets(&TEMPLATE));
    assert!(all.iter().all(|secret| holds(&TEMPLATE.to_bytes(), secret)), "the search finds what is there");
    let matched = compare(&photo, &MODEL, &TEMPLATE, 97).expect("a match").to_bytes();
    let enrolled = TEMPLATE.enrolled().to_bytes();
    for secret in &all {
        assert!(!holds(&enrolled, secret) && !holds(&matched, secret), "{} bytes of the template", secret.len());
    }
    for negative in [&anna(0), &photo] {
        let pixels = negative.pixels().windows(6).map(<[u8]>::to_vec);
        for secret in pixels.chain(negative.blinders().iter().map(|blinder| scalar_to_bytes(blinder).to_vec())) {
            assert!(!holds(&enrolled, &secret) && !holds(&matched, &secret), "{} bytes of a photo", secret.len());
        }
    }
}

#[test]
fn lengths_say_nothing_of_faces() {
    let lengths = |day: u8, other: u8| {
        let template = enrol(&anna(day), &MODEL);
        (template.enrolled().to_bytes().len(), compare(&anna(other), &MODEL, &template, 50).expect("a match").to_bytes().len())
    };
    assert_eq!(lengths(0, 1), lengths(5, 9));
}

#[test]
fn two_enrolments_of_one_photo_share_its_capture_alone() {
    let photo = anna(0);
    let [one, two] = [(); 2].map(|()| enrol(&photo, &MODEL));
    assert_eq!(one.cells(), two.cells());
    assert_ne!(one.enrolled().template(), two.enrolled().template());
    let elements = |template: &Template| -> HashSet<[u8; 32]> {
        let (bytes, parts) = (template.enrolled().to_bytes(), enrolled_parts(template.enrolled()));
        bytes[parts[4] + 4..parts[5]].as_chunks::<32>().0.iter().copied().filter(|element| *element != [0; 32]).collect()
    };
    assert_eq!(elements(&one).intersection(&elements(&two)).count(), 0);
}

#[test]
fn nothing_secret_is_printed() {
    let (photo, edits) = (anna(1), recipe(&EDITS));
    let mut all = secrets(&TEMPLATE);
    all.push(photo.pixels().to_vec());
    let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    hides(&*TEMPLATE, &all);
    hides(&Enrolment::new(&photo, &edits, &MODEL), &all);
    hides(&Comparison::new(&photo, &edits, &MODEL, &TEMPLATE, threshold(97)), &all);
    assert_eq!(format!("{:?}", *TEMPLATE), "Template { .. }");
}
