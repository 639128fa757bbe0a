//! What the argument says over its channel: every hidden value in an equation, every challenge charged, every order the documented one.

use crate::support::graphs::{End, depthwise, matrices};
use crate::support::{Case, contrast, crop, dims, luma, sharpen};
use std::convert::Infallible;
use zkimg_graph::graph::Kind;
use zkimg_graph::graph::Output;
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{F, hash_to_field};
use zkimg_proof::argument::run;
use zkimg_proof::channel::{Channel, ErrorTerm, Hidden, Public, Quadratic, SLOTS, Turn};
use zkimg_proof::circuit::Class;
use zkimg_proof::relation::Relation;
use zkimg_proof::soundness::Account;

/// What happened, in order.
#[derive(Clone, Debug, PartialEq)]
enum Event {
    Rows,
    /// Kind of turn, and how many values are used.
    Hidden(&'static str, usize),
    Challenge(ErrorTerm),
    Tail,
}

struct Recorder<'a> {
    relation: &'a Relation,
    output: Cells,
    events: Vec<Event>,
    messages: usize,
    equations: Vec<Quadratic>,
}

impl Channel for Recorder<'_> {
    type Error = Infallible;
    type Scalar = F;

    fn rows(&mut self) -> Result<(), Infallible> {
        self.events.push(Event::Rows);
        Ok(())
    }

    fn hidden<const N: usize>(&mut self, turn: Turn<'_>) -> Result<[Hidden; N], Infallible> {
        let kind = match turn {
            Turn::Root => "root",
            Turn::RootInverse => "inverse",
            Turn::LayerRound { .. } => "layer round",
            Turn::LayerEnd { .. } => "layer end",
            Turn::ProductSum { .. } => "product sum",
            Turn::ProductRound { .. } => "product round",
            Turn::Operands { .. } => "operands",
            Turn::LinearRound { .. } => "linear round",
            Turn::Evaluation { .. } => "evaluation",
        };
        self.events.push(Event::Hidden(kind, N));
        self.messages += 1;
        Ok(Hidden::of(self.messages - 1))
    }

    fn challenge(&mut self, term: ErrorTerm) -> F {
        self.events.push(Event::Challenge(term));
        hash_to_field("channel", &self.events.len().to_le_bytes())
    }

    fn public(&mut self, numbers: Public<'_>) -> Vec<F> {
        numbers.evaluate(self.relation, &self.relation.sizes(), self.output.view())
    }

    fn require(&mut self, equation: impl FnOnce(&mut Self) -> Quadratic) {
        let equation = equation(self);
        self.equations.push(equation);
    }

    fn required(&self) -> usize {
        self.equations.len()
    }

    fn tail(&mut self, _: usize) -> Result<(), Infallible> {
        self.events.push(Event::Tail);
        Ok(())
    }
}

fn record(relation: &Relation) -> Recorder<'_> {
    let shown = if relation.hidden_output.is_some() { 0 } else { relation.output.cells() };
    let output = Cells::narrowest(&vec![0; shown], relation.output_bounds);
    let mut recorder = Recorder { relation, output, events: Vec::new(), messages: 0, equations: Vec::new() };
    let Ok(_) = run(&relation.sizes(), &mut recorder);
    recorder
}

/// Statements with and without lookups and products, for circuits of several sizes.
fn relations() -> Vec<Relation> {
    let case = |steps: fn(zkimg_graph::tensor::Dims) -> Vec<zkimg_graph::step::Step>| Case::new(dims(3, 4, 5), steps);
    let chain = |d| {
        let grey = luma(d);
        let sharp = sharpen(grey.output());
        vec![grey, sharp]
    };
    vec![
        case(|d| vec![crop(d, 1, 1, 3, 2)]).relation(Output::Revealed),
        case(|d| vec![contrast(d, 1.5)]).relation(Output::Revealed),
        case(chain).relation(Output::Hidden(Kind::Picture)),
        matrices(3, 5, 4, End::Plain, false).relation(Output::Revealed),
        matrices(3, 5, 4, End::Clamped(1 << 24), true).relation(Output::Hidden(Kind::Picture)),
        depthwise(3, 3, 7, 2, End::Clamped(256)).relation(Output::Revealed),
    ]
}

