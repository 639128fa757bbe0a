//! Cards, models and answers of strangers: whatever the bytes, a sentence and little time.

#[path = "support/models.rs"]
mod models;

use models::*;
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use zkimg_graph::tensor::Dims;
use zkimg_network::layers::{Dense, Layer, Mean, Range};
use zkimg_network::model::{Architecture, Placed};
use zkimg_network::quantise::Precision;
use zkimg_pipeline::answer::{AnswerFile, BadCard, BadFile, BadModelFile, Card, Fault, Model, Show};

static SMALL: LazyLock<Model> = LazyLock::new(|| Model::commit(small(250, 3), &()).expect("a model"));
static ANSWER: LazyLock<Vec<u8>> = LazyLock::new(|| ask(&photo(9, 7, 2), &tiny_edits(), &SMALL, Show::Scores).to_bytes());
static CARD: LazyLock<Vec<u8>> = LazyLock::new(|| SMALL.card().to_bytes());
static MODEL: LazyLock<Vec<u8>> = LazyLock::new(|| SMALL.to_bytes().to_vec());

#[test]
fn files_have_one_form_and_an_end() {
    assert_eq!(Card::from_bytes(&CARD).expect("a card").to_bytes(), *CARD);
    assert_eq!(AnswerFile::from_bytes(&ANSWER).expect("an answer").to_bytes(), *ANSWER);
    assert_eq!(*Model::from_bytes(&MODEL).expect("a model").to_bytes(), *MODEL);
    let longer = |bytes: &[u8]| [bytes, &[0]].concat();
    assert!(matches!(Card::from_bytes(&longer(&CARD)), Err(BadCard::TooLong)));
    assert!(matches!(AnswerFile::from_bytes(&longer(&ANSWER)), Err(BadFile { fault: Fault::TooLong, .. })));
    assert!(matches!(Model::from_bytes(&longer(&MODEL)), Err(BadModelFile::Damaged)));
    for n in (0..CARD.len()).step_by(7) {
        assert!(Card::from_bytes(&CARD[..n]).is_err(), "card cut to {n}");
    }
    for n in (0..ANSWER.len()).step_by(61) {
        assert!(AnswerFile::from_bytes(&ANSWER[..n]).is_err(), "answer cut to {n}");
    }
    for n in (0..MODEL.len()).step_by(61) {
        assert!(Model::from_bytes(&MODEL[..n]).is_err(), "model cut to {n}");
    }
}

#[test]
fn other_kinds_and_versions_are_named() {
    let newer = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[8] += 1;
        bytes
    };
    assert!(matches!(Card::from_bytes(&newer(&CARD)), Err(BadCard::Version(3))));
    assert!(matches!(AnswerFile::from_bytes(&newer(&ANSWER)), Err(BadFile { fault: Fault::Version(4), .. })));
    assert!(matches!(Model::from_bytes(&newer(&MODEL)), Err(BadModelFile::Version(2))));
    assert!(matches!(Card::from_bytes(&MODEL), Err(BadCard::NotACard)));
    assert!(matches!(AnswerFile::from_bytes(&CARD), Err(BadFile { fault: Fault::Kind, .. })));
    assert!(matches!(Model::from_bytes(&ANSWER), Err(BadModelFile::NotAModel)));
    assert!(matches!(Card::from_bytes(&[]), Err(BadCard::NotACard)));
}

/// A card that says it has much, and ends there.
fn announced(layers: Vec<Layer>, input: Dims) -> Vec<u8> {
    let layers = layers.into_iter().enumerate().map(|(i, layer)| Placed { layer, reads: vec![i] }).collect();
    let architecture = Architecture::new(input, layers, Precision::Bits24, 20).expect("an architecture").to_bytes();
    [&b"zkimgcrd\x02\0"[..], &(architecture.len() as u32).to_le_bytes(), &architecture, &[0]].concat()
}

#[test]
fn a_short_card_of_a_large_network_costs_nothing() {
    let range = Range::all(0);
    let dense = Dense { inputs: 1 << 13, outputs: 1 << 12, weight_bits: 8, range };
    let large = announced(vec![Layer::Dense(dense)], Dims { channels: 1 << 13, height: 1, width: 1 });
    let start = Instant::now();
    for _ in 0..1000 {
        assert!(matches!(Card::from_bytes(&large), Err(BadCard::CutShort)));
    }
    assert!(start.elapsed() < Duration::from_secs(1));
    // Nothing hidden, so nothing that a card would be of.
    let mean = |weight_bits| Layer::Mean(Mean { dims: Dims { channels: 1, height: 2, width: 2 }, weight_bits, range });
    assert!(Card::from_bytes(&announced(vec![mean(8)], Dims { channels: 1, height: 2, width: 2 })).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn changed_files_are_read_or_refused(changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..6), near in any::<bool>()) {
        let change = |bytes: &[u8]| overwritten(bytes, &changes, near);
        if let Ok(card) = Card::from_bytes(&change(&CARD)) {
            prop_assert_eq!(card.to_bytes(), change(&CARD));
        }
        if let Ok(answer) = AnswerFile::from_bytes(&change(&ANSWER)) {
            prop_assert_eq!(answer.to_bytes(), change(&ANSWER));
        }
        let mut model = change(&MODEL);
        model.truncate(model.len() - 32);
        let model = sealed(model);
        if let Ok(read) = Model::from_bytes(&model) {
            prop_assert_eq!(&*read.to_bytes(), &model);
        }
    }
}

#[test]
fn changed_answers_and_cards_are_refused_by_a_check() {
    let answer = AnswerFile::from_bytes(&ANSWER).expect("an answer");
    for at in (10..ANSWER.len()).step_by(211) {
        let mut bytes = ANSWER.clone();
        bytes[at] ^= 4;
        if let Ok(other) = AnswerFile::from_bytes(&bytes) {
            refusal(&check(&other, SMALL.card()));
        }
    }
    for at in (10..CARD.len()).step_by(97) {
        let mut bytes = CARD.clone();
        bytes[at] ^= 4;
        if let Ok(card) = Card::from_bytes(&bytes) {
            assert_eq!(refusal(&check(&answer, &card)), "model");
        }
    }
}
