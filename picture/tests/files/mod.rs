//! Small picture files for the tests.
#![allow(dead_code)]

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};

/// Samples that differ from pixel to pixel and from channel to channel, `[y][x][c]`.
pub(crate) fn gradient(width: usize, height: usize, channels: usize) -> Vec<u8> {
    (0..width * height * channels).map(|i| (i * 37 + i / 7 * 11 + i * i % 13) as u8).collect()
}

/// A PNG from interleaved samples (16-bit ones big-endian).
pub(crate) fn png(width: usize, height: usize, channels: usize, bits: u8, samples: &[u8]) -> Vec<u8> {
    use png::{BitDepth, ColorType};
    let colour = [ColorType::Grayscale, ColorType::GrayscaleAlpha, ColorType::Rgb, ColorType::Rgba][channels - 1];
    let depth = if bits == 16 { BitDepth::Sixteen } else { BitDepth::Eight };
    png_of(width as u32, height as u32, colour, depth, samples, |_| {})
}

/// A PNG of any kind.
pub(crate) fn png_of(
    width: u32,
    height: u32,
    colour: png::ColorType,
    depth: png::BitDepth,
    samples: &[u8],
    set: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    set(&mut encoder);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(samples).expect("samples");
    writer.finish().expect("an end");
    file
}

/// A JPEG (colour, 90 %) of a gradient with an EXIF block (none if empty).
pub(crate) fn jpeg(width: u16, height: u16, progressive: bool, exif: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 90);
    encoder.set_progressive(progressive);
    if !exif.is_empty() {
        encoder.add_app_segment(1, [b"Exif\0\0", exif].concat()).expect("a segment");
    }
    let samples = gradient(width.into(), height.into(), 3);
    encoder.encode(&samples, width, height, jpeg_encoder::ColorType::Rgb).expect("a JPEG");
    numbered(file)
}

/// That encoder numbers components 0, 1, 2, in the frame header and in those of the scans, and has the frame header before the tables.
pub(crate) fn numbered(mut file: Vec<u8>) -> Vec<u8> {
    let mut at = 2;
    let mut frame = None;
    while file[at + 1] != 0xd9 {
        let marker = file[at + 1];
        let end = segment_at(&file, at).end;
        if let (0xdb, Some(before)) = (marker, &mut frame) {
            file[*before..end].rotate_right(end - at);
            *before += end - at;
            at = end;
            continue;
        }
        frame = frame.or(matches!(marker, 0xc0..=0xc2).then_some(at));
        let (first, step) = match marker {
            0xc0..=0xc2 => (at + 10, 3),
            0xda => (at + 5, 2),
            _ => (end, 1),
        };
        for i in (first..end).step_by(step).take(usize::from(file[first - 1])) {
            file[i] += 1;
        }
        at = end;
        if marker == 0xda {
            at = end
                + file[end..].windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7)).expect("the next marker");
        }
    }
    file
}

/// A whole segment of a file, with its marker.
pub(crate) fn segment_at(file: &[u8], at: usize) -> std::ops::Range<usize> {
    at..at + 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]))
}

/// Where the entropy-coded data of the last scan begins.
pub(crate) fn last_scan(file: &[u8]) -> usize {
    let at = file.windows(2).rposition(|w| w == b"\xff\xda").expect("a scan");
    at + 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]))
}

/// Replaces the size in a JPEG's frame header.
pub(crate) fn with_jpeg_size(file: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = file.windows(2).position(|w| matches!(w, [0xff, 0xc0 | 0xc2])).expect("a frame header");
    file[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    file[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    file
}

/// Replaces the size in a PNG's header.
pub(crate) fn with_png_size(file: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut file = file.to_vec();
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&file[12..29]);
    file[29..33].copy_from_slice(&sum.to_be_bytes());
    file
}

/// Puts an `eXIf` chunk behind a PNG's header.
pub(crate) fn with_exif_chunk(file: &[u8], exif: &[u8]) -> Vec<u8> {
    with_chunks(file, &[chunk(b"eXIf", exif)])
}

/// A PNG chunk.
pub(crate) fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [name, body].concat();
    [&(body.len() as u32).to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
}

/// Puts chunks behind a PNG's header.
pub(crate) fn with_chunks(file: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&file[..33], &chunks.concat(), &file[33..]].concat()
}

