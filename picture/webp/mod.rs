//! WebP: the container is walked first, so that nothing large is allocated for a file that cannot be read. Lossless pixels are exact
//! in any decoder; of lossy ones the standard fixes luma and colour, and how colours at half the size are spread and turned into RGB is
//! the decoder's, which is pinned.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod bits;
mod codes;
mod header;
mod look;
mod pixels;
mod proof;
mod riff;
mod write;

use crate::credentials;
use crate::error::PictureError;
use crate::format::Format;
use crate::profile::{IccProfile, MAX_PROFILE, Profile};
use crate::samples::Samples;
use crate::size::check_size;
use bits::Bits;
use header::Sides;
use image_webp::WebPDecoder;
use riff::{Chunk, Chunks, cut_short};
use std::io::Cursor;

pub(crate) use proof::{proof_ahead, with_proof};
pub(crate) use riff::begins;
pub use write::{MAX_WEBP_SIDE, encode_webp};

/// A WebP's proof stands in its own chunk; what is never compared with it must not say another.
const CREDENTIALS: &str = "there is one in its Content Credentials, where that of a WebP is not read";

/// What a JPEG can hold of EXIF is a quarter of it.
const MAX_EXIF: usize = 1 << 18;
/// Lossless pixels of one colour take no bits at all: a picture larger than this many pixels has a byte for every …
const FREE_PIXELS: usize = 1 << 24;
/// … so many, twice as many as the longest run.
const PIXELS_A_BYTE: usize = 1 << 13;

/// The chunk of the pixels.
#[derive(Clone, Copy)]
enum Pixels<'a> {
    Lossless(&'a [u8]),
    /// With what says how opaque they are, in a chunk before them.
    Lossy(&'a [u8], Option<&'a [u8]>),
}

/// What the chunks of a file announce.
pub(crate) struct Container<'a> {
    /// As long as it says.
    file: &'a [u8],
    /// Whether more stands behind that.
    trailing: bool,
    sides: Sides,
    pixels: Pixels<'a>,
    /// A TIFF-framed block, without the `Exif\0\0` that some programs put before it.
    pub(crate) exif: Option<&'a [u8]>,
    prefixed: bool,
    xmp: Option<&'a [u8]>,
    icc: Option<&'a [u8]>,
    /// The proof that it carries.
    pub(crate) proof: Option<&'a [u8]>,
}

