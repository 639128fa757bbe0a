//! What is computed: integer tensors, each made of those before it.
//!
//! A node's cells are `y = f(⌊(Σ_i A_i·x_i + C(w, x) + b) / D⌋)`, on disjoint boxes: public linear maps `A`, products of two tensors
//! `C` ([`Contraction`](crate::contraction::Contraction)), a constant, a divisor, a function. Bounds are known for every value and followed through every node, so that
//! nothing wraps. A chain of edits is a path through such a graph; a network's layers are nodes of it.

use crate::linear::LinearMap;
pub use crate::node::{BadNode, Function, Node, Part, Product, Results, ValueId};
use crate::step::{MAX_DIVISOR, MAX_MAGNITUDE, MAX_PIECES, MAX_TABLE, overlap};
use crate::tensor::{Bounds, Cells, Dims};
use std::sync::Arc;

/// What a part takes of everybody's time by being there: its box and its table are compared with those of others.
const PART_WORK: usize = 1 << 12;

/// What a committed value stands for. It is part of the value's root, so that a value of one kind is never taken for one of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Pixels, as a camera or an edit makes them.
    Picture,
    /// The weights of a network.
    Model,
    /// What a network makes of a picture, kept to be compared with.
    Template,
    /// Examples that something was learnt from.
    DataSet,
}

impl Kind {
    /// Its number in digests.
    pub fn number(self) -> u32 {
        match self {
            Kind::Picture => 0,
            Kind::Model => 1,
            Kind::Template => 2,
            Kind::DataSet => 3,
        }
    }
}

/// Who answers for a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Somebody committed to it beforehand.
    Input {
        /// As what.
        kind: Kind,
        /// Whether the proof shows that its cells lie in their bounds. If not, who committed to it must be trusted with that, as the
        /// camera is.
        checked: bool,
    },
    /// Everybody knows it.
    Public(Arc<Cells>),
    /// A node makes it.
    Node,
}

/// A tensor of integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Its shape.
    pub dims: Dims,
    /// What its cells lie between.
    pub bounds: Bounds,
    /// Who answers for it.
    pub owner: Owner,
}

/// How the value at the end appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Its cells are public.
    Revealed,
    /// A committed tensor, for handing on as a value of this kind.
    Hidden(Kind),
}

/// Values and the nodes that make them, in an order in which they can be computed. The last node's value is the output.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Graph {
    values: Vec<Value>,
    nodes: Vec<Node>,
}

/// That a value has a shape and bounds that exist and can be proved.
fn supported(dims: Dims, bounds: Bounds) -> Result<(), BadNode> {
    if Dims::new(dims.channels, dims.height, dims.width).is_err() {
        return Err(BadNode::Shape);
    }
    if bounds.low > bounds.high {
        return Err(BadNode::Bounds);
    }
    if bounds.magnitude() > MAX_MAGNITUDE { Err(BadNode::Magnitude(bounds.magnitude())) } else { Ok(()) }
}

impl Graph {
    /// No value yet.
    pub fn new() -> Graph {
        Graph::default()
    }

    fn value(&mut self, value: Value) -> ValueId {
        self.values.push(value);
        ValueId(self.values.len() - 1)
    }

    /// A value that somebody committed to.
    ///
    /// # Errors
    /// If the bounds are none, or reach too far.
    pub fn input(&mut self, kind: Kind, dims: Dims, bounds: Bounds, checked: bool) -> Result<ValueId, BadNode> {
        supported(dims, bounds)?;
        Ok(self.value(Value { dims, bounds, owner: Owner::Input { kind, checked } }))
    }

    /// A value that everybody knows.
    ///
    /// # Errors
    /// If a cell lies outside the bounds, or there are more or fewer cells than the shape has.
    pub fn public(&mut self, dims: Dims, bounds: Bounds, cells: Arc<Cells>) -> Result<ValueId, BadNode> {
        supported(dims, bounds)?;
        if cells.len() != dims.cells() {
            return Err(BadNode::Shape);
        }
        if !(0..cells.len()).all(|i| bounds.contain(cells.get(i).into())) {
            return Err(BadNode::Bounds);
        }
        Ok(self.value(Value { dims, bounds, owner: Owner::Public(cells) }))
    }

    /// A value made by a node.
    ///
    /// # Errors
    /// If the parts do not fit, do not cover the value exactly once, or could leave their bounds.
    pub fn node(&mut self, dims: Dims, bounds: Bounds, parts: Vec<Part>) -> Result<ValueId, BadNode> {
        supported(dims, bounds)?;
        if parts.len() > MAX_PIECES {
            return Err(BadNode::Parts(parts.len()));
        }
        for part in &parts {
            self.check(part, dims, bounds)?;
        }
        let covered: usize = parts.iter().filter_map(|part| part.region.dims()).map(|d| d.cells()).sum();
        if covered != dims.cells() || overlap(parts.iter().map(|part| &part.region)) {
            return Err(BadNode::Cover);
        }
        let result = self.value(Value { dims, bounds, owner: Owner::Node });
        self.nodes.push(Node { result, parts });
        Ok(result)
    }

    /// A node of one box.
    ///
    /// # Errors
    /// As [`Graph::node`].
    pub fn single(&mut self, bounds: Bounds, part: Part) -> Result<ValueId, BadNode> {
        let dims = part.region.dims().ok_or(BadNode::Shape)?;
        self.node(dims, bounds, vec![part])
    }

