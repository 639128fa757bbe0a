//! The relation as bytes, for the transcript.

use super::{Relation, Table, Values};
use blake2b_simd::{Params as Blake2b, State};
use zkimg_graph::contraction::Contraction;
use zkimg_graph::each_type;
use zkimg_graph::graph::{Function, Owner, Part, Results};
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::Region;
use zkimg_graph::tensor::{Bounds, Cells, Dims, MAX_PICTURE_CHANNELS};
use zkimg_group::generators::Generators;

/// A hash state that takes integers.
struct Encoder(State);

impl Encoder {
    /// # Panics
    /// If the integer is none of 64 bits; those of a relation are far below.
    fn int(&mut self, value: impl TryInto<i64>) {
        let Ok(value) = value.try_into() else { panic!("an integer of more than 64 bits") };
        self.0.update(&value.to_le_bytes());
    }

    fn dims(&mut self, dims: Dims) {
        [dims.channels, dims.height, dims.width].into_iter().for_each(|n| self.int(n));
    }

    fn region(&mut self, region: &Region) {
        for range in [&region.channels, &region.rows, &region.columns] {
            self.int(range.start);
            self.int(range.end);
        }
    }

    fn axis(&mut self, axis: &AxisMap) {
        self.int(axis.inputs());
        self.int(axis.outputs());
        // Runs are made in one way only, so that a map has one encoding.
        for run in axis.runs() {
            self.int(run.outputs.len());
            self.int(run.shift);
            self.int(run.taps.len());
            for tap in run.taps {
                self.int(tap.input);
                self.int(tap.weight);
            }
        }
    }

    fn map(&mut self, map: &LinearMap) {
        self.dims(map.input());
        self.dims(map.output());
        self.int(u8::from(map.exchanged()));
        self.int(map.terms().len());
        for term in map.terms() {
            self.mix(&term.mix);
            self.axis(&term.vertical);
            self.axis(&term.horizontal);
        }
    }

    /// Of a picture's few channels a matrix, of more the runs: which of both, the shapes before it say.
    fn mix(&mut self, mix: &AxisMap) {
        if mix.inputs().max(mix.outputs()) > MAX_PICTURE_CHANNELS {
            return self.axis(mix);
        }
        for c in 0..mix.outputs() {
            let mut row = [0i64; MAX_PICTURE_CHANNELS];
            mix.taps(c).for_each(|tap| row[tap.input as usize] += i64::from(tap.weight));
            row[..mix.inputs()].iter().for_each(|weight| self.int(*weight));
        }
    }

    fn bounds(&mut self, bounds: Bounds) {
        self.int(bounds.low);
        self.int(bounds.high);
    }

    /// Cells by their type and value.
    fn cells(&mut self, cells: &Cells) {
        let tag = match cells {
            Cells::U8(_) => 0,
            Cells::U16(_) => 1,
            Cells::U32(_) => 2,
            Cells::I16(_) => 3,
            Cells::I64(_) => 4,
        };
        self.int(tag);
        self.int(cells.len());
        each_type!(Cells, cells, v => {
            for some in v.chunks(1 << 12) {
                self.0.update(&some.iter().flat_map(|cell| cell.to_le_bytes()).collect::<Vec<u8>>());
            }
        });
    }

    fn contraction(&mut self, contraction: &Contraction) {
        self.int(contraction.labels().len());
        contraction.labels().iter().for_each(|size| self.int(*size));
        contraction.output().into_iter().for_each(|label| self.int(label.map_or(0, |label| label + 1)));
        for access in contraction.operands() {
            self.dims(access.dims);
            for route in &access.routes {
                self.int(route.labels.len());
                route.labels.iter().for_each(|label| self.int(*label));
                self.axis(&route.map);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.int(table.first);
        self.int(table.len());
        match &table.values {
            Values::Range(_) => self.int(0),
            Values::Results(Results::Bytes(values)) => {
                self.int(1);
                self.0.update(values);
            }
            Values::Results(Results::Words(values)) => {
                self.int(2);
                values.iter().for_each(|value| {
                    self.0.update(&value.to_le_bytes());
                });
            }
        }
    }

    /// A function by the number of its table, which boxes may share.
    fn function(&mut self, function: &Function, tables: &[Table]) {
        let number = match function {
            Function::Identity => 0,
            Function::Table { first, values } => {
                let table = Table { first: *first, values: Values::Results(values.clone()) };
                // Compiling made one of each.
                1 + tables.iter().position(|known| *known == table).unwrap_or(tables.len())
            }
        };
        self.int(number);
    }

    fn part(&mut self, part: &Part, tables: &[Table]) {
        self.region(&part.region);
        self.int(part.terms.len());
        for (value, map) in &part.terms {
            self.int(value.index());
            self.map(map);
        }
        self.int(part.products.len());
        for product in &part.products {
            product.operands.into_iter().for_each(|value| self.int(value.index()));
            self.contraction(&product.contraction);
        }
        self.int(part.bias);
        self.int(part.divisor);
        self.function(&part.function, tables);
    }
}

impl Relation {
    /// Blake2b-512 over `m`, the generators' id, the tables by value, every value of the graph with its owner, shape and bounds, every
    /// node, and the shapes of all tensors; if some stand in shorter rows than others, also in which.
    ///
    /// Lookups, equalities and blocks follow from these by [`Relation::of_graph`].
    pub fn digest(&self) -> [u8; 64] {
        let mut encoder = Encoder(Blake2b::new().hash_length(64).personal(b"zkimg-relat-v3").to_state());
        encoder.int(self.m);
        encoder.0.update(&Generators::id());
        encoder.int(self.tables.len());
        self.tables.iter().for_each(|table| encoder.table(table));
        encoder.int(self.graph.values().len());
        for value in self.graph.values() {
            encoder.dims(value.dims);
            encoder.bounds(value.bounds);
            match &value.owner {
                // Numbers from 4 on are of other kinds than pictures.
                Owner::Input { kind, checked } => encoder.int(4 * kind.number() + u32::from(*checked)),
                Owner::Public(cells) => {
                    encoder.int(2);
                    encoder.cells(cells);
                }
                Owner::Node => encoder.int(3),
            }
        }
        encoder.int(self.graph.nodes().len());
        for node in self.graph.nodes() {
            encoder.int(node.result.index());
            encoder.int(node.parts.len());
            node.parts.iter().for_each(|part| encoder.part(part, &self.tables));
        }
        encoder.int(self.tensors.len());
        self.tensors.iter().for_each(|t| encoder.dims(t.dims));
        encoder.int(self.hidden_as.map_or(0, |kind| kind.number() + 1));
        if self.shortest() < self.m {
            self.tensors.iter().for_each(|t| encoder.int(t.m));
        }
        *encoder.0.finalize().as_array()
    }
}
