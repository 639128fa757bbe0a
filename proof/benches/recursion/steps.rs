//! A multiplication's witness, step by step.

use ff::{Field, WithSmallOrderMulGroup};
use pasta_curves::Fq;

/// Public cells of one multiplication: base, scalar, product.
pub(crate) const PUBLIC: usize = 5;

/// A point by its coordinates; the formulas below hold on every curve `y² = x³ + b`, so that a check can lie about `b`.
pub(crate) type Xy = [Fq; 2];

/// One digit: `S = ±T`, or `±φT` if turned; each is 0 or 1, unless somebody cheats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digit {
    /// Plus (1) or minus.
    pub add: Fq,
    /// `φT` (1) instead of `T`.
    pub turn: Fq,
}

impl Digit {
    /// `S` for the base `T`.
    pub(crate) fn of(self, [x, y]: Xy) -> Xy {
        [x * (Fq::ONE + self.turn * (Fq::ZETA - Fq::ONE)), y * (self.add.double() - Fq::ONE)]
    }
}

/// One multiplication as it stands in the circuit's rows. [`Multiplication::new`] fills them honestly; a check may not.
#[derive(Clone, Debug)]
pub(crate) struct Multiplication {
    /// The head's base, then each step's.
    pub bases: Vec<Xy>,
    /// The slope at the head's base.
    pub tangent: Fq,
    /// As written, most significant first.
    pub digits: Vec<Digit>,
    /// As added.
    pub taken: Vec<Digit>,
    /// `A` before each step and after the last.
    pub accumulators: Vec<Xy>,
    /// `A + S` of each step.
    pub middles: Vec<Xy>,
    /// The digits before each step as one number, and all of them.
    pub sums: Vec<Fq>,
    turned: bool,
}

impl Multiplication {
    /// An honest one.
    pub(crate) fn new(base: Xy, digits: Vec<Digit>, turned: bool) -> Multiplication {
        let [x, y] = base;
        let tangent = x.square() * Fq::from(3) * y.double().invert().unwrap_or(Fq::ZERO);
        let mut one = Multiplication {
            bases: vec![base; digits.len() + 1],
            tangent,
            taken: digits.clone(),
            digits,
            accumulators: Vec::new(),
            middles: Vec::new(),
            sums: Vec::new(),
            turned,
        };
        one.start();
        one.count(Fq::ZERO, 0);
        one
    }

    /// Starts anew: `2T` or `2(T + φT)` if the tangent is one.
    pub(crate) fn start(&mut self) {
        let [x, y] = self.bases[0];
        let double_x = self.tangent.square() - x.double();
        let double_y = self.tangent * (x - double_x) - y;
        let start = if self.turned { [double_x * Fq::ZETA.square(), -double_y] } else { [double_x, double_y] };
        self.walk(start, 0);
    }

    /// Stands at `accumulator` before `step` and takes all steps from there on.
    pub(crate) fn walk(&mut self, mut accumulator: Xy, step: usize) {
        self.accumulators.truncate(step);
        self.middles.truncate(step);
        self.accumulators.push(accumulator);
        for (base, digit) in self.bases.iter().skip(1).zip(&self.taken).skip(step) {
            let middle = chord(accumulator, digit.of(*base));
            accumulator = chord(accumulator, middle);
            self.middles.push(middle);
            self.accumulators.push(accumulator);
        }
    }

    /// Has `sum` before `step` and appends all digits from there on.
    pub(crate) fn count(&mut self, mut sum: Fq, step: usize) {
        self.sums.truncate(step);
        self.sums.push(sum);
        for digit in &self.digits[step..] {
            sum = sum.double() + digit.add + if self.turned { (sum + digit.turn).double() } else { Fq::ZERO };
            self.sums.push(sum);
        }
    }

    /// What the circuit makes public of it: base, digits as one number, product.
    pub(crate) fn public(&self) -> [Fq; PUBLIC] {
        let ([x, y], [product_x, product_y]) = (self.bases[0], self.accumulators[self.digits.len()]);
        [x, y, self.sums[self.digits.len()], product_x, product_y]
    }
}

/// The sum of two points with different abscissas.
fn chord(a: Xy, b: Xy) -> Xy {
    let slope = (a[1] - b[1]) * (a[0] - b[0]).invert().expect("two different abscissas");
    let x = slope.square() - a[0] - b[0];
    [x, slope * (a[0] - x) - a[1]]
}
