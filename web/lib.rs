//! The verifier for a page: a picture, its proof and the reader's lists go in, the report comes out.
//!
//! It is the same library and the same words as in the tool. `abi.rs` is what JavaScript calls, in plain C, with the memory of `rooms.rs`; `check.rs` is what is done;
//! `site/` is the page. `./build` makes the module and puts it beside the page.

mod abi;
mod check;
mod rooms;

pub use abi::{zkimg_answer, zkimg_answer_length, zkimg_check, zkimg_give, zkimg_room};
pub use check::{Files, check};
