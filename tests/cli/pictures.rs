//! Pictures' files: what stands around the pixels, what it may cost, and what a reader is told of a copy.

use crate::{Desk, PROVE, Run, photo, picture};
use std::io::Write;
use std::process::{Command, Stdio};
use zkimg_pipeline::{Dims, Picture, encode_png};

const VERIFY: [&str; 4] = ["verify", "edited.png", "--trust", "camera.pub"];
const JPEG: &[u8] = include_bytes!("../../samples/street.jpg");

/// A chunk of a PNG, with its CRC-32.
pub(crate) fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [name, body].concat();
    let crc = !named
        .iter()
        .fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 }));
    [&(body.len() as u32).to_be_bytes()[..], &named, &crc.to_be_bytes()].concat()
}

/// A PNG with a chunk behind its header.
pub(crate) fn with_chunk(file: &[u8], chunk: &[u8]) -> Vec<u8> {
    [&file[..33], chunk, &file[33..]].concat()
}

/// A profile with nothing in it but a header and a name, as an `iCCP` chunk: one stored block of zlib.
pub(crate) fn profile(name: &str) -> Vec<u8> {
    let text = [b"desc\0\0\0\0", &(name.len() as u32 + 1).to_be_bytes()[..], name.as_bytes(), b"\0"].concat();
    let tag = [b"desc", &144u32.to_be_bytes()[..], &(text.len() as u32).to_be_bytes()].concat();
    let mut icc = [vec![0; 128], 1u32.to_be_bytes().to_vec(), tag, text].concat();
    let length = icc.len() as u32;
    icc[..4].copy_from_slice(&length.to_be_bytes());
    icc[12..20].copy_from_slice(b"mntrRGB ");
    icc[36..40].copy_from_slice(b"acsp");
    let (a, b) = icc.iter().fold((1u32, 0u32), |(a, b), byte| ((a + u32::from(*byte)) % 65521, (a + u32::from(*byte) + b) % 65521));
    let length = (icc.len() as u16).to_le_bytes();
    let stored = [&[0x78, 1, 1][..], &length, &length.map(|byte| !byte), &icc, &(b << 16 | a).to_be_bytes()].concat();
    chunk(b"iCCP", &[b"name\0\0", &stored[..]].concat())
}

/// A zlib stream of 3 MB that inflates to half a gigabyte of zeros: a zero, then 258 more of the same, again and again, in
/// deflate's fixed code, then the end of the block. What checks the sum at its end refuses it there.
fn bomb() -> Vec<u8> {
    let (mut bytes, mut held, mut count) = (vec![0x78, 1], 0u32, 0);
    let mut push = |bits: u32, length: u32| {
        held |= bits << count;
        count += length;
        while count >= 8 {
            bytes.push(held as u8);
            (held, count) = (held >> 8, count - 8);
        }
    };
    push(0b011, 3);
    push(0b0000_1100, 8); // literal 0: 00110000, from its first bit
    for _ in 0..2_080_000 {
        push(0b1010_0011, 8); // length 258: 11000101, from its first bit
        push(0, 5); // distance 1
    }
    push(0, 7 + 7);
    bytes.extend([0; 4]);
    bytes
}

/// A reader did not make the picture, so that no advice is about making it again.
#[test]
fn a_reader_is_told_whom_to_ask() {
    const ASK: &str = "ask whoever published it for the file";
    let desk = Desk::ready();
    let file = desk.read("edited.png");
    // 40 × 24 pixels of red, green, blue and alpha, all 0.
    let mut pixels = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    pixels.write_all(&[0; (1 + 4 * 40) * 24]).expect("written");
    let header = chunk(b"IHDR", &[0, 0, 0, 40, 0, 0, 0, 24, 8, 6, 0, 0, 0]);
    let clear = [&file[..8], &header, &chunk(b"IDAT", &pixels.finish().expect("written")), &chunk(b"IEND", b"")].concat();
    for (bytes, fault) in
        [(b"GIF89a".to_vec(), "is a GIF file"), (clear, "transparent pixels"), (with_chunk(&file, &chunk(b"acTL", &[0; 8])), "is animated")]
    {
        desk.write("edited.png", bytes);
        desk.refuses(&VERIFY, 3, fault);
        let text = desk.zkimg(&VERIFY).ends(3).err;
        assert!(text.contains(ASK) && !text.contains("save") && !text.contains("flatten"), "{text}");
    }
    for (name, body) in [(b"gAMA", &[0, 1, 2, 3][..]), (b"cICP", &[9, 16, 0, 1])] {
        desk.write("edited.png", with_chunk(&file, &chunk(name, body)));
        let text = desk.zkimg(&VERIFY).ends(1).out;
        assert!(text.contains(ASK) && !text.contains("convert") && !text.contains("embed"), "{text}");
    }
}

