//! A part of the jobs, for one of many processes that share them out.

use std::str::FromStr;

/// Where engines tell a process which of an array it is.
const TOLD: [&str; 4] = ["HQ_TASK_ID", "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"];

/// Every `of`-th job. Engines count from 0 or from 1; both come to the same parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    number: usize,
    of: usize,
}

impl Shard {
    /// All jobs.
    pub(super) const ALL: Shard = Shard { number: 0, of: 1 };

    pub(super) fn holds(self, place: usize) -> bool {
        place % self.of == self.number
    }

    /// Of its ledger.
    pub(super) fn name(self) -> String {
        format!("{}-of-{}.jsonl", self.number, self.of)
    }

    fn told(text: &str, told: impl Fn(&str) -> Option<String>) -> Result<Shard, String> {
        let wrong = || "give a part and how many there are, as 3/8, or auto/8 where an engine tells the part".to_owned();
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let of: usize = of.parse().ok().filter(|of| (1..=1_000_000).contains(of)).ok_or_else(wrong)?;
        let number = if number == "auto" {
            TOLD.iter()
                .find_map(|name| told(name))
                .ok_or_else(|| format!("no engine tells the part: none of {} is set; give it as a number, as 3/{of}", TOLD.join(", ")))?
        } else {
            number.to_owned()
        };
        let number: usize = number.parse().map_err(|_| wrong())?;
        if number > of { Err(format!("there is no part {number} of {of}")) } else { Ok(Shard { number: number % of, of }) }
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        Shard::told(text, |name| std::env::var(name).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_in_one_part_however_they_are_counted() {
        for counted in [0..7, 1..8] {
            let shards: Vec<Shard> = counted.map(|i| Shard::told(&format!("{i}/7"), |_| None).expect("a part")).collect();
            for place in 0..50 {
                assert_eq!(shards.iter().filter(|shard| shard.holds(place)).count(), 1);
            }
        }
    }

    #[test]
    fn engines_tell_the_part() {
        let slurm = |name: &str| (name == "SLURM_ARRAY_TASK_ID").then(|| "3".to_owned());
        assert_eq!(Shard::told("auto/8", slurm), Ok(Shard { number: 3, of: 8 }));
        for wrong in ["auto/8", "9/8", "1", "1/0", "-1/8", "a/8", "1/8/8", ""] {
            assert!(Shard::told(wrong, |_| None).is_err(), "{wrong}");
        }
    }
}
