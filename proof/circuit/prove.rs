//! The circuit's prover.

use super::{Coefficients, Equations, Keys};
use crate::channel::Message;
use crate::transcript::{Sponge, Writer};
use halo2_proofs::plonk::{Error, ProvingKey, create_proof};
use rand_core::Rng;
use zkimg_group::field::Affine;

/// Writes the circuit's proof: messages by row, and their coefficients. Whether they satisfy it is not looked at.
///
/// The verifier accepts none but [`super::Draws`].
pub fn write_circuit_proof<S: Sponge>(
    keys: &Keys,
    proving: &ProvingKey<Affine>,
    messages: Vec<Message>,
    coefficients: &Coefficients,
    draws: impl Rng,
    writer: &mut Writer<S>,
) -> Result<(), Error> {
    let circuit = Equations { class: keys.class, messages, coefficients: Some(coefficients) };
    create_proof(keys.params, proving, &[circuit], &[&[]], draws, writer)
}
