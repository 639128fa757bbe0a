//! What a verb comes to: an exit code, words for people, and a JSON object for programs.

use serde_json::{Map, Value, json};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;
use zkimg_pipeline::text;

pub(crate) use zkimg_files::{Code, Failure, lossy, shown};

/// What a verb has to say.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub code: Code,
    pub text: String,
    pub fields: Map<String, Value>,
}

impl Outcome {
    /// `fields` must be a JSON object; anything else is left out.
    pub(crate) fn new(code: Code, text: impl Into<String>, fields: Value) -> Outcome {
        let fields = if let Value::Object(fields) = fields { fields } else { Map::new() };
        Outcome { code, text: text.into(), fields }
    }

    /// The same, with a page that was written.
    pub(crate) fn with_report(mut self, path: &Path) -> Outcome {
        self.text.push_str(&format!("Wrote {}, the same as a page.\n", shown(path)));
        self.fields.insert("report".into(), lossy(path).into());
        self
    }
}

/// Prints the result and gives the exit code.
pub(crate) fn answer(verb: &str, result: Result<Outcome, Failure>, as_json: bool) -> ExitCode {
    let (code, fields, text) = match result {
        Ok(outcome) => (outcome.code, outcome.fields, outcome.text),
        Err(failure) => {
            let sentence = text::shown(&failure.sentence);
            if !as_json {
                // Nobody is left to tell if standard error is gone.
                let _ = writeln!(std::io::stderr(), "zkimg: {sentence}");
                return ExitCode::from(failure.code as u8);
            }
            let error = json!({"kind": failure.code.name(), "message": sentence});
            (failure.code, Map::from_iter([("error".to_owned(), error)]), String::new())
        }
    };
    let answer = if as_json { object(verb, code, fields) } else { text };
    match print(&answer) {
        Ok(()) => ExitCode::from(code as u8),
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "zkimg: {}", failure.sentence);
            ExitCode::from(failure.code as u8)
        }
    }
}

fn object(verb: &str, code: Code, mut fields: Map<String, Value>) -> String {
    fields.insert("command".into(), verb.into());
    fields.insert("exit_code".into(), (code as u8).into());
    fields.insert("ok".into(), (code == Code::Ok).into());
    Value::Object(fields).to_string()
}

/// Writes text and a line end to standard output. A reader that has gone away (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let written = write!(out, "{text}{end}").and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let why = zkimg_files::reason(&error);
            Err(Failure::new(Code::Operational, format!("cannot write the answer to standard output: {why}")))
        }
        _ => Ok(()),
    }
}
