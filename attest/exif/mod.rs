//! The EXIF fields a camera signs: a fixed list, each as one canonical text or absent.
//!
//! EXIF blocks in the wild are often malformed, and a damaged label must not keep a photo from being signed. So a
//! field that is missing, malformed, too long, not UTF-8 or has hidden characters ([`crate::text`]) is *absent*, and
//! the statement says nothing about it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod display;

pub(crate) use display::Display;

use ::exif::{Exif, In, Rational, Reader, Tag, Value};

/// The longest value of a field, in bytes; longer ones are absent.
pub const MAX_VALUE: usize = 1024;

/// A listed EXIF field. The numbers are part of the format: they never change and are never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum ExifField {
    /// Camera maker.
    Make = 1,
    /// Camera model.
    Model = 2,
    /// Lens model.
    LensModel = 3,
    /// When the photo was taken, by the camera's clock: `2024-05-17T14:03:09`.
    DateTimeOriginal = 4,
    /// That clock's distance from UTC: `+02:00`.
    OffsetTime = 5,
    /// Seconds, a reduced fraction: `1/250`.
    ExposureTime = 6,
    /// Aperture number, a reduced fraction: `28/10` is `14/5`.
    FNumber = 7,
    /// ISO speed: `400`.
    Iso = 8,
    /// Millimetres, a reduced fraction.
    FocalLength = 9,
    /// Orientation of the *file* (1 to 8); the signed pixels are upright already.
    Orientation = 10,
    /// Degrees with seven decimals, north positive: `48.8583333`.
    GpsLatitude = 11,
    /// Degrees with seven decimals, east positive.
    GpsLongitude = 12,
    /// Metres above sea level, a reduced fraction, negative below.
    GpsAltitude = 13,
    /// Who took the photo.
    Artist = 14,
    /// Copyright notice; a photographer's and an editor's part are joined by `; `.
    Copyright = 15,
    /// Software or firmware.
    Software = 16,
}

use ExifField as E;

impl ExifField {
    /// Every listed field, in the order of the statement.
    pub const ALL: [ExifField; 16] = [
        E::Make,
        E::Model,
        E::LensModel,
        E::DateTimeOriginal,
        E::OffsetTime,
        E::ExposureTime,
        E::FNumber,
        E::Iso,
        E::FocalLength,
        E::Orientation,
        E::GpsLatitude,
        E::GpsLongitude,
        E::GpsAltitude,
        E::Artist,
        E::Copyright,
        E::Software,
    ];

    /// The field's number.
    pub fn id(self) -> u16 {
        self as u16
    }

    /// The field's name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            E::Make => "make",
            E::Model => "model",
            E::LensModel => "lens_model",
            E::DateTimeOriginal => "date_time_original",
            E::OffsetTime => "offset_time",
            E::ExposureTime => "exposure_time",
            E::FNumber => "f_number",
            E::Iso => "iso",
            E::FocalLength => "focal_length",
            E::Orientation => "orientation",
            E::GpsLatitude => "gps_latitude",
            E::GpsLongitude => "gps_longitude",
            E::GpsAltitude => "gps_altitude",
            E::Artist => "artist",
            E::Copyright => "copyright",
            E::Software => "software",
        }
    }

    fn extract(self, exif: &Exif) -> Option<String> {
        match self {
            E::Make => text(exif, Tag::Make),
            E::Model => text(exif, Tag::Model),
            E::LensModel => text(exif, Tag::LensModel),
            E::DateTimeOriginal => date_time(&text(exif, Tag::DateTimeOriginal)?),
            E::OffsetTime => text(exif, Tag::OffsetTimeOriginal).filter(|t| is_offset(t)),
            E::ExposureTime => fraction(exif, Tag::ExposureTime),
            E::FNumber => fraction(exif, Tag::FNumber),
            E::Iso => number(exif, Tag::PhotographicSensitivity).map(|n| n.to_string()),
            E::FocalLength => fraction(exif, Tag::FocalLength),
            E::Orientation => number(exif, Tag::Orientation).filter(|n| (1..=8).contains(n)).map(|n| n.to_string()),
            E::GpsLatitude => degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, ["N", "S"], 90),
            E::GpsLongitude => degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, ["E", "W"], 180),
            E::GpsAltitude => altitude(exif),
            E::Artist => text(exif, Tag::Artist),
            E::Copyright => text(exif, Tag::Copyright),
            E::Software => text(exif, Tag::Software),
        }
    }
}

/// The listed fields of one photo, each a text or absent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExifValues {
    values: [Option<String>; ExifField::ALL.len()],
}

impl ExifValues {
    /// Reads a TIFF-framed EXIF block, field by field. What cannot be read is absent.
    pub fn read(block: &[u8]) -> ExifValues {
        let Some(exif) = read_leniently(block) else { return ExifValues::default() };
        ExifValues { values: E::ALL.map(|field| field.extract(&exif).filter(|v| v.len() <= MAX_VALUE)) }
    }

