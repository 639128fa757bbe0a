//! What a picture is seen like: its colour profile goes from the photo to the published picture, and nothing in the
//! published file may change the look of the pixels that were proved.

mod support;

use std::sync::LazyLock;
use support::*;
use zkimg_pipeline::*;

/// A photo in the colours of a profile, published, and handed on before it is published.
struct World {
    camera: SigningKey,
    negative: Negative,
    published: Published,
    handed_on: HandedOn,
}

/// A profile with nothing in it but a header.
fn profile(space: &[u8; 4]) -> Profile {
    let mut bytes = vec![0; 132];
    bytes[3] = 132;
    bytes[12..16].copy_from_slice(b"mntr");
    bytes[16..20].copy_from_slice(space);
    bytes[36..40].copy_from_slice(b"acsp");
    Profile::Icc(IccProfile::read(&bytes).expect("a profile"))
}

fn photo_in(profile: Profile) -> Vec<u8> {
    encode_png(&Picture::decode(&photo(3)).expect("a picture").with_profile(profile))
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let camera = SigningKey::generate().expect("a key");
    let negative = attested(&camera, &photo_in(profile(b"RGB ")));
    let published = prove(&negative, &recipe(&["contrast=1.5"])).expect("proved");
    let handed_on = Work::new(&negative, &recipe(&["redact=4x3+2+1"])).hand_on().expect("handed on");
    World { camera, negative, published, handed_on }
});

fn judge(file: &[u8]) -> Report {
    verify_file(file, &WORLD.published.proof, &trust(&WORLD.camera)).expect("a report")
}

#[track_caller]
fn refused(file: &[u8], check: &str, detail: &str) {
    let report = judge(file);
    let (name, found) = refusal(&report);
    assert_eq!(name, check, "{found}");
    assert!(found.contains(detail), "{detail:?} is not in {found:?}");
    assert!(found.contains("ask whoever published it"), "{found}");
}

#[test]
fn the_photos_profile_is_signed_carried_and_told() {
    let world = &*WORLD;
    let ours = profile(b"RGB ");
    assert_eq!(*world.negative.capture().expect("a camera's").statement.profile(), ours.id());
    assert_eq!(*world.published.picture.profile(), ours);
    let file = encode_png(&world.published.picture);
    let report = judge(&file);
    assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
    let check = report.findings.iter().find(|found| found.checked() == Checked::Colours).expect("a check of its own");
    assert!(check.to_string().contains("carries the photo's colour profile"), "{check}");
    let ProfileId::Icc(digest) = ours.id() else { panic!("an ICC profile") };
    assert_eq!(report.profile.sha256(), Some(digest.iter().map(|b| format!("{b:02x}")).collect()));
    assert_eq!((report.profile.kind(), &report.profile.name), ("icc", &None));
    // The preview is the same picture, profile and all.
    let original = Picture::decode(&photo_in(ours)).expect("a picture");
    assert_eq!(preview(&original, &recipe(&["contrast=1.5"])).expect("edited"), world.published.picture);
}

#[test]
fn a_profile_that_is_lost_or_exchanged_is_refused_by_the_colours() {
    let with = |profile: Profile| encode_png(&WORLD.published.picture.clone().with_profile(profile));
    refused(&with(Profile::None), "colours", "has lost the photo's colour profile");
    refused(&with(Profile::Srgb), "colours", "carries sRGB, but the proof speaks of an ICC profile");
    let mut other = profile(b"RGB ").icc().expect("a profile").bytes().to_vec();
    other[64] = 1;
    refused(&with(Profile::Icc(IccProfile::read(&other).expect("a profile"))), "colours", "but the proof speaks of");
    let report = verify(&WORLD.published.picture.clone().with_profile(Profile::None), &WORLD.published.proof, &trust(&WORLD.camera))
        .expect("a report");
    assert_eq!(refusal(&report).0, "colours");
}

