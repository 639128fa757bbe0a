//! Whom a reader trusts: cameras, and people whose names they can confirm.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

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
