//! A JPEG's frame header: which kind of JPEG it is, its size, how its colours are sampled (ITU-T T.81, B.2.2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;
use crate::format::Format;
use crate::reader::{CutShort, Reader};

/// What the frame header says.
pub(super) struct Frame {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) progressive: bool,
    /// The number of each component.
    pub(super) ids: Vec<u8>,
    /// Whether the colours of so narrow a picture are shown in more than one way.
    narrow: bool,
}

/// Decoders blend neighbouring colour samples, but libjpeg, and whatever follows it, repeats them where a line has only two.
const FEW_SAMPLES: usize = 2;

impl Frame {
    /// Reads a frame header, if the marker is one; kinds of JPEG that hardly any program reads are refused by their names.
    pub(super) fn read(marker: u8, body: &[u8]) -> Result<Option<Frame>, PictureError> {
        let kind = match marker {
            0xc0..=0xc2 => return header(marker == 0xc2, body),
            0xc3 => "lossless (SOF3)",
            0xc5..=0xc7 | 0xde | 0xdf => "hierarchical",
            0xc9 | 0xca => "arithmetic-coded",
            0xcb => "lossless and arithmetic-coded",
            0xcd..=0xcf => "hierarchical and arithmetic-coded",
            0xf7 => "JPEG-LS",
            _ => return Ok(None),
        };
        Err(PictureError::JpegKind(kind))
    }

    /// Refuses a header that leaves the number of lines, or of samples in one, to what comes later.
    pub(super) fn check_sides(&self) -> Result<(), PictureError> {
        if self.width == 0 || self.height == 0 {
            return Err(PictureError::damaged(Format::Jpeg, &"its picture header does not give its size"));
        }
        Ok(())
    }

    /// Refuses a picture whose colours decoders show differently: at most four pixels wide, with colours at half that width.
    pub(super) fn check_sampling(&self) -> Result<(), PictureError> {
        if self.narrow { Err(PictureError::NarrowJpeg) } else { Ok(()) }
    }
}

fn header(progressive: bool, body: &[u8]) -> Result<Option<Frame>, PictureError> {
    let mut r = Reader::new(body);
    let read = |r: &mut Reader<'_>| -> Result<(u8, [u8; 2], [u8; 2], u8), CutShort> { Ok((r.u8()?, r.array()?, r.array()?, r.u8()?)) };
    let short = |CutShort| PictureError::damaged(Format::Jpeg, &"its frame header is too short");
    let (precision, height, width, components) = read(&mut r).map_err(short)?;
    if precision != 8 {
        return Err(PictureError::JpegKind("of more than 8 bits a sample"));
    }
    let [height, width] = [height, width].map(|side| usize::from(u16::from_be_bytes(side)));
    // Number, then samples across and down in a unit, then the table, of each component.
    let (mut ids, mut across) = (Vec::new(), Vec::new());
    for _ in 0..components {
        let [id, sampling, _] = r.array().map_err(short)?;
        ids.push(id);
        across.push(usize::from(sampling >> 4));
    }
    let most = across.iter().copied().max().unwrap_or(1);
    let halved = |of: &usize| *of > 0 && 2 * of == most && (width * of).div_ceil(most) <= FEW_SAMPLES;
    let narrow = across.iter().any(halved);
    Ok(Some(Frame { width, height, progressive, ids, narrow }))
}
