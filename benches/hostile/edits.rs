//! Edits that ask for much, as JSON.

use base64ct::{Base64, Encoding};

/// Rectangles of which `upright` stand and `lying` lie, moved by `shift`: the boxes between them are many.
pub(crate) fn comb(width: usize, height: usize, upright: usize, lying: usize, shift: usize) -> String {
    let bar = |x: usize, y: usize, width: usize, height: usize| format!("{{\"height\":{height},\"width\":{width},\"x\":{x},\"y\":{y}}}");
    let pitch = |side: usize, bars: usize| side / bars.max(1);
    let (px, py) = (pitch(width, upright), pitch(height, lying));
    let up = (0..upright).map(|i| bar(i * px + shift % (px / 2).max(1), 0, (px / 2).max(1), height));
    let across = (0..lying).map(|i| bar(0, i * py + shift % (py / 2).max(1), width, (py / 2).max(1)));
    let colour = shift % 256;
    format!(
        "{{\"colour\":[{colour},{colour},{colour}],\"op\":\"redact\",\"rectangles\":[{}]}}",
        up.chain(across).collect::<Vec<_>>().join(",")
    )
}

/// A filter of one weight: results before clamping take `255·weight` values.
pub(crate) fn multiple(weight: usize, offset: usize) -> String {
    convolve(&[vec![weight]], 1, offset)
}

/// A filter of one weight, divided by it again.
pub(crate) fn scaled(divisor: usize) -> String {
    convolve(&[vec![divisor]], divisor, 0)
}

/// A division alone.
pub(crate) fn divided(divisor: usize) -> String {
    convolve(&[vec![1 << 20]], divisor, 0)
}

/// A filter that is no sum of fewer products of a column and a row than it has rows.
pub(crate) fn kernel(side: usize, seed: usize) -> String {
    let mut state = seed as u32;
    let mut weight = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        1 + (state >> 29) as usize
    };
    let rows: Vec<Vec<usize>> = (0..side).map(|_| (0..side).map(|_| weight()).collect()).collect();
    convolve(&rows, rows.iter().flatten().sum(), 0)
}

fn convolve(rows: &[Vec<usize>], divisor: usize, offset: usize) -> String {
    let row = |row: &Vec<usize>| format!("[{}]", row.iter().map(usize::to_string).collect::<Vec<_>>().join(","));
    let rows = rows.iter().map(row).collect::<Vec<_>>().join(",");
    format!("{{\"border\":\"replicate\",\"divisor\":{divisor},\"kernel\":[{rows}],\"offset\":{offset},\"op\":\"convolve\"}}")
}

/// A crop from the upper left.
pub(crate) fn crop(width: usize, height: usize) -> String {
    format!("{{\"height\":{height},\"op\":\"crop\",\"width\":{width},\"x\":0,\"y\":0}}")
}

/// A mirror image, left to right.
pub(crate) fn flip() -> String {
    "{\"axis\":\"horizontal\",\"op\":\"flip\"}".into()
}

/// A quarter turn.
pub(crate) fn turn() -> String {
    "{\"op\":\"rotate\",\"degrees\":\"90\"}".into()
}

/// Another size.
pub(crate) fn resize(width: usize, height: usize, filter: &str) -> String {
    format!("{{\"filter\":\"{filter}\",\"height\":{height},\"op\":\"resize\",\"width\":{width}}}")
}

/// Blocks of a rectangle.
pub(crate) fn pixelate(x: usize, y: usize, width: usize, height: usize, block: usize) -> String {
    format!("{{\"block\":{block},\"height\":{height},\"op\":\"pixelate\",\"width\":{width},\"x\":{x},\"y\":{y}}}")
}

/// A tone curve.
pub(crate) fn curve(seed: usize) -> String {
    let values: Vec<String> = (0..256).map(|x| ((x * (2 * seed + 1) + seed) % 256).to_string()).collect();
    format!("{{\"op\":\"curve\",\"values\":[{}]}}", values.join(","))
}

/// A power that no other edit has.
pub(crate) fn gamma(seed: usize) -> String {
    format!("{{\"gamma\":\"0.{:02}\",\"op\":\"gamma\"}}", seed + 10)
}

/// A gain for each channel.
pub(crate) fn white_balance(seed: usize) -> String {
    format!("{{\"op\":\"white_balance\",\"red\":\"1.{seed:02}\",\"green\":\"1.5\",\"blue\":\"0.{seed:02}\"}}")
}

/// The widest blur.
pub(crate) fn blur() -> String {
    "{\"op\":\"blur\",\"sigma\":10}".into()
}

/// Full sharpening.
pub(crate) fn sharpen() -> String {
    "{\"amount\":4,\"op\":\"sharpen\"}".into()
}

/// There and back between colour spaces.
pub(crate) fn luma(back: bool) -> String {
    format!("{{\"op\":\"{}\"}}", if back { "ycbcr_to_rgb" } else { "rgb_to_ycbcr" })
}

/// A picture of `width × height` with another row of alpha in every line.
pub(crate) fn overlay(width: usize, height: usize, seed: usize) -> String {
    let alpha = |i: usize| {
        let (x, y) = (i % width, i / width);
        match x {
            0 => 1 + y % 255,
            1 => 1 + y / 255,
            _ => 1 + (i + seed) % 255,
        }
    };
    let rgba: Vec<u8> = (0..width * height).flat_map(|i| [i, i, i, alpha(i)].map(|v| v as u8)).collect();
    format!(
        "{{\"image\":{{\"height\":{height},\"rgba\":\"{}\",\"width\":{width}}},\"op\":\"overlay\",\"x\":0,\"y\":0}}",
        Base64::encode_string(&rgba)
    )
}
