//! The proof in a JPEG's Content Credentials: boxes in APP11 segments before the frame header (ISO/IEC 19566-5, annex D).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::frame::Frame;
use super::segments::Segments;
use crate::credentials::proof;
use crate::error::PictureError;

const APP_11: u8 = 0xeb;
/// Length and type of a box, which stand in each of its parts.
const HEAD: usize = 8;
/// No file has more boxes.
const MAX_BOXES: usize = 16;

/// A box that is put together from its parts.
struct Parted<'a> {
    /// Its number in the file.
    instance: [u8; 2],
    /// Which part comes next; none, if one came that should not.
    next: Option<u32>,
    parts: Vec<&'a [u8]>,
}

/// That before the frame header of a file, of which the beginning will do.
pub(crate) fn claimed_ahead(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    let mut boxes = Vec::new();
    for segment in Segments::new(file).map_while(Result::ok) {
        if segment.marker == APP_11 {
            note(&mut boxes, segment.body);
        }
        if boxes.len() > MAX_BOXES {
            return Err(PictureError::Proof("its Content Credentials have more boxes than are read"));
        }
        if Frame::read(segment.marker, segment.body)?.is_some() {
            break;
        }
    }
    let mut found = None;
    // Programs that do not look at the numbers would put other boxes together.
    if boxes.iter().any(|parted| parted.next.is_none()) {
        return Err(PictureError::Proof("its Content Credentials have parts that do not follow each other"));
    }
    for parted in &boxes {
        if let Some(proof) = proof(&parted.parts.concat())?
            && found.replace(proof).is_some()
        {
            return Err(PictureError::Proof("there is a second one in its Content Credentials"));
        }
    }
    Ok(found)
}

/// Keeps a part of a box: each comes once and in order.
fn note<'a>(boxes: &mut Vec<Parted<'a>>, body: &'a [u8]) {
    let [b'J', b'P', i, n, a, b, c, d, part @ ..] = body else { return };
    let (instance, number) = ([*i, *n], u32::from_be_bytes([*a, *b, *c, *d]));
    match boxes.iter_mut().find(|parted| parted.instance == instance) {
        Some(parted) => {
            let first = parted.parts.first().and_then(|first| first.get(..HEAD));
            let follows = parted.next == Some(number) && first.is_some() && first == part.get(..HEAD);
            parted.next = if follows { number.checked_add(1) } else { None };
            parted.parts.extend(part.get(HEAD..));
        }
        None => boxes.push(Parted { instance, next: (number == 1).then_some(2), parts: vec![part] }),
    }
}
