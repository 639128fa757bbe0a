//! Chains of several people: what holds is told link by link, what was touched is refused by the check meant for it.

mod support;

use std::sync::LazyLock;
use support::*;
use zkimg_graph::graph::Kind;
use zkimg_graph::tensor::{Cells, CellsRef};
use zkimg_group::generators::Generators;
use zkimg_pipeline::*;
use zkimg_proof::commitment::Layout;
use zkimg_proof::commitment::commit_rows;
use zkimg_proof::prove::{Input, Proved, prove as prove_relation};
use zkimg_proof::relation::{Output, Relation, Space};

/// Three people: one covers, one lightens and hands on, one publishes. All pictures have one size, so that links can change places.
struct World {
    camera: SigningKey,
    negative: Negative,
    first: HandedOn,
    second: HandedOn,
    published: Published,
}

const COVER: [&str; 1] = ["redact=4x3+2+1"];
const LIGHTEN: [&str; 1] = ["brightness=20"];
const PUBLISH: [&str; 2] = ["flip=horizontal", "contrast=1.5"];

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let camera = SigningKey::generate().expect("a key");
    let negative = attested(&camera, &photo(1));
    let first = Work::new(&negative, &recipe(&COVER)).named("Anna").noted("faces covered").hand_on().expect("handed on");
    let second = Work::new(&first.negative, &recipe(&LIGHTEN)).after(&first.proof).hand_on().expect("handed on");
    let published = Work::new(&second.negative, &recipe(&PUBLISH)).after(&second.proof).named("Paper").publish().expect("published");
    World { camera, negative, first, second, published }
});

fn judge(parts: &Parts) -> Report {
    verify(&WORLD.published.picture, &parts.file(), &trust(&WORLD.camera)).expect("a report")
}

#[track_caller]
fn refused(parts: &Parts, check: &str, detail: &str) {
    let report = judge(parts);
    let (name, found) = refusal(&report);
    assert_eq!(name, check, "{found}");
    assert!(found.contains(detail), "{detail:?} is not in {found:?}");
}

fn parts() -> Parts {
    Parts::of(&WORLD.published.proof)
}

#[test]
fn an_honest_chain_is_trusted_and_tells_who_did_what() {
    let world = &*WORLD;
    let file = ProofFile::from_bytes(&world.published.proof.to_bytes()).expect("parsed");
    assert_eq!(file.to_bytes(), world.published.proof.to_bytes());
    let report = verify(&world.published.picture, &file, &trust(&world.camera)).expect("a report");
    assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
    assert!(report.security_bits >= 120 && !report.hidden);
    let told: Vec<_> = report.links.iter().map(|l| (l.number, l.name.as_deref(), l.note.as_deref(), l.confirmed, l.hidden)).collect();
    assert_eq!(
        told,
        [(1, Some("Anna"), Some("faces covered"), false, true), (2, None, None, false, true), (3, Some("Paper"), None, false, false)]
    );
    // The picture is what the same edits make of the photo.
    let original = Picture::decode(&photo(1)).expect("decoded");
    let all = [&COVER[..], &LIGHTEN, &PUBLISH].concat();
    assert_eq!(preview(&original, &recipe(&all)).expect("edited"), world.published.picture);
}

#[test]
fn a_hidden_chain_is_checked_without_a_picture_and_never_with_one() {
    let world = &*WORLD;
    for handed_on in [&world.first, &world.second] {
        let report = verify_hidden(&handed_on.proof, &trust(&world.camera)).expect("a report");
        assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
        assert!(report.hidden);
        let report = verify(&world.published.picture, &handed_on.proof, &trust(&world.camera)).expect("a report");
        assert_eq!(refusal(&report).0, "picture");
    }
    let report = verify_hidden(&world.published.proof, &trust(&world.camera)).expect("a report");
    assert_eq!(refusal(&report).0, "picture");
}

