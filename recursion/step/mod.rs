//! A step of a compact chain.
//!
//! All work on points of Vesta is one circuit over `Fq`, [`points`]: it has no state, hides nothing, and says what it was given and what
//! came out by digests. What a step's other circuit, over `Fp`, has to agree with it about is a list of values, which both compare by a
//! fingerprint ([`points::Crossing`]).

pub mod points;
