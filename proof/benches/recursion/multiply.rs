//! Multiplication of Vesta points by scalars, in a circuit over the field of their coordinates.
//!
//! One row a digit, in the manner of the halo2 book's variable-base multiplication: `A ← (A + S) + A` by two incomplete
//! additions whose ordinates are never stored, `S = ±T` (one bit a row) or `S ∈ {±T, ±φT}` with the curve's endomorphism `φ`
//! (two bits a row, Algorithm 1 of Bowe, Grigg, Hopwood 2019). `A` starts at `2T` or `2(T + φT)`.
//!
//! **Bits.** 254 bits `B` give `(2^254 + 1 + 2B)·T`, so a scalar `s` is handed over as `B = (s − 1 − 2^254)/2`, one cell that cannot
//! wrap. Before step `j ≥ 1`, `A = a·T` with `a` odd and `2^j < a < 3·2^j`. An addition would be exceptional, and its slope free, if `a = ±1`
//! modulo the group's odd order `p`; as `a < 2p − 1` that leaves `p ± 1`, which are even. What remains is `A + S = −A`, where no slope fits:
//! `s ∈ {0, 1, −1}` cannot be proved, and nothing false can.
//!
//! **Turned digits.** 128 bits give `(a + bζ)·T` with `2 ≤ a, b < 2^66`; an exception would be a short vector `(u, v) ≠ 0` with `u + vζ ≡ 0`, but
//! then `p` divides `u² − uv + v² < 2^136`. Every 128 bits can be proved.

use crate::steps::{Multiplication, PUBLIC, Xy};
use ff::{Field, WithSmallOrderMulGroup};
use halo2_proofs::circuit::{Cell, Layouter, Region, SimpleFloorPlanner, Value};
use halo2_proofs::plonk::{
    Advice, Assigned, Circuit, Column, ConstraintSystem, Constraints, Error, Expression, Instance, Selector, VirtualCells,
};
use halo2_proofs::poly::Rotation;
use pasta_curves::Fq;

/// Bits of a scalar that is handed over bit by bit.
pub(crate) const PLAIN_DIGITS: usize = 254;
/// Pairs of bits of a challenge.
pub(crate) const TURNED_DIGITS: usize = 64;

/// The slope of the line through two points, divided when all are.
fn slope(a: Xy, b: Xy) -> Assigned<Fq> {
    Assigned::Rational(a[1] - b[1], a[0] - b[0])
}

/// The columns.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    base: [Column<Advice>; 2],
    accumulator: Column<Advice>,
    slopes: [Column<Advice>; 2],
    sum: Column<Advice>,
    add: Column<Advice>,
    turn: Option<Column<Advice>>,
    public: Column<Instance>,
    head: Selector,
    step: Selector,
    last: Selector,
}

/// What the gates read of a row.
struct Row {
    x: Expression<Fq>,
    y: Expression<Fq>,
    accumulator: Expression<Fq>,
    slopes: [Expression<Fq>; 2],
    sum: Expression<Fq>,
    add: Expression<Fq>,
    turn: Option<Expression<Fq>>,
}

fn constant(value: u64) -> Expression<Fq> {
    Expression::Constant(Fq::from(value))
}

impl Row {
    fn new(columns: &Columns, cells: &mut VirtualCells<'_, Fq>, at: Rotation) -> Row {
        let mut query = |column| cells.query_advice(column, at);
        Row {
            x: query(columns.base[0]),
            y: query(columns.base[1]),
            accumulator: query(columns.accumulator),
            slopes: columns.slopes.map(&mut query),
            sum: query(columns.sum),
            add: query(columns.add),
            turn: columns.turn.map(query),
        }
    }

    /// `x_S`.
    fn digit_x(&self) -> Expression<Fq> {
        match &self.turn {
            Some(turn) => self.x.clone() * (constant(1) + turn.clone() * (Fq::ZETA - Fq::ONE)),
            None => self.x.clone(),
        }
    }

    /// `x_{A+S} = λ₁² − x_A − x_S`.
    fn sum_x(&self) -> Expression<Fq> {
        self.slopes[0].clone().square() - self.accumulator.clone() - self.digit_x()
    }

    /// `2·y_A = (λ₁ + λ₂)·(x_A − x_{A+S})`.
    fn twice_y(&self) -> Expression<Fq> {
        (self.slopes[0].clone() + self.slopes[1].clone()) * (self.accumulator.clone() - self.sum_x())
    }

