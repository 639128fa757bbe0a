//! What a file has of a chain with one proof, as bytes.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::{Body, Compact, Told, class, longer, steps_fit};
use crate::proof_file::BadProofFile;
use crate::stream::Stream;
use std::io::Read;
use zkimg_attest::SignedCapture;
use zkimg_group::field::{Affine, point_from_bytes, point_to_bytes, scalar_from_bytes, scalar_to_bytes};
use zkimg_recursion::class::Class;

/// No proof is longer.
const MAX_PROOF: usize = 1 << 16;

/// A chain with one proof while its file is read, piece by piece.
pub(crate) struct Reading {
    class: Class,
    longer: Vec<Affine>,
    told: Vec<Vec<Told>>,
}

impl Reading {
    /// After the camera's rows.
    pub(crate) fn begin<R: Read>(r: &mut Stream<R>, capture: &SignedCapture) -> Result<Reading, BadProofFile> {
        let class = class(capture).ok_or(BadProofFile::Invalid("size for one proof of a whole chain"))?;
        let row = |_| point_from_bytes(&r.array()?).map_err(|_| BadProofFile::Invalid("list of longer rows"));
        let longer = (0..longer(capture)).map(row).collect::<Result<_, _>>()?;
        Ok(Reading { class, longer, told: Vec::new() })
    }

    /// What is told of the next link, whose edits have so many steps: it has no more parts than that, and one for a JPEG.
    pub(crate) fn told<R: Read>(&mut self, r: &mut Stream<R>, most: usize) -> Result<(), BadProofFile> {
        let [count] = r.array()?;
        let before = self.told.iter().map(Vec::len).sum();
        if usize::from(count) > most + 1 || !steps_fit(before, count.into()) {
            return Err(BadProofFile::Invalid("number of steps of a link"));
        }
        let step = |_| {
            let picture = r.array()?;
            let number = |_| scalar_from_bytes(&r.array()?).map_err(|_| BadProofFile::Invalid("list of challenges"));
            Ok(Told { picture, weighing: (0..self.class.told()).map(number).collect::<Result<_, BadProofFile>>()? })
        };
        let steps = (0..count).map(step).collect::<Result<_, BadProofFile>>()?;
        self.told.push(steps);
        Ok(())
    }

    /// After the last link: what proves the chain. A hidden picture is handed on, a published one is not.
    pub(crate) fn finish<R: Read>(self, r: &mut Stream<R>, hidden: bool) -> Result<Compact, BadProofFile> {
        let body = match r.array()? {
            [0] if !hidden => Body::Proof(r.block(MAX_PROOF)?.ok_or(BadProofFile::Invalid("proof"))?),
            [1] if hidden => Body::Handed(r.take(self.class.handed_bytes())?),
            _ => return Err(BadProofFile::Invalid("kind of proof")),
        };
        let Reading { longer, told, .. } = self;
        Ok(Compact { longer, told, body })
    }
}

impl Compact {
    /// How many steps it has.
    pub(crate) fn steps(&self) -> usize {
        self.told.iter().map(Vec::len).sum()
    }

    /// How many bytes it has.
    pub(crate) fn bytes(&self) -> usize {
        let told: usize = self.told.iter().flatten().map(|told| 32 * (1 + told.weighing.len())).sum();
        let body = match &self.body {
            Body::Proof(bytes) | Body::Handed(bytes) => bytes.len(),
        };
        32 * self.longer.len() + told + body
    }

    /// The longer rows.
    pub(crate) fn write_longer(&self, bytes: &mut Vec<u8>) {
        self.longer.iter().for_each(|row| bytes.extend(point_to_bytes(row)));
    }

    /// What is told of a link, counted from 0.
    pub(crate) fn write_told(&self, number: usize, bytes: &mut Vec<u8>) {
        let Some(told) = self.told.get(number) else { return };
        bytes.push(told.len() as u8);
        for step in told {
            bytes.extend(step.picture);
            step.weighing.iter().for_each(|number| bytes.extend(scalar_to_bytes(number)));
        }
    }

    /// What proves the chain.
    pub(crate) fn write_body(&self, bytes: &mut Vec<u8>) {
        match &self.body {
            Body::Proof(proof) => {
                bytes.push(0);
                bytes.extend((proof.len() as u32).to_le_bytes());
                bytes.extend(proof);
            }
            Body::Handed(handed) => {
                bytes.push(1);
                bytes.extend(handed);
            }
        }
    }
}
