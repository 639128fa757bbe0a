//! Reading a published picture: strictly, as its pixels are proved and what stands around them is not.
//!
//! A container can change what is seen without changing a sample: by a gamma, by another colour space, by an orientation,
//! by pixels that are not square. A photo may say such things before it is signed; a published picture may not.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::container::Container;
use crate::image::{Format, Picture, PictureError};

/// What in a picture's file changes the look of its pixels.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Look {
    /// A gAMA chunk other than sRGB's.
    #[error("its gAMA chunk changes how bright its pixels are shown")]
    Gamma,
    /// A cHRM chunk other than sRGB's.
    #[error("its cHRM chunk changes the colours its pixels are shown in")]
    Primaries,
    /// A description of colours that is none of those a published picture may have, or a malformed one.
    #[error("what it says about its colours changes how its pixels are shown ({})", .0.fault())]
    Colours(PictureError),
    /// An EXIF orientation other than 1.
    #[error("its EXIF orientation turns or mirrors it when it is shown")]
    Orientation,
    /// EXIF of which programs may make different things.
    #[error("its EXIF block is malformed, and programs differ in what they make of it")]
    Exif,
    /// Pixels that are not square.
    #[error("its pixels are to be shown wider or higher than they are")]
    Aspect,
    /// Text that some programs read as a profile or as EXIF.
    #[error("it has text that some programs read as a colour profile or an orientation (Raw profile type)")]
    RawProfile,
    /// XMP that may turn the picture or brighten it.
    #[error("it has XMP text that may turn it or change its brightness when it is shown")]
    Xmp,
    /// A chunk of a PNG that is not known to be harmless.
    #[error("its {0} chunk is none that a published picture may have, as programs may show the picture differently because of it")]
    Chunk(String),
    /// A segment of a JPEG that is not known to be harmless.
    #[error("its {0} segment is none that a published picture may have, as programs may show the picture differently because of it")]
    Segment(String),
}

/// A published picture's file: its pixels as they stand in it, and whether they are shown as they are.
#[derive(Clone, Debug)]
pub struct PublishedFile {
    /// The format.
    pub format: Format,
    /// The pixels, with the profile if it can be read. No orientation is applied.
    pub picture: Picture,
    /// Whether anything in the file changes how the pixels are shown.
    pub look: Result<(), Look>,
}

impl PublishedFile {
    /// Reads a PNG or JPEG file.
    ///
    /// # Errors
    /// If its pixels cannot be read; what is wrong around them is in [`PublishedFile::look`].
    pub fn read(file: &[u8]) -> Result<PublishedFile, PictureError> {
        let container = Container::read(file)?;
        let (profile, look) = match container.profile() {
            Ok(profile) => (profile, container.look()),
            Err(error) => (Default::default(), Err(Look::Colours(error))),
        };
        let picture = container.picture()?.with_profile(profile);
        Ok(PublishedFile { format: container.format(), picture, look })
    }
}

/// Whether XMP says nothing of an orientation or of a gain map, which makes a picture brighter on some screens.
pub(crate) fn is_plain_xmp(text: &[u8]) -> bool {
    let words: [&[u8]; 3] = [b"Orientation", b"GainMap", b"hdrgm"];
    !words.iter().any(|word| text.windows(word.len()).any(|window| window == *word))
}

/// Whether XMP has a `tiff:Orientation` other than 1, as an attribute or an element.
pub(crate) fn turns(text: &[u8]) -> bool {
    const NAME: &[u8] = b"tiff:Orientation";
    let mut places = text.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    places.any(|(at, _)| {
        let rest = text.get(at + NAME.len()..).unwrap_or_default();
        let mut value = rest.iter().skip_while(|byte| b"=\"'> \t\r\n".contains(byte)).take_while(|byte| byte.is_ascii_digit());
        let (first, second) = (value.next(), value.next());
        // Without a number it is the end of an element.
        first.is_some() && (first, second) != (Some(&b'1'), None)
    })
}
