//! A canvas with the few shapes the sample pictures are made of. Integers only, so every machine draws the same.
// Sides are a few hundred pixels.
#![allow(clippy::cast_possible_wrap)]

use crate::font;

pub(crate) type Colour = [i32; 3];

/// An RGB picture, lines of pixels.
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<Colour>,
}

/// A number that depends on the place and looks random (SplitMix64's mixing).
pub(crate) fn noise(x: usize, y: usize, salt: u64) -> i32 {
    let mut z = (x as u64) << 40 ^ (y as u64) << 16 ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ z >> 31) & 0xff) as i32
}

/// The colour `part/whole` of the way from `a` to `b`.
pub(crate) fn blend(a: Colour, b: Colour, part: i32, whole: i32) -> Colour {
    std::array::from_fn(|c| a[c] + (b[c] - a[c]) * part / whole.max(1))
}

impl Canvas {
    /// A canvas with a vertical gradient.
    pub(crate) fn new(width: usize, height: usize, top: Colour, bottom: Colour) -> Canvas {
        let line = |y| std::iter::repeat_n(blend(top, bottom, y as i32, height as i32), width);
        Canvas { width, height, pixels: (0..height).flat_map(line).collect() }
    }

    /// Colours every pixel for which `paint` gives a colour.
    pub(crate) fn paint(&mut self, paint: impl Fn(i32, i32, Colour) -> Option<Colour>) {
        for y in 0..self.height {
            for x in 0..self.width {
                let pixel = &mut self.pixels[y * self.width + x];
                *pixel = paint(x as i32, y as i32, *pixel).unwrap_or(*pixel);
            }
        }
    }

    /// A filled rectangle.
    pub(crate) fn rectangle(&mut self, x: i32, y: i32, width: i32, height: i32, colour: Colour) {
        self.paint(|px, py, _| ((x..x + width).contains(&px) && (y..y + height).contains(&py)).then_some(colour));
    }

    /// A filled ellipse, lighter towards the upper left.
    pub(crate) fn ellipse(&mut self, cx: i32, cy: i32, rx: i32, ry: i32, colour: Colour) {
        self.paint(|px, py, _| {
            let (dx, dy) = ((px - cx) * 1000 / rx, (py - cy) * 1000 / ry);
            (dx.abs().max(dy.abs()) <= 1000 && dx * dx + dy * dy <= 1_000_000).then(|| colour.map(|c| c - (dx + dy) / 60))
        });
    }

    /// A text whose font pixels are `scale` pixels wide.
    pub(crate) fn text(&mut self, text: &str, x: i32, y: i32, scale: i32, colour: Colour) {
        let end = (font::ADVANCE * text.len()) as i32 * scale;
        self.paint(|px, py, _| {
            let (dx, dy) = (px - x, py - y);
            let inside = (0..end).contains(&dx) && (0..font::HEIGHT as i32 * scale).contains(&dy);
            (inside && font::ink(text, (dx / scale) as usize, (dy / scale) as usize)).then_some(colour)
        });
    }

    /// Grain like a sensor's, and a broader texture.
    pub(crate) fn grain(&mut self, strength: i32, salt: u64) {
        self.paint(|x, y, colour| {
            let (x, y) = (x as usize, y as usize);
            let fine = noise(x, y, salt) + noise(x, y, salt + 1) - 255;
            let broad = noise(x / 3, y / 5, salt + 2) - 128;
            Some(colour.map(|c| c + (fine * strength + broad * strength / 2) / 128))
        });
    }

    /// Bytes, `[y][x][c]`.
    pub(crate) fn rgb(&self) -> Vec<u8> {
        self.pixels.iter().flatten().map(|c| (*c).clamp(0, 255) as u8).collect()
    }

    /// One byte a pixel: the mean of the channels.
    pub(crate) fn grey(&self) -> Vec<u8> {
        self.pixels.iter().map(|p| (p.iter().sum::<i32>() / 3).clamp(0, 255) as u8).collect()
    }

    /// A quarter turn counterclockwise.
    pub(crate) fn turned(&self) -> Canvas {
        let (width, height) = (self.height, self.width);
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| x * self.width + self.width - 1 - y));
        Canvas { width, height, pixels: pixels.map(|at| self.pixels[at]).collect() }
    }
}
