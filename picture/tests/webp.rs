//! WebP: photos and published pictures, what stands around their pixels, and the proof inside.

mod files;
mod strangers;

use files::{exif_block, gradient, icc};
use proptest::prelude::*;
use strangers::{behind, spoiled};
use zkimg_picture::image::{announced, decode};
use zkimg_picture::{
    Dims, ExifField, Format, IccProfile, Look, MAX_EMBEDDED, Picture, PictureError, Profile, PublishedFile, embed, embedded, encode_webp,
};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/webp/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

fn picture(width: usize, height: usize) -> Picture {
    Picture::new(Dims { channels: 3, height, width }, gradient(width, height, 3)).expect("a picture")
}

fn plain() -> Vec<u8> {
    encode_webp(&picture(9, 7)).expect("in colour")
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding = vec![0; body.len() % 2];
    [&name[..], &(body.len() as u32).to_le_bytes(), body, &padding].concat()
}

fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    let chunks = chunks.concat();
    [&b"RIFF"[..], &(chunks.len() as u32 + 4).to_le_bytes(), b"WEBP", &chunks].concat()
}

/// The chunks of a file.
fn chunks(file: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let (mut all, mut at) = (Vec::new(), 12);
    while at < file.len() {
        let length = u32::from_le_bytes(file[at + 4..at + 8].try_into().expect("four")) as usize;
        all.push((file[at..at + 4].try_into().expect("four"), file[at + 8..at + 8 + length].to_vec()));
        at += 8 + length.next_multiple_of(2);
    }
    all
}

/// With flags in the header, and chunks before and behind the pixels.
fn dressed(flags: u8, before: &[Vec<u8>], behind: &[Vec<u8>]) -> Vec<u8> {
    let all = chunks(&plain());
    let mut head = all[0].1.clone();
    head[0] |= flags;
    file(&[&[chunk(b"VP8X", &head)][..], before, &[chunk(&all[1].0, &all[1].1)], behind].concat())
}

fn refused(file: &[u8]) -> String {
    decode(file).expect_err("this file must be refused").to_string()
}

fn look(file: &[u8]) -> Result<(), Look> {
    PublishedFile::read(file).expect("a picture").look
}

const PROFILE: u8 = 32;
const EXIF: u8 = 8;
const XMP: u8 = 4;

#[test]
fn what_is_written_is_read_back_and_always_the_same_bytes() {
    for (width, height) in [(1, 1), (33, 9), (17, 40), (640, 3)] {
        let made = picture(width, height);
        let file = encode_webp(&made).expect("in colour");
        let published = PublishedFile::read(&file).expect("a WebP");
        assert_eq!((&published.picture, &published.look, published.format), (&made, &Ok(()), Format::WebP));
        assert_eq!(announced(&file), Ok((Format::WebP, width, height)));
        let photo = decode(&file).expect("a WebP");
        assert_eq!((photo.picture, photo.decoder), (made.clone(), "image-webp 0.2.4"));
        assert_eq!(encode_webp(&made).as_ref(), Some(&file));
    }
    let grey = Picture::new(Dims { channels: 1, height: 2, width: 2 }, vec![1; 4]).expect("a picture");
    assert_eq!(encode_webp(&grey), None);
    let wide = Picture::new(Dims { channels: 3, height: 1, width: 16384 }, vec![1; 3 * 16384]).expect("a picture");
    assert_eq!(encode_webp(&wide), None);
}

#[test]
fn a_profile_is_carried() {
    let profile = Profile::Icc(IccProfile::read(&icc(b"RGB ", "Made for tests")).expect("a profile"));
    let made = picture(5, 4).with_profile(profile);
    assert_eq!(PublishedFile::read(&encode_webp(&made).expect("in colour")).expect("a WebP").picture, made);
    assert!(refused(&dressed(PROFILE, &[chunk(b"ICCP", &icc(b"GRAY", "x"))], &[])).contains("colour profile cannot be used"));
    assert!(refused(&dressed(PROFILE, &[], &[chunk(b"ICCP", &icc(b"RGB ", "x"))])).contains("behind the pixels"));
    let twice = [chunk(b"ICCP", &icc(b"RGB ", "x")), chunk(b"ICCP", &icc(b"RGB ", "x"))];
    assert!(refused(&dressed(PROFILE, &twice, &[])).contains("two ICCP chunks"));
    let long = chunk(b"ICCP", &vec![0; (1 << 20) + 1]);
    assert!(refused(&dressed(PROFILE, &[long], &[])).contains("longer than 1 MiB"));
}

