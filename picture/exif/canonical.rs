//! The one text of each field, whatever form its block gives it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::block::{Block, Tag};
use super::field::ExifField;
use super::{in_least_terms, tag};

use ExifField as E;

/// The longest texts that are looked at, in bytes with all their parts.
const MAX_TEXT: usize = 1 << 16;

/// The text of a field; absent if the block does not have it, or not in good form.
pub(super) fn text(field: ExifField, exif: &Block<'_>) -> Option<String> {
    match field {
        E::Make => clean(exif, tag::MAKE),
        E::Model => clean(exif, tag::MODEL),
        E::LensModel => clean(exif, tag::LENS_MODEL),
        E::DateTimeOriginal => date_time(&clean(exif, tag::DATE_TIME_ORIGINAL)?),
        E::OffsetTime => clean(exif, tag::OFFSET_TIME_ORIGINAL).filter(|t| is_offset(t)),
        E::ExposureTime => fraction(exif, tag::EXPOSURE_TIME),
        E::FNumber => fraction(exif, tag::F_NUMBER),
        E::Iso => number(exif, tag::ISO).map(|n| n.to_string()),
        E::FocalLength => fraction(exif, tag::FOCAL_LENGTH),
        E::Orientation => number(exif, tag::ORIENTATION).filter(|n| (1..=8).contains(n)).map(|n| n.to_string()),
        E::GpsLatitude => degrees(exif, tag::GPS_LATITUDE, tag::GPS_LATITUDE_REF, ["N", "S"], 90),
        E::GpsLongitude => degrees(exif, tag::GPS_LONGITUDE, tag::GPS_LONGITUDE_REF, ["E", "W"], 180),
        E::GpsAltitude => altitude(exif),
        E::Artist => clean(exif, tag::ARTIST),
        E::Copyright => clean(exif, tag::COPYRIGHT),
        E::Software => clean(exif, tag::SOFTWARE),
    }
}

/// A text without surrounding blanks; empty, not UTF-8, far too long or with hidden characters ([`crate::text`]) is absent.
fn clean(exif: &Block<'_>, tag: Tag) -> Option<String> {
    let parts = exif.values(tag).filter(|values| values.bytes().len() <= MAX_TEXT)?.texts()?;
    let parts = parts.map(|p| std::str::from_utf8(p).ok().map(str::trim)).collect::<Option<Vec<_>>>()?;
    let text = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ");
    crate::text::is_clean(&text).then_some(text)
}

fn number(exif: &Block<'_>, tag: Tag) -> Option<u32> {
    exif.values(tag)?.numbers().next()
}

fn ratios<'a>(exif: &Block<'a>, tag: Tag) -> Option<impl Iterator<Item = (u32, u32)> + 'a> {
    exif.values(tag)?.ratios()
}

/// A fraction in its least terms.
fn reduced((numerator, denominator): (u32, u32)) -> Option<(u32, u32)> {
    if denominator == 0 { None } else { in_least_terms((numerator, denominator)) }
}

fn fraction(exif: &Block<'_>, tag: Tag) -> Option<String> {
    let (n, d) = reduced(ratios(exif, tag)?.next()?)?;
    Some(format!("{n}/{d}"))
}

/// `2024:05:17 14:03:09` as `2024-05-17T14:03:09`.
fn date_time(text: &str) -> Option<String> {
    let (date, time) = text.get(..19)?.split_once(' ')?;
    let ([year, month, day], [hour, minute, second]) = (numbers(date, [4, 2, 2])?, numbers(time, [2, 2, 2])?);
    let plausible = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    plausible.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

/// Three numbers of so many digits, with colons between them.
fn numbers(text: &str, digits: [usize; 3]) -> Option<[u16; 3]> {
    let mut parts = text.split(':');
    let mut numbers = [0; 3];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// `+hh:mm` or `-hh:mm`.
fn is_offset(text: &str) -> bool {
    match text.as_bytes() {
        [b'+' | b'-', hours @ .., b':', a, b] if hours.len() == 2 => hours.iter().chain([a, b]).all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Degrees, minutes and seconds as signed degrees with seven decimals, rounded half up in magnitude.
fn degrees(exif: &Block<'_>, tag: Tag, side: Tag, signs: [&str; 2], limit: u128) -> Option<String> {
    const UNIT: u128 = 10_000_000;
    let sign = match signs.iter().position(|s| clean(exif, side).as_deref() == Some(s))? {
        0 => "",
        _ => "-",
    };
    // The sum of n_i / (d_i·60^i), over one common denominator.
    let (mut n, mut d, mut scale) = (0u128, 1u128, 1u128);
    for part in ratios(exif, tag)?.take(3) {
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

fn altitude(exif: &Block<'_>) -> Option<String> {
    let metres = fraction(exif, tag::GPS_ALTITUDE)?;
    let below = number(exif, tag::GPS_ALTITUDE_REF) == Some(1) && !metres.starts_with("0/");
    Some(format!("{}{metres}", if below { "-" } else { "" }))
}
