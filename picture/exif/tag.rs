//! The tags that are read (EXIF 3.0, 4.6; DCF 2.0).

use super::block::Part::{Exif, Gps, Image, Interoperability};
use super::block::Tag;

pub(super) const MAKE: Tag = (Image, 0x010f);
pub(super) const MODEL: Tag = (Image, 0x0110);
pub(super) const ORIENTATION: Tag = (Image, 0x0112);
pub(super) const X_RESOLUTION: Tag = (Image, 0x011a);
pub(super) const Y_RESOLUTION: Tag = (Image, 0x011b);
pub(super) const SOFTWARE: Tag = (Image, 0x0131);
pub(super) const ARTIST: Tag = (Image, 0x013b);
pub(super) const COPYRIGHT: Tag = (Image, 0x8298);
pub(super) const EXPOSURE_TIME: Tag = (Exif, 0x829a);
pub(super) const F_NUMBER: Tag = (Exif, 0x829d);
pub(super) const ISO: Tag = (Exif, 0x8827);
pub(super) const DATE_TIME_ORIGINAL: Tag = (Exif, 0x9003);
pub(super) const OFFSET_TIME_ORIGINAL: Tag = (Exif, 0x9011);
pub(super) const FOCAL_LENGTH: Tag = (Exif, 0x920a);
pub(super) const COLOR_SPACE: Tag = (Exif, 0xa001);
pub(super) const LENS_MODEL: Tag = (Exif, 0xa434);
pub(super) const GPS_LATITUDE_REF: Tag = (Gps, 1);
pub(super) const GPS_LATITUDE: Tag = (Gps, 2);
pub(super) const GPS_LONGITUDE_REF: Tag = (Gps, 3);
pub(super) const GPS_LONGITUDE: Tag = (Gps, 4);
pub(super) const GPS_ALTITUDE_REF: Tag = (Gps, 5);
pub(super) const GPS_ALTITUDE: Tag = (Gps, 6);
pub(super) const INTEROPERABILITY_INDEX: Tag = (Interoperability, 1);

pub(super) const PIXELS_ACROSS: Tag = (Exif, 0xa002);
pub(super) const PIXELS_DOWN: Tag = (Exif, 0xa003);

/// Numbers of what TIFF itself has and no program shows a picture by: what and who, with what, when; orientation and resolutions, which are looked at;
/// where colours are sampled; ratings, captions of Windows and of the press.
pub(super) const HARMLESS: [u16; 21] = [
    0x010e, 0x010f, 0x0110, 0x0112, 0x011a, 0x011b, 0x0128, 0x0131, 0x0132, 0x013b, 0x013c, 0x0213, 0x4746, 0x4749, 0x8298, 0x83bb, 0x9c9b,
    0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f,
];
/// What a maker of cameras keeps to itself.
pub(super) const MAKER_NOTE: u16 = 0x927c;

/// Numbers of what leads elsewhere, in whatever list.
pub(super) const SUB_DIRECTORIES: u16 = 0x014a;
pub(super) const THUMBNAIL: u16 = 0x0201;
pub(super) const THUMBNAIL_LENGTH: u16 = 0x0202;
pub(super) const XMP: u16 = 0x02bc;
pub(super) const EXIF_DIRECTORY: u16 = 0x8769;
pub(super) const ICC_PROFILE: u16 = 0x8773;
pub(super) const GPS_DIRECTORY: u16 = 0x8825;
pub(super) const INTEROPERABILITY_DIRECTORY: u16 = 0xa005;
