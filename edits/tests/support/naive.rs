//! Every edit once more, written from its definition and from nothing else: double loops over `i64`.
#![allow(clippy::cast_possible_wrap, reason = "the pictures are small")]

use serde_json::Value;

/// A planar picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub cells: Vec<u8>,
}

impl Picture {
    pub(crate) fn at(&self, c: usize, y: usize, x: usize) -> i64 {
        self.cells[(c * self.height + y) * self.width + x].into()
    }

    /// The cell, or the nearest one on the border.
    pub(crate) fn near(&self, c: usize, y: i64, x: i64) -> i64 {
        self.at(c, y.clamp(0, self.height as i64 - 1) as usize, x.clamp(0, self.width as i64 - 1) as usize)
    }

    pub(crate) fn build(channels: usize, height: usize, width: usize, cell: impl Fn(usize, usize, usize) -> i64) -> Picture {
        let mut cells = Vec::new();
        for c in 0..channels {
            for y in 0..height {
                for x in 0..width {
                    let value = cell(c, y, x);
                    assert!((0..=255).contains(&value), "a definition that leaves the bytes: {value}");
                    cells.push(value as u8);
                }
            }
        }
        Picture { channels, height, width, cells }
    }
}

pub(crate) fn clamp(v: i64) -> i64 {
    v.clamp(0, 255)
}

pub(crate) fn floor(a: i64, b: i64) -> i64 {
    a.div_euclid(b)
}

fn int(op: &Value, name: &str) -> i64 {
    op[name].as_i64().unwrap_or_else(|| panic!("no integer {name} in {op}"))
}

fn size(op: &Value, name: &str) -> usize {
    int(op, name) as usize
}

fn real(op: &Value, name: &str) -> i64 {
    let text = op[name].as_str().and_then(|text| text.strip_suffix("/65536"));
    text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no real {name} in {op}"))
}

