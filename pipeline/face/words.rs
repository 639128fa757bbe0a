//! Findings about faces in English.

use super::fault::{EnrolledFault, MatchFault};
use crate::picture::hexadecimal;
use std::fmt::{Display, Formatter, Result};

impl Display for EnrolledFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        const AGAIN: &str = "ask whoever enrolled it for the file as it was made";
        match self {
            EnrolledFault::Other(digest) => {
                write!(f, "the match was made with another enrolled face; give the file with the digest {}", hexadecimal(digest))
            }
            EnrolledFault::Model(digest) => write!(f, "it was enrolled with another model, whose card has the digest {}", hexadecimal(digest)),
            EnrolledFault::SameCapture => f.write_str("the face was enrolled from the very photo that it is compared with"),
            EnrolledFault::Capture(error) => write!(f, "of the enrolled face: {error}"),
            EnrolledFault::Stranger { notary: true } => f.write_str(
                "the key that signed the enrolled face's photo is not one of the trusted notaries'; add --notaries with it if you know whose it is",
            ),
            EnrolledFault::Stranger { notary: false } => f.write_str(
                "the key that signed the enrolled face's photo is not one of the trusted devices; add --trust with it if you know whose camera it is",
            ),
            EnrolledFault::Original => f.write_str("the enrolled face starts from another photo than the one that was signed"),
            EnrolledFault::Signature(_) => write!(f, "whoever it names as having enrolled it did not sign it; {AGAIN}"),
            EnrolledFault::Face(error) => write!(f, "it cannot be an enrolled face: {error}"),
            EnrolledFault::Bytes(error) => write!(f, "the enrolled face's proof cannot be read ({error}); {AGAIN}"),
            EnrolledFault::Template => write!(f, "the enrolled face's proof is about another template than the file names; {AGAIN}"),
            EnrolledFault::Refused(reject) => write!(f, "this is not what the model makes of the enrolled face's photo: {reject}"),
            EnrolledFault::Unfinished => f.write_str("the enrolled face's proof was not checked"),
        }
    }
}

impl Display for MatchFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            MatchFault::Face(error) => write!(f, "this cannot be a match: {error}"),
            MatchFault::Bytes(error) => write!(f, "the match's proof cannot be read: {error}"),
            MatchFault::Refused(reject) => write!(f, "the photo's face is not shown to be the enrolled one: {reject}"),
            MatchFault::Unfinished => f.write_str("the match's proof was not checked"),
        }
    }
}
