//! Codes of symbols: read from a file (ITU-T T.81, C.2 and F.2.2.3), and the best for given counts (K.2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::{BitReader, Fault};
use crate::reader::Reader;

/// The lengths and symbols of a table, as a file has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// How many codes there are of 1 to 16 bits.
    pub(super) lengths: [u8; 16],
    /// Their symbols, in the order of the codes.
    pub(super) symbols: Vec<u8>,
}

impl Code {
    /// Reads a table; its codes must fit, and none may be all ones.
    pub(super) fn read(r: &mut Reader<'_>) -> Result<Code, Fault> {
        const BAD: Fault = "one of its Huffman tables is malformed";
        let lengths: [u8; 16] = r.array().map_err(|_| BAD)?;
        let count: usize = lengths.iter().map(|n| usize::from(*n)).sum();
        let symbols = r.take(count).map_err(|_| BAD)?.to_vec();
        let mut room = 1u32 << 16;
        for (length, n) in (1..).zip(lengths) {
            room = room.checked_sub(u32::from(n) << (16 - length)).ok_or(BAD)?;
        }
        let mut seen = [false; 256];
        let twice = symbols.iter().any(|symbol| seen.get_mut(usize::from(*symbol)).is_none_or(|seen| std::mem::replace(seen, true)));
        if count == 0 || room == 0 || twice { Err(BAD) } else { Ok(Code { lengths, symbols }) }
    }

    /// Each symbol's code and its length, in order.
    fn codes(&self) -> impl Iterator<Item = (u8, u16, u32)> {
        let lengths = (1u32..).zip(self.lengths).flat_map(|(length, n)| std::iter::repeat_n(length, n.into()));
        let mut next = (0u32, 0);
        self.symbols.iter().zip(lengths).map(move |(symbol, length)| {
            let code = next.0 << (length - next.1);
            next = (code + 1, length);
            (*symbol, code as u16, length)
        })
    }
}

/// A table to decode with: symbol and length for every 16 bits that may come next.
pub(super) struct Decoder(Vec<(u8, u8)>);

impl Decoder {
    pub(super) fn new(code: &Code) -> Decoder {
        let mut all = Vec::with_capacity(1 << 16);
        code.codes().for_each(|(symbol, _, length)| all.extend(std::iter::repeat_n((symbol, length as u8), 1 << (16 - length))));
        Decoder(all)
    }

    /// The next symbol.
    pub(super) fn symbol(&self, bits: &mut BitReader<'_>) -> Result<u8, Fault> {
        let (word, _) = bits.peek();
        let (symbol, length) = *self.0.get(usize::from(word)).ok_or("its picture data has a code that stands for nothing")?;
        bits.pass(length.into())?;
        Ok(symbol)
    }
}

/// A table to encode with: code and length of each symbol.
pub(super) struct Encoder([(u16, u32); 256]);

impl Encoder {
    pub(super) fn new(code: &Code) -> Encoder {
        let mut all = [(0, 0); 256];
        for (symbol, code, length) in code.codes() {
            if let Some(entry) = all.get_mut(usize::from(symbol)) {
                *entry = (code, length);
            }
        }
        Encoder(all)
    }

    /// The code of a symbol that was counted.
    pub(super) fn code(&self, symbol: u8) -> (u32, u32) {
        let (code, length) = self.0.get(usize::from(symbol)).copied().unwrap_or_default();
        (code.into(), length)
    }
}

/// How often each symbol comes.
pub(super) type Counts = [u32; 256];

/// The shortest code of at most 16 bits of which none is all ones.
pub(super) fn best(counts: &Counts) -> Code {
    // Trees with their weights, by which symbols they hold; one more symbol takes the code of all ones.
    let mut depths = [0u32; 257];
    let mut trees: Vec<(u64, Vec<usize>)> =
        counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(symbol, n)| (u64::from(*n), vec![symbol])).collect();
    trees.push((0, vec![256]));
    while trees.len() > 1 {
        // The lightest last; of equal ones those that were made last stay up.
        trees.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let (Some(a), Some(b)) = (trees.pop(), trees.pop()) else { break };
        let both: Vec<usize> = [a.1, b.1].concat();
        both.iter().for_each(|symbol| depths.iter_mut().skip(*symbol).take(1).for_each(|depth| *depth += 1));
        trees.push((a.0 + b.0, both));
    }
    let mut lengths = shortened(&depths);
    // The reserved symbol has one of the longest codes.
    if let Some(longest) = lengths.iter_mut().rev().find(|n| **n > 0) {
        *longest -= 1;
    }
    let mut symbols: Vec<(u32, u8)> =
        (0..=255u8).zip(depths).filter(|(_, depth)| *depth > 0).map(|(symbol, depth)| (depth, symbol)).collect();
    symbols.sort_unstable();
    Code { lengths, symbols: symbols.into_iter().map(|(_, symbol)| symbol).collect() }
}

