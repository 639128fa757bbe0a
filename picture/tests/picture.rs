//! Decoding: what is read is exact, and everything else is refused with its reason.

mod files;

use files::{chunk, exif_block, gradient, jpeg, png, png_of, with_chunks, with_exif_chunk, with_segment};
use image::{DynamicImage, GenericImageView, GrayImage, RgbImage};
use zkimg_picture::image::{beside, decode};
use zkimg_picture::{Dims, ExifField, Format, Picture, PictureError, PublishedFile, encode_png};

fn refused(file: &[u8]) -> PictureError {
    decode(file).expect_err("this file must be refused")
}

/// `[c][y][x]` of a picture of the `image` crate.
fn planar(picture: &DynamicImage) -> Vec<u8> {
    let channels = usize::from(picture.color().channel_count());
    (0..channels).flat_map(|c| picture.as_bytes().iter().skip(c).step_by(channels).copied()).collect()
}

#[test]
fn grey_and_rgb_png_are_exact() {
    for (w, h) in [(1, 1), (7, 5), (64, 3)] {
        for channels in [1, 3] {
            let samples = gradient(w, h, channels);
            let picture = Picture::decode(&png(w, h, channels, 8, &samples)).expect("a plain PNG");
            assert_eq!(*picture.dims(), Dims { channels, height: h, width: w });
            for (i, sample) in samples.iter().enumerate() {
                assert_eq!(picture.cells()[i % channels * w * h + i / channels], *sample);
            }
        }
    }
}

#[test]
fn what_is_written_is_read_back_and_always_the_same_bytes() {
    for (channels, h, w) in [(1, 1, 1), (3, 1, 1), (1, 9, 33), (3, 40, 17)] {
        let picture = Picture::new(Dims { channels, height: h, width: w }, gradient(w, h, channels)).expect("a picture");
        let file = encode_png(&picture);
        assert_eq!(Picture::decode(&file), Ok(picture.clone()));
        assert_eq!(encode_png(&picture), file);
    }
}

#[test]
fn opaque_alpha_is_dropped_and_any_other_refused() {
    for (channels, kept) in [(2, 1), (4, 3)] {
        let mut samples = gradient(6, 4, channels);
        samples.iter_mut().skip(channels - 1).step_by(channels).for_each(|a| *a = 255);
        let picture = Picture::decode(&png(6, 4, channels, 8, &samples)).expect("an opaque PNG");
        assert_eq!(picture.dims().channels, kept);
        for (i, pixel) in samples.chunks(channels).enumerate() {
            for (c, sample) in pixel.iter().take(kept).enumerate() {
                assert_eq!(picture.cells()[c * 24 + i], *sample);
            }
        }
        samples[5 * channels - 1] = 254;
        assert_eq!(refused(&png(6, 4, channels, 8, &samples)), PictureError::Transparent(Format::Png));
    }
}

#[test]
fn sixteen_bits_are_the_nearest_byte_and_published_only_where_exact() {
    for channels in [1, 3] {
        let bytes = gradient(5, 4, channels);
        let mut wide: Vec<u8> = bytes.iter().flat_map(|b| [*b, *b]).collect();
        let picture = Picture::decode(&png(5, 4, channels, 16, &wide)).expect("every sample is 257·b");
        assert_eq!(picture, Picture::decode(&png(5, 4, channels, 8, &bytes)).expect("the same in 8 bits"));
        assert!(PublishedFile::read(&png(5, 4, channels, 16, &wide)).is_ok());
        // 257·b ± 128 is nearest to b, one more is not.
        for (at, sample) in wide.chunks_exact_mut(2).enumerate() {
            let off = [128, -128, 0, 1][at % 4];
            let value = i32::from(u16::from_be_bytes([sample[0], sample[1]])) + off;
            sample.copy_from_slice(&(value.clamp(0, 65535) as u16).to_be_bytes());
        }
        let file = png(5, 4, channels, 16, &wide);
        let photo = decode(&file).expect("rounded");
        assert_eq!((photo.picture, photo.decoder), (picture.clone(), "png 0.18.1 16 to 8 bits"));
        assert_eq!(PublishedFile::read(&file).expect_err("other pixels are shown"), PictureError::Deep(Format::Png));
        wide[..2].copy_from_slice(&(257 * 7u16 + 129).to_be_bytes());
        assert_eq!(Picture::decode(&png(5, 4, channels, 16, &wide)).expect("rounded").cells()[0], 8);
    }
}

