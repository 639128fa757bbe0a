//! Where outputs lie and what is covered, against what the edits really do to a picture whose cells say where they are.

mod support;

use std::collections::BTreeSet;
use support::naive::Picture;
use support::{dims, native, picture};
use zkimg_edits::placement::{Area, Covering, Frame, Side};
use zkimg_edits::{Edit, KINDS, parse_word};
use zkimg_graph::tensor::Dims;

/// A picture whose cells hold their column and their row.
fn coded(d: Dims) -> Picture {
    let cell = |i: usize| {
        let (c, y, x) = (i / (d.height * d.width), i / d.width % d.height, i % d.width);
        [x, y, 0][c] as u8
    };
    Picture { channels: 3, height: d.height, width: d.width, cells: (0..d.cells()).map(cell).collect() }
}

fn shape(p: &Picture) -> Dims {
    dims(p.channels, p.height, p.width)
}

fn cell(p: &Picture, c: usize, y: usize, x: usize) -> u8 {
    p.cells[(c * p.height + y) * p.width + x]
}

/// The edits one after the other, and the frame of them all; `None` if one does not fit.
fn run(words: &[&str], start: &Picture) -> Option<(Picture, Frame)> {
    let mut p = Picture { cells: start.cells.clone(), ..*start };
    let mut frame = Frame::STILL;
    for word in words {
        let edit = parse_word(word).expect(word).resolve(shape(&p)).ok()?;
        frame = frame.after(&edit.frame(shape(&p)));
        p = native(&*edit, &p);
    }
    Some((p, frame))
}

/// The cell of the first picture in which the middle of an area lies.
fn middle(area: Area) -> (usize, usize) {
    const ROUNDING: f64 = 1e-9;
    ((area.x + area.width / 2.0 + ROUNDING) as usize, (area.y + area.height / 2.0 + ROUNDING) as usize)
}

fn one(x: usize, y: usize) -> Area {
    Area { x: x as f64, y: y as f64, width: 1.0, height: 1.0 }
}

/// Every way to turn, mirror and cut, two and three of them in a row, and a resize among them.
#[test]
fn each_cell_lies_where_it_came_from() {
    let moves = ["crop=60%x70%+20%+10%", "crop=50%x50%+0+50%", "flip=horizontal", "flip=vertical", "rotate=90", "rotate=180", "rotate=270"];
    let resizes = ["resize=7x5,nearest", "resize=40x33,nearest", "resize=200%,nearest", "resize=1x1,nearest"];
    let start = coded(dims(3, 17, 23));
    let mut checked = 0;
    for first in moves {
        for second in moves.iter().chain(&resizes).copied() {
            for third in moves {
                let words: Vec<&str> = [first, second, third].into();
                let Some((p, frame)) = run(&words, &start) else { continue };
                for y in 0..p.height {
                    for x in 0..p.width {
                        let found = (cell(&p, 0, y, x) as usize, cell(&p, 1, y, x) as usize);
                        assert_eq!(middle(frame.area(one(x, y))), found, "{words:?}: {x}, {y}");
                    }
                }
                checked += 1;
            }
        }
    }
    let all = moves.len() * moves.len() * (moves.len() + resizes.len());
    assert!(checked * 3 > all * 2, "{checked} of {all} chains fit");
}

/// Weighing filters do not move a picture: a ramp stays the same ramp.
#[test]
fn resized_ramps_lie_where_the_frame_says() {
    let start = coded(dims(3, 40, 60));
    for word in ["resize=30x20,bilinear", "resize=90x100,bilinear", "resize=45x30", "resize=120x80"] {
        let (p, frame) = run(&[word], &start).expect("it fits");
        for y in 8..p.height - 8 {
            for x in 8..p.width - 8 {
                let area = frame.area(one(x, y));
                let expected = [area.x + area.width / 2.0 - 0.5, area.y + area.height / 2.0 - 0.5];
                for (c, expected) in expected.into_iter().enumerate() {
                    assert!((f64::from(cell(&p, c, y, x)) - expected).abs() <= 1.0, "{word}: {x}, {y}");
                }
            }
        }
    }
}

#[test]
fn a_picture_knows_its_upper_side_and_its_mirror_image() {
    let start = coded(dims(3, 4, 6));
    for (words, up, mirrored) in [
        (&[][..], Side::Top, false),
        (&["crop=2x2+1+1", "resize=9x9"], Side::Top, false),
        (&["rotate=90"], Side::Left, false),
        (&["rotate=180"], Side::Bottom, false),
        (&["rotate=270"], Side::Right, false),
        (&["flip=horizontal"], Side::Top, true),
        (&["flip=vertical"], Side::Bottom, true),
        (&["flip=vertical", "rotate=90"], Side::Left, true),
        (&["flip=horizontal", "rotate=180", "flip=vertical"], Side::Top, false),
    ] {
        let (_, frame) = run(words, &start).expect("they fit");
        assert_eq!((frame.up(), frame.is_mirrored()), (up, mirrored), "{words:?}");
    }
}

