//! A word on standard error when something takes longer than a second.

use crate::session::Session;
use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use zkimg_pipeline::{Observer, Phase};

/// Says what is being done until it is dropped: a running clock on a terminal, one line elsewhere.
pub(crate) struct Progress {
    /// What of it, where that is known.
    part: Arc<Mutex<&'static str>>,
    memory: Option<usize>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    pub(crate) fn start(session: &Session, what: &'static str) -> Progress {
        let terminal = std::io::stderr().is_terminal();
        if session.quiet || session.json && !terminal {
            return Progress { part: Arc::default(), memory: None, stop: None, thread: None };
        }
        let part = Arc::new(Mutex::new(""));
        let shown_part = part.clone();
        let (stop, stopped) = channel();
        let begin = Instant::now();
        let run = move || {
            let mut shown = false;
            // Messages to a terminal that has gone away are lost, and nobody misses them.
            while stopped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                if terminal {
                    let part = *shown_part.lock().unwrap_or_else(PoisonError::into_inner);
                    let _ = write!(std::io::stderr(), "\r\x1b[K{what}{part} … {} s", begin.elapsed().as_secs());
                } else if !shown {
                    let _ = writeln!(std::io::stderr(), "{what} …");
                }
                shown = true;
            }
            if shown && terminal {
                let _ = write!(std::io::stderr(), "\r\x1b[K");
            }
        };
        Progress { part, memory: None, stop: Some(stop), thread: Builder::new().spawn(run).ok() }
    }

    /// Lets what is proved take so much memory.
    pub(crate) fn within(mut self, memory: Option<usize>) -> Progress {
        self.memory = memory;
        self
    }
}

impl Observer for Progress {
    fn phase(&self, phase: Phase) {
        let part = match phase {
            Phase::Computing => ": edits",
            Phase::Committing => ": commitments",
            Phase::Lookups => ": lookups",
            Phase::Linear => ": linear maps",
            Phase::Circuit => ": circuit",
            Phase::Opening => ": opening",
            Phase::Checking => ": checking the proof",
            _ => "",
        };
        *self.part.lock().unwrap_or_else(PoisonError::into_inner) = part;
    }

    fn memory(&self) -> Option<usize> {
        self.memory
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
