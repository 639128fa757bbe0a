//! The circuit's sizes: as many rows as a statement's messages need, and no more.

/// Rows that halo2 fills with blinders.
pub const BLINDED_ROWS: usize = 6;
/// How many sizes there are.
pub const CLASSES: usize = (Class::LARGEST.0 - Class::SMALLEST.0 + 1) as usize;
/// The most messages that a proof may have.
pub const MAX_MESSAGES: usize = Class::LARGEST.messages();

/// A size of the circuit. Which one a proof has follows from its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class(u32);

impl Class {
    /// 2^5 rows: what a crop needs.
    pub const SMALLEST: Class = Class(5);
    /// 2^11 rows.
    pub const LARGEST: Class = Class(11);

    /// The smallest that holds so many messages; `None` if none does.
    pub fn of(messages: usize) -> Option<Class> {
        Class::all().find(|class| messages <= class.messages())
    }

    /// All sizes, the smallest first.
    pub fn all() -> impl Iterator<Item = Class> {
        (Class::SMALLEST.0..=Class::LARGEST.0).map(Class)
    }

    /// The size of `2^k` rows, if there is one.
    pub fn of_bits(k: u32) -> Option<Class> {
        Class::all().find(|class| class.bits() == k)
    }

    /// `k`: `log2` of the rows.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Its place among all sizes.
    pub(crate) fn index(self) -> usize {
        (self.0 - Class::SMALLEST.0) as usize
    }

    /// Rows.
    pub const fn rows(self) -> usize {
        1 << self.0
    }

    /// Rows halo2 lets a circuit use; it fills the rest with blinders.
    pub const fn usable(self) -> usize {
        self.rows() - BLINDED_ROWS
    }

    /// How many messages it holds: the last usable row has the constant.
    pub const fn messages(self) -> usize {
        self.usable() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_fits_is_taken() {
        assert_eq!(Class::of(0), Some(Class::SMALLEST));
        for class in Class::all() {
            assert_eq!(Class::of(class.messages()), Some(class));
            let next = Class::of(class.messages() + 1);
            assert_eq!(next.map(Class::bits), Some(class.bits() + 1).filter(|k| *k <= Class::LARGEST.bits()));
        }
        assert_eq!(MAX_MESSAGES, 2048 - 7);
    }
}
