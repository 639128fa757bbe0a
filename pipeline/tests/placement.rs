//! Where a published picture lay in the original, told by its own pixels: those of the original say where they are.

mod support;

use support::*;
use zkimg_pipeline::edits::placement::{Area, Covering, Side};
use zkimg_pipeline::*;

/// Columns in the first channel, rows in the second; 255 in the third, which a cover takes away.
fn coded() -> Vec<u8> {
    picture_with(|i| {
        let (c, y, x) = (i / 117, i / 13 % 9, i % 13);
        [x as u8, y as u8, 255][c]
    })
}

#[test]
fn a_chain_lies_where_its_pixels_say() {
    let camera = SigningKey::generate().expect("a key");
    let negative = attested(&camera, &coded());
    let first = Work::new(&negative, &recipe(&["crop=10x7+2+1", "redact=3x2+1+4", "flip=horizontal"])).hand_on().expect("handed on");
    let second = recipe(&["rotate=90", "resize=14x20,nearest", "redact=1x1+0+0,4x4+10+16", "crop=12x18+0+2"]);
    let published = Work::new(&first.negative, &second).after(&first.proof).publish().expect("published");
    let report = verify(&published.picture, &published.proof, &trust(&camera)).expect("a report");
    assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");

    let placement = report.placement.expect("it was read");
    let (cells, dims) = (published.picture.cells(), *published.picture.dims());
    let cell = |c: usize, y: usize, x: usize| cells[(c * dims.height + y) * dims.width + x];
    // Rows of the picture follow the original's columns, from the right; its columns follow the rows, from below.
    assert_eq!((placement.up, placement.mirrored), (Side::Right, true));
    assert_eq!(placement.original, Area { x: 0.0, y: 0.0, width: 13.0, height: 9.0 });
    let seen = |c: usize| {
        let visible = (0..dims.height).flat_map(|y| (0..dims.width).map(move |x| (y, x))).filter(|(y, x)| cell(2, *y, *x) == 255);
        let values: Vec<u8> = visible.map(|(y, x)| cell(c, y, x)).collect();
        (f64::from(*values.iter().min().expect("pixels")), f64::from(*values.iter().max().expect("pixels")) + 1.0)
    };
    let part = placement.part;
    assert_eq!((part.x, part.x + part.width), seen(0));
    assert_eq!((part.y, part.y + part.height), seen(1));
    assert!((placement.share() - part.width * part.height / 117.0).abs() < 1e-9);

    // What is black in the picture is what is covered in the original, and the corner that was cut away afterwards is neither.
    assert!(placement.covered.iter().all(|cover| cover.with == Covering::Colour));
    assert_eq!(placement.covered.len(), 2, "{:?}", placement.covered);
    let black = cells[2 * dims.height * dims.width..].iter().filter(|blue| **blue == 0).count() as f64;
    let covered: f64 = placement.covered.iter().map(|cover| cover.area.width * cover.area.height).sum();
    let scale = (dims.width * dims.height) as f64 / (part.width * part.height);
    assert!((covered * scale - black).abs() < 1e-6, "{covered} of {scale} each, {black}");
}

#[test]
fn what_was_not_read_lies_nowhere() {
    let camera = SigningKey::generate().expect("a key");
    let published = prove(&attested(&camera, &coded()), &recipe(&["crop=3x3+0+0"])).expect("published");
    let other = trust(&SigningKey::generate().expect("a key"));
    let report = screen(published.proof.capture(), &other).expect("a stranger's");
    assert_eq!(report.placement, None);
    let json = serde_json::to_value(verify(&published.picture, &published.proof, &trust(&camera)).expect("a report")).expect("JSON");
    assert_eq!(json["placement"]["part"], serde_json::json!({"x": 0.0, "y": 0.0, "width": 3.0, "height": 3.0}));
    assert_eq!(json["placement"]["up"], "top");
    assert_eq!(json["links"][0]["words"], serde_json::json!(["cropped to 3 × 3 at 0, 0"]));
}
