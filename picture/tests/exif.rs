//! The listed EXIF fields and their canonical texts.

mod files;

use exif::{Rational, Tag, Value};
use files::{exif_block, exif_of};
use zkimg_picture::{ExifField, ExifValues};

#[test]
fn every_field_has_its_canonical_text() {
    let values = ExifValues::read(&exif_block(6));
    let expected = [
        "Maker",
        "Model 1",
        "35mm F2",
        "2024-05-17T14:03:09",
        "+02:00",
        "1/250",
        "14/5",
        "400",
        "35/1",
        "6",
        "-48.8583306",
        "2.2945000",
        "-341/10",
        "Zoë",
        "photographer; editor",
        "1.0",
    ];
    for ((field, value), expected) in values.iter().zip(expected) {
        assert_eq!(value, Some(expected), "{}", field.name());
    }
}

#[test]
fn numbers_and_names_are_fixed_and_distinct() {
    for (i, field) in ExifField::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(field.id()), i + 1);
        assert!(ExifField::ALL.iter().filter(|f| f.name() == field.name()).count() == 1);
    }
}

#[test]
fn values_that_make_no_sense_are_absent() {
    let text = |t: &[u8]| Value::Ascii(vec![t.to_vec()]);
    let ratio = |parts: &[(u32, u32)]| Value::Rational(parts.iter().map(|&(num, denom)| Rational { num, denom }).collect());
    let bad = [
        (Tag::Make, text(b"")),
        (Tag::Model, text(b"\xff\xfe")),
        (Tag::Software, text(b"a\x07b")),
        (Tag::LensModel, text("35mm \u{202e}F2".as_bytes())),
        (Tag::Copyright, text("\u{3164}".as_bytes())),
        (Tag::Artist, text(&[b'a'; 2000])),
        (Tag::Copyright, Value::Short(vec![1])),
        (Tag::DateTimeOriginal, text(b"2024:13:40 99:00:00")),
        (Tag::OffsetTimeOriginal, text(b"2 hours")),
        (Tag::ExposureTime, ratio(&[(1, 0)])),
        (Tag::FNumber, ratio(&[])),
        (Tag::Orientation, Value::Short(vec![9])),
        (Tag::GPSLatitudeRef, text(b"N")),
        (Tag::GPSLatitude, ratio(&[(91, 1), (0, 1), (0, 1)])),
        (Tag::GPSLongitude, ratio(&[(2, 1), (0, 1), (0, 1)])), // no E or W
        (Tag::GPSAltitude, ratio(&[(0, 0)])),
    ];
    for one in bad.chunks(1).chain([&bad[..]]) {
        let values = ExifValues::read(&exif_of(one));
        assert!(values.iter().all(|(_, value)| value.is_none()), "{one:?}");
        assert_eq!(values.orientation(), 1);
    }
}

#[test]
fn the_largest_fractions_do_not_overflow() {
    let extreme = Value::Rational(vec![Rational { num: u32::MAX, denom: u32::MAX - 1 }; 3]);
    let block = exif_of(&[(Tag::GPSLatitude, extreme), (Tag::GPSLatitudeRef, Value::Ascii(vec![b"S".to_vec()]))]);
    let value = ExifValues::read(&block).get(ExifField::GpsLatitude).map(str::to_owned);
    assert!(value.is_none_or(|v| v.starts_with("-1.0")));
}
