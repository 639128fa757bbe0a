//! A layer whose quotients are more than one table holds: proved, and forged in each of the values that it is made of.

use crate::support::forger::Forger;
use crate::support::graphs::{Numbers, dims, judge};
use ff::Field;
use zkimg_graph::graph::Output;
use zkimg_graph::tensor::Cells;
use zkimg_group::field::{F, from_i64};
use zkimg_network::layers::{Dense, Layer, Range};
use zkimg_network::model::{Architecture, Model, Placed, Weights};
use zkimg_network::quantise::Precision;
use zkimg_proof::verify::Reject;

const RANGE: Range = Range { zero: 13, low: 20, high: 250 };
const D: i64 = 1 << 24;
/// Quotients in a clamp's middle, at a byte's edges, beyond them, and far beyond what a table holds.
const QUOTIENTS: [i64; 10] = [100, 20, 0, -1, 255, 256, 300, -70_000, 1_500_000, -1_500_000];

/// Ten outputs with these quotients of one hidden cell, their remainders at both ends and between.
fn network() -> (Model, Numbers) {
    let dense = Dense { inputs: 1, outputs: QUOTIENTS.len(), weight_bits: 38, range: RANGE };
    let layers = vec![Placed { layer: Layer::Dense(dense), reads: vec![0] }];
    let architecture = Architecture::new(dims(1, 1, 1), layers, Precision::Bits24, 34).expect("an architecture");
    let sums = QUOTIENTS.iter().zip(0i64..).map(|(q, i)| (q - i64::from(RANGE.zero)) * D + [0, D - 1, 4711 * i][i as usize % 3] - D / 2);
    let (weights, biases) = sums.map(|sum| (sum / 200, sum % 200)).unzip();
    let model = Model::new(architecture, Weights::new(biases, vec![weights])).expect("a model");
    let graph = model.architecture().graph(false).expect("a graph");
    let inputs = std::iter::once(Cells::U8(vec![200])).chain(model.secrets()).collect();
    (model, Numbers { graph, inputs })
}

fn clamped(q: i64) -> i64 {
    q.clamp(RANGE.low.into(), RANGE.high.into())
}

/// The committed tensors of quotients, their upper bits, their signs; limbs of the remainder, of the quotient.
struct Wide {
    q: usize,
    h: usize,
    s: usize,
    limbs: [usize; 2],
}

/// In the order in which a relation commits to them: a node's value, then its limbs.
fn wide(forger: &Forger) -> Wide {
    let q = forger.relation.inputs;
    let wide = Wide { q, limbs: [q + 1, q + 2], h: q + 3, s: q + 4 };
    for (cell, quotient) in QUOTIENTS.into_iter().enumerate().step_by(3) {
        let at = |t: usize| forger.tensors[t][forger.at(t, cell)];
        assert_eq!(at(wide.q), from_i64(quotient));
        assert_eq!(at(wide.h), from_i64(quotient >> 8));
        assert_eq!(at(wide.s), from_i64((quotient >> 8).signum()));
    }
    wide
}

fn forger() -> (Forger, Wide) {
    let forger = network().1.forger(Output::Revealed);
    let wide = wide(&forger);
    (forger, wide)
}

/// Other values of one cell's quotient and its two limbs, its upper bits, its sign and its byte.
fn lie(forger: &mut Forger, wide: &Wide, cell: usize, [q, h, s]: [F; 3], limbs: [i64; 2], y: i64) {
    for (t, value) in [(wide.q, q), (wide.h, h), (wide.s, s), (wide.limbs[0], from_i64(limbs[0])), (wide.limbs[1], from_i64(limbs[1]))] {
        let at = forger.at(t, cell);
        forger.tensors[t][at] = value;
    }
    forger.output[cell] = y;
}

/// The remainder's upper limb, and the quotient's above `−2^bits`.
fn limbs(forger: &Forger, wide: &Wide, cell: usize) -> [i64; 2] {
    let value = |t: usize| (0i64..1 << 16).find(|v| from_i64(*v) == forger.tensors[t][forger.at(t, cell)]).expect("a limb");
    wide.limbs.map(value)
}

fn refused(mut forger: Forger, missing: usize, lie: &str) {
    assert_eq!(forger.count(), missing, "{lie}: so many lookups have no entry");
    assert_eq!(forger.judge().err(), Some(Reject::Equations), "{lie}");
}

#[test]
fn what_the_interpreter_says_is_proved() {
    let (model, numbers) = network();
    let (relation, rows, proved) = numbers.prove(Output::Revealed);
    judge(&relation, &rows, &proved.output, &proved.proof).expect("accepted");
    let expected: Vec<i64> = QUOTIENTS.into_iter().map(clamped).collect();
    assert_eq!(proved.output.view().widened(), expected);
    assert_eq!(*model.run(&[200]).expect("a run")[0], expected.iter().map(|y| *y as u8).collect::<Vec<_>>());
    let (mut forger, _) = forger();
    assert_eq!(
        forger.relation.lookups.len(),
        8,
        "two limbs of remainder and quotient, the lowest byte, the upper bits, their sign, the byte"
    );
    assert_eq!(forger.count(), 0);
    forger.judge().expect("true cells");
}

