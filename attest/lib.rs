//! What the camera or a notary signed: capture statements, keys and the photographer's negative.
//!
//! A device decodes a photo, commits to its pixels row by row with fresh blinders, hides each EXIF field in a salted
//! digest, and signs the root of it all ([`attest`](attest())). The signed capture is public; the negative stays with
//! the photographer. A notary does the same with a file that it got from somebody else, says so, and signs under a prefix of its
//! own ([`Witness`]). Later makers of a chain sign their own links, and others models and enrolled faces ([`maker`]).
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

pub use capture::{
    Algorithm, CaptureError, CaptureStatement, Credentials, Disclosed, Facts, MAX_ACCEPTED, SignedCapture, Source, State, Traces,
};
pub use device_list::{TrustedDevices, TrustedNotaries};
pub use disclosure::{Backing, Label, Opening};
pub use key::{KeyError, KeyId, PublicKey};
pub use maker::{Maker, MakerError, MakerSignature, Purpose};

#[cfg(feature = "prover")]
pub use attest::{AttestError, Policy, Seen, Witness, attest, attest_as};
#[cfg(feature = "prover")]
pub use key::SigningKey;
#[cfg(feature = "prover")]
pub use maker::SignError;
#[cfg(feature = "prover")]
pub use negative::{Negative, NegativeError, Origin};
