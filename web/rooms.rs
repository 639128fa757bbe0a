//! Memory that JavaScript writes into before it calls: the verifier's module and the maker's have it alike.

use zkimg_pipeline::Part;

/// So many rooms.
pub(crate) struct Rooms<const N: usize>([Vec<u8>; N]);

impl<const N: usize> Rooms<N> {
    pub(crate) const fn new() -> Rooms<N> {
        Rooms([const { Vec::new() }; N])
    }

    /// Makes room for so many bytes. What lay there is gone. Null if there is no such room, or not so much memory.
    pub(crate) fn make(&mut self, which: usize, length: usize) -> *mut u8 {
        let Some(room) = self.0.get_mut(which) else { return std::ptr::null_mut() };
        *room = Vec::new();
        if room.try_reserve_exact(length).is_err() {
            return std::ptr::null_mut();
        }
        room.resize(length, 0);
        room.as_mut_ptr()
    }

    /// Takes what lies in one of them.
    pub(crate) fn take(&mut self, which: usize) -> Vec<u8> {
        self.0.get_mut(which).map(std::mem::take).unwrap_or_default()
    }

    /// What lies in all of them.
    pub(crate) fn all(&self) -> &[Vec<u8>; N] {
        &self.0
    }
}

/// Takes a part of the parameters, the one at this place of an answer's `missing`: whether it is the one this program was built for.
pub(crate) fn give(answer: &str, place: usize, bytes: &[u8]) -> bool {
    let answer: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
    let part = answer.get("missing").and_then(|missing| missing.get(place)?.as_str()).and_then(Part::named);
    part.is_some_and(|part| part.give(bytes).is_ok())
}
