//! The checks that the page asks for, without WebAssembly: questions, parameters, answers.
#![allow(clippy::indexing_slicing, reason = "a test may stop")]

use serde_json::{Value, json};
use std::path::Path;
use zkimg_pipeline::Part;
use zkimg_web::{Files, check};

fn pinned(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pinned").join(name)).expect("a pinned file")
}

fn question() -> Value {
    let camera = String::from_utf8(pinned("camera.pub")).expect("text");
    json!({"picture": "a.png", "proof": "a.zkimg", "cameras": [{"name": "my list", "pem": camera}], "people": [], "at": 1_790_000_000})
}

/// Asks, and gives the parameters that are missing.
fn ask(files: &Files<'_>, question: &Value) -> Value {
    let question = question.to_string();
    let answer = check(files, question.as_bytes());
    let Some(names) = answer["missing"].as_array() else { return answer };
    for name in names {
        let part = name.as_str().and_then(Part::named).expect("a part");
        part.give(&bytes(part)).expect("the right bytes");
    }
    check(files, question.as_bytes())
}

/// A part, cut out of its file as `docs/formats.md` has it.
fn bytes(part: Part) -> Vec<u8> {
    let file = |name: &str| std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("parameters");
    match part {
        Part::Points(m) => file("../group/parameters/generators.bin").into_iter().take(64 * (2 + (1 << m))).collect(),
        Part::Circuit(k) => {
            let length = |k: u32| 4 + 32 * (2 * (1 << k) + 2);
            file("../proof/parameters/halo2.bin").into_iter().skip((5..k).map(length).sum()).take(length(k)).collect()
        }
    }
}

#[test]
fn an_answer_has_the_report_the_page_and_the_file() {
    let (picture, proof) = (pinned("edited.png"), pinned("edited.zkimg"));
    let answer = ask(&Files { picture: &picture, proof: &proof }, &question());
    assert_eq!(answer["report"]["verdict"], "trusted", "{answer}");
    let [page, document] = ["page", "document"].map(|name| answer[name].as_str().expect("markup"));
    assert!(document.contains(page) && document.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("<bdi>a.png</bdi>") && page.contains("<bdi>&quot;my list&quot;</bdi>"), "{page}");
}

#[test]
fn a_notary_counts_by_their_own_list_alone() {
    let (picture, proof) = (pinned("edited.png"), pinned("notary.zkimg"));
    let files = Files { picture: &picture, proof: &proof };
    let notary = json!([{"name": "my notaries", "pem": String::from_utf8(pinned("notary.pub")).expect("text")}]);
    let ask = |name: &str| {
        let mut question = question();
        question["cameras"] = json!([]);
        question[name] = notary.clone();
        ask(&files, &question)
    };
    let answer = ask("notaries");
    assert_eq!(answer["report"]["verdict"], "trusted", "{answer}");
    let page = answer["page"].as_str().expect("markup");
    assert!(page.contains("<h2>The notary</h2>") && page.contains("<bdi>&quot;my notaries&quot;</bdi>"), "{page}");
    for (list, verdict) in [("cameras", "unchecked"), ("people", "untrusted")] {
        let answer = ask(list);
        assert_eq!(answer["report"]["verdict"], verdict, "{answer}");
        assert!(!answer["page"].as_str().expect("markup").contains("my notaries"));
    }
    let mut both = question();
    both["cameras"] = notary.clone();
    both["notaries"] = notary;
    assert!(crate::ask(&files, &both)["error"].as_str().is_some_and(|error| error.contains("list of notaries")));
}

#[test]
fn an_odd_question_is_a_sentence() {
    let (picture, proof) = (pinned("edited.png"), pinned("edited.zkimg"));
    let files = Files { picture: &picture, proof: &proof };
    let odd = [json!(null), json!({}), json!({"at": -1}), json!([question()])];
    let extra = {
        let mut extra = question();
        extra["more"] = json!(1);
        extra
    };
    for question in odd.iter().chain([&extra]) {
        let answer = ask(&files, question);
        assert!(answer["error"].as_str().is_some_and(|error| error.contains("load it again")), "{answer}");
    }
    let mut private = question();
    private["people"] = json!([{"name": "<b>", "pem": "-----BEGIN PRIVATE KEY-----"}]);
    assert!(ask(&files, &private)["error"].as_str().is_some_and(|error| error.starts_with("the key <b>: ")));
}