/// Some programs show black there, others the last colour of the palette.
#[test]
fn an_index_beyond_the_palette_is_refused() {
    use png::BitDepth::{Eight, Four, One, Two};
    let palette = |colours: u8| (0..3 * usize::from(colours)).map(|i| (7 * i + 1) as u8).collect::<Vec<u8>>();
    for (depth, bits, colours) in [(One, 1usize, 1u8), (One, 1, 2), (Two, 2, 3), (Four, 4, 5), (Four, 4, 16), (Eight, 8, 77)] {
        // Two lines of seven pixels: what fills up a line's last byte is nobody's pixel.
        let line = (7 * bits).div_ceil(8);
        let packed = |indices: [usize; 7]| {
            let mut bytes = vec![0u8; line];
            for (at, index) in indices.into_iter().enumerate() {
                bytes[at * bits / 8] |= (index << (8 - bits - at * bits % 8)) as u8;
            }
            let used = 7 * bits % 8;
            if used > 0 {
                bytes[line - 1] |= 0xff >> used;
            }
            bytes
        };
        let made = |indices: [usize; 7]| {
            let samples = [packed([0; 7]), packed(indices)].concat();
            png_of(7, 2, png::ColorType::Indexed, depth, &samples, |e| e.set_palette(palette(colours)))
        };
        let most = usize::from(colours) - 1;
        let picture = Picture::decode(&made([0, most, 0, most, 0, 0, most])).expect("all are there");
        assert_eq!(PublishedFile::read(&made([0, most, 0, most, 0, 0, most])).expect("a picture").picture, picture);
        let colour = |index: usize, channel: usize| palette(colours)[3 * index + channel];
        let expected = (0..3).flat_map(|c| [0; 7].into_iter().chain([0, most, 0, most, 0, 0, most]).map(move |index| colour(index, c)));
        assert_eq!(picture.cells(), expected.collect::<Vec<_>>());
        for at in 0..7 {
            let mut indices = [most; 7];
            indices[at] = most + 1;
            if most + 1 < 1 << bits {
                let file = made(indices);
                for error in [decode(&file).expect_err("refused"), PublishedFile::read(&file).expect_err("refused")] {
                    assert!(error.to_string().contains("colours that its palette does not have"), "{error}");
                }
            }
        }
    }
}

#[test]
fn palettes_and_fewer_bits_expand_exactly() {
    let palette = vec![10, 20, 30, 200, 100, 50, 0, 255, 7];
    let file = png_of(3, 1, png::ColorType::Indexed, png::BitDepth::Eight, &[2, 0, 1], |e| e.set_palette(palette.clone()));
    assert_eq!(Picture::decode(&file).expect("a palette PNG").cells(), [0, 10, 200, 255, 20, 100, 7, 30, 50]);
    let grey = png_of(4, 1, png::ColorType::Grayscale, png::BitDepth::Two, &[0b00_01_10_11], |_| {});
    assert_eq!(Picture::decode(&grey).expect("two bits").cells(), [0, 85, 170, 255]);
    let holes = png_of(3, 1, png::ColorType::Indexed, png::BitDepth::Eight, &[2, 0, 1], |e| {
        e.set_palette(palette.clone());
        e.set_trns(vec![255, 0]);
    });
    assert_eq!(refused(&holes), PictureError::Transparent(Format::Png));
}

