//! How much memory a proof may take, and how much it will.

use crate::outcome::{Code, Failure, Outcome};
use serde_json::json;
use zkimg_pipeline::Estimate;

/// A limit, or a question.
#[derive(Default, clap::Args)]
pub(crate) struct MemoryArgs {
    /// The memory that proving may take, such as `800MB` or `2GB`; less is slower, and the proof is the same
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub memory: Option<usize>,
    /// Write nothing: say what memory the proof would take
    #[arg(long)]
    pub estimate: bool,
}

/// A number of megabytes or gigabytes.
pub(crate) fn bytes(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let scale = match unit.trim().to_ascii_uppercase().as_str() {
        "MB" | "M" | "" => 1_000_000,
        "GB" | "G" => 1_000_000_000,
        _ => return Err("give a whole number of MB or GB, such as 800MB".into()),
    };
    let number: usize = number.parse().map_err(|_| "give a whole number of MB or GB, such as 800MB")?;
    number.checked_mul(scale).filter(|bytes| *bytes > 0).ok_or_else(|| "this is no amount of memory; give one such as 800MB".into())
}

/// What `--estimate` answers.
pub(crate) fn answer(estimate: &Estimate, memory: Option<usize>) -> Result<Outcome, Failure> {
    let mb = |bytes: usize| bytes.div_ceil(1_000_000);
    let (expected, least) = (mb(estimate.memory), mb(estimate.least));
    let fits = memory.is_none_or(|limit| estimate.memory <= limit);
    let so = if fits { "" } else { "; that is more than --memory allows" };
    let text = format!(
        "{} cells to prove, {} lookups. It would take about {expected} MB of memory{so}; {least} MB at the least.\nNothing was written.",
        estimate.cells, estimate.lookups
    );
    let fields =
        json!({"cells": estimate.cells, "lookups": estimate.lookups, "memory_mb": expected, "least_memory_mb": least, "fits": fits});
    Ok(Outcome::new(if fits { Code::Ok } else { Code::Operational }, text, fields))
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes() {
        assert_eq!(
            [bytes("800MB"), bytes("2GB"), bytes("300 mb"), bytes("7")].map(Result::unwrap),
            [800_000_000, 2_000_000_000, 300_000_000, 7_000_000]
        );
        for wrong in ["", "MB", "0MB", "-1GB", "1.5GB", "3TB", "99999999999999999999GB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
