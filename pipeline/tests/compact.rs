//! Chains with one proof: begun, handed on, published; every byte of a file counts; cut into steps where a step holds fewer edits.

mod support;

use ff::{Field, PrimeField};
use std::sync::LazyLock;
use support::*;
use zkimg_edits::jpeg::{Jpeg, Quality, Sampling};
use zkimg_graph::ending::Ending;
use zkimg_pipeline::*;
use zkimg_proof::commitment::Layout;
use zkimg_recursion::class::Class;

/// Three people, as in the tests of chains with proofs of their own.
struct World {
    camera: SigningKey,
    desk: SigningKey,
    negative: Negative,
    first: HandedOn,
    second: HandedOn,
    published: Published,
}

const COVER: [&str; 1] = ["redact=4x3+2+1"];
const TURN: [&str; 2] = ["crop=9x9+2+0", "sharpen=1"];
const PUBLISH: [&str; 2] = ["flip=horizontal", "contrast=1.5"];

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let [camera, desk] = [(); 2].map(|()| SigningKey::generate().expect("a key"));
    let negative = attested(&camera, &photo(1));
    let first = Work::new(&negative, &recipe(&COVER)).compact().named("Anna").noted("faces covered").hand_on().expect("handed on");
    let second = Work::new(&first.negative, &recipe(&TURN)).after(&first.proof).signed(&desk).named("Desk").hand_on().expect("handed on");
    let published = Work::new(&second.negative, &recipe(&PUBLISH)).after(&second.proof).publish().expect("published");
    World { camera, desk, negative, first, second, published }
});

fn trusted() -> Trust {
    let mut trust = trust(&WORLD.camera);
    trust.people.insert(WORLD.desk.public(), "the desk");
    trust
}

fn reread(file: &ProofFile) -> ProofFile {
    let bytes = file.to_bytes();
    let read = ProofFile::from_bytes(&bytes).expect("parsed");
    assert!(read.to_bytes() == bytes);
    read
}

#[test]
fn one_proof_is_for_all_links_and_tells_who_did_what() {
    let world = &*WORLD;
    let file = reread(&world.published.proof);
    let report = verify(&world.published.picture, &file, &trusted()).expect("a report");
    assert_eq!((report.verdict, report.form), (Verdict::Trusted, Some(ProofForm::Compact)), "{report:?}");
    assert!(report.security_bits >= 120 && !report.hidden);
    let told: Vec<_> = report.links.iter().map(|l| (l.name.as_deref(), l.note.as_deref(), l.confirmed, l.hidden)).collect();
    assert_eq!(told, [(Some("Anna"), Some("faces covered"), false, true), (Some("Desk"), None, true, true), (None, None, false, false)]);
    let original = Picture::decode(&photo(1)).expect("decoded");
    let all = [&COVER[..], &TURN, &PUBLISH].concat();
    assert_eq!(preview(&original, &recipe(&all)).expect("edited"), world.published.picture);
    // The same picture with a proof a link: the other form, and no link of it is one of this.
    let listed = Work::new(&world.negative, &recipe(&COVER)).named("Anna").noted("faces covered").hand_on().expect("handed on");
    assert_eq!(listed.proof.form(), ProofForm::List);
    assert!(matches!(
        Work::new(&listed.negative, &recipe(&TURN)).after(&world.first.proof).hand_on(),
        Err(PublishError::Chain(BadChain::Foreign))
    ));
    assert!(matches!(
        Work::new(&listed.negative, &recipe(&TURN)).after(&listed.proof).compact().hand_on(),
        Err(PublishError::Chain(BadChain::Listed))
    ));
    assert!(matches!(
        Work::new(&world.first.negative, &recipe(&TURN)).after(&listed.proof).hand_on(),
        Err(PublishError::Chain(BadChain::Foreign))
    ));
    assert!(matches!(
        Work::new(&world.first.negative, &recipe(&TURN)).after(&world.second.proof).hand_on(),
        Err(PublishError::Chain(BadChain::Foreign))
    ));
}

