//! Lists of public keys in PEM form, line by line, with comments and other text between them.
//!
//! | a line, without white space at its ends | what it does |
//! |---|---|
//! | begins with `#` | is a comment, and no key's |
//! | is `-----BEGIN PUBLIC KEY-----`, alone | begins a key |
//! | is `-----END PUBLIC KEY-----`, alone | ends it |
//! | has a marker of any other kind or in any other place | the list is refused |
//! | anything else between two keys | is passed over: programs write text before a key |
//!
//! A key is taken out of use by a `#` before each of its lines. Where only its first line has one, the list is refused:
//! nobody could say whether the key was meant to be trusted.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::key::{KeyError, PublicKey};

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

impl PublicKey {
    /// Reads the public keys of a text, in order, by the rules of a list of keys ([`crate::key_list`]).
    pub fn list_from_pem(pem: &str) -> Result<Vec<PublicKey>, KeyError> {
        keys(pem)
    }

    /// Reads a text with one `BEGIN PUBLIC KEY` (SubjectPublicKeyInfo, RFC 5280), by the rules of a list of keys
    /// ([`crate::key_list`]).
    pub fn from_pem(pem: &str) -> Result<PublicKey, KeyError> {
        match keys(pem).as_deref() {
            Ok([key]) => Ok(key.clone()),
            _ => Err(KeyError::Public),
        }
    }
}

/// Where in a list a line stands.
enum Place {
    /// Between two keys.
    Outside,
    /// In a key that began on this line, with the lines so far.
    Key(usize, String),
    /// After a comment that begins a key: whatever is no comment belongs to a key that is commented out by half.
    Commented,
}

/// The public keys of a text, in order.
pub(crate) fn keys(text: &str) -> Result<Vec<PublicKey>, KeyError> {
    let (mut keys, mut place) = (Vec::new(), Place::Outside);
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        place = match place {
            // Comments and other markers inside a key make it one that cannot be read.
            Place::Key(begin, body) if line == END => {
                keys.push(PublicKey::from_block(&(body + END)).ok_or(KeyError::Listed(begin))?);
                Place::Outside
            }
            Place::Key(begin, _) if line == BEGIN => return Err(KeyError::NoEnd(begin)),
            Place::Key(begin, mut body) => {
                body.push_str(line);
                body.push('\n');
                Place::Key(begin, body)
            }
            _ if line == BEGIN => Place::Key(number, format!("{BEGIN}\n")),
            // The marker of another kind of block begins and ends one, too.
            _ if line.starts_with('#') && line.contains("-----BEGIN") => Place::Commented,
            Place::Commented if line.starts_with('#') && line.contains("-----END") => Place::Outside,
            other if line.starts_with('#') || line.is_empty() => other,
            Place::Commented => return Err(KeyError::HalfCommented(number)),
            Place::Outside if is_marker(line) => return Err(KeyError::Marker(number)),
            Place::Outside => Place::Outside,
        };
    }
    match place {
        Place::Key(begin, _) => Err(KeyError::NoEnd(begin)),
        _ => Ok(keys),
    }
}

/// Whether a line has something in it that begins or ends a key for somebody: a marker, or one that is written wrongly.
fn is_marker(line: &str) -> bool {
    let line = line.to_ascii_uppercase();
    ["-----BEGIN", "-----END", "BEGIN PUBLIC KEY", "END PUBLIC KEY"].iter().any(|part| line.contains(part))
}
