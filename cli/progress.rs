//! A word on standard error when something takes longer than a second.

use crate::session::{Session, Voice};
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
    /// When each part began, where that is told at the end.
    begun: Option<Mutex<Vec<(&'static str, Instant)>>>,
    memory: Option<usize>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    pub(crate) fn start(session: &Session, what: &'static str) -> Progress {
        let terminal = std::io::stderr().is_terminal();
        let begun = (session.voice == Voice::Verbose).then(|| Mutex::new(vec![(what, Instant::now())]));
        if session.voice == Voice::Quiet || session.json && !terminal {
            return Progress { part: Arc::default(), begun, memory: None, stop: None, thread: None };
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
                    let colon = if part.is_empty() { "" } else { ": " };
                    let _ = write!(std::io::stderr(), "\r\x1b[K{what}{colon}{part} … {} s", begin.elapsed().as_secs());
                } else if !shown {
                    let _ = writeln!(std::io::stderr(), "{what} …");
                }
                shown = true;
            }
            if shown && terminal {
                let _ = write!(std::io::stderr(), "\r\x1b[K");
            }
        };
        Progress { part, begun, memory: None, stop: Some(stop), thread: Builder::new().spawn(run).ok() }
    }

    /// Lets what is proved take so much memory.
    pub(crate) fn within(mut self, memory: Option<usize>) -> Progress {
        self.memory = memory;
        self
    }
}

impl Observer for Progress {
    fn phase(&self, phase: Phase) {
        let part = phase.name();
        *self.part.lock().unwrap_or_else(PoisonError::into_inner) = part;
        if let Some(begun) = &self.begun {
            begun.lock().unwrap_or_else(PoisonError::into_inner).push((part, Instant::now()));
        }
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
        if let Some(begun) = &self.begun {
            let begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(std::io::stderr(), "{}", told(&begun, Instant::now()));
        }
    }
}

/// How long all of it took, and each part, which may come again.
fn told(begun: &[(&'static str, Instant)], end: Instant) -> String {
    let mut parts: Vec<(&str, Duration)> = Vec::new();
    let ends = begun.iter().skip(1).map(|(_, at)| *at).chain([end]);
    for ((part, from), to) in begun.iter().zip(ends).skip(1) {
        let took = to.saturating_duration_since(*from);
        match parts.iter_mut().find(|(known, _)| known == part) {
            Some((_, all)) => *all += took,
            None => parts.push((part, took)),
        }
    }
    let seconds = |took: Duration| format!("{:.2} s", took.as_secs_f64());
    let Some((what, from)) = begun.first() else { return String::new() };
    let mut text = format!("{what}: {}", seconds(end.saturating_duration_since(*from)));
    for (i, (part, took)) in parts.iter().enumerate() {
        text.push_str(&format!("{} {part} {}", if i == 0 { ";" } else { "," }, seconds(*took)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_added_up() {
        let begin = Instant::now();
        let at = |seconds: u64| begin + Duration::from_secs(seconds);
        let begun = [("Proving", begin), ("edits", at(1)), ("lookups", at(3)), ("edits", at(6)), ("opening", at(7))];
        assert_eq!(told(&begun, at(9)), "Proving: 9.00 s; edits 3.00 s, lookups 3.00 s, opening 2.00 s");
        assert_eq!(told(&begun[..1], at(2)), "Proving: 2.00 s");
    }
}
