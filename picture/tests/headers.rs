//! A PNG with two headers: what is measured by one is never decoded by the other.

mod files;

use files::{gradient, png, with_png_size};
use zkimg_picture::image::decode;
use zkimg_picture::{Format, PictureError};

/// A whole `IHDR` chunk is 25 bytes, and it stands behind the 8 of the signature.
const HEADER: std::ops::Range<usize> = 8..33;
/// `IEND`, the last 12 bytes.
const END: usize = 12;

fn reason(file: &[u8]) -> String {
    match decode(file).expect_err("two headers") {
        PictureError::Damaged { format: Format::Png, reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_second_header_of_another_size_is_refused_wherever_it_stands() {
    let file = png(6, 4, 3, 8, &gradient(6, 4, 3));
    for (width, height) in [(4, 6), (6, 2), (12, 8), (1, 1), (3, 8)] {
        let other = with_png_size(&file, width, height)[HEADER].to_vec();
        // Behind the pixels, where the decoder has its size already.
        let end = file.len() - END;
        let late = [&file[..end], &other, &file[end..]].concat();
        assert_eq!(reason(&late), "it has two headers", "{width} × {height}");
        let early = [&file[..HEADER.end], &other, &file[HEADER.end..]].concat();
        reason(&early);
        // The other way round.
        let first = [&file[..HEADER.start], &other, &file[HEADER.end..end], &file[HEADER], &file[end..]].concat();
        assert_eq!(reason(&first), "it has two headers", "{width} × {height}");
    }
}