impl<'a> Container<'a> {
    /// Walks the chunks up to the end and checks the size: a file that cannot be read is refused here.
    pub(crate) fn read(file: &'a [u8]) -> Result<Container<'a>, PictureError> {
        let mut chunks = Chunks::new(file);
        let sides = Sides { width: 0, height: 0, alpha: false };
        let none = Pixels::Lossy(&[], None);
        let mut found =
            Container { file, trailing: false, sides, pixels: none, exif: None, prefixed: false, xmp: None, icc: None, proof: None };
        let (mut extended, mut pixels, mut transparency) = (None, None, None);
        let mut first = true;
        for chunk in chunks.by_ref() {
            let chunk = chunk.map_err(cut_short)?;
            match &chunk.name {
                b"VP8X" if first => {
                    extended = Some(header::extended(chunk.body).map_err(cut_short)?);
                    if !header::is_in_its_form(chunk.body) {
                        return Err(damaged("its VP8X chunk has bits that mean nothing, and programs differ in whether they mind"));
                    }
                }
                b"VP8X" => return Err(damaged("its VP8X chunk is not the first, or not the only one")),
                b"VP8 " | b"VP8L" if pixels.is_some() => return Err(twice(&chunk)),
                b"VP8 " | b"VP8L" => {
                    let sides = header::pixels(&chunk.name, chunk.body).map_err(cut_short)?;
                    pixels = Some(sides.ok_or_else(|| damaged("its pixels have no header that can be read"))?);
                    found.pixels = match (&chunk.name, transparency) {
                        (b"VP8L", None) => Pixels::Lossless(chunk.body),
                        (b"VP8L", Some(_)) => return Err(damaged("it has transparency beside lossless pixels, which have their own")),
                        (_, transparency) => Pixels::Lossy(chunk.body, transparency),
                    };
                }
                b"C2PA" if credentials::proof(chunk.body)?.is_some() => return Err(PictureError::Proof(CREDENTIALS)),
                b"ANIM" | b"ANMF" => return Err(PictureError::Animated(Format::WebP)),
                _ if extended.is_none() => return Err(damaged("it has chunks that its header does not announce")),
                b"ALPH" if pixels.is_some() => return Err(damaged("its transparency stands behind the pixels")),
                b"ALPH" => {
                    if transparency.replace(chunk.body).is_some() {
                        return Err(twice(&chunk));
                    }
                }
                name => found.note(name, &chunk, pixels.is_some())?,
            }
            first = false;
        }
        found.file = file.get(..chunks.at()).unwrap_or(file);
        found.trailing = found.file.len() < file.len();
        let pixels = pixels.ok_or(PictureError::CutShort(Format::WebP))?;
        let (flags, sides) = extended.unwrap_or((0, pixels));
        check_size(sides.width, sides.height)?;
        if (sides.width, sides.height) != (pixels.width, pixels.height) {
            return Err(damaged("its headers give two sizes"));
        }
        if flags & header::ANIMATION != 0 {
            return Err(PictureError::Animated(Format::WebP));
        }
        // Programs differ in whether they go by the flag or by the pixels, and what one shows opaque has holes in another.
        if extended.is_some() && (pixels.alpha || transparency.is_some()) && flags & header::ALPHA == 0 {
            return Err(damaged("it has transparency that its header does not announce"));
        }
        if flags & header::ALPHA != 0 && matches!(found.pixels, Pixels::Lossy(_, None)) {
            return Err(damaged("its header announces transparency that it does not have"));
        }
        // And in whether they go by the flag or by the chunk.
        let said = [(header::PROFILE, found.icc), (header::EXIF, found.exif), (header::XMP, found.xmp)];
        if said.iter().any(|(flag, chunk)| chunk.is_some() && flags & flag == 0) {
            return Err(damaged("it has chunks that its header does not announce"));
        }
        let area = sides.width * sides.height;
        if area > FREE_PIXELS && area / PIXELS_A_BYTE > file.len() {
            return Err(damaged("it is too short for the picture that it announces"));
        }
        found.sides = sides;
        Ok(found)
    }

    /// Keeps a chunk beside the pixels, which came already (`late`) or not. Twice there must be none.
    fn note(&mut self, name: &[u8; 4], chunk: &Chunk<'a>, late: bool) -> Result<(), PictureError> {
        let slot = match name {
            b"ICCP" if late => return Err(damaged("its profile stands behind the pixels")),
            b"ICCP" if chunk.body.len() > MAX_PROFILE => return Err(PictureError::Profile("it is longer than 1 MiB")),
            b"ICCP" => &mut self.icc,
            b"EXIF" if chunk.body.len() > MAX_EXIF => return Err(damaged("its EXIF block is longer than any camera writes")),
            b"EXIF" => {
                let stripped = chunk.body.strip_prefix(b"Exif\0\0");
                self.prefixed = stripped.is_some();
                return if self.exif.replace(stripped.unwrap_or(chunk.body)).is_some() { Err(twice(chunk)) } else { Ok(()) };
            }
            b"XMP " => &mut self.xmp,
            proof::NAME => return proof::note(&mut self.proof, chunk, late),
            _ => return Ok(()),
        };
        if slot.replace(chunk.body).is_some() { Err(twice(chunk)) } else { Ok(()) }
    }

    /// The profile that the colours are meant in; `None` where no chunk speaks of it.
    pub(crate) fn profile(&self) -> Result<Option<Profile>, PictureError> {
        Ok(self.icc.map(IccProfile::read).transpose()?.map(Profile::Icc))
    }

    /// Decodes the pixels into interleaved 8-bit samples.
    ///
    /// Memory is bounded by the size that was checked: it is the same in all headers, and the decoder keeps a few bytes a pixel, and the tables
    /// that [`codes`] bounds.
    pub(crate) fn samples(&self) -> Result<Samples, PictureError> {
        let damaged = |error: image_webp::DecodingError| PictureError::damaged(Format::WebP, &error);
        let Sides { width, height, .. } = self.sides;
        let too_large = || PictureError::TooLarge { width, height };
        self.check_codes()?;
        let mut decoder = WebPDecoder::new(Cursor::new(self.bare())).map_err(damaged)?;
        if decoder.dimensions() != (width as u32, height as u32) || decoder.is_animated() {
            return Err(self::damaged("its headers give two sizes"));
        }
        let channels = if decoder.has_alpha() { 4 } else { 3 };
        let length = decoder.output_buffer_size().filter(|length| *length == width * height * channels).ok_or_else(too_large)?;
        let mut samples = Vec::new();
        samples.try_reserve_exact(length).map_err(|_| too_large())?;
        samples.resize(length, 0);
        decoder.read_image(&mut samples).map_err(damaged)?;
        Ok(Samples { width, height, channels, samples, deep: false })
    }

    /// That the decoder can be given the lossless pixels, or the transparency that is coded like them.
    fn check_codes(&self) -> Result<(), PictureError> {
        let coded = match self.pixels {
            Pixels::Lossless(body) => body.get(header::LOSSLESS..),
            // Its first byte says how it is coded; 1 is like lossless pixels.
            Pixels::Lossy(_, Some([coding, rest @ ..])) if coding & 3 == 1 => Some(rest),
            Pixels::Lossy(..) => None,
        };
        coded.map_or(Ok(()), |coded| codes::check(Bits::new(coded), self.sides)).map_err(damaged)
    }

    /// A file of the pixels alone. Lossless ones always have transparency in them; the header's word that they have none is not taken, as
    /// programs show it nevertheless.
    fn bare(&self) -> Vec<u8> {
        match self.pixels {
            Pixels::Lossless(body) => {
                let mut file = riff::file(&riff::write(b"VP8L", body));
                file.get_mut(riff::HEAD + riff::CHUNK_HEAD..).into_iter().for_each(header::announce_transparency);
                file
            }
            Pixels::Lossy(body, None) => riff::file(&riff::write(b"VP8 ", body)),
            Pixels::Lossy(body, Some(transparency)) => {
                let head = riff::write(b"VP8X", &header::write_extended(header::ALPHA, self.sides));
                riff::file(&[head, riff::write(b"ALPH", transparency), riff::write(b"VP8 ", body)].concat())
            }
        }
    }
}

/// The size that a file's first header announces.
pub(crate) fn size(file: &[u8]) -> Result<(usize, usize), PictureError> {
    let (name, body) = Chunks::new(file).ahead().map_err(cut_short)?.ok_or(PictureError::CutShort(Format::WebP))?;
    let sides = match &name {
        b"VP8X" => Some(header::extended(body).map_err(cut_short)?.1),
        name => header::pixels(name, body).map_err(cut_short)?,
    };
    sides.map(|sides| (sides.width, sides.height)).ok_or_else(|| damaged("it has no picture header"))
}

fn damaged(reason: &str) -> PictureError {
    PictureError::damaged(Format::WebP, &reason)
}

fn twice(chunk: &Chunk<'_>) -> PictureError {
    PictureError::damaged(Format::WebP, &format_args!("it has two {} chunks", look::title(chunk.name)))
}