#[test]
fn no_edits_and_no_trusted_camera_have_words_of_their_own() {
    let desk = Desk::ready();
    desk.write("none.json", r#"{"zkimg": 1, "edits": []}"#);
    desk.zkimg(&["prove", "photo.negative", "--recipe", "none.json", "--out", "same.png"]).ends(0);
    let text = desk.zkimg(&["verify", "same.png"]).ends(5).out;
    assert!(text.contains("no edits were made: this picture is the original"), "{text}");
    assert!(text.contains("no trusted camera was named (--trust)") && !text.contains("one of the trusted devices"), "{text}");
}

/// Runs the program with 300 MB of memory.
fn limited(desk: &Desk, words: &str) -> Run {
    // What is limited is address space, of which glibc sets 64 MB aside for every thread unless it is told not to.
    let script = format!("ulimit -v 300000; exec env MALLOC_ARENA_MAX=1 \"$ZKIMG\" {words}");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).env("ZKIMG", env!("CARGO_BIN_EXE_zkimg")).current_dir(desk.path()).stdin(Stdio::null());
    Run::of(command.output().expect("a shell"))
}

#[cfg(unix)]
#[test]
fn a_small_file_cannot_fill_the_memory() {
    let desk = Desk::ready();
    let (plain, bomb) = (photo(0), bomb());
    let one = encode_png(&picture(1, 1, 0));
    let end = one.len() - 12;
    let files = [
        ("profile.png", with_chunk(&plain, &chunk(b"iCCP", &[b"icc\0\0", &bomb[..]].concat())), 3),
        ("text.png", with_chunk(&plain, &chunk(b"zTXt", &[b"Comment\0\0", &bomb[..]].concat())), 0),
        ("itxt.png", with_chunk(&plain, &chunk(b"iTXt", &[b"Comment\0\x01\0\0\0", &bomb[..]].concat())), 0),
        ("data.png", [&one[..33], &chunk(b"IDAT", &bomb), &one[end..]].concat(), 0),
    ];
    for (name, file, code) in files {
        assert!(file.len() < 4 << 20);
        desk.write(name, file);
        for (verb, code) in [
            (format!("edit {name} --edit flip=horizontal --out new.png --force"), code),
            (format!("attest {name} --key camera.key --out new --force"), code),
            // A photo is 48 pixels wide, the published picture 40: its size is enough to refuse it.
            (format!("verify {name} edited.zkimg --trust camera.pub"), 1),
            (format!("edit photo.png --edit overlay={name}+0+0 --out new.png --force"), 0),
        ] {
            let run = limited(&desk, &verb).ends(code);
            assert!(code != 3 || run.err.contains("longer than 1 MiB"), "{verb}: {}", run.err);
        }
    }
    // Of the right size, and still no more than one profile's memory.
    desk.write("edited.png", with_chunk(&desk.read("edited.png"), &chunk(b"iCCP", &[b"icc\0\0", &bomb[..]].concat())));
    assert!(limited(&desk, "verify edited.png --trust camera.pub").ends(1).out.contains("longer than 1 MiB"));
}

#[cfg(unix)]
#[test]
fn a_file_that_announces_a_huge_picture_is_refused_by_its_size() {
    let desk = Desk::ready();
    let header = [&16384u32.to_be_bytes()[..], &16384u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    desk.write("huge.png", [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &bomb()), chunk(b"IEND", &[])].concat());
    let run = limited(&desk, "verify huge.png edited.zkimg --trust camera.pub").ends(1);
    assert!(run.out.contains("is 16384×16384 and the proof speaks of one of 40×24"), "{}", run.out);
}

