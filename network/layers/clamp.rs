//! From quotients to bytes: `y = clamp(q)`, `q = ⌊v/D⌋`.
//!
//! Where one table holds every quotient that the bounds of weights and biases allow, that is one node, `(q, y)` in the table. Bounds of a wide
//! window or of large multipliers allow more, though hardly any picture makes it so. There the same `y` is made in four steps:
//!
//! | value | | lies in |
//! |---|---|---|
//! | `q = ⌊v/D⌋` | | `−2^bits … 2^bits − 1` |
//! | `h = ⌊q/2^8⌋` | | `−2^(bits − 8) … 2^(bits − 8) − 1` |
//! | `s` | −1 below zero, 0 of zero, 1 above, of `h` by a table | −1, 0, 1 |
//! | `y` | `clamp(q − 2^8·h + 2^8·s)` by a table of 3·2^8 entries | a byte |
//!
//! `q − 2^8·h` lies in `0 … 2^8 − 1`. So the last key is below zero where `q` is, is `q` where that is a byte, and beyond every byte where `q`
//! is: its clamp is that of `q`.

use super::{BadLayer, Emitter, Range, signed_bounds};
use zkimg_graph::graph::{Function, Part, Results, ValueId};
use zkimg_graph::linear::LinearMap;
use zkimg_graph::step::{MAX_TABLE, Region};
use zkimg_graph::tensor::{Bounds, Dims};

/// The bits of a byte.
const BYTE_BITS: u32 = 8;
/// Quotients lie in `−2^MAX_BITS … 2^MAX_BITS − 1`: as many as the table of signs holds of `h`.
pub(crate) const MAX_BITS: u32 = MAX_TABLE.ilog2() + BYTE_BITS - 1;
/// Values that are made of one result where its quotients are wide.
pub(crate) const WIDE_VALUES: usize = 4;
/// Entries of a clamp's table where quotients are wide.
pub(crate) const WIDE_TABLE: i128 = 3 << BYTE_BITS;

/// Whether quotients that reach this far either way are more than one table holds.
pub(crate) fn is_wide(reach: i128) -> bool {
    2 * reach + 1 > MAX_TABLE as i128
}

/// Entries of the table of signs for quotients of so many bits.
pub(crate) fn signs(bits: u32) -> i128 {
    1 << (bits + 1 - BYTE_BITS)
}

fn part(dims: Dims, terms: Vec<(ValueId, LinearMap)>, divisor: u64, function: Function) -> Part {
    Part { region: Region::whole(dims), terms, products: Vec::new(), bias: 0, divisor, function }
}

impl Emitter<'_> {
    /// `clamp(q)` of the quotients of a part, which has no function of its own.
    pub(super) fn clamped(&mut self, quotients: Part, range: Range) -> Result<ValueId, BadLayer> {
        let Some(bits) = self.wide else {
            let function = self.clamp(-self.reach..=self.reach, range);
            return Ok(self.graph.single(Bounds::BYTE, Part { function, ..quotients })?);
        };
        let q = self.graph.single(signed_bounds(bits), quotients)?;
        let dims = self.graph.get(q).dims;
        let same = |value| (value, LinearMap::identity(dims));
        let above = signed_bounds(bits - BYTE_BITS);
        let h = self.graph.single(above, part(dims, vec![same(q)], 1 << BYTE_BITS, Function::Identity))?;
        let signs = self.signs(above);
        let s = self.graph.single(Bounds { low: -1, high: 1 }, part(dims, vec![same(h)], 1, signs))?;
        let function = self.clamp(-(1 << BYTE_BITS)..=(2 << BYTE_BITS) - 1, range);
        let terms = vec![same(q), (h, LinearMap::scaled(dims, -(1 << BYTE_BITS))), (s, LinearMap::scaled(dims, 1 << BYTE_BITS))];
        Ok(self.graph.single(Bounds::BYTE, part(dims, terms, 1, function))?)
    }

    /// The table of clamped quotients; one for all layers with the same clamp.
    fn clamp(&mut self, quotients: std::ops::RangeInclusive<i64>, Range { low, high, .. }: Range) -> Function {
        let key = (*quotients.start(), low, high);
        if let Some((_, known)) = self.clamps.iter().find(|(other, _)| *other == key) {
            return known.clone();
        }
        let first = *quotients.start();
        let byte = |q: i64| q.clamp(low.into(), high.max(low).into()) as u8;
        let function = Function::Table { first, values: Results::Bytes(quotients.map(byte).collect()) };
        self.clamps.push((key, function.clone()));
        function
    }

    /// The table of signs; one for all layers.
    fn signs(&mut self, bounds: Bounds) -> Function {
        let sign = |h: i64| h.signum() as i16;
        let table = || Function::Table { first: bounds.low, values: Results::Words((bounds.low..=bounds.high).map(sign).collect()) };
        self.signs.get_or_insert_with(table).clone()
    }
}
