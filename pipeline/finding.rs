//! What verification finds, check by check: values to match on. The sentences are in `words`.

use crate::answer::{AnswerFault, ModelFault, Shown, Threshold};
use crate::chain::BadLink;
#[cfg(feature = "prover")]
use crate::compact::CompactFault;
use crate::face::{EnrolledFault, MatchFault};
use crate::picture::{ProfileReport, Size};
use crate::report::ProofForm;
use zkimg_attest::{CaptureError, MakerError};
use zkimg_picture::Look;
use zkimg_proof::verify::Reject;

/// What is checked of a picture and its proof, in the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Checked {
    /// A device or a notary signed the capture.
    Signature,
    /// That device is trusted.
    Device,
    /// That notary is trusted.
    Notary,
    /// The fields that are shown of the photo's EXIF data are the ones that were signed.
    Shown,
    /// The proof starts from the picture that was signed.
    Original,
    /// The picture is the one at the end of the chain, and shown as it is.
    Picture,
    /// It is shown in the photo's colours.
    Colours,
    /// Each maker who names a key signed their own link.
    Makers,
    /// The stated edits lead from the original to the picture.
    Edits,
    /// The card is the one of the answer's model, whose weights lie in their bounds.
    Model,
    /// The model makes this of the edited photo.
    Answer,
    /// The enrolled face is the model's embedding of a signed photo.
    Enrolled,
    /// The edited photo's embedding is close enough to the enrolled one.
    Match,
}

impl Checked {
    /// Its name, which does not change.
    pub fn name(self) -> &'static str {
        match self {
            Checked::Signature => "signature",
            Checked::Device => "device",
            Checked::Notary => "notary",
            Checked::Shown => "shown",
            Checked::Original => "original",
            Checked::Picture => "picture",
            Checked::Colours => "colours",
            Checked::Makers => "makers",
            Checked::Edits => "edits",
            Checked::Model => "model",
            Checked::Answer => "answer",
            Checked::Enrolled => "enrolled",
            Checked::Match => "match",
        }
    }
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The picture whose capture was signed, and as what; or why the signature is refused.
    Signature(Result<Signed, CaptureError>),
    /// Whether the device that signed is trusted.
    Device(KeyTrust),
    /// Whether the notary who signed is trusted.
    Notary(KeyTrust),
    /// How many fields are shown of the photo's EXIF data, each as it was signed; or which is not.
    Shown(Result<usize, CaptureError>),
    /// Whether the proof starts from the picture that was signed.
    Original(bool),
    /// Which picture the proof speaks of, or why it is not the one that was given.
    Picture(Result<PictureShown, PictureFault>),
    /// The colours that the picture is shown in, or why they are not the photo's.
    Colours(Result<ColoursShown, ColoursFault>),
    /// Whether each maker who names a key signed their own link.
    Makers(Result<(), LinkFault<MakerError>>),
    /// How many edits made the picture, or why they did not.
    Edits(Result<EditsMade, EditsFault>),
    /// Whether the card is the one of the answer's model and its own proof holds.
    Model(Result<(), ModelFault>),
    /// What the model makes of each edited photo, in order, or why that is not shown.
    Answer(Result<Vec<Shown>, AnswerFault>),
    /// Whether the enrolled face is the model's embedding of a signed photo.
    Enrolled(Result<(), EnrolledFault>),
    /// The cosine that the embeddings have at least, or why that is not shown.
    Match(Result<Threshold, MatchFault>),
    /// What was found of one of several photos.
    OfPhoto(OfPhoto),
}

/// What a check found of one of several photos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfPhoto {
    /// Its place, from 1.
    pub number: usize,
    /// How many photos there are.
    pub photos: usize,
    /// What was found.
    pub found: Box<Finding>,
}

impl Finding {
    /// What was checked.
    pub fn checked(&self) -> Checked {
        match self {
            Finding::Signature(_) => Checked::Signature,
            Finding::Device(_) => Checked::Device,
            Finding::Notary(_) => Checked::Notary,
            Finding::Shown(_) => Checked::Shown,
            Finding::Original(_) => Checked::Original,
            Finding::Picture(_) => Checked::Picture,
            Finding::Colours(_) => Checked::Colours,
            Finding::Makers(_) => Checked::Makers,
            Finding::Edits(_) => Checked::Edits,
            Finding::Model(_) => Checked::Model,
            Finding::Answer(_) => Checked::Answer,
            Finding::Enrolled(_) => Checked::Enrolled,
            Finding::Match(_) => Checked::Match,
            Finding::OfPhoto(of) => of.found.checked(),
        }
    }

