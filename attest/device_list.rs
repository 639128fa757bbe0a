//! Lists of trusted devices: public keys in PEM form, line by line, with comments and other text between them.
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

use crate::device::{DeviceId, DevicePublicKey, KeyError};
use std::collections::BTreeMap;

/// More keys than this in one set are refused.
const MAX_KEYS: usize = 1 << 16;
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

/// The devices a verifier trusts.
#[derive(Clone, Debug, Default)]
pub struct TrustedDevices {
    keys: BTreeMap<DeviceId, DevicePublicKey>,
}

impl TrustedDevices {
    /// Reads lists of public keys. A list without a key is refused, and so is one with a key that cannot be read or that is
    /// commented out by half.
    pub fn from_pems<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<TrustedDevices, KeyError> {
        let mut trusted = TrustedDevices::default();
        texts.into_iter().try_for_each(|text| trusted.insert_pem(text))?;
        Ok(trusted)
    }

    /// Trusts the devices of one more list.
    ///
    /// # Errors
    /// As for [`TrustedDevices::from_pems`].
    pub fn insert_pem(&mut self, text: &str) -> Result<(), KeyError> {
        let keys = keys(text)?;
        if keys.is_empty() {
            return Err(KeyError::NoKey);
        }
        for key in keys {
            self.insert(key);
            if self.keys.len() > MAX_KEYS {
                return Err(KeyError::TooMany);
            }
        }
        Ok(())
    }

    /// Trusts one more device.
    pub fn insert(&mut self, key: DevicePublicKey) {
        self.keys.insert(key.device_id(), key);
    }

    /// Whether a device is trusted.
    pub fn contains(&self, key: &DevicePublicKey) -> bool {
        self.keys.get(&key.device_id()) == Some(key)
    }

    /// The number of trusted devices.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no device is trusted.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
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
pub(crate) fn keys(text: &str) -> Result<Vec<DevicePublicKey>, KeyError> {
    let (mut keys, mut place) = (Vec::new(), Place::Outside);
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        place = match place {
            // Comments and other markers inside a key make it one that cannot be read.
            Place::Key(begin, body) if line == END => {
                keys.push(DevicePublicKey::from_block(&(body + END)).ok_or(KeyError::Listed(begin))?);
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
