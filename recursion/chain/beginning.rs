//! Where a chain begins: the rows that the camera signed, in rows of a chain's length.
//!
//! A camera's rows may be shorter than a chain's. Whoever begins a chain then commits the picture again, and a reader has to see that it is
//! the same picture. With `X` its cells as a function on the cube, and zeros above, a point `f` is drawn from both lists of rows; what either
//! comes to at `f` is a combination of its rows, opened at `f_0 … f_15`: that of the short ones with what they lack divided out
//! ([`Layout::row_weights`]). So the difference of both combinations is a commitment to a vector that is zero at this one point, and
//! that is the claim on the pictures' vector with which the chain begins. Nothing is sent but the long rows.
//!
//! A row's cells beyond its length would count as cells of other rows. The camera commits to none, and nobody knows another opening of
//! what it signed, or discrete logarithms.

use super::Parameters;
use crate::fold::Committed;
use ff::Field;
use rand_core::Rng;
use zeroize::Zeroizing;
use zkimg_graph::tensor::Cells;
use zkimg_group::cycle::Vesta;
use zkimg_group::field::{F, hash_to_field};
use zkimg_group::msm::{msm, to_affine};
use zkimg_proof::commitment::{Layout, commit_rows_over, root};
use zkimg_proof::prove::opened_vector;

/// Where a chain begins, as everybody knows it.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Stands for what the camera signed.
    pub(super) history: F,
    /// The picture's rows, as many as a step has.
    pub(super) rows: Vec<Vesta>,
    /// Where the pictures' vector is opened.
    pub(super) point: Vec<F>,
    /// What it is there.
    pub(super) value: F,
    /// The commitment to it.
    pub(super) pictures: Vesta,
}

/// A picture's rows as somebody has them who knows what is in them.
pub struct Known<'a> {
    /// Where its cells stand.
    pub layout: &'a Layout,
    /// The cells.
    pub cells: &'a Cells,
    /// The rows.
    pub rows: &'a [Vesta],
    /// Their blinders.
    pub blinders: &'a [F],
}