#[test]
fn a_byte_off_by_one_is_refused() {
    for (cell, q) in QUOTIENTS.into_iter().enumerate() {
        let (mut forger, _) = forger();
        forger.output[cell] = if clamped(q) == 250 { 249 } else { clamped(q) + 1 };
        refused(forger, 1, "the last table");
    }
}

#[test]
fn a_quotient_off_by_one_leaves_a_remainder_out_of_its_range() {
    // From the clamp's middle, across a byte's edges, across both signs: everything behind it as it should be.
    for (cell, quotient) in QUOTIENTS.into_iter().enumerate().step_by(3) {
        for by in [-1, 1] {
            let (mut forger, wide) = forger();
            let q = quotient + by;
            let [remainder, _] = limbs(&forger, &wide, cell);
            let values = [q, q >> 8, (q >> 8).signum()].map(from_i64);
            // The remainder is moved by D, its upper limb by as much, or left.
            let limb = remainder - by * (D >> 16);
            lie(&mut forger, &wide, cell, values, [limb, (q + (1 << bits())) >> 16], clamped(q));
            refused(forger, 1, "the remainder's upper limb");
            let (mut forger, wide) = self::forger();
            lie(&mut forger, &wide, cell, values, [remainder, (q + (1 << bits())) >> 16], clamped(q));
            refused(forger, 1, "the remainder's lower limb");
        }
    }
}

/// The bits of the quotients: 255·2^14 + 2^10 + 257 is less than 2^22.
fn bits() -> u32 {
    22
}

#[test]
fn a_quotient_that_is_a_fraction_is_in_no_range() {
    // (v − r')/D for another remainder r' is an element of the field, and so is (q − l)/2^8: all but their ranges hold.
    let inverse = |n: u64| Option::<F>::from(F::from(n).invert()).expect("not zero");
    let (cell, shift) = (0, 5);
    let (mut forger, wide) = forger();
    let [remainder, limb] = limbs(&forger, &wide, cell);
    let q = from_i64(QUOTIENTS[cell]) - from_i64(shift) * inverse(D as u64);
    let h = q * inverse(256);
    lie(&mut forger, &wide, cell, [q, h, F::ZERO], [remainder, limb], clamped(0));
    // The quotient's limbs, its upper bits, and the sign of these; the last key is zero, and its byte is right.
    refused(forger, 3, "a quotient in none of its ranges");
}

#[test]
fn upper_bits_off_by_one_are_refused() {
    for (cell, q) in QUOTIENTS.into_iter().enumerate() {
        for by in [-1, 1] {
            let (mut forger, wide) = forger();
            let h = (q >> 8) + by;
            let sign = h.signum();
            // What the last table makes of its key, if it has it.
            let key = q - 256 * h + 256 * sign;
            let limbs = limbs(&forger, &wide, cell);
            lie(&mut forger, &wide, cell, [q, h, sign].map(from_i64), limbs, clamped(key));
            let none = usize::from(!(-256..512).contains(&key));
            refused(forger, 1 + none, "the lowest byte");
        }
    }
}

#[test]
fn a_sign_that_is_another_is_refused() {
    for (cell, q) in QUOTIENTS.into_iter().enumerate() {
        // Another sign, one that is none, and half of one.
        for sign in [-1, 0, 1, 2, -2] {
            if sign == (q >> 8).signum() {
                continue;
            }
            let (mut forger, wide) = forger();
            let key = q - 256 * (q >> 8) + 256 * sign;
            let limbs = limbs(&forger, &wide, cell);
            lie(&mut forger, &wide, cell, [q, q >> 8, sign].map(from_i64), limbs, clamped(key));
            let none = usize::from(!(-256..512).contains(&key));
            refused(forger, 1 + none, "the table of signs");
        }
    }
}

#[test]
fn a_quotient_beyond_its_bounds_has_no_limbs() {
    // 2^bits more, as if the remainder were that much less: its limb says what the true one does.
    let (mut forger, wide) = forger();
    let q = 100 + (1i64 << bits());
    let [remainder, _] = limbs(&forger, &wide, 0);
    let values = [q, q >> 8, 1].map(from_i64);
    lie(&mut forger, &wide, 0, values, [remainder - (D >> 16 << bits()), (q + (1 << bits())) >> 16], clamped(q));
    // The remainder; the quotient's upper limb; the upper bits in their range and in the table of signs.
    refused(forger, 4, "a quotient beyond its bounds");
}
