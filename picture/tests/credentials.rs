//! The proof in Content Credentials: found where `zkimg-c2pa embed` writes it, the same as in its own place, and nothing that a file says costs more
//! than the file is long.

mod files;
mod jumbf;
mod strangers;

use files::{chunk, gradient, jpeg, png, with_chunks, with_late_chunk, with_segment};
use jumbf::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};
use zkimg_picture::{JpegFile, MAX_EMBEDDED, PictureError, PublishedFile, embed, embedded};

fn picture() -> Vec<u8> {
    png(4, 2, 3, 8, &gradient(4, 2, 3))
}

fn photo() -> Vec<u8> {
    jpeg(40, 24, false, &[])
}

fn proof(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 + i / 256) as u8).collect()
}

/// The proof that is read of a whole file.
fn read(file: &[u8]) -> Result<Option<Vec<u8>>, PictureError> {
    match file {
        [0xff, ..] => JpegFile::read(file).map(|file| file.proof),
        _ => PublishedFile::read(file).map(|file| file.proof),
    }
}

/// Both ways to read it say the same.
fn found(file: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let ahead = embedded(file).map_err(|error| error.to_string());
    let whole = read(file).map_err(|error| error.to_string());
    assert_eq!(ahead, whole);
    ahead
}

#[track_caller]
fn refused(file: &[u8], part: &str) {
    let error = read(file).expect_err("refused");
    assert!(matches!(error, PictureError::Proof(_)) && error.to_string().contains(part), "{error}");
}

#[test]
fn it_is_found_in_both_formats_also_where_its_own_place_is_empty() {
    for length in [1, 100, 70_000, 300_000] {
        let proof = proof(length);
        let store = claiming(&proof);
        for (file, with) in [
            (picture(), in_png(&picture(), &store)),
            (photo(), in_jpeg(&photo(), &store, 64_000)),
            (photo(), in_jpeg(&photo(), &store, 5000)),
        ] {
            assert_eq!((found(&file), found(&with)), (Ok(None), Ok(Some(proof.clone()))), "{length}");
            // The same in its own place is no contradiction; another one is.
            let own = |proof: &[u8]| {
                let both = embed(&file, proof).expect("it fits");
                if file.starts_with(b"\x89") { in_png(&both, &store) } else { in_jpeg(&both, &store, 64_000) }
            };
            assert_eq!(found(&own(&proof)), Ok(Some(proof.clone())));
            let mut other = proof.clone();
            other[length - 1] ^= 1;
            assert!(found(&own(&other)).is_err());
            refused(&own(&other), "the one in its Content Credentials is another than the one in its own place");
            // A second one is not put in.
            assert_eq!(embed(&with, &proof), Err(PictureError::ProofThere));
        }
    }
}

/// `edited.png` as `zkimg-c2pa embed` signed it (c2pa 0.90.22), without the proof in its own place.
#[test]
fn it_is_found_where_the_library_of_c2pa_writes_it() {
    let file = include_bytes!("../../tests/pinned/credentials.png");
    assert_eq!(found(file), Ok(Some(include_bytes!("../../tests/pinned/edited.zkimg").to_vec())));
}

#[test]
fn signers_whose_definitions_are_json_write_it_as_text() {
    use base64ct::{Base64, Encoding};
    let proof = proof(1000);
    let base64 = Base64::encode_string(&proof);
    let media = [text("media"), vec![3 << 5 | 24, 19], b"application/x-zkimg".to_vec()].concat();
    let said = [&[0xa3][..], &media, &text("proof_base64"), &head(3, base64.len()), base64.as_bytes(), &text("version"), &[1]].concat();
    let with = |said: &[u8]| in_png(&picture(), &store(&[manifest("m", &[assertion(LABEL, said)])]));
    assert_eq!(found(&with(&said)), Ok(Some(proof)));
    let at = said.windows(8).position(|window| window == &base64.as_bytes()[..8]).expect("text");
    let mut spoiled = said.clone();
    spoiled[at] = b'!';
    refused(&with(&spoiled), "malformed");
}

