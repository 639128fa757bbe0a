//! Neighbouring steps made one: what is only moved, or only looked up, need not be committed.

use crate::linear::{LinearMap, Preimage, Selection};
use crate::step::{BadStep, Function, MAX_PIECES, MAX_TAPS, Piece, Region, Step};
use crate::tensor::Dims;
use std::ops::Range;
use std::sync::Arc;

/// The most pairs of boxes that are compared: a recipe of a few bytes can make thousands of boxes meet thousands.
const MAX_PAIRS: usize = 1 << 12;
/// A fused chain may take twice as much work as its edits do apart, and as much more as some hundred boxes take.
const MORE_WORK: (usize, usize) = (2, 1 << 17);

/// `later ∘ earlier` as one step, or `None` where the picture between them must be committed.
///
/// Possible when the later step only moves cells and looks bytes up (crop, flip, every tone edit), or when the
/// earlier one is a pure selection (the later map then reads straight through it). Never changes the output.
/// A selection that comes back to one of several boxes, as a mirror does, is left alone, and so are steps that would
/// take more than `limit` work as one ([`Step::work`]).
pub fn fuse(earlier: &Step, later: &Step, limit: usize) -> Result<Option<Step>, BadStep> {
    let Some(pieces) = fused_pieces(earlier, later, limit) else { return Ok(None) };
    if pieces.len() > MAX_PIECES {
        return Ok(None);
    }
    match Step::new(earlier.input(), later.output(), pieces) {
        // A map's range is exact along rows alone, so that a turned one may seem to leave the table made for it.
        Err(BadStep::Table { .. }) => Ok(None),
        step => step.map(|step| (step.work() <= limit).then_some(step)),
    }
}

/// The pieces of both steps as one; `None` if they stay two. No more than `limit` taps are made.
fn fused_pieces(earlier: &Step, later: &Step, limit: usize) -> Option<Vec<Piece>> {
    if let [piece] = earlier.pieces()
        && earlier.is_selection()
    {
        let mut left = limit;
        let through = |p: &Piece| {
            let map = p.map.after(&piece.map, left)?;
            left -= map.stored_taps();
            Some(Piece { map, ..p.clone() })
        };
        return later.pieces().iter().map(through).collect();
    }
    // An overlaid picture stays where it is laid.
    if earlier.pieces().iter().any(|piece| piece.offsets.is_some()) {
        return None;
    }
    // Looking through the later step repeats the earlier one's lookups where it enlarges.
    if !later.pieces().iter().all(Piece::moves_cells) || later.output().cells() > 2 * earlier.output().cells() {
        return None;
    }
    if later.pieces().len().saturating_mul(earlier.pieces().len()) > MAX_PAIRS {
        return None;
    }
    let mut tables = Tables::default();
    let mut pieces = Vec::new();
    let mut left = limit;
    for piece in later.pieces() {
        if piece.map.is_zero() {
            let map = LinearMap::zero(earlier.input(), piece.map.output());
            pieces.push(Piece { map, ..piece.clone() });
            continue;
        }
        let selection = piece.map.as_selection()?;
        // Each pair looks at all runs of the selection.
        left = left.checked_sub((selection.rows.stored_taps() + selection.columns.stored_taps()) * earlier.pieces().len() / 16)?;
        for source in earlier.pieces() {
            match through(source, piece, &selection, &mut tables, left) {
                Through::Nothing => {}
                Through::Part(part) => {
                    left -= part.map.stored_taps();
                    pieces.push(part);
                }
                Through::Apart => return None,
            }
        }
    }
    Some(pieces)
}

/// What a selection reads of one box of the step before.
enum Through {
    Nothing,
    /// A box of the selection, as a piece over the earlier step's input.
    Part(Piece),
    /// Cells that make no box, or too many taps.
    Apart,
}

/// The part of `piece` (a selection) that reads cells of `source`, as a piece over `source`'s input.
fn through(source: &Piece, piece: &Piece, selection: &Selection<'_>, tables: &mut Tables, limit: usize) -> Through {
    let region = &source.region;
    let (from_rows, from_columns) = if piece.map.exchanged() { (&region.columns, &region.rows) } else { (&region.rows, &region.columns) };
    let parts =
        [selection.channels.preimage(&region.channels), selection.rows.preimage(from_rows), selection.columns.preimage(from_columns)];
    if parts.contains(&Preimage::Nothing) {
        return Through::Nothing;
    }
    let [Preimage::Interval(channels), Preimage::Interval(rows), Preimage::Interval(columns)] = parts else { return Through::Apart };
    let term = crate::linear::Term {
        mix: selection.channels.part(&channels, &region.channels),
        vertical: selection.rows.part(&rows, from_rows),
        horizontal: selection.columns.part(&columns, from_columns),
    };
    let select = LinearMap::new(source.map.output(), piece.map.exchanged(), vec![term]);
    let Some(map) = select.after(&source.map, limit) else { return Through::Apart };
    let shift = |part: Range<usize>, start: usize| part.start + start..part.end + start;
    Through::Part(Piece {
        region: Region {
            channels: shift(channels, piece.region.channels.start),
            rows: shift(rows, piece.region.rows.start),
            columns: shift(columns, piece.region.columns.start),
        },
        map,
        bias: source.bias,
        offsets: None,
        divisor: source.divisor,
        function: tables.compose(&piece.function, &source.function),
    })
}

