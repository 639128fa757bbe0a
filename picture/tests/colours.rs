//! Colour profiles: carried byte for byte, and refused where they could not be.

mod files;

use exif::{Tag, Value};
use files::{
    chunk, exif_in_adobe_rgb, exif_of, gradient, icc, iccp, jpeg, png, with_chunks, with_exif_chunk, with_late_chunk, with_segment,
};
use zkimg_picture::image::decode;
use zkimg_picture::{Format, IccProfile, Picture, PictureError, Profile, ProfileId, encode_png};

fn colour() -> Vec<u8> {
    png(3, 2, 3, 8, &gradient(3, 2, 3))
}

fn grey() -> Vec<u8> {
    png(3, 2, 1, 8, &gradient(3, 2, 1))
}

fn profile_of(file: &[u8]) -> Profile {
    Picture::decode(file).expect("a picture").profile().clone()
}

fn rgb() -> Profile {
    Profile::Icc(IccProfile::read(&icc(b"RGB ", "Made for tests")).expect("a profile"))
}

#[track_caller]
fn refused(file: &[u8], part: &str) {
    let error = decode(file).expect_err("this file must be refused").to_string();
    assert!(error.contains(part), "{part:?} is not in {error:?}");
    assert!(!error.contains('\n') && error.contains(';'), "{error}");
}

fn gamma(value: u32) -> Vec<u8> {
    chunk(b"gAMA", &value.to_be_bytes())
}

fn primaries(red: u32) -> Vec<u8> {
    chunk(b"cHRM", [31270, 32900, red, 33000, 30000, 60000, 15000, 6000].map(u32::to_be_bytes).as_flattened())
}

#[test]
fn a_png_has_the_profile_that_its_strongest_chunk_tells() {
    let (srgb, profile) = (chunk(b"sRGB", &[0]), chunk(b"iCCP", &iccp(&icc(b"RGB ", "Made for tests"))));
    assert_eq!(profile_of(&colour()), Profile::None);
    for chunks in [
        vec![srgb.clone()],
        vec![chunk(b"cICP", &[1, 13, 0, 1])],
        vec![gamma(45455)],
        vec![gamma(45455), primaries(64000)],
        vec![srgb.clone(), gamma(1)],
    ] {
        assert_eq!(profile_of(&with_chunks(&colour(), &chunks)), Profile::Srgb);
    }
    // Beside a profile, gamma and primaries are for programs that know none.
    for chunks in [vec![profile.clone()], vec![gamma(1), profile.clone()], vec![profile.clone(), primaries(1)]] {
        assert_eq!(profile_of(&with_chunks(&colour(), &chunks)), rgb());
    }
    let made = icc(b"GRAY", "grey");
    let picture = Picture::decode(&with_chunks(&grey(), &[chunk(b"iCCP", &iccp(&made))])).expect("a grey profile on grey");
    assert_eq!(picture.profile().icc().expect("a profile").bytes(), made);
}

#[test]
fn a_jpeg_has_the_profile_of_all_its_parts() {
    let made = icc(b"RGB ", "Made for tests");
    let part = |number, all, bytes: &[u8]| [b"ICC_PROFILE\0", &[number, all][..], bytes].concat();
    let with = |parts: &[Vec<u8>]| parts.iter().rev().fold(jpeg(8, 8, false, &[]), |file, body| with_segment(&file, 0xe2, body));
    assert_eq!(profile_of(&jpeg(8, 8, false, &[])), Profile::None);
    assert_eq!(profile_of(&with(&[part(1, 1, &made)])), rgb());
    let halves = [part(1, 2, &made[..99]), part(2, 2, &made[99..])];
    assert_eq!(profile_of(&with(&halves)), rgb());
    let [first, second] = halves;
    assert_eq!(profile_of(&with(&[second.clone(), first.clone()])), rgb(), "in any order");
    for parts in [
        vec![first.clone()],
        vec![second.clone()],
        vec![first.clone(), first.clone()],
        vec![first.clone(), second.clone(), part(3, 2, &[])],
    ] {
        refused(&with(&parts), "parts are missing or there twice");
    }
    refused(&with(&[part(1, 1, &made[1..])]), "does not begin as ICC profiles do");
    refused(&with(&[b"ICC_PROFILE\0\x01".to_vec()]), "one of its parts is malformed");
    refused(&with(&(1..=17).map(|i| part(i, 17, &[0; 62_000])).collect::<Vec<_>>()), "longer than 1 MiB");
    refused(&with(&[part(1, 1, &icc(b"GRAY", ""))]), "for grey pictures");
}

