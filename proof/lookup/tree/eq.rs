//! `eq(point, ·)` over indices side by side.

use zkimg_group::field::{F, eq_table};
use zkimg_group::simd::Lanes;

/// `eq(point, i)` for all `i` below `2^|point|`, bit 0 of `i` against `point[0]`; zero in lanes beyond.
pub(super) fn table<L: Lanes<Field = F>>(lanes: L, point: &[F]) -> Vec<L::Several> {
    let (within, above) = point.split_at(point.len().min(L::WIDTH.ilog2() as usize));
    let mut first = L::Several::default();
    let scalars = eq_table(within, 1 << within.len());
    scalars.iter().enumerate().for_each(|(lane, element)| L::set(&mut first, lane, &L::pack(element)));
    let mut table = vec![L::Several::default(); 1 << above.len()];
    table[0] = first;
    for (i, r) in above.iter().enumerate() {
        let (low, high) = table[..2 << i].split_at_mut(1 << i);
        lanes.run(
            #[inline(always)]
            || {
                let r = lanes.splat(r);
                for (low, high) in low.iter_mut().zip(high) {
                    let whole = lanes.load(low);
                    let product = lanes.product(&lanes.loose(&whole), &r);
                    *low = lanes.store(&lanes.reduced(&lanes.difference(&whole, &product)));
                    *high = lanes.store(&product);
                }
            },
        );
    }
    table
}

/// Sums neighbours: `eq` without its first variable.
pub(super) fn halved<L: Lanes<Field = F>>(lanes: L, eq: &[L::Several]) -> Vec<L::Several> {
    let none = L::Several::default();
    let mut halved = vec![none; eq.len().div_ceil(2)];
    lanes.run(
        #[inline(always)]
        || {
            for (sum, two) in halved.iter_mut().zip(eq.chunks(2)) {
                let (even, odd) = lanes.unzip(&lanes.load(&two[0]), &lanes.load(two.get(1).unwrap_or(&none)));
                *sum = lanes.store(&lanes.reduced(&lanes.sum(&even, &odd)));
            }
        },
    );
    halved
}