fn samples(d: Dims) -> Vec<Box<dyn Edit>> {
    KINDS.iter().flat_map(|kind| (kind.samples)(d)).collect()
}

/// The whole output comes from inside the input; only a crop leaves some of that out.
#[test]
fn every_kind_says_where_its_whole_output_lies() {
    for d in [dims(3, 9, 14), dims(3, 16, 5), dims(1, 7, 7)] {
        for edit in samples(d) {
            let output = edit.steps(d).expect("steps").last().map_or(d, |step| step.output());
            let area = edit.frame(d).area(Area::whole(output.width, output.height));
            let whole = Area::whole(d.width, d.height);
            if edit.kind().name == "crop" {
                assert_eq!(area.within(&whole), Some(area), "{edit:?}");
            } else {
                assert!((area.share_of(&whole) - 1.0).abs() < 1e-9 && area.x.abs() < 1e-9 && area.y.abs() < 1e-9, "{edit:?}");
            }
        }
    }
}

/// An edit that covers something changes nothing else, and one that does not change everything covers something.
#[test]
fn covers_hold_all_that_is_changed() {
    let covering: BTreeSet<&str> = ["redact", "pixelate", "overlay"].into();
    for d in [dims(3, 9, 14), dims(3, 16, 5)] {
        let before = picture(d, 3);
        for edit in samples(d) {
            let covers = edit.covers(d);
            assert_eq!(!covers.is_empty(), covering.contains(edit.kind().name), "{edit:?}");
            if covers.is_empty() {
                continue;
            }
            let after = native(&*edit, &before);
            let within = |x: usize, y: usize| covers.iter().any(|cover| one(x, y).within(&cover.area) == Some(one(x, y)));
            for y in 0..d.height {
                for x in 0..d.width {
                    let cells = |p: &Picture| [0, 1, 2].map(|c| cell(p, c, y, x));
                    assert!(within(x, y) || cells(&before) == cells(&after), "{edit:?}: {x}, {y}");
                    if within(x, y) && covers[0].with == Covering::Colour {
                        assert_eq!(cells(&after), cells(&native(&*edit, &picture(d, 4))), "nothing of it is left: {edit:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_kind_has_words() {
    let d = dims(3, 1080, 1920);
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for (word, words) in [
        ("crop=640x480+320+120", "cropped to 640 × 480 at 320, 120"),
        ("flip=horizontal", "mirrored: left and right exchanged"),
        ("flip=vertical", "mirrored: top and bottom exchanged"),
        ("rotate=270", "turned clockwise by 270°"),
        ("resize=50%", "resized to 960 × 540 (lanczos3)"),
        ("contrast=1.15", "contrast +15 %"),
        ("contrast=0.5", "contrast −50 %"),
        ("contrast=1", "contrast unchanged"),
        ("brightness=20", "brighter by 20 of 255"),
        ("brightness=-20", "darker by 20 of 255"),
        ("brightness=0", "brightness unchanged"),
        ("gamma=0.45", "brighter, gamma 0.45"),
        ("gamma=2.2", "darker, gamma 2.2"),
        ("white-balance=1.08,1,0.93", "white balance: red +8 %, green unchanged, blue −7 %"),
        ("grayscale", "made grey"),
        ("rgb-to-ycbcr", "red, green and blue exchanged for brightness and two colour differences (YCbCr)"),
        ("ycbcr-to-rgb", "brightness and two colour differences (YCbCr) exchanged for red, green and blue"),
        ("convolve=0,-1,0/-1,5,-1/0,-1,0:1", "filtered with a kernel of 3 × 3"),
        ("blur=1.5", "blurred, with a standard deviation of 1.5 pixels"),
        ("sharpen=0.8", "sharpened by 0.8"),
        ("redact=200x80+40+60", "covered with black: 200 × 80 at 40, 60"),
        (
            "redact=1x1+0+0,1x2+1+0,1x3+2+0,1x4+3+0,1x5+4+0,#ff8000",
            "covered with the colour #ff8000: 1 × 1 at 0, 0; 1 × 2 at 1, 0; 1 × 3 at 2, 0; 1 × 4 at 3, 0, and 1 more",
        ),
        ("pixelate=200x80+40+60,16", "made blocks of 16 × 16 pixels: 200 × 80 at 40, 60"),
    ] {
        let edit = parse_word(word).and_then(|draft| draft.resolve(d)).expect(word);
        assert_eq!(edit.words(), words);
        met.insert(edit.kind().name);
    }
    let small = dims(3, 5, 6);
    for edit in samples(small) {
        let words = edit.words();
        assert!((4..200).contains(&words.len()) && !words.contains('\n'), "{words}");
        assert!(!words.contains(['<', '{', '"']), "words, not JSON: {words}");
        if ["curve", "overlay"].contains(&edit.kind().name) {
            met.insert(edit.kind().name);
        }
    }
    assert_eq!(met.len(), KINDS.len(), "{met:?}");
}
