//! What all verbs share: how to answer, and which temporary files to remove when the user interrupts.

use crate::outcome::{self, Code, Failure};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The exit code of a program that was interrupted, by convention of shells.
const INTERRUPTED: i32 = 130;

/// What the computer's clock says, in Unix seconds.
pub(crate) fn now() -> Result<u64, Failure> {
    let before = |_| Failure::new(Code::Operational, "the computer's clock stands before 1970; set it and try again");
    SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs()).map_err(before)
}

/// One run of the program.
pub(crate) struct Session {
    pub json: bool,
    temporaries: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Session {
    pub(crate) fn new(json: bool) -> Session {
        Session { json, temporaries: Arc::default() }
    }

    /// The temporary files that exist now. Files are made, placed and removed only under this lock, so that an
    /// interruption sees either none of them or the finished outputs.
    pub(crate) fn temporaries(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.temporaries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prints a line now, unless one JSON object is wanted at the end.
    pub(crate) fn say(&self, line: &str) -> Result<(), Failure> {
        if self.json { Ok(()) } else { outcome::print(&format!("{line}\n")) }
    }

    /// From now on Ctrl-C, a request to terminate and a closed terminal remove temporary files first.
    pub(crate) fn clean_up_when_interrupted(&self) {
        let (temporaries, json) = (Arc::clone(&self.temporaries), self.json);
        // Without a handler the default action stays; nothing else depends on it.
        let _ = ctrlc::set_handler(move || {
            let files = temporaries.lock().unwrap_or_else(PoisonError::into_inner);
            for file in files.iter() {
                let _ = std::fs::remove_file(file);
            }
            let sentence = "interrupted; no unfinished file was left behind";
            let mut err = std::io::stderr();
            let _ = writeln!(err, "{}zkimg: {sentence}", if err.is_terminal() { "\n" } else { "" });
            if json {
                let error = json!({"kind": "interrupted", "message": sentence});
                let _ = outcome::print(&json!({"ok": false, "exit_code": INTERRUPTED, "error": error}).to_string());
            }
            std::process::exit(INTERRUPTED);
        });
    }
}
