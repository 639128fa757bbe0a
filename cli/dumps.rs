//! No core dump: keys, negatives and pixels in memory stay off the disk when the system ends the process.

/// Forbids core dumps of this process, before any file is read.
///
/// On Linux a limit of zero does not hold where dumps go to a program (`core_pattern` with a pipe), so the process is also marked
/// as not dumpable; that closes its memory to other processes of the same user, too.
pub(crate) fn forbid() {
    // Both calls only take a right away, which systems do not refuse; one that does leaves what it allowed before.
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