#[test]
fn only_the_active_manifest_and_its_assertions_count() {
    let (ours, other) = (assertion(LABEL, &said(&proof(100))), assertion("c2pa.actions.v2", &[0xa0]));
    let none = |store: &[u8]| {
        assert_eq!(found(&in_png(&picture(), store)), Ok(None));
        if !store.is_empty() {
            assert_eq!(found(&in_jpeg(&photo(), store, 64_000)), Ok(None));
        }
    };
    // An ingredient's; an update of another manifest; one that stands elsewhere; another label; no Content Credentials at all.
    none(&store(&[manifest("m", std::slice::from_ref(&ours)), manifest("active", std::slice::from_ref(&other))]));
    none(&store(&[
        manifest("m", std::slice::from_ref(&ours)),
        described(b"c2um", "update", &[described(b"c2as", "c2pa.assertions", std::slice::from_ref(&ours))]),
    ]));
    none(&store(&[described(b"c2ma", "m", std::slice::from_ref(&ours))]));
    none(&store(&[manifest("m", &[assertion("io.github.zkimg.edit-proof.v2", &said(&proof(9)))])]));
    none(&described(b"c2pa", "other", &[manifest("m", std::slice::from_ref(&ours))]));
    none(&described(b"cbor", "c2pa", &[manifest("m", std::slice::from_ref(&ours))]));
    none(b"");
    none(&[0xff; 40]);
    // Two of ours, with the number that the second one gets.
    let second = assertion(&format!("{LABEL}__1"), &said(&proof(100)));
    refused(&in_png(&picture(), &store(&[manifest("m", &[ours.clone(), other, second])])), "a second one in its Content Credentials");
    refused(&with_chunks(&picture(), &[chunk(b"caBX", &claiming(&proof(9))), chunk(b"caBX", &claiming(&proof(9)))]), "a second one");
    // Behind the pixels, where a reader who stops there does not see it.
    refused(&with_late_chunk(&picture(), &chunk(b"caBX", &claiming(&proof(9)))), "behind the pixels");
    assert_eq!(found(&with_late_chunk(&picture(), &chunk(b"caBX", &store(&[manifest("m", &[])])))), Ok(None));
    // A chunk whose checksum is wrong.
    let store = claiming(&proof(9));
    let mut wrong = in_png(&picture(), &store);
    wrong[33 + 8 + store.len() - 1] ^= 1;
    assert!(found(&wrong).is_err_and(|error| error.contains("the checksum of its caBX chunk is wrong")));
}

#[test]
fn an_assertion_of_ours_that_is_not_in_its_form_refuses_the_picture() {
    let honest = said(&proof(50));
    let with = |said: &[u8]| in_png(&picture(), &store(&[manifest("m", &[assertion(LABEL, said)])]));
    assert!(found(&with(&honest)).is_ok());
    let replaced = |from: &[u8], to: &[u8]| {
        let at = honest.windows(from.len()).position(|window| window == from).expect("there");
        [&honest[..at], to, &honest[at + from.len()..]].concat()
    };
    let cases = [
        replaced(&[0xa3], &[0xa2]),
        replaced(&[0xa3], &[0xbf]),
        replaced(b"version\x01", b"version\x02"),
        replaced(b"version\x01", b"version\x21"),
        replaced(b"version", b"versiom"),
        replaced(b"x-zkimg", b"x-other"),
        // The same key twice; a length beyond the end; something behind it; a proof that is text; none.
        replaced(b"eproof", b"emedia"),
        replaced(&head(2, 50), &head(2, 51)),
        replaced(&head(2, 50), &head(2, u32::MAX as usize)),
        replaced(&head(2, 50), &head(3, 50)),
        replaced(&head(2, 50), &[2 << 5 | 31]),
        [&honest[..], &[0]].concat(),
        Vec::new(),
    ];
    for case in cases {
        refused(&with(&case), "the one in its Content Credentials is malformed");
    }
    refused(&with(&said(&[])), "longer than any");
    refused(&with(&said(&vec![0; MAX_EMBEDDED + 1])), "longer than any");
    let of = |kind: &[u8; 4], content: &[Vec<u8>]| in_png(&picture(), &store(&[manifest("m", &[described(kind, LABEL, content)])]));
    let cbor = plain(b"cbor", &honest);
    refused(&of(b"json", std::slice::from_ref(&cbor)), "malformed");
    refused(&of(b"cbor", &[cbor.clone(), cbor.clone()]), "malformed");
    refused(&of(b"cbor", &[plain(b"bidb", &honest)]), "malformed");
    assert!(found(&of(b"cbor", &[cbor])).is_ok());
}

