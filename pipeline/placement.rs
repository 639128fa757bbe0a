//! Where the published picture lay in the original, and what of it was covered: computed from the edits of all links.

use crate::picture::Size;
use crate::recipe::Edits;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use zkimg_edits::placement::{Area, Cover, Frame, Side};

/// Where a picture lay in the original. Like the edits, it is only what the file says until they are proved.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// The original, from `(0, 0)`.
    pub original: Area,
    /// The part of it that is shown.
    pub part: Area,
    /// The side of the original to which the picture's upper side is turned.
    pub up: Side,
    /// Whether it is a mirror image of what it shows.
    pub mirrored: bool,
    /// What of the part was covered, and with what, in the order of the edits.
    pub covered: Vec<Cover>,
}

impl Placement {
    /// What the links' edits, one after the other, do to an original of this size.
    pub(crate) fn of<'a>(original: &Size, links: impl IntoIterator<Item = &'a Edits>) -> Placement {
        let (mut frame, mut covered) = (Frame::STILL, Vec::new());
        let (mut width, mut height) = (original.width, original.height);
        for edits in links {
            for (edit, input) in edits.each() {
                covered.extend(edit.covers(input).into_iter().map(|cover| Cover { area: frame.area(cover.area), ..cover }));
                frame = frame.after(&edit.frame(input));
            }
            (width, height) = (edits.output().width, edits.output().height);
        }
        let original = Area::whole(original.width, original.height);
        let part = frame.area(Area::whole(width, height));
        let shown = |cover: Cover| Some(Cover { area: cover.area.within(&part)?, ..cover });
        Placement {
            original,
            part,
            up: frame.up(),
            mirrored: frame.is_mirrored(),
            covered: covered.into_iter().filter_map(shown).collect(),
        }
    }

    /// How much of the original's area the part is: 1 for all of it.
    pub fn share(&self) -> f64 {
        self.part.share_of(&self.original)
    }
}

/// Its parts, and `share`.
impl Serialize for Placement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Placement", 5)?;
        fields.serialize_field("part", &self.part)?;
        fields.serialize_field("share", &self.share())?;
        fields.serialize_field("up", &self.up)?;
        fields.serialize_field("mirrored", &self.mirrored)?;
        fields.serialize_field("covered", &self.covered)?;
        fields.end()
    }
}
