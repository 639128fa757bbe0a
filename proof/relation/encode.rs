//! The relation as bytes, for the transcript.

use super::{Relation, Table, Values};
use crate::generators::Generators;
use crate::linear::{AxisMap, LinearMap};
use crate::step::{Function, Region};
use crate::tensor::Dims;
use blake2b_simd::{Params as Blake2b, State};

/// A hash state that takes integers.
struct Encoder(State);

impl Encoder {
    fn int(&mut self, value: impl TryInto<i64>) {
        // Every integer of a relation is far below 2^63.
        let value = value.try_into().unwrap_or(i64::MIN);
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
            term.mix.iter().flatten().for_each(|weight| self.int(*weight));
            self.axis(&term.vertical);
            self.axis(&term.horizontal);
        }
    }

    fn offsets(&mut self, offsets: &[u16]) {
        self.int(offsets.len());
        offsets.iter().for_each(|offset| {
            self.0.update(&offset.to_le_bytes());
        });
    }

    fn table(&mut self, table: &Table) {
        self.int(table.first);
        match &table.values {
            Values::Range(len) => {
                self.int(0);
                self.int(*len);
            }
            Values::Bytes(values) => {
                self.int(1);
                self.int(values.len());
                self.0.update(values);
            }
        }
    }

    /// A function by the number of its table, which boxes may share.
    fn function(&mut self, function: &Function, tables: &[Table]) {
        let number = match function {
            Function::Identity => 0,
            Function::Table { first, values } => {
                let table = Table { first: *first, values: Values::Bytes(values.clone()) };
                // Compiling made one of each.
                1 + tables.iter().position(|known| *known == table).unwrap_or(tables.len())
            }
        };
        self.int(number);
    }
}

impl Relation {
    /// Blake2b-512 over `m`, the generators' id, the tables by value, the steps, and the shapes of every tensor.
    ///
    /// Lookups, equalities and blocks follow from these by [`Relation::compile`].
    pub fn digest(&self) -> [u8; 64] {
        let mut encoder = Encoder(Blake2b::new().hash_length(64).personal(b"zkimg-relat-v2").to_state());
        encoder.int(self.m);
        encoder.0.update(&Generators::id());
        encoder.int(self.tables.len());
        self.tables.iter().for_each(|table| encoder.table(table));
        encoder.int(self.steps.len());
        for step in &self.steps {
            encoder.dims(step.input());
            encoder.dims(step.output());
            encoder.int(step.pieces().len());
            for piece in step.pieces() {
                encoder.region(&piece.region);
                encoder.map(&piece.map);
                encoder.int(piece.bias);
                encoder.offsets(piece.offsets.as_deref().unwrap_or(&[]));
                encoder.int(piece.divisor);
                encoder.function(&piece.function, &self.tables);
            }
        }
        encoder.int(self.tensors.len());
        self.tensors.iter().for_each(|t| encoder.dims(t.dims));
        encoder.int(u8::from(self.hidden_output.is_some()));
        *encoder.0.finalize().as_array()
    }
}
