//! The EXIF block of a camera that does not exist.

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};

fn rational(parts: &[(u32, u32)]) -> Value {
    Value::Rational(parts.iter().map(|&(num, denom)| Rational { num, denom }).collect())
}

fn text(text: &str) -> Value {
    Value::Ascii(vec![text.into()])
}

/// A TIFF-framed EXIF block as a camera writes it.
pub(crate) fn block(orientation: u16) -> Vec<u8> {
    let values = [
        (Tag::Make, text("Zkimg")),
        (Tag::Model, text("Sample One")),
        (Tag::Software, text("samples 1.0")),
        (Tag::Artist, text("A. Photographer")),
        (Tag::Copyright, text("public domain")),
        (Tag::Orientation, Value::Short(vec![orientation])),
        (Tag::DateTimeOriginal, text("2025:06:14 17:42:08")),
        (Tag::OffsetTimeOriginal, text("+02:00")),
        (Tag::LensModel, text("35mm F2")),
        (Tag::ExposureTime, rational(&[(10, 2500)])),
        (Tag::FNumber, rational(&[(28, 10)])),
        (Tag::PhotographicSensitivity, Value::Short(vec![200])),
        (Tag::FocalLength, rational(&[(35, 1)])),
        (Tag::GPSLatitudeRef, text("N")),
        (Tag::GPSLatitude, rational(&[(52, 1), (31, 1), (1234, 100)])),
        (Tag::GPSLongitudeRef, text("E")),
        (Tag::GPSLongitude, rational(&[(13, 1), (24, 1), (4567, 100)])),
        (Tag::GPSAltitudeRef, Value::Byte(vec![0])),
        (Tag::GPSAltitude, rational(&[(341, 10)])),
    ];
    let fields = values.map(|(tag, value)| Field { tag, ifd_num: In::PRIMARY, value });
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = std::io::Cursor::new(Vec::new());
    writer.write(&mut block, false).expect("the fields are well formed");
    block.into_inner()
}