    /// A field's value.
    pub fn get(&self, field: ExifField) -> Option<&str> {
        self.iter().find(|(f, _)| *f == field)?.1
    }

    /// Every listed field with its value, in the order of the statement.
    pub fn iter(&self) -> impl Iterator<Item = (ExifField, Option<&str>)> {
        E::ALL.into_iter().zip(self.values.iter().map(Option::as_deref))
    }

    /// The orientation, 1 (upright) where the file gives none.
    pub fn orientation(&self) -> u8 {
        self.get(E::Orientation).and_then(|v| v.parse().ok()).unwrap_or(1)
    }
}

/// EXIF values may be secret: nothing of them is printed.
impl std::fmt::Debug for ExifValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExifValues").finish_non_exhaustive()
    }
}

/// As much of a block as can be read.
fn read_leniently(block: &[u8]) -> Option<Exif> {
    let parsed = Reader::new().continue_on_error(true).read_raw(block.to_vec());
    parsed.or_else(|e| e.distill_partial_result(|_| {})).ok()
}

fn value(exif: &Exif, tag: Tag) -> Option<&Value> {
    exif.get_field(tag, In::PRIMARY).map(|field| &field.value)
}

/// A text without surrounding blanks; empty, not UTF-8 or with hidden characters ([`crate::text`]) is absent.
fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = value(exif, tag)? else { return None };
    let parts = parts.iter().map(|p| std::str::from_utf8(p).ok().map(str::trim)).collect::<Option<Vec<_>>>()?;
    let text = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ");
    crate::text::is_clean(&text).then_some(text)
}

fn number(exif: &Exif, tag: Tag) -> Option<u32> {
    value(exif, tag)?.get_uint(0)
}

fn rationals(exif: &Exif, tag: Tag) -> Option<&[Rational]> {
    match value(exif, tag)? {
        Value::Rational(parts) => Some(parts),
        _ => None,
    }
}

/// The numerator and denominator of a reduced fraction.
fn reduced(r: &Rational) -> Option<(u32, u32)> {
    let (mut a, mut b) = (r.num, r.denom);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (r.denom != 0).then(|| (r.num / a, r.denom / a))
}

fn fraction(exif: &Exif, tag: Tag) -> Option<String> {
    let (n, d) = reduced(rationals(exif, tag)?.first()?)?;
    Some(format!("{n}/{d}"))
}

/// `2024:05:17 14:03:09` as `2024-05-17T14:03:09`.
fn date_time(text: &str) -> Option<String> {
    let at = ::exif::DateTime::from_ascii(text.as_bytes()).ok()?;
    let plausible = (1..=12).contains(&at.month) && (1..=31).contains(&at.day) && at.hour < 24 && at.minute < 60 && at.second <= 60;
    plausible.then(|| format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", at.year, at.month, at.day, at.hour, at.minute, at.second))
}

/// `+hh:mm` or `-hh:mm`.
fn is_offset(text: &str) -> bool {
    match text.as_bytes() {
        [b'+' | b'-', hours @ .., b':', a, b] if hours.len() == 2 => hours.iter().chain([a, b]).all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Degrees, minutes and seconds as signed degrees with seven decimals, rounded half up in magnitude.
fn degrees(exif: &Exif, tag: Tag, side: Tag, signs: [&str; 2], limit: u128) -> Option<String> {
    const UNIT: u128 = 10_000_000;
    let sign = match signs.iter().position(|s| text(exif, side).as_deref() == Some(s))? {
        0 => "",
        _ => "-",
    };
    // The sum of n_i / (d_i·60^i), over one common denominator.
    let (mut n, mut d, mut scale) = (0u128, 1u128, 1u128);
    for part in rationals(exif, tag)?.iter().take(3) {
        let (pn, pd) = reduced(part)?;
        let pd = u128::from(pd).checked_mul(scale)?;
        n = n.checked_mul(pd)?.checked_add(u128::from(pn).checked_mul(d)?)?;
        d = d.checked_mul(pd)?;
        scale *= 60;
    }
    if n > limit.checked_mul(d)? {
        return None;
    }
    let units = n.checked_mul(2 * UNIT)?.checked_add(d)?.checked_div(d.checked_mul(2)?)?;
    let sign = if units == 0 { "" } else { sign };
    Some(format!("{sign}{}.{:07}", units / UNIT, units % UNIT))
}

fn altitude(exif: &Exif) -> Option<String> {
    let metres = fraction(exif, Tag::GPSAltitude)?;
    let below = number(exif, Tag::GPSAltitudeRef) == Some(1) && !metres.starts_with("0/");
    Some(format!("{}{metres}", if below { "-" } else { "" }))
}