#[test]
fn a_photos_profile_is_kept_compared_and_told() {
    let desk = Desk::ready();
    desk.write("p3.png", with_chunk(&photo(0), &profile("Display P3")));
    let attested = desk.zkimg(&["attest", "p3.png", "--key", "camera.key", "--json"]).ends(0).json();
    assert_eq!((&attested["profile"]["kind"], &attested["profile"]["name"]), (&"icc".into(), &"Display P3".into()));
    let mut words = PROVE;
    (words[1], words[7]) = ("p3.negative", "new.png");
    desk.zkimg(&words).ends(0);
    let verify = ["verify", "new.png", "--trust", "camera.pub"];
    let run = desk.zkimg(&verify).ends(0);
    assert!(run.out.contains("✓ colours") && run.out.contains("calls itself \"Display P3\", SHA-256 "), "{}", run.out);
    let json = desk.zkimg(&[&verify[..], &["--json"]].concat()).ends(0).json();
    assert_eq!(json["profile"], attested["profile"]);
    for name in ["p3.capture", "new.zkimg", "p3.negative"] {
        assert!(desk.zkimg(&["inspect", name]).ends(0).out.contains("  colours    an ICC profile"), "{name}");
        assert_eq!(desk.zkimg(&["inspect", name, "--json"]).ends(0).json()["profile"]["sha256"], attested["profile"]["sha256"]);
    }
    // The preview shows the same colours.
    desk.zkimg(&["edit", "p3.png", "--edit", "crop=40x24+4+2", "--edit", "contrast=1.15", "--out", "try.png"]).ends(0);
    assert_eq!(desk.read("try.png"), desk.read("new.png"));
    // A tool has taken the profile out.
    let stripped = Picture::decode(&desk.read("new.png")).expect("a picture").with_profile(Default::default());
    desk.write("new.png", encode_png(&stripped));
    let run = desk.zkimg(&verify).ends(1);
    assert!(
        run.out.starts_with("NOT VALID") && run.out.contains("✗ colours") && run.out.contains("lost the photo's colour profile"),
        "{}",
        run.out
    );
}

#[test]
fn a_copy_is_told_what_it_is_and_what_to_ask_for() {
    let desk = Desk::ready();
    let edited = desk.read("edited.png");
    let refuses = |file: &[u8], part: &str| {
        desk.write("copy.png", file);
        let run = desk.zkimg(&["verify", "copy.png", "edited.zkimg", "--trust", "camera.pub"]).ends(1);
        assert!(
            run.out.contains("✗ picture") && run.out.contains(part) && run.out.contains("ask whoever published it for the file"),
            "{}",
            run.out
        );
        assert!(!run.out.contains("VERIFIED"), "{}", run.out);
    };
    refuses(JPEG, "is a JPEG copy");
    refuses(&encode_png(&picture(80, 48, 0)), "is 80×48 and the proof speaks of one of 40×24");
    refuses(&encode_png(&picture(40, 24, 7)), "has other pixels");
    refuses(&with_chunk(&edited, &chunk(b"gAMA", &1u32.to_be_bytes())), "gAMA");
    refuses(&with_chunk(&edited, &chunk(b"cICP", &[9, 16, 0, 1])), "cICP");
    refuses(&with_chunk(&edited, &chunk(b"iCCP", b"none")), "what it says about its colours");
    refuses(&with_chunk(&edited, &chunk(b"eXIf", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x02\0\0\0\0\0\0\0")), "orientation");
    desk.write("copy.png", with_chunk(&edited, &profile("sRGB")));
    let run = desk.zkimg(&["verify", "copy.png", "edited.zkimg", "--trust", "camera.pub"]).ends(1);
    assert!(run.out.contains("✗ colours") && run.out.contains("calls itself \"sRGB\""), "{}", run.out);
    desk.zkimg(&VERIFY).ends(0);
}

/// What nothing reads is not read in: a file is no longer than the largest of its size.
#[test]
fn a_file_far_longer_than_its_picture_is_refused() {
    let desk = Desk::ready();
    let file = desk.read("edited.png");
    for (megabytes, code) in [(1, 1), (9, 3)] {
        desk.write("edited.png", with_chunk(&file, &chunk(b"juNk", &vec![0; megabytes << 20])));
        let run = desk.zkimg(&["verify", "edited.png", "--trust", "camera.pub"]).ends(code);
        assert_eq!(run.err.contains("more than a picture of 40 × 24 pixels takes"), code == 3, "{}{}", run.out, run.err);
    }
}

/// A large file tells its size at its beginning, and of one of another size nothing more is read.
#[test]
fn a_large_file_of_another_size_is_told_so() {
    let desk = Desk::ready();
    let dims = Dims::new(3, 1600, 2000).expect("dims");
    let noise = (0..dims.cells() as u64).map(|i: u64| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56 ^ i >> 7) as u8).collect();
    let file = encode_png(&Picture::new(dims, noise).expect("a picture"));
    // Longer than any file of the proof's picture, and torn behind its first megabyte: both would be said if it were read.
    assert!(file.len() > 9 << 20);
    for length in [file.len(), 2 << 20] {
        desk.write("large.png", &file[..length]);
        let run = desk.zkimg(&["verify", "large.png", "edited.zkimg", "--trust", "camera.pub"]).ends(1);
        assert!(run.out.contains("is 2000×1600 and the proof speaks of one of 40×24"), "{}{}", run.out, run.err);
    }
}
