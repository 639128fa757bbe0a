//! `jpeg`: the coefficients of a JPEG file, each of them one integer linear map of the picture's bytes and one rounding.
//!
//! `F(v,u) = ⌊(Σ_y Σ_x M_v[y]·M_u[x]·s(y,x) + D/2) / D⌋`, `D = 2^23·f_y·f_x·Q(v,u)`: `s` is the sum over the `f_y·f_x` cells that share a
//! sample, of the weighted colours; cells beyond the picture are those at its edge. It is the last step of the last link alone, as
//! what it makes is no picture of bytes.

mod layout;
mod quality;
mod transform;

pub use layout::Layout;
pub use quality::Quality;

use crate::language::json::strict;
use crate::language::{Bytes, Choice, Described, EditError, Parameter, object, shown};
use crate::language::{Fields, Values};
use serde_json::{Map, Value};
use zkimg_graph::ending::Ending;
use zkimg_graph::tensor::Dims;

/// The name in recipes.
pub const NAME: &str = "jpeg";

static LUMA: Parameter<Bytes<64>> = Parameter::required("luma", "what the luma's coefficients are divided by, row after row", Bytes);
static COLOUR: Parameter<Bytes<64>> = Parameter::required("colour", "what those of the two colours are divided by", Bytes);
static SAMPLING: Parameter<Choice<Sampling>> = Parameter::required(
    "sampling",
    "which cells share a sample of colour",
    Choice(&[("4:2:0", Sampling::S420), ("4:2:2", Sampling::S422), ("4:4:4", Sampling::S444)]),
);

/// Which cells share a sample of colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sampling {
    /// Two by two.
    S420,
    /// Two of a line.
    S422,
    /// Each has its own.
    S444,
}

impl Sampling {
    /// The sampling of this name, as `4:2:0` or `420`.
    pub fn named(name: &str) -> Option<Sampling> {
        match name.replace(':', "").as_str() {
            "420" => Some(Sampling::S420),
            "422" => Some(Sampling::S422),
            "444" => Some(Sampling::S444),
            _ => None,
        }
    }

    /// `f_y` and `f_x`: lines and columns that share a sample.
    pub fn shared(self) -> (usize, usize) {
        match self {
            Sampling::S420 => (2, 2),
            Sampling::S422 => (1, 2),
            Sampling::S444 => (1, 1),
        }
    }
}

/// What colours are divided by, and how they are sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// `Q` of both colours, `8·v + u`.
    pub table: [u8; 64],
    /// Which cells share a sample.
    pub sampling: Sampling,
}

/// The tables and the sampling of a JPEG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jpeg {
    luma: [u8; 64],
    /// None of a grey picture.
    colour: Option<Colour>,
}

impl Jpeg {
    /// Of a picture of this shape.
    pub fn new(quality: Quality, sampling: Sampling, dims: Dims) -> Jpeg {
        let colour = (dims.channels > 1).then(|| Colour { table: quality.colour(), sampling });
        Jpeg { luma: quality.luma(), colour }
    }

    /// Reads the edit from an object of a recipe: `op`, `luma`, and of a picture in colour `colour` and `sampling`.
    ///
    /// # Errors
    /// If a parameter is missing, unknown or not allowed.
    pub fn parse(map: &Map<String, Value>) -> Result<Jpeg, EditError> {
        let in_colour = map.contains_key(COLOUR.name) || map.contains_key(SAMPLING.name);
        let all: [&'static dyn Described; 3] = [&LUMA, &COLOUR, &SAMPLING];
        let fields = Fields::new(NAME, if in_colour { &all } else { &all[..1] }, map)?;
        let table = |parameter: &'static Parameter<Bytes<64>>| {
            let table = fields.read(parameter)?;
            let zero = || EditError::Parameter {
                edit: NAME,
                parameter: parameter.name,
                value: shown("0"),
                allowed: format!("{}, none of them 0", parameter.values.allowed()),
            };
            if table.contains(&0) { Err(zero()) } else { Ok(table) }
        };
        let luma = table(&LUMA)?;
        if !in_colour {
            return Ok(Jpeg { luma, colour: None });
        }
        Ok(Jpeg { luma, colour: Some(Colour { table: table(&COLOUR)?, sampling: fields.read(&SAMPLING)? }) })
    }

    /// Reads the edit from its text.
    ///
    /// # Errors
    /// As [`Jpeg::parse`], and if it is no object.
    pub fn parse_text(text: &str) -> Result<Jpeg, EditError> {
        strict(text)?.as_object().ok_or(EditError::NotAnEdit).and_then(Jpeg::parse)
    }

    /// What was done, for a reader.
    pub fn words(&self) -> String {
        let coarsest = self.luma.iter().max().copied().unwrap_or_default();
        let tables = format!("steps of {} to {coarsest}", self.luma[0]);
        match &self.colour {
            None => format!("saved as a grey JPEG, {tables}"),
            Some(colour) => {
                let sampling = match colour.sampling {
                    Sampling::S420 => "4:2:0",
                    Sampling::S422 => "4:2:2",
                    Sampling::S444 => "4:4:4",
                };
                format!("saved as a JPEG, colours {sampling}, {tables}")
            }
        }
    }

    /// The exact form that proof files hold.
    pub fn canonical(&self) -> Value {
        let mut entries = vec![("op", NAME.into()), LUMA.entry(&self.luma)];
        if let Some(Colour { table, sampling }) = &self.colour {
            entries.extend([COLOUR.entry(table), SAMPLING.entry(sampling)]);
        }
        object(entries)
    }

    /// `Q` of the luma, `8·v + u`.
    pub fn luma(&self) -> &[u8; 64] {
        &self.luma
    }

    /// Of a picture in colour, what its colours have.
    pub fn colour(&self) -> Option<&Colour> {
        self.colour.as_ref()
    }

    /// Where each coefficient of a picture of this shape stands.
    ///
    /// # Errors
    /// If the picture is grey and the tables are for one in colour, or the other way round; or so narrow that programs show it
    /// differently.
    pub fn layout(&self, picture: Dims) -> Result<Layout, EditError> {
        let channels = if self.colour.is_some() { 3 } else { 1 };
        if picture.channels != channels {
            return Err(EditError::Jpeg { found: picture.channels, expected: channels });
        }
        let shared = self.colour.map(|colour| colour.sampling.shared());
        // Two samples of colour a line are spread in more than one way.
        if let Some((_, 2)) = shared
            && picture.width <= 4
        {
            return Err(EditError::Narrow { width: picture.width });
        }
        Layout::new(picture, shared)
    }

    /// What the edit makes of a picture of this shape, cell by cell of its [`Layout`].
    ///
    /// # Errors
    /// As [`Jpeg::layout`].
    pub fn ending(&self, picture: Dims) -> Result<Ending, EditError> {
        Ok(transform::ending(self, picture, &self.layout(picture)?))
    }
}
