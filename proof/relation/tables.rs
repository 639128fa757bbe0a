//! Tables: which pairs of key and value a lookup may hit.

use crate::multilinear::Point;
use ff::Field;
use std::sync::Arc;
use zkimg_graph::graph::Results;
use zkimg_group::field::{F, eq_table, from_i64};

/// A table: entry `i` is the pair `(first + i, value_i)`, the value 0 for a plain range.
#[derive(Clone, Debug)]
pub struct Table {
    /// The key of the first entry.
    pub first: i64,
    /// The values, or how many keys a plain range has.
    pub values: Values,
}

/// The second column of a table.
#[derive(Clone, Debug)]
pub enum Values {
    /// A range of so many keys, all with value 0.
    Range(usize),
    /// A function's value for each key.
    Results(Results),
}

/// Sums over a table's entries, entry `i` counted `eq(point, i)` times.
#[derive(Clone, Copy, Debug)]
pub struct TableSums {
    /// Of ones.
    pub ones: F,
    /// Of the entries' numbers.
    pub indices: F,
    /// Of their values.
    pub values: F,
}

impl PartialEq for Table {
    fn eq(&self, other: &Table) -> bool {
        self.first == other.first
            && match (&self.values, &other.values) {
                (Values::Range(a), Values::Range(b)) => a == b,
                // Boxes share their step's table, which may be long.
                (Values::Results(Results::Bytes(a)), Values::Results(Results::Bytes(b))) => Arc::ptr_eq(a, b) || a == b,
                (Values::Results(Results::Words(a)), Values::Results(Results::Words(b))) => Arc::ptr_eq(a, b) || a == b,
                _ => false,
            }
    }
}

impl Eq for Table {}

impl Table {
    /// The number of entries.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Range(len) => *len,
            Values::Results(values) => values.len(),
        }
    }

    /// Whether the table has no entries (it never does in a compiled relation).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of entry `i`.
    pub fn value(&self, i: usize) -> i64 {
        match &self.values {
            Values::Range(_) => 0,
            Values::Results(values) => values.get(i),
        }
    }

    /// Sums over all entries at a point of the table's own bits.
    pub fn sums(&self, coordinates: &[F]) -> TableSums {
        let point = Point::new(coordinates);
        let values = match &self.values {
            Values::Range(_) => F::ZERO,
            Values::Results(Results::Bytes(values)) => weighted(values, coordinates, &point),
            Values::Results(Results::Words(values)) => weighted(values, coordinates, &point),
        };
        TableSums { ones: point.below(self.len()), indices: point.indices_below(self.len()), values }
    }
}

/// `Σ eq(point, i)·values[i]`, by runs of equal values where these are long: nearly all of a clamp's table is.
fn weighted<T: Copy + PartialEq + Into<i64>>(values: &[T], coordinates: &[F], point: &Point<'_>) -> F {
    const LONG: usize = 4;
    let runs = || values.chunk_by(|a, b| a == b);
    if runs().count() * LONG > values.len() {
        return values.iter().zip(eq_table(coordinates, values.len())).map(|(value, e)| e * from_i64((*value).into())).sum();
    }
    let (mut start, mut below, mut sum) = (0, F::ZERO, F::ZERO);
    for run in runs() {
        start += run.len();
        let next = point.below(start);
        sum += from_i64(run[0].into()) * (next - below);
        below = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use zkimg_graph::tensor::index_bits;
    use zkimg_group::field::hash_to_field;

    proptest! {
        #[test]
        fn sums_are_those_of_the_entries(runs in proptest::collection::vec((any::<u8>(), 1usize..30), 1..40), first in -9i64..9) {
            let values: Vec<u8> = runs.iter().flat_map(|(value, count)| std::iter::repeat_n(*value, *count)).collect();
            let table = Table { first, values: Values::Results(Results::Bytes(values.clone().into())) };
            let point: Vec<F> = (0..index_bits(values.len()) as u32).map(|i| hash_to_field("t", &i.to_le_bytes())).collect();
            let sum = |f: &dyn Fn(usize) -> u64| -> F { eq_table(&point, values.len()).iter().enumerate().map(|(i, e)| *e * F::from(f(i))).sum() };
            let sums = table.sums(&point);
            prop_assert_eq!(sums.ones, sum(&|_| 1));
            prop_assert_eq!(sums.indices, sum(&|i| i as u64));
            prop_assert_eq!(sums.values, sum(&|i| values[i].into()));
        }
    }
}
