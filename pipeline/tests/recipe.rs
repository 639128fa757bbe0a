//! Texts that are no recipe, each refused by the check that is there for it.

use std::io::ErrorKind;
use std::path::Path;
use zkimg_pipeline::edits::EditError;
use zkimg_pipeline::{Dims, MAX_EDITS, Picture, Recipe, RecipeError, encode_png};
use zkimg_proof::commitment::row_bits;
use zkimg_proof::relation::{Output, Relation};

const FLIP: &str = r#"{"axis":"horizontal","op":"flip"}"#;

fn refused(text: &str) -> RecipeError {
    Recipe::from_json(text).expect_err(text)
}

#[test]
fn a_recipe_has_its_version_its_edits_and_nothing_else() {
    Recipe::from_json(&format!(r#"{{"edits":[{FLIP}],"zkimg":1}}"#)).expect("a recipe");
    for (text, what) in [
        ("[]".into(), "is no object"),
        (format!(r#"{{"edits":[{FLIP}]}}"#), "has no \"zkimg\": 1"),
        (format!(r#"{{"edits":[{FLIP}],"zkimg":2}}"#), "has no \"zkimg\": 1"),
        (format!(r#"{{"edits":[{FLIP}],"zkimg":"1"}}"#), "has no \"zkimg\": 1"),
        (r#"{"zkimg":1}"#.into(), "has no list \"edits\""),
        (format!(r#"{{"edits":{FLIP},"zkimg":1}}"#), "has no list \"edits\""),
        (format!(r#"{{"edit":[],"edits":[{FLIP}],"zkimg":1}}"#), "has other fields"),
        (format!(r#"{{"edits":[{FLIP}],"note":"x","zkimg":1}}"#), "has other fields"),
    ] {
        assert!(matches!(refused(&text), RecipeError::Form(form) if form == what), "{text}: {}", refused(&text));
    }
}

#[test]
fn a_recipe_has_so_many_edits_and_no_more() {
    let text = |n: usize| format!(r#"{{"edits":[{}],"zkimg":1}}"#, vec![FLIP; n].join(","));
    Recipe::from_json(&text(MAX_EDITS)).expect("as many as allowed");
    assert!(matches!(refused(&text(MAX_EDITS + 1)), RecipeError::TooMany(n) if n == MAX_EDITS + 1));
    let words = vec!["flip=horizontal"; MAX_EDITS + 1];
    Recipe::from_words(&words[1..]).expect("as many as allowed");
    assert!(matches!(Recipe::from_words(&words), Err(RecipeError::TooMany(_))));
}

/// The library opens no file: whoever has words that name one gives the bytes.
#[test]
fn files_that_words_name_are_read_by_the_caller() {
    let words = ["flip=horizontal", "overlay=logo.png+1+0"];
    let error = Recipe::from_words(&words).expect_err("nobody reads files");
    assert!(matches!(&error, RecipeError::Edit { number: 2, error: EditError::NotRead { path } } if path == Path::new("logo.png")));
    let picture =
        Picture::new(Dims { channels: 3, height: 2, width: 1 }, vec![7; 6]).map(|picture| encode_png(&picture)).expect("a picture");
    let recipe = Recipe::from_words_with(&words, &|_| Ok(picture.clone())).expect("read");
    assert_eq!(recipe.files().collect::<Vec<_>>(), [Path::new("logo.png")]);
    recipe.resolve(Dims { channels: 3, height: 4, width: 4 }).expect("it fits");
    let error = Recipe::from_words_with(&words, &|_| Err(ErrorKind::NotFound.into())).expect_err("no file");
    assert!(matches!(error, RecipeError::Edit { number: 2, error: EditError::File { kind: ErrorKind::NotFound, .. } }));
}

/// A filter's range is exact along rows alone: turned, it may seem to leave the table that was made for it, and then stays a step.
#[test]
fn a_filter_on_a_low_picture_can_be_turned() {
    for (width, height, kernel) in
        [(9, 2, "1,2,3/4,5,7/1,1,5:1:0:zero"), (9, 2, "1,5,-1/5,25,-5/-1,-5,1:3:0:zero"), (127, 2, "1,2,3/4,5,-7/1,1,5:9:3:zero")]
    {
        let dims = Dims { channels: 1, height, width };
        let edits = Recipe::from_words(&[format!("convolve={kernel}"), "rotate=90".into()])
            .and_then(|recipe| recipe.resolve(dims))
            .expect("it fits");
        let relation = Relation::compile(dims, row_bits(&dims), edits.steps(), Output::Revealed).expect(kernel);
        assert_eq!(relation.graph().nodes().len(), 2, "{kernel}");
    }
}