#[test]
fn a_dropped_link_is_refused_by_the_proof_after_it() {
    for (link, after) in [(0, "link 1 of 2"), (1, "link 2 of 2")] {
        let mut cut = parts();
        cut.links.remove(link);
        refused(&cut, "edits", after);
    }
}

#[test]
fn a_chain_cut_off_at_the_end_is_refused_by_the_picture() {
    let mut cut = parts();
    cut.links.pop();
    refused(&cut, "picture", "hidden");
}

#[test]
fn a_doubled_link_is_refused_by_its_proof() {
    for (link, at) in [(0, "link 2 of 4"), (1, "link 3 of 4")] {
        let mut doubled = parts();
        doubled.links.insert(link, doubled.links[link].clone());
        refused(&doubled, "edits", at);
    }
}

#[test]
fn swapped_links_are_refused_by_the_first() {
    let mut swapped = parts();
    swapped.links.swap(0, 1);
    refused(&swapped, "edits", "link 1 of 3");
}

#[test]
fn a_revealed_link_in_the_middle_is_refused_by_the_parser() {
    let mut early = parts();
    early.links.swap(1, 2);
    assert!(matches!(ProofFile::from_bytes(&early.bytes()), Err(BadProofFile::RevealedInside(2))));
}

#[test]
fn sixty_five_links_are_refused_by_the_parser_and_not_appended() {
    let mut long = Parts::of(&WORLD.first.proof);
    long.links = vec![long.links[0].clone(); 64];
    let full = long.file();
    let refused = Work::new(&WORLD.first.negative, &recipe(&LIGHTEN)).after(&full).hand_on();
    assert!(matches!(refused, Err(PublishError::Chain(BadChain::TooLong(64)))), "{refused:?}");
    long.links.push(long.links[0].clone());
    assert!(matches!(ProofFile::from_bytes(&long.bytes()), Err(BadProofFile::Links(65, 64))));
    long.links.clear();
    assert!(matches!(ProofFile::from_bytes(&long.bytes()), Err(BadProofFile::Links(0, 64))));
}

/// Proves the third person's edits anew under a statement and a relation of the test's choice, and puts that into the chain.
fn with_forged_last(change: impl Fn(&mut Stated), relation: impl Fn(Relation) -> Relation) -> Parts {
    let (negative, file) = (&WORLD.second.negative, &WORLD.published.proof);
    let mut stated = Stated::of(negative, 2, &file.links()[2]);
    change(&mut stated);
    let proved = prove_link(negative, &file.links()[2], &stated, Output::Revealed, relation);
    let mut forged = parts();
    forged.replace_proof(2, file.links()[2].proof_bytes(), &proved.proof);
    forged
}

fn prove_link(negative: &Negative, link: &Link, stated: &Stated, output: Output, change: impl Fn(Relation) -> Relation) -> Proved {
    let relation = Relation::compile(negative.layout().dims, stated.m, link.edits().steps(), output).expect("a relation");
    // Rows of another length are committed anew.
    let layout = Layout::new(negative.layout().dims, stated.m);
    let cells = Cells::U8(negative.pixels().to_vec());
    let rows = commit_rows(Generators::load().expect("generators"), &layout, &cells, &negative.blinders()[..layout.rows.len()]);
    let input = Input { cells: CellsRef::U8(negative.pixels()), blinders: &negative.blinders()[..layout.rows.len()], rows: &rows };
    prove_relation(&change(relation), &stated.context(), &[input]).expect("a proof of its own statement")
}

#[test]
fn a_link_proved_under_the_documented_statement_is_accepted() {
    let report = judge(&with_forged_last(|_| (), |relation| relation));
    assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
}

#[test]
fn a_link_of_another_chain_with_the_same_root_is_refused_by_the_statement_digest() {
    // The other chain: the same root at its end, under a statement with another name.
    let world = &*WORLD;
    let link = &world.second.proof.links()[1];
    let mut other = Stated::of(&world.first.negative, 1, link);
    let mine = other.digest(&world.second.negative.root());
    assert!(matches!(world.second.negative.origin(), Origin::Link { statement } if *statement == mine), "the documented digest");
    other.maker = Maker::new(Some("Somebody else".into()), None, None).expect("clean").to_bytes();
    let theirs = other.digest(&world.second.negative.root());
    refused(&with_forged_last(|stated| stated.before = theirs, |relation| relation), "edits", "link 3 of 3");
}

