//! `overlay`: a public picture laid over the hidden one, `⌊((255 − a)·x + a·o + 127) / 255⌋` with its alpha `a` and colour `o`.
//!
//! What hangs over the picture's border is cut off. The canonical form holds the overlay's pixels by value, so a verifier never reads a file. [`embed`] puts them in place of
//! a path in a recipe; the word reads its file at once.

mod png;

use crate::edit::{Draft, Edit, Kind, Parameter, needs_colour, object};
use crate::error::{EditError, shown};
use crate::fields::{Fields, integer};
use crate::rectangle::Rectangle;
use crate::words::{self, Length};
use base64ct::{Base64, Encoding};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zkimg_proof::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_proof::step::{Piece, Step};
use zkimg_proof::tensor::Dims;

/// The longest side of an overlay.
pub const MAX_SIDE: u32 = 4096;
/// The most different rows of alpha: each is a term of the map. The transparent columns of a row count too.
pub const MAX_ALPHA_ROWS: usize = 512;
/// Where an overlay may be put; further to the left or above, none lies on the picture.
const PLACES: std::ops::RangeInclusive<i64> = 1 - MAX_SIDE as i64..=1 << 26;

/// The kind.
pub static KIND: Kind = Kind {
    name: "overlay",
    summary: "blends a public picture over this one",
    parameters: &[
        Parameter::required(
            "image",
            "a PNG file in recipes and words; its pixels in proofs",
            "a PNG file, or an object of width, height and base64 rgba, of sides up to 4096 and 512 different rows of alpha",
        ),
        Parameter::required("x", "left edge, negative for left of the picture", "an integer such that some of the overlay lies on the picture"),
        Parameter::required("y", "upper edge, negative for above the picture", "an integer such that some of the overlay lies on the picture"),
    ],
    example_word: "overlay=logo.png+40+60 or overlay=logo.png-10+50%",
    from_json,
    from_word,
    samples: |dims| {
        let overlay = |x: i64, y: i64, width: usize, height: usize, alpha: fn(usize) -> usize| {
            let pixel = |i: usize| [i * 71 + 9, i * i + 200, i ^ 255, alpha(i)].map(|value| value as u8);
            let rgba = (0..width * height).flat_map(pixel).collect();
            Box::new(Overlay { x, y, width, height, rgba }) as Box<dyn Edit>
        };
        let (w, h) = (dims.width, dims.height);
        let [right, below] = [w, h].map(|side| i64::try_from(side).unwrap_or(0) - 1);
        let all = vec![
            overlay(right / 4, below / 3, w - w / 4, (h - h / 3).div_ceil(2), |i| i * 97),
            overlay(0, 0, w, h, |i| i * i * 13 + 40),
            overlay(right, 0, 1, h, |_| 255),
            overlay(0, below, w, 1, |_| 0),
            // Over each border, and over all of them.
            overlay(right, below, 3, 2, |i| i * 41),
            overlay(-1, -2, 2, 3, |i| i * 59),
            overlay(-2, -1, w + 3, h + 5, |i| i * 7),
        ];
        if dims.channels == 3 { all } else { Vec::new() }
    },
};

/// Where the overlay lies, which may be partly outside the picture, and its pixels: red, green, blue, alpha, row after row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    x: i64,
    y: i64,
    width: usize,
    height: usize,
    rgba: Arc<[u8]>,
}

/// The part of an overlay that lies on the picture.
struct Laid<'a> {
    rectangle: Rectangle,
    /// The pixels, row by row.
    rows: Vec<&'a [u8]>,
}

impl Overlay {
    /// A PNG picture with its upper left cell at `(x, y)`; fewer channels and 16 bits are converted.
    ///
    /// # Errors
    /// If it is not a PNG, or too large.
    pub fn from_png(bytes: &[u8], x: i64, y: i64) -> Result<Overlay, EditError> {
        let refuse = |reason: String| EditError::Image { path: "given".into(), reason };
        let (width, height, rgba) = png::read(bytes).map_err(refuse)?;
        let overlay = Overlay { x, y, width, height, rgba: rgba.into() };
        let rows = overlay.alpha_rows();
        if rows > MAX_ALPHA_ROWS {
            return Err(refuse(format!("it has {rows} different rows of alpha, at most {MAX_ALPHA_ROWS} can be proved")));
        }
        Ok(overlay)
    }

