//! Photos with EXIF data.

/// A PNG with an `eXIf` chunk behind its header: texts of the first directory, and when it was taken.
pub(crate) fn with_exif(png: &[u8], texts: &[(u16, &str)], taken: Option<&str>) -> Vec<u8> {
    let block = block(texts, taken);
    let named = [b"eXIf", &block[..]].concat();
    let chunk = [&(block.len() as u32).to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat();
    [&png[..33], &chunk, &png[33..]].concat()
}

pub(crate) const MAKE: u16 = 0x010f;
pub(crate) const MODEL: u16 = 0x0110;
pub(crate) const ARTIST: u16 = 0x013b;
const EXIF_DIRECTORY: u16 = 0x8769;
const DATE_TIME_ORIGINAL: u16 = 0x9003;

/// Two directories one after the other, then all texts. Tags ascend.
fn block(texts: &[(u16, &str)], taken: Option<&str>) -> Vec<u8> {
    const ASCII: u16 = 2;
    const LONG: u16 = 4;
    let count = texts.len() + usize::from(taken.is_some());
    let second = 8 + 2 + 12 * count + 4;
    let mut at = second + if taken.is_some() { 2 + 12 + 4 } else { 0 };
    let mut kept = Vec::new();
    let entry = |tag: u16, kind: u16, length: usize, value: usize| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &(length as u32).to_le_bytes(), &(value as u32).to_le_bytes()].concat()
    };
    let mut text = |tag: u16, text: &str| {
        // Long enough not to stand in the entry itself.
        let bytes = [text.as_bytes(), &[0; 4]].concat();
        let entry = entry(tag, ASCII, bytes.len(), at);
        at += bytes.len();
        kept.extend(bytes);
        entry
    };
    let mut directory = [b"II*\0\x08\0\0\0".to_vec(), (count as u16).to_le_bytes().to_vec()].concat();
    texts.iter().for_each(|(tag, value)| directory.extend(text(*tag, value)));
    if taken.is_some() {
        directory.extend(entry(EXIF_DIRECTORY, LONG, 1, second));
    }
    directory.extend([0; 4]);
    if let Some(taken) = taken {
        directory.extend([&1u16.to_le_bytes()[..], &text(DATE_TIME_ORIGINAL, taken), &[0; 4]].concat());
    }
    [directory, kept].concat()
}

/// The checksum of PNG chunks (ISO/IEC 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let bit = |c: u32| if c & 1 == 1 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 };
    !bytes.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| bit(c)))
}
