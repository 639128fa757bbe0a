//! Looking for secrets in what `{:?}` writes.
#![allow(dead_code)]

use std::fmt::Debug;

/// Whether a text has eight of these bytes in a row in any form: as numbers, in hexadecimal, as text; or all of them if they are fewer.
pub(crate) fn shows(text: &str, secret: &[u8]) -> bool {
    // Numbers that stand on lines of their own, and hexadecimal in either case.
    let text: String = text.split_whitespace().collect::<String>().to_lowercase();
    secret.windows(secret.len().min(8)).any(|part| {
        let numbers = part.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
        let hexadecimal: String = part.iter().map(|byte| format!("{byte:02x}")).collect();
        let backwards: String = part.iter().rev().map(|byte| format!("{byte:02x}")).collect();
        let words = std::str::from_utf8(part).map(|words| words.split_whitespace().collect::<String>().to_lowercase());
        [numbers, hexadecimal, backwards].iter().any(|form| text.contains(form)) || words.is_ok_and(|words| text.contains(&words))
    })
}

/// That nothing of the secrets is printed, on one line or on many.
#[track_caller]
pub(crate) fn hides(value: &impl Debug, secrets: &[&[u8]]) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        for secret in secrets {
            assert!(!shows(&text, secret), "{} bytes of a secret are in {text}", secret.len());
        }
    }
}
