//! No core dump of a process that may hold a key or a negative: neither to a file nor to a program that collects them.

use crate::Desk;
use std::collections::BTreeSet;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Somebody who is not the superuser, by number; no account is needed.
const NOBODY: u32 = 65_534;

/// A process that is not left behind, whatever the test comes to.
struct Waiting(Child);

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, started where dumps are allowed, and waiting for a file that nobody writes.
fn waiting(desk: &Desk, user: Option<u32>) -> Waiting {
    if !desk.at("pipe").exists() {
        let made = Command::new("mkfifo").args(["-m", "666"]).arg(desk.at("pipe")).status().expect("mkfifo runs");
        assert!(made.success());
        std::fs::set_permissions(desk.path(), std::fs::Permissions::from_mode(0o777)).expect("a folder of ours");
    }
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -c unlimited; exec \"$0\" inspect pipe", env!("CARGO_BIN_EXE_zkimg")]);
    command.current_dir(desk.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    user.map(|user| command.uid(user));
    Waiting(command.spawn().expect("a shell"))
}

fn within_seconds(mut happens: impl FnMut() -> bool) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(20) {
        if happens() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

/// The limit that a process has on its dumps, soft and hard.
fn limits(child: &Child) -> String {
    let all = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap_or_default();
    all.lines()
        .find_map(|line| line.strip_prefix("Max core file size"))
        .unwrap_or_default()
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
}

fn end(child: &mut Child, signal: &str) -> std::process::ExitStatus {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs").success());
    child.wait().expect("it ends")
}

#[test]
fn a_process_that_is_ended_by_a_fault_leaves_no_dump() {
    let desk = Desk::empty();
    // Whether this system dumps at all, so that the rest means something.
    let control = Command::new("sh").args(["-c", "ulimit -c unlimited; kill -ABRT $$"]).current_dir(desk.path()).status().expect("a shell");
    if !control.core_dumped() {
        eprintln!("this system dumps nothing; only the limit is looked at");
    }
    let names =
        || std::fs::read_dir(desk.path()).expect("the folder").map(|entry| entry.expect("an entry").file_name()).collect::<BTreeSet<_>>();
    let before = BTreeSet::from_iter(names().into_iter().chain(["pipe".into()]));
    for signal in ["-ABRT", "-QUIT"] {
        let Waiting(child) = &mut waiting(&desk, None);
        assert!(within_seconds(|| limits(child) == "0 0"), "the limit is {:?}", limits(child));
        let status = end(child, signal);
        assert!(status.signal().is_some() && !status.core_dumped(), "{status}");
        assert_eq!(names(), before);
    }
}

/// Of a process that is not dumpable, everything in `/proc` belongs to the superuser.
#[test]
fn a_process_is_closed_to_collectors_of_dumps_and_to_other_processes() {
    let desk = Desk::empty();
    let root = std::fs::metadata("/proc/self").expect("a process").uid() == 0;
    let owner = |child: &Child, file: &str| std::fs::metadata(format!("/proc/{}/{file}", child.id())).map(|meta| meta.uid()).ok();
    if root
        && Command::new(env!("CARGO_BIN_EXE_zkimg")).arg("--version").uid(NOBODY).current_dir("/").stdout(Stdio::null()).status().is_err()
    {
        eprintln!("skipped: nobody else may run the program where it lies");
        return;
    }
    let Waiting(child) = &mut waiting(&desk, root.then_some(NOBODY));
    assert!(within_seconds(|| limits(child) == "0 0" && owner(child, "mem") == Some(0)), "{:?}", owner(child, "mem"));
    assert!(child.try_wait().expect("a child").is_none(), "a process that is gone has no memory to close");
}
