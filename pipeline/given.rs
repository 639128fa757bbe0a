//! The picture that a reader gives with a proof, and the two checks of it: its pixels, and the colours they are shown in.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::coefficients::{self, digest};
use crate::finding::{ColoursFault, ColoursShown, PictureFault, PictureShown};
use crate::picture::ProfileReport;
use crate::proof_file::ProofFile;
use crate::statement::{Shown, picture_digest};
use zkimg_graph::ending::Ending;
use zkimg_graph::tensor::{CellsRef, Dims};
use zkimg_picture::image::announced;
use zkimg_picture::{Format, JpegFile, Look, Picture, PictureError, ProfileId, PublishedFile};
use zkimg_proof::argument::Pixels;

/// What a reader gives.
pub(crate) enum Given<'a> {
    /// No picture, as it is still hidden.
    Nothing,
    /// A decoded picture.
    Picture(&'a Picture),
    /// A picture's file.
    File(Box<PublishedFile>),
    /// A JPEG where the proof is of one, and its coefficients as the proof has them; without these if it is coded in another way.
    Jpeg(Box<JpegFile>, Vec<i16>),
    /// A file of another size, which is not decoded.
    OtherSize(Format, usize, usize),
    /// A PNG or WebP where the proof is of a JPEG.
    NoJpeg,
    /// A JPEG where the proof is of pixels, which programs make differently of it. Nothing but its size is read.
    JpegCopy,
}

impl Given<'_> {
    /// Reads a picture's file, and decodes it only if it has the size that the proof speaks of.
    pub(crate) fn read(picture: &[u8], file: &ProofFile) -> Result<Given<'static>, PictureError> {
        let (format, width, height) = announced(picture)?;
        let output = file.output();
        if (width, height) != (output.width, output.height) {
            return Ok(Given::OtherSize(format, width, height));
        }
        match (file.jpeg(), format) {
            (None, Format::Jpeg) => Ok(Given::JpegCopy),
            (None, _) => Ok(Given::File(Box::new(PublishedFile::read(picture)?))),
            (Some(_), Format::Png | Format::WebP | Format::Tiff) => Ok(Given::NoJpeg),
            (Some(jpeg), Format::Jpeg) => {
                let given = JpegFile::read(picture)?;
                let cells = coefficients::cells(&given.coefficients, jpeg, output).unwrap_or_default();
                Ok(Given::Jpeg(Box::new(given), cells))
            }
        }
    }

    fn picture(&self) -> Option<&Picture> {
        match self {
            Given::Picture(picture) => Some(picture),
            Given::File(published) => Some(&published.picture),
            Given::Nothing | Given::Jpeg(..) | Given::OtherSize(..) | Given::NoJpeg | Given::JpegCopy => None,
        }
    }

    /// What is published, as the proofs absorb it.
    pub(crate) fn pixels(&self, file: &ProofFile) -> Pixels<'_> {
        match (self, file.jpeg().map(|jpeg| jpeg.ending(file.output()))) {
            // One that is coded in another way has no cells, and shows nothing that a proof could speak of.
            (Given::Jpeg(_, cells), Some(Ok(Ending { dims, bounds, .. }))) if cells.len() == dims.cells() => {
                Pixels::of_cells(dims, bounds, CellsRef::I16(cells))
            }
            (given, None) => given.picture().map_or(Pixels::none(), |picture| Pixels::new(*picture.dims(), picture.cells())),
            _ => Pixels::none(),
        }
    }

    fn look(&self) -> Result<(), &Look> {
        match self {
            Given::File(published) => published.look.as_ref().copied(),
            Given::Jpeg(file, _) => file.look.as_ref().copied(),
            _ => Ok(()),
        }
    }

    /// The proof inside its file.
    fn inside(&self) -> Option<&Vec<u8>> {
        match self {
            Given::File(published) => published.proof.as_ref(),
            Given::Jpeg(file, _) => file.proof.as_ref(),
            Given::Nothing | Given::Picture(_) | Given::OtherSize(..) | Given::NoJpeg | Given::JpegCopy => None,
        }
    }

    /// Whether its file has no proof inside but this one.
    fn agrees(&self, file: &ProofFile) -> bool {
        self.inside().is_none_or(|inside| *inside == file.to_bytes())
    }

    /// Why it is not what the proof speaks of.
    fn differs(&self, output: &Dims, jpeg: bool) -> PictureFault {
        match self {
            Given::Jpeg(..) => PictureFault::OtherCoefficients,
            Given::NoJpeg | Given::Picture(_) if jpeg => PictureFault::NoJpeg,
            Given::JpegCopy | Given::OtherSize(Format::Jpeg, ..) if !jpeg => PictureFault::JpegCopy,
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
                let jpeg = file.jpeg();
                let found = match (given, jpeg) {
                    (Given::Jpeg(..), Some(jpeg)) => pixels.dims().map(|_| digest(pixels, jpeg, output, &file.profile())),
                    (given, None) => given.picture().filter(|picture| *picture.dims() == output).map(|_| picture_digest(pixels)),
                    _ => None,
                };
                let same = found.is_some_and(|found| shown == Some(Shown::Picture(found)));
                match given.look() {
                    Err(look) => Err(PictureFault::Look(look.clone())),
                    _ if same && jpeg.is_some() => Ok(PictureShown::Jpeg(output.into())),
                    _ if same => Ok(PictureShown::Published(output.into())),
                    _ => Err(given.differs(&output, jpeg.is_some())),
                }
            }
        }
    }

    /// That the picture is shown in the colours of the photo, and in which; `None` where there is none.
    pub(crate) fn colours(&self, file: &ProofFile) -> Option<Result<ColoursShown, ColoursFault>> {
        let (shown_in, channels) = match self {
            Given::Jpeg(file, _) => (&file.profile, file.coefficients.shape.components()),
            given => given.picture().map(|picture| (picture.profile(), picture.dims().channels))?,
        };
        let (expected, photo) = (file.profile(), *file.capture.statement.profile());
        let found = ProfileReport::of(&shown_in.id(), shown_in.icc());
        let shown = expected.is_shown_by(shown_in);
        Some(match (expected, found.id) {
            (ProfileId::None, _) if shown && photo != expected => {
                Ok(ColoursShown::Unfit { photo: ProfileReport::of(&photo, None), channels })
            }
            (ProfileId::None | ProfileId::Srgb, _) if shown => Ok(ColoursShown::Srgb),
            _ if shown => Ok(ColoursShown::Carried(found)),
            (ProfileId::Icc(_), ProfileId::None) => Err(ColoursFault::Lost(ProfileReport::of(&expected, None))),
            _ => Err(ColoursFault::Exchanged { found, expected: ProfileReport::of(&expected, None) }),
        })
    }
}
