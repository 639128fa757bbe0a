//! Chains of edits in one proof: any mix and order, and what an edit more costs.

mod support;

use proptest::prelude::*;
use support::naive::{Picture, naive};
use support::{Committed, check, dims, picture};
use zkimg_edits::{Edit, KINDS, parse_word};
use zkimg_graph::step::Step;
use zkimg_graph::tensor::Dims;
use zkimg_group::generators::MIN_ROW_BITS;
use zkimg_proof::relation::{Output, Relation};

fn shape(p: &Picture) -> Dims {
    dims(p.channels, p.height, p.width)
}

/// The steps of a chain, and its output by the definitions.
fn chain(p: &Picture, next: impl IntoIterator<Item = impl FnOnce(Dims) -> Box<dyn Edit>>) -> (Vec<Step>, Picture) {
    let (mut steps, mut p) = (Vec::new(), p.clone());
    for edit in next {
        let edit = edit(shape(&p));
        steps.extend(edit.steps(shape(&p)).expect("an edit that fits"));
        p = naive(&edit.canonical(), &p);
    }
    (steps, p)
}

fn compiled(p: &Picture, steps: &[Step]) -> Relation {
    Relation::compile(shape(p), MIN_ROW_BITS, steps, Output::Revealed).expect("a relation")
}

fn proved(p: &Picture, steps: &[Step], expected: &Picture) -> usize {
    let (committed, statement) = (Committed::new(p), compiled(p, steps));
    let proved = committed.prove(&statement);
    assert_eq!(proved.pixels(), expected.cells);
    assert!(check(&statement, &committed.rows, proved.pixels(), &proved.proof).is_ok());
    proved.proof.len()
}

fn words<'a>(words: &'a [&str]) -> impl Iterator<Item = impl FnOnce(Dims) -> Box<dyn Edit> + 'a> {
    words.iter().map(|word| move |d| parse_word(word).and_then(|w| w.resolve(d)).unwrap_or_else(|e| panic!("{word}: {e}")))
}

#[test]
fn thirty_two_edits_in_one_proof() {
    let all = [
        "crop=90%x90%+0+0",
        "white-balance=1.08,1,0.93",
        "contrast=1.15",
        "gamma=0.9",
        "sharpen=0.5",
        "rotate=90",
        "resize=12x15",
        "blur=0.7",
        "brightness=12",
        "flip=horizontal",
        "rgb-to-ycbcr",
        "ycbcr-to-rgb",
        "redact=3x3+2+2",
        "pixelate=6x5+1+1,2",
        "convolve=0,-1,0/-1,5,-1/0,-1,0:1",
        "resize=17x11,lanczos3",
        "contrast=0.8",
        "flip=vertical",
        "sharpen=1",
        "crop=10x9+3+1",
        "resize=20x20,nearest",
        "rotate=180",
        "blur=0.5",
        "white-balance=0.9,1.1,1",
        "convolve=1,1,1/1,1,1/1,1,1:9",
        "brightness=-7",
        "gamma=1.2",
        "sharpen=0.3",
        "resize=9x14",
        "grayscale",
        "contrast=1.4",
        "flip=horizontal",
    ];
    assert_eq!(all.len(), 32);
    let p = picture(dims(3, 16, 14), 9);
    let (steps, expected) = chain(&p, words(&all));
    proved(&p, &steps, &expected);
}

#[test]
fn neighbouring_tone_edits_cost_what_one_costs() {
    let p = picture(dims(3, 6, 7), 2);
    let size = |all: &[&str]| {
        let (steps, expected) = chain(&p, words(all));
        proved(&p, &steps, &expected)
    };
    let one = size(&["contrast=1.2"]);
    assert_eq!(size(&["contrast=1.2", "gamma=0.8", "brightness=9", "contrast=0.7", "flip=vertical"]), one);
}

#[test]
fn an_edit_more_adds_its_rows_and_messages_alone() {
    let p = picture(dims(1, 40, 50), 4);
    let of = |all: &[&str]| {
        let (steps, expected) = chain(&p, words(all));
        let statement = compiled(&p, &steps);
        let rows: usize = statement.tensors.iter().skip(1).map(|tensor| tensor.rows.len()).sum();
        // A circuit of twice the rows has two points more.
        let rounds = 2 * statement.class().expect("a size").bits() as usize;
        (proved(&p, &steps, &expected), rows + statement.shape().messages + rounds)
    };
    let (short, long) = (of(&["sharpen=1"]), of(&["sharpen=1", "blur=1", "sharpen=2"]));
    assert!(long.1 > short.1);
    assert_eq!(long.0 - short.0, 32 * (long.1 - short.1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn any_chain_is_proved_and_is_what_the_definitions_say(
        channels in prop_oneof![Just(1usize), Just(3)], height in 1usize..9, width in 1usize..9,
        picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
        seed in any::<u64>(),
    ) {
        let p = picture(dims(channels, height, width), seed);
        let edits = picks.into_iter().map(|(kind, sample)| move |d: Dims| {
            let usable: Vec<_> = KINDS.iter().filter(|kind| !(kind.samples)(d).is_empty()).collect();
            let mut samples = (kind.get(&usable).samples)(d);
            samples.swap_remove(sample.index(samples.len()))
        });
        let (steps, expected) = chain(&p, edits);
        prop_assume!(expected.cells.len() < 4000);
        proved(&p, &steps, &expected);
    }
}
