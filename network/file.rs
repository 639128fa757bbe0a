//! An architecture as bytes, one encoding each.
//!
//! | bytes | what |
//! |---|---|
//! | 4 + 4 + 4 | channels, height, width of the input |
//! | 1 | precision: 24, 32 or 40, the bits of `D` |
//! | 1 | bits of a bias |
//! | 2 | number of layers |
//! | … | each layer: its kind, 1; the values it reads, 2 each, two of a sum and one of all others; its fields as below |
//!
//! | kind | layer | fields |
//! |---|---|---|
//! | 0 | convolution | channels read 4, written 4, window 20, zero 1, bits 1, range 3 |
//! | 1 | depthwise convolution | channels 4, window 20, zero 1, bits 1, range 3 |
//! | 2 | dense layer | cells read 4, written 4, bits 1, range 3 |
//! | 3, 4, 7 | sum, change of scale, mean | shape 12, bits 1, range 3 |
//! | 5 | PReLU | shape 12, zero 1, bits 1, range 3 |
//! | 6 | average pool | channels 4, window 20 |
//!
//! A window is, down and then across: input, kernel, stride, before, output, 2 bytes each. A range is the bytes of zero, least, greatest.
//! Numbers are little-endian.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::layers::{Add, AveragePool, Axis, Conv, Dense, Depthwise, Layer, Mean, Prelu, Range, Rescale, Window};
use crate::model::{Architecture, BadNetwork, MAX_BIAS_BITS, MAX_LAYERS, Placed};
use crate::quantise::Precision;
use zkimg_graph::tensor::Dims;

/// Bytes that are no architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadArchitecture {
    /// They end too early.
    #[error("the description of the network is cut short")]
    CutShort,
    /// Something follows.
    #[error("bytes follow the description of the network")]
    TooLong,
    /// A value that no description has.
    #[error("the network's {0} is not valid")]
    Invalid(&'static str),
    /// A network that cannot be.
    #[error(transparent)]
    Network(#[from] BadNetwork),
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], BadArchitecture> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(BadArchitecture::CutShort)?;
        self.0 = rest;
        Ok(*head)
    }

    fn byte(&mut self) -> Result<u8, BadArchitecture> {
        self.array().map(u8::from_le_bytes)
    }

    fn short(&mut self) -> Result<usize, BadArchitecture> {
        self.array().map(u16::from_le_bytes).map(usize::from)
    }

    fn long(&mut self) -> Result<usize, BadArchitecture> {
        usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| BadArchitecture::Invalid("size"))
    }

    fn dims(&mut self) -> Result<Dims, BadArchitecture> {
        Dims::new(self.long()?, self.long()?, self.long()?).map_err(|_| BadArchitecture::Invalid("shape"))
    }

    fn axis(&mut self) -> Result<Axis, BadArchitecture> {
        let [input, kernel, stride, before, output] = [self.short()?, self.short()?, self.short()?, self.short()?, self.short()?];
        Ok(Axis { input, kernel, stride, before, output })
    }

    fn window(&mut self) -> Result<Window, BadArchitecture> {
        Ok(Window { y: self.axis()?, x: self.axis()? })
    }

    fn bits(&mut self) -> Result<u32, BadArchitecture> {
        self.byte().map(u32::from)
    }

    fn range(&mut self) -> Result<Range, BadArchitecture> {
        let [zero, low, high] = self.array()?;
        if low > high { Err(BadArchitecture::Invalid("clamp")) } else { Ok(Range { zero, low, high }) }
    }

    fn layer(&mut self, kind: u8) -> Result<Layer, BadArchitecture> {
        Ok(match kind {
            0 => Layer::Conv(Conv {
                inputs: self.long()?,
                outputs: self.long()?,
                window: self.window()?,
                zero: self.byte()?,
                weight_bits: self.bits()?,
                range: self.range()?,
            }),
            1 => Layer::Depthwise(Depthwise {
                channels: self.long()?,
                window: self.window()?,
                zero: self.byte()?,
                weight_bits: self.bits()?,
                range: self.range()?,
            }),
            2 => Layer::Dense(Dense { inputs: self.long()?, outputs: self.long()?, weight_bits: self.bits()?, range: self.range()? }),
            3 => Layer::Add(Add { dims: self.dims()?, weight_bits: self.bits()?, range: self.range()? }),
            4 => Layer::Rescale(Rescale { dims: self.dims()?, weight_bits: self.bits()?, range: self.range()? }),
            5 => Layer::Prelu(Prelu { dims: self.dims()?, zero: self.byte()?, weight_bits: self.bits()?, range: self.range()? }),
            6 => Layer::AveragePool(AveragePool { channels: self.long()?, window: self.window()? }),
            7 => Layer::Mean(Mean { dims: self.dims()?, weight_bits: self.bits()?, range: self.range()? }),
            _ => return Err(BadArchitecture::Invalid("kind of a layer")),
        })
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn long(&mut self, value: usize) {
        self.0.extend((value as u32).to_le_bytes());
    }

    fn short(&mut self, value: usize) {
        self.0.extend((value as u16).to_le_bytes());
    }

    fn dims(&mut self, dims: Dims) {
        [dims.channels, dims.height, dims.width].into_iter().for_each(|side| self.long(side));
    }

    fn window(&mut self, window: Window) {
        for Axis { input, kernel, stride, before, output } in [window.y, window.x] {
            [input, kernel, stride, before, output].into_iter().for_each(|n| self.short(n));
        }
    }

    /// Bits of a weight, and the clamp.
    fn end(&mut self, bits: u32, Range { zero, low, high }: Range) {
        self.0.extend([bits as u8, zero, low, high]);
    }

    fn layer(&mut self, Placed { layer, reads }: &Placed) {
        let kind = match layer {
            Layer::Conv(_) => 0,
            Layer::Depthwise(_) => 1,
            Layer::Dense(_) => 2,
            Layer::Add(_) => 3,
            Layer::Rescale(_) => 4,
            Layer::Prelu(_) => 5,
            Layer::AveragePool(_) => 6,
            Layer::Mean(_) => 7,
        };
        self.0.push(kind);
        reads.iter().for_each(|value| self.short(*value));
        match layer {
            Layer::Conv(conv) => {
                [conv.inputs, conv.outputs].into_iter().for_each(|n| self.long(n));
                self.window(conv.window);
                self.0.push(conv.zero);
                self.end(conv.weight_bits, conv.range);
            }
            Layer::Depthwise(depthwise) => {
                self.long(depthwise.channels);
                self.window(depthwise.window);
                self.0.push(depthwise.zero);
                self.end(depthwise.weight_bits, depthwise.range);
            }
            Layer::Dense(dense) => {
                [dense.inputs, dense.outputs].into_iter().for_each(|n| self.long(n));
                self.end(dense.weight_bits, dense.range);
            }
            Layer::Add(Add { dims, weight_bits, range })
            | Layer::Rescale(Rescale { dims, weight_bits, range })
            | Layer::Mean(Mean { dims, weight_bits, range }) => {
                self.dims(*dims);
                self.end(*weight_bits, *range);
            }
            Layer::Prelu(Prelu { dims, zero, weight_bits, range }) => {
                self.dims(*dims);
                self.0.push(*zero);
                self.end(*weight_bits, *range);
            }
            Layer::AveragePool(pool) => {
                self.long(pool.channels);
                self.window(pool.window);
            }
        }
    }
}