/// Pixels by somebody else's encoder, and of lossy ones somebody else's decoder.
#[test]
fn what_libwebp_writes_is_read() {
    let samples: Vec<u8> = (0..33 * 20 * 3).map(|i| (i * 7 + i / 99) as u8).collect();
    let lossless = Picture::decode(&fixture("lossless.webp")).expect("lossless");
    let planar: Vec<u8> = (0..3).flat_map(|c| samples.iter().skip(c).step_by(3).copied()).collect();
    assert_eq!(lossless.cells(), planar);
    let lossy = Picture::decode(&fixture("lossy.webp")).expect("lossy");
    let theirs = Picture::decode(&fixture("lossy.png")).expect("as libwebp decodes it");
    let furthest = lossy.cells().iter().zip(theirs.cells()).map(|(a, b)| a.abs_diff(*b)).max();
    assert_eq!(furthest, Some(0));
    assert_eq!(decode(&fixture("alpha.webp")).map(drop), Err(PictureError::Transparent(Format::WebP)));
    assert_eq!(decode(&fixture("animated.webp")).map(drop), Err(PictureError::Animated(Format::WebP)));
}

#[test]
fn orientation_and_fields_are_read_of_a_photo_and_refused_of_a_published_picture() {
    let turned = dressed(EXIF, &[], &[chunk(b"EXIF", &exif_block(6))]);
    let photo = decode(&turned).expect("a photo");
    assert_eq!((photo.picture.dims().width, photo.exif.get(ExifField::Make)), (7, Some("Maker")));
    assert_eq!(look(&turned), Err(Look::Orientation));
    let upright = exif_block(1);
    assert_eq!(look(&dressed(EXIF, &[], &[chunk(b"EXIF", &upright)])), Ok(()));
    // As a JPEG has it, which the standard does not allow here.
    let prefixed = [b"Exif\0\0", &upright[..]].concat();
    assert_eq!(look(&dressed(EXIF, &[], &[chunk(b"EXIF", &prefixed)])), Err(Look::Exif));
    let xmp = |text: &[u8]| dressed(XMP, &[], &[chunk(b"XMP ", text)]);
    assert_eq!(look(&xmp(b"<x/>")), Err(Look::Xmp));
    assert_eq!(look(&xmp(b"<x hdrgm:Version=\"1.0\"/>")), Err(Look::Xmp));
    assert!(refused(&xmp(b"<x tiff:Orientation=\"6\"/>")).contains("text that turns it"));
    assert_eq!(look(&dressed(0, &[], &[chunk(b"C2PA", b"x")])), Ok(()));
    assert_eq!(look(&dressed(0, &[], &[chunk(b"what", b"x")])), Err(Look::Chunk("what".into())));
}

/// What one program shows opaque, as the header says, has holes in another, which goes by the pixels.
#[test]
fn transparency_is_announced_or_refused() {
    let all = chunks(&plain());
    let (head, mut pixels) = (chunk(b"VP8X", &all[0].1), all[1].1.clone());
    assert_eq!((&all[1].0, pixels[4] & 0x10), (b"VP8L", 0));
    pixels[4] |= 0x10;
    assert!(refused(&file(&[head, chunk(b"VP8L", &pixels)])).contains("transparency that its header does not announce"));
}

/// A header that denies transparency is not believed: the pixels have it, and programs show them with it.
#[test]
fn transparency_that_the_header_denies_is_refused() {
    let mut samples = gradient(9, 7, 4);
    samples.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
    let made = |samples: &[u8]| {
        let mut file = Vec::new();
        image_webp::WebPEncoder::new(&mut file).encode(samples, 9, 7, image_webp::ColorType::Rgba8).expect("a WebP");
        let mut pixels = chunks(&file)[0].1.clone();
        assert_eq!(pixels[4] & 0x10, 0x10);
        pixels[4] &= !0x10;
        pixels
    };
    let head = |flags: u8| chunk(b"VP8X", &[&[flags][..], &chunks(&plain())[0].1[1..]].concat());
    for (opacity, opaque) in [(255, true), (254, false), (0, false)] {
        samples[4 * 30 + 3] = opacity;
        let pixels = chunk(b"VP8L", &made(&samples));
        for file in [file(std::slice::from_ref(&pixels)), file(&[head(0), pixels.clone()]), file(&[head(16), pixels.clone()])] {
            let transparent = PictureError::Transparent(Format::WebP);
            assert_eq!(decode(&file).map(drop), if opaque { Ok(()) } else { Err(transparent.clone()) });
            assert_eq!(PublishedFile::read(&file).map(drop), if opaque { Ok(()) } else { Err(transparent) });
        }
    }
}

