//! Random maps for the tests of what maps compute, here and over the field.

use super::{AxisMap, Dims, LinearMap, Tap, Term};
use proptest::prelude::*;

pub(super) fn axis(inputs: usize) -> impl Strategy<Value = AxisMap> {
    let tap = (0..inputs as u32, -9i32..10).prop_map(|(input, weight)| Tap { input, weight });
    proptest::collection::vec(proptest::collection::vec(tap, 0..4), 1..6).prop_map(move |o| AxisMap::new(inputs, o))
}

pub(super) fn map() -> impl Strategy<Value = LinearMap> {
    (1usize..4, 1usize..6, 1usize..6, any::<bool>(), 1usize..4).prop_flat_map(|(c, h, w, exchanged, out)| {
        let (rows, columns) = if exchanged { (w, h) } else { (h, w) };
        let mix = proptest::collection::vec(proptest::collection::vec(-5i32..6, c), out);
        (mix, axis(rows), axis(columns)).prop_map(move |(mix, vertical, horizontal)| {
            let mix = AxisMap::matrix(c, mix);
            LinearMap::new(Dims::new(c, h, w).expect("dims"), exchanged, vec![Term { mix, vertical, horizontal }])
        })
    })
}

/// Filters, blocks of equal outputs and scattered taps, with weights of every size, on lines longer than a vector.
pub(super) fn long_axis(inputs: usize) -> impl Strategy<Value = Vec<Vec<Tap>>> {
    let weight = prop_oneof![-9i32..10, -70_000i32..70_000, -20_000_000i32..20_000_000];
    let filter = proptest::collection::vec(weight, 1..8);
    (filter, 0..3usize, 1usize..60).prop_map(move |(filter, shift, outputs)| {
        let taps = |j: usize| {
            filter.iter().enumerate().filter_map(move |(i, weight)| {
                let input = j * shift + i;
                (input < inputs && *weight != 0).then_some(Tap { input: input as u32, weight: *weight })
            })
        };
        (0..outputs).map(|j| taps(j).collect()).collect()
    })
}
