//! Bits of lossless pixels, the lowest of each byte first, and prefix codes (RFC 9649, section 3.7.2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// Why lossless pixels are refused.
pub(super) type Fault = &'static str;

const SHORT: Fault = "some of its picture data is missing";
const NOT_WHOLE: Fault = "one of its prefix codes is not whole";
const MALFORMED: Fault = "one of its prefix codes is malformed";
const UNORDERED: Fault = "one of its prefix codes has its two symbols out of order";
/// The longest word of a code.
const MAX_LENGTH: usize = 15;
/// Words of up to so many bits are looked up.
const LOOKED_UP: usize = 8;
/// In which order the lengths of words for lengths come.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// A reader of bits.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Bits that are there, the next one lowest.
    ahead: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Bits<'a> {
        Bits { bytes, ahead: 0, count: 0 }
    }

    /// The next up to 32 bits, of which the first is the lowest.
    pub(super) fn take(&mut self, bits: u32) -> Result<u32, Fault> {
        self.fill();
        let taken = self.ahead & ((1 << bits) - 1);
        self.pass(bits)?;
        Ok(taken as u32)
    }

    /// Has at least 32 bits ahead, if there are so many.
    #[inline]
    fn fill(&mut self) {
        if self.count >= 32 {
            return;
        }
        if let Some((four, rest)) = self.bytes.split_first_chunk::<4>() {
            self.ahead |= u64::from(u32::from_le_bytes(*four)) << self.count;
            (self.bytes, self.count) = (rest, self.count + 32);
            return;
        }
        for byte in std::mem::take(&mut self.bytes) {
            self.ahead |= u64::from(*byte) << self.count;
            self.count += 8;
        }
    }

    /// Passes over bits that are ahead.
    #[inline]
    fn pass(&mut self, bits: u32) -> Result<(), Fault> {
        self.count = self.count.checked_sub(bits).ok_or(SHORT)?;
        self.ahead >>= bits;
        Ok(())
    }
}

/// A prefix code: one word of no bits, or a whole code.
pub(super) struct Code {
    /// How many words there are of each length from 1 on; none of a code of one word.
    counts: [u16; MAX_LENGTH],
    /// What they stand for, in the order of the words.
    symbols: Vec<u16>,
    /// By the next bits: what the word there stands for, and above 12 bits its length; 0 where it is longer than those that are looked up.
    short: Vec<u16>,
}

impl Code {
    /// Reads a code for an alphabet.
    pub(super) fn read(bits: &mut Bits<'_>, alphabet: usize) -> Result<Code, Fault> {
        if bits.take(1)? == 0 {
            let mut lengths = [0; ORDER.len()];
            for of in ORDER.iter().take(4 + bits.take(4)? as usize) {
                let length = bits.take(3)? as u8;
                lengths.iter_mut().skip(*of).take(1).for_each(|slot| *slot = length);
            }
            return Code::of(&lengths_by(&Code::of(&lengths)?, bits, alphabet)?);
        }
        // One or two symbols, which are said.
        let two = bits.take(1)? == 1;
        let wide = if bits.take(1)? == 1 { 8 } else { 1 };
        let mut symbols = vec![bits.take(wide)? as u16];
        if two {
            symbols.push(bits.take(8)? as u16);
        }
        if symbols.iter().any(|symbol| usize::from(*symbol) >= alphabet) {
            return Err(MALFORMED);
        }
        // Some programs give the words in the order of the symbols, ours in the order in which they are said; of the same one twice some make a
        // code of no bits.
        if !symbols.is_sorted_by(|a, b| a < b) {
            return Err(UNORDERED);
        }
        let mut counts = [0; MAX_LENGTH];
        counts[0] = if two { 2 } else { 0 };
        Ok(Code::with(counts, symbols))
    }

