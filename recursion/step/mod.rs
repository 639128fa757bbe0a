//! A step of a compact chain.
//!
//! All work on points of Vesta is one circuit over `Fq`, [`points`]: it has no state, hides nothing, and says what it was given and what
//! came out by digests. Everything else is a circuit over `Fp`, [`numbers`]: the link's argument, the merging of its claim on pictures with
//! that of all before, the folds as far as they are numbers, the chain's state. What both have to agree about are the public inputs of the
//! first ([`points::CROSSING`]), which the second folds in its own cells.

pub mod numbers;
pub mod points;
pub mod transcript;
