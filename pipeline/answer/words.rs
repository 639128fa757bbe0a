//! Findings about models and their answers in English.

use super::fault::{AnswerFault, ModelFault};
use super::shown::Shown;
use crate::picture::hexadecimal;
use std::fmt::{Display, Formatter, Result};

impl Display for ModelFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        const AGAIN: &str = "ask whoever published the model for its card as it was made";
        match self {
            ModelFault::Other(digest) => {
                write!(f, "another model was used; give the card with the digest {}", hexadecimal(digest))
            }
            ModelFault::Signature(_) => write!(f, "whoever the card names did not sign it; {AGAIN}"),
            ModelFault::Card(error) => write!(f, "the card cannot be checked: {error}"),
            ModelFault::Bytes(error) => write!(f, "the card's own proof cannot be read ({error}); {AGAIN}"),
            ModelFault::Refused(reject) => write!(f, "the card's own proof does not hold ({reject}); {AGAIN}"),
            ModelFault::Unfinished => f.write_str("the card's own proof was not checked"),
        }
    }
}

impl Display for AnswerFault {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            AnswerFault::Question(error) => write!(f, "the answer cannot be this model's: {error}"),
            AnswerFault::Bytes(error) => write!(f, "the answer's proof cannot be read: {error}"),
            AnswerFault::Refused(reject) => write!(f, "this is not what the model makes of what it was asked about: {reject}"),
            AnswerFault::Unfinished => f.write_str("the answer's proof was not checked"),
        }
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Shown::Class(class) => write!(f, "class {class} (counted from 0) has the greatest score; of equal ones it is the first"),
            Shown::Top(classes) => {
                let list: Vec<String> = classes.iter().map(u32::to_string).collect();
                write!(
                    f,
                    "the classes {} (counted from 0) have the greatest scores, in this order; of equal ones the first is first",
                    list.join(", ")
                )
            }
            Shown::Scores(scores) => {
                const MANY: usize = 16;
                let list: Vec<String> = scores.iter().take(MANY).map(|score| (i16::from(*score) - 128).to_string()).collect();
                let more = if scores.len() > MANY { format!(" and {} more", scores.len() - MANY) } else { String::new() };
                write!(f, "the scores are {}{more}, as integers from -128 to 127", list.join(", "))
            }
        }
    }
}
