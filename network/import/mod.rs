//! Models from int8 `.tflite` files, quantised per channel.
//!
//! Strict: what is not understood is refused by the operator's name and place. Hostile files cost no more than their size and the limits
//! of [`crate::model`] allow. The schema is TensorFlow's `tensorflow/compiler/mlir/lite/schema/schema.fbs`; the quantisation
//! is that of <https://ai.google.dev/edge/litert/models/quantization_spec>.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod error;
mod flat;
mod linear;
mod schema;
mod simple;
mod tensors;

pub use error::{Fault, ImportError};
pub use flat::Damage;

use crate::layers::Layer;
use crate::model::{Architecture, MAX_BIAS_BITS, MAX_CELLS, MAX_LAYERS, Model, Placed, Weights};
use crate::quantise::Precision;
use schema::{Graph, Operator};
use tensors::Made;
use zeroize::{Zeroize, Zeroizing};
use zkimg_graph::tensor::{Dims, MAX_CHANNELS};

/// The most bytes of a file.
pub const MAX_FILE: usize = 1 << 28;

/// A file on its way to a model.
struct Importer<'a> {
    graph: Graph<'a>,
    precision: Precision,
    /// What operators have made so far, by tensor.
    made: Vec<Option<Made>>,
    layers: Vec<Placed>,
    /// Secret, as all that follows.
    weights: Vec<Vec<i64>>,
    biases: Vec<i64>,
    cells: usize,
}

/// Reads a model. A softmax at the end is left out: it changes no order.
///
/// # Errors
/// If the file is damaged, has an operator that no layer is, or a network beyond the limits.
pub fn tflite(file: &[u8], precision: Precision) -> Result<Model, ImportError> {
    if file.len() > MAX_FILE {
        return Err(ImportError::Count { what: "bytes", count: file.len() });
    }
    let graph = Graph::read(file)?;
    let [input] = graph.inputs[..] else { return Err(ImportError::Count { what: "inputs", count: graph.inputs.len() }) };
    let [output] = graph.outputs[..] else { return Err(ImportError::Count { what: "outputs", count: graph.outputs.len() }) };
    let made = vec![None; graph.tensors.len()];
    let mut importer = Importer { graph, precision, made, layers: Vec::new(), weights: Vec::new(), biases: Vec::new(), cells: 0 };
    let first = importer.activation(input, 0).map_err(|_| ImportError::Count { what: "inputs of int8 cells", count: 0 })?;
    let dims = first.dims;
    *importer.made.get_mut(input).ok_or(ImportError::Count { what: "inputs", count: 0 })? = Some(first);
    let operators = std::mem::take(&mut importer.graph.operators);
    for (i, operator) in operators.iter().enumerate() {
        let fault = |fault| ImportError::Operator { number: i + 1, name: operator.name(), at: operator.at, fault };
        importer.operator(operator, output).map_err(fault)?;
    }
    let unpadded = |made: &&Made| made.border.is_none();
    let last = importer.made.get(output).and_then(Option::as_ref).filter(unpadded).map(|made| made.value);
    if last != Some(importer.layers.len()) || importer.layers.is_empty() {
        return Err(ImportError::Count { what: "operators after the output", count: 0 });
    }
    importer.finish(dims)
}

impl Importer<'_> {
    fn operator(&mut self, operator: &Operator<'_>, output: usize) -> Result<(), Fault> {
        match operator.code {
            0 => self.add(operator),
            1 => self.average_pool(operator),
            3 => self.conv(operator),
            4 => self.depthwise(operator),
            9 => self.dense(operator),
            19 | 21 | 114 => self.rescale(operator),
            22 | 43 => self.reshape(operator),
            25 => self.softmax(operator, output),
            34 => self.pad(operator),
            40 => self.mean(operator),
            54 => self.prelu(operator),
            _ => Err(Fault::Unknown),
        }
    }

    /// Adds a layer with its secrets, none beyond the limits.
    fn layer(&mut self, layer: Layer, reads: Vec<usize>, weights: Vec<i64>, biases: Vec<i64>) -> Result<(), Fault> {
        let (mut weights, biases) = (Zeroizing::new(weights), Zeroizing::new(biases));
        // Counted here and not at the end alone: every layer copies the biases before it.
        if self.layers.len() >= MAX_LAYERS || self.biases.len() + biases.len() > MAX_CHANNELS {
            return Err(Fault::Large);
        }
        let all = [&self.biases[..], &biases[..]].concat();
        std::mem::replace(&mut self.biases, all).zeroize();
        if !weights.is_empty() {
            self.weights.push(std::mem::take(&mut *weights));
        }
        self.layers.push(Placed { layer, reads });
        Ok(())
    }

    /// Counts cells about to be made.
    fn allow(&mut self, cells: usize) -> Result<(), Fault> {
        self.cells = self.cells.saturating_add(cells);
        if self.cells > MAX_CELLS { Err(Fault::Large) } else { Ok(()) }
    }

    fn finish(mut self, input: Dims) -> Result<Model, ImportError> {
        let bits = bits_of(&self.biases);
        let bits = bits.min(MAX_BIAS_BITS + 1);
        let layers = std::mem::take(&mut self.layers);
        let weights = Weights::new(std::mem::take(&mut self.biases), std::mem::take(&mut self.weights));
        Ok(Model::new(Architecture::new(input, layers, self.precision, bits)?, weights)?)
    }
}

impl Drop for Importer<'_> {
    fn drop(&mut self) {
        self.biases.zeroize();
        self.weights.zeroize();
    }
}

/// The least `bits` so that all values lie in `−2^bits … 2^bits − 1`.
fn bits_of(values: &[i64]) -> u32 {
    let bits = |v: &i64| i64::BITS - (if *v < 0 { !*v } else { *v }).leading_zeros();
    values.iter().map(bits).max().unwrap_or(0)
}
