//! What the tree costs, in products of the field: counted, not timed, so that it is the same wherever it runs.

use super::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Products so far, of all lanes.
static PRODUCTS: AtomicU64 = AtomicU64::new(0);

/// The plain arithmetic, counted.
#[derive(Clone, Copy)]
struct Counted(ScalarLanes<F>);

type Plain = ScalarLanes<F>;
type Several = <Plain as Lanes>::Several;

impl Counted {
    fn products(self, count: u64) -> Plain {
        PRODUCTS.fetch_add(count * Plain::WIDTH as u64, Ordering::Relaxed);
        self.0
    }
}

impl Lanes for Counted {
    const WIDTH: usize = Plain::WIDTH;
    type Field = F;
    type One = F;
    type Several = Several;
    type Reduced = Several;
    type Loose = Several;
    type Sum = <Plain as Lanes>::Sum;

    fn run<R>(self, f: impl FnOnce() -> R) -> R {
        self.0.run(f)
    }
    fn pack(element: &F) -> F {
        Plain::pack(element)
    }
    fn unpack(one: &F) -> F {
        Plain::unpack(one)
    }
    fn negated(one: &F) -> F {
        Plain::negated(one)
    }
    fn is_zero(one: &F) -> bool {
        Plain::is_zero(one)
    }
    fn set(several: &mut Several, lane: usize, one: &F) {
        Plain::set(several, lane, one);
    }
    fn get(several: &Several, lane: usize) -> F {
        Plain::get(several, lane)
    }
    fn load(self, several: &Several) -> Several {
        self.0.load(several)
    }
    fn store(self, reduced: &Several) -> Several {
        self.0.store(reduced)
    }
    fn gather(self, ones: &[F], at: impl Fn(usize) -> usize) -> Several {
        self.0.gather(ones, at)
    }
    fn integers(self, at: impl Fn(usize) -> u32) -> Several {
        self.products(1).integers(at)
    }
    fn unzip(self, low: &Several, high: &Several) -> (Several, Several) {
        self.0.unzip(low, high)
    }
    fn splat(self, element: &F) -> Several {
        self.0.splat(element)
    }
    fn select(self, bits: u8, a: &Several, b: &Several) -> Several {
        self.0.select(bits, a, b)
    }
    fn sum_where(self, bits_a: u8, a: &Several, bits_b: u8, b: &Several) -> Several {
        self.0.sum_where(bits_a, a, bits_b, b)
    }
    fn product(self, a: &Several, b: &Several) -> Several {
        self.products(1).product(a, b)
    }
    fn square(self, a: &Several) -> Several {
        self.products(1).square(a)
    }
    fn sum_of_products(self, a: &Several, b: &Several, c: &Several, d: &Several) -> Several {
        self.products(2).sum_of_products(a, b, c, d)
    }
    fn nothing(self) -> Self::Sum {
        self.0.nothing()
    }
    fn add_product(self, sum: &mut Self::Sum, a: &Several, b: &Several) {
        self.products(1).add_product(sum, a, b);
    }
    fn total(self, sum: &Self::Sum) -> Several {
        self.0.total(sum)
    }
    fn loose(self, a: &Several) -> Several {
        self.0.loose(a)
    }
    fn double(self, a: &Several) -> Several {
        self.0.double(a)
    }
    fn triple(self, a: &Several) -> Several {
        self.0.triple(a)
    }
    fn sum(self, a: &Several, b: &Several) -> Several {
        self.0.sum(a, b)
    }
    fn difference(self, a: &Several, b: &Several) -> Several {
        self.0.difference(a, b)
    }
    fn difference_of_both(self, a: &Several, b: &Several, c: &Several) -> Several {
        self.0.difference_of_both(a, b, c)
    }
    fn reduced(self, a: &Several) -> Several {
        self.0.reduced(a)
    }
}

/// Products a lookup, in hundredths, of building the tree and proving all its layers.
fn cost(leaves: &Leaves, kept: Kept, source: &mut super::Source) -> u64 {
    PRODUCTS.store(0, Ordering::Relaxed);
    let mut tree = Engine::with_parts(Counted(ScalarLanes::new()), leaves.clone(), 12.min(leaves.bits), kept);
    let mut bound: Vec<F> = Vec::new();
    for k in 1..leaves.bits {
        let mut point = vec![source.field()];
        point.append(&mut bound);
        tree.begin(k, &point, source.field());
        for _ in 0..k {
            let s = source.field();
            tree.bind(s);
            bound.push(s);
        }
        tree.end();
    }
    100 * PRODUCTS.load(Ordering::Relaxed) / leaves.lookups.iter().map(|lookup| lookup.dims.cells() as u64).sum::<u64>()
}

/// Lines without padding, such of a network's, and such of a picture whose sides are odd; for what is kept from the most to the least.
/// Whoever makes it cheaper lowers a number; whoever makes it dearer says here why.
#[test]
fn a_lookup_takes_so_many_products() {
    const PINNED: [((usize, usize, usize), [u64; 4]); 3] =
        [((3, 128, 256), [1027, 1204, 1574, 2203]), ((64, 28, 28), [1295, 1499, 1948, 2687]), ((3, 127, 255), [1040, 1218, 1594, 2230])];
    let mut source = super::Source(5000);
    let found = PINNED.map(|(shape, _)| {
        let leaves = honest(&[shape], &[256], &mut source);
        (shape, Kept::CHOICES.map(|kept| cost(&leaves, kept, &mut source)))
    });
    assert_eq!(found, PINNED, "hundredths of products a lookup");
}
