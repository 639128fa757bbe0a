//! Where an edit's output lies in its input, and what it covers: for drawings. Nothing is proved by it.

/// One axis of an input, which follows one of the output: `scale·t + offset`, where cell `t` reaches from `t` to `t + 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    scale: f64,
    offset: f64,
}

impl Axis {
    const STILL: Axis = Axis { scale: 1.0, offset: 0.0 };

    fn at(&self, t: f64) -> f64 {
        self.scale * t + self.offset
    }

    fn after(&self, inner: &Axis) -> Axis {
        Axis { scale: self.scale * inner.scale, offset: self.at(inner.offset) }
    }

    /// Where an interval of the output lies: its start, and its length.
    fn interval(&self, start: f64, length: f64) -> (f64, f64) {
        let (a, b) = (self.at(start), self.at(start + length));
        (a.min(b), (b - a).abs())
    }
}

/// Where the points of a picture lie in another one that it was made from by turning, mirroring, cutting and resizing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Whether the other's columns follow this one's rows.
    exchanged: bool,
    x: Axis,
    y: Axis,
}

impl Frame {
    /// Every point lies where it lay.
    pub const STILL: Frame = Frame { exchanged: false, x: Axis::STILL, y: Axis::STILL };

    /// This picture begins at `(x, y)` of the other one.
    pub(crate) fn beginning_at(x: usize, y: usize) -> Frame {
        let from = |offset: usize| Axis { scale: 1.0, offset: offset as f64 };
        Frame { exchanged: false, x: from(x), y: from(y) }
    }

    /// Columns become rows.
    pub(crate) fn exchanged(self) -> Frame {
        Frame { exchanged: true, ..self }
    }

    /// Left becomes right in the other picture, which has so many columns.
    pub(crate) fn mirrored(self, columns: usize) -> Frame {
        Frame { x: Axis { scale: -1.0, offset: columns as f64 }, ..self }
    }

    /// Up becomes down in the other picture, which has so many rows.
    pub(crate) fn upside_down(self, rows: usize) -> Frame {
        Frame { y: Axis { scale: -1.0, offset: rows as f64 }, ..self }
    }

    /// Each axis `(n, m)` of the other picture has `n` cells where this one has `m`.
    pub(crate) fn resized(columns: (usize, usize), rows: (usize, usize)) -> Frame {
        let of = |(n, m): (usize, usize)| Axis { scale: n as f64 / m as f64, offset: 0.0 };
        Frame { exchanged: false, x: of(columns), y: of(rows) }
    }

    /// Where the points of a picture lie whose place in this one is `inner`.
    pub fn after(&self, inner: &Frame) -> Frame {
        let (x, y) = if self.exchanged { (&inner.y, &inner.x) } else { (&inner.x, &inner.y) };
        Frame { exchanged: self.exchanged != inner.exchanged, x: self.x.after(x), y: self.y.after(y) }
    }

    /// Where an area lies.
    pub fn area(&self, area: Area) -> Area {
        let (columns, rows) = ((area.x, area.width), (area.y, area.height));
        let (columns, rows) = if self.exchanged { (rows, columns) } else { (columns, rows) };
        let ((x, width), (y, height)) = (self.x.interval(columns.0, columns.1), self.y.interval(rows.0, rows.1));
        Area { x, y, width, height }
    }

    /// Which side of the other picture this one's upper side is turned to.
    pub fn up(&self) -> Side {
        match (self.exchanged, self.x.scale > 0.0, self.y.scale > 0.0) {
            (false, _, true) => Side::Top,
            (false, _, false) => Side::Bottom,
            (true, true, _) => Side::Left,
            (true, false, _) => Side::Right,
        }
    }

    /// Whether it is a mirror image.
    pub fn is_mirrored(&self) -> bool {
        self.exchanged != (self.x.scale * self.y.scale < 0.0)
    }
}

/// A side of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Its first line.
    Top,
    /// The last cells of its lines.
    Right,
    /// Its last line.
    Bottom,
    /// The first cells of its lines.
    Left,
}

/// A rectangle whose edges need not lie between cells.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// How far it reaches to the right.
    pub width: f64,
    /// How far it reaches down.
    pub height: f64,
}

impl Area {
    /// A whole picture.
    pub fn whole(width: usize, height: usize) -> Area {
        Area { x: 0.0, y: 0.0, width: width as f64, height: height as f64 }
    }

    /// What both have in common; `None` if that is nothing.
    pub fn within(&self, other: &Area) -> Option<Area> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = (self.x + self.width).min(other.x + other.width) - x;
        let height = (self.y + self.height).min(other.y + other.height) - y;
        (width > 0.0 && height > 0.0).then_some(Area { x, y, width, height })
    }

    /// What part of another area it takes up, if it lies within.
    pub fn share_of(&self, other: &Area) -> f64 {
        (self.width / other.width) * (self.height / other.height)
    }
}

/// What something is covered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Covering {
    /// One colour: nothing of it is left.
    Colour,
    /// Blocks of one colour each.
    Blocks,
    /// Another picture, which may let it shine through.
    Picture,
}

/// An area that is covered.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Cover {
    /// Where.
    pub area: Area,
    /// With what.
    pub with: Covering,
}
