//! The relation as bytes, for the transcript.

use super::Relation;
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

    fn function(&mut self, function: &Function) {
        match function {
            Function::Identity => self.int(0),
            Function::Table { first, values } => {
                self.int(1);
                self.int(*first);
                self.int(values.len());
                self.0.update(values);
            }
        }
    }
}

impl Relation {
    /// Blake2b-512 over `m`, the generators' id, the steps with their tables by value, and the shapes of every tensor.
    ///
    /// Lookups, equalities and blocks follow from these by [`Relation::compile`].
    pub fn digest(&self) -> [u8; 64] {
        let mut encoder = Encoder(Blake2b::new().hash_length(64).personal(b"zkimg-relat-v1").to_state());
        encoder.int(self.m);
        encoder.0.update(&Generators::id());
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
                encoder.function(&piece.function);
            }
        }
        encoder.int(self.tensors.len());
        self.tensors.iter().for_each(|t| encoder.dims(t.dims));
        encoder.int(u8::from(self.hidden_output.is_some()));
        *encoder.0.finalize().as_array()
    }
}
