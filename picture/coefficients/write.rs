//! Writing a JPEG: baseline, with the best Huffman tables, its profile, no other metadata; the same picture gives the same bytes.

use super::encode::scan;
use super::{Coefficients, ZIGZAG};
use crate::jpeg::{APP_2, DEFINE_CODES, DEFINE_QUANTISATION, ICC, segment, spread};
use crate::profile::Profile;

/// JFIF 1.01, 72 × 72 to the inch, no thumbnail.
const JFIF: &[u8] = b"JFIF\0\x01\x01\x01\0\x48\0\x48\0\0";

/// Writes a picture with its profile.
///
/// Every coefficient must lie in [`super::COEFFICIENTS`], and none but the first of a block be −1024: these have no code.
pub fn write_jpeg(picture: &Coefficients, profile: &Profile) -> Vec<u8> {
    let shape = picture.shape;
    let mut file = [&b"\xff\xd8"[..], &segment(0xe0, JFIF)].concat();
    if let Profile::Icc(icc) = profile {
        file.extend(spread(APP_2, ICC, icc.bytes()));
    }
    // Both components of colour share a table.
    for (number, component) in (0..).zip(picture.components.iter().take(2)) {
        let table = ZIGZAG.map(|place| component.table[usize::from(place)]);
        file.extend(segment(DEFINE_QUANTISATION, &[&[number][..], &table].concat()));
    }
    let (down, across) = shape.in_unit(0);
    let mut frame = vec![8];
    frame.extend([shape.height, shape.width].map(|side| (side as u16).to_be_bytes()).as_flattened());
    frame.push(shape.components() as u8);
    let mut header = vec![shape.components() as u8];
    for component in 0..shape.components() {
        let (sampling, tables) = if component == 0 { ((across << 4 | down) as u8, 0) } else { (0x11, 1) };
        frame.extend([component as u8 + 1, sampling, tables]);
        header.extend([component as u8 + 1, tables << 4 | tables]);
    }
    file.extend(segment(0xc0, &frame));
    header.extend([0, 63, 0]);
    let (data, codes) = scan(picture);
    for (number, pair) in (0..).zip(&codes) {
        for (class, code) in (0u8..).zip(pair) {
            file.extend(segment(DEFINE_CODES, &[&[class << 4 | number][..], &code.lengths, &code.symbols].concat()));
        }
    }
    [&file, &segment(0xda, &header)[..], &data, b"\xff\xd9"].concat()
}
