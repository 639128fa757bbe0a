//! Lists of edits that are hardly edits: JSON that takes far more memory than bytes.

use crate::files::{Pair, Workshop, words};
use crate::honest::Sizes;
use crate::shapes::Shape;

/// What a proof file's list of edits may have, in bytes.
const LONGEST: usize = 64 << 20;

/// Their shapes.
pub(crate) fn shapes() -> Vec<Shape> {
    let shape = |name, what, make| Shape { name, what, make };
    vec![
        shape("json-arrays", "64 MB of empty lists", |w| bomb(w, "[],")),
        shape("json-lists", "64 MB of lists of one number", |w| bomb(w, "[0],")),
        shape("json-objects", "64 MB of objects of one key", |w| bomb(w, "{\"\":0},")),
        shape("json-numbers", "64 MB of numbers", |w| bomb(w, "0,")),
        shape("json-texts", "64 MB of texts", |w| bomb(w, "\"\",")),
        shape("json-lists-of-lists", "64 MB of lists in lists, 100 deep", |w| bomb(w, &format!("{}{},", "[".repeat(100), "]".repeat(100)))),
        shape("json-keys", "64 MB of keys of one object", keys),
        shape("json-kernel", "a kernel of 64 MB", |w| {
            let list = "[0],".repeat(LONGEST / 4 - 64);
            text(w, &format!("{{\"edits\":[{{\"divisor\":1,\"kernel\":[{list}[0]],\"op\":\"convolve\"}}],\"zkimg\":1}}"))
        }),
        shape("json-deep", "64 MB of opening brackets", |w| text(w, &"[".repeat(LONGEST))),
        shape("json-name", "an edit with a name of 64 MB", |w| {
            text(w, &format!("{{\"edits\":[{{\"op\":\"{}\"}}],\"zkimg\":1}}", "-".repeat(LONGEST - 64)))
        }),
        shape("json-value", "a parameter of 64 MB", |w| {
            let list = "[],".repeat(LONGEST / 3 - 64);
            text(w, &format!("{{\"edits\":[{{\"op\":\"contrast\",\"factor\":[{list}0]}}],\"zkimg\":1}}"))
        }),
    ]
}

/// One link on a small picture, whose edits are this text.
fn text(workshop: &mut Workshop, text: &str) -> Pair {
    workshop.texts(&Sizes::hidden(1, 16, 16, 1, 1), &[text.to_owned()], 8)
}

/// A list of edits that repeats an item.
fn items(item: &str) -> String {
    let items = item.repeat((LONGEST - 64) / item.len());
    format!("{{\"edits\":[{items}0],\"zkimg\":1}}")
}

fn bomb(workshop: &mut Workshop, item: &str) -> Pair {
    text(workshop, &items(item))
}

fn keys(workshop: &mut Workshop) -> Pair {
    let keys: Vec<String> = (0..LONGEST / 13).map(|i| format!("\"{i:x}\":0,")).collect();
    text(workshop, &format!("{{{}\"zkimg\":1}}", keys.concat()))
}

/// A recipe file for `edit`.
pub(crate) fn recipe_file(workshop: &mut Workshop) -> Pair {
    let sizes = Sizes::published(1, 16, 16, 1);
    let png = workshop.honest(&sizes).published.clone();
    workshop.write("honest.json", b"{\"edits\":[{\"factor\":\"1.15\",\"op\":\"contrast\"}],\"zkimg\":1}");
    let of = |recipe| ["edit", &png, "--recipe", recipe, "--out", "edited.png", "--force"];
    workshop.pair("hostile.json", items("{\"\":0},").as_bytes(), &of("hostile.json"), words(&of("honest.json")))
}