    fn same_base(&self, next: &Row) -> [(&'static str, Expression<Fq>); 2] {
        [("x_T' = x_T", next.x.clone() - self.x.clone()), ("y_T' = y_T", next.y.clone() - self.y.clone())]
    }

    /// One digit, with twice the next accumulator's ordinate.
    fn step(&self, next: &Row, next_twice_y: Expression<Fq>) -> Vec<(&'static str, Expression<Fq>)> {
        let boolean = |bit: &Expression<Fq>| bit.clone() * (bit.clone() - constant(1));
        let [first, second] = self.slopes.clone();
        let (appended, twice_y) = match &self.turn {
            Some(turn) => (self.sum.clone() * Fq::from(4) + turn.clone() * Fq::from(2) + self.add.clone(), self.twice_y()),
            None => (self.sum.clone() * Fq::from(2) + self.add.clone(), self.twice_y()),
        };
        let digit_y = (self.add.clone() * Fq::from(2) - constant(1)) * self.y.clone();
        let (x, next_x) = (self.accumulator.clone(), next.accumulator.clone());
        let mut all = vec![
            ("sign is a bit", boolean(&self.add)),
            ("sum' = sum and digit", next.sum.clone() - appended),
            ("λ₁(x_A − x_S) = y_A − y_S", (first * (x.clone() - self.digit_x()) + digit_y) * Fq::from(2) - twice_y.clone()),
            ("x_A' = λ₂² − x_{A+S} − x_A", second.clone().square() - next_x.clone() - self.sum_x() - x.clone()),
            ("λ₂(x_A − x_A') = y_A + y_A'", second * (x - next_x) * Fq::from(2) - twice_y - next_twice_y),
        ];
        all.extend(self.turn.as_ref().map(|turn| ("turn is a bit", boolean(turn))));
        all
    }

    /// `T` is on the curve, and `A'` is `2T` or `2(T + φT) = −φ²(2T)`.
    fn head(&self, next: &Row) -> Vec<(&'static str, Expression<Fq>)> {
        let (x, y, tangent) = (self.x.clone(), self.y.clone(), self.slopes[1].clone());
        let double_x = tangent.clone().square() - x.clone() * Fq::from(2);
        let double_y = tangent.clone() * (x.clone() - double_x.clone()) - y.clone();
        let (turn, sign) = if self.turn.is_some() { (Fq::ZETA.square(), -Fq::ONE) } else { (Fq::ONE, Fq::ONE) };
        let mut all = vec![
            ("y² = x³ + 5", y.clone().square() - x.clone().square() * x.clone() - constant(5)),
            ("2y·tangent = 3x²", y * tangent * Fq::from(2) - x.square() * Fq::from(3)),
            ("x_A of the start", next.accumulator.clone() - double_x * turn),
            ("y_A of the start", next.twice_y() - double_y * sign.double()),
            ("sum starts at 0", next.sum.clone()),
        ];
        all.extend(self.same_base(next));
        all
    }
}

/// Several multiplications, one below the other; `TURNED` says by which kind of digits.
#[derive(Clone, Debug)]
pub(crate) struct Multiplications<const TURNED: bool> {
    count: usize,
    witness: Option<Vec<Multiplication>>,
}

impl<const TURNED: bool> Multiplications<TURNED> {
    /// Digits of one multiplication.
    pub(crate) const DIGITS: usize = if TURNED { TURNED_DIGITS } else { PLAIN_DIGITS };
    /// Rows of one multiplication: head, digits, product.
    pub(crate) const ROWS: usize = Self::DIGITS + 2;

    /// The circuit with its witness.
    pub(crate) fn new(witness: Vec<Multiplication>) -> Self {
        Multiplications { count: witness.len(), witness: Some(witness) }
    }

    /// The one instance column.
    pub(crate) fn public(&self) -> Vec<Fq> {
        self.witness.iter().flatten().flat_map(Multiplication::public).collect()
    }
}

impl<const TURNED: bool> Circuit<Fq> for Multiplications<TURNED> {
    type Config = Columns;
    type FloorPlanner = SimpleFloorPlanner;

    fn without_witnesses(&self) -> Self {
        Multiplications { count: self.count, witness: None }
    }