    /// Whether it holds.
    pub fn holds(&self) -> bool {
        match self {
            Finding::Signature(found) => found.is_ok(),
            Finding::Device(trust) | Finding::Notary(trust) => *trust == KeyTrust::Trusted,
            Finding::Shown(found) => found.is_ok(),
            Finding::Original(same) => *same,
            Finding::Picture(found) => found.is_ok(),
            Finding::Colours(found) => found.is_ok(),
            Finding::Makers(found) => found.is_ok(),
            Finding::Edits(found) => found.is_ok(),
            Finding::Model(found) => found.is_ok(),
            Finding::Answer(found) => found.is_ok(),
            Finding::Enrolled(found) => found.is_ok(),
            Finding::Match(found) => found.is_ok(),
            Finding::OfPhoto(of) => of.found.holds(),
        }
    }

    /// Whether it is that whoever signed a capture is not among those that the reader trusts.
    pub(crate) fn is_a_stranger(&self) -> bool {
        self.key_trust().is_some_and(KeyTrust::is_a_stranger) || matches!(self, Finding::Enrolled(Err(EnrolledFault::Stranger { .. })))
    }

    /// Whether the reader trusts a key that signed a capture, if that is what was looked for.
    pub(crate) fn key_trust(&self) -> Option<KeyTrust> {
        match self {
            Finding::Device(trust) | Finding::Notary(trust) => Some(*trust),
            Finding::OfPhoto(of) => of.found.key_trust(),
            _ => None,
        }
    }
}

/// A capture that was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The picture's size.
    pub size: Size,
    /// Whether a notary signed it and no device.
    pub notary: bool,
}

/// Whether the reader trusts the key that signed, as what it signed: a device's or a notary's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyTrust {
    /// It is one of those that are trusted.
    Trusted,
    /// It is not, though the reader trusts others: nothing else was checked.
    Unknown,
    /// It is not, and stands in the list of the other kind: a camera's among notaries, or the reverse. Nothing else was checked.
    OtherKind,
    /// The reader trusts no device and no notary at all, and everything else was checked.
    Unjudged,
}

impl KeyTrust {
    /// Whether the reader trusts others and not this one, as what it signed.
    pub(crate) fn is_a_stranger(self) -> bool {
        matches!(self, KeyTrust::Unknown | KeyTrust::OtherKind)
    }
}

/// The picture that the proof speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureShown {
    /// The one that was given, pixel by pixel.
    Published(Size),
    /// The JPEG that was given, coefficient by coefficient.
    Jpeg(Size),
    /// One that stays hidden.
    Hidden(Size),
}

/// Why a picture is not what the proof speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureFault {
    /// The proof is of a published picture, and none was given.
    Missing,
    /// A picture was given, and the proof keeps its own hidden.
    StillHidden,
    /// Another proof than the one that was given is inside its file.
    OtherProof,
    /// Something in its file changes how its pixels are shown.
    Look(Look),
    /// It is a JPEG, whose pixels are never those of a published picture.
    JpegCopy,
    /// It has another size.
    OtherSize {
        /// Pixels in a line, and lines, as they are.
        found: (usize, usize),
        /// As the proof says.
        expected: (usize, usize),
    },
    /// It has other pixels.
    OtherPixels,
    /// It is a JPEG with other coefficients, tables or sampling.
    OtherCoefficients,
    /// It is no JPEG, and the proof is of one.
    NoJpeg,
}

/// The colours that a picture is rightly shown in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColoursShown {
    /// sRGB, as the photo.
    Srgb,
    /// By the photo's own profile.
    Carried(ProfileReport),
    /// sRGB, as the photo's profile is not for a picture of so many channels.
    Unfit {
        /// The photo's profile.
        photo: ProfileReport,
        /// 1 for grey, 3 for colour.
        channels: usize,
    },
}

/// Why a picture is shown in other colours than the photo's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColoursFault {
    /// The photo's profile is not there any more.
    Lost(ProfileReport),
    /// Another profile is there.
    Exchanged {
        /// The picture's.
        found: ProfileReport,
        /// The one that the proof speaks of.
        expected: ProfileReport,
    },
}

/// What is wrong with one link of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFault<E> {
    /// Its place in the chain, from 1.
    pub number: usize,
    /// How many links there are.
    pub links: usize,
    /// What is wrong.
    pub fault: E,
}

/// Edits that are proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditsMade {
    /// How many, in all links.
    pub edits: usize,
    /// How many links.
    pub links: usize,
    /// Whether the picture at the end stays hidden.
    pub hidden: bool,
    /// How they are proved.
    pub form: ProofForm,
}

/// Why edits are not proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditsFault {
    /// A link that cannot be put to the verifier.
    Link(LinkFault<BadLink>),
    /// A link's proof is refused.
    Refused(LinkFault<Reject>),
    /// A chain with one proof is refused.
    #[cfg(feature = "prover")]
    Compact(CompactFault),
    /// The verifier did not come to every link.
    Unfinished,
}
