//! Published pictures: nothing around the pixels may change how they are seen, and what does is named.

mod files;

use exif::{Rational, Tag, Value};
use files::{chunk, exif_block, exif_in_adobe_rgb, exif_of, gradient, icc, iccp, jpeg, png, with_chunks, with_exif_chunk, with_late_chunk};
use zkimg_picture::image::announced;
use zkimg_picture::{Format, Look, Picture, PictureError, PublishedFile};

fn plain() -> Vec<u8> {
    png(4, 2, 3, 8, &gradient(4, 2, 3))
}

fn look(file: &[u8]) -> Result<(), Look> {
    PublishedFile::read(file).expect("it can be read").look
}

#[test]
fn a_plain_file_is_shown_as_it_is() {
    let file = plain();
    let published = PublishedFile::read(&file).expect("a picture");
    assert_eq!((published.look, published.format), (Ok(()), Format::Png));
    assert_eq!(published.picture, Picture::decode(&file).expect("a picture"));
    let dims = published.picture.dims();
    assert_eq!(announced(&file), Ok((Format::Png, dims.width, dims.height)));
}

#[test]
fn harmless_chunks_are_allowed() {
    let text = |keyword: &str| [keyword.as_bytes(), b"\0a text"].concat();
    let harmless: [(&[u8; 4], Vec<u8>); 14] = [
        (b"tEXt", text("Comment")),
        (b"zTXt", text("Comment\0")),
        (b"iTXt", text("Comment\0\0\0\0")),
        (b"tIME", vec![7, 230, 1, 1, 0, 0, 0]),
        (b"pHYs", [72u32.to_be_bytes(), 72u32.to_be_bytes(), [1, 0, 0, 0]].concat()[..9].to_vec()),
        (b"sBIT", vec![8, 8, 8]),
        (b"bKGD", vec![0; 6]),
        (b"sPLT", text("p")),
        (b"eXIf", exif_of(&[(Tag::Model, Value::Ascii(vec![b"M".to_vec()]))])),
        (b"eXIf", exif_block(1)),
        (b"sRGB", vec![1]),
        (b"gAMA", 45455u32.to_be_bytes().to_vec()),
        (b"cICP", vec![1, 13, 0, 1]),
        (b"caBX", b"provenance".to_vec()),
    ];
    for (name, body) in harmless {
        assert_eq!(look(&with_chunks(&plain(), &[chunk(name, &body)])), Ok(()), "{name:?}");
    }
    assert_eq!(look(&with_late_chunk(&plain(), &chunk(b"eXIf", &exif_block(1)))), Ok(()));
}