#[test]
fn no_profile_and_srgb_are_shown_alike() {
    let camera = SigningKey::generate().expect("a key");
    for stated in [Profile::None, Profile::Srgb] {
        let published = prove(&attested(&camera, &photo_in(stated.clone())), &recipe(&["contrast=1.5"])).expect("proved");
        assert_eq!(*published.picture.profile(), stated);
        let grey = prove(&attested(&camera, &photo_in(stated.clone())), &recipe(&["grayscale"])).expect("proved");
        let report = verify_file(&encode_png(&grey.picture), &grey.proof, &trust(&camera)).expect("a report");
        assert!(report.findings.contains(&Finding::Colours(Ok(ColoursShown::Srgb))), "{report:?}");
        for (shown, verdict) in [(Profile::None, Verdict::Trusted), (Profile::Srgb, Verdict::Trusted), (profile(b"RGB "), Verdict::Invalid)]
        {
            let file = encode_png(&published.picture.clone().with_profile(shown));
            let report = verify_file(&file, &published.proof, &trust(&camera)).expect("a report");
            assert_eq!(report.verdict, verdict, "{report:?}");
            assert!(verdict == Verdict::Trusted || refusal(&report).0 == "colours");
        }
    }
}

#[test]
fn a_grey_picture_carries_no_profile_for_colours() {
    let published = prove(&WORLD.negative, &recipe(&["grayscale"])).expect("proved");
    assert_eq!((published.proof.profile(), published.picture.profile()), (ProfileId::None, &Profile::None));
    let report = verify_file(&encode_png(&published.picture), &published.proof, &trust(&WORLD.camera)).expect("a report");
    assert_eq!((report.verdict, report.profile.kind()), (Verdict::Trusted, "none"), "{report:?}");
    let check = report.findings.iter().find(|found| found.checked() == Checked::Colours).expect("a check of its own");
    let ProfileId::Icc(digest) = profile(b"RGB ").id() else { panic!("an ICC profile") };
    let sha256: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let expected = format!(
        "the photo's colour profile (an ICC profile with the SHA-256 {sha256}) does not fit a grey picture, which is shown as sRGB without it"
    );
    assert_eq!(check.to_string(), expected);
    let grey = encode_png(&published.picture.clone().with_profile(profile(b"GRAY")));
    let report = verify_file(&grey, &published.proof, &trust(&WORLD.camera)).expect("a report");
    assert_eq!(refusal(&report).0, "colours");
}

#[test]
fn a_profile_goes_from_hand_to_hand() {
    let HandedOn { negative, proof } = &WORLD.handed_on;
    let negative = Negative::from_bytes(&negative.to_bytes()).expect("what was written");
    assert_eq!((negative.profile(), proof.profile()), (&profile(b"RGB "), profile(b"RGB ").id()));
    for (words, expected) in [(&["flip=horizontal"], profile(b"RGB ")), (&["grayscale"], Profile::None)] {
        let published = Work::new(&negative, &recipe(words)).after(proof).publish().expect("published");
        assert_eq!(*published.picture.profile(), expected);
        let report = verify_file(&encode_png(&published.picture), &published.proof, &trust(&WORLD.camera)).expect("a report");
        assert_eq!(report.verdict, Verdict::Trusted, "{report:?}");
    }
    // Grey on the way, and no profile from there on.
    let grey = Work::new(&negative, &recipe(&["grayscale"])).after(proof).hand_on().expect("handed on");
    assert_eq!(*grey.negative.profile(), Profile::None);
    let published = Work::new(&grey.negative, &recipe(&["flip=horizontal"])).after(&grey.proof).publish().expect("published");
    assert_eq!((published.picture.profile(), published.proof.profile()), (&Profile::None, ProfileId::None));
}

#[test]
fn a_negative_with_another_profile_is_not_continued() {
    let HandedOn { negative, proof } = &WORLD.handed_on;
    let statement = match negative.origin() {
        Origin::Link { statement } => *statement,
        Origin::Capture { .. } => panic!("it was handed on"),
    };
    let other = |profile| {
        let layout = negative.layout().clone();
        Negative::handed_on(statement, layout, profile, negative.pixels().to_vec(), negative.blinders().to_vec(), negative.rows().to_vec())
    };
    assert!(matches!(other(profile(b"GRAY")), Err(NegativeError::Invalid("colour profile"))));
    for wrong in [Profile::None, Profile::Srgb] {
        let negative = other(wrong).expect("a negative");
        let refused = Work::new(&negative, &recipe(&["flip=horizontal"])).after(proof).publish();
        assert!(matches!(refused, Err(PublishError::Chain(BadChain::Foreign))), "{refused:?}");
    }
    let same = other(profile(b"RGB ")).expect("a negative");
    Work::new(&same, &recipe(&["flip=horizontal"])).after(proof).publish().expect("published");
}

