//! Files of other kinds: lists of keys, negatives, recipes; and `inspect`, which reads a proof file without checking it.

use crate::edits::{comb, kernel, resize};
use crate::files::{Pair, Workshop, words};
use crate::honest::Sizes;
use crate::recipes;
use crate::shapes::Shape;
use zkimg_pipeline::{Dims, Recipe, SigningKey, Work};

/// Their shapes.
pub(crate) fn shapes() -> Vec<Shape> {
    let shape = |name, what, make| Shape { name, what, make };
    vec![
        shape("trust-repeated", "a list of 32 MB that repeats one camera", |w| {
            let key = SigningKey::generate().expect("a key").public().to_pem();
            trust(w, key.repeat((32 << 20) / key.len()).as_bytes())
        }),
        shape("trust-begun", "a list of 32 MB that begins keys and ends none", |w| {
            trust(w, &b"-----BEGIN PUBLIC KEY-----".repeat((32 << 20) / 26))
        }),
        shape("trust-long", "a key of 32 MB", |w| {
            let body = "A".repeat((32 << 20) - 64);
            trust(w, format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n").as_bytes())
        }),
        shape("inspect-lanczos", "inspect: 32 resizes between 16384×1 and 16383×1", |w| {
            let sizes = Sizes::hidden(1, 1, 16384, 8, 32);
            let link: Vec<String> = (0..32).map(|i| resize(16383 + i % 2, 1, "lanczos3")).collect();
            inspect(w.chain(&sizes, &vec![link; 8], 8))
        }),
        shape("inspect-kernel", "inspect: a filter of 63×63 on 32768×1", |w| {
            inspect(w.chain(&Sizes::hidden(1, 1, 32768, 1, 1), &[vec![kernel(63, 1)]], 8))
        }),
        shape("inspect-combs", "inspect: 64 links of 32 redactions of 1023 boxes on 64×64", |w| {
            let link: Vec<String> = (0..32).map(|i| comb(64, 64, 31, 15, i)).collect();
            inspect(w.chain(&Sizes::hidden(1, 64, 64, 64, 32), &vec![link; 64], 8))
        }),
        shape("inspect-key", "inspect: 64 MB that begin no key", inspect_key),
        shape("prove-after", "prove after a chain of enlargements", prove_after),
        shape("prove-negative", "prove from a damaged negative of 64 MB", prove_negative),
        shape("edit-recipe", "edit: a recipe of 64 MB of objects", recipes::recipe_file),
    ]
}

fn trust(workshop: &mut Workshop, list: &[u8]) -> Pair {
    let honest = workshop.honest(&Sizes::hidden(1, 16, 16, 1, 1)).proof.clone();
    workshop.pair("hostile.pub", list, &["verify", &honest, "--trust", "hostile.pub"], words(&["verify", &honest, "--trust", "camera.pub"]))
}

/// The same files, only looked at.
fn inspect(mut pair: Pair) -> Pair {
    [&mut pair.hostile, &mut pair.honest].into_iter().for_each(|words| words[0] = "inspect".into());
    pair
}

fn inspect_key(workshop: &mut Workshop) -> Pair {
    workshop.pair("hostile.bin", &b"BEGIN PUBLIC KE-".repeat(4 << 20), &["inspect", "hostile.bin"], words(&["inspect", "camera.pub"]))
}

/// `prove` reads the chain before it, whose last picture must be the negative's.
fn prove_after(workshop: &mut Workshop) -> Pair {
    let sizes = Sizes::hidden(1, 16, 16, 4, 32);
    let link: Vec<String> =
        (0..32).map(|i| if i % 2 == 0 { resize(16384, 16384, "bilinear") } else { resize(16, 16, "bilinear") }).collect();
    let contrast = Recipe::from_words(&["contrast=1.15"]).expect("a recipe");
    let dims = Dims::new(1, 16, 16).expect("dims");
    let first = Work::new(workshop.negative(dims, false), &contrast).hand_on().expect("proved");
    workshop.write("desk.negative", &first.negative.to_bytes());
    workshop.write("desk.zkimg", &first.proof.to_bytes());
    let mut pair = workshop.chain(&sizes, &vec![link; 4], 64);
    let of = |after| words(&["prove", "desk.negative", "--after", after, "--edit", "contrast=1.1", "--hidden", "--out", "next", "--force"]);
    (pair.hostile, pair.honest) = (of("hostile.zkimg"), of("desk.zkimg"));
    pair
}

fn prove_negative(workshop: &mut Workshop) -> Pair {
    let dims = Dims::new(1, 16, 16).expect("dims");
    let honest = workshop.negative(dims, false).to_bytes();
    workshop.write("honest.negative", &honest);
    let file = [&honest[..], &vec![0; 64 << 20]].concat();
    let of = |negative| ["prove", negative, "--edit", "contrast=1.1", "--out", "proved.png", "--force"];
    workshop.pair("hostile.negative", &file, &of("hostile.negative"), words(&of("honest.negative")))
}
