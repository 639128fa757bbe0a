//! The part of an overlay that lies on the picture, and what it does there.

use super::pixels::alpha_rows;
use super::{KIND, Overlay, X, Y};
use crate::language::{EditError, Parameter, Rectangle};
use std::sync::Arc;
use zkimg_graph::linear::{AxisMap, LinearMap, Tap, Term};
use zkimg_graph::tensor::Dims;

/// Where it lies, and its pixels, row by row.
pub(super) struct Laid<'a> {
    pub(super) rectangle: Rectangle,
    rows: Vec<&'a [u8]>,
}

impl Laid<'_> {
    /// What of the overlay lies on a picture of this shape; it is refused if nothing does.
    pub(super) fn of(overlay: &Overlay, dims: Dims) -> Result<Laid<'_>, EditError> {
        let Overlay { x, y, image } = overlay;
        let [rows, columns] =
            [(&Y, *y, image.height, dims.height), (&X, *x, image.width, dims.width)].map(|(parameter, at, length, side)| {
                // Start on the picture, start on the overlay, length.
                let (start, cut) = if at < 0 { (0, at.unsigned_abs() as usize) } else { (at as usize, 0) };
                let length = length.saturating_sub(cut).min(side.saturating_sub(start));
                if length > 0 { Ok((start, cut, length)) } else { Err((parameter, at)) }
            });
        let outside = |(parameter, at): (&Parameter<_>, i64)| {
            let allowed = format!(
                "such that some of the overlay of {} × {} lies on the picture of {} × {}",
                image.width, image.height, dims.width, dims.height
            );
            KIND.refuse(parameter.name, at.to_string(), allowed)
        };
        let (y, top, height) = rows.map_err(outside)?;
        let (x, left, width) = columns.map_err(outside)?;
        let rows = image.rows().skip(top).take(height).map(|row| &row[4 * left..4 * (left + width)]).collect();
        Ok(Laid { rectangle: Rectangle { x, y, width, height }, rows })
    }

    /// `(255 − a)·x`, one term for each different row of alpha.
    pub(super) fn map(&self, input: Dims) -> Result<LinearMap, EditError> {
        let r = &self.rectangle;
        let terms: Vec<Term> = alpha_rows(self.rows.iter().copied())
            .into_iter()
            .filter(|(left, _)| left.iter().any(|weight| *weight != 0))
            .map(|(left, rows)| {
                let mut vertical = AxisMap::empty(input.height);
                for y in rows {
                    vertical.push_run(&[], y - vertical.outputs(), 0);
                    vertical.push(&[Tap { input: (r.y + y) as u32, weight: 1 }]);
                }
                vertical.push_run(&[], r.height - vertical.outputs(), 0);
                let mut horizontal = AxisMap::empty(input.width);
                for alike in left.chunk_by(|a, b| a == b) {
                    let first = Tap { input: (r.x + horizontal.outputs()) as u32, weight: alike[0] };
                    let taps = if first.weight == 0 { &[][..] } else { std::slice::from_ref(&first) };
                    horizontal.push_run(taps, alike.len(), i64::from(!taps.is_empty()));
                }
                Term { mix: AxisMap::identity(3), vertical, horizontal }
            })
            .collect();
        if terms.is_empty() {
            return Ok(LinearMap::zero(input, Dims::new(3, r.height, r.width)?));
        }
        Ok(LinearMap::new(input, false, terms))
    }

    /// `a·o`, channel by channel.
    pub(super) fn offsets(&self) -> Arc<[u16]> {
        let added = |c: usize| self.rows.iter().flat_map(move |row| row.chunks_exact(4).map(move |p| u16::from(p[3]) * u16::from(p[c])));
        (0..3).flat_map(added).collect()
    }
}