#[test]
fn exif_tells_the_colours_where_nothing_else_does() {
    let space = |n: u16| exif_of(&[(Tag::ColorSpace, Value::Short(vec![n]))]);
    for (block, expected) in [(space(1), Profile::Srgb), (space(0xffff), Profile::None)] {
        assert_eq!(profile_of(&jpeg(8, 8, false, &block)), expected);
        assert_eq!(profile_of(&with_exif_chunk(&colour(), &block)), expected);
    }
    for block in [exif_in_adobe_rgb(), space(2)] {
        assert_eq!(decode(&jpeg(8, 8, false, &block)), Err(PictureError::AdobeRgb(Format::Jpeg)));
        assert_eq!(decode(&with_exif_chunk(&colour(), &block)), Err(PictureError::AdobeRgb(Format::Png)));
        refused(&jpeg(8, 8, false, &block), "embed the profile");
        refused(&with_exif_chunk(&grey(), &block), "save it as RGB with the profile Adobe RGB (1998), or remove the colour space");
        // A profile in the file says it better.
        let embedded = [b"ICC_PROFILE\0\x01\x01", &icc(b"RGB ", "Made for tests")[..]].concat();
        assert_eq!(profile_of(&with_segment(&jpeg(8, 8, false, &block), 0xe2, &embedded)), rgb());
    }
}

#[test]
fn colours_that_cannot_be_carried_are_refused() {
    for (body, part) in [
        (chunk(b"cICP", &[9, 16, 0, 1]), "cICP"),
        (chunk(b"cICP", &[12, 13, 0, 1]), "cICP"),
        (gamma(100_000), "gAMA"),
        (primaries(70_000), "cHRM"),
    ] {
        refused(&with_chunks(&colour(), &[body]), part);
    }
    refused(&with_chunks(&colour(), &[gamma(45455), primaries(68_000)]), "cHRM");
    let (srgb, points) = (chunk(b"sRGB", &[0]), chunk(b"cICP", &[1, 13, 0, 1]));
    let profile = chunk(b"iCCP", &iccp(&icc(b"RGB ", "x")));
    for two in [[srgb.clone(), profile.clone()], [profile.clone(), points.clone()], [points.clone(), srgb.clone()]] {
        refused(&with_chunks(&colour(), &two), "describes its colours twice");
        let which = if two.contains(&points) { "remove the cICP chunk" } else { "remove the sRGB chunk" };
        refused(&with_chunks(&colour(), &two), which);
    }
    for name in [&srgb, &points, &profile, &gamma(45455), &primaries(64000)] {
        refused(&with_chunks(&colour(), &[name.clone(), name.clone()]), "two");
        refused(&with_late_chunk(&colour(), name), "wrong place");
        let mut broken = name.clone();
        *broken.last_mut().expect("a checksum") ^= 1;
        refused(&with_chunks(&colour(), &[broken]), "checksum");
    }
    refused(&with_chunks(&colour(), &[chunk(b"sRGB", &[4])]), "sRGB chunk is malformed");
    let indexed = files::png_of(1, 1, ::png::ColorType::Indexed, ::png::BitDepth::Eight, &[0], |e| e.set_palette(vec![1, 2, 3]));
    let behind_palette = [&indexed[..33 + 15], &srgb, &indexed[33 + 15..]].concat();
    assert!(decode(&indexed).is_ok());
    refused(&behind_palette, "wrong place");
}

