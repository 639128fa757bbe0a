//! TIFF files, put together by hand.
#![allow(dead_code)]

/// One entry of a directory: number, kind (3: two bytes, 4: four, 7: bytes), values as bytes.
pub(crate) type Entry = (u16, u16, Vec<u8>);

/// Numbers in one order of bytes.
#[derive(Clone, Copy)]
pub(crate) struct Order {
    pub(crate) big: bool,
}

impl Order {
    pub(crate) fn short(self, number: u16) -> Vec<u8> {
        if self.big { number.to_be_bytes() } else { number.to_le_bytes() }.to_vec()
    }

    pub(crate) fn long(self, number: u32) -> Vec<u8> {
        if self.big { number.to_be_bytes() } else { number.to_le_bytes() }.to_vec()
    }

    /// A file: head, the directory, what its entries point to, the pixels.
    pub(crate) fn file(self, mut entries: Vec<Entry>, next: u32, pixels: &[u8]) -> Vec<u8> {
        entries.sort_by_key(|entry| entry.0);
        let head = [if self.big { &b"MM\0*"[..] } else { b"II*\0" }, &self.long(8)].concat();
        let mut at = 8 + 2 + 12 * entries.len() + 4;
        let far: usize = entries.iter().map(|(.., bytes)| bytes.len()).filter(|length| *length > 4).sum();
        let data = (at + far) as u32;
        let (mut directory, mut behind) = (self.short(entries.len() as u16), Vec::new());
        for (number, kind, bytes) in entries {
            // Where the pixels are is not known before.
            let bytes = if number == 273 { self.long(data) } else { bytes };
            let width = match kind {
                3 => 2,
                4 => 4,
                _ => 1,
            };
            directory.extend([self.short(number), self.short(kind), self.long((bytes.len() / width) as u32)].concat());
            if bytes.len() <= 4 {
                directory.extend(bytes.iter().copied().chain(std::iter::repeat(0)).take(4));
            } else {
                directory.extend(self.long(at as u32));
                at += bytes.len();
                behind.extend(bytes);
            }
        }
        [head, directory, self.long(next), behind, pixels.to_vec()].concat()
    }

    /// The entries of a plain picture whose pixels take `length` bytes.
    pub(crate) fn entries(self, width: u32, height: u32, channels: usize, bits: u16, length: usize) -> Vec<Entry> {
        let mut entries = vec![
            (256, 4, self.long(width)),
            (257, 4, self.long(height)),
            (258, 3, self.short(bits).repeat(channels)),
            (259, 3, self.short(1)),
            (262, 3, self.short(if channels < 3 { 1 } else { 2 })),
            (273, 4, self.long(0)),
            (277, 3, self.short(channels as u16)),
            (278, 4, self.long(height)),
            (279, 4, self.long(length as u32)),
        ];
        if channels.is_multiple_of(2) {
            entries.push((338, 3, self.short(2)));
        }
        entries
    }
}

/// A plain picture, samples of 8 bits as they are, or of 16 from numbers.
pub(crate) fn tiff(width: u32, height: u32, channels: usize, samples: &[u8]) -> Vec<u8> {
    let order = Order { big: false };
    order.file(order.entries(width, height, channels, 8, samples.len()), 0, samples)
}
