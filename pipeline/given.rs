//! The picture that a reader gives with a proof, and the two checks of it: its pixels, and the colours they are shown in.

use crate::finding::{ColoursFault, ColoursShown, PictureFault, PictureShown};
use crate::picture::ProfileReport;
use crate::proof_file::ProofFile;
use crate::statement::{Shown, picture_digest};
use zkimg_graph::tensor::Dims;
use zkimg_picture::image::announced;
use zkimg_picture::{Format, Look, Picture, PictureError, ProfileId, PublishedFile};
use zkimg_proof::argument::Pixels;

/// What a reader gives.
pub(crate) enum Given<'a> {
    /// No picture, as it is still hidden.
    Nothing,
    /// A decoded picture.
    Picture(&'a Picture),
    /// A picture's file.
    File(Box<PublishedFile>),
    /// A file of another size, which is not decoded.
    OtherSize(Format, usize, usize),
}

impl Given<'_> {
    /// Reads a picture's file, and decodes it only if it has the size that the proof speaks of.
    pub(crate) fn read(picture: &[u8], file: &ProofFile) -> Result<Given<'static>, PictureError> {
        let (format, width, height) = announced(picture)?;
        let output = file.output();
        if (width, height) != (output.width, output.height) {
            return Ok(Given::OtherSize(format, width, height));
        }
        Ok(Given::File(Box::new(PublishedFile::read(picture)?)))
    }

    fn picture(&self) -> Option<&Picture> {
        match self {
            Given::Picture(picture) => Some(picture),
            Given::File(published) => Some(&published.picture),
            Given::Nothing | Given::OtherSize(..) => None,
        }
    }

    /// The pixels as the proofs absorb them.
    pub(crate) fn pixels(&self) -> Pixels<'_> {
        match self.picture() {
            Some(picture) => Pixels::new(*picture.dims(), picture.cells()),
            None => Pixels::none(),
        }
    }

    fn is_jpeg(&self) -> bool {
        match self {
            Given::File(published) => published.format == Format::Jpeg,
            Given::OtherSize(format, ..) => *format == Format::Jpeg,
            Given::Nothing | Given::Picture(_) => false,
        }
    }

    fn look(&self) -> Result<(), &Look> {
        match self {
            Given::File(published) => published.look.as_ref().copied(),
            _ => Ok(()),
        }
    }

    /// Whether its file has no proof inside but this one.
    fn agrees(&self, file: &ProofFile) -> bool {
        match self {
            Given::File(published) => published.proof.as_ref().is_none_or(|inside| *inside == file.to_bytes()),
            Given::Nothing | Given::Picture(_) | Given::OtherSize(..) => true,
        }
    }

    /// Why the pixels are not those of the proof.
    fn differs(&self, output: &Dims) -> PictureFault {
        match self {
            given if given.is_jpeg() => PictureFault::JpegCopy,
            Given::OtherSize(_, width, height) => {
                PictureFault::OtherSize { found: (*width, *height), expected: (output.width, output.height) }
            }
            _ => PictureFault::OtherPixels,
        }
    }

    /// That the picture is the one at the end of the chain, and shown as it is; or that there is none to be shown.
    pub(crate) fn judge(&self, pixels: &Pixels<'_>, file: &ProofFile) -> Result<PictureShown, PictureFault> {
        let (shown, output) = (file.links.last().map(|link| link.shown), file.output());
        match (self, shown) {
            (Given::Nothing, Some(Shown::Hidden)) => Ok(PictureShown::Hidden(output.into())),
            (Given::Nothing, _) => Err(PictureFault::Missing),
            (_, Some(Shown::Hidden)) => Err(PictureFault::StillHidden),
            (given, _) if !given.agrees(file) => Err(PictureFault::OtherProof),
            (given, shown) => {
                let same = given
                    .picture()
                    .is_some_and(|picture| *picture.dims() == output && shown == Some(Shown::Picture(picture_digest(pixels))));
                match given.look() {
                    // A copy as JPEG has other pixels anyway, which is the better thing to say.
                    Err(look) if same || !given.is_jpeg() => Err(PictureFault::Look(look.clone())),
                    _ if same => Ok(PictureShown::Published(output.into())),
                    _ => Err(given.differs(&output)),
                }
            }
        }
    }

    /// That the picture is shown in the colours of the photo, and in which; `None` where there is none.
    pub(crate) fn colours(&self, file: &ProofFile) -> Option<Result<ColoursShown, ColoursFault>> {
        let picture = self.picture()?;
        let (expected, photo) = (file.profile(), *file.capture.statement.profile());
        let found = ProfileReport::of(&picture.profile().id(), picture.profile().icc());
        let shown = expected.is_shown_by(picture.profile());
        Some(match (expected, found.id) {
            (ProfileId::None, _) if shown && photo != expected => {
                Ok(ColoursShown::Unfit { photo: ProfileReport::of(&photo, None), channels: picture.dims().channels })
            }
            (ProfileId::None | ProfileId::Srgb, _) if shown => Ok(ColoursShown::Srgb),
            _ if shown => Ok(ColoursShown::Carried(found)),
            (ProfileId::Icc(_), ProfileId::None) => Err(ColoursFault::Lost(ProfileReport::of(&expected, None))),
            _ => Err(ColoursFault::Exchanged { found, expected: ProfileReport::of(&expected, None) }),
        })
    }
}
