//! Rectangles of cells: in recipes, in words, and inside a picture.

use super::error::EditError;
use super::fields::Fields;
use super::kind::Kind;
use super::parameter::{Entry, Parameter};
use super::values::{Integer, Values};
use super::words::Length;
use crate::placement::Area as Place;
use serde_json::Value;
use std::fmt::{Display, Formatter};
use std::ops::Range;
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::{Piece, Region};
use zkimg_graph::tensor::Dims;

/// The rectangle of `width × height` cells whose upper left cell is `(x, y)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// `640 × 480 at 320, 120`: columns and rows, then how far from the left and from the top.
impl Display for Rectangle {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} × {} at {}, {}", self.width, self.height, self.x, self.y)
    }
}

/// No coordinate is larger, in whatever picture.
const FAR: usize = 1 << 26;

/// The four parameters of a rectangle inside the picture.
pub(crate) type Area = [Parameter<Integer<usize>>; 4];

/// With what its columns and its rows are.
pub(crate) const fn area(columns: &'static str, rows: &'static str) -> Area {
    let [x, y, width, height] = NAMES;
    [
        Parameter::required(x, "left edge", Integer::that_fit(0, FAR, "inside the picture")),
        Parameter::required(y, "upper edge", Integer::that_fit(0, FAR, "inside the picture")),
        Parameter::required(width, columns, Integer::that_fit(0, FAR, "from 1 to what the picture has right of x")),
        Parameter::required(height, rows, Integer::that_fit(0, FAR, "from 1 to what the picture has below y")),
    ]
}

const NAMES: [&str; 4] = ["x", "y", "width", "height"];

impl Rectangle {
    /// Reads the four parameters; whether it lies in the picture is seen later.
    pub(crate) fn read(area: &Area, fields: &Fields<'_>) -> Result<Rectangle, EditError> {
        let [x, y, width, height] = area.each_ref().map(|side| fields.read(side));
        Ok(Rectangle { x: x?, y: y?, width: width?, height: height? })
    }

    /// Reads an object of exactly `x`, `y`, `width` and `height`.
    pub(crate) fn from_json(value: &Value) -> Option<Rectangle> {
        let map = value.as_object().filter(|map| map.len() == NAMES.len())?;
        let side = |name| Integer::between(0, FAR).read(map.get(name)?).ok();
        let [x, y, width, height] = NAMES.map(side);
        Some(Rectangle { x: x?, y: y?, width: width?, height: height? })
    }

    /// Where it lies, for a drawing.
    pub(crate) fn place(&self) -> Place {
        Place { x: self.x as f64, y: self.y as f64, width: self.width as f64, height: self.height as f64 }
    }

    /// The four parameters.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let values = [self.x, self.y, self.width, self.height];
        NAMES.into_iter().zip(values.map(Value::from)).collect()
    }

    /// `WxH+X+Y`, as words have it.
    pub(crate) fn written(&self) -> String {
        format!("{}x{}+{}+{}", self.width, self.height, self.x, self.y)
    }

    /// Refuses a rectangle that does not lie inside the picture, or is empty.
    pub(crate) fn check(&self, kind: &'static Kind, dims: Dims) -> Result<(), EditError> {
        let axes = [("x", self.x, "width", self.width, dims.width), ("y", self.y, "height", self.height, dims.height)];
        for (start, at, length, n, side) in axes {
            let wrong = |parameter, value: usize, low: usize, high: usize| {
                let allowed = format!("from {low} to {high} to lie inside the picture of {} × {}", dims.width, dims.height);
                kind.refuse(parameter, value.to_string(), allowed)
            };
            if at >= side {
                return Err(wrong(start, at, 0, side - 1));
            }
            if !(1..=side - at).contains(&n) {
                return Err(wrong(length, n, 1, side - at));
            }
        }
        Ok(())
    }

    /// The rows.
    pub fn rows(&self) -> Range<usize> {
        self.y..self.y + self.height
    }

    /// The columns.
    pub fn columns(&self) -> Range<usize> {
        self.x..self.x + self.width
    }

    /// The piece that leaves the cells here as they are.
    pub(crate) fn kept(&self, input: Dims) -> Piece {
        let vertical = AxisMap::interval(input.height, self.rows());
        let horizontal = AxisMap::interval(input.width, self.columns());
        let map = LinearMap::spatial(input, false, vertical, horizontal);
        Piece { region: self.region(0..input.channels), ..Piece::linear(map) }
    }

    /// The pieces that leave every cell outside as it is.
    pub(crate) fn around(&self, input: Dims) -> Vec<Piece> {
        let (right, below) = (self.x + self.width, self.y + self.height);
        let around = [
            Rectangle { x: 0, y: 0, width: input.width, height: self.y },
            Rectangle { x: 0, y: below, width: input.width, height: input.height - below },
            Rectangle { x: 0, y: self.y, width: self.x, height: self.height },
            Rectangle { x: right, y: self.y, width: input.width - right, height: self.height },
        ];
        around.iter().filter(|r| r.width > 0 && r.height > 0).map(|r| r.kept(input)).collect()
    }

    /// The box of these cells in some channels.
    pub(crate) fn region(&self, channels: Range<usize>) -> Region {
        Region { channels, rows: self.rows(), columns: self.columns() }
    }
}

/// How large a rectangle is, `WxH` in a word, each a number or a percentage of the picture's side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    width: Length,
    height: Length,
}

impl Size {
    pub(crate) fn parse(text: &str) -> Option<Size> {
        let (width, height) = text.split_once('x')?;
        Some(Size { width: Length::parse(width)?, height: Length::parse(height)? })
    }

    /// Columns and rows.
    pub(crate) fn of(&self, dims: Dims) -> (usize, usize) {
        (self.width.of(dims.width), self.height.of(dims.height))
    }
}

/// A rectangle in a word, `WxH+X+Y`, where the last two are lengths as well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Geometry {
    size: Size,
    x: Length,
    y: Length,
}

impl Geometry {
    pub(crate) fn parse(text: &str) -> Option<Geometry> {
        let mut parts = text.splitn(3, '+');
        let (size, x, y) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Geometry { size: Size::parse(size)?, x: Length::parse(x)?, y: Length::parse(y)? })
    }

    pub(crate) fn of(&self, dims: Dims) -> Rectangle {
        let (width, height) = self.size.of(dims);
        Rectangle { x: self.x.of(dims.width), y: self.y.of(dims.height), width, height }
    }
}
