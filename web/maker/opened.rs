//! What is worked on: a photo, or a negative and perhaps the chain that came with it.

use zkimg_pipeline::image::announced;
use zkimg_pipeline::{Negative, Origin, Picture, PictureError, ProofFile, ProofForm};

/// The largest picture that is opened, in pixels: a browser's module has 4 GB of memory.
pub const MOST_SHOWN: usize = 1 << 26;
/// The largest that is proved, in pixels: 1920 × 1080 is less.
pub const MOST_PROVED: usize = 1 << 21;

/// A picture to edit, and what proves it if there is that.
pub(crate) struct Opened {
    pub(crate) picture: Picture,
    pub(crate) kind: &'static str,
    /// Or why it cannot be proved here.
    pub(crate) proved_with: Result<(Negative, Option<ProofFile>), &'static str>,
}

impl Opened {
    /// Reads a file; the error is a sentence.
    pub(crate) fn read(file: &[u8], chain: &[u8]) -> Result<Opened, String> {
        if file.starts_with(b"zkimgneg") { Opened::negative(file, chain) } else { Opened::photo(file) }
    }

    fn photo(file: &[u8]) -> Result<Opened, String> {
        let unread = |error: PictureError| format!("the photo cannot be read: {error}");
        let (_, width, height) = announced(file).map_err(unread)?;
        small_enough(width, height)?;
        let why = "a photo alone can be edited here and not proved; attest it with the command-line tool, and give the .negative file that it writes";
        Ok(Opened { picture: Picture::decode(file).map_err(unread)?, kind: "photo", proved_with: Err(why) })
    }

    fn negative(file: &[u8], chain: &[u8]) -> Result<Opened, String> {
        let negative = Negative::from_bytes(file).map_err(|error| error.to_string())?;
        let dims = negative.layout().dims;
        small_enough(dims.width, dims.height)?;
        let chain = if chain.is_empty() { None } else { Some(ProofFile::from_bytes(chain).map_err(|error| error.to_string())?) };
        let picture = Picture::new(dims, negative.pixels().to_vec()).map_err(|error| error.to_string())?;
        let picture = picture.with_profile(negative.profile().clone());
        let kind = if matches!(negative.origin(), Origin::Link { .. }) { "handed on" } else { "negative" };
        let proved_with = if dims.width * dims.height > MOST_PROVED {
            Err("pictures of more than 2 megapixels are not proved in a browser; save the recipe, and prove it with the command-line tool")
        } else if chain.as_ref().is_some_and(|chain| chain.form() == ProofForm::Compact) {
            Err(
                "a chain with one proof for all its links is not continued in a browser; save the recipe, and prove it with the command-line tool",
            )
        } else {
            Ok((negative, chain))
        };
        Ok(Opened { picture, kind, proved_with })
    }
}

pub(crate) fn small_enough(width: usize, height: usize) -> Result<(), String> {
    if width.saturating_mul(height) <= MOST_SHOWN {
        return Ok(());
    }
    let most = MOST_SHOWN / 1_000_000;
    Err(format!(
        "the picture is {width} × {height} pixels, and at most {most} megapixels are edited in a browser; use the command-line tool"
    ))
}
