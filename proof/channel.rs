//! What the sides of the argument have in common: hidden messages go one way, challenges come back, equations stay.
//!
//! Sub-protocols are functions over a [`Channel`]. The prover computes what the verifier reads there; the soundness account only
//! counts; and whoever runs the protocol has one order, one list of equations and one list of error terms.

use ff::Field;
use std::fmt::Debug;
use std::ops::{Add, Mul, Neg, Sub};
use zkimg_group::field::F;

/// What challenges and coefficients are: elements of a field `P`, or what stands for them where the verifier is itself computed.
pub trait Scalar<P = F>: Clone + Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self> {
    /// An element that everybody knows.
    fn constant(value: P) -> Self;
}

impl<P: Field> Scalar<P> for P {
    fn constant(value: P) -> P {
        value
    }
}

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linear<S = F>(pub Vec<(Hidden, S)>);

impl<S> Default for Linear<S> {
    fn default() -> Linear<S> {
        Linear(Vec::new())
    }
}

impl<S: Scalar> Linear<S> {
    /// `low + μ·(high − low)`.
    pub fn interpolate(low: Hidden, high: Hidden, mu: S) -> Linear<S> {
        Linear(vec![(low, S::constant(F::ONE) - mu.clone()), (high, mu)])
    }

    /// Adds `scale` times another combination.
    pub fn add(&mut self, scale: &S, other: &Linear<S>) {
        self.0.extend(other.0.iter().map(|(hidden, c)| (*hidden, scale.clone() * c.clone())));
    }

    /// Adds `scale` times a value.
    pub fn add_value(&mut self, scale: S, value: Hidden) {
        self.0.push((value, scale));
    }

    /// Multiplies by a public number.
    pub fn scale(&mut self, by: &S) {
        self.0.iter_mut().for_each(|(_, c)| *c = c.clone() * by.clone());
    }
}

/// `constant + Σ coefficient·value + Σ coefficient·value·value = 0`; the factors of a product belong to one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quadratic<S = F> {
    /// The public part.
    pub constant: S,
    /// The linear part.
    pub linear: Linear<S>,
    /// The products.
    pub products: Vec<(Hidden, Hidden, S)>,
}

impl<S: Scalar> Default for Quadratic<S> {
    fn default() -> Quadratic<S> {
        Quadratic { constant: S::constant(F::ZERO), linear: Linear::default(), products: Vec::new() }
    }
}

impl<S: Scalar> Quadratic<S> {
    /// The left side on given values; zero if the equation holds.
    pub fn evaluate(&self, value: impl Fn(&Hidden) -> S) -> S {
        let linear = self.linear.0.iter().map(|(hidden, c)| c.clone() * value(hidden));
        let products = self.products.iter().map(|(a, b, c)| c.clone() * value(a) * value(b));
        linear.chain(products).fold(self.constant.clone(), S::add)
    }
}

/// What the verifier drew for the lookups and equalities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenges<S = F> {
    /// LogUp: where the fractions are evaluated.
    pub alpha: S,
    /// LogUp: folds key and value.
    pub beta: S,
    /// Point of the equality space.
    pub equal: Vec<S>,
    /// Point of the leaf space at which numerator and denominator are claimed.
    pub leaf: Vec<S>,
    /// Batches numerator (1), denominator (γ) and equalities (γ²).
    pub gamma: S,
    /// Point of the indices that the operands of products share.
    pub product: Vec<S>,
    /// Joins the products' operands to the linear claim; drawn after they are committed.
    pub join: S,
}

/// How long a run of the argument is: all that its schedule follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bits of the leaf space; zero if nothing is looked up.
    pub leaves: usize,
    /// Bits of the largest committed tensor.
    pub flat: usize,
    /// Bits of the space of equalities.
    pub equal: usize,
    /// Committed tensors.
    pub tensors: usize,
    /// Products of two tensors.
    pub products: usize,
    /// Bits of the largest space of indices that two of them share.
    pub product_bits: usize,
}