/// Of two chunks of a kind decoders take the first or the last.
#[test]
fn transparency_and_headers_are_there_once_and_in_their_place() {
    let lossy = chunk(b"VP8 ", &chunks(&fixture("lossy.webp"))[0].1);
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let head = |flags: u8| chunk(b"VP8X", &[vec![flags, 0, 0, 0], side(33), side(20)].concat());
    let opacity = |opacity: u8| chunk(b"ALPH", &[vec![0], vec![opacity; 33 * 20]].concat());
    let plain = decode(&file(&[head(0), lossy.clone()])).expect("a photo").picture;
    assert_eq!(decode(&file(&[head(16), opacity(255), lossy.clone()])).map(|photo| photo.picture), Ok(plain));
    assert!(refused(&file(&[head(16), opacity(9), lossy.clone()])).contains("transparent pixels"));
    assert!(refused(&file(&[head(16), opacity(255), opacity(9), lossy.clone()])).contains("two ALPH chunks"));
    assert!(refused(&file(&[head(16), opacity(255), lossy.clone(), opacity(9)])).contains("stands behind the pixels"));
    assert!(refused(&file(&[head(0), opacity(9), lossy.clone()])).contains("transparency that its header does not announce"));
    let long = chunk(b"VP8X", &[vec![0; 4], side(33), side(20), vec![0]].concat());
    let reserved = chunk(b"VP8X", &[vec![0, 0, 1, 0], side(33), side(20)].concat());
    for head in [long, reserved, head(1), head(64), head(128)] {
        assert!(refused(&file(&[head, lossy.clone()])).contains("VP8X chunk has bits that mean nothing"));
    }
    assert!(refused(&file(&[head(16), lossy.clone()])).contains("transparency that it does not have"));
    for at in 1..=3 {
        let mut all = vec![head(16), opacity(255), lossy.clone()];
        all.insert(at, head(0));
        assert!(refused(&file(&all)).contains("VP8X chunk is not the first, or not the only one"));
    }
    let beside = [head(16), opacity(255), chunk(b"VP8L", &chunks(&fixture("lossless.webp"))[0].1)];
    assert!(refused(&file(&beside)).contains("transparency beside lossless pixels"));
}

/// Programs spread colours and turn them into RGB in more than one way.
#[test]
fn lossy_pixels_are_no_published_picture() {
    assert_eq!(look(&fixture("lossy.webp")), Err(Look::Lossy));
}

/// Programs go by the one or by the other.
#[test]
fn headers_and_chunks_must_agree() {
    for (name, body) in [(b"ICCP", icc(b"RGB ", "x")), (b"EXIF", exif_block(1)), (b"XMP ", b"<x/>".to_vec())] {
        let before = if name == b"ICCP" { vec![chunk(name, &body)] } else { Vec::new() };
        let behind = if name == b"ICCP" { Vec::new() } else { vec![chunk(name, &body)] };
        assert!(refused(&dressed(0, &before, &behind)).contains("does not announce"));
    }
    let all = chunks(&plain());
    let pixels = chunk(&all[1].0, &all[1].1);
    assert!(decode(&file(std::slice::from_ref(&pixels))).is_ok());
    assert!(refused(&file(&[pixels.clone(), chunk(b"EXIF", &exif_block(6))])).contains("does not announce"));
    assert!(refused(&dressed(0, &[], std::slice::from_ref(&pixels))).contains("two VP8L chunks"));
    assert!(refused(&dressed(2, &[], &[])).contains("animated"));
    for at in [4, 7] {
        let mut head = all[0].1.clone();
        head[at] ^= 1;
        assert!(refused(&file(&[chunk(b"VP8X", &head), pixels.clone()])).contains("two sizes"));
    }
}

