//! Templates, enrolled faces and matches of strangers: whatever the bytes, a sentence and little time.

#[path = "support/faces.rs"]
mod faces;
#[path = "support/models.rs"]
mod models;

use faces::*;
use models::{overwritten, sealed, trust};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use zkimg_pipeline::answer::{BadFile, Fault, Model};
use zkimg_pipeline::face::*;

static MODEL: LazyLock<Model> = LazyLock::new(|| model(0, 3));
static TEMPLATE: LazyLock<Template> = LazyLock::new(|| enrol(&anna(0), &MODEL));
static SECRET: LazyLock<Vec<u8>> = LazyLock::new(|| TEMPLATE.to_bytes().to_vec());
static ENROLLED: LazyLock<Vec<u8>> = LazyLock::new(|| TEMPLATE.enrolled().to_bytes());
static MATCH: LazyLock<Vec<u8>> = LazyLock::new(|| compare(&anna(1), &MODEL, &TEMPLATE, 97).expect("a match").to_bytes());

#[test]
fn files_have_one_form_and_an_end() {
    assert_eq!(Enrolled::from_bytes(&ENROLLED).expect("read").to_bytes(), *ENROLLED);
    assert_eq!(MatchFile::from_bytes(&MATCH).expect("read").to_bytes(), *MATCH);
    assert_eq!(*Template::from_bytes(&SECRET).expect("read").to_bytes(), *SECRET);
    let longer = |bytes: &[u8]| [bytes, &[0]].concat();
    assert!(matches!(Enrolled::from_bytes(&longer(&ENROLLED)), Err(BadFile { fault: Fault::TooLong, .. })));
    assert!(matches!(MatchFile::from_bytes(&longer(&MATCH)), Err(BadFile { fault: Fault::TooLong, .. })));
    assert!(matches!(Template::from_bytes(&longer(&SECRET)), Err(BadTemplate::Damaged)));
    for n in (0..ENROLLED.len()).step_by(61).chain([ENROLLED.len() - 1]) {
        assert!(Enrolled::from_bytes(&ENROLLED[..n]).is_err(), "enrolled face cut to {n}");
    }
    for n in (0..MATCH.len()).step_by(61).chain([MATCH.len() - 1]) {
        assert!(MatchFile::from_bytes(&MATCH[..n]).is_err(), "match cut to {n}");
    }
    for n in (0..SECRET.len()).step_by(61).chain([SECRET.len() - 1]) {
        assert!(Template::from_bytes(&SECRET[..n]).is_err(), "template cut to {n}");
    }
}

#[test]
fn other_kinds_and_versions_are_named() {
    let newer = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[8] += 1;
        bytes
    };
    assert!(matches!(Enrolled::from_bytes(&newer(&ENROLLED)), Err(BadFile { fault: Fault::Version(2), .. })));
    assert!(matches!(MatchFile::from_bytes(&newer(&MATCH)), Err(BadFile { fault: Fault::Version(2), .. })));
    assert!(matches!(Template::from_bytes(&newer(&SECRET)), Err(BadTemplate::Version(2))));
    assert!(matches!(Enrolled::from_bytes(&MATCH), Err(BadFile { fault: Fault::Kind, .. })));
    assert!(matches!(MatchFile::from_bytes(&ENROLLED), Err(BadFile { fault: Fault::Kind, .. })));
    assert!(matches!(Template::from_bytes(&ENROLLED), Err(BadTemplate::NotATemplate)));
    assert!(matches!(Enrolled::from_bytes(&[]), Err(BadFile { fault: Fault::Kind, .. })));
}

#[test]
fn a_short_template_that_announces_much_costs_nothing() {
    let head = &SECRET[..14 + ENROLLED.len()];
    let start = Instant::now();
    for _ in 0..100 {
        for counts in [[u32::MAX, 0], [1 << 30, 1 << 30], [0, u32::MAX]] {
            let file = sealed([head, &counts[0].to_le_bytes()[..], &counts[1].to_le_bytes()].concat());
            assert!(matches!(Template::from_bytes(&file), Err(BadTemplate::Damaged)));
        }
    }
    assert!(start.elapsed() < Duration::from_secs(30));
    // None of either is read, and refused where it is used.
    let file = sealed([head, &[0; 8][..]].concat());
    let empty = Template::from_bytes(&file).expect("read");
    assert!(matches!(compare(&anna(1), &MODEL, &empty, 97), Err(FaceError::Template)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn changed_files_are_read_or_refused(changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..6), near in any::<bool>()) {
        let change = |bytes: &[u8]| overwritten(bytes, &changes, near);
        if let Ok(enrolled) = Enrolled::from_bytes(&change(&ENROLLED)) {
            prop_assert_eq!(enrolled.to_bytes(), change(&ENROLLED));
        }
        if let Ok(matched) = MatchFile::from_bytes(&change(&MATCH)) {
            prop_assert_eq!(matched.to_bytes(), change(&MATCH));
        }
        let secret = sealed(change(&SECRET[..SECRET.len() - 32]));
        if let Ok(template) = Template::from_bytes(&secret) {
            prop_assert_eq!(&*template.to_bytes(), &secret);
        }
    }
}

#[test]
fn changed_files_are_refused_by_a_check() {
    let (enrolled, matched) = (TEMPLATE.enrolled(), MatchFile::from_bytes(&MATCH).expect("a match"));
    for at in (10..MATCH.len()).step_by(499) {
        let mut bytes = MATCH.clone();
        bytes[at] ^= 4;
        if let Ok(other) = MatchFile::from_bytes(&bytes) {
            refused(&check(&other, enrolled, MODEL.card()));
        }
    }
    for at in (10..ENROLLED.len()).step_by(499) {
        let mut bytes = ENROLLED.clone();
        bytes[at] ^= 4;
        if let Ok(other) = Enrolled::from_bytes(&bytes) {
            let report = verify_enrolled(&other, MODEL.card(), &trust()).expect("parameters");
            refusal(report.verdict, &report.findings);
            assert_eq!(refused(&check(&matched, &other, MODEL.card())), "enrolled");
        }
    }
}
