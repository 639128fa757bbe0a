//! From a graph to lookups and equalities.

use super::{
    BadRelation, Equality, Form, Item, Lookup, MAX_GRAPH_TENSORS, MAX_LEAF_BITS, MAX_TENSORS, Operand, Operation, ProductTerm, Quantity,
    Relation, Space, Table, Task, Term, Values, most_rows, work::ROW,
};
use crate::circuit::MAX_MESSAGES;
use crate::commitment::Layout;
use ff::Field;
use zkimg_graph::ending::Ending;
use zkimg_graph::fuse::fuse_all;
use zkimg_graph::graph::{BadNode, Function, Graph, Output, Owner, Part, Results, Value, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::{Budget, Region, Step};
use zkimg_graph::tensor::{Bounds, Dims};
use zkimg_group::field::{F, from_i64};
use zkimg_group::generators::{MAX_ROW_BITS, MIN_ROW_BITS};

/// A range of this many integers is one table; longer ones are shown in limbs of so many bits.
const LIMB_BITS: u32 = 16;
/// The most limbs that one box commits: of the greatest divisors, which are no whole number of limbs.
const LIMBS_A_BOX: usize = 6;
/// The most work ([`Relation::work`]) of a graph.
pub const MAX_GRAPH_WORK: usize = 1 << 26;
/// The most that a graph's maps and contractions alone may take ([`Graph::work`]): what a file of a few bytes can ask for, in time and in
/// vectors of field elements; a network of a hundred layers takes a tenth.
pub const MAX_MAPS_WORK: usize = 1 << 22;

struct Builder<'a> {
    graph: &'a Graph,
    /// Of all but the inputs.
    m: usize,
    tensors: Vec<Layout>,
    most_tensors: usize,
    /// Of all tensors.
    rows: usize,
    most_rows: usize,
    /// What stands for each value.
    operands: Vec<Operand>,
    tables: Vec<Table>,
    lookups: Vec<Lookup>,
    equalities: Vec<Equality>,
    tasks: Vec<Task>,
    /// What is known of functions that boxes may share: [`Function::excess`].
    excesses: Vec<(Function, Bounds)>,
}

/// All of a tensor's cells, or those of a box.
fn part_of(operand: &Operand, dims: Dims, scale: F, region: &Region) -> Term {
    let axis = |n: usize, part: &std::ops::Range<usize>| AxisMap::interval(n, part.clone());
    let term = zkimg_graph::linear::Term {
        mix: axis(dims.channels, &region.channels),
        vertical: axis(dims.height, &region.rows),
        horizontal: axis(dims.width, &region.columns),
    };
    Term { scale, operand: operand.clone(), map: LinearMap::new(dims, false, vec![term]) }
}

