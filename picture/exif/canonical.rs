//! The one text of each field, whatever form its block gives it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::field::ExifField;
use ::exif::{Exif, In, Rational, Tag, Value};

use ExifField as E;

/// The text of a field; absent if the block does not have it, or not in good form.
pub(super) fn text(field: ExifField, exif: &Exif) -> Option<String> {
    match field {
        E::Make => clean(exif, Tag::Make),
        E::Model => clean(exif, Tag::Model),
        E::LensModel => clean(exif, Tag::LensModel),
        E::DateTimeOriginal => date_time(&clean(exif, Tag::DateTimeOriginal)?),
        E::OffsetTime => clean(exif, Tag::OffsetTimeOriginal).filter(|t| is_offset(t)),
        E::ExposureTime => fraction(exif, Tag::ExposureTime),
        E::FNumber => fraction(exif, Tag::FNumber),
        E::Iso => number(exif, Tag::PhotographicSensitivity).map(|n| n.to_string()),
        E::FocalLength => fraction(exif, Tag::FocalLength),
        E::Orientation => number(exif, Tag::Orientation).filter(|n| (1..=8).contains(n)).map(|n| n.to_string()),
        E::GpsLatitude => degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, ["N", "S"], 90),
        E::GpsLongitude => degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, ["E", "W"], 180),
        E::GpsAltitude => altitude(exif),
        E::Artist => clean(exif, Tag::Artist),
        E::Copyright => clean(exif, Tag::Copyright),
        E::Software => clean(exif, Tag::Software),
    }
}

fn value(exif: &Exif, tag: Tag) -> Option<&Value> {
    exif.get_field(tag, In::PRIMARY).map(|field| &field.value)
}

/// A text without surrounding blanks; empty, not UTF-8 or with hidden characters ([`crate::text`]) is absent.
fn clean(exif: &Exif, tag: Tag) -> Option<String> {
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
    let sign = match signs.iter().position(|s| clean(exif, side).as_deref() == Some(s))? {
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
