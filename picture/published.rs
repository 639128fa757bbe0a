//! Reading a published picture: strictly, as its pixels are proved and what stands around them is not.
//!
//! A container can change what is seen without changing a sample: by a gamma, by another colour space, by an orientation,
//! by pixels that are not square. A photo may say such things before it is signed; a published picture may not.
//! A JPEG is not read here: programs make different pixels of it, and what is proved of one are its coefficients ([`crate::JpegFile`]).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::container::Container;
use crate::deep::Deep;
use crate::error::PictureError;
use crate::format::Format;
use crate::look::Look;
use crate::picture::Picture;

/// A published picture's file: its pixels as they stand in it, and whether they are shown as they are.
#[derive(Clone, Debug)]
pub struct PublishedFile {
    /// The format.
    pub format: Format,
    /// The pixels, with the profile if it can be read. No orientation is applied.
    pub picture: Picture,
    /// Whether anything in the file changes how the pixels are shown.
    pub look: Result<(), Look>,
    /// The proof that the file carries, unread.
    pub proof: Option<Vec<u8>>,
}

impl PublishedFile {
    /// Reads a PNG or WebP file.
    ///
    /// # Errors
    /// If its pixels cannot be read; what is wrong around them is in [`PublishedFile::look`].
    pub fn read(file: &[u8]) -> Result<PublishedFile, PictureError> {
        let container = Container::published(file)?;
        let look = match &container {
            Container::Png(png) => png.look(),
            Container::WebP(webp) => webp.look(),
            Container::Jpeg(_) => return Err(PictureError::PublishedJpeg),
            Container::Tiff(_) => return Err(PictureError::PublishedTiff),
        };
        let (profile, look) = match container.profile() {
            Ok(profile) => (profile, look),
            Err(error) => (Default::default(), Err(Look::Colours(error))),
        };
        let picture = container.samples(Deep::Refused)?.picture(container.format())?.with_profile(profile);
        Ok(PublishedFile { format: container.format(), picture, look, proof: container.proof()? })
    }
}