#[test]
fn what_is_handed_on_is_checked_without_a_picture_and_never_with_one() {
    let world = &*WORLD;
    for handed_on in [&world.first, &world.second] {
        let report = verify_hidden(&reread(&handed_on.proof), &trusted()).expect("a report");
        assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
        let report = verify(&world.published.picture, &handed_on.proof, &trusted()).expect("a report");
        assert_eq!(refusal(&report).0, "picture");
        let negative = Negative::from_bytes(&handed_on.negative.to_bytes()).expect("a negative");
        assert_eq!(negative.root(), handed_on.negative.root());
    }
    // Both are as long but for what the second link says; so is every one after it.
    let [first, second] = [&world.first, &world.second].map(|handed| handed.proof.to_bytes().len());
    assert!(second - first < 2500, "{}", second - first);
}

/// Where the parts of a published file begin: the capture, the rows, the links, the proof.
fn published_bytes() -> Vec<u8> {
    WORLD.published.proof.to_bytes()
}

#[test]
fn a_file_that_is_changed_anywhere_is_refused() {
    let honest = published_bytes();
    let picture = &WORLD.published.picture;
    let (mut unread, mut refused) = (0, 0);
    // Every 97th byte, and all of the last link and what proves the chain are hit often enough.
    for at in (0..honest.len()).step_by(97) {
        let mut changed = honest.clone();
        changed[at] ^= 1 << (at % 8);
        match ProofFile::from_bytes(&changed) {
            Err(_) => unread += 1,
            Ok(file) => {
                let report = verify(picture, &file, &trusted()).expect("a report");
                assert!(!matches!(report.verdict, Verdict::Trusted), "byte {at}");
                refused += 1;
            }
        }
    }
    assert!(unread > 0 && refused > 50, "{unread} {refused}");
    assert!(ProofFile::from_bytes(&honest[..honest.len() - 1]).is_err());
    assert!(ProofFile::from_bytes(&[&honest[..], &[0]].concat()).is_err());
}

