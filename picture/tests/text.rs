//! What a name, a note or a label may show: each property of Unicode that the rule names, and the exceptions.

use zkimg_picture::text::{hidden, is_clean, shown};

/// One or more of each kind, by what makes it hidden.
const HIDDEN: [(&str, &[char]); 10] = [
    ("control", &['\0', '\n', '\u{1b}', '\u{7f}', '\u{85}']),
    ("format", &['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{fff9}', '\u{180e}', '\u{e0041}']),
    ("direction", &['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}']),
    ("separator", &['\u{2028}', '\u{2029}']),
    ("filler", &['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{17b4}', '\u{17b5}', '\u{34f}']),
    ("variation", &['\u{fe00}', '\u{fe0e}', '\u{fe0f}', '\u{180b}', '\u{e0100}']),
    ("joiner", &['\u{200c}', '\u{200d}']),
    ("private", &['\u{e000}', '\u{f8ff}', '\u{10fffd}']),
    ("unassigned", &['\u{378}', '\u{e0080}', '\u{ffff}']),
    ("blank", &['\u{2800}', '\u{fffc}', '\u{1d159}', '\u{16fe4}', '\u{13441}']),
];

#[test]
fn each_kind_of_hidden_character_is_found_wherever_it_stands() {
    for (kind, characters) in HIDDEN {
        for c in characters {
            let alone = c.to_string();
            assert!(!is_clean(&alone), "{kind} {c:?} alone");
            for text in [format!("a{c}b"), format!("{c}b"), format!("a{c}"), format!("写{c}真"), format!("a{c}{c}b")] {
                assert!(!is_clean(&text), "{kind} {text:?}");
                let line = shown(&text);
                assert!(!line.contains(*c) && line.contains('\\') && hidden(&line).next().is_none(), "{kind} {line}");
            }
        }
    }
}

#[test]
fn texts_in_all_scripts_are_clean_and_shown_as_they_are() {
    let texts = [
        "Anna Roth",
        "Zoë O’Neill-Šťastná",
        "写真デスク",
        "山田　太郎",
        "한국 사진",
        "Αθήνα",
        "שרה כהן",
        "سارة",
        "ไทย",
        "नमस्ते",
        "1st desk (50 %)",
        "© 2026 — “desk”",
        "Cafe\u{301}",
        "☺ ok",
        "… and more",
        // What is needed to write: Persian, Sinhala, Bengali; a person with a laptop, a flag, a family, skin tones, a keycap, a heart.
        "می\u{200c}خواهم",
        "ශ්\u{200d}රී",
        "র\u{200d}্য",
        "👩\u{200d}💻",
        "🏳\u{fe0f}\u{200d}🌈",
        "👨\u{200d}👩\u{200d}👧",
        "👩🏽\u{200d}🚀",
        "1\u{fe0f}\u{20e3}",
        "❤\u{fe0f}",
        "🇫🇷",
    ];
    for text in texts {
        assert!(is_clean(text), "{text:?}");
        assert_eq!(shown(text), text);
    }
}

#[test]
fn joiners_and_styles_stand_only_where_they_are_needed() {
    for text in [
        "می\u{200c}",
        "\u{200c}می",
        "می\u{200c} خواهم",
        "می\u{200c}\u{200c}خواهم",
        "a\u{200c}م",
        "م\u{200c}a",
        "a\u{200d}b",
        "写\u{200d}真",
        "👩\u{200c}💻",
        "👩\u{200d}",
        "👩\u{200d}a",
        "a\u{200d}👩",
        "a\u{fe0f}\u{200d}👩",
        "👩\u{200d}\u{200d}💻",
        "a🏽\u{200d}💻x\u{200d}",
        "1\u{fe0f}",
        "1\u{fe0f}2",
        "a\u{fe0f}\u{20e3}",
        "a\u{fe0f}",
        "❤\u{fe0f}\u{fe0f}",
        "❤\u{fe0e}",
    ] {
        assert!(!is_clean(text), "{text:?}");
    }
}

#[test]
fn a_clean_text_begins_visibly_and_does_not_end_in_space() {
    for text in ["", " ", "\u{a0}", "\u{3000}", " a", "a ", "a\u{3000}", "\u{a0}a", "\u{301}a", "\u{301}"] {
        assert!(!is_clean(text), "{text:?}");
    }
    // Where it is only shown among others, spaces and marks stay what they are.
    assert_eq!(shown(" a\u{301} "), " a\u{301} ");
    assert_eq!(shown("a\nb\u{202e}c"), "a\\nb\\u{202e}c");
}
