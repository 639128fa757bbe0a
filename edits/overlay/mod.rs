//! `overlay`: a public picture laid over the hidden one, `⌊((255 − a)·x + a·o + 127) / 255⌋` with its alpha `a` and colour `o`.
//!
//! What hangs over the picture's border is cut off. The canonical form holds the overlay's pixels by value, so a verifier never reads
//! a file. [`embed`] puts them in place of a path in a recipe, and a word's are those of the file that it names; in both the caller
//! reads it.

mod laid;
mod pixels;
mod png;

use crate::integers::clamp;
use crate::language::{Draft, Edit, EditError, Entry, Files, Integer, Kind, Length, Parameter, Values, read, shown};
use crate::placement::{Cover, Covering};
use laid::Laid;
use pixels::{Image, Images};
use serde_json::Value;
use std::path::{Path, PathBuf};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

/// The longest side of an overlay.
pub const MAX_SIDE: u32 = 4096;
/// No overlay's file is longer: 16 bits of four channels a pixel, a byte more for what PNG adds, and texts, profiles, thumbnails.
pub const MAX_FILE: u64 = 9 * (MAX_SIDE as u64).pow(2) + (8 << 20);
/// The most different rows of alpha: each is a term of the map. The transparent columns of a row count too.
pub const MAX_ALPHA_ROWS: usize = 512;
/// Where an overlay may be put; further to the left or above, none lies on the picture.
const PLACES: Integer<i64> = Integer::that_fit(1 - MAX_SIDE as i64, 1 << 26, "such that some of the overlay lies on the picture");

static IMAGE: Parameter<Images> = Parameter::required("image", "a PNG file in recipes and words; its pixels in proofs", Images);
static X: Parameter<Integer<i64>> = Parameter::required("x", "left edge, negative for left of the picture", PLACES);
static Y: Parameter<Integer<i64>> = Parameter::required("y", "upper edge, negative for above the picture", PLACES);

