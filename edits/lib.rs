//! The edits: what each one means in integers, how it is written, and the steps that prove it.
//!
//! An edit is one file: its parameters, its integer meaning as [`Step`](zkimg_graph::step::Step)s, its tests. The list
//! below is the registry; adding a file and a line gives the edit its recipe parser, its word, its row of
//! [`registry::table`] and every test of the suite.
//!
//! | where | what |
//! |---|---|
//! | `language/` | how edits are said: kinds, parameters and their values, JSON, words, refusals |
//! | `integers/` | what they compute with: weights, functions, the common forms of steps |
//! | `placement.rs` | where outputs lie in inputs, and what is covered, for drawings |
//! | `registry.rs` | finding and reading an edit by its name; the table of the documentation |
//! | `jpeg/` | what a JPEG holds of a picture: the one edit that makes no picture, and ends a chain |
//! | the others | one edit each, for example [`blur`] |

#[macro_use]
pub mod registry;

mod integers;
pub mod jpeg;
mod language;
pub mod placement;

pub use language::json::{MAX_VALUES, strict};
pub use language::{Described, Draft, Edit, EditError, Entry, Files, Kind, Rectangle};
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