#[test]
fn another_generator_set_or_row_length_or_shape_is_refused_by_the_proof() {
    let same = |relation| relation;
    refused(&with_forged_last(|stated| stated.generators[0] ^= 1, same), "edits", "link 3 of 3");
    refused(&with_forged_last(|stated| stated.m += 1, same), "edits", "link 3 of 3");
    refused(&with_forged_last(|stated| stated.root[0] ^= 1, same), "edits", "link 3 of 3");
    let turned = |stated: &mut Stated| stated.dims = Dims::new(3, 13, 9).expect("dims");
    refused(&with_forged_last(turned, same), "edits", "link 3 of 3");
    let grey = |stated: &mut Stated| stated.dims = Dims::new(1, 27, 13).expect("dims");
    refused(&with_forged_last(grey, same), "edits", "link 3 of 3");
}

#[test]
fn a_second_capture_statement_is_refused_by_the_proof() {
    let capture = WORLD.negative.capture().map(SignedCapture::to_bytes);
    refused(&with_forged_last(|stated| stated.capture = capture.clone(), |relation| relation), "edits", "link 3 of 3");
    // As the first link of a chain of its own.
    let first = |stated: &mut Stated| (stated.capture, stated.number) = (capture.clone(), 0);
    refused(&with_forged_last(first, |relation| relation), "edits", "link 3 of 3");
    // A whole file behind the first link: there is no place for it.
    let mut two = Parts::of(&WORLD.first.proof);
    two.links.push(WORLD.published.proof.to_bytes());
    assert!(ProofFile::from_bytes(&two.bytes()).is_err());
}

#[test]
fn a_chain_whose_first_link_has_no_capture_is_refused() {
    // Its rows are those of a hidden picture, which no camera signed.
    let mut headless = parts();
    headless.links.remove(0);
    let rows: Vec<u8> = WORLD.first.negative.rows().iter().flat_map(zkimg_group::field::point_to_bytes).collect();
    let kept = headless.source.len() - WORLD.published.proof.commitment_bytes();
    headless.source.truncate(kept);
    headless.source.extend(rows);
    refused(&headless, "original", "another picture");
    // A first link that says it comes after another.
    let (negative, link) = (&WORLD.negative, &WORLD.first.proof.links()[0]);
    let stated = Stated { capture: None, before: [7; 32], ..Stated::of(negative, 0, link) };
    let proved = prove_link(negative, link, &stated, Output::Hidden(Kind::Picture), |relation| relation);
    let mut forged = Parts::of(&WORLD.first.proof);
    forged.replace_proof(0, link.proof_bytes(), &proved.proof);
    let report = verify_hidden(&forged.file(), &trust(&WORLD.camera)).expect("a report");
    assert_eq!(refusal(&report).0, "edits");
}

#[test]
fn a_hidden_output_that_was_never_shown_to_be_bytes_is_refused() {
    let world = &*WORLD;
    let grey = recipe(&["grayscale"]);
    let honest = Work::new(&world.negative, &grey).hand_on().expect("handed on");
    let link = &honest.proof.links()[0];
    let stated = Stated::of(&world.negative, 0, link);
    let judge = |proof: &[u8]| {
        let mut forged = Parts::of(&honest.proof);
        forged.replace_proof(0, link.proof_bytes(), proof);
        verify_hidden(&forged.file(), &trust(&world.camera)).expect("a report")
    };
    let without_bytes = |mut relation: Relation| {
        let bytes = relation.lookups.iter().position(|lookup| relation.tables[lookup.table].len() == 256).expect("the byte lookup");
        relation.lookups.remove(bytes);
        let mut bits: Vec<usize> = relation.lookups.iter().map(|lookup| lookup.dims.index_bits()).collect();
        bits.extend((0..relation.tables.len()).map(|table| relation.table_bits(table)));
        relation.leaves = Space::new(&bits);
        relation
    };
    let proved = prove_link(&world.negative, link, &stated, Output::Hidden(Kind::Picture), |relation| relation);
    assert_eq!(judge(&proved.proof).verdict, Verdict::Trusted);
    let proved = prove_link(&world.negative, link, &stated, Output::Hidden(Kind::Picture), without_bytes);
    assert_eq!(refusal(&judge(&proved.proof)).0, "edits");
}

