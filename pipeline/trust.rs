//! Whom a reader trusts: cameras, notaries, and people whose names they can confirm.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::picture::hexadecimal;
use std::collections::BTreeMap;
use zkimg_attest::{KeyId, PublicKey, SignedCapture, TrustedDevices, TrustedNotaries};

/// The reader's own lists. A camera's key, a notary's and a person's are different things: no list counts for another.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Cameras that are believed to sign what they saw.
    pub devices: TrustedDevices,
    /// Notaries who are believed to sign what they saw.
    pub notaries: TrustedNotaries,
    /// People whose keys the reader knows.
    pub people: People,
}

/// A key that a reader trusts as a camera's and as a notary's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key {} stands in a list of cameras and in a list of notaries, and can be only one of them; take it out of the other",
    fingerprint(.0)
)]
pub struct TwoKinds(pub PublicKey);

impl Trust {
    /// Lists that do not contradict each other.
    ///
    /// # Errors
    /// If a key is to be a camera's and a notary's.
    pub fn new(devices: TrustedDevices, notaries: TrustedNotaries, people: People) -> Result<Trust, TwoKinds> {
        match devices.common(&notaries) {
            Some(key) => Err(TwoKinds(key.clone())),
            None => Ok(Trust { devices, notaries, people }),
        }
    }

    /// Whether the reader trusts nobody's captures at all, neither cameras' nor notaries'.
    pub fn trusts_nobody(&self) -> bool {
        self.devices.is_empty() && self.notaries.is_empty()
    }

    /// Whether the reader trusts the key that signed a capture, as what it signed.
    pub(crate) fn trusts(&self, capture: &SignedCapture) -> bool {
        capture.is_trusted(&self.devices, &self.notaries)
    }

    /// Whether that key stands in the list of the other kind, where it does not count.
    pub(crate) fn trusts_as_other(&self, capture: &SignedCapture) -> bool {
        let key = &capture.key;
        if capture.statement.source().is_notary() { self.devices.contains(key) } else { self.notaries.contains(key) }
    }
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
        Trust { devices, ..Trust::default() }
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