#[test]
fn the_eight_orientations_are_those_of_the_image_crate() {
    let upright = RgbImage::from_raw(5, 3, gradient(5, 3, 3)).expect("a picture");
    let grey = GrayImage::from_raw(4, 7, gradient(4, 7, 1)).expect("a picture");
    for picture in [DynamicImage::from(upright), DynamicImage::from(grey)] {
        for orientation in 1..=8 {
            let mut expected = picture.clone();
            expected.apply_orientation(image::metadata::Orientation::from_exif(orientation).expect("1 to 8"));
            let (w, h) = picture.dimensions();
            let channels = usize::from(picture.color().channel_count());
            let file = png_of(
                w,
                h,
                if channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb },
                png::BitDepth::Eight,
                picture.as_bytes(),
                |_| {},
            );
            let photo = decode(&with_exif_chunk(&file, &exif_block(orientation))).expect("a turned PNG");
            assert_eq!(photo.exif.get(ExifField::Orientation), Some(orientation.to_string().as_str()));
            assert_eq!((photo.picture.dims().width, photo.picture.dims().height), {
                let (w, h) = expected.dimensions();
                (w as usize, h as usize)
            });
            assert_eq!(photo.picture.cells(), planar(&expected), "orientation {orientation}");
        }
    }
}

#[test]
fn a_jpeg_is_turned_like_a_png() {
    let plain = decode(&jpeg(24, 16, false, &[])).expect("a JPEG").picture;
    let turned = decode(&jpeg(24, 16, false, &exif_block(6))).expect("a turned JPEG").picture;
    assert_eq!((turned.dims().width, turned.dims().height), (16, 24));
    for y in 0..16 {
        for x in 0..24 {
            assert_eq!(plain.cells()[y * 24 + x], turned.cells()[x * 16 + 15 - y]);
        }
    }
}

#[test]
fn files_that_are_no_pictures_are_refused() {
    assert_eq!(refused(b""), PictureError::Empty);
    assert_eq!(refused(b"This is a note, not a picture.\n"), PictureError::NotAPicture);
    assert_eq!(refused(b"GIF89a\x01\0\x01\0\0\0\0;"), PictureError::OtherFormat("GIF"));
    assert_eq!(refused(b"RIFF\x10\0\0\0WEBPVP8 "), PictureError::CutShort(Format::WebP));
    assert_eq!(refused(b"II*\0\x08\0\0\0"), PictureError::CutShort(Format::Tiff));
}

/// Each with what to do next.
#[test]
fn phones_and_raw_formats_are_refused_by_name() {
    let step = |file: &[u8]| refused(file).to_string();
    for (brand, name) in [("heic", "HEIC"), ("heix", "HEIC"), ("hevc", "HEIC"), ("mif1", "HEIC"), ("avif", "AVIF")] {
        let sentence = step(format!("\0\0\0\x18ftyp{brand}\0\0\0\0").as_bytes());
        assert!(sentence.contains(&format!("a {name} file")) && sentence.contains("; save it as PNG or TIFF first"), "{sentence}");
    }
    let raws: [(&[u8], &str); 5] = [
        (b"\0\0\0\x18ftypcrx \0\0\0\x01", "CR3"),
        (b"FUJIFILMCCD-RAW 0201", "RAF"),
        (b"IIU\0\x18\0\0\0", "RW2"),
        (b"IIRO\x08\0\0\0", "ORF"),
        (b"MMOR\0\0\0\x08", "ORF"),
    ];
    for (file, name) in raws {
        assert_eq!(refused(file), PictureError::Raw(name));
        assert!(step(file).contains("; develop it, and save it as TIFF of 16 bits, or as JPEG"));
    }
    assert_eq!(refused(b"II+\0\x08\0\0\0"), PictureError::OtherFormat("BigTIFF"));
}

