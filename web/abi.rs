//! What JavaScript calls. All memory is held here: a caller asks for room, writes into it, and calls.
//!
//! An instance has one thread, checks one thing at a time, and is thrown away when it traps.
#![allow(unsafe_code, reason = "exported names are unsafe attributes; there is no unsafe block")]

use crate::check::{Files, check};
use crate::rooms::{Rooms, give};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The picture, the proof, the question, a part of the parameters; and the last answer.
struct Desk {
    rooms: Rooms<4>,
    answer: String,
}

static DESK: Mutex<Desk> = Mutex::new(Desk { rooms: Rooms::new(), answer: String::new() });

fn desk() -> MutexGuard<'static, Desk> {
    DESK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for so many bytes: 0 the picture, 1 the proof, 2 the question, 3 a part of the parameters. What lay there is gone. Null if there is no
/// such room, or not so much memory.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_room(which: usize, length: usize) -> *mut u8 {
    desk().rooms.make(which, length)
}

/// Takes a part of the parameters from its room, the one at this place of the last answer's `missing`: 1 if it is the one this verifier was
/// built for.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_give(place: usize) -> u32 {
    let mut desk = desk();
    let bytes = desk.rooms.take(3);
    give(&desk.answer, place, &bytes).into()
}

/// Checks the picture and the proof that lie in their rooms; the answer is JSON.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_check() {
    let mut desk = desk();
    let [picture, proof, question, _] = desk.rooms.all();
    desk.answer = check(&Files { picture, proof }, question).to_string();
}

/// Where the last answer lies.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_answer() -> *const u8 {
    desk().answer.as_ptr()
}

/// How many bytes of UTF-8 it is.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_answer_length() -> usize {
    desk().answer.len()
}