zkimg_graph::opaque!(Known<'_>);

/// What whoever begins a chain has.
pub struct Begun {
    /// For everybody.
    pub beginning: Beginning,
    /// What is behind its commitment. Secret.
    pub pictures: Committed<F>,
    /// The picture's rows of a chain's length, if the camera's are shorter; then a reader needs these too.
    pub longer: Option<Vec<Vesta>>,
    /// The blinders of the rows in all slots. Secret.
    pub blinders: Zeroizing<Vec<F>>,
}

zkimg_graph::opaque!(Begun);

impl Beginning {
    /// The picture's rows, as many as a step has.
    pub fn rows(&self) -> &[Vesta] {
        &self.rows
    }
}

impl Parameters<'_> {
    /// Where a chain begins, as a reader knows it: the camera's rows, and the longer ones if these are shorter than a chain's. `None` if
    /// there are not as many as the layouts say.
    pub fn beginning(&self, history: F, (layout, rows): (&Layout, &[Vesta]), longer: &[Vesta]) -> Option<Beginning> {
        let long = self.layout(layout)?;
        let expected = if long == *layout { 0 } else { long.rows.len() };
        if (rows.len(), longer.len()) != (layout.rows.len(), expected) {
            return None;
        }
        if long == *layout {
            let (point, value) = (vec![F::ZERO; long.m], F::ONE);
            let (rows, _) = self.filled(rows, &[]);
            return Some(Beginning { history, rows, point, value, pictures: self.vesta.row[0] });
        }
        let weights = Weights::new((layout, rows), (&long, longer));
        let all: Vec<Vesta> = rows.iter().chain(longer).copied().collect();
        let pictures = to_affine(&[msm(&weights.all, &all)])[0];
        let (rows, _) = self.filled(longer, &[]);
        Some(Beginning { history, rows, point: weights.point, value: F::ZERO, pictures })
    }

    /// The same for whoever begins it. `None` if the picture is not one of this class.
    pub fn begun(&self, history: F, known: &Known<'_>, random: &mut impl Rng) -> Option<Begun> {
        let &Known { layout, cells, rows, blinders } = known;
        let long = self.layout(layout)?;
        if long == *layout {
            let beginning = self.beginning(history, (layout, rows), &[])?;
            let vector = Zeroizing::new(vec![F::ONE]);
            let (_, blinders) = self.filled(rows, blinders);
            return Some(Begun { beginning, pictures: Committed::open(vector, 1), longer: None, blinders: blinders.into() });
        }
        let own = Zeroizing::new(long.rows.iter().map(|_| F::random(&mut *random)).collect::<Vec<F>>());
        let longer = commit_rows_over((self.vesta.row, self.vesta.blinder), &long, cells, &own);
        let beginning = self.beginning(history, (layout, rows), &longer)?;
        let Weights { all, .. } = Weights::new((layout, rows), (&long, &longer));
        let (short_weights, long_weights) = all.split_at(rows.len());
        let parts = [(layout, cells, short_weights.to_vec()), (&long, cells, long_weights.to_vec())];
        let vector = Zeroizing::new(opened_vector(long.m, &parts));
        let blinder = blinders.iter().chain(own.iter()).zip(&all).map(|(blinder, weight)| *blinder * weight).sum();
        let pictures = Committed { values: vector, blinders: Zeroizing::new(vec![blinder]) };
        let (_, blinders) = self.filled(&longer, &own);
        Some(Begun { beginning, pictures, longer: Some(longer), blinders: blinders.into() })
    }

    /// A picture's layout in rows of this class; `None` if a step has fewer, or they would be shorter than they are.
    fn layout(&self, layout: &Layout) -> Option<Layout> {
        let m = self.class.pinned.row_bits;
        let fits = layout.m <= m && Layout::count(layout.dims, m) <= self.class.slots.picture;
        let long = fits.then(|| Layout::new(layout.dims, m))?;
        (long.committed_bits() <= self.class.sizes.flat).then_some(long)
    }

    /// Whether a picture's rows commit to its cells with these blinders: one combination of them, with weights that are drawn now, does.
    pub fn opens(&self, layout: &Layout, cells: &Cells, (rows, blinders): (&[Vesta], &[F]), random: &mut impl Rng) -> bool {
        let weights: Vec<F> = rows.iter().map(|_| F::random(&mut *random)).collect();
        let vector = Zeroizing::new(opened_vector(layout.m, &[(layout, cells, weights.clone())]));
        let blinder: F = blinders.iter().zip(&weights).map(|(blinder, weight)| *blinder * weight).sum();
        let own = msm(&vector, &self.vesta.row[..vector.len()]) + self.vesta.blinder * blinder;
        rows.len() == layout.rows.len() && blinders.len() == rows.len() && msm(&weights, rows) == own
    }
}

/// What counts of both lists of rows, at a point that is drawn after both.
pub(super) struct Weights {
    /// Where the vector is opened.
    point: Vec<F>,
    /// Of the short rows, then of the long ones, which count negatively.
    pub(super) all: Vec<F>,
}

impl Weights {
    pub(super) fn new((short, own): (&Layout, &[Vesta]), (long, longer): (&Layout, &[Vesta])) -> Weights {
        let both = [root(short, own), root(long, longer)].concat();
        let coordinate = |i: usize| hash_to_field("zkimg-longer-rows-v1", &[&both[..], &(i as u64).to_le_bytes()].concat());
        let mut point: Vec<F> = (0..long.committed_bits()).map(coordinate).collect();
        let mut all = short.row_weights(&point, long.m, F::ONE);
        all.extend(long.row_weights(&point, long.m, -F::ONE));
        point.truncate(long.m);
        Weights { point, all }
    }
}