/// Functions after functions, each pair made once: all boxes of a step may share one long table.
#[derive(Default)]
struct Tables {
    made: Vec<(Function, Function, Function)>,
}

impl Tables {
    fn compose(&mut self, outer: &Function, inner: &Function) -> Function {
        if *outer == Function::Identity {
            return inner.clone();
        }
        if let Some((.., both)) = self.made.iter().find(|(o, i, _)| o.is(outer) && i.is(inner)) {
            return both.clone();
        }
        let both = compose(outer, inner);
        self.made.push((outer.clone(), inner.clone(), both.clone()));
        both
    }
}

fn compose(outer: &Function, inner: &Function) -> Function {
    let Function::Table { first, values } = outer else { return inner.clone() };
    let outer_of = |byte: u8| values[(i64::from(byte) - first) as usize];
    match inner {
        Function::Identity => {
            let all: Vec<u8> = (0..=255).map(outer_of).collect();
            Function::Table { first: 0, values: Arc::from(all) }
        }
        Function::Table { first, values } => Function::Table { first: *first, values: values.iter().map(|y| outer_of(*y)).collect() },
    }
}

/// Fuses a chain as far as it goes; an empty chain is the identity.
pub fn fuse_all(input: Dims, steps: &[Step]) -> Result<Vec<Step>, BadStep> {
    let mut fused: Vec<Step> = vec![Step::single(Piece::linear(LinearMap::identity(input)))?];
    let mut limit = MORE_WORK.1;
    // Work and taps of all but the last.
    let (mut done, mut taps) = (0, 0);
    for step in steps {
        limit += MORE_WORK.0 * step.work();
        let last = fused.last().expect("starts with the identity");
        match fuse(last, step, limit.saturating_sub(done))? {
            Some(both) => *fused.last_mut().expect("as above") = both,
            None => {
                done += last.work();
                taps += last.taps();
                fused.push(step.clone());
            }
        }
        let all = taps + fused.last().map_or(0, Step::taps);
        if all > MAX_TAPS {
            return Err(BadStep::Taps(all));
        }
    }
    Ok(fused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linear::AxisMap;
    use proptest::prelude::*;

    fn dims(c: usize, h: usize, w: usize) -> Dims {
        Dims::new(c, h, w).expect("dims")
    }

    fn table(seed: u8) -> Function {
        Function::Table { first: 0, values: (0..=255u8).map(|x| x.wrapping_mul(seed | 1) ^ seed).collect() }
    }

    /// One of the shapes that steps come in, for a picture of `d`.
    fn step(d: Dims, which: u8, seed: u8) -> Step {
        let pick = |n: usize| usize::from(seed) % n;
        let all = Region::whole(d);
        let part = |region: &Region| crop(d, region);
        let (left, right) = {
            let middle = pick(d.width + 1);
            (Region { columns: 0..middle, ..all.clone() }, Region { columns: middle..d.width, ..all.clone() })
        };
        let pieces = match which {
            0 => {
                let exchanged = seed.is_multiple_of(2);
                let (rows, columns) = if exchanged { (d.width, d.height) } else { (d.height, d.width) };
                let upside_down = AxisMap::select(rows, (0..rows).rev());
                vec![Piece::linear(LinearMap::spatial(d, exchanged, upside_down, AxisMap::identity(columns)))]
            }
            1 => vec![Piece { function: table(seed), ..Piece::linear(LinearMap::identity(d)) }],
            2 => vec![Piece::linear(crop(d, &Region { rows: pick(d.height)..d.height, columns: 0..1 + pick(d.width), ..all }))],
            // Constant on the left, copied on the right.
            3 => [(left, true), (right, false)]
                .into_iter()
                .filter(|(region, _)| region.dims().is_some())
                .map(|(region, constant)| {
                    let map = if constant { LinearMap::zero(d, region.dims().expect("not empty")) } else { part(&region) };
                    Piece { region, bias: if constant { seed.into() } else { 0 }, ..Piece::linear(map) }
                })
                .collect(),
            // Another table for each channel.
            4 => (0..d.channels)
                .map(|c| {
                    let region = Region { channels: c..c + 1, ..all.clone() };
                    Piece { function: table(seed.wrapping_add(c as u8)), region: region.clone(), ..Piece::linear(part(&region)) }
                })
                .collect(),
            // A mean of all channels.
            _ => {
                let map = LinearMap::mix(d, vec![vec![1; d.channels]]);
                vec![Piece { bias: [0, 0, 1, 1][d.channels], divisor: d.channels as u64, ..Piece::linear(map) }]
            }
        };
        Step::new(d, pieces[0].region.dims().filter(|_| pieces.len() == 1).unwrap_or(d), pieces).expect("a step")
    }

    fn crop(d: Dims, region: &Region) -> LinearMap {
        let mix = AxisMap::select(d.channels, region.channels.clone());
        let vertical = AxisMap::select(d.height, region.rows.clone());
        let horizontal = AxisMap::select(d.width, region.columns.clone());
        LinearMap::new(d, false, vec![crate::linear::Term { mix, vertical, horizontal }])
    }

    /// As many boxes as one asks for, lying or upright, each with a table of its own.
    fn stripes(d: Dims, count: usize, lying: bool) -> Step {
        let stripe = |i: usize, n: usize| if i + 1 < count { i..i + 1 } else { i..n };
        let piece = |i: usize| {
            let all = Region::whole(d);
            let region = if lying { Region { rows: stripe(i, d.height), ..all } } else { Region { columns: stripe(i, d.width), ..all } };
            Piece { function: table(i as u8), ..Piece { region: region.clone(), ..Piece::linear(crop(d, &region)) } }
        };
        Step::new(d, d, (0..count).map(piece).collect()).expect("a step")
    }

    #[test]
    fn boxes_that_would_become_too_many_stay_apart() {
        let d = dims(1, 70, 70);
        let fused = |earlier: usize, later: usize, lying, limit| {
            let (earlier, later) = (stripes(d, earlier, false), stripes(d, later, lying));
            fuse(&earlier, &later, limit).map(|step| step.map(|s| (s.pieces().len(), s.work())))
        };
        let all = usize::MAX;
        let Ok(Some((boxes, work))) = fused(32, 32, true, all) else { panic!("as many boxes as a step has") };
        assert_eq!(boxes, MAX_PIECES);
        assert_eq!(fused(32, 32, true, work), Ok(Some((boxes, work))));
        assert_eq!(fused(32, 32, true, work - 1), Ok(None), "more work than allowed");
        assert_eq!(fused(32, 33, true, all), Ok(None), "more boxes than a step has");
        assert!(matches!(fused(64, 64, false, all), Ok(Some((64, _)))));
        assert_eq!(fused(64, 65, false, all), Ok(None), "more pairs than are compared");
    }

    #[test]
    fn a_fused_chain_takes_little_more_work_than_its_edits() {
        let d = dims(1, 70, 70);
        let chain = |boxes: usize| [stripes(d, boxes, false), stripes(d, boxes, true)];
        let fused = |boxes| fuse_all(d, &chain(boxes)).expect("a chain");
        assert_eq!(fused(16).len(), 1);
        assert_eq!(fused(30).len(), 2, "nine hundred boxes instead of sixty");
        for boxes in [16, 30] {
            let work = |steps: &[Step]| -> usize { steps.iter().map(Step::work).sum() };
            assert!(work(&fused(boxes)) <= MORE_WORK.0 * work(&chain(boxes)) + MORE_WORK.1);
        }
    }

    proptest! {
        #[test]
        fn fusing_never_changes_the_output(c in 1usize..4, h in 1usize..5, w in 1usize..5, chain in proptest::collection::vec((0u8..6, any::<u8>()), 0..7)) {
            let input = dims(c, h, w);
            let cells: Vec<u8> = (0..input.cells()).map(|i| (i * 57 + 11) as u8).collect();
            let mut steps: Vec<Step> = Vec::new();
            for (which, seed) in chain {
                steps.push(step(steps.last().map_or(input, Step::output), which, seed));
            }
            let expected = steps.iter().fold(cells.clone(), |cells, step| step.apply(&cells));
            let fused = fuse_all(input, &steps).expect("fused");
            prop_assert!(fused.len() <= steps.len().max(1));
            prop_assert_eq!(fused.iter().fold(cells, |cells, step| step.apply(&cells)), expected);
        }
    }
}
