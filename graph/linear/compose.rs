//! Maps made of maps: one after the other, or a part of one.

use super::axis::signed;
use super::{AxisMap, Run, Tap};
use std::ops::Range;

/// What a selection reads of an interval of its inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preimage {
    /// Nothing.
    Nothing,
    /// All outputs of an interval, and no others.
    Interval(Range<usize>),
    /// Outputs with others between them.
    Scattered,
}

impl AxisMap {
    /// The outputs of a selection that read inputs of an interval.
    pub fn preimage(&self, inputs: &Range<usize>) -> Preimage {
        let mut found: Option<Range<usize>> = None;
        for run in self.runs() {
            let part = outputs_within(&run, inputs);
            match &mut found {
                _ if part.is_empty() => {}
                None => found = Some(part),
                Some(found) if found.end == part.start => found.end = part.end,
                Some(_) => return Preimage::Scattered,
            }
        }
        found.map_or(Preimage::Nothing, Preimage::Interval)
    }

    /// Some of the outputs, as a map from some of the inputs, which must be all that they read.
    ///
    /// # Panics
    /// If they read others.
    pub fn part(&self, outputs: &Range<usize>, inputs: &Range<usize>) -> AxisMap {
        let mut map = AxisMap::empty(inputs.len());
        for run in self.runs() {
            let (start, end) = (run.outputs.start.max(outputs.start), run.outputs.end.min(outputs.end));
            if start >= end {
                continue;
            }
            let moved = |tap: &Tap| {
                let input = run.input(tap, start - run.outputs.start).checked_sub(inputs.start);
                Tap { input: input.expect("an input of the part") as u32, ..*tap }
            };
            map.push_run(&run.taps.iter().map(moved).collect::<Vec<_>>(), end - start, run.shift);
        }
        map
    }

    /// `self ∘ inner`, unless more than `limit` taps would have to be kept.
    ///
    /// Where the taps of a run read runs of the inner map, the result is a run too.
    pub fn after(&self, inner: &AxisMap, limit: usize) -> Option<AxisMap> {
        assert_eq!(self.inputs(), inner.outputs(), "axis maps that do not meet");
        if inner.is_identity() {
            return (self.stored_taps() <= limit).then(|| self.clone());
        }
        let mut map = AxisMap::empty(inner.inputs());
        let mut taps: Vec<Tap> = Vec::new();
        for run in self.runs() {
            let (mut k, count) = (0, run.outputs.len());
            while k < count {
                taps.clear();
                // As long as every tap stays in the inner run it is in, and all of those move alike, so do the taps behind them.
                let mut stays = count - k;
                let mut shift: Option<i64> = None;
                for outer in run.taps {
                    let at = run.input(outer, k);
                    let through = inner.run_of(at);
                    let behind = at - through.outputs.start;
                    let weighted = |tap: &Tap| Tap {
                        input: through.input(tap, behind) as u32,
                        weight: outer.weight.checked_mul(tap.weight).expect("weights stay far below 2^31"),
                    };
                    taps.extend(through.taps.iter().map(weighted));
                    if through.taps.is_empty() {
                        stays = stays.min(steps_within(at, run.shift, &through.outputs));
                        continue;
                    }
                    let moves = run.shift * through.shift;
                    let alike = *shift.get_or_insert(moves) == moves;
                    stays = if alike { stays.min(steps_within(at, run.shift, &through.outputs)) } else { 1 };
                }
                merge(&mut taps);
                map.push_run(&taps, stays, shift.unwrap_or(0));
                if map.stored_taps() > limit {
                    return None;
                }
                k += stays;
            }
        }
        Some(map)
    }
}

/// The outputs of a run of a selection that read inputs of an interval.
fn outputs_within(run: &Run<'_>, inputs: &Range<usize>) -> Range<usize> {
    let (Some(tap), false) = (run.taps.first(), inputs.is_empty()) else { return 0..0 };
    let (first, last, at) = (signed(inputs.start), signed(inputs.end) - 1, i64::from(tap.input));
    let count = signed(run.outputs.len());
    let ceiling = |a: i64, b: i64| -(-a).div_euclid(b);
    let (low, high) = match run.shift {
        0 if (first..=last).contains(&at) => (0, count),
        0 => (0, 0),
        shift if shift > 0 => (ceiling(first - at, shift), (last - at).div_euclid(shift) + 1),
        shift => (ceiling(at - last, -shift), (at - first).div_euclid(-shift) + 1),
    };
    let (low, high) = (low.clamp(0, count) as usize, high.clamp(0, count) as usize);
    if low < high { run.outputs.start + low..run.outputs.start + high } else { 0..0 }
}

/// How many of `at`, `at + shift`, … stay inside an interval that `at` lies in.
fn steps_within(at: usize, shift: i64, interval: &Range<usize>) -> usize {
    let step = shift.unsigned_abs() as usize;
    match shift {
        0 => usize::MAX,
        shift if shift > 0 => (interval.end - 1 - at) / step + 1,
        _ => (at - interval.start) / step + 1,
    }
}

