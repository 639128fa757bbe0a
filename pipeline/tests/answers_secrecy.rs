//! Cards and answers hold nothing of weights, blinders and pixels.

#[path = "support/models.rs"]
mod models;
#[path = "../../picture/tests/printed/mod.rs"]
mod printed;

use models::*;
use printed::hides;
use std::collections::HashSet;
use std::sync::LazyLock;
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{point_to_bytes, scalar_to_bytes};
use zkimg_network::model::{Model as Network, Weights};
use zkimg_pipeline::answer::{AnswerFile, Inference, Model, Show, Shown};

static SMALL: LazyLock<Model> = LazyLock::new(|| Model::commit(small(250, 3), &()).expect("a model"));

fn holds(file: &[u8], secret: &[u8]) -> bool {
    file.windows(secret.len()).any(|window| window == secret)
}

fn numbers(model: &Model) -> Vec<i64> {
    model.network().secrets().iter().flat_map(|cells| cells.view().widened()).collect()
}

/// Blinders, and neighbouring weights as the model's file has them.
fn secrets(model: &Model) -> Vec<Vec<u8>> {
    let blinders = model.blinders().iter().flatten().map(|blinder| scalar_to_bytes(blinder).to_vec());
    let numbers = numbers(model);
    let pairs = numbers.windows(2).map(|pair| pair.iter().flat_map(|value| value.to_le_bytes()).collect());
    blinders.chain(pairs).collect()
}

/// The points and scalars of an argument; zero is public.
fn elements(proof: &[u8]) -> HashSet<[u8; 32]> {
    proof.as_chunks::<32>().0.iter().copied().filter(|element| *element != [0; 32]).collect()
}

fn argument(answer: &AnswerFile) -> Vec<u8> {
    let bytes = answer.to_bytes();
    bytes[bytes.len() - answer.proof_bytes()..].to_vec()
}

#[test]
fn nothing_secret_is_in_what_is_public() {
    let negative = photo(9, 7, 2);
    let all = secrets(&SMALL);
    assert!(all.iter().all(|secret| holds(&SMALL.to_bytes(), secret)), "the search finds what is there");
    let card = SMALL.card().to_bytes();
    for show in [Show::Class, Show::Scores] {
        let answer = ask(&negative, &tiny_edits(), &SMALL, show).to_bytes();
        for secret in &all {
            assert!(!holds(&card, secret) && !holds(&answer, secret), "{} bytes of a secret", secret.len());
        }
        let pixels = negative.pixels().windows(6).map(<[u8]>::to_vec);
        let blinders = negative.blinders().iter().map(|blinder| scalar_to_bytes(blinder).to_vec());
        for secret in pixels.chain(blinders) {
            assert!(!holds(&answer, &secret) && !holds(&card, &secret), "{} bytes of the photo", secret.len());
        }
    }
}

#[test]
fn a_class_says_nothing_of_the_scores() {
    let answer = ask(&photo(9, 7, 2), &tiny_edits(), &SMALL, Show::Class);
    let [.., shown, proof] = parts(&answer);
    assert_eq!(proof - shown, 5, "a kind and a class");
    assert!(matches!(answer.answers()[0].shown(), Shown::Class(_)));
}

#[test]
fn two_imports_of_one_model_share_nothing() {
    let of = |model: &Model| -> HashSet<[u8; 32]> {
        let rows = model.card().rows().iter().flatten().map(point_to_bytes);
        rows.chain(elements(model.card().proof())).chain([*model.card().digest()]).collect()
    };
    let other = Model::commit(small(250, 3), &()).expect("a model");
    assert_eq!(numbers(&SMALL), numbers(&other));
    assert_eq!(of(&SMALL).intersection(&of(&other)).count(), 0);
}

#[test]
fn two_answers_share_the_capture_and_the_card_alone() {
    let negative = photo(9, 7, 2);
    let [one, two] = [(); 2].map(|()| ask(&negative, &tiny_edits(), &SMALL, Show::Scores));
    assert_eq!(one.answers()[0].shown(), two.answers()[0].shown());
    let rows: HashSet<[u8; 32]> = negative.rows().iter().chain(SMALL.card().rows().iter().flatten()).map(point_to_bytes).collect();
    let (a, b) = (elements(&argument(&one)), elements(&argument(&two)));
    assert_eq!(a.intersection(&b).count(), 0);
    assert_eq!(a.union(&b).filter(|element| rows.contains(*element)).count(), 0, "the model's rows stand in its card alone");
}

#[test]
fn lengths_say_nothing_of_photo_and_weights() {
    let lengths = |seed: usize, weights: i64| {
        let network = small(250, weights);
        // Another model of the same architecture.
        let zero: Vec<Vec<i64>> = network.secrets().iter().skip(1).map(|cells: &Cells| vec![0; cells.len()]).collect();
        let plain = Network::new(network.architecture().clone(), Weights::new(vec![0; 8], zero)).expect("a network");
        let model = Model::commit(if weights == 0 { plain } else { network }, &()).expect("a model");
        let answer = ask(&photo(9, 7, seed), &tiny_edits(), &model, Show::Class);
        (model.card().to_bytes().len(), answer.to_bytes().len())
    };
    let all = [lengths(1, 3), lengths(5, 7), lengths(2, 0)];
    assert!(all.iter().all(|other| *other == all[0]), "{all:?}");
}

#[test]
fn nothing_secret_is_printed() {
    let (negative, edits) = (photo(9, 7, 2), recipe(&tiny_edits()));
    let (bytes, mut all) = (SMALL.to_bytes(), secrets(&SMALL));
    all.push(negative.pixels().to_vec());
    let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    hides(&*SMALL, &all);
    hides(&Inference::new([&negative], &edits, &SMALL, Show::Class), &all);
    assert_eq!(format!("{:?}", Model::from_bytes(&bytes).expect("a model")), "Model { .. }");
}
