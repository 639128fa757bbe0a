//! `redact`: a constant colour inside rectangles, everything else as it was.

use crate::language::{Bytes, Draft, Edit, EditError, Entry, Geometry, Kind, Parameter, Rectangle, Values, object};
use crate::placement::{Cover, Covering};
use serde_json::Value;
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{Piece, Step};
use zkimg_graph::tensor::Dims;

/// The most rectangles: the picture is cut into boxes, a few for each.
const MAX_RECTANGLES: usize = 64;

static RECTANGLES: Parameter<Rectangles> = Parameter::required("rectangles", "what is covered", Rectangles);
static COLOUR: Parameter<Bytes<3>> = Parameter::optional("colour", "black if left out; grey on a grey picture", Bytes, [0; 3]);

/// The kind.
pub static KIND: Kind = Kind {
    name: "redact",
    summary: "covers rectangles with one colour",
    parameters: &[&RECTANGLES, &COLOUR],
    example_word: "redact=200x80+40+60 or redact=200x80+40+60,10%x5%+0+0,#ff8000",
    from_json: |fields| Ok(Box::new(Redact { rectangles: fields.read(&RECTANGLES)?, colour: fields.read(&COLOUR)? })),
    from_word,
    samples: |dims| {
        let (w, h) = (dims.width, dims.height);
        let first = Rectangle { x: w / 4, y: h / 3, width: (w / 2).max(1), height: (h / 3).max(1) };
        let second = Rectangle { x: w / 2, y: 0, width: (w / 3).max(1), height: (h / 2).max(1) };
        let all = Rectangle { x: 0, y: 0, width: w, height: h };
        let colour = if dims.channels == 3 { [255, 128, 0] } else { [99; 3] };
        let redact = |rectangles| Box::new(Redact { rectangles, colour }) as Box<dyn Edit>;
        vec![redact(vec![first, second]), redact(vec![first]), redact(vec![all, first]), redact(vec![second, second])]
    },
};

/// Rectangles and their colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redact {
    rectangles: Vec<Rectangle>,
    colour: [u8; 3],
}

/// Lists of rectangles.
struct Rectangles;

impl Values for Rectangles {
    type Item = Vec<Rectangle>;

    fn allowed(&self) -> String {
        format!("a list of 1 to {MAX_RECTANGLES} objects of x, y, width and height inside the picture")
    }

    fn read(&self, given: &Value) -> Result<Vec<Rectangle>, String> {
        let list = given.as_array().filter(|list| (1..=MAX_RECTANGLES).contains(&list.len())).ok_or_else(|| given.to_string())?;
        list.iter().map(|item| Rectangle::from_json(item).ok_or_else(|| item.to_string())).collect()
    }

    fn write(&self, rectangles: &Vec<Rectangle>) -> Value {
        rectangles.iter().map(|r| object(r.entries())).collect()
    }
}

/// Rectangles as `WxH+X+Y` and at most one colour as `#rrggbb`, between commas.
fn from_word(kind: &'static Kind, word: &str) -> Result<Draft, EditError> {
    let refuse = || kind.malformed(word);
    let (areas, colour) = match word.rsplit_once(",#") {
        Some((areas, hex)) => {
            let digits = hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let value = if digits { u32::from_str_radix(hex, 16).ok() } else { None };
            let [_, r, g, b] = value.ok_or_else(refuse)?.to_be_bytes();
            (areas, [r, g, b])
        }
        None => (word, [0; 3]),
    };
    let areas: Option<Vec<Geometry>> = areas.split(',').map(Geometry::parse).collect();
    let areas = areas.filter(|areas| areas.len() <= MAX_RECTANGLES).ok_or_else(refuse)?;
    Ok(Draft::new(move |dims| {
        let rectangles: Vec<Rectangle> = areas.iter().map(|area| area.of(dims)).collect();
        rectangles.iter().try_for_each(|r| r.check(kind, dims))?;
        Ok(Box::new(Redact { rectangles, colour }))
    }))
}

