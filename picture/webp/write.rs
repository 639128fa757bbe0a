//! Writing WebP.

use super::header::{self, Sides};
use super::riff::{self, Chunks};
use crate::picture::Picture;
use crate::profile::Profile;
use image_webp::{ColorType, WebPEncoder};

/// The largest width and height of a WebP, in pixels.
pub const MAX_WEBP_SIDE: usize = (1 << 14) - 1;

/// Writes a lossless WebP: RGB of 8 bits, its profile, no other metadata; the same picture gives the same bytes. `None` of what the
/// format cannot hold: grey pictures (it has no grey, and a copy in colour is another picture) and those larger than
/// [`MAX_WEBP_SIDE`].
pub fn encode_webp(picture: &Picture) -> Option<Vec<u8>> {
    let dims = picture.dims();
    if dims.channels != 3 || dims.width.max(dims.height) > MAX_WEBP_SIDE {
        return None;
    }
    let plane = dims.width * dims.height;
    let (red, rest) = picture.cells().split_at(plane);
    let (green, blue) = rest.split_at(plane);
    let mut samples = Vec::with_capacity(3 * plane);
    for ((r, g), b) in red.iter().zip(green).zip(blue) {
        samples.extend_from_slice(&[*r, *g, *b]);
    }
    let mut bare = Vec::new();
    WebPEncoder::new(&mut bare).encode(&samples, dims.width as u32, dims.height as u32, ColorType::Rgb8).ok()?;
    // Always with the header that announces further chunks, so that a proof is one chunk more.
    let icc = match picture.profile() {
        Profile::Icc(icc) => riff::write(b"ICCP", icc.bytes()),
        Profile::None | Profile::Srgb => Vec::new(),
    };
    let flags = if icc.is_empty() { 0 } else { header::PROFILE };
    let sides = Sides { width: dims.width, height: dims.height, alpha: false };
    let head = riff::write(b"VP8X", &header::write_extended(flags, sides));
    let pixels = Chunks::new(&bare).flatten().find(|chunk| chunk.is_picture())?;
    Some(riff::file(&[head, icc, riff::write(&pixels.name, pixels.body)].concat()))
}