#[test]
fn a_size_is_refused_before_anything_is_allocated_for_it() {
    // One colour, no bits: allowed as a size, and far more than so few bytes hold.
    let sized = |width: u32, height: u32| {
        let head = [vec![0x2f], ((width - 1) | (height - 1) << 14).to_le_bytes().to_vec(), vec![0; 20]].concat();
        file(&[chunk(b"VP8L", &head)])
    };
    assert!(refused(&sized(16384, 16384)).contains("too short for the picture"));
    assert!(refused(&sized(4097, 4097)).contains("too short for the picture"));
    let canvas = |width: u32, height: u32| {
        let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
        let all = chunks(&plain());
        file(&[chunk(b"VP8X", &[vec![0; 4], side(width), side(height)].concat()), chunk(&all[1].0, &all[1].1)])
    };
    assert_eq!(decode(&canvas(1 << 24, 1)).map(drop), Err(PictureError::TooLarge { width: 1 << 24, height: 1 }));
    assert_eq!(decode(&canvas(32768, 32768)).map(drop), Err(PictureError::TooLarge { width: 32768, height: 32768 }));
}

#[test]
fn a_proof_comes_back_and_every_chunk_stays() {
    let simple = fixture("lossless.webp");
    let wide = dressed(PROFILE | EXIF, &[chunk(b"ICCP", &icc(b"RGB ", "x"))], &[chunk(b"EXIF", &exif_block(1)), chunk(b"C2PA", b"odd")]);
    for before in [plain(), simple, wide] {
        let read = PublishedFile::read(&before).expect("a picture");
        assert_eq!(embedded(&before), Ok(None));
        for length in [1, 100, 70_001] {
            let proof: Vec<u8> = (0..length).map(|i| (i * 31 + i / 256) as u8).collect();
            let after = embed(&before, &proof).expect("it fits");
            assert_eq!(embedded(&after).as_ref(), Ok(&Some(proof.clone())));
            let published = PublishedFile::read(&after).expect("a picture");
            assert_eq!(
                (published.picture, published.look, published.proof),
                (read.picture.clone(), read.look.clone(), Some(proof.clone()))
            );
            let kept: Vec<_> = chunks(&after).into_iter().filter(|(name, _)| name != b"zkPF").collect();
            let had = chunks(&before);
            assert_eq!(kept[kept.len() - had.len()..], had);
            assert!(kept.len() == had.len() || kept[0].0 == *b"VP8X");
            assert_eq!(embed(&after, b"x"), Err(PictureError::ProofThere));
            // The beginning of the file is enough.
            let end = (0..=after.len()).find(|end| embedded(&after[..*end]) == Ok(Some(proof.clone()))).expect("it is there");
            assert!(end < after.len() && matches!(embedded(&after[..end - 1]), Err(PictureError::CutShort(_))));
        }
    }
    assert_eq!(embed(&plain(), &vec![7; MAX_EMBEDDED + 1]), Err(PictureError::ProofLength(MAX_EMBEDDED + 1)));
}

#[test]
fn there_is_one_proof_and_it_stands_before_the_pixels() {
    let proof = chunk(b"zkPF", b"one");
    assert!(refused(&dressed(0, &[proof.clone(), chunk(b"zkPF", b"two")], &[])).contains("a second one"));
    assert!(refused(&dressed(0, std::slice::from_ref(&proof), std::slice::from_ref(&proof))).contains("behind the pixels"));
    assert!(refused(&dressed(0, &[], &[proof])).contains("behind the pixels"));
    assert!(refused(&dressed(0, &[chunk(b"zkPF", &vec![7; MAX_EMBEDDED + 1])], &[])).contains("longer than any"));
}

#[test]
fn a_file_that_is_cut_is_refused() {
    for whole in [plain(), fixture("lossless.webp"), fixture("lossy.webp")] {
        for end in 0..whole.len() - 1 {
            assert!(decode(&whole[..end]).is_err(), "{end} of {}", whole.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn spoiled_files_never_panic(bytes in prop_oneof![
        spoiled(plain()),
        spoiled(fixture("lossless.webp")),
        spoiled(fixture("lossy.webp")),
        spoiled(fixture("alpha.webp")),
        spoiled(dressed(PROFILE | EXIF, &[chunk(b"ICCP", &icc(b"RGB ", "x"))], &[chunk(b"EXIF", &exif_block(3))])),
        behind(b"RIFF\xff\xff\0\0WEBPVP8L\x20\0\0\0\x2f"),
    ]) {
        let _ = decode(&bytes);
        if let Ok(published) = PublishedFile::read(&bytes) {
            prop_assert_eq!(embedded(&bytes), Ok(published.proof));
        }
    }
}