#[test]
fn profiles_that_are_none_are_refused() {
    let good = icc(b"RGB ", "x");
    let with = |at: usize, bytes: &[u8]| {
        let mut profile = good.clone();
        profile[at..at + bytes.len()].copy_from_slice(bytes);
        with_chunks(&colour(), &[chunk(b"iCCP", &iccp(&profile))])
    };
    assert!(decode(&with(0, &[])).is_ok());
    refused(&with(36, b"ACSP"), "does not begin as ICC profiles do");
    refused(&with(3, &[0]), "not as long as it says");
    refused(&with(16, b"CMYK"), "other colours than RGB or grey");
    refused(&with(16, b"Lab "), "other colours than RGB or grey");
    refused(&with(12, b"link"), "not of a kind");
    refused(&with(16, b"GRAY"), "for grey pictures, and this one is in colour); save it with an RGB profile, or remove the profile");
    refused(
        &with_chunks(&grey(), &[chunk(b"iCCP", &iccp(&good))]),
        "for colour pictures, and this one is grey); save it as RGB, or remove the profile",
    );
    for body in [&b"icc\0\0"[..], b"icc\0\x01\x78\x01", b"\0\0\x78\x01", b"icc", &[b'x'; 200], &iccp(&good)[..60]] {
        refused(&with_chunks(&colour(), &[chunk(b"iCCP", body)]), "not compressed as a PNG's must be");
    }
    refused(&with_chunks(&colour(), &[chunk(b"iCCP", &iccp(&good[..100]))]), "too short");
}

/// A chunk of 64 KB that would inflate to 64 MB is left at 1 MiB; `tests/cli` measures that no more memory is taken.
#[test]
fn a_profile_that_inflates_without_end_is_refused() {
    refused(&with_chunks(&colour(), &[chunk(b"iCCP", &iccp(&vec![0; 64 << 20]))]), "longer than 1 MiB");
}

#[test]
fn what_is_written_has_its_profile() {
    for (channels, profile) in [(3, Profile::None), (3, Profile::Srgb), (3, rgb()), (1, Profile::Srgb)] {
        let file = png(3, 2, channels, 8, &gradient(3, 2, channels));
        let picture = Picture::decode(&file).expect("a picture").with_profile(profile.clone());
        let written = encode_png(&picture);
        assert_eq!(profile_of(&written), profile);
        assert_eq!(Picture::decode(&written), Ok(picture.clone()));
        assert_eq!(encode_png(&picture), written);
    }
    assert_eq!(*Picture::decode(&grey()).expect("grey").with_profile(rgb()).profile(), Profile::None, "it does not fit");
}

#[test]
fn only_the_same_profile_shows_the_same_colours() {
    let other = Profile::Icc(IccProfile::read(&icc(b"RGB ", "Another")).expect("a profile"));
    let [none, srgb] = [Profile::None, Profile::Srgb];
    for plain in [&none, &srgb] {
        assert!(plain.id().is_shown_by(&none) && plain.id().is_shown_by(&srgb) && !plain.id().is_shown_by(&other));
        assert!(!other.id().is_shown_by(plain));
    }
    assert!(other.id().is_shown_by(&other) && !other.id().is_shown_by(&rgb()));
    // Grey has no profile for colours; what is plain stays plain.
    for (before, after) in [(3, 1), (1, 3)] {
        assert_eq!((other.id().on(before, after), srgb.id().on(before, after)), (ProfileId::None, ProfileId::Srgb));
        assert_eq!(other.id().on(before, before), other.id());
    }
}

#[test]
fn a_profiles_name_cannot_hide_or_reverse_text() {
    let name = |profile: &[u8]| IccProfile::read(profile).expect("a profile").name();
    assert_eq!(name(&icc(b"RGB ", "Display P3")).as_deref(), Some("Display P3"));
    assert_eq!(name(&icc(b"RGB ", "a\n\x1b[2Jb")).as_deref(), Some("a[2Jb"));
    assert_eq!(name(&icc(b"RGB ", &"x".repeat(5000))).expect("a name").len(), 64);
    assert_eq!(name(&icc(b"RGB ", "\x07")), None);
    // In UTF-16, as newer profiles have it: one text, a record of 12 bytes, English, then the text.
    let wide: Vec<u8> = "P3 \u{202e}drow".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let tag = [b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS", &(wide.len() as u32).to_be_bytes()[..], &28u32.to_be_bytes(), &wide].concat();
    let mut profile = [&icc(b"RGB ", "")[..144], &tag].concat();
    let (length, size) = (profile.len() as u32, tag.len() as u32);
    profile[..4].copy_from_slice(&length.to_be_bytes());
    profile[140..144].copy_from_slice(&size.to_be_bytes());
    assert_eq!(name(&profile).as_deref(), Some("P3 drow"));
    // Tables and texts that point out of the profile.
    for at in (128..144).chain(160..172) {
        let mut hostile = profile.clone();
        hostile[at] = 0xff;
        let _ = name(&hostile);
    }
}