/// A phone's or a camera's JPEG with further pictures behind it: the first is read, and what it is the base of is said.
#[test]
fn the_base_of_several_pictures_is_read_and_said_so() {
    let plain = jpeg(24, 16, false, &[]);
    assert_eq!(beside(&plain), Ok(None));
    let mpf = [with_segment(&plain, 0xe2, b"MPF\0II*\0\x08\0\0\0"), jpeg(8, 8, false, &[])].concat();
    assert_eq!(beside(&mpf), Ok(Some("further pictures (MPF)")));
    let gain = with_segment(&mpf, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version=\"1.0\"/>");
    assert_eq!(beside(&gain), Ok(Some("a gain map for HDR screens")));
    for file in [mpf, gain] {
        assert_eq!(Picture::decode(&file), Picture::decode(&plain));
    }
}

#[test]
fn animated_png_is_refused() {
    let file = png_of(2, 2, png::ColorType::Grayscale, png::BitDepth::Eight, &[1, 2, 3, 4], |e| {
        e.set_animated(1, 0).expect("one frame");
    });
    assert_eq!(refused(&file), PictureError::Animated(Format::Png));
}

/// Programs differ in whether they go on behind the gap.
#[test]
fn picture_data_in_pieces_is_refused() {
    let file = png(5, 4, 3, 8, &gradient(5, 4, 3));
    let at = file.windows(4).position(|w| w == b"IDAT").expect("data");
    let length = u32::from_be_bytes(file[at - 4..at].try_into().expect("four")) as usize;
    let (first, second) = file[at + 4..at + 4 + length].split_at(length / 2);
    let with = |between: &[Vec<u8>]| {
        let chunks = [chunk(b"IDAT", first), between.concat(), chunk(b"IDAT", second)].concat();
        decode(&[&file[..at - 4], &chunks, &file[at + 8 + length..]].concat())
    };
    assert_eq!(with(&[]), decode(&file));
    assert!(matches!(with(&[chunk(b"tEXt", b"a\0b")]), Err(PictureError::Damaged { format: Format::Png, .. })));
    let unknown = with_chunks(&file, &[chunk(b"NEWw", b"")]);
    assert!(matches!(refused(&unknown), PictureError::Damaged { format: Format::Png, .. }), "a chunk that it cannot be shown without");
}

#[test]
fn cmyk_jpeg_is_refused() {
    for colours in [jpeg_encoder::ColorType::Cmyk, jpeg_encoder::ColorType::CmykAsYcck] {
        let mut file = Vec::new();
        jpeg_encoder::Encoder::new(&mut file, 90).encode(&gradient(8, 8, 4), 8, 8, colours).expect("a CMYK JPEG");
        assert_eq!(refused(&file), PictureError::Cmyk(Format::Jpeg));
    }
}

#[test]
fn a_size_is_refused_before_anything_is_allocated_for_it() {
    for (w, h) in [(32769u32, 1u32), (1, 32769), (32768, 32768), (16384, 16385), (u32::MAX, u32::MAX)] {
        let file = files::with_png_size(&png(2, 2, 1, 8, &[1, 2, 3, 4]), w, h);
        assert_eq!(refused(&file), PictureError::TooLarge { width: w as usize, height: h as usize });
    }
    for (w, h) in [(40000u16, 10u16), (10, 65535), (32768, 32768)] {
        let file = files::with_jpeg_size(&jpeg(16, 16, false, &[]), w, h);
        assert_eq!(refused(&file), PictureError::TooLarge { width: w.into(), height: h.into() });
    }
    // Allowed as a size, and far more than the file's few bytes can hold.
    let file = files::with_png_size(&png(2, 2, 1, 8, &[1, 2, 3, 4]), 16384, 16384);
    assert_eq!(refused(&file), PictureError::CutShort(Format::Png));
    let file = files::with_jpeg_size(&jpeg(16, 16, false, &[]), 16384, 16384);
    assert_eq!(refused(&file), PictureError::CutShort(Format::Jpeg));
}