/// A PNG with a chunk behind its header.
fn with_chunk(file: &[u8], name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [name, body].concat();
    let crc = !named
        .iter()
        .fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 }));
    [&file[..33], &(body.len() as u32).to_be_bytes(), &named, &crc.to_be_bytes(), &file[33..]].concat()
}

#[test]
fn a_file_that_changes_the_look_of_its_pixels_is_refused_by_the_picture() {
    let file = encode_png(&WORLD.published.picture);
    let turned = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x02\0\0\0\0\0\0\0";
    for (name, body, detail) in [
        (b"gAMA", &1u32.to_be_bytes()[..], "gAMA"),
        (b"cICP", &[9, 16, 0, 1], "describes its colours twice"),
        (b"pHYs", &[0, 0, 0, 1, 0, 0, 0, 2, 0], "wider or higher"),
        (b"eXIf", turned, "orientation"),
        (b"neWw", b"", "neWw"),
    ] {
        refused(&with_chunk(&file, name, body), "picture", detail);
    }
    // Mirrored, and turned back by EXIF: it looks right in some programs, and its samples are others.
    let mirrored = preview(&WORLD.published.picture, &recipe(&["flip=horizontal"])).expect("edited");
    refused(&with_chunk(&encode_png(&mirrored), b"eXIf", turned), "picture", "orientation");
    assert_eq!(judge(&with_chunk(&file, b"tEXt", b"Comment\0hello")).verdict, Verdict::Trusted);
}

#[test]
fn copies_are_told_from_one_another() {
    let picture = &WORLD.published.picture;
    let mut cells = picture.cells().to_vec();
    cells[5] ^= 1;
    let changed = Picture::new(*picture.dims(), cells).expect("a picture").with_profile(picture.profile().clone());
    refused(&encode_png(&changed), "picture", "has other pixels");
    let smaller = preview(picture, &recipe(&["crop=5x5+0+0"])).expect("edited");
    refused(&encode_png(&smaller), "picture", "is 5×5 and the proof speaks of one of 13×9");
    // A JPEG has a reason of its own, whatever its size.
    let jpeg = include_bytes!("../../picture/tests/jpeg/16x16-420.jpg");
    refused(jpeg, "picture", "is a JPEG copy");
    let camera = SigningKey::generate().expect("a key");
    let square = Picture::decode(jpeg).expect("a picture");
    let published = prove(&attested(&camera, &encode_png(&square)), &recipe(&["brightness=1"])).expect("proved");
    let report = verify_file(jpeg, &published.proof, &trust(&camera)).expect("a report");
    assert!(refusal(&report).1.contains("is a JPEG copy"), "{report:?}");
    // Also where one decoder makes the very pixels of it, as others make others.
    let same = prove(&attested(&camera, &encode_png(&square)), &recipe(&["brightness=0"])).expect("proved");
    let report = verify_file(jpeg, &same.proof, &trust(&camera)).expect("a report");
    assert!(refusal(&report).1.contains("is a JPEG copy"), "{report:?}");
}

/// The pixels of this file cannot be decoded: its size alone is compared.
#[test]
fn a_picture_of_another_size_is_refused_before_it_is_decoded() {
    let file = encode_png(&preview(&WORLD.published.picture, &recipe(&["crop=5x5+0+0"])).expect("edited"));
    let at = file.windows(4).position(|w| w == b"IDAT").expect("data");
    let mut broken = file.clone();
    broken[at + 4] ^= 0xff;
    assert!(Picture::decode(&broken).is_err());
    refused(&broken, "picture", "is 5×5");
    assert!(matches!(verify_file(b"no picture", &WORLD.published.proof, &trust(&WORLD.camera)), Err(Unverified::Picture(_))));
}
