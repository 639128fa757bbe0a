//! The crate from outside, as one program: what is generic in it is compiled once for all tests.

mod beginning;
mod chain;
mod chain_lies;
mod constraints;
mod corruption;
mod decider;
mod guess;
mod link;
mod on_points;
mod points;
mod replay;
mod step_points;
mod step_transcript;

// The fuzz targets reach what no test does.
#[allow(unreachable_pub, dead_code)]
#[path = "../../fuzz/chains.rs"]
mod chains;
#[allow(unreachable_pub, dead_code)]
#[path = "../../fuzz/change.rs"]
mod change;
mod support;
