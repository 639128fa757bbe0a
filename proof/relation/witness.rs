//! The values a prover needs: hidden tensors and, for every lookup, which entry each cell hits.

use super::{Item, Operation, Quantity, Relation, Table, Task};
use std::ops::Deref;
use std::sync::Arc;
use zeroize::Zeroize;
use zkimg_graph::each_type;
use zkimg_graph::evaluate::{Values, evaluate_part};
use zkimg_graph::graph::{Owner, Value, ValueId};
use zkimg_graph::tensor::{Bounds, Cells, CellsRef, widened};

/// Values of all committed tensors, and the entry of every lookup. Secret; wiped when dropped.
pub struct Witness {
    /// In the order of [`Relation::tensors`].
    pub tensors: Vec<Cells>,
    /// In the order of [`Relation::lookups`]: the entry's index within its table.
    pub entries: Vec<Cells>,
    /// The last node's value.
    pub output: Cells,
}

crate::opaque!(Witness);

impl Drop for Witness {
    fn drop(&mut self) {
        self.tensors.iter_mut().chain(&mut self.entries).for_each(Zeroize::zeroize);
        self.output.zeroize();
    }
}

/// The values of all committed tensors, which what computes on them shares. Secret; wiped when dropped, by when nobody shares them.
pub struct Tensors(Vec<Arc<Cells>>);

crate::opaque!(Tensors);

impl Deref for Tensors {
    type Target = [Arc<Cells>];

    fn deref(&self) -> &[Arc<Cells>] {
        &self.0
    }
}

impl Drop for Tensors {
    fn drop(&mut self) {
        self.0.iter_mut().filter_map(Arc::get_mut).for_each(Zeroize::zeroize);
    }
}

/// All values of the graph while they are needed; wiped when dropped.
struct Known(Vec<Option<Arc<Cells>>>);

impl Drop for Known {
    fn drop(&mut self) {
        self.0.iter_mut().flatten().filter_map(Arc::get_mut).for_each(Zeroize::zeroize);
    }
}

impl Known {
    fn get(&self, id: ValueId) -> CellsRef<'_> {
        self.0[id.index()].as_ref().expect("values are computed in order").view()
    }

    /// A value of which parts are still to come, zeros at first.
    fn begun(&mut self, id: ValueId, value: &Value) -> &mut Cells {
        let zeros = || Arc::new(Cells::collect(std::iter::repeat_n(0, value.dims.cells()), value.bounds));
        Arc::get_mut(self.0[id.index()].get_or_insert_with(zeros)).expect("nobody else has a node's value")
    }
}

impl Witness {
    /// Runs the relation's graph on its inputs.
    ///
    /// # Panics
    /// If an input has another shape, or a cell outside its bounds.
    pub fn new(relation: &Relation, inputs: Vec<Cells>) -> Witness {
        let graph = relation.graph();
        assert_eq!(inputs.len(), relation.inputs, "one tensor an input");
        let mut known = Known(vec![None; graph.values().len()]);
        for ((id, value), cells) in graph.inputs().zip(inputs) {
            assert_eq!(cells.len(), value.dims.cells(), "an input of another shape");
            known.0[id.index()] = Some(Arc::new(cells));
        }
        for (i, value) in graph.values().iter().enumerate() {
            if let Owner::Public(cells) = &value.owner {
                known.0[i] = Some(cells.clone());
            }
        }
        let none = || Cells::U8(Vec::new());
        let mut tensors: Vec<Cells> = relation.tensors.iter().map(|_| none()).collect();
        let mut entries: Vec<Cells> = relation.lookups.iter().map(|_| none()).collect();
        // In the order of the nodes and of their parts, so that every value is there when it is read.
        for task in &relation.tasks {
            let values = match task.operation {
                Operation::Input(id) => Values { result: known.get(id).to_owned(), ..Values::none() },
                Operation::Part { node, part } => {
                    let node = &graph.nodes()[node];
                    let (value, part) = (graph.get(node.result), &node.parts[part]);
                    let wanted = |quantity: Quantity| task.tensors.iter().chain(&task.lookups).any(|(_, item)| item.quantity == quantity);
                    let remainders = wanted(Quantity::Remainder);
                    let quotients = wanted(Quantity::Quotient) || wanted(Quantity::Excess);
                    let values = evaluate_part(graph, part, value.bounds, &|id| known.get(id), remainders, quotients);
                    known.begun(node.result, value).place(value.dims, &part.region, &values.result);
                    values
                }
            };
            fill(task, values, &mut tensors, &mut entries);
        }
        let mut take = |id: ValueId| known.0[id.index()].take().map(Arc::unwrap_or_clone).unwrap_or_else(none);
        let mut output = none();
        // Inputs and hidden values, last: nobody reads them any more.
        for (id, tensor) in relation.value_tensors() {
            let cells = take(id);
            match tensor {
                Some(t) => tensors[t] = cells,
                None => output = cells,
            }
        }
        if let Some(t) = relation.hidden_output {
            output = tensors[t].clone();
        }
        let mut witness = Witness { tensors, entries, output };
        if let (Some(t), Some(multiplicities)) = (relation.multiplicity_tensor(), witness.multiplicities(relation)) {
            witness.tensors[t] = multiplicities;
        }
        witness
    }

