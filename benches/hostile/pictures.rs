//! Pictures that ask for much, beside a small honest proof.

use crate::files::{Pair, Workshop, words};
use crate::honest::Sizes;
use crate::jpeg;
use crate::png::{Colour, chunk, deflated, end, start, zeros};
use crate::shapes::Shape;
use crate::webp::{self, Bits};

const MEGABYTE: usize = 1 << 20;

/// Their shapes.
pub(crate) fn shapes() -> Vec<Shape> {
    let shape = |name, what, make| Shape { name, what, make };
    vec![
        shape("png-profile", "one pixel with a colour profile of 1 GB in 1 MB", |w| {
            let profile = [b"p\0\0".to_vec(), zeros(1 << 30)].concat();
            png(w, &[start(1, 1, 8, Colour::Grey), chunk(b"iCCP", &profile), chunk(b"IDAT", &zeros(2)), end()].concat())
        }),
        shape("png-text", "one pixel with a text of 1 GB in 1 MB", |w| {
            let text = [b"t\0\0".to_vec(), zeros(1 << 30)].concat();
            png(w, &[start(1, 1, 8, Colour::Grey), chunk(b"zTXt", &text), chunk(b"IDAT", &zeros(2)), end()].concat())
        }),
        shape("png-international", "the same as an international text", |w| {
            let text = [b"XML:com.adobe.xmp\0\x01\0\0\0".to_vec(), zeros(1 << 30)].concat();
            png(w, &[start(1, 1, 8, Colour::Grey), chunk(b"iTXt", &text), chunk(b"IDAT", &zeros(2)), end()].concat())
        }),
        shape("png-data", "one pixel with data that inflate to 1 GB", |w| {
            png(w, &[start(1, 1, 8, Colour::Grey), chunk(b"IDAT", &zeros(1 << 30)), end()].concat())
        }),
        shape("png-header", "a header of 32768×8192 with 64 KB of data", |w| {
            png(w, &[start(32768, 8192, 8, Colour::Grey), chunk(b"IDAT", &zeros(64 * MEGABYTE)), end()].concat())
        }),
        shape("png-deep-header", "the same of 4 channels of 16 bits", |w| {
            png(w, &[start(32768, 8192, 16, Colour::Rgba), chunk(b"IDAT", &zeros(64 * MEGABYTE)), end()].concat())
        }),
        shape("png-large", "a whole picture of 32768×8192 in 33 KB", |w| {
            png(w, &[start(32768, 8192, 1, Colour::Grey), chunk(b"IDAT", &zeros((32768 / 8 + 1) * 8192)), end()].concat())
        }),
        shape("png-chunks", "64 MB of empty chunks", |w| {
            let chunks = chunk(b"teXt", &[]).repeat(64 * MEGABYTE / 12);
            png(w, &[start(1, 1, 8, Colour::Grey), chunks, chunk(b"IDAT", &zeros(2)), end()].concat())
        }),
        shape("png-junk", "a chunk of 256 MB that nothing reads", |w| {
            let junk = chunk(b"juNk", &vec![0; 256 * MEGABYTE]);
            png(w, &[start(1, 1, 8, Colour::Grey), junk, chunk(b"IDAT", &zeros(2)), end()].concat())
        }),
        shape("png-exif", "one pixel with 256 KB of EXIF that 4000 labels share as their text", |w| {
            png(w, &[start(1, 1, 8, Colour::Grey), chunk(b"eXIf", &texts(4000, MEGABYTE / 4)), chunk(b"IDAT", &zeros(2)), end()].concat())
        }),
        shape("jpeg-exif", "a JPEG of 4096×2048 with 64 KB of EXIF that 4000 labels share as their text", |w| {
            let block = [b"Exif\0\0", &texts(4000, 65_000)[..]].concat();
            jpeg(w, &jpeg::baseline(4096, 2048, &jpeg::segment(0xe1, &block)))
        }),
        shape("webp-groups", "a WebP of 160×128 that says it has 2^16 groups of codes, in 4 MB", |w| webp(w, &groups(1 << 16, 9))),
        shape("webp-parts", "a WebP of 160×128 with a group of codes for each of 1280 parts", |w| webp(w, &groups(1280, 2))),
        shape("png-of-16-bits", "the honest picture of 2048×1024 with 16 bits and opacity", deep),
        shape("jpeg-scans", "a progressive picture of 4096×2048 in 100 scans", |w| jpeg(w, &jpeg::progressive(4096, 2048, 100))),
        shape("jpeg-restarts", "a restart marker behind every block of 4096×2048", |w| jpeg(w, &jpeg::restarting(4096, 2048))),
        shape("jpeg-applications", "64 MB of application segments", |w| {
            jpeg(w, &jpeg::baseline(4096, 2048, &jpeg::segment(0xe5, &vec![0; 65533]).repeat(1024)))
        }),
        shape("jpeg-profile", "16 MB of colour profile", |w| {
            let part = |i: u8| jpeg::segment(0xe2, &[b"ICC_PROFILE\0", &[i, 255][..], &vec![0; 65519]].concat());
            jpeg(w, &jpeg::baseline(4096, 2048, &(1..=255).flat_map(part).collect::<Vec<u8>>()))
        }),
        shape("jpeg-codes", "3 million tables of codes", |w| {
            let table = [&[0][..], &[1; 1], &[0; 15], &[0]].concat();
            let tables = jpeg::segment(0xc4, &table.repeat(3600)).repeat(800);
            jpeg(w, &jpeg::baseline(4096, 2048, &[tables, jpeg::segment(0xc4, &[&[0][..], &[1, 1], &[0; 14], &[0, 1]].concat())].concat()))
        }),
        shape("jpeg-unproved-scans", "the same in 20 scans", |w| {
            beside(w, &Sizes::published(1, 1, 1, 1), "hostile.jpg", &jpeg::progressive(32768, 8192, 20))
        }),
        shape("jpeg-unproved", "a picture of 32768×8192 beside a proof of one pixel", |w| {
            let file = jpeg::baseline(32768, 8192, &[]);
            beside(w, &Sizes::published(1, 1, 1, 1), "hostile.jpg", &file)
        }),
    ]
}

