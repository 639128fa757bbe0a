//! What the operating system says, in words; and the time.

use crate::failure::{Code, Failure};
use std::io::{Error, ErrorKind};
use std::time::{SystemTime, UNIX_EPOCH};

/// What the operating system says, with what to do where that is known.
pub fn reason(error: &Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "the disk is full; free some space and try again".into(),
        ErrorKind::QuotaExceeded => "your quota on this disk is used up; free some space and try again".into(),
        ErrorKind::PermissionDenied => "no permission; choose another folder or change its access rights".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only; choose another folder".into(),
        ErrorKind::NotFound => "the folder does not exist; create it first".into(),
        ErrorKind::NotADirectory => "a part of the path is not a folder; check the path".into(),
        ErrorKind::InvalidFilename => "the name is too long or not allowed on this disk; choose another".into(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text);
            format!("the system says \"{text}\"; try another disk or folder")
        }
    }
}

/// What the computer's clock says, in Unix seconds.
pub fn now() -> Result<u64, Failure> {
    let before = |_| Failure::new(Code::Operational, "the computer's clock stands before 1970; set it and try again");
    SystemTime::now().duration_since(UNIX_EPOCH).map(|time| time.as_secs()).map_err(before)
}
