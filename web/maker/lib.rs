//! The editor and prover for a page: a photo or a negative and a recipe go in, pixels to look at come out, or a published picture.
//!
//! It is the same library as in the tool. `abi.rs` is what JavaScript calls, in plain C; `host.rs` what is asked of it: random bytes, and to hear
//! what is being done. `studio.rs` is what is done; `opened.rs` reads what is worked on. It is a module of its own, so that whoever only checks
//! pictures does not load it.

mod abi;
mod host;
mod opened;
#[path = "../rooms.rs"]
mod rooms;
mod studio;

pub use abi::{
    zkimg_answer, zkimg_answer_length, zkimg_begin, zkimg_edits, zkimg_give, zkimg_lay, zkimg_made, zkimg_made_length, zkimg_open,
    zkimg_preview, zkimg_prove, zkimg_room,
};
pub use opened::{MOST_PROVED, MOST_SHOWN};
pub use studio::{Made, Studio};
