//! Recipes as a stranger's proof file may hold them: a few bytes may ask for much. They are refused by the check that
//! is there for it, before anything large is made, and what is not refused stays cheap.

mod support;

use support::{Parts, attested, photo};
use zkimg_graph::step::{BadStep, MAX_PIECES, MAX_TAPS, MAX_WORK};
use zkimg_pipeline::edits::EditError;
use zkimg_pipeline::{BadChain, BadProofFile, Dims, Edits, ProofFile, PublishError, Recipe, RecipeError, SigningKey, Work};
use zkimg_proof::commitment::row_bits;
use zkimg_proof::relation::{BadRelation, Output, Relation};

/// As large as a photo may be.
const LARGEST: Dims = Dims { channels: 3, height: 8192, width: 32768 };
const SMALL: Dims = Dims { channels: 3, height: 1024, width: 1024 };

fn resolve(dims: Dims, edits: &[String]) -> Result<Edits, RecipeError> {
    Recipe::from_json(&format!("{{\"edits\":[{}],\"zkimg\":1}}", edits.join(",")))?.resolve(dims)
}

fn refused(dims: Dims, edits: &[String]) -> (usize, BadStep) {
    match resolve(dims, edits).expect_err("refused") {
        RecipeError::Edit { number, error: EditError::Step(error) } => (number, error),
        other => panic!("{other}"),
    }
}

/// As many bars upright as lying: the boxes between them are many.
fn comb(bars: usize, shift: usize) -> String {
    comb_of(SMALL.width, bars, shift)
}

fn comb_of(side: usize, bars: usize, shift: usize) -> String {
    let pitch = side / bars;
    let bar = |x, y, width, height| format!("{{\"x\":{x},\"y\":{y},\"width\":{width},\"height\":{height}}}");
    let upright = (0..bars).map(|i| bar(i * pitch + shift, 0, pitch / 2, side));
    let lying = (0..bars).map(|i| bar(0, i * pitch + shift, side, pitch / 2));
    format!("{{\"op\":\"redact\",\"rectangles\":[{}]}}", upright.chain(lying).collect::<Vec<_>>().join(","))
}

/// A filter that is no product of a column and a row.
fn kernel(side: usize) -> String {
    let row = |y: usize| format!("[{},{}]", y + 2, vec!["1"; side - 1].join(","));
    let rows: Vec<String> = (0..side).map(row).collect();
    format!("{{\"op\":\"convolve\",\"divisor\":3969,\"kernel\":[{}]}}", rows.join(","))
}

fn pixelate() -> String {
    "{\"op\":\"pixelate\",\"x\":0,\"y\":0,\"width\":32768,\"height\":8192,\"block\":255}".into()
}

#[test]
fn filters_that_read_too_much_are_refused() {
    assert!(matches!(refused(LARGEST, &vec![kernel(63); 2]), (2, BadStep::Taps(taps)) if taps > MAX_TAPS));
    assert!(matches!(refused(LARGEST, &vec![kernel(31); 32]), (5, BadStep::Taps(_))));
    assert!(matches!(refused(LARGEST, &vec![pixelate(); 32]), (_, BadStep::Taps(_))));
    let strip = Dims { channels: 1, height: 1, width: 1 << 22 };
    assert!(matches!(refused(strip, &[kernel(63)]), (1, BadStep::Taps(_))));
    // The widest filter on the largest photo is no stranger's trick.
    resolve(LARGEST, &[kernel(63)]).expect("a recipe");
}

#[test]
fn edits_of_too_many_boxes_are_refused() {
    assert!(matches!(refused(SMALL, &[comb(32, 0)]), (1, BadStep::Pieces(boxes)) if boxes > MAX_PIECES));
}

/// Boxes that meet boxes are not multiplied: where there are too many the picture between is committed. And there is an end to
/// how many one recipe may have.
#[test]
fn edits_of_many_boxes_stay_apart() {
    let edits: Vec<String> = (0..32).map(|i| comb(14, i)).collect();
    let chain = resolve(SMALL, &edits[..4]).expect("a recipe");
    assert!(chain.steps().iter().all(|step| step.pieces().len() > MAX_PIECES / 2));
    let relation = Relation::compile(SMALL, row_bits(&SMALL), chain.steps(), Output::Revealed).expect("a relation");
    assert_eq!(relation.graph().nodes().len(), 4, "the identity before the first takes it in");
    assert!(matches!(refused(SMALL, &edits), (5, BadStep::Work(work, allowed)) if work > allowed && allowed > MAX_WORK));
}

/// A table of a million entries takes a few bytes to ask for.
#[test]
fn edits_of_many_long_tables_are_refused() {
    let edit = |i: usize| format!("{{\"op\":\"convolve\",\"divisor\":1,\"kernel\":[[{}]]}}", 4000 + i);
    let edits: Vec<String> = (0..32).map(edit).collect();
    assert!(matches!(refused(Dims { channels: 1, height: 1, width: 1 }, &edits), (17..=24, BadStep::Work(..))));
}

/// Resizing to nearly the same size: many samples, each of weights of its own.
#[test]
fn edits_that_resize_again_and_again_are_refused() {
    let resize = |i: usize| format!("{{\"op\":\"resize\",\"width\":{},\"height\":1,\"filter\":\"lanczos3\"}}", 16384 - i % 2);
    let line = Dims { channels: 1, height: 1, width: 16384 };
    let edits: Vec<String> = (1..33).map(resize).collect();
    let (number, error) = refused(line, &edits);
    assert!(matches!(error, BadStep::Work(..)) && (4..9).contains(&number), "{number}: {error}");
    // An honest edit of a large photo is far from that.
    resolve(
        Dims { channels: 3, height: 4976, width: 6632 },
        &["{\"op\":\"resize\",\"width\":2048,\"height\":1537,\"filter\":\"lanczos3\"}".into()],
    )
    .expect("a recipe");
}

