//! Files that words and recipes name: nothing here opens one, the caller reads them.

use super::error::EditError;
use std::io;
use std::path::Path;

/// Gives the bytes of a file.
pub type Files<'a> = dyn Fn(&Path) -> io::Result<Vec<u8>> + 'a;

/// The bytes of a file, or why they are not given.
pub(crate) fn read(path: &Path, files: &Files<'_>) -> Result<Vec<u8>, EditError> {
    files(path).map_err(|e| {
        let reason = e.to_string();
        let reason = reason.split(" (os error").next().unwrap_or_default().to_owned();
        EditError::File { path: path.into(), kind: e.kind(), reason }
    })
}
