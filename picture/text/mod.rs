//! Which texts of strangers may be shown: names, notes, EXIF texts, and whatever a program repeats on a terminal.
//!
//! A character is *hidden* if it shows nothing, turns or breaks the text around it, or means nothing that everyone agrees on: controls,
//! format characters (`Cf`, among them all `Bidi_Control`), line and paragraph separators, surrogates, private use, unassigned,
//! `Default_Ignorable_Code_Point` (fillers, variation selectors, joiners), and a few that are drawn blank. Three of them
//! are needed to write, and are not hidden where they are:
//!
//! - a joiner (U+200C, U+200D) between two letters or marks of a script that is written with joiners;
//! - U+200D between two emoji, each perhaps with a skin tone or U+FE0F;
//! - U+FE0F behind an emoji, or between one of `0`–`9`, `#`, `*` and U+20E3.
//!
//! The properties are those of the Unicode Character Database, version 16; tables of the sets are made beforehand (`unicode.rs`), since nothing but
//! five sets is asked for.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod tables;

use tables::{EMOJI, HIDDEN, JOINED, SKIN_TONE, VISIBLE};

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// Whether a character is in a set: sorted ranges, each by its first and its last.
fn has(set: &[[u32; 2]], c: char) -> bool {
    let c = u32::from(c);
    set.get(set.partition_point(|[_, last]| *last < c)).is_some_and(|[first, _]| *first <= c)
}

/// Whether a text may stand as a name, a note or a label: it begins with a visible character, does not end with white space,
/// and no character of it is hidden.
pub fn is_clean(text: &str) -> bool {
    begins_visibly(text) && !text.ends_with(char::is_whitespace) && hidden(text).next().is_none()
}

/// The white space in a text that is not a single U+0020: it looks like one space and makes another text. Of several spaces in a
/// row it is the second.
pub fn odd_space(text: &str) -> Option<char> {
    let before = std::iter::once(None).chain(text.chars().map(Some));
    let odd = |(c, before): &(char, Option<char>)| c.is_whitespace() && (*c != ' ' || *before == Some(' '));
    text.chars().zip(before).find(odd).map(|(c, _)| c)
}

/// Whether a text begins with a character that shows something by itself.
pub fn begins_visibly(text: &str) -> bool {
    text.chars().next().is_some_and(|c| has(&VISIBLE, c) && !has(&HIDDEN, c))
}

/// A text as it can be shown in a line of others: what is hidden in it is written as `\u{202e}`.
pub fn shown(text: &str) -> String {
    let mut hidden = hidden(text).peekable();
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match hidden.next_if_eq(&at) {
            Some(_) => out.extend(c.escape_default()),
            None => out.push(c),
        }
    }
    out
}

/// Where the hidden characters of a text stand.
pub fn hidden(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices()
        .filter(move |(at, c)| {
            let (before, after) = text.split_at_checked(*at).unwrap_or_default();
            has(&HIDDEN, *c) && !needed(*c, before, after.get(c.len_utf8()..).unwrap_or_default())
        })
        .map(|(at, _)| at)
}

/// Whether a hidden character is one without which its neighbours could not be written.
fn needed(c: char, before: &str, after: &str) -> bool {
    let next = after.chars().next();
    let previous = before.chars().next_back();
    let is = |set: &[[u32; 2]], c: Option<char>| c.is_some_and(|c| has(set, c));
    match c {
        JOINER | NON_JOINER if is(&JOINED, previous) && is(&JOINED, next) => true,
        JOINER => is(&EMOJI, next) && ends_with_emoji(before),
        EMOJI_STYLE if next == Some(KEYCAP) => matches!(previous, Some('0'..='9' | '#' | '*')),
        EMOJI_STYLE => is(&EMOJI, previous),
        _ => false,
    }
}

/// An emoji, perhaps with a skin tone or the mark that asks for its coloured form.
fn ends_with_emoji(text: &str) -> bool {
    let mut back = text.chars().rev();
    let last = match back.next() {
        Some(c) if c == EMOJI_STYLE || has(&SKIN_TONE, c) => back.next(),
        last => last,
    };
    last.is_some_and(|c| has(&EMOJI, c))
}

#[cfg(test)]
mod classes;

#[cfg(test)]
mod tests {
    use super::{classes, tables};

    #[test]
    fn the_tables_are_those_of_the_properties() {
        let tables: [&[[u32; 2]]; 5] = [&tables::HIDDEN, &tables::VISIBLE, &tables::EMOJI, &tables::SKIN_TONE, &tables::JOINED];
        for ((name, _, class), table) in classes::ALL.iter().zip(tables) {
            assert!(classes::ranges(class) == table, "make {name} again: picture/text/unicode.rs");
        }
    }
}
