//! What a stranger's EXIF costs: no more than a few times the file, whatever it says of itself.

mod files;
#[path = "files/tiff.rs"]
mod tiffs;

use files::{gradient, jpeg, png, with_exif_chunk, with_segment};
use std::time::{Duration, Instant};
use tiffs::Order;
use zkimg_picture::image::decode;
use zkimg_picture::{ExifValues, JpegFile, Look, PublishedFile};

/// More than the tests of this file need together, and far less than what is kept for each value would be.
const MOST: usize = 48 << 20;

/// What this process has had of memory, in bytes; 0 where the system does not say.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()).map_or(0, |kilobytes| kilobytes << 10)
}

/// What comes of work that takes neither long nor much memory.
fn cheap<T>(work: impl FnOnce() -> T) -> T {
    let (before, begin) = (peak(), Instant::now());
    let made = work();
    let (bytes, time) = (peak() - before, begin.elapsed());
    assert!(bytes < MOST && time < Duration::from_secs(5), "{bytes} bytes, {time:?}");
    made
}

/// A block of so many entries, which all have the same text of zeros up to its end.
fn bomb(entries: u16, length: usize) -> Vec<u8> {
    let text = 8 + 2 + 12 * usize::from(entries) + 4;
    let count = (length - text) as u32;
    let entry = |i: u16| [&(0xc000 + i).to_be_bytes()[..], &[0, 2], &count.to_be_bytes(), &(text as u32).to_be_bytes()].concat();
    let mut block = [b"MM\0*\0\0\0\x08", &entries.to_be_bytes()[..], &(0..entries).flat_map(entry).collect::<Vec<u8>>()].concat();
    block.resize(length, 0);
    block
}

#[test]
fn a_block_whose_values_share_their_bytes_costs_no_more_than_the_file() {
    let small = png(4, 2, 3, 8, &gradient(4, 2, 3));
    for entries in [1, 10, 100, 2000] {
        let file = with_exif_chunk(&small, &bomb(entries, 1 << 18));
        assert_eq!(cheap(|| PublishedFile::read(&file).expect("a picture")).look, Err(Look::ExifField(0xc000)));
        assert_eq!(cheap(|| decode(&file).expect("a photo")).exif, ExifValues::default());
        let file = with_segment(&jpeg(40, 24, false, &[]), 0xe1, &[b"Exif\0\0", &bomb(entries, 65_000)[..]].concat());
        assert_eq!(cheap(|| JpegFile::read(&file).expect("a JPEG")).look, Err(Look::ExifField(0xc000)));
    }
    // More entries than any camera writes.
    assert_eq!(PublishedFile::read(&with_exif_chunk(&small, &bomb(5000, 1 << 18))).expect("a picture").look, Err(Look::Exif));
}

/// Directories that stand in one another, each a byte further, are walked as far as all of them together may go.
#[test]
fn directories_in_one_another_are_not_walked_for_ever() {
    let mut block = b"MM\0*\0\0\0\x08".to_vec();
    block.extend(4000u16.to_be_bytes());
    (0..4000u32).for_each(|i| block.extend([&[0x87, 0x69, 0, 4, 0, 0, 0, 1][..], &(10 + i).to_be_bytes()].concat()));
    block.resize(1 << 18, 0);
    assert_eq!(cheap(|| ExifValues::read(&block)), ExifValues::default());
}

/// Of a TIFF all of the file is the block.
#[test]
fn a_text_of_a_tiff_as_long_as_the_file_is_not_read() {
    let order = Order { big: false };
    let samples = gradient(5, 4, 3);
    let mut entries = order.entries(5, 4, 3, 8, samples.len());
    entries.push((271, 2, vec![0; 8 << 20]));
    let file = order.file(entries, 0, &samples);
    assert_eq!(cheap(|| decode(&file).expect("a photo")).exif, ExifValues::default());
}