impl Builder<'_> {
    fn tensor(&mut self, dims: Dims) -> Result<usize, BadRelation> {
        self.tensor_in_rows(dims, self.m)
    }

    fn tensor_in_rows(&mut self, dims: Dims, m: usize) -> Result<usize, BadRelation> {
        if self.tensors.len() >= self.most_tensors {
            return Err(BadRelation::Tensors(self.most_tensors));
        }
        self.rows += Layout::count(dims, m);
        if self.rows > self.most_rows {
            return Err(BadRelation::TooManyRows(self.rows, self.most_rows));
        }
        self.tensors.push(Layout::new(dims, m));
        Ok(self.tensors.len() - 1)
    }

    /// A committed tensor that a task fills.
    fn committed(&mut self, dims: Dims, item: Item, task: &mut Task) -> Result<Form, BadRelation> {
        let tensor = self.tensor(dims)?;
        task.tensors.push((tensor, item));
        Ok(Form::of(part_of(&Operand::Tensor(tensor), dims, F::ONE, &Region::whole(dims))))
    }

    fn excess(&mut self, function: &Function) -> Bounds {
        if let Some((_, known)) = self.excesses.iter().find(|(known, _)| known.is(function)) {
            return *known;
        }
        let excess = function.excess();
        self.excesses.push((function.clone(), excess));
        excess
    }

    fn lookup(&mut self, table: Table, dims: Dims, key: Form, value: Form, item: Item, task: &mut Task) {
        let table = self.tables.iter().position(|t| *t == table).unwrap_or_else(|| {
            self.tables.push(table);
            self.tables.len() - 1
        });
        task.lookups.push((self.lookups.len(), item));
        self.lookups.push(Lookup { table, dims, key, value });
    }

    /// Says that a form lies in `0..count`, exactly. `item` is the form's value.
    ///
    /// Up to 2^16 that is one lookup. Of more, if limbs alone are exact ([`in_limbs`]), all but the lowest 16 bits are committed, looked up in their
    /// own range, and the lowest are a form; otherwise both the form and what it lacks of the greatest lie in the range of the next
    /// power of two, which leaves `0..count` alone.
    fn range(&mut self, count: u64, dims: Dims, form: Form, item: Item, task: &mut Task) -> Result<(), BadRelation> {
        if count <= 1 << LIMB_BITS {
            self.lookup(Table { first: 0, values: Values::Range(count as usize) }, dims, form, Form::default(), item, task);
        } else if in_limbs(count) {
            let above = item.above(LIMB_BITS);
            let high = self.committed(dims, above, task)?;
            let low = form.less(F::from(1 << LIMB_BITS), &high);
            self.range(1 << LIMB_BITS, dims, low, item.lowest(LIMB_BITS), task)?;
            self.range(count >> LIMB_BITS, dims, high, above, task)?;
        } else {
            let all = count.next_power_of_two();
            let greatest = count.cast_signed() - 1;
            let lacking = Form::constant(from_i64(greatest)).less(F::ONE, &form);
            self.range(all, dims, form, item.within(all), task)?;
            self.range(all, dims, lacking, item.lacking(greatest).within(all), task)?;
        }
        Ok(())
    }

    /// Says that an input's cells lie in its bounds.
    fn input(&mut self, id: ValueId, bounds: Bounds) -> Result<(), BadRelation> {
        let dims = self.graph.get(id).dims;
        let operand = self.operands[id.index()].clone();
        let mut form = Form::of(part_of(&operand, dims, F::ONE, &Region::whole(dims)));
        form.constant -= from_i64(bounds.low);
        let mut task = Task::new(Operation::Input(id));
        let item = Item::of(Quantity::Result, bounds.low, bounds.count());
        self.range(bounds.count(), dims, form, item, &mut task)?;
        self.tasks.push(task);
        Ok(())
    }

    /// `v`: everything that a part sums up.
    fn sum(&self, part: &Part) -> Form {
        let mut form = Form::constant(from_i64(part.bias));
        for (id, map) in &part.terms {
            form.terms.push(Term { scale: F::ONE, operand: self.operands[id.index()].clone(), map: map.clone() });
        }
        for product in &part.products {
            form.products.push(ProductTerm {
                scale: F::ONE,
                operands: product.operands.map(|id| self.operands[id.index()].clone()),
                contraction: product.contraction.clone(),
            });
        }
        form
    }

    /// Says that `y` on the part's box is what the part makes of its operands.
    fn part(&mut self, node: usize, index: usize, part: &Part, y: (&Operand, Dims, Bounds)) -> Result<(), BadRelation> {
        let (operand, whole, bounds) = y;
        let dims = part.region.dims().ok_or(BadNode::Shape)?;
        let sum = self.sum(part);
        let result = Form::of(part_of(operand, whole, F::ONE, &part.region));
        let divisor = F::from(part.divisor);
        let mut task = Task::new(Operation::Part { node, part: index });
        let remainder = Item::of(Quantity::Remainder, 0, part.divisor);
        match (&part.function, part.divisor) {
            (Function::Identity, 1) => {
                self.equalities.push(Equality { dims, form: result.less(F::ONE, &sum) });
            }
            // q = y, so r = v − D·y is a form and needs no commitment; a hidden y must then be shown to be an integer of its bounds.
            (Function::Identity, _) => {
                self.range(part.divisor, dims, sum.less(divisor, &result), remainder, &mut task)?;
                if *operand != Operand::Output {
                    let mut form = result;
                    form.constant -= from_i64(bounds.low);
                    let item = Item::of(Quantity::Result, bounds.low, bounds.count());
                    self.range(bounds.count(), dims, form, item, &mut task)?;
                }
            }
            (Function::Table { first, values }, 1) => {
                let item = Item::of(Quantity::Quotient, *first, values.len() as u64);
                self.lookup(table(*first, values), dims, sum, result, item, &mut task);
            }
            // e = q − y − least is committed, so q = y + e + least and r = v − D·q are forms. r in its range and (q, y) in the
            // table, of integers, make q the quotient.
            (Function::Table { first, values }, _) => {
                let excess = self.excess(&part.function);
                let item = Item::of(Quantity::Excess, excess.low, excess.count());
                let mut quotient = self.committed(dims, item, &mut task)?;
                quotient.constant += from_i64(excess.low);
                let quotient = quotient.less(-F::ONE, &result);
                self.range(part.divisor, dims, sum.less(divisor, &quotient), remainder, &mut task)?;
                let item = Item::of(Quantity::Quotient, *first, values.len() as u64);
                self.lookup(table(*first, values), dims, quotient, result, item, &mut task);
            }
        }
        self.tasks.push(task);
        Ok(())
    }
}