/// A PNG beside the proof of one pixel.
fn png(workshop: &mut Workshop, file: &[u8]) -> Pair {
    beside(workshop, &Sizes::published(1, 1, 1, 1), "hostile.png", file)
}

fn beside(workshop: &mut Workshop, sizes: &Sizes, name: &str, file: &[u8]) -> Pair {
    let honest = workshop.honest(sizes);
    let (published, proof) = (honest.published.clone(), honest.proof.clone());
    workshop.pair(name, file, &["verify", name, &proof], words(&["verify", &published, &proof]))
}

/// A WebP beside the proof of a picture of its size.
fn webp(workshop: &mut Workshop, file: &[u8]) -> Pair {
    beside(workshop, &Sizes::published(3, 128, 160, 1), "hostile.webp", file)
}

/// A lossless picture with so many groups of codes; each of its parts, of 2^`block` pixels a side, is said to be of the last.
fn groups(count: u32, block: u32) -> Vec<u8> {
    let (last, parts) = (count - 1, 160u32.div_ceil(1 << block) * 128u32.div_ceil(1 << block));
    let mut bits = Bits::default();
    webp::header(&mut bits, 160, 128);
    bits.put(&[(1, 1), (block - 2, 3), (0, 1)]);
    // Two words of green and two of red; the first is always meant.
    bits.put(&[(1, 1), (1, 1), (1, 1), (last & 255, 8), (0, 8)]);
    bits.put(&[(1, 1), (1, 1), (1, 1), (last >> 8, 8), (0, 8)]);
    [0, 255, 0].into_iter().for_each(|symbol| webp::one(&mut bits, symbol));
    (0..parts).for_each(|_| bits.put(&[(0, 2)]));
    (0..5 * count).for_each(|_| webp::deep(&mut bits));
    webp::file(&bits)
}

/// What an honest picture's file may be, too: every sample as two equal bytes, and opaque.
fn deep(workshop: &mut Workshop) -> Pair {
    let sizes = Sizes::published(3, 1024, 2048, 1);
    let cells = workshop.honest(&sizes).picture.as_ref().expect("a picture").cells().to_vec();
    let plane = cells.len() / 3;
    let sample = |i: usize| [cells[i], cells[i]];
    let pixel = |i: usize| [sample(i), sample(plane + i), sample(2 * plane + i), [255; 2]].concat();
    let line = |y: usize| [vec![0], (2048 * y..2048 * (y + 1)).flat_map(pixel).collect()].concat();
    let data = deflated(&(0..1024).flat_map(line).collect::<Vec<u8>>());
    beside(workshop, &sizes, "hostile.png", &[start(2048, 1024, 16, Colour::Rgba), chunk(b"IDAT", &data), end()].concat())
}

/// A JPEG of 4096×2048 beside the proof of a JPEG of that size.
fn jpeg(workshop: &mut Workshop, file: &[u8]) -> Pair {
    let sizes = Sizes { jpeg: true, plain: true, ..Sizes::published(1, 2048, 4096, 1) };
    beside(workshop, &sizes, "hostile.jpg", file)
}

/// An EXIF block of so many labels whose texts are all the rest of it, as parts of one letter.
fn texts(labels: u16, length: usize) -> Vec<u8> {
    // Make, model, software, artist, copyright; and others.
    const TAGS: [u16; 5] = [0x010f, 0x0110, 0x0131, 0x013b, 0x8298];
    let tags: Vec<u16> = TAGS.into_iter().chain(0x9c40..).take(labels.into()).collect();
    let start = 8 + 2 + 12 * tags.len() + 4;
    let count = (length - start) as u32;
    let mut block = b"MM\0*\0\0\0\x08".to_vec();
    block.extend(labels.to_be_bytes());
    for tag in tags {
        block.extend([tag, 2].map(u16::to_be_bytes).concat());
        block.extend([count, start as u32].map(u32::to_be_bytes).concat());
    }
    block.extend([0; 4]);
    block.extend(b"a\0".repeat((length - start) / 2 + 1));
    block.truncate(length);
    block
}