/// What the edit, in canonical form, makes of a picture.
pub(crate) fn naive(op: &Value, p: &Picture) -> Picture {
    let (channels, height, width) = (p.channels, p.height, p.width);
    let same = |cell: &dyn Fn(usize, usize, usize) -> i64| Picture::build(channels, height, width, cell);
    let luma = |y, x| floor(19595 * p.at(0, y, x) + 38470 * p.at(1, y, x) + 7471 * p.at(2, y, x) + 32768, 65536);
    match op["op"].as_str().expect("a name") {
        "crop" => {
            let (left, top) = (size(op, "x"), size(op, "y"));
            Picture::build(channels, size(op, "height"), size(op, "width"), |c, y, x| p.at(c, top + y, left + x))
        }
        "flip" => match op["axis"].as_str() {
            Some("horizontal") => same(&|c, y, x| p.at(c, y, width - 1 - x)),
            _ => same(&|c, y, x| p.at(c, height - 1 - y, x)),
        },
        "contrast" => {
            let factor = real(op, "factor");
            same(&|c, y, x| clamp(floor((p.at(c, y, x) - 128) * factor + 128 * 65536 + 32768, 65536)))
        }
        "grayscale" => Picture::build(1, height, width, |_, y, x| luma(y, x)),
        "brightness" => {
            let offset = int(op, "offset");
            same(&|c, y, x| clamp(p.at(c, y, x) + offset))
        }
        "curve" => same(&|c, y, x| op["values"][p.at(c, y, x) as usize].as_i64().expect("a byte")),
        "white_balance" => {
            let gains = ["red", "green", "blue"].map(|name| real(op, name));
            same(&|c, y, x| clamp(floor(p.at(c, y, x) * gains[c] + 32768, 65536)))
        }
        "gamma" => {
            let gamma = real(op, "gamma") as f64 / 65536.0;
            same(&|c, y, x| (255.0 * (p.at(c, y, x) as f64 / 255.0).powf(gamma) + 0.5).floor() as i64)
        }
        "rotate" => match int(op, "degrees") {
            90 => Picture::build(channels, width, height, |c, y, x| p.at(c, height - 1 - x, y)),
            180 => same(&|c, y, x| p.at(c, height - 1 - y, width - 1 - x)),
            _ => Picture::build(channels, width, height, |c, y, x| p.at(c, x, width - 1 - y)),
        },
        "rgb_to_ycbcr" => same(&|c, y, x| {
            let [r, g, b] = [p.at(0, y, x), p.at(1, y, x), p.at(2, y, x)];
            match c {
                0 => luma(y, x),
                1 => floor(-11059 * r - 21709 * g + 32768 * b + 128 * 65536 + 32767, 65536),
                _ => floor(32768 * r - 27439 * g - 5329 * b + 128 * 65536 + 32767, 65536),
            }
        }),
        "ycbcr_to_rgb" => same(&|c, y, x| {
            let (b, r) = (p.at(1, y, x) - 128, p.at(2, y, x) - 128);
            let rounded = match c {
                0 => floor(91881 * r + 32768, 65536),
                1 => floor(-22554 * b - 46802 * r + 32768, 65536),
                _ => floor(116_130 * b + 32768, 65536),
            };
            clamp(p.at(0, y, x) + rounded)
        }),
        "convolve" => {
            let kernel = op["kernel"].as_array().expect("rows");
            let (side, divisor, zero) = (kernel.len(), int(op, "divisor"), op["border"] == "zero");
            same(&|c, y, x| {
                let mut sum = divisor / 2;
                for (i, row) in kernel.iter().enumerate() {
                    for j in 0..side {
                        let (yy, xx) = (place(y, i, side), place(x, j, side));
                        let outside = yy < 0 || xx < 0 || yy as usize >= height || xx as usize >= width;
                        if !(zero && outside) {
                            sum += row[j].as_i64().expect("a weight") * p.near(c, yy, xx);
                        }
                    }
                }
                clamp(int(op, "offset") + floor(sum, divisor))
            })
        }
        "blur" => {
            let taps = gaussian(real(op, "sigma"));
            let side = taps.len();
            same(&|c, y, x| {
                let mut sum = 32768;
                for (i, v) in taps.iter().enumerate() {
                    for (j, h) in taps.iter().enumerate() {
                        sum += v * h * p.near(c, place(y, i, side), place(x, j, side));
                    }
                }
                clamp(floor(sum, 65536))
            })
        }
        "sharpen" => {
            let amount = floor(256 * real(op, "amount") + 32768, 65536);
            same(&|c, y, x| {
                let sum: i64 = (0..9).map(|i| p.near(c, place(y, i / 3, 3), place(x, i % 3, 3))).sum();
                clamp(floor(2304 * p.at(c, y, x) + amount * (9 * p.at(c, y, x) - sum) + 1152, 2304))
            })
        }
        "redact" => same(&|c, y, x| {
            let covers = |r: &Value| {
                (size(r, "x")..size(r, "x") + size(r, "width")).contains(&x)
                    && (size(r, "y")..size(r, "y") + size(r, "height")).contains(&y)
            };
            let covered = op["rectangles"].as_array().expect("a list").iter().any(covers);
            if covered { op["colour"][c].as_i64().expect("a byte") } else { p.at(c, y, x) }
        }),
        "pixelate" => {
            let [left, top, w, h, block] = ["x", "y", "width", "height", "block"].map(|name| size(op, name));
            same(&|c, y, x| {
                if x < left || y < top || x >= left + w || y >= top + h {
                    return p.at(c, y, x);
                }
                let (x0, y0) = (left + (x - left) / block * block, top + (y - top) / block * block);
                let (mut sum, mut n) = (0, 0);
                for yy in y0..(y0 + block).min(top + h) {
                    for xx in x0..(x0 + block).min(left + w) {
                        sum += p.at(c, yy, xx);
                        n += 1;
                    }
                }
                floor(sum + n / 2, n)
            })
        }
        "resize" => {
            let (w, h, filter) = (size(op, "width"), size(op, "height"), op["filter"].as_str().expect("a name"));
            if filter == "nearest" {
                let at = |j: usize, n: usize, m: usize| (2 * j + 1) * n / (2 * m);
                return Picture::build(channels, h, w, |c, y, x| p.at(c, at(y, height, h), at(x, width, w)));
            }
            let columns: Vec<Vec<i64>> = (0..w).map(|j| resampling(filter, width, w, j)).collect();
            let rows: Vec<Vec<i64>> = (0..h).map(|j| resampling(filter, height, h, j)).collect();
            let divisor = weight_sum(filter, width, w) * weight_sum(filter, height, h);
            Picture::build(channels, h, w, |c, y, x| {
                let mut sum = divisor / 2;
                for (i, v) in rows[y].iter().enumerate() {
                    for (j, u) in columns[x].iter().enumerate() {
                        sum += v * u * p.at(c, i, j);
                    }
                }
                clamp(floor(sum, divisor))
            })
        }
        "overlay" => {
            let [left, top] = ["x", "y"].map(|name| op[name].as_i64().expect("an integer"));
            let [w, h] = ["width", "height"].map(|name| op["image"][name].as_i64().expect("an integer"));
            let rgba = base64(op["image"]["rgba"].as_str().expect("a text"));
            same(&|c, y, x| {
                let (over, down) = (x as i64 - left, y as i64 - top);
                if !(0..w).contains(&over) || !(0..h).contains(&down) {
                    return p.at(c, y, x);
                }
                let pixel = &rgba[4 * (down * w + over) as usize..][..4];
                let (a, o) = (i64::from(pixel[3]), i64::from(pixel[c]));
                floor((255 - a) * p.at(c, y, x) + a * o + 127, 255)
            })
        }
        other => panic!("write down what {other} means"),
    }
}

