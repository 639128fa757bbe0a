//! The devices a reader trusts.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::key::{KeyError, KeyId, PublicKey};
use crate::key_list::keys;
use std::collections::BTreeMap;

/// More keys than this in one set are refused.
const MAX_KEYS: usize = 1 << 16;

/// The devices a verifier trusts.
#[derive(Clone, Debug, Default)]
pub struct TrustedDevices {
    keys: BTreeMap<KeyId, PublicKey>,
}

impl TrustedDevices {
    /// Reads lists of public keys ([`crate::key_list`]). A list without a key is refused, and so is one with a key that cannot be read or that is
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
        self.insert_all(keys)
    }

    /// Trusts the devices of another set, too.
    ///
    /// # Errors
    /// If these are too many together.
    pub fn extend(&mut self, other: &TrustedDevices) -> Result<(), KeyError> {
        self.insert_all(other.keys.values().cloned())
    }

    fn insert_all(&mut self, keys: impl IntoIterator<Item = PublicKey>) -> Result<(), KeyError> {
        for key in keys {
            self.insert(key);
            if self.keys.len() > MAX_KEYS {
                return Err(KeyError::TooMany);
            }
        }
        Ok(())
    }

    /// Trusts one more device.
    pub fn insert(&mut self, key: PublicKey) {
        self.keys.insert(key.id(), key);
    }

    /// Whether a device is trusted.
    pub fn contains(&self, key: &PublicKey) -> bool {
        self.keys.get(&key.id()) == Some(key)
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
