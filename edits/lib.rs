//! The edits: what each one means in integers, how it is written, and the steps that prove it.
//!
//! An edit is one file: its parameters, its integer meaning as [`Step`](zkimg_proof::step::Step)s, its tests. The list
//! below is the registry; adding a file and a line gives the edit its recipe parser, its command-line word, its row of
//! [`registry::table`] and every test of the suite.

#[macro_use]
pub mod registry;

pub mod edit;
pub mod error;
pub mod fields;
pub mod fixed;
pub mod json;
mod parameter;
pub mod rectangle;
mod transcendental;
mod values;
pub mod weights;
pub mod words;

pub use edit::{Draft, Edit, Kind};
pub use error::EditError;
pub use parameter::Described;
pub use registry::{parse, parse_word};

edits! {
    crop,
    flip,
    rotate,
    resize,
    contrast,
    brightness,
    gamma,
    curve,
    white_balance,
    grayscale,
    rgb_to_ycbcr,
    ycbcr_to_rgb,
    convolve,
    blur,
    sharpen,
    redact,
    pixelate,
    overlay,
}
