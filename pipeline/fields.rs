//! Fields of the photo's EXIF data that a proof file shows, one by one: openings of salted digests that were signed with the capture.
//!
//! | behind the capture: bytes | what |
//! |---|---|
//! | 1 | number of fields, 1 to 16 |
//! | 2 | *each:* its number, greater than the one before |
//! | 32 | *each:* its salt |
//! | 1 | *each, of a capture of version 3:* what stands behind the value, as in the digest |
//! | 2 + … | *each:* length of the value, 1 to 1024, then the value, UTF-8 |
//!
//! No link's statement speaks of them: they are true of the capture, whoever shows them. Only whoever has the salts can add one, and everybody can
//! leave one out.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::proof_file::BadProofFile;
use crate::stream::Stream;
use std::io::Read;
#[cfg(feature = "prover")]
use zkimg_attest::Negative;
use zkimg_attest::capture::OLDEST;
use zkimg_attest::{Backing, CaptureError, CaptureStatement, Label, Opening};
use zkimg_picture::ExifField;
use zkimg_picture::exif::MAX_VALUE;
use zkimg_picture::text;

/// A field of the photo's EXIF data that is shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ShownField {
    /// Its name, which does not change.
    pub field: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Its value: a text without hidden characters.
    pub value: String,
    /// What stands behind it.
    pub standing: FieldStanding,
}

/// What stands behind a field that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldStanding {
    /// The camera signed it.
    Camera,
    /// A notary found it in the file that they had.
    Notary,
    /// A notary found it there, and the signature of the file's Content Credentials covers it.
    Covered,
    /// A notary found it there, and that signature does not cover it: anybody may have written it.
    NotCovered,
}

impl FieldStanding {
    fn of(statement: &CaptureStatement, backing: Backing) -> FieldStanding {
        match (statement.source().is_notary(), backing) {
            (false, _) => FieldStanding::Camera,
            (true, Backing::Covered) => FieldStanding::Covered,
            (true, Backing::NotCovered) => FieldStanding::NotCovered,
            (true, Backing::Alone | Backing::Unsaid) => FieldStanding::Notary,
        }
    }
}

impl std::fmt::Display for FieldStanding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FieldStanding::Camera => "signed by the camera",
            FieldStanding::Notary => "found in the file by the notary",
            FieldStanding::Covered => "covered by the signature of the file's Content Credentials, as the notary found",
            FieldStanding::NotCovered => "NOT covered by the signature of the file's Content Credentials: anybody may have written it",
        })
    }
}

/// Why a field is not shown.
#[cfg(feature = "prover")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadShow {
    /// A negative that was handed on, which has nothing of the photo's EXIF data.
    #[error(
        "this negative was handed on and has no EXIF data; only whoever has the photo's own negative can show a field of it, where the chain \
         begins"
    )]
    HandedOn,
    /// A photo without this field.
    #[error("the photo has no {0} that could be shown; its negative says what it has")]
    Absent(&'static str),
}

/// What a negative could show of its photo's EXIF data. Secret, also which fields there are.
#[cfg(feature = "prover")]
pub fn showable(negative: &Negative) -> Vec<ShownField> {
    let Some(capture) = negative.capture() else { return Vec::new() };
    let present = |field: &ExifField| negative.opening(Label::Exif(*field)).filter(|opening| opening.value().is_some());
    let openings = ExifField::ALL.iter().filter_map(present).cloned().collect();
    ShownFields(openings).report(&capture.statement)
}

/// The openings, in the order of their numbers, each once and of a field that is present.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShownFields(Vec<Opening>);

impl ShownFields {
    /// Opens fields of a photo, and no others.
    #[cfg(feature = "prover")]
    pub(crate) fn of(negative: &Negative, fields: &[ExifField]) -> Result<ShownFields, BadShow> {
        let mut fields = fields.to_vec();
        fields.sort_unstable();
        fields.dedup();
        let open = |field: ExifField| {
            let opening = negative.opening(Label::Exif(field)).ok_or(BadShow::HandedOn)?;
            if opening.value().is_some() { Ok(opening.clone()) } else { Err(BadShow::Absent(field.name())) }
        };
        fields.into_iter().map(open).collect::<Result<_, _>>().map(ShownFields)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether each is the one that was signed: its number, its value and what stands behind it, under its salt.
    pub(crate) fn check(&self, statement: &CaptureStatement) -> Result<(), CaptureError> {
        self.0.iter().try_for_each(|opening| statement.check(opening))
    }

    /// As reports have them.
    pub(crate) fn report(&self, statement: &CaptureStatement) -> Vec<ShownField> {
        let field = |opening: &Opening| {
            let Label::Exif(field) = opening.label() else { return None };
            let value = std::str::from_utf8(opening.value()?).ok()?.to_owned();
            let standing = FieldStanding::of(statement, opening.backing());
            Some(ShownField { field: field.name(), title: field.title(), value, standing })
        };
        self.0.iter().filter_map(field).collect()
    }

    /// The bytes; none if nothing is shown.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        if self.is_empty() {
            return;
        }
        bytes.push(self.0.len() as u8);
        for opening in &self.0 {
            let value = opening.value().unwrap_or_default();
            bytes.extend(opening.label().id().to_le_bytes());
            bytes.extend(opening.salt());
            bytes.extend(opening.backing().number());
            bytes.extend((value.len() as u16).to_le_bytes());
            bytes.extend(value);
        }
    }

    /// Reads them. Whether they are what was signed is for [`ShownFields::check`] to say.
    pub(crate) fn read<R: Read>(r: &mut Stream<R>, statement: &CaptureStatement) -> Result<ShownFields, BadProofFile> {
        const LIST: BadProofFile = BadProofFile::Invalid("list of shown fields");
        let [count] = r.array()?;
        if !(1..=ExifField::ALL.len()).contains(&usize::from(count)) {
            return Err(LIST);
        }
        let mut openings: Vec<Opening> = Vec::with_capacity(count.into());
        for _ in 0..count {
            let field = ExifField::of_id(r.u16()?).ok_or(LIST)?;
            if openings.last().is_some_and(|before| before.label().id() >= field.id()) {
                return Err(LIST);
            }
            let salt = r.array()?;
            let backing = match statement.version() {
                OLDEST => Backing::Unsaid,
                _ => {
                    let [number] = r.array()?;
                    Backing::from_number(number).ok_or(LIST)?
                }
            };
            let length = usize::from(r.u16()?);
            if !(1..=MAX_VALUE).contains(&length) {
                return Err(LIST);
            }
            let value = r.take(length)?;
            // It is shown beside words of our own.
            if !std::str::from_utf8(&value).is_ok_and(text::is_clean) {
                return Err(BadProofFile::Invalid("value of a shown field"));
            }
            openings.push(Opening::new(Label::Exif(field), backing, Some(value), salt));
        }
        Ok(ShownFields(openings))
    }
}
