//! A JPEG as the integers in it: quantised coefficients, block by block, with their tables and sampling.
//!
//! What is proved of a published JPEG are these integers, not its bytes: a file that is coded anew without loss (other Huffman
//! tables, progressive, restart markers) is the same picture. Reading is strict, as decoders differ in what they make of anything
//! unusual: [`read`](read::read) takes baseline, extended and progressive files in which every bit of every coefficient is said
//! exactly once, with nothing beside them that changes how they are seen.

mod bits;
mod decode;
mod encode;
mod frame;
mod huffman;
mod look;
mod read;
mod scan;
mod write;

pub use read::JpegFile;
pub use write::write_jpeg;

/// The coefficients of one block, `8·v + u`.
pub type Block = [i16; 64];

/// The place in a block, `8·v + u`, of each coefficient in the order of files (ITU-T T.81, figure A.6).
pub const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56,
    57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The least and the greatest coefficient of eight-bit pictures; of all but the first of a block the least is −1023.
pub const COEFFICIENTS: std::ops::RangeInclusive<i16> = -1024..=1023;

/// Size, components and sampling of a JPEG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JpegShape {
    /// Pixels in a line.
    pub width: usize,
    /// Lines.
    pub height: usize,
    /// How many lines and columns of pixels share a sample of colour; `None` of a grey picture.
    pub shared: Option<(usize, usize)>,
}

impl JpegShape {
    /// 1 for grey, 3 for luma and two of colour.
    pub fn components(&self) -> usize {
        if self.shared.is_some() { 3 } else { 1 }
    }

    /// Lines and columns of pixels that a sample of this component stands for.
    pub fn share(&self, component: usize) -> (usize, usize) {
        self.shared.filter(|_| component > 0).unwrap_or((1, 1))
    }

    /// Rows and columns of a component's blocks that have a sample of the picture. A file may hold more, to fill up units: what
    /// these say is shown nowhere, and programs that code a file anew write there what they like.
    pub fn blocks(&self, component: usize) -> (usize, usize) {
        let (lines, columns) = self.share(component);
        (self.height.div_ceil(8 * lines), self.width.div_ceil(8 * columns))
    }

    /// Rows and columns of units: of a picture in colour, what one block of colour covers.
    pub(crate) fn units(&self) -> (usize, usize) {
        let (lines, columns) = self.shared.unwrap_or((1, 1));
        (self.height.div_ceil(8 * lines), self.width.div_ceil(8 * columns))
    }

    /// Rows and columns of a component's blocks in a unit.
    pub(crate) fn in_unit(&self, component: usize) -> (usize, usize) {
        if component == 0 { self.shared.unwrap_or((1, 1)) } else { (1, 1) }
    }
}

/// One component: its quantisation table, `8·v + u`, and its blocks row after row.
#[derive(Clone, PartialEq, Eq)]
pub struct Component {
    /// What each coefficient is multiplied by.
    pub table: [u8; 64],
    /// As many as [`JpegShape::blocks`] says.
    pub blocks: Vec<Block>,
}

/// A picture may be secret: only how much there is of it is printed.
impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

/// A picture as a JPEG has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coefficients {
    /// Size and sampling.
    pub shape: JpegShape,
    /// Luma; and of a picture in colour, blue and red less luma.
    pub components: Vec<Component>,
}
