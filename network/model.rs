//! A network: what everybody may know of it, and its weights.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::layers::{BadLayer, Emitter, Layer, MAX_BITS, WIDE_TABLE, WIDE_VALUES, WeightShape, is_wide, signed_bounds, signs};
use crate::quantise::Precision;
use std::collections::BTreeSet;
use zeroize::Zeroize;
use zkimg_graph::graph::{BadNode, Graph, Kind, ValueId};
use zkimg_graph::tensor::{BadDims, Bounds, Cells, Dims, MAX_CHANNELS};

/// The most layers.
pub const MAX_LAYERS: usize = 1 << 9;
/// The most cells of all values together, and the most weights and biases.
pub const MAX_CELLS: usize = 1 << 26;
/// The most products of two integers that one run takes.
pub const MAX_MULTIPLICATIONS: usize = if usize::BITS < 64 { 1 << 30 } else { 1 << 32 };
/// The most lines and columns that the windows of all layers read, each as often as it is read.
pub const MAX_PLACES: usize = 1 << 20;
/// The most entries that the tables of all clamps have.
pub const MAX_TABLES: usize = 1 << 24;
/// The most bits of a bias, without its sign.
pub const MAX_BIAS_BITS: u32 = 56;
/// The most bits of a weight, without its sign.
pub const MAX_WEIGHT_BITS: u32 = 48;

/// A network that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadNetwork {
    /// An input of a shape that does not exist.
    #[error(transparent)]
    Shape(#[from] BadDims),
    /// A layer that is wrong in itself.
    #[error("layer {number} ({name}): {fault}")]
    Layer {
        /// Counted from one.
        number: usize,
        /// What it is.
        name: &'static str,
        /// What is wrong.
        fault: BadLayer,
    },
    /// A layer that reads values that are not there, or of another shape.
    #[error("layer {0} does not read what the layers before it make")]
    Order(usize),
    /// No layer, or too many.
    #[error("{0} layers, 1 to {MAX_LAYERS} are supported")]
    Layers(usize),
    /// Too much memory or time.
    #[error(
        "the network is too large: {cells} cells and weights of at most {MAX_CELLS}, {multiplications} products of at most {MAX_MULTIPLICATIONS}"
    )]
    Size {
        /// Cells of all values, weights and biases.
        cells: usize,
        /// Products of a run.
        multiplications: usize,
    },
    /// Weights or biases wider than can be.
    #[error("weights of {weights} bits, biases of {biases}: at most {MAX_WEIGHT_BITS} and {MAX_BIAS_BITS} are supported")]
    Bits {
        /// Of a weight.
        weights: u32,
        /// Of a bias.
        biases: u32,
    },
    /// More biases than stand in one tensor.
    #[error("{0} biases, at most {MAX_CHANNELS} are supported")]
    Biases(usize),
    /// Quotients too far apart.
    #[error("results before clamping may reach {0}, at most 2^{MAX_BITS} is supported")]
    Table(i128),
    /// Clamps of more kinds than tables are made for.
    #[error("the tables of all clamps have {0} entries, at most {MAX_TABLES} are supported")]
    Tables(i128),
    /// Longer windows, or more, than anybody lays out.
    #[error("the windows of all layers read {0} lines and columns, at most {MAX_PLACES} are supported")]
    Places(usize),
    /// More pictures than are read at once.
    #[error("the network is too large to read {found} pictures at once; give it no more than {most}")]
    Pictures {
        /// How many there are.
        found: usize,
        /// How many can be.
        most: usize,
    },
    /// Inputs that are wrong.
    #[error(transparent)]
    Node(#[from] BadNode),
    /// Other weights than the architecture asks for, or beyond its bounds.
    #[error("the weights of a model do not fit its architecture")]
    Weights,
    /// An input of another shape.
    #[error("a network's input of {0} cells, where {1} are read")]
    Input(usize, usize),
}

/// A layer and what it reads: value 0 is the network's input, value `i` is what layer `i − 1` makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The layer.
    pub layer: Layer,
    /// The values it reads.
    pub reads: Vec<usize>,
}

/// What everybody may know of a network: its layers, shapes, zero points, clamps, and between what its weights lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Architecture {
    input: Dims,
    output: Dims,
    layers: Vec<Placed>,
    precision: Precision,
    bias_bits: u32,
    /// No quotient reaches further, but where they are wide.
    reach: i64,
    /// The bits of all wide ones, without their sign.
    wide_bits: u32,
    weights: Vec<WeightShape>,
    biases: usize,
    effort: Effort,
}