/// One tap for each input, in their order.
fn merge(taps: &mut Vec<Tap>) {
    if taps.len() < 2 {
        return;
    }
    taps.sort_by_key(|tap| tap.input);
    taps.dedup_by(|next, kept| {
        let same = next.input == kept.input;
        if same {
            kept.weight = kept.weight.checked_add(next.weight).expect("weights stay far below 2^31");
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Runs of every shift, and outputs that read nothing.
    fn selection(inputs: usize) -> impl Strategy<Value = Vec<usize>> {
        let run = (0..signed(inputs), -3i64..4, 1i64..12);
        proptest::collection::vec(run, 1..5).prop_map(move |runs| {
            let inside = |i: &i64| (0..signed(inputs)).contains(i);
            runs.into_iter()
                .flat_map(|(at, shift, count)| (0..count).map(move |k| at + shift * k).filter(inside))
                .map(|i| i as usize)
                .collect()
        })
    }

    fn taps(inputs: usize) -> impl Strategy<Value = Vec<Vec<Tap>>> {
        let filter = proptest::collection::vec(-9i32..10, 1..5);
        (filter, 0..3usize, 1usize..40).prop_map(move |(filter, shift, outputs)| {
            let tap = |j: usize, (i, weight): (usize, &i32)| Tap { input: ((j * shift + i) % inputs) as u32, weight: *weight };
            (0..outputs).map(|j| filter.iter().enumerate().map(|both| tap(j, both)).collect()).collect()
        })
    }

    /// The sums of weights that each output reads of each input.
    fn matrix(map: &AxisMap) -> Vec<Vec<i32>> {
        let row = |j| {
            let mut row = vec![0; map.inputs()];
            map.taps(j).for_each(|tap| row[tap.input as usize] += tap.weight);
            row
        };
        (0..map.outputs()).map(row).collect()
    }

    fn composed(outer: &AxisMap, inner: &AxisMap) -> Vec<Vec<i32>> {
        let inner_rows = matrix(inner);
        let row = |outer: &Vec<i32>| {
            let column = |i| outer.iter().zip(&inner_rows).map(|(weight, row): (&i32, &Vec<i32>)| weight * row[i]).sum();
            (0..inner.inputs()).map(column).collect()
        };
        matrix(outer).iter().map(row).collect()
    }

    proptest! {
        #[test]
        fn one_after_the_other_reads_what_both_read(inner in taps(30), picks in selection(7), outer in taps(7)) {
            let inner = AxisMap::new(30, inner.into_iter().chain(vec![Vec::new(); 7]).take(7));
            for outer in [AxisMap::select(7, picks), AxisMap::new(7, outer)] {
                let both = outer.after(&inner, usize::MAX).expect("no limit");
                prop_assert_eq!(matrix(&both), composed(&outer, &inner));
                // Built tap by tap it has the same form: a map has one encoding.
                prop_assert_eq!(&AxisMap::new(30, (0..both.outputs()).map(|j| both.taps(j).collect())), &both);
                prop_assert_eq!(outer.after(&inner, both.stored_taps()), Some(both.clone()));
                if both.stored_taps() > 0 {
                    prop_assert_eq!(outer.after(&inner, both.stored_taps() - 1), None);
                }
            }
        }

        #[test]
        fn preimages_and_parts_are_what_the_indices_say(picks in selection(20), a in 0usize..20, b in 0usize..20) {
            let (map, range) = (AxisMap::select(20, picks.clone()), a.min(b)..a.max(b));
            let inside: Vec<usize> = (0..picks.len()).filter(|j| range.contains(&picks[*j])).collect();
            let expected = match (inside.first(), inside.last()) {
                (Some(first), Some(last)) if last - first + 1 == inside.len() => Preimage::Interval(*first..last + 1),
                (Some(_), Some(_)) => Preimage::Scattered,
                _ => Preimage::Nothing,
            };
            prop_assert_eq!(map.preimage(&range), expected.clone());
            if let Preimage::Interval(outputs) = expected {
                let moved = picks[outputs.clone()].iter().map(|i| i - range.start);
                prop_assert_eq!(map.part(&outputs, &range), AxisMap::select(range.len(), moved));
            }
        }

        #[test]
        fn runs_are_what_their_outputs_are(parts in proptest::collection::vec((20u32..60, 1usize..9, -2i64..3, 0u32..3), 1..6)) {
            let (mut runs, mut single) = (AxisMap::empty(100), AxisMap::empty(100));
            for (at, count, shift, width) in parts {
                let taps: Vec<Tap> = (0..width).map(|i| Tap { input: at + 3 * i, weight: 1 + i.cast_signed() }).collect();
                runs.push_run(&taps, count, shift);
                for k in 0..signed(count) {
                    single.push(&taps.iter().map(|tap| Tap { input: (i64::from(tap.input) + shift * k) as u32, ..*tap }).collect::<Vec<_>>());
                }
            }
            prop_assert_eq!(runs, single);
        }
    }
}
