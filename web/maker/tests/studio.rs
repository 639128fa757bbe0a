//! The editor without WebAssembly: what it begins with, what it shows, what it refuses.
#![allow(clippy::indexing_slicing, reason = "a test may stop")]

use serde_json::{Value, json};
use zkimg_maker::{Made, Studio};
use zkimg_pipeline::edits::KINDS;
use zkimg_pipeline::{Dims, Picture, Recipe, encode_png, preview};

fn answer(made: &Made) -> Value {
    serde_json::from_str(&made.answer).expect("JSON")
}

fn picture(channels: usize, height: usize, width: usize) -> Picture {
    let dims = Dims::new(channels, height, width).expect("dims");
    Picture::new(dims, (0..dims.cells()).map(|i| (i * 37 % 251) as u8).collect()).expect("a picture")
}

fn opened(picture: &Picture) -> Studio {
    let mut studio = Studio::new();
    let opened = answer(&studio.open(&encode_png(picture), &[]));
    assert_eq!((opened["kind"].as_str(), opened["size"]["width"].as_u64()), (Some("photo"), Some(picture.dims().width as u64)));
    studio
}

#[test]
fn every_kind_begins_with_what_fits_and_is_shown_as_the_pipeline_makes_it() {
    for (channels, height, width) in [(3, 1, 1), (3, 5, 7), (1, 9, 4), (3, 600, 900)] {
        let picture = picture(channels, height, width);
        let studio = opened(&picture);
        for kind in KINDS.iter().filter(|kind| kind.name != "overlay") {
            let begun = answer(&studio.begin(&json!({"op": kind.name, "edits": []}).to_string()));
            let Some(edit) = begun.get("edit") else {
                assert!(channels == 1 && begun["error"].as_str().is_some_and(|error| error.starts_with(kind.name)), "{begun}");
                continue;
            };
            let text = json!({"zkimg": 1, "edits": [edit]}).to_string();
            let made = studio.preview(&text);
            let said = answer(&made);
            let edited = preview(&picture, &Recipe::from_json(&text).expect("a recipe")).expect(kind.name);
            let (dims, cells) = (edited.dims(), edited.cells());
            let plane = dims.width * dims.height;
            let pixel = |i: usize| [0, 1, 2].map(|c| cells[plane * c.min(dims.channels - 1) + i]);
            assert!(made.bytes.chunks_exact(4).enumerate().all(|(i, shown)| shown[..3] == pixel(i) && shown[3] == 255), "{edit}");
            assert_eq!(made.bytes.len(), 4 * plane);
            assert_eq!(said["edits"][0]["size"], json!({"width": dims.width, "height": dims.height, "channels": dims.channels}));
            let word = said["written"][0].as_str().expect("a word");
            let by_word = Recipe::from_words(&[word]).and_then(|recipe| recipe.resolve(*picture.dims())).expect(word);
            assert_eq!(json!(by_word.words()), json!([said["edits"][0]["words"]]));
        }
    }
}

#[test]
fn an_overlay_is_the_file_that_was_given_under_its_name() {
    let mut studio = opened(&picture(3, 5, 7));
    assert_eq!(answer(&studio.begin(r#"{"op": "overlay", "edits": []}"#))["edit"]["image"], "");
    let recipe = r#"{"zkimg": 1, "edits": [{"op": "overlay", "image": "logo.png", "x": 1, "y": 1}]}"#;
    let error = |made: &Made| answer(made)["error"].as_str().unwrap_or_default().to_owned();
    assert!(error(&studio.preview(recipe)).contains("cannot read logo.png"));
    studio.lay("logo.png", encode_png(&picture(3, 2, 2)));
    let said = answer(&studio.preview(recipe));
    assert_eq!((said["edits"][0]["words"].as_str(), &said["written"]), (Some("a picture of 2 × 2 laid over it at 1, 1"), &Value::Null));
    studio.lay("logo.png", b"nothing".to_vec());
    assert!(error(&studio.preview(recipe)).starts_with("edit 1: overlay: "));
}

#[test]
fn what_cannot_be_done_is_a_sentence_and_leaves_nothing_open() {
    let mut studio = Studio::new();
    let recipe = r#"{"zkimg": 1, "edits": []}"#;
    let error = |made: &Made| answer(made)["error"].as_str().unwrap_or_default().to_owned();
    for made in [studio.preview(recipe), studio.prove(recipe), studio.begin(r#"{"op": "crop", "edits": []}"#)] {
        assert!(error(&made).contains("there is no picture yet"));
    }
    studio = opened(&picture(3, 5, 7));
    assert!(error(&studio.prove(recipe)).starts_with("a photo alone"));
    assert!(error(&studio.open(b"zkimgneg and no more", &[])).contains("negative"));
    assert!(error(&studio.preview(recipe)).contains("there is no picture yet"));
    for question in ["", "[]", r#"{"op": "sepia", "edits": []}"#, r#"{"op": "crop"}"#] {
        assert!(!error(&opened(&picture(3, 5, 7)).begin(question)).is_empty(), "{question}");
    }
}
