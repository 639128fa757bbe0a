//! Draws the sample pictures anew: `cargo run --release -p zkimg-picture --example samples [folder]`.
//!
//! They are drawings with the traits of photos (gradients, texture, grain, edges, text), so nobody's rights or
//! privacy are touched, and the same program always writes the same bytes.

mod camera;
mod draw;
mod font;

use draw::Canvas;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use std::path::Path;

type Failure = Box<dyn std::error::Error>;

/// 1280 × 720: houses, a road, a sign board.
fn street() -> Canvas {
    let mut c = Canvas::new(1280, 720, [96, 150, 214], [224, 226, 220]);
    c.ellipse(1080, 110, 52, 52, [255, 236, 170]);
    c.paint(|x, y, sky| {
        let cloud = (x / 90 * 37 + y / 23 * 53) % 100;
        (y < 230 && cloud > 82).then(|| draw::blend(sky, [245, 246, 248], 2, 5))
    });
    for (i, (x, width, top)) in [(0, 210, 190), (215, 180, 260), (400, 240, 150), (820, 190, 230), (1015, 265, 170)].into_iter().enumerate()
    {
        let wall = [[176, 120, 92], [196, 182, 150], [140, 148, 160], [204, 160, 110], [150, 104, 96]][i];
        c.rectangle(x, top, width, 560 - top, wall);
        for (row, y) in (top + 24..500).step_by(62).enumerate() {
            for (column, at) in (x + 18..x + width - 34).step_by(50).enumerate() {
                let lit = (row * 5 + column * 3 + i) % 4 == 0;
                c.rectangle(at, y, 28, 40, if lit { [250, 226, 150] } else { [58, 70, 86] });
            }
        }
    }
    c.paint(|x, y, _| (y >= 560).then(|| draw::blend([112, 110, 108], [64, 64, 68], (y - 560) + (x - 640).abs() / 16, 200)));
    c.paint(|x, y, _| {
        let dash = y >= 570 && (y / 28) % 2 == 0 && (x - 640).abs() < 3 + (y - 560) / 14;
        dash.then_some([226, 222, 200])
    });
    c.rectangle(700, 250, 12, 330, [70, 72, 76]);
    c.rectangle(560, 240, 300, 84, [20, 74, 150]);
    c.rectangle(566, 246, 288, 72, [30, 92, 178]);
    c.text("STREET 42", 582, 264, 5, [250, 250, 250]);
    c.rectangle(430, 396, 170, 62, [44, 48, 58]);
    c.text("ZKIMG", 441, 409, 5, [240, 240, 236]);
    c.grain(9, 1);
    c
}

/// 400 × 600, upright: a head and shoulders before a wall.
fn portrait() -> Canvas {
    let mut c = Canvas::new(400, 600, [150, 168, 160], [92, 104, 110]);
    c.ellipse(200, 620, 190, 210, [52, 70, 120]);
    c.rectangle(168, 360, 64, 80, [206, 160, 132]);
    c.ellipse(200, 225, 122, 150, [70, 48, 36]);
    c.ellipse(200, 260, 100, 132, [222, 176, 148]);
    for x in [160, 240] {
        c.ellipse(x, 240, 20, 11, [246, 244, 240]);
        c.ellipse(x, 240, 9, 9, [60, 84, 76]);
    }
    c.ellipse(200, 286, 12, 22, [206, 156, 130]);
    c.ellipse(200, 336, 40, 12, [176, 84, 84]);
    c.text("ZKIMG", 140, 540, 4, [236, 236, 240]);
    c.grain(7, 2);
    c
}

/// 321 × 243: rings and a text, for one channel and odd sides.
fn rings() -> Canvas {
    let mut c = Canvas::new(321, 243, [30, 30, 30], [190, 190, 190]);
    c.paint(|x, y, p| {
        let d = (x - 110) * (x - 110) + (y - 120) * (y - 120);
        (d < 9000).then(|| p.map(|v| (v + d / 24) % 256))
    });
    c.text("ZKIMG", 205, 108, 3, [250, 250, 250]);
    c.grain(8, 3);
    c
}

fn jpeg(path: &Path, canvas: &Canvas, orientation: u16) -> Result<(), Failure> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 85);
    encoder.set_exif_metadata(camera::block(orientation))?;
    encoder.write_image(&canvas.rgb(), canvas.width as u32, canvas.height as u32, ExtendedColorType::Rgb8)?;
    Ok(std::fs::write(path, file)?)
}

fn png(path: &Path, cells: &[u8], (width, height): (usize, usize), colour: ExtendedColorType) -> Result<(), Failure> {
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(cells, width as u32, height as u32, colour)?;
    Ok(std::fs::write(path, file)?)
}

fn main() -> Result<(), Failure> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../samples").into());
    let folder = Path::new(&folder);
    jpeg(&folder.join("street.jpg"), &street(), 1)?;
    jpeg(&folder.join("portrait.jpg"), &portrait().turned(), 6)?;
    png(&folder.join("grey.png"), &rings().grey(), (321, 243), ExtendedColorType::L8)?;
    png(&folder.join("tiny.png"), &[200, 30, 90], (1, 1), ExtendedColorType::Rgb8)
}
