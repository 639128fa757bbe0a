//! In what colours a copy is shown, and what in its file turns it or recolours it.

use zkimg_pipeline::image::announced;
use zkimg_pipeline::{Format, JpegFile, Look, Picture, ProfileId, ProfileReport, PublishedFile};

/// What in a copy's file lets programs show its pixels otherwise than they are compared; nothing of one that cannot be read so strictly.
pub(crate) fn otherwise(file: &[u8]) -> Option<Look> {
    let look = match announced(file) {
        Ok((Format::Jpeg, ..)) => JpegFile::read(file).ok()?.look,
        _ => PublishedFile::read(file).ok()?.look,
    };
    // Sites make copies with loss.
    look.err().filter(|look| !matches!(look, Look::Lossy))
}

/// Whether that is about colours.
pub(crate) fn recolours(look: &Look) -> bool {
    matches!(look, Look::Gamma | Look::Primaries | Look::Colours(_))
}

/// The colours of a picture, without what a profile calls itself, which may be any words.
pub(crate) fn colours(picture: &Picture) -> ProfileReport {
    ProfileReport::of(&picture.profile().id(), None)
}

/// Whether two pictures are shown in the same colours. Samples without a profile are shown as sRGB.
pub(crate) fn same_colours(one: &Picture, other: &Picture) -> bool {
    let [one, other] =
        [one, other].map(|picture| Some(picture.profile().id()).filter(|id| !matches!(id, ProfileId::None | ProfileId::Srgb)));
    one == other
}
