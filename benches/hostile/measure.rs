//! One run of the program, below a process of its own whose limits it inherits and whose children are this one run.

use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
use nix::sys::time::TimeVal;
use std::path::Path;
use std::process::Command;

/// Seconds of processor time of one run.
const SECONDS: u64 = 120;
/// Bytes of address space of one run.
const BYTES: u64 = 8 << 30;

/// Seconds on the processors, and peak memory in MB.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub cpu: f64,
    pub peak: f64,
}

/// A run's cost, whether it was ended by a limit, and what the program said.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub cost: Cost,
    pub ended: bool,
    /// Whether the program had no objection; that a camera is not trusted is none.
    pub accepted: bool,
    pub said: String,
}

/// Runs `zkimg` with these words in a folder.
pub(crate) fn cost(folder: &Path, words: &[String]) -> Measured {
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this).arg("--measure").args(words).current_dir(folder).output().expect("a measurement");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines = text.lines();
    let numbers: Vec<f64> = lines.next().unwrap_or("").split(' ').filter_map(|n| n.parse().ok()).collect();
    let [cpu, peak, code] = numbers[..] else { panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)) };
    let accepted = code == 0.0 || code == 5.0;
    Measured { cost: Cost { cpu, peak }, ended: code < 0.0, accepted, said: lines.next().unwrap_or("").into() }
}

/// The process between: sets the limits, runs the program, prints what it cost and said.
pub(crate) fn child(words: &[String]) {
    setrlimit(Resource::RLIMIT_CPU, SECONDS, SECONDS).expect("a limit");
    setrlimit(Resource::RLIMIT_AS, BYTES, BYTES).expect("a limit");
    let output = Command::new(env!("CARGO_BIN_EXE_zkimg")).args(words).output().expect("zkimg starts");
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage");
    let seconds = |t: TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
    let cpu = seconds(usage.user_time()) + seconds(usage.system_time());
    let code = output.status.code();
    println!("{cpu} {} {}", usage.max_rss() as f64 / 1024.0, code.unwrap_or(-1));
    println!("{}", said(&String::from_utf8_lossy(&[output.stdout, output.stderr].concat()), code.is_none()));
}

/// The line that tells: the check that failed (that the camera is not trusted is none), or the first.
fn said(text: &str, ended: bool) -> String {
    let failed = text.lines().find(|line| line.contains('✗') && !line.contains("✗ device"));
    let line = failed.or(text.lines().next()).unwrap_or("");
    let line: String = line.trim_start_matches([' ', '✗']).replace('|', "/").chars().take(90).collect();
    if ended { format!("ended by a limit. {line}") } else { line }
}
