//! Whom a reader trusts: cameras, and people whose names they can confirm.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::picture::hexadecimal;
use std::collections::BTreeMap;
use zkimg_attest::{KeyId, PublicKey, TrustedDevices};

/// The reader's own lists. A camera's key and a person's are different things: neither list counts for the other.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Cameras that are believed to sign what they saw.
    pub devices: TrustedDevices,
    /// People whose keys the reader knows.
    pub people: People,
}

/// People whose keys the reader knows, by the names the reader gives them.
#[derive(Clone, Debug, Default)]
pub struct People {
    keys: BTreeMap<KeyId, (PublicKey, String)>,
}

impl People {
    /// Knows one more person's key; `label` is what the reader calls them.
    pub fn insert(&mut self, key: PublicKey, label: impl Into<String>) {
        self.keys.insert(key.id(), (key, label.into()));
    }

    /// What the reader calls the holder of a key.
    pub fn label(&self, key: &PublicKey) -> Option<&str> {
        self.keys.get(&key.id()).filter(|(known, _)| known == key).map(|(_, label)| label.as_str())
    }
}

impl From<TrustedDevices> for Trust {
    fn from(devices: TrustedDevices) -> Trust {
        Trust { devices, people: People::default() }
    }
}

/// A maker's key. Until the report's verdict is not invalid, it is only what the file says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Signer {
    /// Fingerprint of the key, hexadecimal.
    pub key: String,
    /// What the reader calls the key's holder; `None` if the reader did not give this key.
    pub known_as: Option<String>,
}

impl Signer {
    /// A key, and what the reader calls its holder.
    pub(crate) fn of(key: &PublicKey, trust: &Trust) -> Signer {
        Signer { key: fingerprint(key), known_as: trust.people.label(key).map(str::to_owned) }
    }
}

/// What a key is called by: hexadecimal.
pub(crate) fn fingerprint(key: &PublicKey) -> String {
    hexadecimal(&key.id())
}
