//! The shapes: each asks for much in few bytes, in one way.

use crate::edits::{
    blur, comb, crop, curve, divided, flip, gamma, kernel, luma, multiple, overlay, pixelate, resize, scaled, sharpen, turn, white_balance,
};
use crate::files::{Pair, Workshop, argument, link, proof_file, recipe, words};
use crate::honest::Sizes;
use crate::{others, pictures, recipes};

/// One way to make a verifier work.
pub(crate) struct Shape {
    pub name: &'static str,
    /// In a few words.
    pub what: &'static str,
    /// Makes the files.
    pub make: fn(&mut Workshop) -> Pair,
}

/// More points than the arguments on small pictures have.
const POINTS: usize = 1 << 12;
/// And on those of 32768×32.
const WIDE: usize = 1 << 14;

/// All of them.
pub(crate) fn all() -> Vec<Shape> {
    let shape = |name, what, make| Shape { name, what, make };
    let mut all = vec![
        shape("combs", "32 redactions of 1023 boxes on 32768×32", |w| combs(w, 1, 32, (31, 15))),
        shape("combs-2", "2 of them", |w| combs(w, 1, 2, (31, 15))),
        shape("combs-64-links", "64 links of 32 redactions of 1023 boxes on 64×64", |w| {
            repeat(w, Sizes::hidden(1, 64, 64, 64, 32), POINTS, |i| comb(64, 64, 31, 15, i))
        }),
        shape("combs-crossed", "combs that stand, on combs that lie: thousands of pairs of boxes on 32768×32", |w| {
            repeat(w, Sizes::hidden(1, 32, 32768, 1, 32), WIDE, |i| {
                if i % 2 == 0 { comb(32768, 32, 63, 0, i) } else { comb(32768, 32, 0, 15, i) }
            })
        }),
        shape("combs-turned", "combs and quarter turns, 512×512", |w| {
            repeat(w, Sizes::hidden(1, 512, 512, 1, 32), POINTS, |i| if i % 2 == 0 { comb(512, 512, 31, 15, i) } else { turn() })
        }),
        shape("combs-balanced", "a comb and another white balance, again and again, 512×512 in colour", |w| {
            repeat(w, Sizes::hidden(3, 512, 512, 1, 32), POINTS, |i| if i % 2 == 0 { comb(512, 512, 31, 4, i) } else { white_balance(i) })
        }),
        shape("combs-shown", "a comb that stands, on a published picture of 4096×2048", |w| {
            shown(w, &Sizes::published(1, 2048, 4096, 1), |_| comb(4096, 2048, 63, 1, 1))
        }),
        shape("redact-refused", "a redaction of 16000 boxes on 32768×128, one too many", |w| {
            repeat(w, Sizes::hidden(1, 128, 32768, 1, 1), POINTS, |_| comb(32768, 128, 32, 32, 0))
        }),
        shape("tables", "31 tables of 2^20 entries on one pixel", |w| tables(w, 1)),
        shape("tables-4-links", "4 such links", |w| tables(w, 4)),
        shape("table-boxes", "a table of 2^20 entries, cut into 1023 boxes, then 8 tone curves", |w| table_boxes(w, 10)),
        shape("table-boxes-2", "the same with 2 tone curves", |w| table_boxes(w, 4)),
        shape("ranges", "4 links of 32 divisions by other divisors near 2^16, 16×16", |w| {
            repeat(w, Sizes::hidden(1, 16, 16, 4, 32), 2 * POINTS, |i| scaled(65536 - i))
        }),
        shape("ranges-limbs", "4 links of 32 divisions by other multiples of 2^16 near 2^32, 16×16", |w| {
            repeat(w, Sizes::hidden(1, 16, 16, 4, 32), 2 * POINTS, |i| divided((65536 - i) << 16))
        }),
        shape("limbs", "4 links of 20 divisions by divisors near 2^40, of four limbs each, 16×16", |w| {
            repeat(w, Sizes::hidden(1, 16, 16, 4, 20), 2 * POINTS, |i| divided((1 << 40) - 1 - i))
        }),
        shape("flips", "31 flips of a pixelation by 256, 32768×1", |w| flips(w, 1)),
        shape("flips-4-links", "4 such links", |w| flips(w, 4)),
        shape("kernel-wide", "one filter of 63×63 without pattern on 32768×1", |w| {
            repeat(w, Sizes::hidden(1, 1, 32768, 1, 1), POINTS, |_| kernel(63, 1))
        }),
        shape("kernel-2-links", "two of them, a link each", |w| repeat(w, Sizes::hidden(1, 1, 32768, 2, 1), POINTS, |_| kernel(63, 1))),
        shape("kernel-crop", "the same and a crop", |w| {
            let sizes = Sizes::hidden(1, 1, 32768, 1, 2).to(32767, 1);
            repeat(w, sizes, POINTS, |i| if i == 0 { kernel(63, 1) } else { crop(32767, 1) })
        }),
        shape("kernel-flips", "a filter of 31×31 on 32768×1, and 31 flips", |w| {
            repeat(w, Sizes::hidden(1, 1, 32768, 1, 32), POINTS, |i| if i == 0 { kernel(31, 1) } else { flip() })
        }),
        shape("kernels", "64 links of 32 filters of 63×63 on 64×64", |w| {
            repeat(w, Sizes::hidden(1, 64, 64, 64, 32), POINTS, |i| kernel(63, i))
        }),
        shape("kernels-tiny", "8 links of 32 such filters on 16×16", |w| {
            repeat(w, Sizes::hidden(1, 16, 16, 8, 32), POINTS, |i| kernel(63, i))
        }),
        shape("enlarged-kernel", "8×8 by nearest to 16384×16384, a filter of 63×63, back to 8×8", |w| {
            let edits = [resize(16384, 16384, "nearest"), kernel(63, 1), crop(8, 8)];
            repeat(w, Sizes::hidden(1, 8, 8, 1, 3), POINTS, |i| edits[i].clone())
        }),
        shape("enlarged-kernels", "4 links of that with filters of 31×31, four times over", |w| {
            let edits = [resize(16384, 16384, "nearest"), kernel(31, 1), crop(8, 8)];
            repeat(w, Sizes::hidden(1, 8, 8, 4, 12), POINTS, |i| edits[i % 3].clone())
        }),
        shape("enlarged-64", "64 links: to 16384×16384 and back, 16 times, without the points for it", |w| {
            repeat(w, Sizes::hidden(1, 64, 64, 64, 32), 64, |i| {
                if i % 2 == 0 { resize(16384, 16384, "bilinear") } else { resize(64, 64, "bilinear") }
            })
        }),
        shape("enlarged-rows", "8 links: to 16384×16384 and back, with all rows between as points", |w| {
            let points = (1 << 18) + (1 << 10);
            repeat(w, Sizes::hidden(1, 16, 16, 8, 2), points, |i| {
                if i == 0 { resize(16384, 16384, "bilinear") } else { resize(16, 16, "bilinear") }
            })
        }),
        shape("lanczos", "32 resizes between 16384×1 and 16383×1", |w| lanczos(w, 1)),
        shape("lanczos-8-links", "8 such links", |w| lanczos(w, 8)),
        shape(
            "lanczos-enlarged",
            "8 links of 31 resizes between 16384×16384 and 16383×16383, and one back to 16×16, without the points for it",
            |w| {
                let size = |i| if i < 31 { 16383 + i % 2 } else { 16 };
                repeat(w, Sizes::hidden(1, 16, 16, 8, 32), 64, |i| resize(size(i), size(i), "lanczos3"))
            },
        ),
        shape("overlays", "32 overlays of 512 rows of alpha on 512×512", |w| overlays(w, 512, 1, 32)),
        shape("overlays-wide", "8 overlays of 2×512 pixels with 512 rows of alpha on 8192×512", |w| overlays(w, 8192, 1, 8)),
        shape("blocks", "32 pixelations, blocks of 120 and of 1 in turn, 32768×32", |w| {
            repeat(w, Sizes::hidden(1, 32, 32768, 1, 32), WIDE, |i| {
                pixelate(i, 0, 32768 - 64, 32 - i % 8, if i % 2 == 0 { 120 } else { 1 })
            })
        }),
        shape("blocks-15", "15 pixelations by 256 of all of 32768×1", |w| {
            repeat(w, Sizes::hidden(1, 1, 32768, 1, 15), WIDE, |_| pixelate(0, 0, 32768, 1, 256))
        }),
        shape("gammas", "64 links of 32 gammas, 64×64", |w| repeat(w, Sizes::hidden(1, 64, 64, 64, 32), POINTS, gamma)),
        shape("blurs", "32 blurs over 61 cells, 32768×1", |w| repeat(w, Sizes::hidden(1, 1, 32768, 1, 32), WIDE, |_| blur())),
        shape("sharpenings", "32 sharpenings, 256×256 in colour", |w| repeat(w, Sizes::hidden(3, 256, 256, 1, 32), WIDE, |_| sharpen())),
        shape("padding", "15 links with arguments of 16 MB, 16×16", |w| repeat(w, Sizes::hidden(1, 16, 16, 15, 1), 1 << 19, gamma)),
        shape("long-file", "256 MB that begin as a proof file", |w| {
            let honest = w.honest(&Sizes::hidden(1, 16, 16, 1, 1));
            let (mut file, partner) = (honest.file.to_bytes(), words(&["verify", &honest.proof]));
            file.truncate(12);
            file.resize(256 << 20, 0);
            w.pair("hostile.zkimg", &file, &["verify", "hostile.zkimg"], partner)
        }),
        shape("overlay-large", "an overlay of 4096×2900, of which 16×16 lie on the picture", |w| {
            w.chain(&Sizes::hidden(3, 16, 16, 1, 1), &[vec![overlay(4096, 2900, 0)]], POINTS)
        }),
        shape("tensors", "16 links of 32 sharpenings of one pixel of 64×64", |w| {
            repeat(w, Sizes::hidden(1, 64, 64, 16, 32).to(1, 1), POINTS, |i| if i == 0 { crop(1, 1) } else { sharpen() })
        }),
        shape("tensors-colour", "4 links of 32 changes of colour space, 64×64", |w| {
            repeat(w, Sizes::hidden(3, 64, 64, 4, 32), POINTS, |i| luma(i % 2 == 1))
        }),
        shape("one-false", "16 honest links, from 4096×2732 to 64×64, one with a false opening", one_false),
        shape("curves", "64 links of 32 tone curves on 64×64", |w| repeat(w, Sizes::hidden(1, 64, 64, 64, 32), POINTS, curve)),
    ];
    all.extend(recipes::shapes());
    all.extend(pictures::shapes());
    all.extend(others::shapes());
    all
}

