//! Writing PNG.

use crate::picture::Picture;
use crate::profile::Profile;
use ::png::chunk::{ChunkType, iCCP, sRGB};
use ::png::{BitDepth, ColorType, Compression, Encoder, Filter};
use flate2::write::ZlibEncoder;
use std::io::Write;

/// Writes a PNG: 8-bit grey or RGB, its profile, no other metadata, fast compression; the same picture gives the same bytes.
pub fn encode_png(picture: &Picture) -> Vec<u8> {
    let dims = picture.dims();
    let plane = dims.width * dims.height;
    let (colour, interleaved) = if dims.channels == 1 {
        (ColorType::Grayscale, None)
    } else {
        let (red, rest) = picture.cells().split_at(plane);
        let (green, blue) = rest.split_at(plane);
        let mut samples = Vec::with_capacity(3 * plane);
        for ((r, g), b) in red.iter().zip(green).zip(blue) {
            samples.extend_from_slice(&[*r, *g, *b]);
        }
        (ColorType::Rgb, Some(samples))
    };
    let mut file = Vec::new();
    write(&mut file, picture, colour, interleaved.as_deref().unwrap_or(picture.cells()))
        .expect("a checked picture and a Vec take every write");
    file
}

fn write(file: &mut Vec<u8>, picture: &Picture, colour: ColorType, samples: &[u8]) -> Result<(), ::png::EncodingError> {
    let dims = picture.dims();
    let mut encoder = Encoder::new(file, dims.width as u32, dims.height as u32);
    encoder.set_color(colour);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder.set_filter(Filter::Up);
    let mut writer = encoder.write_header()?;
    if let Some((name, body)) = profile(picture.profile())? {
        writer.write_chunk(name, &body)?;
    }
    writer.write_image_data(samples)?;
    writer.finish()
}

/// The chunk that tells the profile: sRGB with the perceptual intent, or iCCP.
fn profile(profile: &Profile) -> std::io::Result<Option<(ChunkType, Vec<u8>)>> {
    match profile {
        Profile::None => Ok(None),
        Profile::Srgb => Ok(Some((sRGB, vec![0]))),
        Profile::Icc(icc) => {
            // The name stands for nothing; the method is zlib's.
            let mut stream = ZlibEncoder::new(b"icc\0\0".to_vec(), flate2::Compression::best());
            stream.write_all(icc.bytes())?;
            Ok(Some((iCCP, stream.finish()?)))
        }
    }
}
