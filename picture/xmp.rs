//! What XMP text says of how its picture is shown.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// Whether XMP says nothing of a gain map.
pub(crate) fn is_without_gain_map(text: &[u8]) -> bool {
    !has(text, b"GainMap") && !has(text, b"hdrgm")
}

fn has(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Whether XMP has a `tiff:Orientation` other than 1, as an attribute or an element, or may have it: with a 0 before its end it is not in UTF-8.
pub(crate) fn turns(text: &[u8]) -> bool {
    if text.iter().rev().skip_while(|byte| **byte == 0).any(|byte| *byte == 0) {
        return true;
    }
    const NAME: &[u8] = b"tiff:Orientation";
    let mut places = text.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    places.any(|(at, _)| {
        let rest = text.get(at + NAME.len()..).unwrap_or_default();
        let mut value = rest.iter().skip_while(|byte| b"=\"'> \t\r\n".contains(byte)).take_while(|byte| byte.is_ascii_digit());
        let (first, second) = (value.next(), value.next());
        // Without a number it is the end of an element.
        first.is_some() && (first, second) != (Some(&b'1'), None)
    })
}
