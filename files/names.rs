//! The names that files get.

use crate::failure::{Code, Failure};
use std::path::{Path, PathBuf};

/// Whether a path is `-`, which stands for standard input, and for standard output where something is written.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The beginning of the names of several files, or of one that is not called so itself.
pub fn stem(path: &Path) -> Result<&Path, Failure> {
    let what = "the names of the files begin with this, and what is secret is never written to standard output; give a name (--out)";
    if is_standard(path) { Err(Failure::at(Code::Usage, path, what)) } else { Ok(path) }
}

/// A path with something added to its last part.
pub fn append(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Where a key's halves are: the private one, and the public one beside it.
pub fn key_pair(out: &Path) -> Result<(PathBuf, PathBuf), Failure> {
    let private = private_path(stem(out)?);
    let public = public_path(&private)?;
    Ok((private, public))
}

/// A name without an extension gets `.key`: `camera` → `camera.key`.
fn private_path(out: &Path) -> PathBuf {
    match (out.file_name(), out.extension()) {
        (Some(_), None) => append(out, ".key"),
        _ => out.to_owned(),
    }
}

/// `camera.key` → `camera.pub`; another name gets `.pub` appended.
fn public_path(private: &Path) -> Result<PathBuf, Failure> {
    match private.extension().and_then(|extension| extension.to_str()) {
        Some("pub") => Err(Failure::at(
            Code::Usage,
            private,
            "--out names the private key, and .pub is for the public one; use a name like camera.key",
        )),
        Some("key") => Ok(private.with_extension("pub")),
        _ => Ok(append(private, ".pub")),
    }
}