#[test]
fn every_hidden_value_is_in_an_equation() {
    for relation in relations() {
        let recorder = record(&relation);
        let mut used = vec![[false; SLOTS]; recorder.messages];
        for equation in &recorder.equations {
            let linear = equation.linear.0.iter().filter(|(_, c)| *c != F::zero()).map(|(value, _)| *value);
            let products = equation.products.iter().filter(|(.., c)| *c != F::zero()).flat_map(|(a, b, _)| [*a, *b]);
            linear.chain(products).for_each(|value| used[value.message][value.slot] = true);
        }
        let messages = recorder.events.iter().filter_map(|event| match event {
            Event::Hidden(kind, count) => Some((*kind, *count)),
            _ => None,
        });
        for ((kind, count), used) in messages.zip(used) {
            // Two values that are multiplied stand last.
            let expected: Vec<usize> = if matches!(kind, "inverse" | "operands") { vec![2, 3] } else { (0..count).collect() };
            let found: Vec<usize> = (0..SLOTS).filter(|slot| used[*slot]).collect();
            assert_eq!(found, expected, "{kind}");
        }
    }
}

#[test]
fn a_round_is_charged_its_degree_in_the_line_that_draws_it() {
    for relation in relations() {
        let events = record(&relation).events;
        for pair in events.windows(2) {
            let degree = match &pair[0] {
                // One more for eq.
                Event::Hidden("layer round", coefficients) => coefficients + 1,
                Event::Hidden("linear round" | "product round", coefficients) => *coefficients,
                _ => continue,
            };
            let Event::Challenge(term) = &pair[1] else { panic!("a round without a challenge") };
            assert_eq!(term.numerator, degree as u128, "{}", term.name);
        }
    }
}

#[test]
fn the_account_has_every_draw() {
    for relation in relations() {
        let account = Account::of(&relation);
        let mut drawn: Vec<(&str, u128)> = Vec::new();
        for event in record(&relation).events {
            let Event::Challenge(term) = event else { continue };
            match drawn.iter_mut().find(|(name, _)| *name == term.name) {
                Some((_, sum)) => *sum += term.numerator,
                None => drawn.push((term.name, term.numerator)),
            }
        }
        for (name, numerator) in drawn {
            let term = account.terms.iter().find(|term| term.name == name);
            assert_eq!(term.map(|term| term.numerator), Some(numerator), "{name}");
        }
    }
}

#[test]
fn operands_are_committed_before_they_are_joined_and_after_their_sum() {
    let events = record(&matrices(3, 5, 4, End::Clamped(256), false).relation(Output::Revealed)).events;
    let at = |wanted: &dyn Fn(&Event) -> bool| events.iter().position(wanted).expect("it happens");
    let hidden = |kind: &'static str| at(&|event| matches!(event, Event::Hidden(k, _) if *k == kind));
    let drawn = |name: &str| at(&|event| matches!(event, Event::Challenge(term) if term.name.contains(name)));
    let order = [
        at(&|event| *event == Event::Rows),
        drawn("α misses"),
        hidden("root"),
        hidden("layer end"),
        drawn("γ batches"),
        hidden("product sum"),
        hidden("product round"),
        drawn("product sum-check"),
        hidden("operands"),
        drawn("both operands"),
        hidden("linear round"),
        hidden("evaluation"),
        at(&|event| *event == Event::Tail),
        drawn("δ batches"),
        drawn("τ batches"),
    ];
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn the_circuit_has_the_size_that_the_statement_needs() {
    let sizes: Vec<u32> = relations().iter().map(|relation| relation.class().expect("a size").bits()).collect();
    for (relation, bits) in relations().iter().zip(&sizes) {
        let messages = record(relation).messages;
        assert_eq!(Class::of(messages).map(Class::bits), Some(*bits));
        assert_eq!(relation.shape().messages, messages);
    }
    assert_eq!(sizes[0], Class::SMALLEST.bits(), "a crop takes the smallest");
    assert!(sizes.iter().max() > sizes.iter().min());
}
