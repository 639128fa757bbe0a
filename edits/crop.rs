//! `crop`: `y[c][j][i] = x[c][y + j][x + i]`.

use crate::integers::one;
use crate::language::{Area, Draft, Edit, EditError, Entry, Geometry, Kind, Rectangle, Size, area, integer};
use crate::placement::Frame;
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

static AREA: Area = area("columns kept", "rows kept");

/// The kind.
pub static KIND: Kind = Kind {
    name: "crop",
    summary: "keeps a rectangle",
    parameters: &[&AREA[0], &AREA[1], &AREA[2], &AREA[3]],
    example_word: "crop=640x480+320+120, crop=640x480 (in the middle), crop=50%x50%+10%+10% or crop=16:9",
    from_json: |fields| Ok(Box::new(Crop(Rectangle::read(&AREA, fields)?))),
    from_word,
    samples: |dims| {
        let (w, h) = (dims.width, dims.height);
        let crop = |x, y, width, height| Box::new(Crop(Rectangle { x, y, width, height })) as Box<dyn Edit>;
        vec![crop(w / 3, h / 4, (w - w / 3).div_ceil(2), (h - h / 4).div_ceil(2)), crop(0, 0, w, h), crop(w - 1, h - 1, 1, 1)]
    },
};

/// The rectangle to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop(pub Rectangle);

impl Edit for Crop {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        self.0.entries()
    }

    fn words(&self) -> String {
        format!("cropped to {}", self.0)
    }

    fn value(&self) -> Option<String> {
        Some(self.0.written())
    }

    fn frame(&self, _input: Dims) -> Frame {
        Frame::beginning_at(self.0.x, self.0.y)
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        self.0.check(&KIND, input)?;
        one(Piece::linear(self.0.kept(input).map))
    }
}

/// `WxH+X+Y` or, centred, `WxH`, each a number or a percentage of the picture's side; or `A:B`, the largest centred rectangle of that shape.
fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let crop = move |rectangle: Rectangle, dims| {
        rectangle.check(kind, dims)?;
        Ok(Box::new(Crop(rectangle)) as Box<dyn Edit>)
    };
    if let Some(geometry) = Geometry::parse(word) {
        return Ok(Draft::new(move |dims| crop(geometry.of(dims), dims)));
    }
    if let Some(size) = Size::parse(word) {
        return Ok(Draft::new(move |dims| crop(centred(dims, size.of(dims)), dims)));
    }
    let part = |text: &str| integer(&text.into()).filter(|n| (1..=65536).contains(n)).map(|n| n as usize);
    let aspect = word.split_once(':').and_then(|(a, b)| Some((part(a)?, part(b)?)));
    let (a, b) = aspect.ok_or_else(|| kind.malformed(word))?;
    Ok(Draft::new(move |dims| crop(centred(dims, largest(dims, a, b)), dims)))
}

/// Columns and rows of the largest rectangle of `a : b`, at least one cell.
fn largest(dims: Dims, a: usize, b: usize) -> (usize, usize) {
    (dims.width.min(dims.height * a / b).max(1), dims.height.min(dims.width * b / a).max(1))
}

/// So many columns and rows in the middle, the odd cell to the right and below. What is larger than the picture begins at its edge.
fn centred(dims: Dims, (width, height): (usize, usize)) -> Rectangle {
    let before = |whole: usize, kept: usize| whole.saturating_sub(kept) / 2;
    Rectangle { x: before(dims.width, width), y: before(dims.height, height), width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn word(text: &str, width: usize, height: usize) -> Result<Value, EditError> {
        let dims = Dims::new(3, height, width).expect("dims");
        crate::parse_word(text)?.resolve(dims).map(|edit| edit.canonical())
    }

    fn crop(x: usize, y: usize, width: usize, height: usize) -> Value {
        Crop(Rectangle { x, y, width, height }).canonical()
    }

    #[test]
    fn words_are_resolved_to_integers() {
        assert_eq!(word("crop=640x480+320+120", 1920, 1080), Ok(crop(320, 120, 640, 480)));
        assert_eq!(word("crop=50%x50%+10%+10%", 1920, 1080), Ok(crop(192, 108, 960, 540)));
        assert_eq!(word("crop=12.5%x100%+0+0", 10, 7), Ok(crop(0, 0, 1, 7)));
        assert_eq!(word("crop=16:9", 1920, 1200), Ok(crop(0, 60, 1920, 1080)));
        assert_eq!(word("crop=1:1", 1920, 1080), Ok(crop(420, 0, 1080, 1080)));
        assert_eq!(word("crop=1:60000", 3, 5), Ok(crop(1, 0, 1, 5)));
        assert_eq!(word("crop=640x480", 1920, 1080), Ok(crop(640, 300, 640, 480)));
        assert_eq!(word("crop=50%x100%", 9, 7), Ok(crop(2, 0, 5, 7)));
        assert_eq!(word("crop=9x7", 9, 7), Ok(crop(0, 0, 9, 7)));
    }

    #[test]
    fn other_words_and_rectangles_outside_are_refused() {
        for text in [
            "crop",
            "crop=640x",
            "crop=ax1+0+0",
            "crop=ax1",
            "crop=-1x1",
            "crop=1x1+0",
            "crop=1x1+-1+0",
            "crop=0:1",
            "crop=1x1+0+0+0",
            "crop=1e3x1+0+0",
        ] {
            assert!(matches!(word(text, 9, 9), Err(EditError::Word { .. })), "{text}");
        }
        let error = word("crop=9x9+1+0", 9, 9).expect_err("too wide");
        assert_eq!(error.to_string(), "crop: width is 9, but must be from 1 to 8 to lie inside the picture of 9 × 9");
        let error = word("crop=10x9", 9, 9).expect_err("too wide");
        assert_eq!(error.to_string(), "crop: width is 10, but must be from 1 to 9 to lie inside the picture of 9 × 9");
        for text in ["crop=0x1", "crop=1x10", "crop=0x1+0+0", "crop=1x1+9+0", "crop=1x10+0+0", "crop=1x1+0+9"] {
            assert!(matches!(word(text, 9, 9), Err(EditError::Parameter { .. })), "{text}");
        }
    }
}
