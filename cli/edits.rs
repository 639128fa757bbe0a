//! `zkimg edits`: the list of edits.

use crate::outcome::{Code, Failure, Outcome};
use serde_json::json;
use std::fmt::Write;
use zkimg_pipeline::edits::{
    KINDS,
    registry::{described, find},
};

const EXAMPLES: &str = "\
Examples:
  zkimg edits             all edits, one a line
  zkimg edits contrast    one edit with its parameters";

/// List the edits, or explain one
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The edit to explain
    #[arg(value_name = "EDIT")]
    pub edit: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let Some(name) = &args.edit else {
        let mut text = String::new();
        for kind in KINDS {
            let _ = writeln!(text, "{:14} {}\n{:14} --edit {}", kind.name, plain(kind.summary), "", kind.example_word);
        }
        text.push_str("`zkimg edits NAME` explains one of them.\n");
        let fields = json!({"edits": KINDS.iter().copied().map(described).collect::<Vec<_>>()});
        return Ok(Outcome::new(Code::Ok, text, fields));
    };
    let kind = find(name).map_err(|error| Failure::new(Code::Usage, format!("{error}; `zkimg edits` lists them all")))?;
    let mut text = format!("{}: {}\n  --edit {}\n", kind.name, plain(kind.summary), kind.example_word);
    for parameter in kind.parameters {
        let optional = if parameter.optional() { " (may be left out)" } else { "" };
        let _ = writeln!(text, "  {}: {}, {}{optional}", parameter.name(), plain(parameter.meaning()), plain(&parameter.range()));
    }
    Ok(Outcome::new(Code::Ok, text, json!({"edits": [described(kind)]})))
}

/// Without the marks of Markdown.
fn plain(text: &str) -> String {
    text.replace('`', "")
}
