//! Every edit once more, written from its definition and from nothing else: double loops over `i64`.

use serde_json::Value;

/// A planar picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub cells: Vec<u8>,
}

impl Picture {
    pub fn at(&self, c: usize, y: usize, x: usize) -> i64 {
        self.cells[(c * self.height + y) * self.width + x].into()
    }

    /// The cell, or the nearest one on the border.
    pub fn near(&self, c: usize, y: i64, x: i64) -> i64 {
        self.at(c, y.clamp(0, self.height as i64 - 1) as usize, x.clamp(0, self.width as i64 - 1) as usize)
    }

    pub fn build(channels: usize, height: usize, width: usize, cell: impl Fn(usize, usize, usize) -> i64) -> Picture {
        let mut cells = Vec::new();
        for c in 0..channels {
            for y in 0..height {
                for x in 0..width {
                    let value = cell(c, y, x);
                    assert!((0..=255).contains(&value), "a definition that leaves the bytes: {value}");
                    cells.push(value as u8);
                }
            }
        }
        Picture { channels, height, width, cells }
    }
}

pub fn clamp(v: i64) -> i64 {
    v.clamp(0, 255)
}

pub fn floor(a: i64, b: i64) -> i64 {
    a.div_euclid(b)
}

fn int(op: &Value, name: &str) -> i64 {
    op[name].as_i64().unwrap_or_else(|| panic!("no integer {name} in {op}"))
}

fn size(op: &Value, name: &str) -> usize {
    int(op, name) as usize
}

fn real(op: &Value, name: &str) -> i64 {
    let text = op[name].as_str().and_then(|text| text.strip_suffix("/65536"));
    text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no real {name} in {op}"))
}

/// What the edit, in canonical form, makes of a picture.
pub fn naive(op: &Value, p: &Picture) -> Picture {
    let (channels, height, width) = (p.channels, p.height, p.width);
    let same = |cell: &dyn Fn(usize, usize, usize) -> i64| Picture::build(channels, height, width, cell);
    let luma = |y, x| floor(19595 * p.at(0, y, x) + 38470 * p.at(1, y, x) + 7471 * p.at(2, y, x) + 32768, 65536);
    match op["op"].as_str().expect("a name") {
        "crop" => {
            let (left, top) = (size(op, "x"), size(op, "y"));
            Picture::build(channels, size(op, "height"), size(op, "width"), |c, y, x| p.at(c, top + y, left + x))
        }
        "flip" => match op["axis"].as_str() {
            Some("horizontal") => same(&|c, y, x| p.at(c, y, width - 1 - x)),
            _ => same(&|c, y, x| p.at(c, height - 1 - y, x)),
        },
        "contrast" => {
            let factor = real(op, "factor");
            same(&|c, y, x| clamp(floor((p.at(c, y, x) - 128) * factor + 128 * 65536 + 32768, 65536)))
        }
        "grayscale" => Picture::build(1, height, width, |_, y, x| luma(y, x)),
        other => panic!("write down what {other} means"),
    }
}