    fn read(path: &Path) -> Result<Overlay, EditError> {
        let refuse = |reason: String| EditError::Image { path: shown(&path.display().to_string()), reason };
        let bytes = std::fs::read(path).map_err(|e| {
            let reason = e.to_string();
            let reason = reason.split(" (os error").next().unwrap_or_default().to_owned();
            EditError::File { path: path.into(), kind: e.kind(), reason }
        })?;
        Overlay::from_png(&bytes, 0, 0).map_err(|e| match e {
            EditError::Image { reason, .. } => refuse(reason),
            other => other,
        })
    }

    /// The number of different rows of alpha.
    fn alpha_rows(&self) -> usize {
        let rows = self.rgba.chunks_exact(4 * self.width).collect();
        Laid { rectangle: Rectangle { x: 0, y: 0, width: self.width, height: self.height }, rows }.alpha_rows().len()
    }

    fn image(&self) -> Value {
        let rgba = Base64::encode_string(&self.rgba).into();
        object(vec![("width", self.width.into()), ("height", self.height.into()), ("rgba", rgba)])
    }

    /// What of the overlay lies on the picture; it is refused if nothing does.
    fn laid(&self, dims: Dims) -> Result<Laid<'_>, EditError> {
        let [rows, columns] = [("y", self.y, self.height, dims.height), ("x", self.x, self.width, dims.width)].map(
            |(parameter, at, length, side)| {
                // Start on the picture, start on the overlay, length.
                let (start, cut) = if at < 0 { (0, at.unsigned_abs() as usize) } else { (at as usize, 0) };
                let length = length.saturating_sub(cut).min(side.saturating_sub(start));
                if length > 0 { Ok((start, cut, length)) } else { Err((parameter, at)) }
            },
        );
        let outside = |(parameter, at): (&'static str, i64)| EditError::Parameter {
            edit: KIND.name,
            parameter,
            value: at.to_string(),
            allowed: format!(
                "such that some of the overlay of {} × {} lies on the picture of {} × {}",
                self.width, self.height, dims.width, dims.height
            ),
        };
        let (y, top, height) = rows.map_err(outside)?;
        let (x, left, width) = columns.map_err(outside)?;
        let rows = self.rgba.chunks_exact(4 * self.width).skip(top).take(height);
        let rows = rows.map(|row| &row[4 * left..4 * (left + width)]).collect();
        Ok(Laid { rectangle: Rectangle { x, y, width, height }, rows })
    }
}

impl Laid<'_> {
    /// What each row leaves of the picture, `255 − a`, without repetitions, and the rows that leave just this.
    fn alpha_rows(&self) -> Vec<(Vec<i32>, Vec<usize>)> {
        let mut found: Vec<(Vec<i32>, Vec<usize>)> = Vec::new();
        let mut known = std::collections::HashMap::new();
        for (y, row) in self.rows.iter().enumerate() {
            let left: Vec<i32> = row.chunks_exact(4).map(|pixel| 255 - i32::from(pixel[3])).collect();
            let at = *known.entry(left.clone()).or_insert(found.len());
            if at == found.len() {
                found.push((left, Vec::new()));
            }
            found[at].1.push(y);
        }
        found
    }

    /// `(255 − a)·x`, one term for each different row of alpha.
    fn map(&self, input: Dims) -> Result<LinearMap, EditError> {
        let r = &self.rectangle;
        let terms: Vec<Term> = self
            .alpha_rows()
            .into_iter()
            .filter(|(left, _)| left.iter().any(|weight| *weight != 0))
            .map(|(left, rows)| {
                let mut vertical = AxisMap::empty(input.height);
                for y in rows {
                    vertical.push_run(&[], y - vertical.outputs(), 0);
                    vertical.push(&[Tap { input: (r.y + y) as u32, weight: 1 }]);
                }
                vertical.push_run(&[], r.height - vertical.outputs(), 0);
                let mut horizontal = AxisMap::empty(input.width);
                for alike in left.chunk_by(|a, b| a == b) {
                    let first = Tap { input: (r.x + horizontal.outputs()) as u32, weight: alike[0] };
                    let taps = if first.weight == 0 { &[][..] } else { std::slice::from_ref(&first) };
                    horizontal.push_run(taps, alike.len(), i64::from(!taps.is_empty()));
                }
                Term {
                    mix: (0..3).map(|c| (0..3).map(|d| i32::from(c == d)).collect()).collect(),
                    vertical,
                    horizontal,
                }
            })
            .collect();
        if terms.is_empty() {
            return Ok(LinearMap::zero(input, Dims::new(3, r.height, r.width)?));
        }
        Ok(LinearMap::new(input, false, terms))
    }

    /// `a·o`, channel by channel.
    fn offsets(&self) -> Arc<[u16]> {
        let added = |c: usize| {
            self.rows.iter().flat_map(move |row| row.chunks_exact(4).map(move |p| u16::from(p[3]) * u16::from(p[c])))
        };
        (0..3).flat_map(added).collect()
    }
}

