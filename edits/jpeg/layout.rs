//! Where the coefficients of a picture stand in one tensor: 64 channels, of each a plane with the luma's blocks and the colours' below.

use crate::language::EditError;
use std::ops::Range;
use zkimg_graph::step::Region;
use zkimg_graph::tensor::Dims;

/// The places of a picture's coefficients.
///
/// Channel `8·v + u` has the luma's blocks row by row; below them those of the two colours, side by side where a sample of colour is two
/// columns wide, one below the other where it is one. What is left over is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    dims: Dims,
    luma: (usize, usize),
    colour: Option<(usize, usize)>,
    beside: bool,
}

impl Layout {
    pub(super) fn new(picture: Dims, shared: Option<(usize, usize)>) -> Result<Layout, EditError> {
        let blocks = |(lines, columns)| (picture.height.div_ceil(8 * lines), picture.width.div_ceil(8 * columns));
        let (luma, colour) = (blocks((1, 1)), shared.map(blocks));
        let beside = shared.is_some_and(|(_, columns)| columns == 2);
        let (below, across) = match colour {
            None => (0, luma.1),
            Some((rows, columns)) if beside => (rows, luma.1.max(2 * columns)),
            Some((rows, columns)) => (2 * rows, luma.1.max(columns)),
        };
        Ok(Layout { dims: Dims::new(64, luma.0 + below, across)?, luma, colour, beside })
    }

    /// The tensor's shape.
    pub fn dims(&self) -> Dims {
        self.dims
    }

    /// Rows and columns of a component's blocks: 0 is luma, 1 and 2 are the colours.
    pub fn blocks(&self, component: usize) -> (usize, usize) {
        self.colour.filter(|_| component > 0).unwrap_or(self.luma)
    }

    /// How many components there are.
    pub fn components(&self) -> usize {
        if self.colour.is_some() { 3 } else { 1 }
    }

    /// The rows and columns of a component's blocks in each plane.
    pub fn place(&self, component: usize) -> (Range<usize>, Range<usize>) {
        let (rows, columns) = self.blocks(component);
        let (row, column) = match component {
            0 => (0, 0),
            1 => (self.luma.0, 0),
            _ if self.beside => (self.luma.0, columns),
            _ => (self.luma.0 + rows, 0),
        };
        (row..row + rows, column..column + columns)
    }

    /// The rows and columns of both colours' blocks, and whether they are side by side.
    pub(super) fn colours(&self) -> Option<(Range<usize>, Range<usize>, bool)> {
        self.colour?;
        let ((rows, columns), (last_rows, last_columns)) = (self.place(1), self.place(2));
        Some((rows.start..last_rows.end, columns.start..last_columns.end, self.beside))
    }

    /// What is left over.
    pub(super) fn rest(&self) -> Vec<Region> {
        let (rows, columns) = self.place(0);
        let right = |rows: Range<usize>, columns: Range<usize>| Region { channels: 0..64, rows, columns: columns.end..self.dims.width };
        let colours = self.colours().map(|(rows, columns, _)| right(rows, columns));
        [Some(right(rows, columns)), colours].into_iter().flatten().filter(|region| !region.columns.is_empty()).collect()
    }
}