/// Numbers that follow from the statement and the challenges alone.
#[derive(Clone, Copy, Debug)]
pub enum Public<'a, S = F> {
    /// What the product of both operands counts, of each product.
    Products {
        /// What defines them.
        challenges: &'a Challenges<S>,
    },
    /// What each tensor counts in the batched claims at the end of the linear sum-check, then the claims' public part.
    Claims {
        /// What defines the claims.
        challenges: &'a Challenges<S>,
        /// Where all tensors are evaluated.
        point: &'a [S],
    },
}

impl<S> Public<'_, S> {
    /// How many there are.
    pub fn count(&self, sizes: &Sizes) -> usize {
        match self {
            Public::Products { .. } => sizes.products,
            Public::Claims { .. } => sizes.tensors + 1,
        }
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
pub enum Turn<'a, S = F> {
    /// `(p0, p1, q0, q1)` of the lookup tree's top.
    Root,
    /// `(q0·q1, 1/(q0·q1))` of the top.
    RootInverse,
    /// A round of layer `k` of the tree.
    LayerRound {
        /// The layer.
        k: usize,
        /// Where it is claimed.
        point: &'a [S],
        /// Its batching challenge.
        lambda: S,
        /// `None` in the first round.
        previous: Option<S>,
    },
    /// The four claims that end a layer.
    LayerEnd {
        /// The last round's challenge.
        previous: S,
    },
    /// The sum of all products of tensors.
    ProductSum {
        /// What defines them.
        challenges: &'a Challenges<S>,
    },
    /// A round of their sum-check.
    ProductRound {
        /// `None` in the first round.
        previous: Option<S>,
    },
    /// Both operands of product `i` at the rounds' point.
    Operands {
        /// The product.
        i: usize,
        /// The last round's challenge; `None` if there was no round.
        previous: Option<S>,
    },
    /// A round of the linear sum-check.
    LinearRound {
        /// What defines the functionals.
        challenges: &'a Challenges<S>,
        /// `None` in the first round.
        previous: Option<S>,
    },
    /// Tensor `t` at the last point.
    Evaluation {
        /// The tensor.
        t: usize,
        /// The last round's challenge.
        previous: S,
    },
}

/// A side of the argument.
///
/// Whatever is sent is committed and absorbed at once, so no value can be chosen after a challenge that is drawn later.
pub trait Channel {
    /// What can go wrong.
    type Error;
    /// What challenges are.
    type Scalar: Scalar;

    /// Sends or receives the row commitments of every tensor but the inputs.
    fn rows(&mut self) -> Result<(), Self::Error>;

    /// Takes note of the lookup challenges.
    fn lookups(&mut self, _alpha: &Self::Scalar, _beta: &Self::Scalar) {}

    /// Sends or receives the commitment of a hidden message, of which the first `N` values are used.
    fn hidden<const N: usize>(&mut self, turn: Turn<'_, Self::Scalar>) -> Result<[Hidden; N], Self::Error>;

    /// Draws a challenge; its error is charged in the line that draws it.
    fn challenge(&mut self, term: ErrorTerm) -> Self::Scalar;

    /// Draws the point of the equalities, `bits` coordinates.
    fn equal(&mut self, bits: usize) -> Vec<Self::Scalar>
    where
        Self: Sized,
    {
        point(self, bits, ErrorTerm::new(EQUALITIES, "Schwartz–Zippel", bits as u128))
    }

    /// What the statement and the challenges come to.
    fn public(&mut self, numbers: Public<'_, Self::Scalar>) -> Vec<Self::Scalar>;

    /// States an equation over hidden values; it is only made by those who need it.
    fn require(&mut self, equation: impl FnOnce(&mut Self) -> Quadratic<Self::Scalar>);

    /// The number of equations so far.
    fn required(&self) -> usize;

    /// Sends or receives the commitment to the blinders of one of halo2's unusable rows.
    fn tail(&mut self, row: usize) -> Result<(), Self::Error>;
}

/// What is drawn for at the point of the equalities.
pub const EQUALITIES: &str = "equalities at a random point";

/// Draws a point of `n` coordinates; all of them together have the error of `term`.
pub fn point<C: Channel>(channel: &mut C, n: usize, term: ErrorTerm) -> Vec<C::Scalar> {
    let each = |i: usize| if i == 0 { term.clone() } else { ErrorTerm { numerator: 0, ..term.clone() } };
    (0..n).map(|i| channel.challenge(each(i))).collect()
}
