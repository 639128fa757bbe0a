//! How edits are said: kinds and their parameters, in JSON and in words.
//!
//! Each file stands on those before it: what is wrong ([`error`]), real numbers ([`fixed`]), the values of a parameter ([`values`]), a
//! parameter ([`parameter`]), JSON ([`json`]), an object of parameters ([`fields`]), files that are named ([`files`]), an edit and its kind ([`kind`]), and
//! what many edits share: lengths ([`words`]) and rectangles ([`rectangle`]).

pub(crate) mod error;
mod fields;
mod files;
mod fixed;
pub(crate) mod json;
mod kind;
mod parameter;
mod rectangle;
mod values;
mod words;

pub use error::EditError;
pub(crate) use error::{nearest, shown};
pub(crate) use fields::Fields;
pub use files::Files;
pub(crate) use files::read;
pub(crate) use fixed::{Fixed, ONE};
pub(crate) use json::object;
pub use kind::{Draft, Edit, Kind};
pub(crate) use parameter::Parameter;
pub use parameter::{Described, Entry};
pub use rectangle::Rectangle;
pub(crate) use rectangle::{Area, Geometry, Size, area};
pub(crate) use values::{Bytes, Choice, Integer, Real, Values, integer};
pub(crate) use words::Length;