/// Puts a chunk before a PNG's end.
pub(crate) fn with_late_chunk(file: &[u8], chunk: &[u8]) -> Vec<u8> {
    let end = file.len() - 12;
    [&file[..end], chunk, &file[end..]].concat()
}

/// The body of an `iCCP` chunk.
pub(crate) fn iccp(profile: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut stream = flate2::write::ZlibEncoder::new(b"a name\0\0".to_vec(), flate2::Compression::fast());
    stream.write_all(profile).expect("a Vec");
    stream.finish().expect("a Vec")
}

/// A colour profile with nothing in it but a header, for `RGB ` or `GRAY`, and a name.
pub(crate) fn icc(space: &[u8; 4], name: &str) -> Vec<u8> {
    let text = [b"desc\0\0\0\0", &(name.len() as u32 + 1).to_be_bytes()[..], name.as_bytes(), b"\0"].concat();
    let tag = [b"desc", &144u32.to_be_bytes()[..], &(text.len() as u32).to_be_bytes()].concat();
    let mut profile = [vec![0; 128], 1u32.to_be_bytes().to_vec(), tag, text].concat();
    let length = profile.len() as u32;
    profile[..4].copy_from_slice(&length.to_be_bytes());
    profile[12..16].copy_from_slice(b"mntr");
    profile[16..20].copy_from_slice(space);
    profile[20..24].copy_from_slice(b"XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    profile
}

/// Puts a segment behind a JPEG's start marker.
pub(crate) fn with_segment(file: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&file[..2], &[0xff, marker], &length[..], body, &file[2..]].concat()
}

/// The checksum of PNG chunks (ISO/IEC 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 }))
}

/// An EXIF block with a value for every listed field.
pub(crate) fn exif_block(orientation: u8) -> Vec<u8> {
    let text = |t: &str| Value::Ascii(vec![t.into()]);
    let ratio = |parts: &[(u32, u32)]| Value::Rational(parts.iter().map(|&(num, denom)| Rational { num, denom }).collect());
    exif_of(&[
        (Tag::Make, text("Maker")),
        (Tag::Model, text("Model 1 ")),
        (Tag::LensModel, text("35mm F2")),
        (Tag::DateTimeOriginal, text("2024:05:17 14:03:09")),
        (Tag::OffsetTimeOriginal, text("+02:00")),
        (Tag::ExposureTime, ratio(&[(10, 2500)])),
        (Tag::FNumber, ratio(&[(28, 10)])),
        (Tag::PhotographicSensitivity, Value::Short(vec![400])),
        (Tag::FocalLength, ratio(&[(35, 1)])),
        (Tag::Orientation, Value::Short(vec![orientation.into()])),
        (Tag::GPSLatitudeRef, text("S")),
        (Tag::GPSLatitude, ratio(&[(48, 1), (51, 1), (2999, 100)])),
        (Tag::GPSLongitudeRef, text("E")),
        (Tag::GPSLongitude, ratio(&[(2, 1), (17, 1), (4020, 100)])),
        (Tag::GPSAltitudeRef, Value::Byte(vec![1])),
        (Tag::GPSAltitude, ratio(&[(341, 10)])),
        (Tag::Artist, text("Zoë")),
        (Tag::Copyright, Value::Ascii(vec![b"photographer".to_vec(), b"editor".to_vec()])),
        (Tag::Software, text("1.0")),
    ])
}

/// An EXIF block that says Adobe RGB as cameras do (DCF): uncalibrated colours and the index R03.
pub(crate) fn exif_in_adobe_rgb() -> Vec<u8> {
    exif_of(&[(Tag::ColorSpace, Value::Short(vec![0xffff])), (Tag::InteroperabilityIndex, Value::Ascii(vec![b"R03".to_vec()]))])
}

/// A TIFF-framed EXIF block.
pub(crate) fn exif_of(fields: &[(Tag, Value)]) -> Vec<u8> {
    let fields: Vec<_> = fields.iter().map(|(tag, value)| Field { tag: *tag, ifd_num: In::PRIMARY, value: value.clone() }).collect();
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut block = std::io::Cursor::new(Vec::new());
    writer.write(&mut block, false).expect("a block");
    block.into_inner()
}
