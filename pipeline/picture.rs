//! What reports and findings say of a picture: its size and its colours.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use serde::ser::{Serialize, SerializeStruct, Serializer};
use zkimg_graph::tensor::Dims;
use zkimg_picture::{IccProfile, ProfileId};

/// A picture's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Size {
    /// Pixels in a line.
    pub width: usize,
    /// Lines.
    pub height: usize,
    /// 1 for grey, 3 for colour.
    pub channels: usize,
}

impl From<Dims> for Size {
    fn from(dims: Dims) -> Size {
        Size { width: dims.width, height: dims.height, channels: dims.channels }
    }
}

/// A picture's colour profile, as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileReport {
    /// Which profile it is.
    pub id: ProfileId,
    /// What the ICC profile in the picture calls itself. Whoever makes a profile can give it any name.
    pub name: Option<String>,
}

impl ProfileReport {
    /// Which profile it is, and what it calls itself if its bytes are known.
    pub fn of(id: &ProfileId, icc: Option<&IccProfile>) -> ProfileReport {
        ProfileReport { id: *id, name: icc.and_then(IccProfile::name) }
    }

    /// `none`, `srgb` or `icc`.
    pub fn kind(&self) -> &'static str {
        match self.id {
            ProfileId::None => "none",
            ProfileId::Srgb => "srgb",
            ProfileId::Icc(_) => "icc",
        }
    }

    /// SHA-256 of the ICC profile's bytes, hexadecimal.
    pub fn sha256(&self) -> Option<String> {
        match &self.id {
            ProfileId::Icc(digest) => Some(hexadecimal(digest)),
            ProfileId::None | ProfileId::Srgb => None,
        }
    }
}

/// `kind`, `sha256` and `name`.
impl Serialize for ProfileReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("ProfileReport", 3)?;
        fields.serialize_field("kind", self.kind())?;
        fields.serialize_field("sha256", &self.sha256())?;
        fields.serialize_field("name", &self.name)?;
        fields.end()
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
