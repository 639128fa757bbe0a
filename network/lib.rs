//! Quantised networks in exact integers: what each layer computes, models, and the importer of TFLite files.
//!
//! A layer's one meaning is the node of a [`zkimg_graph::graph::Graph`] that it becomes ([`layers`]): the interpreter evaluates that
//! graph, a prover proves it, and a verifier builds it again from the public [`model::Architecture`]. The secret half of a model, its
//! [`model::Weights`], are inputs of the graph. No field element, no proof.
//!
//! Activations are bytes `[c][y][x]`: TFLite's int8 plus 128, and zero points likewise.

#![warn(missing_debug_implementations)]

pub mod cosine;
pub mod file;
pub mod import;
pub mod layers;
pub mod model;
pub mod quantise;