/// Where tap `i` of `side` reads for output `at`.
fn place(at: usize, i: usize, side: usize) -> i64 {
    at as i64 + i as i64 - (side / 2) as i64
}

/// To integers of this sum, by largest remainder in floating point, ties to what stands earlier in `order`.
fn scaled(weights: &[f64], order: &[usize], sum: i64) -> Vec<i64> {
    let total: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|w| sum as f64 * w / total).collect();
    let mut whole: Vec<i64> = exact.iter().map(|w| w.floor() as i64).collect();
    let missing = sum - whole.iter().sum::<i64>();
    let lost = |i: usize| ((exact[i] - exact[i].floor()) * 1e9).round() as i64;
    let mut order = order.to_vec();
    order.sort_by_key(|i| -lost(*i));
    order.iter().take(missing as usize).for_each(|i| whole[*i] += 1);
    whole
}

fn gaussian(sigma: i64) -> Vec<i64> {
    let sigma = sigma as f64 / 65536.0;
    let radius = (3.0 * sigma).ceil() as usize;
    let weights: Vec<f64> = (0..=2 * radius).map(|i| (-(i as f64 - radius as f64).powi(2) / (2.0 * sigma * sigma)).exp()).collect();
    let mut order: Vec<usize> = (0..=2 * radius).collect();
    order.sort_by_key(|i| (i.abs_diff(radius), *i));
    scaled(&weights, &order, 256)
}

/// Weights of all `n` inputs in output `j` of `m`.
fn resampling(filter: &str, n: usize, m: usize, j: usize) -> Vec<i64> {
    let centre = (j as f64 + 0.5) * n as f64 / m as f64 - 0.5;
    let scale = (n as f64 / m as f64).max(1.0);
    let sinc = |x: f64| if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) };
    let weight = |i: usize| {
        let x = ((i as f64 - centre) / scale).abs();
        match filter {
            "bilinear" => (1.0 - x).max(0.0),
            _ if x < 3.0 - 1e-12 => sinc(x) * sinc(x / 3.0),
            _ => 0.0,
        }
    };
    let weights: Vec<f64> = (0..n).map(weight).collect();
    scaled(&weights, &(0..n).collect::<Vec<_>>(), weight_sum(filter, n, m))
}

/// 256 for outputs that weigh up to 24 samples, 65536 for those that weigh more.
fn weight_sum(filter: &str, n: usize, m: usize) -> i64 {
    let lobes = if filter == "bilinear" { 1.0 } else { 3.0 };
    let reach = (2.0 * lobes * (n as f64 / m as f64).max(1.0)).ceil();
    if reach.min(n as f64) <= 24.0 { 256 } else { 65536 }
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for digit in text.chars().filter_map(|c| DIGITS.find(c)) {
        bits = (bits << 6 | digit as u32) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}
