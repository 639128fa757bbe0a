//! Tensors `X[c][y][x]` with free padding, and their rows.
//!
//! The flat index of a cell is `x + 2^ξ·(y + 2^η·c)`: strides are the powers of two above the
//! width and the height. Only real cells are stored and worked on; the cells between them exist in the
//! index space alone, and nobody promises anything about them.

/// The largest number of channels; pictures have no more than [`MAX_PICTURE_CHANNELS`].
pub const MAX_CHANNELS: usize = 1 << 16;
/// The largest number of channels of a picture, and of anything that a chain of edits makes of one.
pub const MAX_PICTURE_CHANNELS: usize = 4;
/// The largest number of flat index bits of one tensor (16384 × 16384 × 4 needs 30).
///
/// Two less than a `usize` has, so that no count of cells overflows in a browser.
pub const MAX_INDEX_BITS: usize = if usize::BITS < 64 { usize::BITS as usize - 2 } else { 34 };

/// The shape of a tensor: channels × height × width, none of them zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dims {
    /// Channels, 1 to 2^16.
    pub channels: usize,
    /// Lines.
    pub height: usize,
    /// Cells in a line.
    pub width: usize,
}

/// A shape the engine does not work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tensor of {channels} × {height} × {width} is not supported")]
pub struct BadDims {
    channels: usize,
    height: usize,
    width: usize,
}

impl Dims {
    /// Checks and builds a shape.
    pub fn new(channels: usize, height: usize, width: usize) -> Result<Dims, BadDims> {
        let dims = Dims { channels, height, width };
        let sides = [height, width].iter().all(|n| (1..=1 << 26).contains(n));
        if !sides || !(1..=MAX_CHANNELS).contains(&channels) || dims.index_bits() > MAX_INDEX_BITS {
            return Err(BadDims { channels, height, width });
        }
        Ok(dims)
    }

    /// A vector of `len` cells: one channel, one line.
    pub fn vector(len: usize) -> Result<Dims, BadDims> {
        Dims::new(1, 1, len)
    }

    /// `ξ`: bits of `x`.
    pub fn x_bits(&self) -> usize {
        index_bits(self.width)
    }

    /// `η`: bits of `y`.
    pub fn y_bits(&self) -> usize {
        index_bits(self.height)
    }

    /// `κ`: bits of `c`.
    pub fn c_bits(&self) -> usize {
        index_bits(self.channels)
    }

    /// `ξ + η + κ`: bits of the flat index.
    pub fn index_bits(&self) -> usize {
        self.x_bits() + self.y_bits() + self.c_bits()
    }

    /// The number of real cells.
    pub fn cells(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// The number of lines, `C·H`.
    pub fn lines(&self) -> usize {
        self.channels * self.height
    }

    /// The flat index of the first cell of line `line` (`line = c·H + y`).
    pub fn line_start(&self, line: usize) -> usize {
        let (c, y) = (line / self.height, line % self.height);
        ((c << self.y_bits()) + y) << self.x_bits()
    }

    /// The flat index of a cell.
    pub fn flat(&self, c: usize, y: usize, x: usize) -> usize {
        (((c << self.y_bits()) + y) << self.x_bits()) + x
    }
}

/// The number of bits needed to index `n` values: `⌈log2 n⌉`, 0 for one value.
pub fn index_bits(n: usize) -> usize {
    n.max(1).next_power_of_two().trailing_zeros() as usize
}

/// Integers between two bounds, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// The least.
    pub low: i64,
    /// The greatest.
    pub high: i64,
}

impl Bounds {
    /// `0..=255`: pixels.
    pub const BYTE: Bounds = Bounds { low: 0, high: 255 };

    /// The greatest magnitude.
    pub fn magnitude(&self) -> i128 {
        i128::from(self.low).abs().max(i128::from(self.high).abs())
    }

    /// How many integers there are.
    pub fn count(&self) -> u64 {
        u64::try_from(i128::from(self.high) - i128::from(self.low) + 1).unwrap_or(0)
    }

    /// Whether an integer lies between them.
    pub fn contain(&self, value: i128) -> bool {
        (self.low.into()..=self.high.into()).contains(&value)
    }
}

/// Values of a tensor, line after line without gaps, in the narrowest type that holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Bytes: pixels.
    U8(Vec<u8>),
    /// Two bytes: remainders.
    U16(Vec<u16>),
    /// Four bytes: multiplicities.
    U32(Vec<u32>),
    /// Two signed bytes: values of signed tables.
    I16(Vec<i16>),
    /// Any other integers: weights, biases.
    I64(Vec<i64>),
}

