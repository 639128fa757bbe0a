//! Bits out of coefficients: one baseline scan of all components (ITU-T T.81, F.1.2).
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::bits::BitWriter;
use super::huffman::{Code, Counts, Encoder, best};
use super::{Block, Coefficients, ZIGZAG};

/// One symbol and the bits behind it.
struct Said {
    /// 0 for luma and 1 for colour, twice: first coefficients, then others.
    table: usize,
    symbol: u8,
    bits: u32,
    size: u32,
}

/// The scan's data, and the tables for first coefficients and others of luma, then of colour, if there is any.
pub(super) fn scan(picture: &Coefficients) -> (Vec<u8>, Vec<[Code; 2]>) {
    let mut counts: [Counts; 4] = [[0; 256]; 4];
    each(picture, |said| {
        let count = counts.get_mut(said.table).and_then(|counts| counts.get_mut(usize::from(said.symbol)));
        count.into_iter().for_each(|count| *count += 1);
    });
    let [luma_first, luma, colour_first, colour] = counts.map(|counts| best(&counts));
    let mut codes = vec![[luma_first, luma]];
    if picture.shape.components() > 1 {
        codes.push([colour_first, colour]);
    }
    let encoders: Vec<Encoder> = codes.iter().flatten().map(Encoder::new).collect();
    let mut writer = BitWriter::default();
    each(picture, |said| {
        let (code, length) = encoders.get(said.table).map_or((0, 0), |encoder| encoder.code(said.symbol));
        writer.write(code, length);
        writer.write(said.bits, said.size);
    });
    (writer.finish(), codes)
}

/// All that is said, in order.
fn each(picture: &Coefficients, mut say: impl FnMut(Said)) {
    let shape = picture.shape;
    let (down, across) = shape.units();
    let mut before = [0i16; 3];
    for (y, x) in (0..down).flat_map(|y| (0..across).map(move |x| (y, x))) {
        for ((component, plane), before) in picture.components.iter().enumerate().zip(&mut before) {
            let (rows, columns) = shape.blocks(component);
            let (high, wide) = shape.in_unit(component);
            for (i, j) in (0..high).flat_map(|i| (0..wide).map(move |j| (i, j))) {
                let (row, column) = (y * high + i, x * wide + j);
                // Beyond the picture nothing is shown: as flat as the block before.
                let beyond = [0; 64];
                let inside = row < rows && column < columns;
                let found = plane.blocks.get(row * columns + column).filter(|_| inside);
                let first = found.map_or(*before, |block| block[0]);
                let table = 2 * component.min(1);
                let (size, bits) = sized(i32::from(first) - i32::from(*before));
                say(Said { table, symbol: size as u8, bits, size });
                *before = first;
                others(found.unwrap_or(&beyond), table + 1, &mut say);
            }
        }
    }
}

fn others(block: &Block, table: usize, say: &mut impl FnMut(Said)) {
    let mut zeros = 0u8;
    for place in ZIGZAG.iter().skip(1) {
        let value = block.get(usize::from(*place)).copied().unwrap_or(0);
        if value == 0 {
            zeros += 1;
            continue;
        }
        while zeros > 15 {
            say(Said { table, symbol: 0xf0, bits: 0, size: 0 });
            zeros -= 16;
        }
        let (size, bits) = sized(value.into());
        say(Said { table, symbol: zeros << 4 | size as u8, bits, size });
        zeros = 0;
    }
    if zeros > 0 {
        say(Said { table, symbol: 0, bits: 0, size: 0 });
    }
}

/// How many bits a number takes, and those: of a negative one, as many less than the greatest.
fn sized(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = if value < 0 { value + (1 << size) - 1 } else { value };
    (size, bits.cast_unsigned())
}
