//! Findings in English: the one place of this crate that makes sentences of them.

use crate::finding::{
    ColoursFault, ColoursShown, EditsFault, EditsMade, Finding, KeyTrust, LinkFault, OfPhoto, PictureFault, PictureShown, Signed,
};
use crate::picture::{ProfileReport, Size};
use crate::report::ProofForm;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::fmt::{Display, Formatter, Result};
use zkimg_picture::ProfileId;

/// What to ask for when a picture is a copy that cannot be checked.
pub(crate) const ASK: &str = "ask whoever published it for the file that belongs to the proof";

/// One sentence, which stands behind the name of what was checked.
impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Finding::Signature(Ok(Signed { size, notary: false })) => write!(f, "a device signed the capture of a {} picture", Shape(size)),
            Finding::Signature(Ok(Signed { size, notary: true })) => {
                write!(f, "a notary, and no device, signed that they had a {} picture", Shape(size))
            }
            Finding::Signature(Err(error)) => error.fmt(f),
            Finding::Device(trust) => f.write_str(match trust {
                KeyTrust::Trusted => "the key that signed is one of the trusted devices",
                KeyTrust::Unknown => "the key that signed is not one of the trusted devices, so nothing else was checked",
                KeyTrust::OtherKind => {
                    "the key signed as a camera's and was given as a notary's, where it does not count, so nothing else was checked; if you trust \
                     this camera, give its key as a camera's"
                }
                KeyTrust::Unjudged => "no trusted camera was named; trust the key that signed only if you know whose it is",
            }),
            Finding::Notary(trust) => f.write_str(match trust {
                KeyTrust::Trusted => "the key that signed is one of the trusted notaries'",
                KeyTrust::Unknown => "the key that signed is not one of the trusted notaries', so nothing else was checked",
                KeyTrust::OtherKind => {
                    "the key signed as a notary's and was given as another kind, where it does not count, so nothing else was checked; if you trust \
                     this notary, give their key as a notary's"
                }
                KeyTrust::Unjudged => "no trusted notary was named; trust the key that signed only if you know whose it is",
            }),
            Finding::Shown(Ok(1)) => f.write_str("the field that is shown of the photo's EXIF data is as it was signed"),
            Finding::Shown(Ok(many)) => write!(f, "the {many} fields that are shown of the photo's EXIF data are as they were signed"),
            Finding::Shown(Err(error)) => error.fmt(f),
            Finding::Original(true) => f.write_str("the proof starts from the picture that was signed"),
            Finding::Original(false) => f.write_str("the proof starts from another picture than the one that was signed"),
            Finding::Picture(Ok(shown)) => shown.fmt(f),
            Finding::Picture(Err(fault)) => fault.fmt(f),
            Finding::Colours(Ok(shown)) => shown.fmt(f),
            Finding::Colours(Err(fault)) => fault.fmt(f),
            Finding::Makers(Ok(())) => f.write_str("each maker who names a key signed their own link"),
            Finding::Makers(Err(fault)) => fault.fmt(f),
            Finding::Edits(Ok(made)) => made.fmt(f),
            Finding::Edits(Err(fault)) => fault.fmt(f),
            Finding::Model(Ok(())) => f.write_str("the card is that of the model that was used, whose weights lie in the bounds it states"),
            Finding::Model(Err(fault)) => fault.fmt(f),
            Finding::Answer(Ok(shown)) => match &shown[..] {
                [shown] => write!(f, "of the edited photo the model makes exactly this: {shown}"),
                many => write!(f, "of each of the {} edited photos the model makes exactly what is said below", many.len()),
            },
            Finding::Answer(Err(fault)) => fault.fmt(f),
            Finding::Enrolled(Ok(())) => f.write_str("the enrolled face is what the model makes of a photo that was signed"),
            Finding::Enrolled(Err(fault)) => fault.fmt(f),
            Finding::Match(Ok(threshold)) => {
                write!(f, "of the edited photo the model makes an embedding whose cosine with the enrolled one is at least {threshold}")
            }
            Finding::Match(Err(fault)) => fault.fmt(f),
            Finding::OfPhoto(of) => write!(f, "{}{}", of.which(), of.found),
        }
    }
}

impl OfPhoto {
    /// Which photo it is, before what was found of it.
    pub fn which(&self) -> String {
        format!("photo {} of {}: ", self.number, self.photos)
    }
}

/// For programs: the stable name, the sentence, and whether it holds.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Finding", 3)?;
        fields.serialize_field("name", self.checked().name())?;
        fields.serialize_field("detail", &self.to_string())?;
        fields.serialize_field("passed", &self.holds())?;
        fields.end()
    }
}