/// Cuts a picture into boxes, each inside or outside all rectangles: strips between rectangle edges, cut into runs, equal
/// runs of neighbouring strips joined.
fn boxes(rectangles: &[Rectangle], dims: Dims) -> Vec<(Rectangle, bool)> {
    let cuts = |all: Vec<usize>| {
        let mut all = all;
        all.sort_unstable();
        all.dedup();
        all
    };
    let edges = |ends: fn(&Rectangle) -> [usize; 2], side| cuts(rectangles.iter().flat_map(ends).chain([0, side]).collect());
    let rows = edges(|r| [r.y, r.y + r.height], dims.height);
    let columns = edges(|r| [r.x, r.x + r.width], dims.width);
    let covered = |x, y| rectangles.iter().any(|r| r.columns().contains(&x) && r.rows().contains(&y));
    let mut boxes: Vec<(Rectangle, bool)> = Vec::new();
    for (y, end) in rows.iter().zip(&rows[1..]) {
        let mut runs: Vec<(Rectangle, bool)> = Vec::new();
        for (x, right) in columns.iter().zip(&columns[1..]) {
            let inside = covered(*x, *y);
            match runs.last_mut() {
                Some((run, same)) if *same == inside => run.width += right - x,
                _ => runs.push((Rectangle { x: *x, y: *y, width: right - x, height: end - y }, inside)),
            }
        }
        for (run, inside) in runs {
            let above = boxes.iter_mut().find(|(b, i)| *i == inside && b.y + b.height == run.y && b.x == run.x && b.width == run.width);
            match above {
                Some((b, _)) => b.height += run.height,
                None => boxes.push((run, inside)),
            }
        }
    }
    boxes
}

impl Edit for Redact {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn parameters(&self) -> Vec<Entry> {
        vec![RECTANGLES.entry(&self.rectangles), COLOUR.entry(&self.colour)]
    }

    fn words(&self) -> String {
        const TOLD: usize = 4;
        let told: Vec<String> = self.rectangles.iter().take(TOLD).map(ToString::to_string).collect();
        let more = match self.rectangles.len() - told.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let colour = match self.colour {
            [0, 0, 0] => "black".to_owned(),
            [255, 255, 255] => "white".to_owned(),
            [r, g, b] => format!("the colour #{r:02x}{g:02x}{b:02x}"),
        };
        format!("covered with {colour}: {}{more}", told.join("; "))
    }

    fn value(&self) -> Option<String> {
        let mut parts: Vec<String> = self.rectangles.iter().map(Rectangle::written).collect();
        if self.colour != [0; 3] {
            let [r, g, b] = self.colour;
            parts.push(format!("#{r:02x}{g:02x}{b:02x}"));
        }
        Some(parts.join(","))
    }

    fn covers(&self, _input: Dims) -> Vec<Cover> {
        self.rectangles.iter().map(|r| Cover { area: r.place(), with: Covering::Colour }).collect()
    }

    fn steps(&self, input: Dims) -> Result<Vec<Step>, EditError> {
        self.rectangles.iter().try_for_each(|r| r.check(&KIND, input))?;
        let [r, g, b] = self.colour;
        if input.channels != 3 && (r != g || g != b) {
            return Err(KIND.refuse(COLOUR.name, format!("[{r}, {g}, {b}]"), "three equal integers on a grey picture".into()));
        }
        let mut pieces = Vec::new();
        for (area, inside) in boxes(&self.rectangles, input) {
            if !inside {
                pieces.push(area.kept(input));
                continue;
            }
            for (c, value) in self.colour.iter().enumerate().take(input.channels) {
                let map = LinearMap::zero(input, Dims::new(1, area.height, area.width)?);
                pieces.push(Piece { region: area.region(c..c + 1), bias: (*value).into(), ..Piece::linear(map) });
            }
        }
        Ok(vec![Step::new(input, input, pieces)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rectangles_make_few_boxes() {
        let dims = Dims::new(3, 100, 100).expect("dims");
        let diagonal: Vec<Rectangle> = (0..10).map(|i| Rectangle { x: 10 * i, y: 10 * i, width: 5, height: 5 }).collect();
        assert!(boxes(&diagonal, dims).len() <= 4 * diagonal.len() + 1);
    }

    #[test]
    fn words_and_recipes_say_the_same() {
        let dims = Dims::new(3, 100, 200).expect("dims");
        let word = crate::parse_word("redact=20x10%+5+0,1x1+199+99,#ff8000").and_then(|w| w.resolve(dims)).expect("a word");
        let json = r#"{"op": "redact", "colour": [255, 128, 0], "rectangles":
            [{"x": 5, "y": 0, "width": 20, "height": 10}, {"x": 199, "y": 99, "width": 1, "height": 1}]}"#;
        assert_eq!(word.canonical(), crate::registry::parse_text(json).expect("a recipe").canonical());
        for text in ["redact", "redact=#ff8000", "redact=1x1+0+0,#ff80", "redact=1x1+0+0,#+12345", "redact=1x1+0+0,"] {
            assert!(crate::parse_word(text).is_err(), "{text}");
        }
        assert!(crate::parse_word("redact=1x1+200+0").and_then(|w| w.resolve(dims)).is_err());
    }
}