#[test]
fn parts_of_a_box_come_once_and_in_order() {
    let broken = "parts that do not follow each other";
    let store = claiming(&proof(20_000));
    let honest = parts(&store, 6000);
    let file = |parts: &[Vec<u8>]| parts.iter().rev().fold(photo(), |file, part| with_segment(&file, 0xeb, part));
    assert_eq!(found(&file(&honest)), Ok(Some(proof(20_000))));
    let [a, b, c, ..] = &honest[..] else { panic!("several parts") };
    let rest = &honest[3..];
    let mut other_head = c.clone();
    other_head[11] ^= 1;
    let mut other_box = c.clone();
    other_box[3] ^= 1;
    for wrong in [
        vec![a, c, b],
        vec![b, a, c],
        vec![a, b, b, c],
        vec![a, c],
        vec![b, c],
        vec![a, b],
        vec![a, b, &other_head],
        vec![a, b, &other_box],
    ] {
        let parts: Vec<Vec<u8>> = wrong.into_iter().chain(rest).cloned().collect();
        assert!(found(&file(&parts)).is_err());
        refused(&file(&parts), broken);
    }
    // Numbers begin with 1.
    let later: Vec<Vec<u8>> = honest
        .iter()
        .map(|part| {
            let mut part = part.clone();
            part[7] += 1;
            part
        })
        .collect();
    refused(&file(&later), broken);
    // Two boxes with a proof.
    let second: Vec<Vec<u8>> = honest
        .iter()
        .map(|part| {
            let mut part = part.clone();
            part[3] ^= 1;
            part
        })
        .collect();
    refused(&file(&[honest.clone(), second].concat()), "there is a second one in its Content Credentials");
    // Another program's box between them has another number.
    let foreign = [b"JP\x00\x01\0\0\0\x01", &described(b"json", "other", &[])[..]].concat();
    assert_eq!(found(&file(&[&[a.clone(), foreign.clone()][..], &honest[1..]].concat())), Ok(Some(proof(20_000))));
    // More boxes than any file has; each of them is looked at once.
    let many = |count: u16| {
        let number = |i: u16| [&b"JP"[..], &i.to_be_bytes(), &foreign[4..]].concat();
        let boxes = (0..count).map(number).map(|part| [&[0xff, 0xeb][..], &(part.len() as u16 + 2).to_be_bytes(), &part].concat());
        [&photo()[..2], &boxes.collect::<Vec<_>>().concat(), &in_jpeg(&photo(), &store, 6000)[2..]].concat()
    };
    assert_eq!(found(&many(15)), Ok(Some(proof(20_000))));
    refused(&many(16), "more boxes than are read");
    let begin = Instant::now();
    assert!(embedded(&many(u16::MAX)).is_err());
    assert!(begin.elapsed() < Duration::from_secs(2));
}

/// Programs could differ in which of two they take; and nothing compares what a WebP has with the proof in its own place.
#[test]
fn two_stores_two_lists_and_those_of_a_webp_are_refused() {
    let store = claiming(&proof(300));
    let other = claiming(&proof(200));
    refused(&in_png(&picture(), &[&store[..], &other].concat()), "there twice");
    let webp = zkimg_picture::encode_webp(
        &zkimg_picture::Picture::new(zkimg_picture::Dims { channels: 3, height: 2, width: 4 }, gradient(4, 2, 3)).expect("a picture"),
    );
    let webp = webp.expect("in colour");
    let with = |body: &[u8]| {
        let padding = vec![0; body.len() % 2];
        let chunks = [&webp[12..], b"C2PA", &(body.len() as u32).to_le_bytes(), body, &padding].concat();
        [&b"RIFF"[..], &(chunks.len() as u32 + 4).to_le_bytes(), b"WEBP", &chunks].concat()
    };
    refused(&with(&store), "that of a WebP is not read");
    assert!(PublishedFile::read(&with(b"of another program")).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_boxes_are_an_answer_or_a_sentence(store in strangers::spoiled(claiming(&proof(300)))) {
        let _ = found(&in_png(&picture(), &store));
        if store.len() > 8 {
            let _ = found(&in_jpeg(&photo(), &store, 200));
        }
    }
}