impl Display for PictureShown {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            PictureShown::Published(size) => {
                write!(f, "all {} pixels of the published picture are the ones the proof speaks of", Shape(size))
            }
            PictureShown::Jpeg(size) => {
                write!(f, "all coefficients of the published JPEG, {}, are the ones the proof speaks of", Shape(size))
            }
            PictureShown::Hidden(size) => write!(f, "no picture is shown yet: a {} picture is handed on hidden", Shape(size)),
        }
    }
}

impl Display for PictureFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            PictureFault::Missing => f.write_str("the proof is of a published picture, which was not given"),
            PictureFault::StillHidden => {
                f.write_str("the proof hands its picture on hidden, so it speaks of no picture that could be shown")
            }
            PictureFault::OtherProof => f.write_str(
                "the picture's file has another proof inside than the one that was given with it or lies beside it, so that it claims two \
                 things; ask whoever published it which of them it is to be",
            ),
            PictureFault::Look(look) => write!(f, "the picture's file is not as it was published: {look}; {ASK}"),
            PictureFault::JpegCopy => write!(f, "the picture is a JPEG copy, and JPEG changes pixels: {ASK}"),
            PictureFault::OtherSize { found: (width, height), expected: (w, h) } => write!(
                f,
                "the picture is {width}×{height} and the proof speaks of one of {w}×{h}: it was resized, cropped or turned afterwards, as many \
                 sites do, or the proof belongs to another picture; {ASK}"
            ),
            PictureFault::OtherCoefficients => write!(
                f,
                "the JPEG has other coefficients than the one this proof was made for: it was changed or compressed again afterwards, as many \
                 sites do, or the proof belongs to another picture; {ASK}"
            ),
            PictureFault::NoJpeg => write!(f, "the proof speaks of a JPEG, and this is none: {ASK}"),
            PictureFault::OtherPixels => write!(
                f,
                "the picture has other pixels than the one this proof was made for: it was changed or compressed again afterwards, as many \
                 sites do, or the proof belongs to another picture; {ASK}"
            ),
        }
    }
}

impl Display for ColoursShown {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            ColoursShown::Srgb => f.write_str("the picture is shown as sRGB, as the photo is"),
            ColoursShown::Carried(profile) => write!(f, "the picture carries the photo's colour profile, {profile}"),
            ColoursShown::Unfit { photo, channels } => {
                let kind = if *channels == 1 { "a grey" } else { "this colour" };
                write!(f, "the photo's colour profile ({photo}) does not fit {kind} picture, which is shown as sRGB without it")
            }
        }
    }
}

impl Display for ColoursFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            ColoursFault::Lost(profile) => {
                write!(f, "the picture has lost the photo's colour profile ({profile}), so that its colours are shown wrong: {ASK}")
            }
            ColoursFault::Exchanged { found, expected } => {
                write!(f, "the picture carries {found}, but the proof speaks of {expected}, so that its colours are shown wrong: {ASK}")
            }
        }
    }
}

impl Display for EditsMade {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let picture = if self.hidden { "the hidden picture" } else { "this picture" };
        let order = if self.links > 1 { ", in this order," } else { "" };
        let one = if self.form == ProofForm::Compact { ", by one proof for the whole chain" } else { "" };
        match self.edits {
            0 => write!(f, "no edits were made: {picture} is the original{one}"),
            1 => write!(f, "the 1 stated edit{order} and nothing else turned the original into {picture}{one}"),
            many => write!(f, "the {many} stated edits{order} and nothing else turned the original into {picture}{one}"),
        }
    }
}

impl Display for EditsFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            EditsFault::Link(fault) => fault.fmt(f),
            EditsFault::Refused(fault) => fault.fmt(f),
            #[cfg(feature = "prover")]
            EditsFault::Compact(fault) => fault.fmt(f),
            EditsFault::Unfinished => f.write_str("not every link was checked"),
        }
    }
}

/// A fault, with its link where there are several.
impl<E: Display> Display for LinkFault<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.links {
            1 => self.fault.fmt(f),
            links => write!(f, "link {} of {links}: {}", self.number, self.fault),
        }
    }
}

impl Display for ProfileReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match (self.id, self.sha256(), &self.name) {
            (_, Some(sha256), Some(name)) => write!(f, "an ICC profile that calls itself {name:?}, SHA-256 {sha256}"),
            (_, Some(sha256), None) => write!(f, "an ICC profile with the SHA-256 {sha256}"),
            (ProfileId::Srgb, ..) => f.write_str("sRGB"),
            _ => f.write_str("no colour profile"),
        }
    }
}

/// A picture's shape in words.
struct Shape<'a>(&'a Size);

impl Display for Shape<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Size { width, height, channels } = self.0;
        write!(f, "{width}×{height} {}", if *channels == 1 { "grey" } else { "colour" })
    }
}
