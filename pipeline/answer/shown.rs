//! What an answer shows of what the network made.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::photo::{Fault, block};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use zkimg_picture::reader::Reader;

/// The most classes that are shown in order.
pub const TOP: usize = 5;

/// What an answer shows of what the network made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it: bytes, TFLite's int8 plus 128.
    Scores(Vec<u8>),
    /// Where the greatest score stands, the first of several, counted from 0; and nothing of any score.
    Class(u32),
    /// Where the greatest five scores stand, or all if there are fewer, the greatest first; of equal scores the first before the others.
    Top(Vec<u32>),
}

/// `show`, and `class`, `classes` or `scores`, these as TFLite's int8.
impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Shown", 2)?;
        match self {
            Shown::Class(class) => {
                fields.serialize_field("show", "class")?;
                fields.serialize_field("class", class)?;
            }
            Shown::Top(classes) => {
                fields.serialize_field("show", "top5")?;
                fields.serialize_field("classes", classes)?;
            }
            Shown::Scores(scores) => {
                fields.serialize_field("show", "scores")?;
                fields.serialize_field("scores", &scores.iter().map(|score| i16::from(*score) - 128).collect::<Vec<_>>())?;
            }
        }
        fields.end()
    }
}

impl Shown {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Shown::Scores(scores) => {
                out.push(0);
                block(out, scores);
            }
            Shown::Class(class) => {
                out.push(1);
                out.extend(class.to_le_bytes());
            }
            Shown::Top(classes) => {
                out.extend([2, classes.len() as u8]);
                classes.iter().for_each(|class| out.extend(class.to_le_bytes()));
            }
        }
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Shown, Fault> {
        match r.u8()? {
            0 => Ok(Shown::Scores(r.block()?.to_vec())),
            1 => Ok(Shown::Class(r.u32()?)),
            2 => {
                let count = usize::from(r.u8()?);
                if count > TOP {
                    return Err(Fault::Invalid("list of classes"));
                }
                Ok(Shown::Top((0..count).map(|_| r.u32()).collect::<Result<_, _>>()?))
            }
            _ => Err(Fault::Invalid("kind of answer")),
        }
    }
}
