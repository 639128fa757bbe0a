//! The picture that a reader gives with a proof, and the two checks of it: its pixels, and the colours they are shown in.

use crate::proof_file::ProofFile;
use crate::report::{ProfileReport, Report, describe};
use crate::statement::{Shown, picture_digest};
use zkimg_picture::image::announced;
use zkimg_picture::{Format, Look, Picture, PictureError, ProfileId, PublishedFile};
use zkimg_proof::argument::Pixels;
use zkimg_proof::tensor::Dims;

/// What to ask for when a picture is a copy that cannot be checked.
pub(crate) const ASK: &str = "ask whoever published it for the PNG file that belongs to the proof";

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

    /// Why the pixels are not those of the proof.
    fn differs(&self, output: &Dims) -> String {
        if self.is_jpeg() {
            return format!("the picture is a JPEG copy, and JPEG changes pixels: {ASK}");
        }
        match self {
            Given::OtherSize(_, width, height) => format!(
                "the picture is {width}×{height} and the proof speaks of one of {}×{}: it was resized, cropped or turned afterwards, as many \
                 sites do, or the proof belongs to another picture; {ASK}",
                output.width, output.height
            ),
            _ => format!(
                "the picture has other pixels than the one this proof was made for: it was changed or compressed again afterwards, as many \
                 sites do, or the proof belongs to another picture; {ASK}"
            ),
        }
    }
}

impl Report {
    /// That the picture is the one at the end of the chain, and shown as it is; or that there is none to be shown.
    pub(crate) fn picture(&mut self, given: &Given<'_>, pixels: &Pixels<'_>, file: &ProofFile) -> bool {
        let (shown, output) = (file.links.last().map(|link| link.shown), file.output());
        let (passed, detail) = match (given, shown) {
            (Given::Nothing, Some(Shown::Hidden)) => {
                (true, format!("no picture is shown yet: a {} picture is handed on hidden", describe(&output)))
            }
            (Given::Nothing, _) => (false, "the proof is of a published picture, which was not given".into()),
            (_, Some(Shown::Hidden)) => {
                (false, "the proof hands its picture on hidden, so it speaks of no picture that could be shown".into())
            }
            (given, shown) => {
                let same = given
                    .picture()
                    .is_some_and(|picture| *picture.dims() == output && shown == Some(Shown::Picture(picture_digest(pixels))));
                match given.look() {
                    // A copy as JPEG has other pixels anyway, which is the better thing to say.
                    Err(look) if same || !given.is_jpeg() => {
                        (false, format!("the picture's file is not as it was published: {look}; {ASK}"))
                    }
                    _ if same => {
                        (true, format!("all {} pixels of the published picture are the ones the proof speaks of", describe(&output)))
                    }
                    _ => (false, given.differs(&output)),
                }
            }
        };
        self.note("picture", passed, detail)
    }

    /// That the picture is shown in the colours of the photo.
    pub(crate) fn colours(&mut self, given: &Given<'_>, file: &ProofFile) -> bool {
        let Some(picture) = given.picture() else { return true };
        let (expected, found) = (file.profile(), picture.profile());
        let passed = expected.is_shown_by(found);
        let told = ProfileReport::of(&found.id(), found.icc());
        if passed {
            self.profile.name = told.name.clone();
        }
        let photo = *file.capture.statement.profile();
        let detail = match (&expected, found.id()) {
            (ProfileId::None, _) if passed && photo != expected => {
                let (photo, kind) = (ProfileReport::of(&photo, None), if picture.dims().channels == 1 { "a grey" } else { "this colour" });
                format!("the photo's colour profile ({photo}) does not fit {kind} picture, which is shown as sRGB without it")
            }
            (ProfileId::None | ProfileId::Srgb, _) if passed => "the picture is shown as sRGB, as the photo is".into(),
            (_, _) if passed => format!("the picture carries the photo's colour profile, {told}"),
            (ProfileId::Icc(_), ProfileId::None) => {
                format!("the picture has lost the photo's colour profile ({}), so that its colours are shown wrong: {ASK}", self.profile)
            }
            _ => {
                format!("the picture carries {told}, but the proof speaks of {}, so that its colours are shown wrong: {ASK}", self.profile)
            }
        };
        self.note("colours", passed, detail)
    }
}
