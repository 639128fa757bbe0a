//! What a verb comes to: an exit code, words for people, and a JSON object for programs.

use crate::session::{Session, Voice};
use serde_json::{Map, Value, json};
use std::ffi::OsStr;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use zkimg_pipeline::text;

pub(crate) use zkimg_files::{Code, Failure, lossy, shown};

/// What a verb has to say.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub code: Code,
    pub text: String,
    /// How much of the text, from its beginning, is a verdict: bold on a terminal.
    verdict: usize,
    pub fields: Map<String, Value>,
}

impl Outcome {
    /// `fields` must be a JSON object; anything else is left out.
    pub(crate) fn new(code: Code, text: impl Into<String>, fields: Value) -> Outcome {
        let fields = if let Value::Object(fields) = fields { fields } else { Map::new() };
        Outcome { code, text: text.into(), verdict: 0, fields }
    }

    /// The same, whose text begins with a verdict and a colon.
    pub(crate) fn with_verdict(mut self) -> Outcome {
        self.verdict = self.text.find(':').unwrap_or(0);
        self
    }

    /// The first line of the text, as a terminal shows it.
    pub(crate) fn first_line(&self) -> String {
        let line = self.text.lines().next().unwrap_or_default();
        if self.verdict > 0 && bold() { emphasised(line, self.verdict) } else { line.to_owned() }
    }

    /// The same, and of something more what it came to, in a list of this name.
    pub(crate) fn and(mut self, list: &str, more: Outcome) -> Outcome {
        self.text = format!("{}\n{}", self.text.trim_end(), more.text);
        match self.fields.get_mut(list).and_then(Value::as_array_mut) {
            Some(all) => all.push(Value::Object(more.fields)),
            None => drop(self.fields.insert(list.to_owned(), json!([more.fields]))),
        }
        self
    }

    /// The same, with a page that was written.
    pub(crate) fn with_report(mut self, path: &Path) -> Outcome {
        self.text.push_str(&format!("Wrote {}, the same as a page.\n", shown(path)));
        self.fields.insert("report".into(), lossy(path).into());
        self
    }
}

/// Prints the result and gives the exit code. Where standard output has a file, what there is to say goes to standard error.
pub(crate) fn answer(verb: &str, result: Result<Outcome, Failure>, session: &Session) -> ExitCode {
    let (code, fields, text) = match result {
        Ok(Outcome { code, text, verdict, fields }) => {
            let text = if verdict > 0 && bold() { emphasised(&text, verdict) } else { text };
            (code, fields, text)
        }
        Err(failure) => {
            if !session.json {
                // Nobody is left to tell if standard error is gone.
                let _ = writeln!(std::io::stderr(), "zkimg: {}", text::shown(&failure.sentence));
                return ExitCode::from(failure.code as u8);
            }
            (failure.code, error(&failure), String::new())
        }
    };
    if session.voice == Voice::Quiet && !session.json {
        return ExitCode::from(code as u8);
    }
    if session.writer.has_printed() {
        let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
        return ExitCode::from(code as u8);
    }
    let answer = if session.json { object(verb, code, fields) } else { text };
    match print(&answer) {
        Ok(()) => ExitCode::from(code as u8),
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "zkimg: {}", failure.sentence);
            ExitCode::from(failure.code as u8)
        }
    }
}

/// Whether standard output is a terminal that may be written to in bold; see <https://no-color.org>.
fn bold() -> bool {
    let said = |name| std::env::var_os(name).unwrap_or_default();
    std::io::stdout().is_terminal() && may_be_bold(&said("NO_COLOR"), &said("TERM"))
}

fn may_be_bold(no_color: &OsStr, term: &OsStr) -> bool {
    no_color.is_empty() && term != "dumb"
}

fn emphasised(text: &str, length: usize) -> String {
    let (verdict, rest) = text.split_at(length);
    format!("\x1b[1m{verdict}\x1b[0m{rest}")
}

/// A failure, for programs.
pub(crate) fn error(failure: &Failure) -> Map<String, Value> {
    let error = json!({"kind": failure.code.name(), "message": text::shown(&failure.sentence)});
    Map::from_iter([("error".to_owned(), error)])
}

/// The shape of an object, as `docs/schema.json` has it. Where a field goes away or means something else, the number is another.
pub(crate) fn schema(shape: &str) -> String {
    format!("zkimg/{shape}/1")
}

/// One line of JSON.
pub(crate) fn object(verb: &str, code: Code, mut fields: Map<String, Value>) -> String {
    let shape = if fields.contains_key("error") { "error" } else { verb };
    fields.insert("schema".into(), schema(shape).into());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_bold_unless_somebody_minds() {
        let outcome = Outcome::new(Code::Invalid, "NOT VALID: do not take a:b for what it claims to be.\n", json!({})).with_verdict();
        assert_eq!(emphasised(&outcome.text, outcome.verdict), "\x1b[1mNOT VALID\x1b[0m: do not take a:b for what it claims to be.\n");
        for (no_color, term, bold) in
            [("", "xterm", true), ("1", "xterm", false), ("0", "xterm", false), ("", "dumb", false), ("", "", true)]
        {
            assert_eq!(may_be_bold(OsStr::new(no_color), OsStr::new(term)), bold);
        }
    }
}
