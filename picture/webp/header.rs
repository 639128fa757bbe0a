//! The headers that say how large a WebP is (RFC 9649, 2.7.1, 3.4; RFC 6386, 9.1).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::reader::{CutShort, Reader};

/// What a file says it has beside its pixels.
pub(super) const ANIMATION: u8 = 2;
pub(super) const XMP: u8 = 4;
pub(super) const EXIF: u8 = 8;
pub(super) const ALPHA: u8 = 16;
pub(super) const PROFILE: u8 = 32;
/// The length of a `VP8L` chunk's header.
pub(super) const LOSSLESS: usize = 5;

/// Width and height, and of lossless pixels whether they have transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) alpha: bool,
}

/// The flags and the size in a `VP8X` chunk, which has nothing else.
pub(super) fn extended(body: &[u8]) -> Result<(u8, Sides), CutShort> {
    let mut reader = Reader::new(body);
    let flags = reader.u8()?;
    reader.take(3)?;
    let mut side = || {
        let [a, b, c] = reader.array()?;
        Ok(usize::from(a) + (usize::from(b) << 8) + (usize::from(c) << 16) + 1)
    };
    Ok((flags, Sides { width: side()?, height: side()?, alpha: flags & ALPHA != 0 }))
}

/// Whether a `VP8X` chunk's body has nothing but that: all other bits are 0.
pub(super) fn is_in_its_form(body: &[u8]) -> bool {
    matches!(body, [flags, 0, 0, 0, _, _, _, _, _, _] if flags & !(ANIMATION | XMP | EXIF | ALPHA | PROFILE) == 0)
}

/// A `VP8X` chunk's body.
pub(super) fn write_extended(flags: u8, sides: Sides) -> Vec<u8> {
    let side = |side: usize| (side as u32 - 1).to_le_bytes().into_iter().take(3);
    [flags, 0, 0, 0].into_iter().chain(side(sides.width)).chain(side(sides.height)).collect()
}

/// The size of the pixels in a `VP8L` or a `VP8 ` chunk.
pub(super) fn pixels(name: &[u8; 4], body: &[u8]) -> Result<Option<Sides>, CutShort> {
    let mut reader = Reader::new(body);
    match name {
        b"VP8L" => {
            let signature = reader.u8()?;
            let bits = reader.u32()?;
            let side = |from: u32| ((bits >> from) & 0x3fff) as usize + 1;
            let alpha = bits >> 28 & 1 == 1;
            Ok((signature == 0x2f).then_some(Sides { width: side(0), height: side(14), alpha }))
        }
        b"VP8 " => {
            reader.take(3)?;
            let start = reader.array()?;
            let [width, height] = [reader.u16()?, reader.u16()?].map(|side| usize::from(side & 0x3fff));
            Ok((start == [0x9d, 0x01, 0x2a]).then_some(Sides { width, height, alpha: false }))
        }
        _ => Ok(None),
    }
}

/// Has a `VP8L` chunk's body say that its pixels have transparency.
pub(super) fn announce_transparency(body: &mut [u8]) {
    // The highest byte of the number behind the signature.
    body.iter_mut().skip(LOSSLESS - 1).take(1).for_each(|byte| *byte |= 1 << (28 - 24));
}