/// What reading pictures takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Effort {
    /// Cells of all values, a picture.
    cells: usize,
    /// Weights and biases.
    secrets: usize,
    /// Products, a picture.
    multiplications: usize,
    /// Lines and columns that windows read, a picture.
    places: usize,
}

impl Effort {
    /// That so many pictures take no more than anybody lays out.
    fn bounded(&self, pictures: usize) -> Result<(), BadNetwork> {
        let of_all = |n: usize| pictures.saturating_mul(n);
        let (places, multiplications) = (of_all(self.places), of_all(self.multiplications));
        let cells = of_all(self.cells).saturating_add(self.secrets);
        if places > MAX_PLACES {
            return Err(BadNetwork::Places(places));
        }
        if cells > MAX_CELLS || multiplications > MAX_MULTIPLICATIONS {
            return Err(BadNetwork::Size { cells, multiplications });
        }
        Ok(())
    }
}

impl Architecture {
    /// Checks a network of bytes of this shape; `bias_bits` are the bits of a bias without its sign.
    ///
    /// # Errors
    /// If layers do not meet, are too many or too large, or could leave their tables.
    pub fn new(input: Dims, layers: Vec<Placed>, precision: Precision, bias_bits: u32) -> Result<Architecture, BadNetwork> {
        if !(1..=MAX_LAYERS).contains(&layers.len()) {
            return Err(BadNetwork::Layers(layers.len()));
        }
        let mut shapes = vec![Dims::new(input.channels, input.height, input.width)?];
        let mut effort = Effort { cells: input.cells(), ..Effort::default() };
        let (mut weights, mut biases) = (Vec::new(), 0usize);
        let (mut reach, mut widest) = (0i128, 0i128);
        let mut clamps = BTreeSet::new();
        for (i, Placed { layer, reads }) in layers.iter().enumerate() {
            let fault = |fault| BadNetwork::Layer { number: i + 1, name: layer.name(), fault };
            let expected = layer.inputs();
            let found = reads.iter().map(|value| shapes.get(*value).copied());
            if reads.len() != expected.len() || !found.eq(expected.into_iter().map(Some)) {
                return Err(BadNetwork::Order(i + 1));
            }
            let output = layer.output().map_err(fault)?;
            let shape = layer.weights().map_err(fault)?;
            effort.places = effort.places.saturating_add(layer.places());
            effort.cells = effort.cells.saturating_add(output.cells());
            effort.secrets = effort.secrets.saturating_add(layer.biases());
            effort.multiplications = effort.multiplications.saturating_add(layer.multiplications());
            if let Some(shape) = shape {
                if shape.bits > MAX_WEIGHT_BITS || bias_bits > MAX_BIAS_BITS {
                    return Err(BadNetwork::Bits { weights: shape.bits, biases: bias_bits });
                }
                effort.secrets = effort.secrets.saturating_add(shape.dims.cells());
                let far = quotients(layer, precision, bias_bits);
                let wide = is_wide(far);
                if wide {
                    effort.cells = effort.cells.saturating_add((WIDE_VALUES - 1).saturating_mul(output.cells()));
                    widest = widest.max(far);
                } else {
                    reach = reach.max(far);
                }
                clamps.extend(layer.range().map(|range| (wide, range.low, range.high)));
                weights.push(shape);
            }
            effort.bounded(1)?;
            biases += layer.biases();
            if biases > MAX_CHANNELS {
                return Err(BadNetwork::Biases(biases));
            }
            shapes.push(output);
        }
        if widest >= 1 << MAX_BITS {
            return Err(BadNetwork::Table(widest));
        }
        let wide_bits = i128::BITS - widest.leading_zeros();
        let table = |(wide, ..): &(bool, u8, u8)| if *wide { WIDE_TABLE } else { 2 * reach + 1 };
        let entries = clamps.iter().map(table).sum::<i128>() + if widest > 0 { signs(wide_bits) } else { 0 };
        if entries > MAX_TABLES as i128 {
            return Err(BadNetwork::Tables(entries));
        }
        let output = shapes.last().copied().unwrap_or(input);
        Ok(Architecture { input, output, layers, precision, bias_bits, reach: reach as i64, wide_bits, weights, biases, effort })
    }

