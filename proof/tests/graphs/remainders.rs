//! Remainders of every size, in limbs if one table does not hold them.

use crate::support::graphs::divided;
use zkimg_graph::graph::Output;
use zkimg_group::field::from_i64;
use zkimg_proof::relation::Operand;
use zkimg_proof::verify::Reject;

const DIVISORS: [u64; 9] = [
    (1 << 16) - 1,
    1 << 16,
    (1 << 16) + 1,
    (3 << 20) + 7,
    1 << 24,
    (1 << 32) + 1,
    // Whole limbs, but what is above the first is none.
    65_537 << 16,
    ((1 << 24) - 1) << 16,
    1 << 40,
];

fn some_values(divisor: u64) -> Vec<i64> {
    let d = divisor as i64;
    vec![0, d - 1, d, d + 1, 2 * d - 1, d / 2, d + d / 3, 65_535.min(d), d + 65_536.min(d - 1)]
}

/// What the limbs of a value are, one committed tensor after another: as compiling has it.
fn limbs(count: u64, value: i128, all: &mut Vec<i128>) {
    fn exact(count: u64) -> bool {
        count <= 1 << 16 || count.is_multiple_of(1 << 16) && exact(count >> 16)
    }
    if count <= 1 << 16 {
    } else if exact(count) {
        all.push(value >> 16);
        limbs(count >> 16, value >> 16, all);
    } else {
        limbs(count.next_power_of_two(), value, all);
        limbs(count.next_power_of_two(), i128::from(count) - 1 - value, all);
    }
}

#[test]
fn remainders_of_every_divisor_are_proved() {
    for divisor in DIVISORS {
        let values = some_values(divisor);
        let numbers = divided(divisor, &values);
        let mut forger = numbers.forger(Output::Revealed);
        let expected: Vec<i64> = values.iter().map(|v| v / divisor as i64).collect();
        assert_eq!(forger.output, expected, "{divisor}");
        assert_eq!(forger.count(), 0, "{divisor}");
        forger.judge().unwrap_or_else(|reject| panic!("{divisor}: {reject}"));
        for (t, tensor) in forger.tensors.iter().enumerate().skip(1).rev().skip(1).rev() {
            for (cell, value) in values.iter().enumerate() {
                let mut all = Vec::new();
                limbs(divisor, i128::from(value % divisor as i64), &mut all);
                assert_eq!(tensor[cell], from_i64(all[t - 1] as i64), "{divisor}");
            }
        }
    }
}

#[test]
fn a_remainder_out_of_its_range_has_no_limbs() {
    for divisor in DIVISORS {
        let values = some_values(divisor);
        for by in [-1, 1] {
            for cell in 0..values.len() {
                let mut forger = divided(divisor, &values).forger(Output::Revealed);
                forger.output[cell] += by;
                // r ± D, in the best limbs there are.
                let remainder = i128::from(values[cell] % divisor as i64) - i128::from(by) * i128::from(divisor);
                let mut all = Vec::new();
                limbs(divisor, remainder, &mut all);
                for (t, limb) in all.iter().enumerate() {
                    forger.tensors[t + 1][cell] = zkimg_group::field::from_i128(*limb);
                }
                assert!(forger.count() > 0, "{divisor}: {} by {by}", values[cell]);
                if cell == 2 {
                    let bounds = forger.relation.output_bounds;
                    if bounds.contain(forger.output[cell].into()) {
                        assert_eq!(forger.judge().err(), Some(Reject::Equations), "{divisor}");
                    }
                }
            }
        }
    }
}

#[test]
fn limbs_that_are_none_are_refused() {
    // One too many, one below zero, another.
    for divisor in [(1 << 16) + 1, 1 << 24, (1 << 32) + 1] {
        let values = some_values(divisor);
        for limb in [65_536, -1, 40_000] {
            let mut forger = divided(divisor, &values).forger(Output::Revealed);
            forger.tensors[1][6] = from_i64(limb);
            assert!(forger.count() > 0, "{divisor}, {limb}");
            assert_eq!(forger.judge().err(), Some(Reject::Equations), "{divisor}, {limb}");
        }
    }
}

#[test]
fn limbs_have_lookups_of_their_own() {
    // All but the lowest 16 bits are committed; every committed limb is looked up by itself or as what it leaves.
    for (divisor, tensors, lookups) in
        [(1 << 16, 0, 1), ((1 << 16) + 1, 2, 4), (65_537 << 16, 4, 6), (1 << 24, 1, 2), ((1 << 32) + 1, 4, 6), (1 << 40, 2, 3)]
    {
        let relation = divided(divisor, &[0, 1]).relation(Output::Revealed);
        let longest = relation.tables.iter().map(|table| table.len()).max();
        assert!(longest <= Some(1 << 16), "tables stay at 2^16");
        assert_eq!((relation.tensors.len() - 2, relation.lookups.len()), (tensors, lookups), "{divisor}");
        for t in 1..relation.tensors.len() - 1 {
            let reads = |form: &zkimg_proof::relation::Form| form.terms.iter().any(|term| term.operand == Operand::Tensor(t));
            assert!(relation.lookups.iter().filter(|lookup| reads(&lookup.key)).count() >= 2, "limb {t} of {divisor}");
        }
    }
}

#[test]
fn limbs_that_changed_places_are_refused() {
    // Of the greatest remainder: the upper limbs of r and of D − 1 − r, or both upper limbs of r.
    for divisor in [(1 << 16) + 1, (1 << 32) + 1] {
        let mut forger = divided(divisor, &some_values(divisor)).forger(Output::Revealed);
        let [a, b] = [forger.tensors[1][1], forger.tensors[2][1]];
        assert_ne!(a, b, "{divisor}");
        (forger.tensors[1][1], forger.tensors[2][1]) = (b, a);
        assert!(forger.count() > 0, "{divisor}");
        assert_eq!(forger.judge().err(), Some(Reject::Equations), "{divisor}");
    }
}