/// Values that somebody else keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellsRef<'a> {
    /// Bytes.
    U8(&'a [u8]),
    /// Two bytes.
    U16(&'a [u16]),
    /// Four bytes.
    U32(&'a [u32]),
    /// Two signed bytes.
    I16(&'a [i16]),
    /// Any other integers.
    I64(&'a [i64]),
}

/// The same expression for the values of either enum, whatever their type.
#[macro_export]
#[doc(hidden)]
macro_rules! each_type {
    ($kind:ident, $cells:expr, $values:ident => $result:expr) => {
        match $cells {
            $crate::tensor::$kind::U8($values) => $result,
            $crate::tensor::$kind::U16($values) => $result,
            $crate::tensor::$kind::U32($values) => $result,
            $crate::tensor::$kind::I16($values) => $result,
            $crate::tensor::$kind::I64($values) => $result,
        }
    };
}

/// A cell of any type.
pub fn widened<T: Copy + Into<i64>>(cell: &T) -> i64 {
    (*cell).into()
}

impl zeroize::Zeroize for Cells {
    fn zeroize(&mut self) {
        each_type!(Cells, self, v => v.zeroize());
    }
}

impl Cells {
    /// Integers between known bounds, in the narrowest type.
    pub fn collect(values: impl Iterator<Item = i64>, bounds: Bounds) -> Cells {
        let fits = |low: i64, high: i64| bounds.low >= low && bounds.high <= high;
        if fits(0, 0xff) {
            Cells::U8(values.map(|v| v as u8).collect())
        } else if fits(0, 0xffff) {
            Cells::U16(values.map(|v| v as u16).collect())
        } else if fits(i16::MIN.into(), i16::MAX.into()) {
            Cells::I16(values.map(|v| v as i16).collect())
        } else if fits(0, u32::MAX.into()) {
            Cells::U32(values.map(|v| v as u32).collect())
        } else {
            Cells::I64(values.collect())
        }
    }

    /// The same of a slice.
    pub fn narrowest(values: &[i64], bounds: Bounds) -> Cells {
        Cells::collect(values.iter().copied(), bounds)
    }

    /// The values, to be read.
    pub fn view(&self) -> CellsRef<'_> {
        match self {
            Cells::U8(v) => CellsRef::U8(v),
            Cells::U16(v) => CellsRef::U16(v),
            Cells::U32(v) => CellsRef::U32(v),
            Cells::I16(v) => CellsRef::I16(v),
            Cells::I64(v) => CellsRef::I64(v),
        }
    }

    /// Whether they are kept in at most two bytes each, without a sign.
    pub fn are_narrow(&self) -> bool {
        matches!(self, Cells::U8(_) | Cells::U16(_))
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        self.view().len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Cell `i`, widened.
    pub fn get(&self, i: usize) -> i64 {
        self.view().get(i)
    }
}

impl CellsRef<'_> {
    /// The number of cells.
    pub fn len(&self) -> usize {
        each_type!(CellsRef, self, v => v.len())
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Cell `i`, widened.
    pub fn get(&self, i: usize) -> i64 {
        each_type!(CellsRef, self, v => widened(&v[i]))
    }

    /// Whether every cell lies within bounds.
    pub fn are_within(&self, bounds: Bounds) -> bool {
        match self {
            CellsRef::U8(_) if bounds == Bounds::BYTE => true,
            _ => (0..self.len()).all(|i| bounds.contain(self.get(i).into())),
        }
    }

    /// A copy.
    pub fn to_owned(&self) -> Cells {
        match self {
            CellsRef::U8(v) => Cells::U8(v.to_vec()),
            CellsRef::U16(v) => Cells::U16(v.to_vec()),
            CellsRef::U32(v) => Cells::U32(v.to_vec()),
            CellsRef::I16(v) => Cells::I16(v.to_vec()),
            CellsRef::I64(v) => Cells::I64(v.to_vec()),
        }
    }

    /// All cells, widened.
    pub fn widened(&self) -> Vec<i64> {
        each_type!(CellsRef, self, v => v.iter().map(widened).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_outside_the_limits_are_refused() {
        for (c, h, w) in [(0, 1, 1), ((1 << 16) + 1, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1 << 27, 1), (4, 1 << 20, 1 << 20)] {
            assert!(Dims::new(c, h, w).is_err());
        }
    }
}
