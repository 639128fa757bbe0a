//! Entropy-coded bits, with the zero behind each 0xff taken out or put in (ITU-T T.81, F.1.2.3).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// Why entropy-coded data are refused.
pub(super) type Fault = &'static str;

const ENDS: Fault = "some of its picture data is missing";

/// Reads bits up to the next marker.
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    at: usize,
    /// Bits that are read ahead, the next one highest.
    ahead: u64,
    count: u32,
}

impl<'a> BitReader<'a> {
    /// Of data that may end with a marker.
    pub(super) fn new(data: &'a [u8]) -> BitReader<'a> {
        BitReader { data, at: 0, ahead: 0, count: 0 }
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let (byte, length) = match (self.data.get(self.at), self.data.get(self.at + 1)) {
                (Some(0xff), Some(0)) => (0xff, 2),
                (Some(0xff) | None, _) => return,
                (Some(byte), _) => (*byte, 1),
            };
            self.at += length;
            self.count += 8;
            self.ahead |= u64::from(byte) << (64 - self.count);
        }
    }

    /// The next 16 bits, zeros behind the last, and how many there are.
    pub(super) fn peek(&mut self) -> (u16, u32) {
        if self.count < 16 {
            self.fill();
        }
        ((self.ahead >> 48) as u16, self.count.min(16))
    }

    /// Passes over bits that were seen.
    pub(super) fn pass(&mut self, count: u32) -> Result<(), Fault> {
        if count > self.count {
            return Err(ENDS);
        }
        self.ahead <<= count;
        self.count -= count;
        Ok(())
    }

    /// The next bits, at most 16, the first highest.
    pub(super) fn bits(&mut self, count: u32) -> Result<u16, Fault> {
        if count == 0 {
            return Ok(0);
        }
        let (word, _) = self.peek();
        self.pass(count)?;
        Ok(word >> (16 - count))
    }

    /// A number of `size` bits: the lower half of them stands for negative ones (F.2.2.1).
    pub(super) fn signed(&mut self, size: u32) -> Result<i32, Fault> {
        let bits = i32::from(self.bits(size)?);
        Ok(if size > 0 && bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits })
    }

    /// The marker behind the data, whose last byte must be begun.
    pub(super) fn marker(mut self) -> Result<(u8, usize), Fault> {
        self.fill();
        if self.count >= 8 {
            return Err("it has more picture data than its blocks take");
        }
        let fill = self.data.iter().skip(self.at).take_while(|byte| **byte == 0xff).count();
        match self.data.get(self.at + fill) {
            Some(marker) if fill > 0 => Ok((*marker, self.at + fill + 1)),
            _ => Err(ENDS),
        }
    }
}

/// Writes bits.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits that wait, lowest last.
    waiting: u64,
    count: u32,
}

impl BitWriter {
    /// Adds up to 32 bits, the first highest.
    pub(super) fn write(&mut self, bits: u32, count: u32) {
        self.waiting = self.waiting << count | u64::from(bits);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.waiting >> self.count) as u8;
            self.bytes.push(byte);
            if byte == 0xff {
                self.bytes.push(0);
            }
        }
        self.waiting &= (1 << self.count) - 1;
    }

    /// All bytes; the last is filled up with ones.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.write((1 << (8 - self.count)) - 1, 8 - self.count);
        }
        self.bytes
    }
}
