//! An overlay's pixels: from a PNG, and as recipes and proofs hold them.

use super::{MAX_ALPHA_ROWS, MAX_SIDE, png};
use crate::language::{Integer, Values, object};
use base64ct::{Base64, Encoding};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Red, green, blue, alpha, row after row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) rgba: Arc<[u8]>,
}

impl Image {
    /// Fewer channels and 16 bits are converted.
    ///
    /// # Errors
    /// If it is not a PNG, or too large.
    pub(super) fn from_png(bytes: &[u8]) -> Result<Image, String> {
        let (width, height, rgba) = png::read(bytes)?;
        let image = Image { width, height, rgba: rgba.into() };
        let rows = alpha_rows(image.rows()).len();
        if rows > MAX_ALPHA_ROWS {
            return Err(format!("it has {rows} different rows of alpha, at most {MAX_ALPHA_ROWS} can be proved"));
        }
        Ok(image)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.rgba.chunks_exact(4 * self.width)
    }
}

/// What each row leaves of the picture, `255 − a`, without repetitions, and the rows that leave just this.
pub(super) fn alpha_rows<'a>(rows: impl IntoIterator<Item = &'a [u8]>) -> Vec<(Vec<i32>, Vec<usize>)> {
    let mut found: Vec<(Vec<i32>, Vec<usize>)> = Vec::new();
    let mut known = HashMap::new();
    for (y, row) in rows.into_iter().enumerate() {
        let left: Vec<i32> = row.chunks_exact(4).map(|pixel| 255 - i32::from(pixel[3])).collect();
        let at = *known.entry(left.clone()).or_insert(found.len());
        if at == found.len() {
            found.push((left, Vec::new()));
        }
        found[at].1.push(y);
    }
    found
}

/// All images within the limits.
pub(super) struct Images;

impl Values for Images {
    type Item = Image;

    fn allowed(&self) -> String {
        format!(
            "a PNG file, or an object of width, height and base64 rgba, of sides up to {MAX_SIDE} and {MAX_ALPHA_ROWS} different rows of alpha"
        )
    }

    fn read(&self, given: &Value) -> Result<Image, String> {
        let image = || {
            let map = given.as_object().filter(|map| map.len() == 3)?;
            let side = |name| Integer::between(1, MAX_SIDE as usize).read(map.get(name)?).ok();
            let (width, height) = (side("width")?, side("height")?);
            let rgba = Base64::decode_vec(map.get("rgba")?.as_str()?).ok().filter(|rgba| rgba.len() == 4 * width * height)?;
            Some(Image { width, height, rgba: rgba.into() })
        };
        image().filter(|image| alpha_rows(image.rows()).len() <= MAX_ALPHA_ROWS).ok_or_else(|| given.to_string())
    }

    fn write(&self, image: &Image) -> Value {
        let rgba = Base64::encode_string(&image.rgba).into();
        object(vec![("width", image.width.into()), ("height", image.height.into()), ("rgba", rgba)])
    }
}
