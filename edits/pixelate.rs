//! `pixelate`: inside a rectangle every block, clipped to it, becomes its mean `⌊(Σ + ⌊n/2⌋) / n⌋`.

use crate::language::{Area, Draft, Edit, EditError, Entry, Geometry, Integer, Kind, Parameter, Rectangle, area};
use crate::placement::{Cover, Covering};
use zkimg_graph::linear::{AxisMap, LinearMap, Tap};
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

/// The largest block: its cells, at most 2^16, are the divisor, so that a remainder is one lookup.
const MAX_BLOCK: usize = 256;

static AREA: Area = area("columns", "rows");
static BLOCK: Parameter<Integer<usize>> =
    Parameter::required("block", "side of a block, the first at the upper left", Integer::between(1, MAX_BLOCK));

/// The kind.
pub static KIND: Kind = Kind {
    name: "pixelate",
    summary: "replaces the blocks of a rectangle by their means",
    parameters: &[&AREA[0], &AREA[1], &AREA[2], &AREA[3], &BLOCK],
    example_word: "pixelate=200x80+40+60,16",
    from_json: |fields| Ok(Box::new(Pixelate { block: fields.read(&BLOCK)?, rectangle: Rectangle::read(&AREA, fields)? })),
    from_word,
    samples: |dims| {
        let (w, h) = (dims.width, dims.height);
        let part = Rectangle { x: w / 4, y: h / 5, width: w - w / 4 - w / 6, height: h - h / 5 };
        let all = Rectangle { x: 0, y: 0, width: w, height: h };
        let pixelate = |rectangle, block| Box::new(Pixelate { rectangle, block }) as Box<dyn Edit>;
        vec![pixelate(part, 2), pixelate(all, 3), pixelate(part, 1), pixelate(all, 256), pixelate(part, 5)]
    },
};

/// A rectangle and the side of its blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pixelate {
    rectangle: Rectangle,
    block: usize,
}

/// `WxH+X+Y,block`.
fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let refuse = || kind.malformed(word);
    let (within, block) = word.split_once(',').ok_or_else(refuse)?;
    let (within, block) = (Geometry::parse(within).ok_or_else(refuse)?, block.to_owned());
    Ok(Draft::new(move |dims| {
        let rectangle = within.of(dims);
        rectangle.check(kind, dims)?;
        let block = (BLOCK.name, block.as_str().into());
        kind.draft(rectangle.entries().into_iter().chain([block]))?.resolve(dims)
    }))
}

/// Whole blocks of `start..start + length`, then what is left: `(start, length, block)` of each that is not empty.
fn parts(start: usize, length: usize, block: usize) -> Vec<(usize, usize, usize)> {
    let left = length % block;
    [(start, length - left, block), (start + length - left, left, left)].into_iter().filter(|p| p.1 > 0).collect()
}

/// Every output is the sum of its block.
fn sums(n: usize, (start, length, block): (usize, usize, usize)) -> AxisMap {
    let mut map = AxisMap::empty(n);
    for first in (start..start + length).step_by(block) {
        let taps: Vec<Tap> = (first..first + block).map(|i| Tap { input: i as u32, weight: 1 }).collect();
        map.push_run(&taps, block, 0);
    }
    map
}

impl Edit for Pixelate {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        self.rectangle.entries().into_iter().chain([BLOCK.entry(&self.block)]).collect()
    }

    fn words(&self) -> String {
        format!("made blocks of {0} × {0} pixels: {1}", self.block, self.rectangle)
    }

    fn value(&self) -> Option<String> {
        Some(format!("{},{}", self.rectangle.written(), self.block))
    }

    fn covers(&self, _input: Dims) -> Vec<Cover> {
        vec![Cover { area: self.rectangle.place(), with: Covering::Blocks }]
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        let r = self.rectangle;
        r.check(&KIND, input)?;
        let mut pieces = r.around(input);
        for rows in parts(r.y, r.height, self.block) {
            for columns in parts(r.x, r.width, self.block) {
                let area = Rectangle { x: columns.0, y: rows.0, width: columns.1, height: rows.1 };
                let map = LinearMap::spatial(input, false, sums(input.height, rows), sums(input.width, columns));
                let cells = (rows.2 * columns.2) as u64;
                pieces.push(Piece {
                    region: area.region(0..input.channels),
                    bias: (cells / 2).cast_signed(),
                    divisor: cells,
                    ..Piece::linear(map)
                });
            }
        }
        Ok(vec![Step::new(input, input, pieces)?])
    }
}
