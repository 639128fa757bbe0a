//! ICC profiles (ICC.1), as far as carrying one safely needs: that it is one, for which channels, and what it calls itself.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::error::PictureError;
use crate::reader::{CutShort, Reader};
use crate::text;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The longest profile, in bytes.
pub const MAX_PROFILE: usize = 1 << 20;
/// The longest name that is told, in characters.
const MAX_NAME: usize = 64;
/// Where the table of tags begins.
const TAGS: usize = 128;

/// An ICC profile for grey or RGB pictures, checked as far as its header.
#[derive(Clone, PartialEq, Eq)]
pub struct IccProfile {
    bytes: Arc<[u8]>,
    channels: usize,
}

impl IccProfile {
    /// Checks the header: signature, length, and that it is a profile of an RGB or grey device.
    pub fn read(bytes: &[u8]) -> Result<IccProfile, PictureError> {
        let refuse = |why| Err(PictureError::Profile(why));
        if bytes.len() > MAX_PROFILE {
            return refuse("it is longer than 1 MiB");
        }
        let Ok(header) = header(bytes) else { return refuse("it is too short") };
        if header.signature != *b"acsp" {
            return refuse("it does not begin as ICC profiles do");
        }
        if usize::try_from(header.length) != Ok(bytes.len()) {
            return refuse("it is not as long as it says");
        }
        if !matches!(&header.class, b"mntr" | b"scnr" | b"prtr" | b"spac") {
            return refuse("it is not of a kind that describes the colours of a picture");
        }
        let channels = match &header.space {
            b"RGB " => 3,
            b"GRAY" => 1,
            _ => return refuse("it is for other colours than RGB or grey"),
        };
        Ok(IccProfile { bytes: bytes.into(), channels })
    }

    /// The profile itself.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Channels of the pictures it is for: 1 or 3.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// SHA-256 of its bytes.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }

    /// What it calls itself, if that can be read: at most 64 characters, without any that hide or reverse text.
    ///
    /// Anyone can write a profile and give it any name.
    pub fn name(&self) -> Option<String> {
        let text = self.tag(b"desc").and_then(|tag| description(tag).ok())?;
        let hidden: Vec<usize> = text::hidden(&text).collect();
        let visible = text.char_indices().filter(|(at, _)| hidden.binary_search(at).is_err());
        let text: String = visible.map(|(_, c)| c).take(MAX_NAME).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The bytes of the first tag of a name.
    fn tag(&self, name: &[u8; 4]) -> Option<&[u8]> {
        let mut table = Reader::new(self.bytes.get(TAGS..)?);
        let count = big_endian(&mut table).ok()?;
        // As many as there are bytes for, whatever the count says.
        for _ in 0..count {
            let (tag, start, length) = (table.array::<4>().ok()?, big_endian(&mut table).ok()?, big_endian(&mut table).ok()?);
            if tag == *name {
                return self.bytes.get(start..start.checked_add(length)?);
            }
        }
        None
    }
}

/// A profile is public as soon as its picture is, and secret before: only its length is printed.
impl std::fmt::Debug for IccProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IccProfile").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

struct Header {
    length: u32,
    class: [u8; 4],
    space: [u8; 4],
    signature: [u8; 4],
}

fn header(bytes: &[u8]) -> Result<Header, CutShort> {
    let mut r = Reader::new(bytes.get(..TAGS + 4).ok_or(CutShort)?);
    let length = u32::from_be_bytes(r.array()?);
    r.take(8)?;
    let (class, space) = (r.array()?, r.array()?);
    r.take(16)?;
    Ok(Header { length, class, space, signature: r.array()? })
}

fn big_endian(r: &mut Reader<'_>) -> Result<usize, CutShort> {
    usize::try_from(u32::from_be_bytes(r.array()?)).map_err(|_| CutShort)
}

/// The text of a description: ASCII (ICC.1:2001, 6.5.17), or the first of several in UTF-16 (ICC.1:2022, 10.15).
fn description(tag: &[u8]) -> Result<String, CutShort> {
    let mut r = Reader::new(tag);
    let kind = r.array::<4>()?;
    r.take(4)?;
    match &kind {
        b"desc" => {
            let length = big_endian(&mut r)?;
            let text = r.take(length)?;
            Ok(text.iter().take_while(|byte| **byte != 0).map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect())
        }
        b"mluc" => {
            r.take(12)?; // number of texts, length of their records, language and country of the first
            let (length, start) = (big_endian(&mut r)?, big_endian(&mut r)?);
            let text = tag.get(start..).and_then(|rest| rest.get(..length)).ok_or(CutShort)?;
            let (units, _) = text.as_chunks::<2>();
            let units = units.iter().take(4 * MAX_NAME).map(|unit| u16::from_be_bytes(*unit));
            Ok(char::decode_utf16(units).map(|c| c.unwrap_or('?')).collect())
        }
        _ => Err(CutShort),
    }
}
