//! What the camera signed: capture statements, keys and the photographer's negative.
//!
//! A device decodes a photo, commits to its pixels row by row with fresh blinders, hides each EXIF field in a salted
//! digest, and signs the root of it all ([`attest`](attest())). The signed capture is public; the negative stays with
//! the photographer. Later makers of a chain sign their own links, and others models and enrolled faces ([`maker`]).
//!
//! Without the feature `prover` the crate checks captures, with no operating system below it.
#![warn(missing_debug_implementations)]

pub mod capture;
pub mod device_list;
pub mod disclosure;
pub mod key;
pub mod key_list;
pub mod maker;

#[cfg(feature = "prover")]
mod attest;
#[cfg(feature = "prover")]
pub mod negative;
#[cfg(feature = "prover")]
pub mod randomness;
#[cfg(feature = "prover")]
#[doc(hidden)]
pub mod secret;

pub use capture::{CaptureError, CaptureStatement, Disclosed, SignedCapture};
pub use device_list::TrustedDevices;
pub use disclosure::{Label, Opening};
pub use key::{KeyError, KeyId, PublicKey};
pub use maker::{Maker, MakerError, MakerSignature, Purpose};

#[cfg(feature = "prover")]
pub use attest::{AttestError, Policy, attest};
#[cfg(feature = "prover")]
pub use key::SigningKey;
#[cfg(feature = "prover")]
pub use maker::SignError;
#[cfg(feature = "prover")]
pub use negative::{Negative, NegativeError, Origin};
