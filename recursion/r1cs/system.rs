//! What numbers are made in.

use super::block::{Block, STRIDE};
use super::shape::Shape;
use super::{Number, shape};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use zeroize::{Zeroize, Zeroizing};
use zkimg_group::cycle::PastaField;
use zkimg_group::generators::MIN_ROW_BITS;

/// A column before it is known how many blocks there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// Of a block: which, and where in it.
    Block(u32, u32),
    /// Of the rest of the witness.
    Rest(u32),
    /// A public input.
    Public(u32),
}

/// A combination of columns and one.
pub(super) type Combination<P> = (P, Vec<(Column, P)>);

/// A constraint.
pub(super) type Constraint<P> = [Combination<P>; 3];

/// A constraint system that is being made: of constraints, or of values.
pub struct System<P: PastaField>(Rc<RefCell<Inner<P>>>);

impl<P: PastaField> fmt::Debug for System<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("System").finish_non_exhaustive()
    }
}

impl<P: PastaField> Clone for System<P> {
    fn clone(&self) -> System<P> {
        System(self.0.clone())
    }
}

struct Inner<P: Zeroize> {
    /// Whether values are made, and not constraints.
    valued: bool,
    blocks: u32,
    /// The columns of the block that is being made.
    inside: Option<u32>,
    rest: u32,
    public: Vec<P>,
    /// Values of the columns of all blocks, then of the rest.
    of_blocks: Zeroizing<Vec<P>>,
    of_rest: Zeroizing<Vec<P>>,
    block: Option<Block<P>>,
    /// The rows of the block that is being made.
    current: Vec<Constraint<P>>,
    rows: Vec<Constraint<P>>,
}

impl<P: PastaField> System<P> {
    /// For the shape of what is computed.
    pub fn of_shape() -> System<P> {
        System::new(false)
    }

    /// For the values of a witness.
    pub fn of_values() -> System<P> {
        System::new(true)
    }

    fn new(valued: bool) -> System<P> {
        System(Rc::new(RefCell::new(Inner {
            valued,
            blocks: 0,
            inside: None,
            rest: 0,
            public: Vec::new(),
            of_blocks: Zeroizing::default(),
            of_rest: Zeroizing::default(),
            block: None,
            current: Vec::new(),
            rows: Vec::new(),
        })))
    }

    /// A hidden number of this value; nothing is said about it yet. For a shape the value does not matter.
    pub fn hidden(&self, value: P) -> Number<P> {
        let mut inner = self.0.borrow_mut();
        let column = match inner.inside {
            Some(at) => {
                inner.inside = Some(at + 1);
                assert!((at as usize) < STRIDE, "a block has at most {STRIDE} columns");
                if inner.valued {
                    grow(&mut inner.of_blocks, 1);
                    inner.of_blocks.push(value);
                }
                Column::Block(inner.blocks, at)
            }
            None => {
                if inner.valued {
                    grow(&mut inner.of_rest, 1);
                    inner.of_rest.push(value);
                }
                inner.rest += 1;
                Column::Rest(inner.rest - 1)
            }
        };
        self.number(&inner, column, value)
    }

    /// A public input of this value.
    pub fn public(&self, value: P) -> Number<P> {
        let mut inner = self.0.borrow_mut();
        inner.public.push(value);
        let column = Column::Public(inner.public.len() as u32 - 1);
        self.number(&inner, column, value)
    }

    fn number(&self, inner: &Inner<P>, column: Column, value: P) -> Number<P> {
        if inner.valued { Number::of_value(self.clone(), value) } else { Number::of_column(self.clone(), column) }
    }

    /// States that `a·b = c`.
    pub fn require(&self, a: &Number<P>, b: &Number<P>, c: &Number<P>) {
        let mut inner = self.0.borrow_mut();
        if inner.valued {
            return;
        }
        let row = [a, b, c].map(Number::combination);
        if inner.inside.is_some() {
            inner.current.push(row);
        } else {
            inner.rows.push(row);
        }
    }

    /// Makes a block: `inputs` become columns of it, and all that is made within is one of many of the same form.
    ///
    /// # Panics
    /// If the block reads a number from outside, is longer than [`STRIDE`], or differs from the first: faults of whoever wrote it.
    pub(super) fn block<const N: usize>(
        &self,
        inputs: [Number<P>; N],
        make: impl FnOnce([Number<P>; N]) -> [Number<P>; N],
    ) -> [Number<P>; N] {
        self.0.borrow_mut().inside = Some(0);
        let own: [Number<P>; N] = std::array::from_fn(|i| self.hidden(inputs[i].value()));
        let outputs = make(own.clone());
        let mut inner = self.0.borrow_mut();
        if inner.valued {
            let end = (inner.blocks as usize + 1) * STRIDE;
            grow(&mut inner.of_blocks, STRIDE);
            inner.of_blocks.resize(end, P::ZERO);
        } else {
            let made = Block::new(inner.blocks, std::mem::take(&mut inner.current));
            match &inner.block {
                None => inner.block = Some(made),
                Some(first) => assert!(*first == made, "all blocks have one form"),
            }
        }
        inner.blocks += 1;
        inner.inside = None;
        drop(inner);
        let one = Number::constant_of(P::ONE);
        own.iter().zip(&inputs).for_each(|(own, input)| self.require(input, &one, own));
        outputs
    }

    /// The shape.
    pub fn shape(self) -> Shape<P> {
        self.shape_of(MIN_ROW_BITS)
    }

    /// The shape with `2^bits` rows and more only if there are more constraints, values or inputs.
    pub fn shape_of(self, bits: usize) -> Shape<P> {
        let mut inner = self.0.borrow_mut();
        assert!(!inner.valued, "a system of values has no shape");
        let rows = std::mem::take(&mut inner.rows);
        shape::Shape::new(bits, (inner.blocks as usize, inner.block.take()), rows, inner.rest as usize, inner.public.len())
    }

    /// The witness and the public inputs.
    pub fn values(self) -> (Zeroizing<Vec<P>>, Vec<P>) {
        let mut inner = self.0.borrow_mut();
        assert!(inner.valued, "a system of constraints has no values");
        let mut witness = std::mem::take(&mut inner.of_blocks);
        grow(&mut witness, inner.of_rest.len());
        witness.extend_from_slice(&inner.of_rest);
        (witness, std::mem::take(&mut inner.public))
    }
}

/// Makes room for more values, and wipes the place that they leave.
fn grow<P: PastaField>(values: &mut Zeroizing<Vec<P>>, more: usize) {
    if values.capacity() - values.len() < more {
        let room = (2 * values.capacity()).max(values.len() + more);
        let old = std::mem::replace(values, Zeroizing::new(Vec::with_capacity(room)));
        values.extend_from_slice(&old);
    }
}