    /// The code whose words have these lengths; 0 is none.
    fn of(lengths: &[u8]) -> Result<Code, Fault> {
        let mut counts = [0u16; MAX_LENGTH];
        let place = |length: u8| usize::from(length).wrapping_sub(1);
        for length in lengths {
            counts.iter_mut().skip(place(*length)).take(1).for_each(|count| *count += 1);
        }
        // Where the words of each length begin.
        let mut next = [0u16; MAX_LENGTH];
        let mut all = 0;
        for (next, count) in next.iter_mut().zip(counts) {
            *next = all;
            all += count;
        }
        let mut symbols = vec![0; all.into()];
        for (symbol, length) in (0..).zip(lengths) {
            if let Some(next) = next.get_mut(place(*length)) {
                symbols.iter_mut().skip((*next).into()).take(1).for_each(|slot| *slot = symbol);
                *next += 1;
            }
        }
        if let [_] = symbols[..] {
            return Ok(Code::with([0; MAX_LENGTH], symbols));
        }
        // Each word of n bits is one of 2^n; a code is whole if together they are all.
        let taken: usize = counts.iter().zip(1..).map(|(count, length)| usize::from(*count) << (MAX_LENGTH - length)).sum();
        if taken != 1 << MAX_LENGTH {
            return Err(NOT_WHOLE);
        }
        Ok(Code::with(counts, symbols))
    }

    /// With the table of its short words.
    fn with(counts: [u16; MAX_LENGTH], symbols: Vec<u16>) -> Code {
        let longest = longest(&counts).min(LOOKED_UP);
        let mut short = vec![0u16; 1 << longest];
        let mut rest = symbols.iter();
        let mut word = 0u32;
        for (length, count) in (1u16..).zip(counts).take(longest) {
            for symbol in rest.by_ref().take(count.into()) {
                let first = word.reverse_bits() >> (32 - length);
                short.iter_mut().skip(first as usize).step_by(1 << length).for_each(|slot| *slot = length << 12 | symbol);
                word += 1;
            }
            word <<= 1;
        }
        Code { counts, symbols, short }
    }

    /// What its word stands for, if there is one alone.
    pub(super) fn single(&self) -> Option<u16> {
        if let [symbol] = self.symbols[..] { Some(symbol) } else { None }
    }

    /// Reads a word and gives what it stands for.
    #[inline]
    pub(super) fn word(&self, bits: &mut Bits<'_>) -> Result<u16, Fault> {
        if let [symbol] = self.symbols[..] {
            return Ok(symbol);
        }
        bits.fill();
        match self.short.get(bits.ahead as usize & (self.short.len() - 1)) {
            Some(0) | None => self.long(bits),
            Some(entry) => {
                bits.pass(u32::from(entry >> 12))?;
                Ok(entry & 0xfff)
            }
        }
    }

    /// Reads a word bit by bit.
    fn long(&self, bits: &mut Bits<'_>) -> Result<u16, Fault> {
        let (mut word, mut first, mut before) = (0, 0, 0);
        for count in self.counts.map(usize::from) {
            word = word << 1 | bits.take(1)? as usize;
            first <<= 1;
            if word < first + count {
                return self.symbols.get(before + word - first).copied().ok_or(NOT_WHOLE);
            }
            (first, before) = (first + count, before + count);
        }
        Err(NOT_WHOLE)
    }

    /// What a decoder keeps of it, in bytes: a table of words of up to ten bits, and a tree of those that are longer.
    pub(super) fn table(&self) -> usize {
        const WIDE: usize = 10;
        let longest = longest(&self.counts);
        let long: usize = self.counts.iter().skip(WIDE).copied().map(usize::from).sum();
        200 + if longest == 0 { 0 } else { 4 << longest.min(WIDE) } + 32 * long
    }
}

/// The length of the longest word.
fn longest(counts: &[u16; MAX_LENGTH]) -> usize {
    counts.iter().rposition(|count| *count > 0).map_or(0, |at| at + 1)
}

/// The lengths of an alphabet's words, which are themselves words of a code.
fn lengths_by(code: &Code, bits: &mut Bits<'_>, alphabet: usize) -> Result<Vec<u8>, Fault> {
    let mut words = alphabet;
    if bits.take(1)? == 1 {
        let wide = 2 + 2 * bits.take(3)?;
        words = 2 + bits.take(wide)? as usize;
        if words > alphabet {
            return Err(MALFORMED);
        }
    }
    let mut lengths = Vec::with_capacity(alphabet);
    let mut before = 8;
    for _ in 0..words {
        if lengths.len() == alphabet {
            break;
        }
        let (length, times) = match code.word(bits)? as u8 {
            16 => (before, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length, 1),
        };
        if length > 0 {
            before = length;
        }
        lengths.resize(lengths.len() + times as usize, length);
        if lengths.len() > alphabet {
            return Err(MALFORMED);
        }
    }
    lengths.resize(alphabet, 0);
    Ok(lengths)
}