/// Replaces a path in an overlay's `image`, relative to `directory`, by the picture's pixels, and gives the file; leaves other edits alone.
///
/// For recipes, which their author trusts; never for proofs.
///
/// # Errors
/// If there is no usable PNG at the path.
pub fn embed(edit: &mut Value, directory: &Path) -> Result<Option<PathBuf>, EditError> {
    if edit.get("op").and_then(Value::as_str) != Some(KIND.name) {
        return Ok(None);
    }
    if let Some(image) = edit.get_mut("image")
        && let Some(path) = image.as_str()
    {
        let path = directory.join(path);
        *image = Overlay::read(&path)?.image();
        return Ok(Some(path));
    }
    Ok(None)
}

/// The file that a word such as `overlay=logo.png+40+60` names; `None` for other edits.
pub fn file_of_word(word: &str) -> Option<&Path> {
    let rest = word.strip_prefix(KIND.name)?.strip_prefix('=')?;
    let (rest, ..) = place(rest)?;
    let (file, ..) = place(rest)?;
    Some(Path::new(file))
}

/// The last `+Y` or `-Y` of a word: what stands before it, whether it is negative, and how far.
fn place(text: &str) -> Option<(&str, bool, Length)> {
    let (before, after) = text.split_at(text.rfind(['+', '-'])?);
    Some((before, after.starts_with('-'), Length::parse(after.get(1..)?)?))
}

fn from_json(fields: &Fields<'_>) -> Result<Box<dyn Edit>, EditError> {
    let given = fields.value("image")?;
    let overlay = (|| {
        let map = given.as_object().filter(|map| map.len() == 3)?;
        let side = |name| integer(map.get(name)?).filter(|n| (1..=i64::from(MAX_SIDE)).contains(n)).map(|n| n as usize);
        let (width, height) = (side("width")?, side("height")?);
        let rgba = Base64::decode_vec(map.get("rgba")?.as_str()?).ok().filter(|rgba| rgba.len() == 4 * width * height)?;
        let overlay = Overlay { x: 0, y: 0, width, height, rgba: rgba.into() };
        (overlay.alpha_rows() <= MAX_ALPHA_ROWS).then_some(overlay)
    })();
    let mut overlay = overlay.ok_or_else(|| fields.refuse("image", given))?;
    (overlay.x, overlay.y) = (fields.integer("x", PLACES)?, fields.integer("y", PLACES)?);
    Ok(Box::new(overlay))
}

/// `file.png+X+Y`, each with its own sign and perhaps in percent.
fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let refuse = || words::refuse(kind, word);
    let (before, up, y) = place(word).ok_or_else(refuse)?;
    let (file, to_the_left, x) = place(before).ok_or_else(refuse)?;
    let overlay = Overlay::read(Path::new(file))?;
    Ok(Draft::new(move |dims| {
        let signed = |length: Length, side, negative| {
            let size = i64::try_from(length.of(side)).unwrap_or(i64::MAX);
            if negative { -size } else { size }
        };
        let (x, y) = (signed(x, dims.width, to_the_left), signed(y, dims.height, up));
        let placed = Overlay { x, y, ..overlay.clone() };
        placed.laid(dims)?;
        Ok(Box::new(placed))
    }))
}