impl Architecture {
    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::new());
        writer.dims(self.input());
        writer.0.extend([self.precision().bits() as u8, self.bias_bits() as u8]);
        writer.short(self.layers().len());
        self.layers().iter().for_each(|layer| writer.layer(layer));
        writer.0
    }

    /// Reads what [`Architecture::to_bytes`] wrote; every byte must belong to it.
    ///
    /// # Errors
    /// If the bytes are anything else, or the network is beyond the limits.
    pub fn from_bytes(bytes: &[u8]) -> Result<Architecture, BadArchitecture> {
        let mut r = Reader(bytes);
        let input = r.dims()?;
        let precision = match r.byte()? {
            24 => Precision::Bits24,
            32 => Precision::Bits32,
            40 => Precision::Reference,
            _ => return Err(BadArchitecture::Invalid("precision")),
        };
        let bias_bits = r.bits()?;
        if bias_bits > MAX_BIAS_BITS {
            return Err(BadArchitecture::Invalid("size of biases"));
        }
        let count = r.short()?;
        if count > MAX_LAYERS {
            return Err(BadNetwork::Layers(count).into());
        }
        let mut layers = Vec::with_capacity(count);
        for _ in 0..count {
            let kind = r.byte()?;
            let reads = (0..if kind == 3 { 2 } else { 1 }).map(|_| r.short()).collect::<Result<_, _>>()?;
            layers.push(Placed { layer: r.layer(kind)?, reads });
        }
        if !r.0.is_empty() {
            return Err(BadArchitecture::TooLong);
        }
        Ok(Architecture::new(input, layers, precision, bias_bits)?)
    }
}