    /// The input's shape.
    pub fn input(&self) -> Dims {
        self.input
    }

    /// The layers, in the order in which they run.
    pub fn layers(&self) -> &[Placed] {
        &self.layers
    }

    /// What the multipliers are over.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// How the weights lie, layer by layer, of those that have any.
    pub fn weights(&self) -> &[WeightShape] {
        &self.weights
    }

    /// What the last layer makes.
    pub fn output(&self) -> Dims {
        self.output
    }

    /// Bits of a bias, without its sign.
    pub fn bias_bits(&self) -> u32 {
        self.bias_bits
    }

    /// How many biases there are.
    pub fn biases(&self) -> usize {
        self.biases
    }

    /// Between what all biases lie.
    pub fn bias_bounds(&self) -> Bounds {
        signed_bounds(self.bias_bits)
    }

    /// The network as a graph. Its inputs are the picture, the biases if there are any, and the weights layer by layer; with `checked`
    /// a proof shows that biases and weights lie in their bounds, otherwise somebody else must have.
    ///
    /// # Errors
    /// If a value could leave its bounds.
    pub fn graph(&self, checked: bool) -> Result<Graph, BadNetwork> {
        let mut graph = Graph::new();
        let picture = graph.input(Kind::Picture, self.input, Bounds::BYTE, false)?;
        self.read(&mut graph, (1, picture), checked)?;
        Ok(graph)
    }

    /// The secret inputs of the network's graph, in order: biases if there are any, then weights layer by layer.
    pub fn secrets(&self) -> impl Iterator<Item = (Dims, Bounds)> {
        let biases = (self.biases > 0).then(|| (Dims { channels: self.biases, height: 1, width: 1 }, self.bias_bounds()));
        biases.into_iter().chain(self.weights.iter().map(|shape| (shape.dims, shape.bounds())))
    }

    /// That so many pictures can be read at once: none of the bounds of a network is for each of them.
    ///
    /// # Errors
    /// [`BadNetwork::Pictures`] if they are too many.
    pub fn bounded(&self, pictures: usize) -> Result<(), BadNetwork> {
        let fit = |pictures: &usize| self.effort.bounded(*pictures).is_ok();
        if fit(&pictures) {
            Ok(())
        } else {
            Err(BadNetwork::Pictures { found: pictures, most: (1..pictures).rev().find(fit).unwrap_or(0) })
        }
    }

    /// Has the network read so many pictures that are in a graph, each of its input's shape and one below the other in one value; gives
    /// what the last layer makes of each, one below the other. Its secret inputs are added once, as [`Architecture::secrets`] names them.
    ///
    /// # Errors
    /// If the pictures have another shape or are more than [`Architecture::bounded`] allows, or a value could leave its bounds.
    pub fn read(&self, graph: &mut Graph, pictures: (usize, ValueId), checked: bool) -> Result<ValueId, BadNetwork> {
        self.bounded(pictures.0)?;
        let (found, Dims { channels, height, width }) = (graph.get(pictures.1).dims, self.input);
        let expected = Dims { channels, height: pictures.0 * height, width };
        if found != expected {
            return Err(BadNetwork::Input(found.cells(), expected.cells()));
        }
        self.values(graph, pictures, checked)?.last().copied().ok_or(BadNetwork::Layers(0))
    }

    /// The same; gives the pictures and what each layer makes.
    fn values(&self, graph: &mut Graph, (pictures, read): (usize, ValueId), checked: bool) -> Result<Vec<ValueId>, BadNetwork> {
        let mut values = vec![read];
        let secrets = self.secrets().map(|(dims, bounds)| graph.input(Kind::Model, dims, bounds, checked));
        let mut weights = secrets.collect::<Result<Vec<ValueId>, _>>()?.into_iter();
        let biases = if self.biases > 0 { weights.next() } else { None };
        let mut emitter = Emitter {
            graph,
            pictures,
            divisor: self.precision.divisor(),
            reach: self.reach,
            wide: None,
            biases,
            biases_taken: 0,
            weights: None,
            clamps: Vec::new(),
            signs: None,
            one: None,
        };
        for (i, Placed { layer, reads }) in self.layers.iter().enumerate() {
            let fault = |fault| BadNetwork::Layer { number: i + 1, name: layer.name(), fault };
            emitter.weights = if layer.weights().map_err(fault)?.is_some() { weights.next() } else { None };
            emitter.wide = is_wide(quotients(layer, self.precision, self.bias_bits)).then_some(self.wide_bits);
            let inputs: Vec<ValueId> = reads.iter().filter_map(|value| values.get(*value).copied()).collect();
            values.push(layer.emit(&mut emitter, &inputs).map_err(fault)?);
        }
        Ok(values)
    }
}