/// Whether what is above each limb of a range counts whole limbs, down to a last one that is a table of its own.
fn in_limbs(count: u64) -> bool {
    count <= 1 << LIMB_BITS || count.is_multiple_of(1 << LIMB_BITS) && in_limbs(count >> LIMB_BITS)
}

fn table(first: i64, values: &Results) -> Table {
    Table { first, values: Values::Results(values.clone()) }
}

/// Refuses rows that there are no generators for.
fn row_length(m: usize) -> Result<(), BadRelation> {
    if (MIN_ROW_BITS..=MAX_ROW_BITS).contains(&m) { Ok(()) } else { Err(BadRelation::Rows(m)) }
}

/// The steps of a chain, fused, and the shape it ends with.
fn fused(input: Dims, m: usize, steps: &[Step]) -> Result<(Vec<Step>, Dims), BadRelation> {
    row_length(m)?;
    let mut end = input;
    for (i, step) in steps.iter().enumerate() {
        if step.input() != end {
            return Err(BadRelation::Chain(i));
        }
        end = step.output();
    }
    let mut budget = Budget::chain(input);
    steps.iter().try_for_each(|step| budget.take(step))?;
    Ok((fuse_all(input, steps)?, end))
}

impl Relation {
    /// Compiles a chain of steps over an input picture committed in rows of `2^m` cells.
    pub fn compile(input: Dims, m: usize, steps: &[Step], output: Output) -> Result<Relation, BadRelation> {
        let (steps, end) = fused(input, m, steps)?;
        let graph = Graph::chain(input, &steps)?;
        // Pictures in between are no larger than those at the ends, or not by much: an honest proof has no more rows.
        Relation::build(graph, &[m], output, (MAX_TENSORS, most_rows(input, end, m)))
    }

    /// Compiles a chain of steps that ends with other integers than a picture's, which are revealed.
    ///
    /// Its boxes are a function of the picture's size, so that no statement makes more of them than an honest one.
    pub fn compile_to(input: Dims, m: usize, steps: &[Step], ending: &Ending) -> Result<Relation, BadRelation> {
        let (steps, end) = fused(input, m, steps)?;
        let graph = Graph::ending(input, &steps, ending)?;
        // Each box may commit some limbs, all of them together as much as a few pictures of that size.
        let most_tensors = MAX_TENSORS + LIMBS_A_BOX * ending.pieces.len();
        Relation::build(graph, &[m], Output::Revealed, (most_tensors, most_rows(input, end, m)))
    }

    /// Compiles a graph whose committed values stand in rows of `2^m` cells.
    pub fn of_graph(graph: Graph, m: usize, output: Output) -> Result<Relation, BadRelation> {
        let rows = vec![m; graph.inputs().count()];
        Relation::of_graph_in_rows(graph, &rows, output)
    }

    /// Compiles a graph of which each input stands in rows of a length of its own, `2^rows[i]` cells, and all else in the longest of
    /// these.
    ///
    /// What a commitment to a shorter row holds beyond its length is not counted out here: that there is nothing must be known, by a
    /// proof over rows of that very length or by trust in who committed.
    ///
    /// # Errors
    /// If a row has no generators, or the graph is too large.
    pub fn of_graph_in_rows(graph: Graph, rows: &[usize], output: Output) -> Result<Relation, BadRelation> {
        rows.iter().try_for_each(|m| row_length(*m))?;
        let bounded = |work: usize, most: usize| if work > most { Err(BadRelation::Work(work, most)) } else { Ok(()) };
        // Once before anything is made of the graph, and once with all that was. Counting is a look at each run of taps: of a network of
        // thirty layers 2.5 µs and 11 µs, where making the relation takes 900 µs.
        bounded(graph.work(), MAX_MAPS_WORK)?;
        let relation = Relation::build(graph, rows, output, (MAX_GRAPH_TENSORS, MAX_GRAPH_WORK / ROW))?;
        bounded(relation.work(), MAX_GRAPH_WORK)?;
        Ok(relation)
    }