/// Every link the same: edit `i` is `edit(i)`.
fn repeat(workshop: &mut Workshop, sizes: Sizes, points: usize, edit: impl Fn(usize) -> String) -> Pair {
    let link: Vec<String> = (0..sizes.edits).map(edit).collect();
    workshop.chain(&sizes, &vec![link; sizes.links], points)
}

fn combs(workshop: &mut Workshop, links: usize, edits: usize, (upright, lying): (usize, usize)) -> Pair {
    repeat(workshop, Sizes::hidden(1, 32, 32768, links, edits), WIDE, |i| comb(32768, 32, upright, lying, i))
}

/// Every box of a published picture is a pass over its rows.
fn shown(workshop: &mut Workshop, sizes: &Sizes, edit: impl Fn(usize) -> String) -> Pair {
    let honest = workshop.honest(sizes);
    let digest = honest.file.links()[0].picture_digest().expect("a published picture");
    let (head, shown, png, proof) = (honest.head.clone(), [&[0], &digest[..]].concat(), honest.published.clone(), honest.proof.clone());
    let text = recipe(&(0..sizes.edits).map(edit).collect::<Vec<_>>());
    let file = proof_file(&head, &[link(&text, &argument(WIDE), &shown)]);
    workshop.pair("hostile.zkimg", &file, &["verify", &png, "hostile.zkimg"], words(&["verify", &png, &proof]))
}

