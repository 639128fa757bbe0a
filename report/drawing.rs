//! The placement drawing: the whole original as an empty frame, the published part where it lay, dashed boxes where it was covered.

use crate::markup::Markup;
use zkimg_pipeline::Placement;
use zkimg_pipeline::edits::placement::{Area, Cover, Covering, Side};

/// The longer side of the frame, in units of the drawing.
const LONGER: f64 = 640.0;
/// Room around it, for its line.
const MARGIN: f64 = 4.0;
/// How far the mark of the upper side reaches into the part, and half its base.
const MARK: f64 = 12.0;
/// More areas are not drawn: the largest are.
pub(crate) const MOST_DRAWN: usize = 256;

/// The drawing, as SVG without styles of its own but the classes that the page has.
pub(crate) fn draw(page: &mut Markup, placement: &Placement) {
    let frame = &placement.original;
    let scale = LONGER / frame.width.max(frame.height);
    page.tags("<svg class=\"placement\" role=\"img\" aria-label=\"Where the picture lay in the original\" viewBox=\"0 0 ");
    page.number(frame.width * scale + 2.0 * MARGIN).tags(" ").number(frame.height * scale + 2.0 * MARGIN).tags("\">\n");
    rectangle(page, "frame", frame, scale);
    rectangle(page, "part", &placement.part, scale);
    for cover in largest(&placement.covered) {
        let class = match cover.with {
            Covering::Colour => "colour",
            Covering::Blocks => "blocks",
            _ => "picture",
        };
        rectangle(page, class, &cover.area, scale);
    }
    // The part's line again, which covers may have been drawn over.
    rectangle(page, "edge", &placement.part, scale);
    if placement.up != Side::Top || placement.mirrored {
        mark(page, placement, scale);
    }
    page.tags("</svg>\n");
}

/// The areas that are drawn.
fn largest(covered: &[Cover]) -> Vec<&Cover> {
    let mut all: Vec<&Cover> = covered.iter().collect();
    let size = |cover: &Cover| cover.area.width * cover.area.height;
    all.sort_by(|a, b| size(b).total_cmp(&size(a)));
    all.truncate(MOST_DRAWN);
    all
}

fn rectangle(page: &mut Markup, class: &'static str, area: &Area, scale: f64) {
    page.tags("<rect class=\"").tags(class).tags("\" x=\"").number(area.x * scale + MARGIN);
    page.tags("\" y=\"").number(area.y * scale + MARGIN);
    page.tags("\" width=\"").number(area.width * scale);
    page.tags("\" height=\"").number(area.height * scale).tags("\"/>\n");
}

/// A triangle that points to the side of the part which is up in the picture.
fn mark(page: &mut Markup, placement: &Placement, scale: f64) {
    let Area { x, y, width, height } = placement.part;
    let (left, top, right, bottom) = (x * scale + MARGIN, y * scale + MARGIN, (x + width) * scale + MARGIN, (y + height) * scale + MARGIN);
    let (middle, centre) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let reach = MARK.min((right - left) / 3.0).min((bottom - top) / 3.0);
    // The tip, then the direction in which the base lies.
    let ((tip_x, tip_y), (dx, dy)) = match placement.up {
        Side::Top => ((middle, top), (0.0, 1.0)),
        Side::Bottom => ((middle, bottom), (0.0, -1.0)),
        Side::Left => ((left, centre), (1.0, 0.0)),
        Side::Right => ((right, centre), (-1.0, 0.0)),
    };
    let (base_x, base_y) = (tip_x + dx * reach, tip_y + dy * reach);
    page.tags("<path class=\"mark\" d=\"M");
    page.number(tip_x).tags(" ").number(tip_y).tags("L");
    page.number(base_x - dy * reach).tags(" ").number(base_y - dx * reach).tags("L");
    page.number(base_x + dy * reach).tags(" ").number(base_y + dx * reach).tags("Z\"/>\n");
}

/// What stands below the drawing: what its parts mean.
pub(crate) fn legend(placement: &Placement) -> Vec<String> {
    let mut lines = vec!["Frame: the whole original, which stays hidden. Solid box: the part that is shown.".to_owned()];
    let count = |with| placement.covered.iter().filter(|cover| cover.with == with).count();
    let kinds = [
        (Covering::Colour, "covered with a colour", "dashed and grey"),
        (Covering::Blocks, "made of blocks", "dashed"),
        (Covering::Picture, "with another picture laid over it", "dotted"),
    ];
    for (with, what, how) in kinds {
        match count(with) {
            0 => {}
            1 => lines.push(format!("1 area is {what}: {how}.")),
            many => lines.push(format!("{many} areas are {what}: {how}.")),
        }
    }
    if placement.covered.len() > MOST_DRAWN {
        lines.push(format!("Only the {MOST_DRAWN} largest areas are drawn."));
    }
    let side = match placement.up {
        Side::Top => None,
        Side::Right => Some("right"),
        Side::Bottom => Some("lower"),
        Side::Left => Some("left"),
    };
    match (side, placement.mirrored) {
        (None, false) => {}
        (None, true) => lines.push("The picture is a mirror image of this part; the triangle points to its upper side.".to_owned()),
        (Some(side), mirrored) => {
            let image = if mirrored { " and a mirror image" } else { "" };
            lines.push(format!("The picture is turned{image}: its upper side is this part's {side} side, to which the triangle points."));
        }
    }
    lines
}