/// How many codes there are of each length, none above 16 (K.2, figure K.3).
fn shortened(depths: &[u32]) -> [u8; 16] {
    // Sums of 32-bit counts make trees of at most 47 levels or so.
    let mut counts = [0u16; 64];
    for depth in depths.iter().filter(|depth| **depth > 0) {
        counts.iter_mut().skip(*depth as usize).take(1).for_each(|n| *n += 1);
    }
    let mut at = counts.len() - 1;
    while at > 16 {
        if counts.get(at).copied().unwrap_or(0) == 0 {
            at -= 1;
            continue;
        }
        // Two go up by one bit as one, and the code that makes room becomes two.
        let Some(room) = (1..at - 1).rev().find(|i| counts.get(*i).is_some_and(|n| *n > 0)) else { break };
        for (i, change) in [(at, -2), (at - 1, 1), (room + 1, 2), (room, -1)] {
            counts.iter_mut().skip(i).take(1).for_each(|n| *n = n.wrapping_add_signed(change));
        }
    }
    let mut lengths = [0; 16];
    lengths.iter_mut().zip(counts.iter().skip(1)).for_each(|(length, n)| *length = u8::try_from(*n).unwrap_or(u8::MAX));
    lengths
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::coefficients::bits::BitWriter;
    use proptest::prelude::*;

    fn bits(code: &Code, counts: &Counts) -> u64 {
        let encoder = Encoder::new(code);
        counts.iter().zip(0..=255).map(|(n, symbol)| u64::from(*n) * u64::from(encoder.code(symbol).1)).sum()
    }

    /// Sums of the two lightest, without a bound on lengths: the bits, and the longest code, where trees as heavy join the flattest.
    fn huffman(counts: &Counts) -> (u64, u32) {
        let mut trees: Vec<(u64, u32)> = counts.iter().filter(|n| **n > 0).map(|n| (u64::from(*n), 0)).chain([(0, 0)]).collect();
        let mut sum = 0;
        while trees.len() > 1 {
            trees.sort_unstable_by(|a, b| b.cmp(a));
            let [a, b] = [(); 2].map(|()| trees.pop().expect("two trees"));
            sum += a.0 + b.0;
            trees.push((a.0 + b.0, 1 + a.1.max(b.1)));
        }
        (sum, trees[0].1)
    }

    proptest! {
        #[test]
        fn the_best_code_is_read_back_and_is_as_short_as_any(some in proptest::collection::btree_map(any::<u8>(), 1u32..2000, 1..100)) {
            let mut counts = [0; 256];
            some.iter().for_each(|(symbol, n)| counts[usize::from(*symbol)] = *n);
            let code = best(&counts);
            let bytes = [&code.lengths[..], &code.symbols].concat();
            prop_assert_eq!(&Code::read(&mut Reader::new(&bytes)).expect("well formed"), &code);
            let (shortest, longest) = huffman(&counts);
            prop_assert!(bits(&code, &counts) >= shortest);
            // A code that needs more than 16 bits somewhere has to be shortened there.
            prop_assert!(longest > 16 || bits(&code, &counts) == shortest);
            let (encoder, decoder) = (Encoder::new(&code), Decoder::new(&code));
            let mut writer = BitWriter::default();
            for symbol in some.keys() {
                let (code, length) = encoder.code(*symbol);
                writer.write(code, length);
            }
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for symbol in some.keys() {
                prop_assert_eq!(decoder.symbol(&mut reader), Ok(*symbol));
            }
        }
    }

    #[test]
    fn no_code_is_longer_than_sixteen_bits() {
        // Fibonacci's numbers make the deepest trees.
        let mut counts = [0; 256];
        let (mut a, mut b) = (1u32, 1u32);
        for count in &mut counts[..40] {
            *count = a;
            (a, b) = (b, a + b);
        }
        let code = best(&counts);
        assert_eq!(code.lengths.iter().map(|n| usize::from(*n)).sum::<usize>(), 40);
        assert!(Code::read(&mut Reader::new(&[&code.lengths[..], &code.symbols].concat())).is_ok());
        assert!(huffman(&counts).0 < bits(&code, &counts));
    }

    #[test]
    fn malformed_tables_are_refused() {
        let read = |lengths: [u8; 16], symbols: &[u8]| Code::read(&mut Reader::new(&[&lengths[..], symbols].concat())).is_ok();
        let lengths = |first: &[u8]| {
            let mut all = [0; 16];
            all[..first.len()].copy_from_slice(first);
            all
        };
        assert!(read(lengths(&[1]), &[7]));
        assert!(read(lengths(&[1, 1]), &[7, 8]));
        assert!(!read(lengths(&[2]), &[7, 8]), "one code is all ones");
        assert!(!read(lengths(&[3]), &[7, 8, 9]), "more codes than there are");
        assert!(!read(lengths(&[1, 1]), &[7, 7]), "one symbol twice");
        assert!(!read(lengths(&[1, 1]), &[7]), "cut short");
        assert!(!read(lengths(&[]), &[]), "no code");
    }
}
