//! What every registered edit must pass.

mod support;

use support::naive::naive;
use support::{Committed, check, dims, native, picture, relation};
use zkimg_edits::{Edit, KINDS, parse, parse_word, registry};
use zkimg_graph::graph::Kind;
use zkimg_graph::tensor::Dims;
use zkimg_group::field::Affine;
use zkimg_proof::relation::{Output, Relation};

/// One cell, one line, one column, odd sides, sides just beside powers of two; grey and colour.
fn shapes() -> impl Iterator<Item = Dims> {
    let sides = [(1, 1), (1, 7), (9, 1), (5, 3), (17, 12), (16, 33), (40, 31)];
    sides.into_iter().flat_map(|(h, w)| [dims(1, h, w), dims(3, h, w)])
}

/// A small picture on which every edit has samples.
const SMALL: (usize, usize, usize) = (3, 5, 6);

fn samples(d: Dims) -> impl Iterator<Item = Box<dyn Edit>> {
    KINDS.iter().flat_map(move |kind| (kind.samples)(d))
}

#[test]
fn steps_compute_the_definition() {
    for d in shapes() {
        for (i, edit) in samples(d).enumerate() {
            let p = picture(d, i as u64);
            assert_eq!(native(&*edit, &p), naive(&edit.canonical(), &p), "{} on {d:?}", edit.canonical());
        }
    }
}

#[test]
fn every_kind_has_samples() {
    for kind in KINDS {
        assert!((kind.samples)(dims(SMALL.0, SMALL.1, SMALL.2)).len() <= 12, "{}: keep the suite fast", kind.name);
        assert!(!(kind.samples)(dims(SMALL.0, SMALL.1, SMALL.2)).is_empty(), "{}", kind.name);
    }
}

#[test]
fn the_canonical_form_reads_back_and_its_keys_are_sorted() {
    for edit in shapes().flat_map(samples) {
        let canonical = edit.canonical();
        let read = parse(&canonical).expect("canonical");
        assert_eq!(read.canonical(), canonical);
        assert_eq!(registry::parse_text(&canonical.to_string()).expect("text").canonical(), canonical);
        let keys: Vec<&String> = canonical.as_object().expect("an object").keys().collect();
        assert!(keys.is_sorted(), "{keys:?}");
        assert!(!has_float(&canonical), "{canonical}");
    }
}

#[test]
fn what_people_write_reads_back() {
    for d in shapes() {
        for edit in samples(d) {
            assert_eq!(parse(&edit.plain()).expect("plain").canonical(), edit.canonical());
            let Some(word) = edit.written() else {
                assert_eq!(edit.kind().name, "overlay");
                continue;
            };
            assert!(!word.contains(char::is_whitespace), "{word}");
            let read = parse_word(&word).and_then(|draft| draft.resolve(d)).unwrap_or_else(|e| panic!("{word}: {e}"));
            assert_eq!(read.canonical(), edit.canonical(), "{word}");
        }
    }
}

fn has_float(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::Number(n) => n.is_f64(),
        serde_json::Value::Array(items) => items.iter().any(has_float),
        serde_json::Value::Object(map) => map.values().any(has_float),
        _ => false,
    }
}

#[test]
fn parameters_are_all_needed_and_no_others_are_taken() {
    for edit in samples(dims(SMALL.0, SMALL.1, SMALL.2)) {
        let canonical = edit.canonical();
        let full = canonical.as_object().expect("an object");
        for parameter in edit.kind().parameters {
            let mut less = full.clone();
            less.remove(parameter.name());
            assert_eq!(parse(&less.into()).is_err(), !parameter.optional(), "{canonical} without {}", parameter.name());
            for wrong in ["null", "true", "[]", "{}", "\"\"", "\"NaN\"", "\"1e3\"", "-1000000", "1e300", "\"abc\""] {
                let mut bad = full.clone();
                bad.insert(parameter.name().to_owned(), wrong.parse().expect("JSON"));
                let error = parse(&bad.into()).expect_err(wrong).to_string();
                assert!(error.contains(parameter.name()) && !error.contains('\n'), "{error}");
            }
        }
        let mut more = full.clone();
        more.insert("colour_of_the_sky".into(), 1.into());
        assert!(parse(&more.into()).is_err());
    }
}

#[test]
fn example_words_are_read_and_the_table_lists_every_kind() {
    let d = dims(3, 1080, 1920);
    for kind in KINDS {
        let name = kind.name.replace('_', "-");
        for word in kind.example_word.split(' ').filter(|w| w.starts_with(&name) && !w.contains('…') && !w.contains(".png")) {
            let word = word.trim_end_matches(',');
            let edit = parse_word(word).unwrap_or_else(|e| panic!("{word}: {e}"));
            assert_eq!(edit.resolve(d).expect(word).kind().name, kind.name);
        }
        assert!(registry::table().contains(&format!("\n| `{}` |", kind.name)));
    }
    let error = parse_word("contrats=1").expect_err("a misspelt name").to_string();
    assert_eq!(error, "there is no edit named \"contrats\"; did you mean \"contrast\"?");
}

/// One sample of each kind is proved and its proof refused for anything that differs.
#[test]
fn proofs_are_accepted_and_refused_for_anything_else() {
    let d = dims(SMALL.0, SMALL.1, SMALL.2);
    let p = picture(d, 5);
    let (committed, other) = (Committed::new(&p), Committed::new(&picture(d, 6)));
    for kind in KINDS {
        let edits = (kind.samples)(d);
        let edit = &*edits[0];
        let statement = relation(edit, d, Output::Revealed);
        let proved = committed.prove(&statement);
        assert_eq!(proved.pixels(), naive(&edit.canonical(), &p).cells, "{}", kind.name);
        let accepts = |statement: &Relation, rows: &[Affine], output: &[u8]| check(statement, rows, output, &proved.proof).is_ok();
        assert!(accepts(&statement, &committed.rows, proved.pixels()), "{}", kind.name);

        let mut changed = proved.pixels().to_vec();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        assert!(!accepts(&statement, &committed.rows, &changed), "{}: another pixel", kind.name);
        assert!(!accepts(&statement, &other.rows, proved.pixels()), "{}: another input", kind.name);
        let different = edits.iter().find(|other| other.canonical() != edit.canonical());
        if let Some(different) = different {
            let statement = relation(&**different, d, Output::Revealed);
            assert!(!accepts(&statement, &committed.rows, proved.pixels()), "{}: other parameters", kind.name);
        }
        let turned = dims(d.channels, d.width, d.height);
        if edit.steps(turned).is_ok() {
            let statement = relation(edit, turned, Output::Revealed);
            assert!(!accepts(&statement, &committed.rows, proved.pixels()), "{}: other dimensions", kind.name);
        }
    }
}

/// With the output hidden, its cells must be shown to be bytes: another path through the compiler.
#[test]
fn hidden_outputs_are_proved() {
    let d = dims(3, 4, 5);
    let committed = Committed::new(&picture(d, 7));
    for kind in KINDS {
        let edits = (kind.samples)(d);
        let statement = relation(&*edits[0], d, Output::Hidden(Kind::Picture));
        let proved = committed.prove(&statement);
        assert!(check(&statement, &committed.rows, &[], &proved.proof).is_ok(), "{}", kind.name);
    }
}