#[test]
fn a_picture_has_as_many_cells_as_its_shape_says() {
    let dims = Dims { channels: 3, height: 4, width: 5 };
    assert!(Picture::new(dims, vec![0; 60]).is_ok());
    for cells in [0, 59, 61] {
        let refused = Picture::new(dims, vec![0; cells]).expect_err("refused");
        assert_eq!(refused, PictureError::Shape { channels: 3, height: 4, width: 5, cells });
    }
    assert!(matches!(Picture::new(Dims { channels: 2, ..dims }, vec![0; 40]), Err(PictureError::Shape { channels: 2, .. })));
}

#[test]
fn a_png_cut_anywhere_is_refused() {
    let file = png(40, 30, 3, 8, &gradient(40, 30, 3));
    for length in 8..file.len() {
        assert_eq!(refused(&file[..length]), PictureError::CutShort(Format::Png), "{length} of {}", file.len());
    }
}

#[test]
fn a_jpeg_cut_anywhere_is_refused() {
    for progressive in [false, true] {
        let file = jpeg(48, 40, progressive, &exif_block(1));
        assert!(decode(&file).is_ok());
        for length in 3..file.len() {
            assert_eq!(refused(&file[..length]), PictureError::CutShort(Format::Jpeg), "{length} of {}", file.len());
        }
    }
}

#[test]
fn a_jpeg_with_scan_data_missing_is_refused_though_its_end_is_there() {
    for progressive in [false, true] {
        let file = jpeg(64, 64, progressive, &[]);
        let data = file.len() - 2 - files::last_scan(&file);
        for missing in 1..data {
            let cut = [&file[..file.len() - 2 - missing], b"\xff\xd9"].concat();
            assert!(matches!(refused(&cut), PictureError::Damaged { format: Format::Jpeg, .. }), "{missing} of {data}");
        }
    }
}

#[test]
fn complete_jpegs_of_every_size_are_read() {
    for (width, height) in (1..70).step_by(4).flat_map(|w| (1..70).step_by(5).map(move |h| (w, h))) {
        for progressive in [false, true] {
            let photo = decode(&jpeg(width, height, progressive, &[])).expect("a complete JPEG");
            assert_eq!((photo.picture.dims().width, photo.picture.dims().height), (width.into(), height.into()));
        }
    }
}

#[test]
fn a_jpeg_with_restarts_is_read_and_refused_where_an_interval_misses_data() {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 90);
    encoder.set_restart_interval(4);
    encoder.encode(&gradient(64, 64, 3), 64, 64, jpeg_encoder::ColorType::Rgb).expect("a JPEG");
    assert_eq!(decode(&file).expect("restarts").picture, decode(&jpeg(64, 64, false, &[])).expect("a JPEG").picture);
    let restart = file.windows(2).position(|w| w == b"\xff\xd1").expect("a second restart");
    let cut = [&file[..restart - 20], &file[restart..]].concat();
    assert!(matches!(refused(&cut), PictureError::Damaged { format: Format::Jpeg, .. }));
}

#[test]
fn fill_bytes_before_the_end_marker_and_bytes_behind_it_change_nothing() {
    for progressive in [false, true] {
        let file = jpeg(40, 24, progressive, &[]);
        let filled = [&file[..file.len() - 2], b"\xff\xff\xff\xd9 and a second picture"].concat();
        assert_eq!(decode(&filled).expect("fill bytes").picture, decode(&file).expect("a JPEG").picture);
    }
}

#[test]
fn a_malformed_exif_block_does_not_refuse_the_photo() {
    let good = exif_block(6);
    for length in 0..good.len() {
        let photo = decode(&jpeg(16, 8, false, &good[..length])).expect("EXIF never refuses a photo");
        assert!(photo.exif.orientation() == 6 || photo.exif.get(ExifField::Orientation).is_none());
    }
}