/// What is handed on can be read: a link that would make the chain too much is refused before it is proved.
#[test]
fn a_link_that_no_reader_would_check_is_not_made() {
    let camera = SigningKey::generate().expect("a key");
    let dims = Dims { channels: 1, height: 130, width: 130 };
    let photo = zkimg_pipeline::Picture::new(dims, (0..dims.cells()).map(|i| (i * 7) as u8).collect()).expect("a picture");
    let negative = attested(&camera, &zkimg_pipeline::encode_png(&photo));
    let edits: Vec<String> = (0..4).map(|shift| comb_of(dims.width, 14, shift)).collect();
    let recipe = || Recipe::from_json(&format!("{{\"edits\":[{}],\"zkimg\":1}}", edits.join(","))).expect("a recipe");
    let first = Work::new(&negative, &recipe()).hand_on().expect("handed on");
    ProofFile::from_bytes(&first.proof.to_bytes()).expect("read");
    let second = Work::new(&first.negative, &recipe()).after(&first.proof).hand_on().expect("handed on");
    ProofFile::from_bytes(&second.proof.to_bytes()).expect("read");
    let third = Work::new(&second.negative, &recipe()).after(&second.proof).hand_on();
    assert!(matches!(third.map(|_| ()), Err(PublishError::Chain(BadChain::TooMuch))));
}

/// A picture of millions of rows between two small ones.
#[test]
fn pictures_far_larger_than_those_at_the_ends_are_refused() {
    let resize = |side: usize| format!("{{\"op\":\"resize\",\"width\":{side},\"height\":{side},\"filter\":\"bilinear\"}}");
    let dims = Dims { channels: 1, height: 16, width: 16 };
    let compile = |side: usize| {
        let chain = resolve(dims, &[resize(side), resize(16)]).expect("a recipe");
        Relation::compile(dims, row_bits(&dims), chain.steps(), Output::Revealed)
    };
    assert!(compile(1024).is_ok());
    assert!(matches!(compile(8192), Err(BadRelation::TooManyRows(rows, most)) if rows > most));
}

/// A filter of a narrow picture, then a selection that repeats its columns: fused, every repetition would read all of it.
#[test]
fn a_selection_does_not_multiply_a_filter_beyond_the_limit() {
    let resize = |width, height| format!("{{\"op\":\"resize\",\"width\":{width},\"height\":{height},\"filter\":\"nearest\"}}");
    let dims = Dims { channels: 1, height: 16384, width: 64 };
    let edits = [kernel(63), resize(16384, 127), resize(64, 16384), kernel(63), resize(16384, 127)];
    let chain = resolve(dims, &edits).expect("a recipe");
    match Relation::compile(dims, row_bits(&dims), chain.steps(), Output::Revealed) {
        Ok(relation) => assert!(relation.graph().taps() <= MAX_TAPS),
        Err(error) => assert!(error.to_string().contains("filters of all edits"), "{error}"),
    }
}

/// Steps that come to the compiler by another way than a recipe.
#[test]
fn the_compiler_counts_for_itself() {
    let chain = resolve(LARGEST, &[kernel(63)]).expect("a recipe");
    let steps = |times| vec![chain.steps().to_vec(); times].concat();
    let compile = |times| Relation::compile(LARGEST, row_bits(&LARGEST), &steps(times), Output::Revealed);
    assert!(compile(1).is_ok());
    assert!(compile(2).expect_err("too much").to_string().contains("filters of all edits"));
}

/// Links that are small enough each; together they would be work for minutes.
#[test]
fn links_that_read_too_much_together_are_refused() {
    let camera = SigningKey::generate().expect("a key");
    let negative = attested(&camera, &photo(1));
    let handed_on = Work::new(&negative, &support::recipe(&["crop=5x4+1+1"])).hand_on().expect("handed on");
    let enlarge = "{\"op\":\"resize\",\"width\":16384,\"height\":16384,\"filter\":\"nearest\"}".to_owned();
    // Hidden, of nobody in particular, without an argument.
    let link = |edit: String| {
        let text = resolve(SMALL, &[edit]).expect("a recipe").canonical();
        [&(text.len() as u32).to_le_bytes()[..], text.as_bytes(), &[0; 4], &[1], &[0; 4]].concat()
    };
    let mut parts = Parts::of(&handed_on.proof);
    // Each filter is half of what one link may have.
    parts.links = vec![link(kernel(63)); 6];
    parts.links[0] = link(enlarge);
    assert!(matches!(ProofFile::from_bytes(&parts.bytes()), Err(BadProofFile::TooMuch)));
    // The same of boxes: no link has too many, four have.
    let small = Dims { channels: 1, height: 512, width: 512 };
    let boxes = |i: usize| {
        let edits: Vec<String> = (0..2).map(|j| comb_of(small.width, 14, i + j)).collect();
        let text = resolve(small, &edits).expect("a recipe").canonical();
        [&(text.len() as u32).to_le_bytes()[..], text.as_bytes(), &[0; 4], &[1], &[0; 4]].concat()
    };
    let enlarge = "{\"op\":\"resize\",\"width\":512,\"height\":512,\"filter\":\"nearest\"}".to_owned();
    let links = |count: usize| std::iter::once(link(enlarge.clone())).chain((0..count).map(boxes)).collect();
    for (count, fits) in [(2, true), (4, false)] {
        parts.links = links(count);
        assert_eq!(ProofFile::from_bytes(&parts.bytes()).is_ok(), fits, "{count} links");
    }
}