    fn build(graph: Graph, rows: &[usize], output: Output, (most_tensors, most_rows): (usize, usize)) -> Result<Relation, BadRelation> {
        let m = rows.iter().copied().max().filter(|_| rows.len() == graph.inputs().count()).ok_or(BadRelation::Empty)?;
        let mut rows = rows.iter();
        let mut builder = Builder {
            graph: &graph,
            m,
            tensors: Vec::new(),
            most_tensors,
            rows: 0,
            most_rows,
            operands: vec![Operand::Output; graph.values().len()],
            tables: Vec::new(),
            lookups: Vec::new(),
            equalities: Vec::new(),
            tasks: Vec::new(),
            excesses: Vec::new(),
        };
        let hidden_as = match output {
            Output::Revealed => None,
            Output::Hidden(kind) => Some(kind),
        };
        for (i, value) in graph.values().iter().enumerate() {
            match &value.owner {
                Owner::Input { .. } => {
                    let own = rows.next().copied().unwrap_or(m);
                    builder.operands[i] = Operand::Tensor(builder.tensor_in_rows(value.dims, own)?);
                }
                Owner::Public(cells) => builder.operands[i] = Operand::Public(cells.clone()),
                Owner::Node => {}
            }
        }
        let inputs = builder.tensors.len();
        let last = graph.nodes().last().filter(|_| inputs > 0).ok_or(BadRelation::Empty)?.result;
        for (id, value) in graph.inputs() {
            if let Owner::Input { checked: true, .. } = value.owner {
                builder.input(id, value.bounds)?;
            }
        }
        for (i, node) in graph.nodes().iter().enumerate() {
            let value = graph.get(node.result);
            if node.result != last || hidden_as.is_some() {
                builder.operands[node.result.index()] = Operand::Tensor(builder.tensor(value.dims)?);
            }
            let y = builder.operands[node.result.index()].clone();
            for (j, part) in node.parts.iter().enumerate() {
                builder.part(i, j, part, (&y, value.dims, value.bounds))?;
            }
        }
        let known = |(id, _): (ValueId, &Value)| match builder.operands[id.index()] {
            Operand::Tensor(t) => Some((id, Some(t))),
            Operand::Output => Some((id, None)),
            Operand::Public(_) => None,
        };
        let values = graph.all().filter_map(known).collect();
        let hidden_output = match builder.operands[last.index()] {
            Operand::Tensor(t) => Some(t),
            Operand::Output | Operand::Public(_) => None,
        };
        let length: usize = builder.tables.iter().map(Table::len).sum();
        if length > 0 {
            builder.tensor(Dims::vector(length)?)?;
        }
        let mut leaf_bits: Vec<usize> = builder.lookups.iter().map(|l| l.dims.index_bits()).collect();
        leaf_bits.extend(builder.tables.iter().map(|t| zkimg_graph::tensor::index_bits(t.len())));
        let equal_bits: Vec<usize> = builder.equalities.iter().map(|e| e.dims.index_bits()).collect();
        let leaves = Space::new(&leaf_bits);
        if leaves.bits > MAX_LEAF_BITS {
            return Err(BadRelation::Lookups(leaves.bits));
        }
        let Builder { tensors, tables, lookups, equalities, tasks, .. } = builder;
        let output = graph.get(last).clone();
        let relation = Relation {
            m,
            inputs,
            tensors,
            tables,
            lookups,
            equalities,
            output: output.dims,
            output_bounds: output.bounds,
            hidden_output,
            hidden_as,
            equal: Space::new(&equal_bits),
            leaves,
            values,
            tasks,
            graph,
        };
        let messages = relation.shape().messages;
        if messages > MAX_MESSAGES { Err(BadRelation::Messages(messages)) } else { Ok(relation) }
    }
}