fn tables(workshop: &mut Workshop, links: usize) -> Pair {
    let points = POINTS + (32 << 10);
    repeat(workshop, Sizes::hidden(1, 16, 16, links, 32).to(1, 1), points, |i| if i == 0 { crop(1, 1) } else { multiple(4000 + i, i) })
}

fn table_boxes(workshop: &mut Workshop, edits: usize) -> Pair {
    let edit = |i| match i {
        0 => multiple(4096, 0),
        1 => comb(128, 128, 31, 15, 0),
        _ => curve(i),
    };
    repeat(workshop, Sizes::hidden(1, 128, 128, 1, edits), 2 * POINTS, edit)
}

fn flips(workshop: &mut Workshop, links: usize) -> Pair {
    repeat(workshop, Sizes::hidden(1, 1, 32768, links, 32), WIDE, |i| if i == 0 { pixelate(0, 0, 32768, 1, 256) } else { flip() })
}

fn lanczos(workshop: &mut Workshop, links: usize) -> Pair {
    repeat(workshop, Sizes::hidden(1, 1, 16384, links, 32), POINTS, |i| resize(16383 + i % 2, 1, "lanczos3"))
}

fn overlays(workshop: &mut Workshop, width: usize, links: usize, edits: usize) -> Pair {
    repeat(workshop, Sizes::hidden(3, 512, width, links, edits), POINTS, |i| overlay(2, 512, i))
}

/// One equation that fails has every link's equations checked alone.
fn one_false(workshop: &mut Workshop) -> Pair {
    let honest = workshop.honest(&Sizes::hidden(3, 2732, 4096, 16, 1).to(64, 64));
    let (mut bytes, partner) = (honest.file.to_bytes(), words(&["verify", &honest.proof]));
    let last = bytes.len() - 32;
    bytes[last..].copy_from_slice(&argument(1));
    workshop.pair("hostile.zkimg", &bytes, &["verify", "hostile.zkimg"], partner)
}
