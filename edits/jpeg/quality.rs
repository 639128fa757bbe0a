//! The usual tables of a quality from 1 to 100: those of ITU-T T.81, annex K, scaled as the Independent JPEG Group does.

/// A quality, 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality(u8);

const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, //
    12, 12, 14, 19, 26, 58, 60, 55, //
    14, 13, 16, 24, 40, 57, 69, 56, //
    14, 17, 22, 29, 51, 87, 80, 62, //
    18, 22, 37, 56, 68, 109, 103, 77, //
    24, 35, 55, 64, 81, 104, 113, 92, //
    49, 64, 78, 87, 103, 121, 120, 101, //
    72, 92, 95, 98, 112, 100, 103, 99,
];
const COLOUR: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, //
    18, 21, 26, 66, 99, 99, 99, 99, //
    24, 26, 56, 99, 99, 99, 99, 99, //
    47, 66, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99,
];

impl Quality {
    /// `None` for what is no quality.
    pub fn new(quality: u8) -> Option<Quality> {
        (1..=100).contains(&quality).then_some(Quality(quality))
    }

    fn scaled(self, table: [u8; 64]) -> [u8; 64] {
        let quality = u32::from(self.0);
        let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        table.map(|value| ((u32::from(value) * percent + 50) / 100).clamp(1, 255) as u8)
    }

    /// The table of the luma, `8·v + u`.
    pub fn luma(self) -> [u8; 64] {
        self.scaled(LUMA)
    }

    /// The table of the colours.
    pub fn colour(self) -> [u8; 64] {
        self.scaled(COLOUR)
    }
}
