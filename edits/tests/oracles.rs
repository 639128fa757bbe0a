//! The edits against somebody else's code, or formulas worked out from another source.
#![allow(clippy::cast_possible_wrap, reason = "the pictures are small")]

mod support;

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageBuffer, Rgb, RgbImage};
use support::naive::Picture;
use support::{dims, native, picture};

fn edited(word: &str, p: &Picture) -> Picture {
    let d = dims(p.channels, p.height, p.width);
    let edit = zkimg_edits::parse_word(word).and_then(|draft| draft.resolve(d)).unwrap_or_else(|e| panic!("{word}: {e}"));
    native(&*edit, p)
}

fn to_image(p: &Picture) -> RgbImage {
    ImageBuffer::from_fn(p.width as u32, p.height as u32, |x, y| Rgb([0, 1, 2].map(|c| p.at(c, y as usize, x as usize) as u8)))
}

fn from_image(image: &RgbImage) -> Picture {
    let (width, height) = (image.width() as usize, image.height() as usize);
    Picture::build(3, height, width, |c, y, x| image.get_pixel(x as u32, y as u32).0[c].into())
}

fn resized(p: &Picture, width: u32, height: u32, filter: FilterType) -> RgbImage {
    DynamicImage::from(to_image(p)).resize_exact(width, height, filter).to_rgb8()
}

#[test]
fn geometry_is_that_of_the_image_crate() {
    let p = picture(dims(3, 23, 37), 1);
    let image = to_image(&p);
    for (word, expected) in [
        ("flip=horizontal", imageops::flip_horizontal(&image)),
        ("flip=vertical", imageops::flip_vertical(&image)),
        ("rotate=90", imageops::rotate90(&image)),
        ("rotate=180", imageops::rotate180(&image)),
        ("rotate=270", imageops::rotate270(&image)),
        ("crop=20x11+9+5", imageops::crop_imm(&image, 9, 5, 20, 11).to_image()),
    ] {
        assert_eq!(edited(word, &p), from_image(&expected), "{word}");
    }
}

/// Waves, as photographs are smooth: weights of 8 bits are then within a level of real ones.
fn smooth(height: usize, width: usize) -> Picture {
    waves(height, width, 1.0)
}

/// Waves, so many times longer.
fn waves(height: usize, width: usize, longer: f64) -> Picture {
    Picture::build(3, height, width, |c, y, x| {
        let wave = (x as f64 / 9.0 / longer + c as f64).sin() + (y as f64 / 7.0 / longer).cos();
        (127.5 + 55.0 * wave) as i64
    })
}

#[test]
fn large_reductions_are_within_a_level_of_the_image_crate() {
    for reduction in [5, 13, 16, 20, 40] {
        let p = waves(24 * reduction, 20 * reduction, reduction as f64 / 6.0);
        for (name, filter) in [("bilinear", FilterType::Triangle), ("lanczos3", FilterType::Lanczos3)] {
            let ours = edited(&format!("resize=20x24,{name}"), &p);
            let theirs = from_image(&resized(&p, 20, 24, filter));
            let worst = ours.cells.iter().zip(&theirs.cells).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{name} by {reduction}: {worst:?}");
        }
    }
}

#[test]
fn resampling_is_within_a_level_of_the_image_crate() {
    let p = smooth(60, 85);
    for (width, height) in [(40, 30), (170, 120), (85, 60), (61, 47), (100, 33)] {
        for (name, filter) in [("bilinear", FilterType::Triangle), ("lanczos3", FilterType::Lanczos3)] {
            let ours = edited(&format!("resize={width}x{height},{name}"), &p);
            let theirs = from_image(&resized(&p, width, height, filter));
            let worst = ours.cells.iter().zip(&theirs.cells).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{name} to {width} × {height}: {worst:?}");
        }
    }
}