impl Edit for Overlay {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<(&'static str, Value)> {
        vec![("image", self.image()), ("x", self.x.into()), ("y", self.y.into())]
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        needs_colour(&KIND, input)?;
        let laid = self.laid(input)?;
        // The bounds of map and offsets together allow more than a byte, which no cell reaches.
        let blended = Piece { bias: 127, divisor: 255, offsets: Some(laid.offsets()), ..Piece::linear(laid.map(input)?) };
        let mut pieces = laid.rectangle.around(input);
        pieces.push(Piece { region: laid.rectangle.region(0..3), ..crate::weights::clamp(blended)? });
        Ok(vec![Step::new(input, input, pieces)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chunk with its checksum.
    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let named = [name, body].concat();
        let crc = !named.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 })
        });
        [&(body.len() as u32).to_be_bytes(), &named[..], &crc.to_be_bytes()].concat()
    }

    #[test]
    fn samples_of_every_kind_are_those_of_the_image_crate() {
        for colour in [image::ColorType::L8, image::ColorType::La8, image::ColorType::Rgb8, image::ColorType::Rgba8, image::ColorType::L16, image::ColorType::Rgba16] {
            let picture = image::DynamicImage::new(7, 3, colour);
            let bytes: Vec<u8> = (0..picture.as_bytes().len()).map(|i| (i * 91 + i * i) as u8).collect();
            let mut file = Vec::new();
            let encoder = image::codecs::png::PngEncoder::new(&mut file);
            image::ImageEncoder::write_image(encoder, &bytes, 7, 3, colour.into()).expect("written");
            let expected = image::load_from_memory(&file).expect("read").into_rgba8().into_raw();
            let overlay = Overlay::from_png(&file, 0, 0).expect("an overlay");
            assert_eq!((overlay.width, overlay.height, &overlay.rgba[..]), (7, 3, &expected[..]), "{colour:?}");
        }
    }

    /// Neither decompressed nor parsed: these chunks would be refused, and a profile of a gigabyte would fill the memory.
    #[test]
    fn a_profile_or_text_is_passed_over() {
        let mut file = std::io::Cursor::new(Vec::new());
        image::RgbaImage::from_pixel(2, 2, image::Rgba([1, 2, 3, 255])).write_to(&mut file, image::ImageFormat::Png).expect("written");
        let file = file.into_inner();
        let plain = Overlay::from_png(&file, 0, 0).expect("an overlay");
        for bomb in [chunk(b"iCCP", &bomb(b"icc\0\0")), chunk(b"zTXt", &bomb(b"Comment\0\0")), chunk(b"iTXt", &bomb(b"Comment\0\x01\0\0\0"))] {
            let with = [&file[..33], &bomb, &file[33..]].concat();
            assert_eq!(Overlay::from_png(&with, 0, 0).expect("passed over"), plain);
        }
    }

    /// A zlib stream of stored blocks that hold more than the decoder may keep.
    fn bomb(head: &[u8]) -> Vec<u8> {
        let mut stream = [head, &[0x78, 0x01]].concat();
        for _ in 0..300 {
            stream.extend([0, 0xff, 0xff, 0, 0]);
            stream.extend(std::iter::repeat_n(0, 0xffff));
        }
        stream
    }

    #[test]
    fn sides_and_size_are_refused_before_anything_is_allocated() {
        let header = |width: u32, height: u32| {
            let body = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
            [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &body), chunk(b"IDAT", &[0x78, 1]), chunk(b"IEND", &[])].concat()
        };
        let said = |width, height| Overlay::from_png(&header(width, height), 0, 0).expect_err("refused").to_string();
        assert!(said(4097, 1).contains("no side may be longer"), "{}", said(4097, 1));
        assert!(said(4096, 4096).contains("cut short"), "{}", said(4096, 4096));
    }

    #[test]
    fn a_png_is_read_by_word_and_recipe_and_kept_by_value() {
        let directory = std::env::temp_dir().join(format!("zkimg-overlay-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a directory");
        let file = directory.join("logo.png");
        image::RgbaImage::from_fn(3, 2, |x, y| image::Rgba([x as u8, y as u8, 9, 200])).save(&file).expect("written");
        let dims = Dims::new(3, 10, 10).expect("dims");
        let word = crate::parse_word(&format!("overlay={}+50%+1", file.display())).and_then(|w| w.resolve(dims));
        let mut recipe: Value = r#"{"op": "overlay", "image": "logo.png", "x": 5, "y": 1}"#.parse().expect("JSON");
        assert!(crate::parse(&recipe).is_err(), "a path is not read behind the caller's back");
        embed(&mut recipe, &directory).expect("embedded");
        let recipe = crate::parse(&recipe).expect("a recipe");
        assert_eq!(word.expect("a word").canonical(), recipe.canonical());
        for (word, x, y) in [("-2+9", -2, 9), ("+9-10%", 9, -1), ("-0-1", 0, -1)] {
            let word = crate::parse_word(&format!("overlay={}{word}", file.display())).and_then(|w| w.resolve(dims));
            let canonical = word.expect("partly on the picture").canonical();
            assert_eq!((&canonical["x"], &canonical["y"]), (&Value::from(x), &Value::from(y)));
        }
        let outside = crate::parse_word(&format!("overlay={}-3+0", file.display())).and_then(|w| w.resolve(dims));
        let error = outside.expect_err("nothing on the picture").to_string();
        assert_eq!(error, "overlay: x is -3, but must be such that some of the overlay of 3 × 2 lies on the picture of 10 × 10");
        std::fs::remove_dir_all(&directory).expect("removed");
        let error = crate::parse_word("overlay=no-such.png+0+0").expect_err("no file").to_string();
        assert!(error.starts_with("overlay: cannot read no-such.png: ") && !error.contains("os error"), "{error}");
    }
}
