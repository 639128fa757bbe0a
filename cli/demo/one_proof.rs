//! The fourth act, on request: many people, and one proof that does not grow with them.

use super::Demo;
use crate::outcome::{Code, Failure, Outcome};
use crate::recipe::RecipeArgs;
use crate::trusted::TrustArgs;
use crate::{prove, verify};
use serde_json::Value;

impl Demo<'_> {
    /// From hand to hand, with two published on the way: after the second and by the last.
    pub(super) fn one_proof(&mut self, people: usize) -> Result<(), Failure> {
        self.say(&format!("\nFOURTH ACT: {people} people, and one proof for all they did."))?;
        self.say("\n15. You ask for one proof. Each of the others goes on from what they are given, after they have checked it.")?;
        let mut lengths = Vec::new();
        for person in 1..people {
            self.person(person, true)?;
            if person == 1 && people > 2 {
                lengths.push(self.person(2, false)?);
            }
        }
        lengths.push(self.person(people, false)?);
        let last = format!("by-{people}.png");
        let args =
            verify::Args { files: vec![self.file(&last)], keys: TrustArgs::camera(self.file("camera.pub")), ..verify::Args::default() };
        let command = format!("zkimg verify {last} --trust camera.pub");
        let outcome = self.command(&command, Code::Ok, |session| verify::run(&args, session))?;
        self.quote(&outcome)?;
        let bytes: Vec<String> = lengths.iter().map(u64::to_string).collect();
        self.say(&format!(
            "   The proofs have {} bytes. What a link adds is who made it, its edits, and the numbers that a reader needs to check these.",
            bytes.join(" and ")
        ))
    }

    /// One person's work: handed on, or published; gives how long the proof is.
    fn person(&mut self, person: usize, hidden: bool) -> Result<u64, Failure> {
        let before = (person > 1).then(|| format!("to-{person}"));
        let negative = before.as_ref().map_or_else(|| "street.negative".into(), |before| format!("{before}.negative"));
        let out = if hidden { format!("to-{}", person + 1) } else { format!("by-{person}.png") };
        let edit = if person % 2 == 1 { "brightness=2" } else { "contrast=1.02" };
        let name = format!("Person {person}");
        let args = prove::Args {
            negative: self.file(&negative),
            recipe: RecipeArgs { edits: vec![edit.into()], recipe: None },
            out: self.file(&out),
            hidden,
            compact: before.is_none(),
            after: before.as_ref().map(|before| self.file(&format!("{before}.zkimg"))),
            name: Some(name.clone()),
            force: self.args.force,
            ..prove::Args::default()
        };
        let after = before.as_ref().map_or_else(String::new, |before| format!(" --after {before}.zkimg"));
        let form = if before.is_none() { " --compact" } else { "" };
        let shown = if hidden { " --hidden" } else { "" };
        let command = format!("zkimg prove {negative}{after} --edit {edit}{shown}{form} --out {out} --name \"{name}\"");
        let outcome: Outcome = self.command(&command, Code::Ok, |session| prove::run(&args, session))?;
        Ok(outcome.fields.get("proof_bytes").and_then(Value::as_u64).unwrap_or(0))
    }
}
