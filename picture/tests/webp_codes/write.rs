//! Lossless WebPs bit by bit.

/// Bits, the lowest of each byte first.
#[derive(Default)]
pub(crate) struct Bits(Vec<bool>);

impl Bits {
    /// Numbers, each with how many bits it takes.
    pub(crate) fn put(&mut self, numbers: &[(u32, u32)]) {
        for (number, width) in numbers {
            self.0.extend((0..*width).map(|i| number >> i & 1 == 1));
        }
    }

    /// A word of a code, whose first bit is the highest.
    fn word(&mut self, word: u32, width: u32) {
        self.0.extend((0..width).rev().map(|i| word >> i & 1 == 1));
    }
}

/// What stands before a picture that has neither transforms nor a cache.
pub(crate) fn header(bits: &mut Bits, width: u32, height: u32) {
    bits.put(&[(0x2f, 8), (width - 1, 14), (height - 1, 14), (0, 1), (0, 3), (0, 1), (0, 1)]);
}

/// A code of one word.
pub(crate) fn one(bits: &mut Bits, symbol: u32) {
    bits.put(&[(1, 1), (0, 1), (1, 1), (symbol, 8)]);
}

/// A code of two words for symbols up to 255, in this order.
pub(crate) fn two(bits: &mut Bits, symbols: [u32; 2]) {
    bits.put(&[(1, 1), (1, 1), (1, 1), (symbols[0], 8), (symbols[1], 8)]);
}

/// A code of two words, the first 0 and the other 1, for symbols of an alphabet, in ascending order.
pub(crate) fn any_two(bits: &mut Bits, alphabet: u32, symbols: [u32; 2]) {
    // Two lengths, 0 and 1, with words of one bit.
    bits.put(&[(0, 1), (0, 4), (0, 3), (0, 3), (1, 3), (1, 3), (0, 1)]);
    bits.put(&(0..alphabet).map(|symbol| (u32::from(symbols.contains(&symbol)), 1)).collect::<Vec<_>>());
}

/// A code with a word of each length up to ten, and one more of ten: the smallest that makes a decoder's largest table.
pub(crate) fn deep(bits: &mut Bits) {
    const ORDER: [u32; 14] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10];
    bits.put(&[(0, 1), (ORDER.len() as u32 - 4, 4)]);
    // Six lengths have words of three bits, four have words of four.
    let width = |length: u32| {
        if (1..=6).contains(&length) {
            3
        } else if (7..=10).contains(&length) {
            4
        } else {
            0
        }
    };
    ORDER.iter().for_each(|length| bits.put(&[(width(*length), 3)]));
    bits.put(&[(1, 1), (1, 3), (11 - 2, 4)]);
    for length in (1..=10).chain([10]) {
        let word = if length <= 6 { length - 1 } else { 12 + length - 7 };
        bits.word(word, width(length));
    }
}

/// A file of these bits, and some more.
pub(crate) fn file(Bits(bits): &Bits) -> Vec<u8> {
    let mut body: Vec<u8> = bits.chunks(8).map(|eight| eight.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect();
    body.resize(body.len().next_multiple_of(2) + 8192, 0);
    let chunk = [&b"VP8L"[..], &(body.len() as u32).to_le_bytes(), &body].concat();
    [&b"RIFF"[..], &(chunk.len() as u32 + 4).to_le_bytes(), b"WEBP", &chunk].concat()
}