    fn check(&self, part: &Part, dims: Dims, bounds: Bounds) -> Result<(), BadNode> {
        let shape = part.region.dims().filter(|_| part.region.fits(dims)).ok_or(BadNode::Shape)?;
        for (id, map) in &part.terms {
            let value = self.values.get(id.0).ok_or(BadNode::Shape)?;
            if map.input() != value.dims || map.output() != shape {
                return Err(BadNode::Shape);
            }
        }
        for product in &part.products {
            let mut hidden = 0;
            for (id, access) in product.operands.iter().zip(product.contraction.operands()) {
                let value = self.values.get(id.0).ok_or(BadNode::Shape)?;
                if access.dims != value.dims {
                    return Err(BadNode::Shape);
                }
                hidden += usize::from(!matches!(value.owner, Owner::Public(_)));
            }
            if product.contraction.dims() != shape {
                return Err(BadNode::Shape);
            }
            if hidden == 0 {
                return Err(BadNode::Public);
            }
        }
        if !(1..=MAX_DIVISOR).contains(&part.divisor) {
            return Err(BadNode::Divisor(part.divisor));
        }
        let (low, high) = self.range(part)?;
        let divisor = i128::from(part.divisor);
        let (low, high) = (low.div_euclid(divisor), high.div_euclid(divisor));
        let fits = match &part.function {
            Function::Identity => bounds.contain(low) && bounds.contain(high),
            Function::Table { first, values } => {
                let end = i128::from(*first) + values.len() as i128;
                let results = values.bounds();
                low >= (*first).into()
                    && high < end
                    && values.len() <= MAX_TABLE
                    && bounds.low <= results.low
                    && bounds.high >= results.high
            }
        };
        if fits { Ok(()) } else { Err(BadNode::Table { low, high }) }
    }

    /// Between what `v`, and every sum on the way to it, lies.
    fn range(&self, part: &Part) -> Result<(i128, i128), BadNode> {
        let (mut low, mut high) = (i128::from(part.bias), i128::from(part.bias));
        let mut magnitude = low.abs() + i128::from(part.divisor);
        let mut terms = &part.terms[..];
        while let [term, after @ ..] = terms {
            let (mut least, mut greatest) = self.reach(term);
            magnitude = magnitude.saturating_add(least.saturating_abs().max(greatest.saturating_abs()));
            terms = after;
            if let [next, after @ ..] = terms
                && let Some(divisor) = self.remainder(term, next)
            {
                let (low, high) = self.reach(next);
                magnitude = magnitude.saturating_add(low.saturating_abs().max(high.saturating_abs()));
                (least, greatest) = (0, i128::from(divisor) - 1);
                terms = after;
            }
            low = low.saturating_add(least);
            high = high.saturating_add(greatest);
        }
        for product in &part.products {
            let [a, b] = product.operands.map(|id| self.values[id.0].bounds.magnitude());
            let reach = product.contraction.magnitude(a, b);
            low = low.saturating_sub(reach);
            high = high.saturating_add(reach);
            magnitude = magnitude.saturating_add(reach);
        }
        if magnitude < MAX_MAGNITUDE { Ok((low, high)) } else { Err(BadNode::Magnitude(magnitude)) }
    }

    /// Between what a term lies.
    fn reach(&self, (id, map): &(ValueId, LinearMap)) -> (i128, i128) {
        let value = &self.values[id.0];
        match &value.owner {
            // Every cell of a public value that is added as it is lies between its bounds, zero or not.
            Owner::Public(_) if *map == LinearMap::identity(value.dims) => (value.bounds.low.into(), value.bounds.high.into()),
            _ => map.range(value.bounds),
        }
    }

    /// `D`, if a term is `x` and the next one `−D·⌊x/D⌋`: together they lie in `0..D`, however far each of them reaches.
    fn remainder(&self, (x, plain): &(ValueId, LinearMap), (q, times): &(ValueId, LinearMap)) -> Option<i32> {
        let node = self.nodes.get(self.nodes.binary_search_by_key(q, |node| node.result).ok()?)?;
        // Its box is the whole of it, as both maps that read and write it have the shape of x.
        let [Part { region: _, terms, products, bias: 0, divisor, function: Function::Identity }] = &node.parts[..] else { return None };
        let ([(dividend, map)], []) = (&terms[..], &products[..]) else { return None };
        let (dims, divisor) = (self.values[x.0].dims, i32::try_from(*divisor).ok()?);
        let identity = LinearMap::identity(dims);
        let divides = dividend == x && *map == identity;
        (divides && *plain == identity && *times == LinearMap::scaled(dims, -divisor)).then_some(divisor)
    }

    /// All values.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// All values by name.
    pub fn all(&self) -> impl Iterator<Item = (ValueId, &Value)> {
        self.values.iter().enumerate().map(|(i, value)| (ValueId(i), value))
    }

    /// A value.
    pub fn get(&self, id: ValueId) -> &Value {
        &self.values[id.0]
    }

    /// All nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The inputs, in order.
    pub fn inputs(&self) -> impl Iterator<Item = (ValueId, &Value)> {
        self.all().filter(|(_, value)| matches!(value.owner, Owner::Input { .. }))
    }

    /// How many taps the maps hold.
    pub fn taps(&self) -> usize {
        self.nodes.iter().flat_map(|node| &node.parts).flat_map(|part| &part.terms).map(|(_, map)| map.taps()).sum()
    }

    /// The least that checking takes, in products of the field or so: what can be said before anything is made of the graph.
    pub fn work(&self) -> usize {
        let part = |part: &Part| {
            let terms = part.terms.iter().map(|(_, map)| map.work());
            terms.chain(part.products.iter().map(|product| product.contraction.work())).fold(PART_WORK, usize::saturating_add)
        };
        self.nodes.iter().flat_map(|node| &node.parts).map(part).fold(0, usize::saturating_add)
    }
}
