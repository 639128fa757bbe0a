//! Colour profiles: what the numbers of a picture mean as colours.
//!
//! A capture signs which profile its photo has, a published picture carries it, and the reader compares the two. Profiles
//! are carried, byte for byte, and never applied: edits work on the numbers.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod icc;

pub use icc::{IccProfile, MAX_PROFILE};

/// The profile of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// None is stated. Programs take the picture as sRGB.
    #[default]
    None,
    /// sRGB (IEC 61966-2-1), stated without a profile's bytes.
    Srgb,
    /// An ICC profile.
    Icc(IccProfile),
}

/// Which profile: what a capture signs of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileId {
    /// None is stated.
    None,
    /// sRGB, stated.
    Srgb,
    /// An ICC profile, by the SHA-256 of its bytes.
    Icc([u8; 32]),
}

impl Profile {
    /// Which profile it is.
    pub fn id(&self) -> ProfileId {
        match self {
            Profile::None => ProfileId::None,
            Profile::Srgb => ProfileId::Srgb,
            Profile::Icc(profile) => ProfileId::Icc(profile.digest()),
        }
    }

    /// What is left of it on a picture of so many channels: an ICC profile for colours does not fit grey, nor one for grey colours.
    pub fn on(self, channels: usize) -> Profile {
        match self {
            Profile::Icc(profile) if profile.channels() != channels => Profile::None,
            other => other,
        }
    }

    /// The ICC profile, if there is one.
    pub fn icc(&self) -> Option<&IccProfile> {
        match self {
            Profile::Icc(profile) => Some(profile),
            Profile::None | Profile::Srgb => None,
        }
    }
}

impl ProfileId {
    /// What is left of it where a picture with `before` channels becomes one with `after`; as [`Profile::on`].
    pub fn on(self, before: usize, after: usize) -> ProfileId {
        match self {
            ProfileId::Icc(_) if before != after => ProfileId::None,
            other => other,
        }
    }

    /// Whether a picture with that profile shows the colours meant here. No profile is shown as sRGB, so tools may add
    /// or remove the mere statement that a picture is sRGB.
    pub fn is_shown_by(&self, shown: &Profile) -> bool {
        match (self, shown.id()) {
            (ProfileId::Icc(expected), ProfileId::Icc(found)) => *expected == found,
            (ProfileId::Icc(_), _) | (_, ProfileId::Icc(_)) => false,
            _ => true,
        }
    }
}