#[test]
fn a_changed_name_or_note_is_refused_by_the_proof() {
    for (old, new) in [("Anna", "Emma"), ("faces covered", "nothing to see")] {
        let mut renamed = parts();
        let at = renamed.links[0].windows(old.len()).position(|w| w == old.as_bytes()).expect("in the link");
        renamed.links[0].splice(at..at + old.len(), new.bytes());
        // Its length stands before it: one byte, or two whose upper is zero.
        let length = if new.len() > 4 { at - 2 } else { at - 1 };
        renamed.links[0][length] = new.len() as u8;
        refused(&renamed, "edits", "link 1 of 3");
    }
}

#[test]
fn negatives_and_chains_that_do_not_belong_together_are_named() {
    let world = &*WORLD;
    let lighten = recipe(&LIGHTEN);
    let refuse = |negative: &Negative, after: Option<&ProofFile>| {
        let work = Work::new(negative, &lighten);
        let work = match after {
            Some(after) => work.after(after),
            None => work,
        };
        match work.publish().expect_err("refused") {
            PublishError::Chain(error) => error,
            other => panic!("{other}"),
        }
    };
    assert!(matches!(refuse(&world.first.negative, None), BadChain::Missing));
    assert!(matches!(refuse(&world.negative, Some(&world.first.proof)), BadChain::Unwanted));
    assert!(matches!(refuse(&world.second.negative, Some(&world.published.proof)), BadChain::Revealed));
    assert!(matches!(refuse(&world.first.negative, Some(&world.second.proof)), BadChain::Foreign));
    // The same edits handed on once more: another root, so another picture's chain.
    let again = Work::new(&world.negative, &recipe(&COVER)).named("Anna").noted("faces covered").hand_on().expect("handed on");
    assert!(matches!(refuse(&world.first.negative, Some(&again.proof)), BadChain::Foreign));
}

#[test]
fn a_batch_gives_each_file_its_own_report() {
    let world = &*WORLD;
    let mut broken = parts();
    // The last scalar, before seven digit sums.
    let last = broken.links[1].len() - 8 * 32;
    broken.links[1][last] ^= 1;
    let broken = broken.file();
    let picture = Candidate::Picture(&world.published.picture);
    let file = world.published.to_file().expect("a file");
    let files = [
        (picture, &world.published.proof),
        (Candidate::File(b"no picture"), &world.published.proof),
        (picture, &broken),
        (Candidate::Nothing, &world.first.proof),
        (Candidate::File(&file), &world.published.proof),
        (Candidate::Nothing, &world.published.proof),
    ];
    let reports = verify_batch(&files, &trust(&world.camera)).expect("reports");
    let verdicts: Vec<Option<Verdict>> = reports.iter().map(|report| report.as_ref().ok().map(|report| report.verdict)).collect();
    let (trusted, invalid) = (Some(Verdict::Trusted), Some(Verdict::Invalid));
    assert_eq!(verdicts, [trusted, None, invalid, trusted, trusted, invalid]);
    let report = |at: usize| reports[at].as_ref().expect("a report");
    let (name, detail) = refusal(report(2));
    assert_eq!(name, "edits");
    assert!(detail.contains("link 2 of 3") && detail.contains("opening of the pixels"), "{detail}");
    assert_eq!(refusal(report(5)).0, "picture");
    assert!(verify_batch(&[], &trust(&world.camera)).expect("no reports").is_empty());
}