/// The kind.
pub static KIND: Kind = Kind {
    name: "overlay",
    summary: "blends a public picture over this one",
    parameters: &[&IMAGE, &X, &Y],
    example_word: "overlay=logo.png+40+60 or overlay=logo.png-10+50%",
    from_json: |fields| Ok(Box::new(Overlay { image: fields.read(&IMAGE)?, x: fields.read(&X)?, y: fields.read(&Y)? })),
    from_word,
    samples: |dims| {
        let overlay = |x: i64, y: i64, width: usize, height: usize, alpha: fn(usize) -> usize| {
            let pixel = |i: usize| [i * 71 + 9, i * i + 200, i ^ 255, alpha(i)].map(|value| value as u8);
            let rgba = (0..width * height).flat_map(pixel).collect();
            Box::new(Overlay { x, y, image: Image { width, height, rgba } }) as Box<dyn Edit>
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

/// Where the overlay lies, which may be partly outside the picture, and its pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    x: i64,
    y: i64,
    image: Image,
}

impl Overlay {
    /// A PNG picture with its upper left cell at `(x, y)`; fewer channels and 16 bits are converted.
    ///
    /// # Errors
    /// If it is not a PNG, or too large.
    pub fn from_png(bytes: &[u8], x: i64, y: i64) -> Result<Overlay, EditError> {
        let image = Image::from_png(bytes).map_err(|reason| EditError::Image { path: "given".into(), reason })?;
        Ok(Overlay { x, y, image })
    }
}

/// The picture in a file's bytes.
fn open(path: &Path, bytes: &[u8]) -> Result<Image, EditError> {
    Image::from_png(bytes).map_err(|reason| EditError::Image { path: shown(&path.display().to_string()), reason })
}

/// Replaces a path in an overlay's `image`, relative to `directory`, by the picture's pixels, and gives the file; leaves other edits alone.
///
/// For recipes, which their author trusts; never for proofs.
///
/// # Errors
/// If there is no usable PNG at the path.
pub fn embed(edit: &mut Value, directory: &Path, files: &Files<'_>) -> Result<Option<PathBuf>, EditError> {
    if edit.get("op").and_then(Value::as_str) != Some(KIND.name) {
        return Ok(None);
    }
    if let Some(image) = edit.get_mut(IMAGE.name)
        && let Some(path) = image.as_str()
    {
        let path = directory.join(path);
        *image = Images.write(&open(&path, &read(&path, files)?)?);
        return Ok(Some(path));
    }
    Ok(None)
}

/// The last `+Y` or `-Y` of a word: what stands before it, whether it is negative, and how far.
fn place(text: &str) -> Option<(&str, bool, Length)> {
    let (before, after) = text.split_at(text.rfind(['+', '-'])?);
    Some((before, after.starts_with('-'), Length::parse(after.get(1..)?)?))
}

/// `file.png+X+Y`, each with its own sign and perhaps in percent.
fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let refuse = || kind.malformed(word);
    let (before, up, y) = place(word).ok_or_else(refuse)?;
    let (file, to_the_left, x) = place(before).ok_or_else(refuse)?;
    let file = PathBuf::from(file);
    Ok(Draft::of_file(&file.clone(), move |bytes| {
        let image = open(&file, bytes)?;
        Ok(Draft::new(move |dims| {
            let signed = |length: Length, side, negative| {
                let size = i64::try_from(length.of(side)).unwrap_or(i64::MAX);
                if negative { -size } else { size }
            };
            let (x, y) = (signed(x, dims.width, to_the_left), signed(y, dims.height, up));
            let placed = Overlay { x, y, image: image.clone() };
            Laid::of(&placed, dims)?;
            Ok(Box::new(placed))
        }))
    }))
}

impl Edit for Overlay {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![IMAGE.entry(&self.image), X.entry(&self.x), Y.entry(&self.y)]
    }

    fn words(&self) -> String {
        format!("a picture of {} × {} laid over it at {}, {}", self.image.width, self.image.height, self.x, self.y)
    }

    /// A word names a file, and this has its pixels.
    fn value(&self) -> Option<String> {
        None
    }

    fn covers(&self, input: Dims) -> Vec<Cover> {
        Laid::of(self, input).map(|laid| Cover { area: laid.rectangle.place(), with: Covering::Picture }).into_iter().collect()
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        KIND.needs_colour(input)?;
        let laid = Laid::of(self, input)?;
        // The bounds of map and offsets together allow more than a byte, which no cell reaches.
        let blended = Piece { bias: 127, divisor: 255, offsets: Some(laid.offsets()), ..Piece::linear(laid.map(input)?) };
        let mut pieces = laid.rectangle.around(input);
        pieces.push(Piece { region: laid.rectangle.region(0..3), ..clamp(blended)? });
        Ok(vec![Step::new(input, input, pieces)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_is_read_by_word_and_recipe_and_kept_by_value() {
        let directory = std::env::temp_dir().join(format!("zkimg-overlay-{}", std::process::id()));
        std::fs::create_dir_all(&directory).expect("a directory");
        let file = directory.join("logo.png");
        image::RgbaImage::from_fn(3, 2, |x, y| image::Rgba([x as u8, y as u8, 9, 200])).save(&file).expect("written");
        let dims = Dims::new(3, 10, 10).expect("dims");
        let files = |path: &Path| std::fs::read(path);
        let read = |place: &str| {
            let word = crate::parse_word(&format!("overlay={}{place}", file.display())).expect("a word");
            word.read(&files)?.resolve(dims)
        };
        let word = read("+50%+1");
        let mut recipe: Value = r#"{"op": "overlay", "image": "logo.png", "x": 5, "y": 1}"#.parse().expect("JSON");
        assert!(crate::parse(&recipe).is_err(), "a path is not read behind the caller's back");
        embed(&mut recipe, &directory, &files).expect("embedded");
        let recipe = crate::parse(&recipe).expect("a recipe");
        assert_eq!(word.expect("a word").canonical(), recipe.canonical());
        for (word, x, y) in [("-2+9", -2, 9), ("+9-10%", 9, -1), ("-0-1", 0, -1)] {
            let canonical = read(word).expect("partly on the picture").canonical();
            assert_eq!((&canonical["x"], &canonical["y"]), (&Value::from(x), &Value::from(y)));
        }
        let error = read("-3+0").expect_err("nothing on the picture").to_string();
        assert_eq!(error, "overlay: x is -3, but must be such that some of the overlay of 3 × 2 lies on the picture of 10 × 10");
        std::fs::remove_dir_all(&directory).expect("removed");
        let word = crate::parse_word("overlay=no-such.png+0+0").expect("a word");
        assert_eq!(word.file(), Some(Path::new("no-such.png")));
        assert_eq!(word.resolve(dims).expect_err("not read"), EditError::NotRead { path: "no-such.png".into() });
        let error = word.read(&files).expect_err("no file").to_string();
        assert!(error.starts_with("overlay: cannot read no-such.png: ") && !error.contains("os error"), "{error}");
    }
}
