//! What JavaScript calls. All memory is held here: a caller asks for room, writes into it, and calls.
//!
//! An instance has one thread, checks one thing at a time, and is thrown away when it traps.
#![allow(unsafe_code, reason = "exported names are unsafe attributes; there is no unsafe block")]

use crate::check::{Files, check};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zkimg_pipeline::Part;

/// What lies in the rooms, and the last answer.
struct Desk {
    /// The picture, the proof, the question, a part of the parameters.
    rooms: [Vec<u8>; 4],
    answer: String,
}

static DESK: Mutex<Desk> = Mutex::new(Desk { rooms: [const { Vec::new() }; 4], answer: String::new() });

fn desk() -> MutexGuard<'static, Desk> {
    DESK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for so many bytes: 0 the picture, 1 the proof, 2 the question, 3 a part of the parameters. What lay there is gone. Null if there is no
/// such room, or not so much memory.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_room(which: usize, length: usize) -> *mut u8 {
    let mut desk = desk();
    let Some(room) = desk.rooms.get_mut(which) else { return std::ptr::null_mut() };
    *room = Vec::new();
    if room.try_reserve_exact(length).is_err() {
        return std::ptr::null_mut();
    }
    room.resize(length, 0);
    room.as_mut_ptr()
}

/// Takes a part of the parameters from its room, the one at this place of the last answer's `missing`: 1 if it is the one this verifier was
/// built for.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_give(place: usize) -> u32 {
    let mut desk = desk();
    let bytes = desk.rooms.get_mut(3).map(std::mem::take).unwrap_or_default();
    let answer: serde_json::Value = serde_json::from_str(&desk.answer).unwrap_or_default();
    let part = answer.get("missing").and_then(|missing| missing.get(place)?.as_str()).and_then(Part::named);
    part.is_some_and(|part| part.give(&bytes).is_ok()).into()
}

/// Checks the picture and the proof that lie in their rooms; the answer is JSON.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_check() {
    let mut desk = desk();
    let Desk { rooms: [picture, proof, question, _], answer } = &mut *desk;
    *answer = check(&Files { picture, proof }, question).to_string();
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
