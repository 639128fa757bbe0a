//! Which characters the sets have, by Unicode's properties.

use regex_syntax::hir::{Class, HirKind};

/// Name, what it is, and the characters of each set.
pub(crate) const ALL: [(&str, &str, &str); 5] = [
    (
        "HIDDEN",
        "Show nothing, or change what is around them. Besides the properties: object replacement, blank Braille, null note head, Khitan filler, blank hieroglyphs.",
        r"[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\x{FFFC}\x{2800}\x{1D159}\x{16FE4}\x{13441}\x{13442}]",
    ),
    ("VISIBLE", "What a text may begin with: marks belong to a character before them, and spaces show nothing.", r"[\p{L}\p{N}\p{P}\p{S}]"),
    ("EMOJI", "Emoji.", r"\p{Extended_Pictographic}"),
    ("SKIN_TONE", "Skin tones.", r"\p{Emoji_Modifier}"),
    (
        "JOINED",
        "Letters and marks of Arabic and its kin, the scripts of Brahmi's family that join with a virama, Mongolian.",
        concat!(
            r"[[\p{L}\p{M}]&&[\p{scx=Arabic}\p{scx=Syriac}\p{scx=Mandaic}\p{scx=Nko}\p{scx=Adlam}\p{scx=Mongolian}",
            r"\p{scx=Devanagari}\p{scx=Bengali}\p{scx=Gurmukhi}\p{scx=Gujarati}\p{scx=Oriya}\p{scx=Tamil}\p{scx=Telugu}\p{scx=Kannada}",
            r"\p{scx=Malayalam}\p{scx=Sinhala}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}\p{scx=Balinese}\p{scx=Javanese}]]"
        ),
    ),
];

/// A class's ranges, in order.
pub(crate) fn ranges(class: &str) -> Vec<[u32; 2]> {
    let parsed = regex_syntax::parse(class).expect("a class of characters");
    match parsed.into_kind() {
        HirKind::Class(Class::Unicode(class)) => class.ranges().iter().map(|range| [range.start().into(), range.end().into()]).collect(),
        _ => unreachable!("a class of many characters"),
    }
}