#[test]
fn whatever_changes_the_look_of_a_png_is_named() {
    let gamma = |value: u32| chunk(b"gAMA", &value.to_be_bytes());
    let cases = [
        (vec![chunk(b"sRGB", &[0]), gamma(1)], Look::Gamma),
        (vec![chunk(b"sRGB", &[0]), chunk(b"cHRM", &[0; 32])], Look::Primaries),
        (vec![chunk(b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 2, 0])], Look::Aspect),
        (vec![chunk(b"pHYs", &[0; 8])], Look::Aspect),
        (vec![chunk(b"eXIf", &exif_block(2))], Look::Orientation),
        (vec![chunk(b"eXIf", b"MM\0*")], Look::Exif),
        (vec![chunk(b"eXIf", &exif_block(1)[..exif_block(1).len() - 20])], Look::Exif),
        (vec![chunk(b"tEXt", b"Raw profile type icc\0\nicc\n")], Look::RawProfile),
        (vec![chunk(b"zTXt", b"Raw profile type exif\0\0")], Look::RawProfile),
        (vec![chunk(b"tEXt", b"raw PROFILE type exif\0\nexif\n")], Look::RawProfile),
        (vec![chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>")], Look::Xmp),
        (vec![chunk(b"sBIT", &[8, 1, 8])], Look::Chunk("sBIT".into())),
        (vec![chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0compressed")], Look::Xmp),
        (vec![chunk(b"tRNS", &[0; 6])], Look::Chunk("tRNS".into())),
        (vec![chunk(b"mDCV", &[0; 24])], Look::Chunk("mDCV".into())),
        (vec![chunk(b"cLLI", &[0; 8])], Look::Chunk("cLLI".into())),
        (vec![chunk(b"fcTL", &[&[0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 2][..], &[0; 14]].concat())], Look::Chunk("fcTL".into())),
        (vec![chunk(b"oFFs", &[0; 9])], Look::Chunk("oFFs".into())),
        (vec![chunk(b"neWw", b"")], Look::Chunk("neWw".into())),
        // Where Apple's programs begin the lower half, which may be other lines there than elsewhere.
        (vec![chunk(b"iDOT", &[0; 28])], Look::Chunk("iDOT".into())),
        (vec![chunk(b"ne\x1b\x07", b"")], Look::Chunk("[6e, 65, 1b, 07]".into())),
    ];
    for (chunks, expected) in cases {
        assert_eq!(look(&with_chunks(&plain(), &chunks)), Err(expected));
    }
    assert_eq!(look(&with_late_chunk(&plain(), &chunk(b"neWw", b""))), Err(Look::Chunk("neWw".into())));
    // Colours that no photo may have either.
    let colours = [gamma(1), chunk(b"cICP", &[9, 16, 0, 1]), chunk(b"iCCP", b"nothing"), chunk(b"eXIf", &exif_in_adobe_rgb())];
    for chunks in colours {
        let refused = look(&with_chunks(&plain(), std::slice::from_ref(&chunks)));
        assert!(matches!(refused, Err(Look::Colours(_))), "{refused:?}");
    }
    assert!(look(&with_chunks(&plain(), &[chunk(b"sRGB", &[0]), chunk(b"iCCP", &iccp(&icc(b"RGB ", "x")))])).is_err());
}

#[test]
fn exif_that_programs_read_in_two_ways_is_refused() {
    let ratio = |num, denom| Value::Rational(vec![Rational { num, denom }]);
    let resolution = |x, y| exif_of(&[(Tag::XResolution, x), (Tag::YResolution, y)]);
    assert_eq!(look(&with_exif_chunk(&plain(), &resolution(ratio(72, 1), ratio(144, 2)))), Ok(()));
    assert_eq!(look(&with_exif_chunk(&plain(), &resolution(ratio(72, 1), ratio(36, 1)))), Err(Look::Aspect));
    assert_eq!(look(&with_exif_chunk(&plain(), &exif_of(&[(Tag::XResolution, ratio(72, 1))]))), Err(Look::Aspect));
    for orientation in [0, 2, 6, 9] {
        assert_eq!(look(&with_exif_chunk(&plain(), &exif_block(orientation))), Err(Look::Orientation));
    }
    // In another directory than the one it belongs to, as another kind of number, and twice.
    let entry = |tag: u16, kind: u16, value: [u8; 4]| [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &[0, 0, 0, 1], &value].concat();
    let directory =
        |entries: &[Vec<u8>], next: u32| [&(entries.len() as u16).to_be_bytes()[..], &entries.concat(), &next.to_be_bytes()].concat();
    let block = |first: &[Vec<u8>], next: u32, behind: &[u8]| [b"MM\0*\0\0\0\x08", &directory(first, next)[..], behind].concat();
    let (upright, turned) = (entry(0x0112, 3, [0, 1, 0, 0]), entry(0x0112, 3, [0, 6, 0, 0]));
    let below = |tag: u16| entry(tag, 4, [0, 0, 0, 26]);
    let with = |block: &[u8]| look(&with_exif_chunk(&plain(), block));
    assert_eq!(with(&block(std::slice::from_ref(&upright), 0, &[])), Ok(()));
    for pointer in [0x8769, 0x8825] {
        assert_eq!(with(&block(&[below(pointer)], 0, &directory(std::slice::from_ref(&upright), 0))), Err(Look::ExifField(0x0112)));
        assert_eq!(with(&block(&[below(pointer)], 0, &directory(std::slice::from_ref(&turned), 0))), Err(Look::Orientation));
    }
    assert_eq!(with(&block(&[entry(0x0112, 4, [0, 0, 0, 1])], 0, &[])), Err(Look::Orientation));
    assert_eq!(with(&block(&[upright.clone(), turned], 0, &[])), Err(Look::Orientation));
    // A thumbnail shows what it likes.
    assert_eq!(with(&block(std::slice::from_ref(&upright), 26, &directory(&[entry(0x0103, 3, [0, 6, 0, 0])], 0))), Err(Look::Thumbnail));
    // What leads to places that are not looked at: other pictures, XMP, profiles, directories where they do not belong.
    for (tag, expected) in [
        (0x014a, Look::Thumbnail),
        (0x0201, Look::Thumbnail),
        (0x0202, Look::Thumbnail),
        (700, Look::Xmp),
        (0x8773, Look::Exif),
        (0xa005, Look::Exif),
    ] {
        assert_eq!(with(&block(&[below(tag)], 0, &directory(std::slice::from_ref(&upright), 0))), Err(expected), "{tag:#x}");
    }
    for tag in [0x014a, 0x0201, 0x8769, 0x8825] {
        let inner = directory(&[entry(tag, 4, [0, 0, 0, 8])], 0);
        assert!(with(&block(&[below(0x8769)], 0, &inner)).is_err(), "{tag:#x}");
    }
    // Where a directory is, as a number of two bytes, and as two numbers.
    assert_eq!(with(&block(&[entry(0x8769, 3, [0, 26, 0, 0])], 0, &directory(std::slice::from_ref(&upright), 0))), Err(Look::Exif));
    let mut twice = entry(0x8769, 4, [0, 0, 0, 26]);
    twice[7] = 2;
    let places = [26u32, 26].map(u32::to_be_bytes).concat();
    let mut there = block(&[twice], 0, &directory(std::slice::from_ref(&upright), 0));
    let end = there.len() as u32;
    there[18..22].copy_from_slice(&end.to_be_bytes());
    assert_eq!(with(&[&there[..], &places].concat()), Err(Look::Exif));
    // A tag twice, of which programs take the first or the last.
    let space = |value: u8| entry(0xa001, 3, [0, value, 0, 0]);
    for spaces in [[space(2), space(1)], [space(1), space(1)]] {
        assert_eq!(with(&block(&[below(0x8769)], 0, &directory(&spaces, 0))), Err(Look::Exif));
    }
    assert_eq!(with(&block(&[upright.clone(), upright.clone()], 0, &[])), Err(Look::Exif));
    let two = [chunk(b"eXIf", &exif_block(1)), chunk(b"eXIf", &exif_block(1))];
    assert!(matches!(PublishedFile::read(&with_chunks(&plain(), &two)), Err(PictureError::Damaged { .. })));
}

/// ImageMagick takes such text for what its options say.
#[test]
fn text_that_is_a_setting_is_refused() {
    let with =
        |name: &[u8; 4], keyword: &str, rest: &str| look(&with_chunks(&plain(), &[chunk(name, [keyword, rest].concat().as_bytes())]));
    let kinds: [(&[u8; 4], &str); 3] = [(b"tEXt", "\0x"), (b"zTXt", "\0\0x"), (b"iTXt", "\0\0\0\0\0x")];
    for (name, rest) in kinds {
        for keyword in [
            "exif:Orientation",
            "EXIF:orientation",
            "colorspace",
            "page",
            "Type",
            "orientation",
            "profile",
            "gamma",
            "density",
            "units",
            "png:x",
        ] {
            assert_eq!(with(name, keyword, rest), Err(Look::Text), "{keyword}");
        }
        for keyword in ["Title", "comment", "Creation Time", "Software", "date:create", "date:timestamp", "Artist", "icc:copyright"] {
            assert_eq!(with(name, keyword, rest), Ok(()), "{keyword}");
        }
        assert_eq!(with(name, "xml:com.adobe.xmp", rest), Err(Look::Xmp));
    }
}

/// In UTF-16 XMP says what a search for words does not find: of a photo that is refused, too.
#[test]
fn xmp_in_utf_16_is_refused() {
    let says = "<x tiff:Orientation=\"6\"/>".encode_utf16();
    for bytes in [says.clone().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(), says.flat_map(u16::to_be_bytes).collect()] {
        let file = with_chunks(&plain(), &[chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", &bytes[..]].concat())]);
        assert_eq!(look(&file), Err(Look::Xmp));
        assert_eq!(Picture::decode(&file), Err(PictureError::TurnedByText(Format::Png, "XMP")));
    }
}

/// A photo's text that some programs turn it by.
#[test]
fn text_that_turns_a_photo_is_refused() {
    let photo = |name: &[u8; 4], body: &[u8]| Picture::decode(&with_chunks(&plain(), &[chunk(name, body)])).map(drop);
    let turned = Err(PictureError::TurnedByText(Format::Png, "exif:Orientation"));
    for body in [&b"exif:Orientation\x006"[..], b"EXIF:ORIENTATION\x006", b"orientation\0RightTop"] {
        assert_eq!(photo(b"tEXt", body), turned);
    }
    assert_eq!(photo(b"iTXt", b"exif:Orientation\0\0\0\0\x006"), turned);
    assert_eq!(photo(b"zTXt", b"exif:Orientation\0\0compressed"), turned);
    assert_eq!(photo(b"tEXt", b"exif:Orientation\x001"), Ok(()));
    assert_eq!(photo(b"tEXt", b"xml:com.adobe.xmp\0<x tiff:Orientation=\"6\"/>"), Err(PictureError::TurnedByText(Format::Png, "XMP")));
}

/// Programs make different pixels of one, and of some very different ones: what is proved of a JPEG are its coefficients.
#[test]
fn a_jpeg_is_no_published_picture_by_its_pixels() {
    for file in [jpeg(9, 5, false, &[]), jpeg(9, 5, true, &exif_block(1))] {
        assert!(Picture::decode(&file).is_ok());
        assert_eq!(PublishedFile::read(&file).map(drop), Err(PictureError::PublishedJpeg));
    }
}

#[test]
fn an_orientation_is_refused_and_not_applied() {
    let turned = PublishedFile::read(&with_exif_chunk(&plain(), &exif_block(6))).expect("a picture");
    assert_eq!((turned.picture.dims().width, turned.picture.dims().height), (4, 2));
    assert_eq!(turned.picture, Picture::decode(&plain()).expect("a picture"));
}

#[test]
fn exif_longer_than_any_camera_writes_is_refused() {
    let with = |length: usize| {
        let mut block = exif_block(1);
        block.resize(length, 0);
        PublishedFile::read(&with_exif_chunk(&plain(), &block))
    };
    assert_eq!(with(1 << 18).expect("a picture").look, Ok(()));
    assert!(with((1 << 18) + 1).expect_err("refused").to_string().contains("EXIF block is longer"));
}
