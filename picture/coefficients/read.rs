//! Reading a JPEG's coefficients, strictly.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::Fault;
use super::frame::{Frame, Tables};
use super::look::Around;
use super::scan::{Codes, Scans};
use super::{Coefficients, Component, JpegShape};
use crate::container::Container;
use crate::error::PictureError;
use crate::format::Format;
use crate::jpeg::{DEFINE_CODES, DEFINE_QUANTISATION};
use crate::look::Look;
use crate::profile::Profile;
use crate::reader::Reader;

const END: Fault = "it does not end where its picture does";
const PLACE: Fault = "its segments are in an order that programs take in more than one way";

/// A published JPEG: its coefficients, and whether they are shown as they are.
#[derive(Clone, Debug)]
pub struct JpegFile {
    /// What is proved of it.
    pub coefficients: Coefficients,
    /// The profile, if it can be read.
    pub profile: Profile,
    /// Whether anything in the file changes how the picture is seen.
    pub look: Result<(), Look>,
    /// The proof that the file carries, unread.
    pub proof: Option<Vec<u8>>,
}

impl JpegFile {
    /// Reads a file. Its size is checked before anything is allocated for its picture.
    ///
    /// # Errors
    /// If its coefficients cannot be read in one way only; what is wrong around them is in [`JpegFile::look`].
    pub fn read(file: &[u8]) -> Result<JpegFile, PictureError> {
        let container = Container::read(file)?;
        let (profile, colours) = match container.profile() {
            Ok(profile) => (profile, Ok(())),
            Err(error) => (Default::default(), Err(Look::Colours(error))),
        };
        let (coefficients, look) = picture(file).map_err(|fault| PictureError::damaged(Format::Jpeg, &fault))?;
        Ok(JpegFile { coefficients, profile, look: look.and(colours), proof: container.proof()? })
    }
}

/// Walks a file from its first byte to its last.
fn picture(file: &[u8]) -> Result<(Coefficients, Result<(), Look>), Fault> {
    let mut r = Reader::new(file);
    if r.array() != Ok([0xff, 0xd8]) {
        return Err(PLACE);
    }
    let (mut around, mut look) = (Around::default(), Ok(()));
    let (mut tables, mut codes, mut interval) = (Tables::default(), Codes::default(), 0);
    let mut begun: Option<(Frame, Scans)> = None;
    let mut known = None;
    loop {
        let marker = match known.take() {
            Some(marker) => marker,
            None => marker_of(&mut r)?,
        };
        match marker {
            0xd9 => break,
            // Markers without a body: beginnings, restarts.
            0x00 | 0x01 | 0xd0..=0xd8 => return Err(PLACE),
            _ => {}
        }
        let body = body(&mut r)?;
        match (marker, &mut begun) {
            (DEFINE_CODES, _) => codes.read(body)?,
            // How many units lie between restarts.
            (0xdd, _) => interval = usize::from(u16::from_be_bytes(body.try_into().map_err(|_| PLACE)?)),
            (DEFINE_QUANTISATION, None) => tables.read(body)?,
            (0xc0..=0xc2, None) => {
                let frame = Frame::read(marker, body)?;
                let scans = Scans::new(frame.shape, frame.progressive);
                begun = Some((frame, scans));
            }
            (0xda, Some((_, scans))) => {
                let (marker, length) = scans.read(body, r.rest(), &codes, interval)?;
                r.take(length).map_err(|_| END)?;
                known = Some(marker);
            }
            (marker, None) if !matches!(marker, 0xc0..=0xdf) => look = look.and_then(|()| around.look(marker, body)),
            _ => return Err(PLACE),
        }
    }
    if !r.is_empty() {
        return Err(END);
    }
    let (frame, scans) = begun.ok_or(PLACE)?;
    Ok((coefficients(&frame, scans, &tables)?, look))
}

fn coefficients(frame: &Frame, scans: Scans, tables: &Tables) -> Result<Coefficients, Fault> {
    let shape: JpegShape = frame.shape;
    let component = |(blocks, table): (_, &usize)| -> Result<Component, Fault> { Ok(Component { table: tables.get(*table)?, blocks }) };
    let components = scans.finish()?.into_iter().zip(&frame.tables).map(component).collect::<Result<_, _>>()?;
    Ok(Coefficients { shape, components })
}

/// The next marker, perhaps behind fill bytes, with nothing before it.
fn marker_of(r: &mut Reader<'_>) -> Result<u8, Fault> {
    if r.u8() != Ok(0xff) {
        return Err("it has bytes between its segments");
    }
    loop {
        match r.u8().map_err(|_| END)? {
            0xff => {}
            marker => return Ok(marker),
        }
    }
}

fn body<'a>(r: &mut Reader<'a>) -> Result<&'a [u8], Fault> {
    let length = u16::from_be_bytes(r.array().map_err(|_| END)?);
    r.take(usize::from(length.checked_sub(2).ok_or(END)?)).map_err(|_| END)
}