    /// Takes the tensors out, to be shared.
    pub fn take_tensors(&mut self) -> Tensors {
        Tensors(std::mem::take(&mut self.tensors).into_iter().map(Arc::new).collect())
    }

    fn multiplicities(&self, relation: &Relation) -> Option<Cells> {
        relation.multiplicity_tensor()?;
        let mut counts = vec![0u32; relation.tables.iter().map(Table::len).sum()];
        for (lookup, entries) in relation.lookups.iter().zip(&self.entries) {
            let counts = &mut counts[relation.multiplicities_of(lookup.table)];
            each_type!(Cells, entries, v => v.iter().for_each(|i| counts[*i as usize] += 1));
        }
        Some(Cells::U32(counts))
    }
}

/// Keeps of a part's values what is committed and looked up.
fn fill(task: &Task, mut values: Values, tensors: &mut [Cells], entries: &mut [Cells]) {
    for (tensor, item) in &task.tensors {
        // In the type that these cells need: of a clamp's excesses, nearly always a byte.
        tensors[*tensor] = item.cells(&values, None);
    }
    for (i, (lookup, item)) in task.lookups.iter().enumerate() {
        let again = task.lookups[i + 1..].iter().any(|(_, later)| later.quantity == item.quantity);
        let Some(entries) = entries.get_mut(*lookup) else { continue };
        *entries = match item.kept(&mut values) {
            Some(cells) if again => cells.clone(),
            Some(cells) => std::mem::replace(cells, Cells::U8(Vec::new())),
            None => item.cells(&values, Some(item.count.cast_signed() - 1)),
        };
    }
    values.zeroize();
}

impl Item {
    /// The cells of a part that are the item as they are.
    fn kept<'v>(&self, values: &'v mut Values) -> Option<&'v mut Cells> {
        let moved = self.moved()?;
        match self.quantity {
            Quantity::Result if moved == 0 && unsigned(&values.result) => Some(&mut values.result),
            Quantity::Remainder if moved == 0 => Some(&mut values.remainders),
            Quantity::Quotient if moved == values.first && unsigned(&values.quotients) => Some(&mut values.quotients),
            _ => None,
        }
    }

    /// Its cells, in a type that holds up to `high`, or the greatest of them.
    fn cells(&self, values: &Values, high: Option<i64>) -> Cells {
        fn collect(values: impl Iterator<Item = i64> + Clone, high: Option<i64>) -> Cells {
            let high = high.unwrap_or_else(|| values.clone().max().unwrap_or(0));
            Cells::collect(values, Bounds { low: 0, high })
        }
        let all = |cells: &Cells, first: i64| each_type!(Cells, cells, v => collect(v.iter().map(|cell| self.value(widened(cell) + first)), high));
        match self.quantity {
            Quantity::Result => all(&values.result, 0),
            Quantity::Remainder => all(&values.remainders, 0),
            Quantity::Quotient => all(&values.quotients, values.first),
            Quantity::Excess => each_type!(Cells, &values.quotients, q => each_type!(Cells, &values.result, y => {
                let pairs = q.iter().zip(y);
                collect(pairs.map(|(q, y)| self.value(widened(q) + values.first - widened(y))), high)
            })),
        }
    }
}

fn unsigned(cells: &Cells) -> bool {
    matches!(cells, Cells::U8(_) | Cells::U16(_) | Cells::U32(_))
}
