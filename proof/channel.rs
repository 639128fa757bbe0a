//! What the sides of the argument have in common: hidden messages go one way, challenges come back, equations stay.
//!
//! Sub-protocols are functions over a [`Channel`]. The prover computes what the verifier reads there; the soundness account only
//! counts; and whoever runs the protocol has one order, one list of equations and one list of error terms.

use crate::relation::Challenges;
use ff::Field;
use zkimg_group::field::F;

/// The slots of a message.
pub const SLOTS: usize = 4;
/// A hidden message: field elements that are only ever seen as one commitment.
pub type Message = [F; SLOTS];

/// A value of a hidden message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Which message, in the order in which they are sent.
    pub message: usize,
    /// Its slot.
    pub slot: usize,
}

impl Hidden {
    /// The first values of a message.
    pub fn of<const N: usize>(message: usize) -> [Hidden; N] {
        const { assert!(N <= SLOTS) };
        std::array::from_fn(|slot| Hidden { message, slot })
    }
}

/// A combination of hidden values with public coefficients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linear(pub Vec<(Hidden, F)>);

impl Linear {
    /// `low + μ·(high − low)`.
    pub fn interpolate(low: Hidden, high: Hidden, mu: F) -> Linear {
        Linear(vec![(low, F::ONE - mu), (high, mu)])
    }

    /// Adds `scale` times another combination.
    pub fn add(&mut self, scale: F, other: &Linear) {
        self.0.extend(other.0.iter().map(|(hidden, c)| (*hidden, scale * c)));
    }

    /// Adds `scale` times a value.
    pub fn add_value(&mut self, scale: F, value: Hidden) {
        self.0.push((value, scale));
    }

    /// Multiplies by a public number.
    pub fn scale(&mut self, by: F) {
        self.0.iter_mut().for_each(|(_, c)| *c *= by);
    }
}

/// `constant + Σ coefficient·value + Σ coefficient·value·value = 0`; the factors of a product belong to one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quadratic {
    /// The public part.
    pub constant: F,
    /// The linear part.
    pub linear: Linear,
    /// The products.
    pub products: Vec<(Hidden, Hidden, F)>,
}

impl Quadratic {
    /// The left side on given messages; zero if the equation holds.
    pub fn evaluate(&self, messages: &[Message]) -> F {
        let value = |hidden: &Hidden| messages[hidden.message][hidden.slot];
        let linear: F = self.linear.0.iter().map(|(hidden, c)| *c * value(hidden)).sum();
        let products: F = self.products.iter().map(|(a, b, c)| *c * value(a) * value(b)).sum();
        self.constant + linear + products
    }
}

/// What could go wrong at one challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorTerm {
    /// What is drawn for.
    pub name: &'static str,
    /// The theorem that bounds the error.
    pub source: &'static str,
    /// The bound is `numerator/|F|`.
    pub numerator: u128,
}

impl ErrorTerm {
    /// A bound and where it is from.
    pub const fn new(name: &'static str, source: &'static str, numerator: u128) -> ErrorTerm {
        ErrorTerm { name, source, numerator }
    }
}

/// What the prover has to compute. `previous` is the challenge that answered the turn before in the same sum-check.
#[derive(Clone, Copy, Debug)]
pub enum Turn<'a> {
    /// `(p0, p1, q0, q1)` of the lookup tree's top.
    Root,
    /// `(q0·q1, 1/(q0·q1))` of the top.
    RootInverse,
    /// A round of layer `k` of the tree.
    LayerRound {
        /// The layer.
        k: usize,
        /// Where it is claimed.
        point: &'a [F],
        /// Its batching challenge.
        lambda: F,
        /// `None` in the first round.
        previous: Option<F>,
    },
    /// The four claims that end a layer.
    LayerEnd {
        /// The last round's challenge.
        previous: F,
    },
    /// The sum of all products of tensors.
    ProductSum {
        /// What defines them.
        challenges: &'a Challenges,
    },
    /// A round of their sum-check.
    ProductRound {
        /// `None` in the first round.
        previous: Option<F>,
    },
    /// Both operands of product `i` at the rounds' point.
    Operands {
        /// The product.
        i: usize,
        /// The last round's challenge; `None` if there was no round.
        previous: Option<F>,
    },
    /// A round of the linear sum-check.
    LinearRound {
        /// What defines the functionals.
        challenges: &'a Challenges,
        /// `None` in the first round.
        previous: Option<F>,
    },
    /// Tensor `t` at the last point.
    Evaluation {
        /// The tensor.
        t: usize,
        /// The last round's challenge.
        previous: F,
    },
}

/// A side of the argument.
///
/// Whatever is sent is committed and absorbed at once, so no value can be chosen after a challenge that is drawn later.
pub trait Channel {
    /// What can go wrong.
    type Error;

    /// Sends or receives the row commitments of every tensor but the inputs.
    fn rows(&mut self) -> Result<(), Self::Error>;

    /// Takes note of the lookup challenges.
    fn lookups(&mut self, _alpha: F, _beta: F) {}

    /// Sends or receives the commitment of a hidden message, of which the first `N` values are used.
    fn hidden<const N: usize>(&mut self, turn: Turn<'_>) -> Result<[Hidden; N], Self::Error>;

    /// Draws a challenge; its error is charged in the line that draws it.
    fn challenge(&mut self, term: ErrorTerm) -> F;

    /// States an equation over hidden values; it is only made by those who need it.
    fn require(&mut self, equation: impl FnOnce() -> Quadratic);

    /// The number of equations so far.
    fn required(&self) -> usize;

    /// Sends or receives the commitment to the blinders of one of halo2's unusable rows.
    fn tail(&mut self, row: usize) -> Result<(), Self::Error>;
}

/// Draws a point of `n` coordinates; all of them together have the error of `term`.
pub fn point<C: Channel>(channel: &mut C, n: usize, term: ErrorTerm) -> Vec<F> {
    let each = |i: usize| if i == 0 { term.clone() } else { ErrorTerm { numerator: 0, ..term.clone() } };
    (0..n).map(|i| channel.challenge(each(i))).collect()
}
