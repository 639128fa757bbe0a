//! The crate from outside, as one program: what is generic in it is compiled once for all tests.

mod batch;
mod channel;
mod commitment;
mod engine;
mod graphs;
mod guess;
mod hostile_graphs;
mod keys;
mod maps;
mod network;
mod observer;
mod offsets;
mod parameters;
mod rows;
mod secrecy;
mod sponge;
mod steps;
mod support;
mod tamper;
mod traps;
mod values;
mod wide;
