//! What all verbs share: how to answer, and which temporary files to remove when the user interrupts.

use crate::outcome::{self, Failure};
use serde_json::json;
use std::io::{IsTerminal, Write};
use zkimg_files::Writer;

/// The exit code of a program that was interrupted, by convention of shells.
const INTERRUPTED: i32 = 130;

/// One run of the program.
pub(crate) struct Session {
    pub json: bool,
    /// How much is said besides.
    pub voice: Voice,
    /// What files are written with.
    pub writer: Writer,
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Errors alone.
    Quiet,
    /// What came of it, and that something takes long.
    Plain,
    /// Also how long each part took.
    Verbose,
}

impl Session {
    pub(crate) fn new(json: bool, voice: Voice) -> Session {
        Session { json, voice, writer: Writer::default().with_standard_output(!json) }
    }

    /// Prints a line now, unless one JSON object is wanted at the end, or nothing.
    pub(crate) fn say(&self, line: &str) -> Result<(), Failure> {
        if self.json || self.voice == Voice::Quiet { Ok(()) } else { outcome::print(&format!("{line}\n")) }
    }

    /// From now on Ctrl-C, a request to terminate and a closed terminal remove temporary files first.
    pub(crate) fn clean_up_when_interrupted(&self) {
        let (writer, json) = (self.writer.clone(), self.json);
        // Without a handler the default action stays; nothing else depends on it.
        let _ = ctrlc::set_handler(move || {
            // Held until the end, so that no new one is begun.
            let _removed = writer.remove_all();
            let sentence = "interrupted; no unfinished file was left behind";
            let mut err = std::io::stderr();
            let _ = writeln!(err, "{}zkimg: {sentence}", if err.is_terminal() { "\n" } else { "" });
            if json {
                let error = json!({"kind": "interrupted", "message": sentence});
                let _ = outcome::print(
                    &json!({"schema": outcome::schema("error"), "ok": false, "exit_code": INTERRUPTED, "error": error}).to_string(),
                );
            }
            std::process::exit(INTERRUPTED);
        });
    }
}
