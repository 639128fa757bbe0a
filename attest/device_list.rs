//! The devices a reader trusts, and the notaries.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::key::{KeyError, KeyId, PublicKey};
use crate::key_list::keys;
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// More keys than this in one set are refused.
const MAX_KEYS: usize = 1 << 16;

/// Devices, which sign what they took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Device;

/// Notaries, who sign what they saw.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notary;

/// The devices a verifier trusts.
pub type TrustedDevices = TrustedKeys<Device>;

/// The notaries a verifier trusts.
pub type TrustedNotaries = TrustedKeys<Notary>;

/// Keys of one kind that a verifier trusts. The kinds are types of their own, so that none is taken for another.
#[derive(Clone, Debug, Default)]
pub struct TrustedKeys<Kind> {
    keys: BTreeMap<KeyId, PublicKey>,
    kind: PhantomData<Kind>,
}

impl<Kind: Default> TrustedKeys<Kind> {
    /// Reads lists of public keys ([`crate::key_list`]). A list without a key is refused, and so is one with a key that cannot be read or that is
    /// commented out by half.
    pub fn from_pems<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<TrustedKeys<Kind>, KeyError> {
        let mut trusted = TrustedKeys::default();
        texts.into_iter().try_for_each(|text| trusted.insert_pem(text))?;
        Ok(trusted)
    }

    /// Trusts the keys of one more list.
    ///
    /// # Errors
    /// As for [`TrustedKeys::from_pems`].
    pub fn insert_pem(&mut self, text: &str) -> Result<(), KeyError> {
        let keys = keys(text)?;
        if keys.is_empty() {
            return Err(KeyError::NoKey);
        }
        self.insert_all(keys)
    }

    /// Trusts the keys of another set, too.
    ///
    /// # Errors
    /// If these are too many together.
    pub fn extend(&mut self, other: &TrustedKeys<Kind>) -> Result<(), KeyError> {
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

    /// Trusts one more key.
    pub fn insert(&mut self, key: PublicKey) {
        self.keys.insert(key.id(), key);
    }

    /// A key that is in this set and in one of another kind, too: nobody could say as what it signs.
    pub fn common<Other: Default>(&self, other: &TrustedKeys<Other>) -> Option<&PublicKey> {
        self.keys.values().find(|key| other.contains(key))
    }

    /// Whether a key is trusted.
    pub fn contains(&self, key: &PublicKey) -> bool {
        self.keys.get(&key.id()) == Some(key)
    }

    /// The number of trusted keys.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key is trusted.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}