/// How far a layer's quotients reach. The zero point adds up to 255, the rounding one.
fn quotients(layer: &Layer, precision: Precision, bias_bits: u32) -> i128 {
    let (sum, more) = layer.reach();
    (sum + (1 << bias_bits)) / (i128::from(precision.divisor()) * i128::from(more)) + 257
}

/// The secret half of a model: what the layers multiply with and add. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Weights {
    /// All biases, layer by layer.
    biases: Vec<i64>,
    /// The weights of each layer that has any.
    layers: Vec<Vec<i64>>,
}

impl Drop for Weights {
    fn drop(&mut self) {
        self.biases.zeroize();
        self.layers.iter_mut().for_each(Zeroize::zeroize);
    }
}

impl std::fmt::Debug for Weights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Weights").finish_non_exhaustive()
    }
}

impl Weights {
    /// Biases of all layers and weights of each.
    pub fn new(biases: Vec<i64>, layers: Vec<Vec<i64>>) -> Weights {
        Weights { biases, layers }
    }

    fn fit(&self, architecture: &Architecture) -> bool {
        let within = |values: &[i64], bounds: Bounds| values.iter().all(|v| bounds.contain((*v).into()));
        let layer = |(values, shape): (&Vec<i64>, &WeightShape)| values.len() == shape.dims.cells() && within(values, shape.bounds());
        self.biases.len() == architecture.biases
            && within(&self.biases, architecture.bias_bounds())
            && self.layers.len() == architecture.weights.len()
            && self.layers.iter().zip(&architecture.weights).all(layer)
    }
}

/// An architecture and weights that fit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    architecture: Architecture,
    weights: Weights,
}

impl Model {
    /// Checks that the weights fit.
    ///
    /// # Errors
    /// [`BadNetwork::Weights`] if they do not.
    pub fn new(architecture: Architecture, weights: Weights) -> Result<Model, BadNetwork> {
        if weights.fit(&architecture) { Ok(Model { architecture, weights }) } else { Err(BadNetwork::Weights) }
    }

    /// The public half.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The secret inputs of the graph, in its order: biases, then weights. Whoever takes them wipes them.
    pub fn secrets(&self) -> Vec<Cells> {
        let Architecture { weights, biases, .. } = &self.architecture;
        let biases = (*biases > 0).then(|| Cells::narrowest(&self.weights.biases, self.architecture.bias_bounds()));
        let layers = self.weights.layers.iter().zip(weights).map(|(values, shape)| Cells::narrowest(values, shape.bounds()));
        biases.into_iter().chain(layers).collect()
    }

    /// What the network makes of a picture, bytes `[c][y][x]`: the value of each layer, the last one the answer.
    ///
    /// # Errors
    /// If the picture has another shape.
    #[cfg(feature = "evaluate")]
    pub fn run(&self, picture: &[u8]) -> Result<Vec<zeroize::Zeroizing<Vec<u8>>>, BadNetwork> {
        if picture.len() != self.architecture.input.cells() {
            return Err(BadNetwork::Input(picture.len(), self.architecture.input.cells()));
        }
        let mut graph = Graph::new();
        let input = graph.input(Kind::Picture, self.architecture.input, Bounds::BYTE, false)?;
        let layers = self.architecture.values(&mut graph, (1, input), false)?;
        let secrets = zeroize::Zeroizing::new(self.secrets());
        let inputs: Vec<_> = std::iter::once(zkimg_graph::tensor::CellsRef::U8(picture)).chain(secrets.iter().map(Cells::view)).collect();
        let made = graph.nodes().iter().map(|node| node.result).zip(graph.evaluate(&inputs));
        let bytes = |cells: &Cells| match cells {
            Cells::U8(bytes) => bytes.clone().into(),
            _ => unreachable!("a layer makes bytes"),
        };
        // Some layers have nodes before the one that is their value.
        Ok(made.filter(|(id, _)| layers.contains(id)).map(|(_, cells)| bytes(&cells)).collect())
    }
}