#[test]
fn resampling_is_within_a_level_of_fast_image_resize() {
    use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer, images::TypedImage, pixels::U8x3};
    let p = smooth(60, 85);
    // For pixels of one type alone: to compile it for all takes two minutes.
    let pixels = to_image(&p).pixels().map(|pixel| U8x3::new(pixel.0)).collect();
    let source = TypedImage::from_pixels(85, 60, pixels).expect("an image");
    for (width, height) in [(40, 30), (170, 120), (85, 60), (61, 47), (100, 33)] {
        for (name, filter) in [("bilinear", FilterType::Bilinear), ("lanczos3", FilterType::Lanczos3)] {
            let ours = edited(&format!("resize={width}x{height},{name}"), &p);
            let mut theirs = TypedImage::<U8x3>::new(width, height);
            let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
            Resizer::new().resize_typed(&source, &mut theirs, &options).expect("resized");
            let bytes = theirs.pixels().iter().flat_map(|pixel| pixel.0).collect();
            let theirs = from_image(&RgbImage::from_raw(width, height, bytes).expect("an image"));
            let worst = ours.cells.iter().zip(&theirs.cells).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{name} to {width} × {height}: {worst:?}");
        }
    }
}

#[test]
fn a_blur_is_within_a_level_of_the_image_crate() {
    let p = smooth(40, 50);
    let ours = edited("blur=1.5", &p);
    let theirs = from_image(&imageops::blur(&to_image(&p), 1.5));
    // The image crate treats borders in its own way.
    for (y, x) in (6..34).flat_map(|y| (6..44).map(move |x| (y, x))) {
        assert!((0..3).all(|c| (ours.at(c, y, x) - theirs.at(c, y, x)).abs() <= 1), "{y} {x}");
    }
}

/// libjpeg's `FIX`.
fn fix(x: f64) -> i64 {
    (x * 65536.0 + 0.5) as i64
}

/// A picture with every value of every channel among its cells.
fn colours() -> Picture {
    Picture::build(3, 64, 256, |c, y, x| {
        (match c {
            0 => x,
            1 => (y * 4 + x * 3) % 256,
            _ => (x * y + y * 85) % 256,
        }) as i64
    })
}

/// `jccolor.c`: tables of products, rounded by `ONE_HALF`, and a shift.
#[test]
fn luma_and_chroma_are_libjpegs() {
    let p = colours();
    let (half, offset) = (1 << 15, 128 << 16);
    let expected = Picture::build(3, 64, 256, |c, y, x| {
        let [r, g, b] = [0, 1, 2].map(|c| p.at(c, y, x));
        match c {
            0 => (fix(0.29900) * r + fix(0.58700) * g + fix(0.11400) * b + half) >> 16,
            1 => (-fix(0.16874) * r - fix(0.33126) * g + fix(0.50000) * b + offset + half - 1) >> 16,
            _ => (fix(0.50000) * r - fix(0.41869) * g - fix(0.08131) * b + offset + half - 1) >> 16,
        }
    });
    assert_eq!(edited("rgb-to-ycbcr", &p), expected);
    assert_eq!(edited("grayscale", &p).cells, expected.cells[..64 * 256]);
}

/// `jdcolor.c`: four tables, two of them still scaled, and a range limit.
#[test]
fn colours_from_chroma_are_libjpegs() {
    let p = colours();
    let half = 1 << 15;
    let expected = Picture::build(3, 64, 256, |c, y, x| {
        let (luma, cb, cr) = (p.at(0, y, x), p.at(1, y, x) - 128, p.at(2, y, x) - 128);
        let added = match c {
            0 => (fix(1.40200) * cr + half) >> 16,
            1 => (-fix(0.34414) * cb + half - fix(0.71414) * cr) >> 16,
            _ => (fix(1.77200) * cb + half) >> 16,
        };
        (luma + added).clamp(0, 255)
    });
    assert_eq!(edited("ycbcr-to-rgb", &p), expected);
}
