//! What JavaScript calls. All memory is held here: a caller asks for room, writes into it, and calls.
//!
//! An instance has one thread, works on one picture, and is thrown away with it, or when it traps.
#![allow(unsafe_code, reason = "exported names are unsafe attributes; there is no unsafe block")]

use crate::rooms::{Rooms, give};
use crate::studio::{Made, Studio};
use std::sync::{Mutex, MutexGuard, PoisonError};

struct Desk {
    /// A file; the question, which is a recipe's text, a file's name or what to begin with; the chain that came with a negative; a part of the parameters.
    rooms: Rooms<4>,
    studio: Studio,
    last: Made,
}

static DESK: Mutex<Desk> = Mutex::new(Desk { rooms: Rooms::new(), studio: Studio::new(), last: Made::nothing() });

fn desk() -> MutexGuard<'static, Desk> {
    DESK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does one thing with the question, and keeps the answer.
fn answer(work: impl FnOnce(&mut Studio, &mut Rooms<4>, &str) -> Made) {
    let mut desk = desk();
    let [_, question, ..] = desk.rooms.all();
    let question = String::from_utf8_lossy(question).into_owned();
    let Desk { rooms, studio, last } = &mut *desk;
    // What was made before is given back first: it may be as large as the picture.
    *last = Made::nothing();
    *last = work(studio, rooms, &question);
}

/// Makes room for so many bytes: 0 a file, 1 the question, 2 a chain, 3 a part of the parameters. What lay there is gone. Null if there is no such
/// room, or not so much memory.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_room(which: usize, length: usize) -> *mut u8 {
    desk().rooms.make(which, length)
}

/// Takes a part of the parameters from its room, the one at this place of the last answer's `missing`: 1 if it is the one this prover was built for.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_give(place: usize) -> u32 {
    let mut desk = desk();
    let bytes = desk.rooms.take(3);
    give(&desk.last.answer, place, &bytes).into()
}

/// Answers with every kind of edit and its parameters.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_edits() {
    answer(|_, _, _| Studio::edits());
}

/// Opens the file in its room, a photo or a negative, with the chain that came with it if there is one.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_open() {
    answer(|studio, rooms, _| {
        let (file, chain) = (rooms.take(0), rooms.take(2));
        studio.open(&file, &chain)
    });
}

/// Keeps the file in its room for overlays that name it as the question does.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_lay() {
    answer(|studio, rooms, name| studio.lay(name, rooms.take(0)));
}

/// Answers with an edit to begin with, of the kind that the question names in `op`, after the `edits` there.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_begin() {
    answer(|studio, _, question| studio.begin(question));
}

/// Applies the recipe in the question and answers with its words and sizes; red, green, blue and 255 of each pixel are made.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_preview() {
    answer(|studio, _, recipe| studio.preview(recipe));
}

/// Proves the recipe in the question: a PNG with the proof inside is made. Or answers with the parts of the parameters that are `missing`.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_prove() {
    answer(|studio, _, recipe| studio.prove(recipe));
}

/// Where the last answer lies, which is JSON.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_answer() -> *const u8 {
    desk().last.answer.as_ptr()
}

/// How many bytes of UTF-8 it is.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_answer_length() -> usize {
    desk().last.answer.len()
}

/// Where lies what was made with it.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_made() -> *const u8 {
    desk().last.bytes.as_ptr()
}

/// How many bytes it has.
#[unsafe(no_mangle)]
pub extern "C" fn zkimg_made_length() -> usize {
    desk().last.bytes.len()
}