    fn configure(meta: &mut ConstraintSystem<Fq>) -> Columns {
        let columns = Columns {
            base: [(); 2].map(|()| meta.advice_column()),
            accumulator: meta.advice_column(),
            slopes: [(); 2].map(|()| meta.advice_column()),
            sum: meta.advice_column(),
            add: meta.advice_column(),
            turn: TURNED.then(|| meta.advice_column()),
            public: meta.instance_column(),
            head: meta.selector(),
            step: meta.selector(),
            last: meta.selector(),
        };
        // Bases and scalars come from elsewhere in a verifier's circuit, products go there: by copies.
        for column in [columns.base[0], columns.base[1], columns.accumulator, columns.slopes[0], columns.sum] {
            meta.enable_equality(column);
        }
        meta.enable_equality(columns.public);
        let rows =
            |cells: &mut VirtualCells<'_, Fq>| (Row::new(&columns, cells, Rotation::cur()), Row::new(&columns, cells, Rotation::next()));
        meta.create_gate("head", |cells| {
            let (row, next) = rows(cells);
            Constraints::with_selector(cells.query_selector(columns.head), row.head(&next))
        });
        meta.create_gate("step", |cells| {
            let (row, next) = rows(cells);
            let mut all = row.step(&next, next.twice_y());
            all.extend(row.same_base(&next));
            Constraints::with_selector(cells.query_selector(columns.step), all)
        });
        meta.create_gate("last step", |cells| {
            let (row, next) = rows(cells);
            // The product's ordinate stands where a slope would.
            let product_y = next.slopes[0].clone() * Fq::from(2);
            Constraints::with_selector(cells.query_selector(columns.last), row.step(&next, product_y))
        });
        columns
    }

    fn synthesize(&self, columns: Columns, mut layouter: impl Layouter<Fq>) -> Result<(), Error> {
        let public = layouter.assign_region(
            || "multiplications",
            |mut region| {
                let mut cells = Vec::with_capacity(PUBLIC * self.count);
                for i in 0..self.count {
                    let one = self.witness.as_ref().map(|all| &all[i]);
                    cells.extend(columns.assign(&mut region, i * Self::ROWS, Self::DIGITS, one)?);
                }
                Ok(cells)
            },
        )?;
        public.into_iter().enumerate().try_for_each(|(i, cell)| layouter.constrain_instance(cell, columns.public, i))
    }
}

impl Columns {
    /// Lays one multiplication out from row `start`; gives its public cells.
    fn assign(
        &self,
        region: &mut Region<'_, Fq>,
        start: usize,
        digits: usize,
        one: Option<&Multiplication>,
    ) -> Result<[Cell; PUBLIC], Error> {
        let mut set = |column, row, value: Option<Assigned<Fq>>| {
            let value = value.map_or(Value::unknown(), Value::known);
            Ok::<Cell, Error>(region.assign_advice(|| "", column, start + row, || value)?.cell())
        };
        // What a gate names but does not use in the first and last row.
        for row in [0, digits + 1] {
            let unused = self.base.into_iter().chain(self.slopes).chain([self.accumulator, self.sum, self.add]).chain(self.turn);
            for column in unused {
                set(column, row, one.map(|_| Fq::ZERO.into()))?;
            }
        }
        let [x, y] = [0, 1].map(|i| set(self.base[i], 0, one.map(|one| one.bases[0][i].into())));
        set(self.slopes[1], 0, one.map(|one| one.tangent.into()))?;
        for step in 0..digits {
            let row = step + 1;
            let added = one.map(|one| one.taken[step].of(one.bases[row]));
            let line = |to: Option<Xy>| one.zip(to).map(|(one, to)| slope(one.accumulators[step], to));
            set(self.base[0], row, one.map(|one| one.bases[row][0].into()))?;
            set(self.base[1], row, one.map(|one| one.bases[row][1].into()))?;
            set(self.sum, row, one.map(|one| one.sums[step].into()))?;
            set(self.accumulator, row, one.map(|one| one.accumulators[step][0].into()))?;
            set(self.slopes[0], row, line(added))?;
            set(self.slopes[1], row, line(one.map(|one| one.middles[step])))?;
            set(self.add, row, one.map(|one| one.digits[step].add.into()))?;
            if let Some(turn) = self.turn {
                set(turn, row, one.map(|one| one.digits[step].turn.into()))?;
            }
        }
        let public = one.map(Multiplication::public);
        let sum = set(self.sum, digits + 1, public.map(|[_, _, sum, ..]| sum.into()))?;
        let product_x = set(self.accumulator, digits + 1, public.map(|[.., x, _]| x.into()))?;
        let product_y = set(self.slopes[0], digits + 1, public.map(|[.., y]| y.into()))?;
        self.head.enable(region, start)?;
        (1..digits).try_for_each(|row| self.step.enable(region, start + row))?;
        self.last.enable(region, start + digits)?;
        Ok([x?, y?, sum, product_x, product_y])
    }
}
