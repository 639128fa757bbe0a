//! A picture that everybody has, as a model is asked about it.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use zkimg_picture::{Look, Picture, PictureError, Profile, PublishedFile};

/// A picture that everybody has: what is shown of its file are the samples that the model reads, in sRGB. Of another file somebody would see
/// one picture, and the model's answer would be about another.
#[derive(Clone, Debug)]
pub struct PublicPicture(Picture);

/// A file that shows something else than its samples.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotPublic {
    /// No picture, or one of which programs make different pixels.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// Something around the pixels.
    #[error("the picture is not shown as its pixels are: {0}; save it as a PNG without metadata")]
    Look(#[from] Look),
    /// A colour profile.
    #[error(
        "the picture has a colour profile, and the model reads its numbers as they are; convert it to sRGB, and save it without a profile"
    )]
    Profile,
}

impl PublicPicture {
    /// Reads a PNG or a lossless WebP.
    ///
    /// # Errors
    /// If it is none, or programs show something else than its samples.
    pub fn read(file: &[u8]) -> Result<PublicPicture, NotPublic> {
        let file = PublishedFile::read(file)?;
        file.look?;
        match file.picture.profile() {
            Profile::None | Profile::Srgb => Ok(PublicPicture(file.picture)),
            Profile::Icc(_) => Err(NotPublic::Profile),
        }
    }

    /// Its samples.
    pub fn picture(&self) -> &Picture {
        &self.0
    }
}