#[test]
fn sample_pictures_decode_to_pinned_pixels() {
    let digest = |file: &[u8]| {
        let picture = Picture::decode(file).expect("a sample");
        (
            picture.dims().width,
            picture.dims().height,
            blake2b_simd::Params::new().hash_length(16).hash(picture.cells()).to_hex().to_string(),
        )
    };
    assert_eq!(digest(include_bytes!("../../samples/street.jpg")), (1280, 720, "5ae6cd20157d2d1d0a72ed3162b38858".into()));
    assert_eq!(digest(include_bytes!("../../samples/portrait.jpg")), (400, 600, "b29a69b5134a08e2a4c02c991db0ca00".into()));
    assert_eq!(digest(include_bytes!("../../samples/grey.png")), (321, 243, "ee3c3b2cb02d1ad967da52b085563e25".into()));
    assert_eq!(digest(include_bytes!("../../samples/tiny.png")), (1, 1, "a93fe7be1853a04dc53fc45e945ee4a5".into()));
}

#[test]
fn errors_say_what_to_do_in_one_sentence() {
    let all = [
        refused(b""),
        refused(b"x"),
        refused(b"GIF89a"),
        PictureError::Transparent(Format::Png),
        PictureError::Deep(Format::Png),
        PictureError::Cmyk(Format::Jpeg),
    ];
    for error in all {
        let text = error.to_string();
        assert!(!text.contains('\n') && text.contains([';', ',']), "{text}");
    }
}

/// Some programs write the JPEG's `Exif\0\0` before the block of a PNG, and others pass over it.
#[test]
fn exif_of_a_png_is_read_behind_a_jpegs_prefix() {
    let file = png(4, 2, 3, 8, &gradient(4, 2, 3));
    let prefixed = with_exif_chunk(&file, &[b"Exif\0\0", &exif_block(6)[..]].concat());
    let photo = decode(&prefixed).expect("a photo");
    assert_eq!(photo, decode(&with_exif_chunk(&file, &exif_block(6))).expect("a photo"));
    assert_eq!((photo.picture.dims().width, photo.exif.orientation()), (2, 6));
    let published = with_exif_chunk(&file, &[b"Exif\0\0", &exif_block(1)[..]].concat());
    assert_eq!(zkimg_picture::PublishedFile::read(&published).expect("read").look, Err(zkimg_picture::Look::Exif));
}

#[test]
fn a_photo_that_only_text_turns_is_refused() {
    let file = png(4, 2, 3, 8, &gradient(4, 2, 3));
    let with = |name: &[u8; 4], body: &[u8]| with_chunks(&file, &[chunk(name, body)]);
    let xmp = |text: &str| with(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", text.as_bytes()].concat());
    let refused = |file: &[u8]| {
        let error = decode(file).expect_err("turned in some programs").to_string();
        assert!(error.contains("has text that turns it in some programs") && error.contains("save it without that text"), "{error}");
    };
    refused(&with(b"tEXt", b"Raw profile type exif\0\nexif\n"));
    refused(&with(b"zTXt", b"Raw profile type APP1\0\0"));
    refused(&with(b"tEXt", b"raw profile type exif\0\nexif\n"));
    refused(&with(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0compressed"));
    for turned in ["tiff:Orientation=\"6\"", "<tiff:Orientation>8</tiff:Orientation>", "tiff:Orientation = '10'"] {
        refused(&xmp(turned));
        let segment = [b"http://ns.adobe.com/xap/1.0/\0", turned.as_bytes()].concat();
        refused(&with_segment(&jpeg(8, 8, false, &[]), 0xe1, &segment));
        // EXIF stands above it.
        let photo = decode(&with_segment(&jpeg(8, 8, false, &exif_block(6)), 0xe1, &segment)).expect("a photo");
        assert_eq!(photo.exif.orientation(), 6);
    }
    for upright in ["tiff:Orientation=\"1\"", "<tiff:Orientation>1</tiff:Orientation>", "tiff:Make=\"6\""] {
        decode(&xmp(upright)).expect("upright");
    }
    decode(&with(b"zTXt", b"Raw profile type iptc\0\0")).expect("a caption");
}