#[test]
fn what_is_handed_on_and_changed_is_refused_before_it_is_gone_on_from() {
    let world = &*WORLD;
    let honest = world.first.proof.to_bytes();
    // In the folded witness, in the pictures' vector, in the instance on points, in a commitment, in the last blinder.
    let (end, step) = (honest.len(), 1_000_003);
    let mut seen = Vec::new();
    for at in (1..8).map(|i| end - (i * step) % (end - 20_000) - 1).chain([end - 1, end - 40]) {
        let mut changed = honest.clone();
        changed[at] ^= 4;
        let Ok(file) = ProofFile::from_bytes(&changed) else { panic!("nothing is read of what is handed on before it is checked") };
        let report = verify_hidden(&file, &trusted()).expect("a report");
        let (check, why) = refusal(&report);
        assert_eq!(check, "edits");
        let gone_on = Work::new(&world.first.negative, &recipe(&TURN)).after(&file).hand_on();
        assert!(matches!(gone_on, Err(PublishError::Chain(BadChain::Compact(CompactFault::Handed(_))))), "{gone_on:?}");
        seen.push(why);
    }
    seen.sort();
    seen.dedup();
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn links_of_two_chains_do_not_mix() {
    let world = &*WORLD;
    let honest = published_bytes();
    // The same people do the same again: another salt, other masks.
    let again = Work::new(&world.negative, &recipe(&COVER)).compact().named("Anna").noted("faces covered").hand_on().expect("handed on");
    assert_ne!(again.negative.root(), world.first.negative.root());
    let other = Work::new(&world.second.negative, &recipe(&PUBLISH)).after(&world.second.proof).publish().expect("published");
    let other = other.proof.to_bytes();
    assert_eq!(other.len(), honest.len());
    // What is told of the last link from one, the proof from the other.
    let same = honest.iter().zip(&other).take_while(|(a, b)| a == b).count();
    for cut in [same + 40, same + 600, honest.len() - 5000] {
        let mixed = [&honest[..cut], &other[cut..]].concat();
        let refused = ProofFile::from_bytes(&mixed).map(|file| verify(&world.published.picture, &file, &trusted()).expect("a report"));
        assert!(refused.is_ok_and(|report| report.verdict == Verdict::Invalid), "{cut}");
    }
}

#[test]
fn names_and_signatures_are_of_this_form() {
    let world = &*WORLD;
    let mut bytes = published_bytes();
    let at = bytes.windows(4).position(|window| window == b"Anna").expect("a name");
    bytes[at..at + 4].copy_from_slice(b"Emma");
    let report = verify(&world.published.picture, &ProofFile::from_bytes(&bytes).expect("parsed"), &trusted()).expect("a report");
    // The desk signed the statement that follows Anna's.
    assert_eq!(refusal(&report).0, "makers");
    let mut bytes = published_bytes();
    let at = bytes.windows(4).position(|window| window == b"Desk").expect("a name");
    bytes[at..at + 4].copy_from_slice(b"Dusk");
    let report = verify(&world.published.picture, &ProofFile::from_bytes(&bytes).expect("parsed"), &trusted()).expect("a report");
    assert_eq!(refusal(&report).0, "makers");
}

/// Where nobody signed, the proof itself is for this name and no other.
#[test]
fn a_name_that_nobody_signed_is_part_of_what_is_proved() {
    let mut bytes = WORLD.first.proof.to_bytes();
    let at = bytes.windows(4).position(|window| window == b"Anna").expect("a name");
    bytes[at..at + 4].copy_from_slice(b"Emma");
    let report = verify_hidden(&ProofFile::from_bytes(&bytes).expect("parsed"), &trusted()).expect("a report");
    assert_eq!(refusal(&report).0, "edits");
}

/// What is received is checked down to the camera: rows of another picture under its capture have a state that holds, and no chain.
#[test]
fn a_chain_that_begins_with_other_rows_is_not_gone_on_from() {
    let world = &*WORLD;
    let other = attested(&world.camera, &photo(2));
    let bytes = world.first.proof.to_bytes();
    let capture = world.negative.capture().expect("a capture").to_bytes();
    let at = 12 + 4 + capture.len();
    let mut changed = bytes.clone();
    changed[at..at + 32].copy_from_slice(&row(&other));
    let file = ProofFile::from_bytes(&changed).expect("parsed");
    let gone_on = Work::new(&world.first.negative, &recipe(&TURN)).after(&file).hand_on();
    assert!(matches!(gone_on, Err(PublishError::Chain(BadChain::Compact(CompactFault::Original)))), "{gone_on:?}");
    // The camera's signature is the last that a capture has.
    let mut changed = bytes;
    changed[at - 1] ^= 1;
    let file = ProofFile::from_bytes(&changed).expect("parsed");
    let gone_on = Work::new(&world.first.negative, &recipe(&TURN)).after(&file).hand_on();
    assert!(matches!(gone_on, Err(PublishError::Chain(BadChain::Compact(CompactFault::Original)))), "{gone_on:?}");
}

/// Nor from a link whose maker's signature is another's.
#[test]
fn a_chain_with_a_false_signature_is_not_gone_on_from() {
    let world = &*WORLD;
    let honest = world.second.proof.to_bytes();
    let name = honest.windows(4).position(|window| window == b"Desk").expect("a name");
    let mut found = 0;
    for at in name + 4..name + 160 {
        let mut changed = honest.clone();
        changed[at] ^= 1;
        let Ok(file) = ProofFile::from_bytes(&changed) else { continue };
        let report = verify_hidden(&file, &trusted()).expect("a report");
        if report.verdict == Verdict::Invalid && refusal(&report).0 == "makers" {
            let gone_on = Work::new(&world.second.negative, &recipe(&PUBLISH)).after(&file).hand_on();
            assert!(matches!(gone_on, Err(PublishError::Chain(BadChain::Signature(2, _) | BadChain::Foreign))), "{at}: {gone_on:?}");
            found += usize::from(matches!(gone_on, Err(PublishError::Chain(BadChain::Signature(2, _)))));
            if found == 3 {
                return;
            }
        }
    }
    panic!("{found} of the signature's bytes");
}

/// Each of what makes a negative the chain's own, alone: the statement, the shape, the rows, the profile.
#[test]
fn a_negative_of_another_chain_is_not_gone_on_with() {
    let world = &*WORLD;
    let negative = &world.first.negative;
    let Origin::Link { statement } = negative.origin() else { panic!("handed on") };
    let (own, turned) = (layout(negative), Layout::new(Dims::new(3, 13, 9).expect("dims"), 16));
    let (rows, other) = (negative.rows().to_vec(), world.second.negative.rows().to_vec());
    assert_eq!((own.rows.len(), own.dims.cells()), (turned.rows.len(), turned.dims.cells()));
    let profile = negative.profile().clone();
    let another = if profile.id() == ProfileId::None { Profile::Srgb } else { Profile::None };
    for (statement, layout, profile, rows) in [
        ([7; 32], own.clone(), profile.clone(), rows.clone()),
        (*statement, turned, profile.clone(), rows.clone()),
        (*statement, own.clone(), profile, other),
        (*statement, own, another, rows),
    ] {
        let (pixels, blinders) = (negative.pixels().to_vec(), negative.blinders().to_vec());
        let other = Negative::handed_on(statement, layout, profile, pixels, blinders, rows).expect("a negative");
        let gone_on = Work::new(&other, &recipe(&["flip=horizontal"])).after(&world.first.proof).hand_on();
        assert!(matches!(gone_on, Err(PublishError::Chain(BadChain::Foreign))), "{gone_on:?}");
    }
}

/// A published chain has a proof and no state, a hidden one the reverse; no proof is longer than any, no chain longer than the longest.
#[test]
fn forms_of_a_file_that_there_are_not_are_not_read() {
    let world = &*WORLD;
    let [hidden, published] = [world.first.proof.to_bytes(), published_bytes()];
    let invalid = |bytes: &[u8], what: &str| match ProofFile::from_bytes(bytes) {
        Err(BadProofFile::Invalid(why)) => assert_eq!(why, what),
        other => panic!("{what}: {other:?}"),
    };
    // From the end: what is handed on, behind its kind; and the proof, behind its kind and length.
    let state = Class::numbered(0).expect("a class").handed_bytes();
    let kind = hidden.len() - state - 1;
    let length = |at: usize| u32::from_le_bytes(published[at + 1..at + 5].try_into().expect("4 bytes")) as usize;
    let proof = (published.len().saturating_sub(20_000)..published.len() - 5)
        .find(|at| published[*at] == 0 && at + 5 + length(*at) == published.len())
        .expect("a proof");
    assert_eq!(hidden[kind], 1);
    invalid(&[&hidden[..kind], &published[proof..]].concat(), "kind of proof");
    invalid(&[&published[..proof], &hidden[kind..]].concat(), "kind of proof");
    let long = [&published[..=proof], &65_537u32.to_le_bytes(), &[7; 65_537]].concat();
    invalid(&long, "proof");
    let mut links = hidden.clone();
    links[10..12].copy_from_slice(&1001u16.to_le_bytes());
    assert!(matches!(ProofFile::from_bytes(&links), Err(BadProofFile::Links(1001, _))));
}

/// What a reader is told has one form: the digest of rows is less than the field's order.
#[test]
fn what_is_told_has_one_form() {
    let mut bytes = WORLD.first.proof.to_bytes();
    let note = bytes.windows(13).position(|window| window == b"faces covered").expect("a note");
    let at = note + 13 + 3;
    // The digest and the order, which is one more than its greatest number.
    let mut carry = 1;
    for (byte, more) in bytes[at..at + 32].iter_mut().zip((-pasta_curves::Fq::ONE).to_repr()) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    let report = verify_hidden(&ProofFile::from_bytes(&bytes).expect("parsed"), &trusted()).expect("a report");
    assert!(refusal(&report).1.contains("one form"), "{:?}", refusal(&report));
}

/// The first row of a photo's picture.
fn row(negative: &Negative) -> [u8; 32] {
    zkimg_group::field::point_to_bytes(&negative.rows()[0])
}

/// A negative that was damaged where no checksum tells is found before anything is proved with it.
#[test]
fn cells_that_do_not_open_their_rows_are_found_at_once() {
    let world = &*WORLD;
    let (negative, layout) = (&world.first.negative, layout(&world.first.negative));
    let Origin::Link { statement } = negative.origin() else { panic!("handed on") };
    let mut pixels = negative.pixels().to_vec();
    pixels[7] ^= 1;
    let blinders = negative.blinders().to_vec();
    let changed = Negative::handed_on(*statement, layout, negative.profile().clone(), pixels, blinders, negative.rows().to_vec());
    let gone_on = Work::new(&changed.expect("a negative"), &recipe(&TURN)).after(&world.first.proof).hand_on();
    assert!(matches!(gone_on, Err(PublishError::NotCompact(NotCompact::Negative))), "{gone_on:?}");
}

/// A step takes what its class takes: less memory is refused at once, and the estimate says how much.
#[test]
fn less_memory_than_a_step_takes_is_refused_at_once() {
    struct Tight(usize);
    impl Observer for Tight {
        fn phase(&self, phase: Phase) {
            panic!("{phase:?} begins all the same");
        }
        fn memory(&self) -> Option<usize> {
            Some(self.0)
        }
    }
    let (cover, turn) = (recipe(&COVER), recipe(&TURN));
    let first = || Work::new(&WORLD.negative, &cover).compact();
    let next = || Work::new(&WORLD.first.negative, &turn).after(&WORLD.first.proof);
    let estimate = first().estimate(true, None).expect("an estimate");
    assert_eq!((estimate.memory, estimate.least), (next().estimate(true, Some(1)).expect("an estimate").memory, estimate.memory));
    assert!(estimate.memory > 100_000_000, "{}", estimate.memory);
    let tight = Tight(estimate.memory - 1);
    assert!(matches!(first().watched(&tight).hand_on(), Err(PublishError::Prove(_))));
    assert!(matches!(next().watched(&tight).hand_on(), Err(PublishError::Prove(_))));
    assert!(Work::new(&WORLD.negative, &cover).estimate(true, None).expect("an estimate").memory < estimate.memory);
}

/// No more is read than the edits have steps for.
#[test]
fn more_steps_than_edits_are_refused_before_they_are_read() {
    let bytes = WORLD.first.proof.to_bytes();
    // The byte that counts the steps stands after the kind of output of the only link.
    let note = bytes.windows(13).position(|window| window == b"faces covered").expect("a note");
    let at = note + 13 + 1 + 1;
    assert_eq!((bytes[at - 1], bytes[at]), (1, 1));
    for count in [0, 3, 255] {
        let mut changed = bytes.clone();
        changed[at] = count;
        let refused = ProofFile::from_bytes(&changed).expect_err("refused");
        assert!(matches!(refused, BadProofFile::Invalid("number of steps of a link")), "{count}: {refused}");
    }
}

/// A picture whose steps hold fewer edits than the recipe has; one of 640 × 480 fills its class.
#[test]
fn long_recipes_are_cut_and_too_large_ones_refused() {
    let dims = Dims::new(3, 480, 640).expect("dims");
    let cells = (0..dims.cells()).map(|i| ((i * i) >> 9) as u8 ^ (i >> 2) as u8).collect();
    let photo = encode_png(&Picture::new(dims, cells).expect("a picture"));
    let camera = &WORLD.camera;
    let negative = attested(camera, &photo);
    let edits = ["sharpen=1", "ycbcr-to-rgb", "blur=2", "contrast=1.2"];
    let published = Work::new(&negative, &recipe(&edits)).compact().publish().expect("published");
    let report = verify(&published.picture, &reread(&published.proof), &trusted()).expect("a report");
    assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
    assert_eq!(preview(&Picture::decode(&photo).expect("decoded"), &recipe(&edits)).expect("edited"), published.picture);
    // As many steps as it takes, each told in turn.
    assert!(published.proof.proof_bytes() > 12_000 + 3 * 1_700, "{}", published.proof.proof_bytes());
    steps_of_one_link_do_not_mix(&published);
    let larger = Work::new(&negative, &recipe(&["resize=1300x1000"])).compact().hand_on();
    assert!(matches!(larger, Err(PublishError::NotCompact(NotCompact::Edits))), "{larger:?}");
}

/// What is told of each step stands for this step: not for another of the same link, and not for one more or one less.
fn steps_of_one_link_do_not_mix(published: &Published) {
    let honest = published.proof.to_bytes();
    // From the end: the proof behind 0 and its length; before it the number of steps and what is told of each.
    let told = 32 * (1 + 50);
    let length = |at: usize| u32::from_le_bytes(honest[at + 1..at + 5].try_into().expect("4 bytes")) as usize;
    let proof =
        (honest.len() - 20_000..honest.len() - 5).find(|at| honest[*at] == 0 && at + 5 + length(*at) == honest.len()).expect("a proof");
    // Besides, there are some longer rows, which are shorter than what is told of one step.
    let steps = (published.proof.proof_bytes() - length(proof)) / told;
    assert!(steps > 1 && usize::from(honest[proof - steps * told - 1]) == steps, "{steps}");
    let begin = proof - steps * told;
    let refused = |bytes: &[u8]| match ProofFile::from_bytes(bytes) {
        Err(_) => "unread",
        Ok(file) => refusal(&verify(&published.picture, &file, &trusted()).expect("a report")).0,
    };
    for (one, other) in (1..steps).map(|step| (step - 1, step)) {
        let mut swapped = honest.clone();
        let (one, other) = (begin + one * told, begin + other * told);
        swapped[one..one + told].copy_from_slice(&honest[other..other + told]);
        swapped[other..other + told].copy_from_slice(&honest[one..one + told]);
        assert_eq!(refused(&swapped), "edits");
    }
    let with = |steps: usize, told: &[u8]| [&honest[..begin - 1], &[steps as u8], told, &honest[proof..]].concat();
    assert_eq!(refused(&with(steps - 1, &honest[begin + told..proof])), "edits");
    assert_eq!(refused(&with(steps + 1, &[&honest[begin..begin + told], &honest[begin..proof]].concat())), "edits");
    assert_eq!(refused(&with(steps + 1, &[&honest[begin..proof], &honest[proof - told..proof]].concat())), "edits");
}

/// Its coefficients have a hundred and thirty rows, which a small picture's class does not hold.
#[test]
fn a_jpeg_ends_a_chain() {
    let jpeg = || recipe(&["contrast=1.1"]).as_jpeg(Quality::new(90).expect("a quality"), Sampling::S420);
    let small = Work::new(&WORLD.first.negative, &jpeg()).after(&WORLD.first.proof).publish_jpeg();
    assert!(matches!(small, Err(PublishError::NotCompact(NotCompact::Jpeg))), "{small:?}");
    let dims = Dims::new(3, 600, 800).expect("dims");
    let cells = (0..dims.cells()).map(|i| ((i * i) >> 9) as u8 ^ (i >> 2) as u8).collect();
    let photo = encode_png(&Picture::new(dims, cells).expect("a picture"));
    let negative = attested(&WORLD.camera, &photo);
    let made = Work::new(&negative, &jpeg()).compact().publish_jpeg().expect("published");
    let file = made.to_file().expect("a file");
    let bytes = embedded(&file).expect("read").expect("a proof");
    let proof = ProofFile::from_bytes(&bytes).expect("parsed");
    let report = verify_file(&file, &proof, &trusted()).expect("a report");
    assert_eq!((report.verdict, report.form), (Verdict::Trusted, Some(ProofForm::Compact)), "{report:?}");

    // A file with other tables has none of the coefficients that its proof speaks of, even if the proof names the digest of no coefficients.
    let edits = recipe(&["contrast=1.1"]).as_jpeg(Quality::new(50).expect("a quality"), Sampling::S420);
    let original = Picture::decode(&photo).expect("decoded");
    let other = write_jpeg(&preview_jpeg(&original, &edits).expect("a JPEG").0, &Profile::None);
    let report = verify_file(&other, &proof, &trusted()).expect("a report");
    assert_eq!(refusal(&report).0, "picture");
    let digest = proof.links()[0].picture_digest().expect("published");
    let at = bytes.windows(32).position(|window| window == digest).expect("in the file");
    let mut named = bytes.clone();
    named[at..at + 32].copy_from_slice(&digest_of_no_coefficients(dims));
    let report = verify_file(&other, &ProofFile::from_bytes(&named).expect("parsed"), &trusted()).expect("a report");
    assert_eq!(refusal(&report).0, "picture");
}

/// What `docs/formats.md` has for the digest of a JPEG of 4:2:0, with no cells where its coefficients should be.
fn digest_of_no_coefficients(dims: Dims) -> [u8; 32] {
    let jpeg = Jpeg::new(Quality::new(90).expect("a quality"), Sampling::S420, dims);
    let Ending { dims: cells, .. } = jpeg.ending(dims).expect("an ending");
    let mut bytes: Vec<u8> = [dims.width, dims.height, 3, 2, 2].iter().flat_map(|n| (*n as u64).to_le_bytes()).collect();
    let chroma = jpeg.colour().expect("colour").table;
    bytes.extend([jpeg.luma(), &chroma, &chroma].into_iter().flatten());
    bytes.push(0);
    bytes.extend([cells.channels, cells.height, cells.width].iter().flat_map(|n| (*n as u64).to_le_bytes()));
    bytes.extend(blake2b_simd::blake2bp::blake2bp(&[]).as_bytes());
    let digest = blake2b_simd::Params::new().hash_length(32).personal(b"zkimg-coeffs-v1").hash(&bytes);
    digest.as_bytes().try_into().expect("32 bytes")
}
