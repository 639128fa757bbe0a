//! That nobody but the user, and root, can change what a path leads to.

use crate::failure::Failure;
#[cfg(unix)]
use crate::failure::{Code, shown};
use std::path::Path;

/// How many links a path may go through, as on Linux.
#[cfg(unix)]
const LINKS: usize = 40;

/// Looks at everything that an absolute path leads through, links and what they lead to: each belongs to the user or root, and no others can write
/// there. Above the end, root's folders in which nobody may replace what others own (as `/tmp`) are let pass. What does not exist yet is nobody's.
#[cfg(unix)]
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    use std::ffi::OsString;
    use std::path::{Component, PathBuf};
    let parts = |path: &Path| path.components().map(|part| part.as_os_str().to_owned()).rev().collect::<Vec<OsString>>();
    let (mut left, mut at, mut links) = (parts(path), PathBuf::new(), 0);
    while let Some(part) = left.pop() {
        match Path::new(&part).components().next() {
            Some(Component::ParentDir) => {
                at.pop();
                continue;
            }
            Some(Component::CurDir) => continue,
            // Of the root nothing else is left.
            _ => at.push(&part),
        }
        let meta = match at.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(crate::input::unreadable(&at, &error)),
            Ok(meta) => meta,
        };
        owned(&at, &meta, left.is_empty())?;
        if meta.is_symlink() {
            links += 1;
            if links > LINKS {
                return Err(Failure::new(Code::Operational, format!("{}: this path goes through too many links", shown(path))));
            }
            left.extend(parts(&at.read_link().map_err(|error| crate::input::unreadable(&at, &error))?));
            at.pop();
        }
    }
    Ok(())
}

/// The same of one file or folder, or link, which belongs to whom it belongs to and has no rights of its own.
#[cfg(unix)]
fn owned(path: &Path, meta: &std::fs::Metadata, last: bool) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;
    const OTHERS: u32 = 0o002;
    const GROUP: u32 = 0o020;
    const STICKY: u32 = 0o1000;
    let refused = |what: &str| Err(Failure::at(Code::Operational, path, what));
    if meta.uid() != 0 && meta.uid() != rustix::process::geteuid().as_raw() {
        return refused(
            "this belongs to another user, who could say whom you trust; keep the trust store where everything belongs to you or root",
        );
    }
    let shared = meta.mode() & (OTHERS | GROUP);
    if meta.is_symlink() || shared == 0 || !last && meta.is_dir() && meta.uid() == 0 && meta.mode() & STICKY != 0 {
        return Ok(());
    }
    if shared & OTHERS != 0 {
        return refused(
            "everybody on this computer can write here, and so say whom you trust; take that right away (chmod o-w) and look at what is in it",
        );
    }
    refused("others of its group can write here, and so say whom you trust; take that right away (chmod g-w) and look at what is in it")
}

#[cfg(not(unix))]
pub(crate) fn check(_: &Path) -> Result<(), Failure> {
    Ok(())
}
