//! A command line that is wrong, in one sentence.

use crate::outcome::{self, Code, Failure};
use crate::session::{Session, Voice};
use clap::CommandFactory;
use clap::error::ErrorKind;
use std::process::ExitCode;

/// Prints help where it was asked for, and otherwise what is wrong with the command line.
pub(crate) fn answer(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    // The line could not be parsed, so these two are looked up by hand.
    let as_json = std::env::args_os().any(|word| word == "--json");
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !as_json {
        let _ = error.print();
        return ExitCode::from(Code::Usage as u8);
    }
    let verb = verb();
    let failure = Failure::new(Code::Usage, sentence(error, &verb));
    outcome::answer(&verb, Err(failure), &Session::new(as_json, Voice::Plain))
}

/// The verb on the command line, if it is one: the first word that is no option, as no option before it takes a value.
fn verb() -> String {
    let word = std::env::args_os().skip(1).find(|word| !word.as_encoded_bytes().starts_with(b"-"));
    word.and_then(|word| word.into_string().ok()).filter(|word| crate::Cli::command().find_subcommand(word).is_some()).unwrap_or_default()
}

/// The first paragraph of clap's message and its tip, without the rest.
fn sentence(error: &clap::Error, verb: &str) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "say what to do, for example `zkimg demo`; see `zkimg --help`".into();
    }
    let text = error.render().to_string();
    let mut parts: Vec<String> = Vec::new();
    for paragraph in text.split("\n\n") {
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(what) = line.strip_prefix("error: ") {
            parts.push(what.into());
        } else if let Some(tip) = line.strip_prefix("tip: ") {
            parts.push(tip.split(" tip: ").next().unwrap_or(tip).into());
        }
    }
    let help = if verb.is_empty() { "zkimg --help".into() } else { format!("zkimg {verb} --help") };
    parts.push(format!("see `{help}`"));
    parts.join("; ")
}
