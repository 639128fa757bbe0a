//! The listed fields and their numbers.
#![deny(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

/// A listed EXIF field. The numbers are part of the format: they never change and are never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum ExifField {
    /// Camera maker.
    Make = 1,
    /// Camera model.
    Model = 2,
    /// Lens model.
    LensModel = 3,
    /// When the photo was taken, by the camera's clock: `2024-05-17T14:03:09`.
    DateTimeOriginal = 4,
    /// That clock's distance from UTC: `+02:00`.
    OffsetTime = 5,
    /// Seconds, a reduced fraction: `1/250`.
    ExposureTime = 6,
    /// Aperture number, a reduced fraction: `28/10` is `14/5`.
    FNumber = 7,
    /// ISO speed: `400`.
    Iso = 8,
    /// Millimetres, a reduced fraction.
    FocalLength = 9,
    /// Orientation of the *file* (1 to 8); the signed pixels are upright already.
    Orientation = 10,
    /// Degrees with seven decimals, north positive: `48.8583333`.
    GpsLatitude = 11,
    /// Degrees with seven decimals, east positive.
    GpsLongitude = 12,
    /// Metres above sea level, a reduced fraction, negative below.
    GpsAltitude = 13,
    /// Who took the photo.
    Artist = 14,
    /// Copyright notice; a photographer's and an editor's part are joined by `; `.
    Copyright = 15,
    /// Software or firmware.
    Software = 16,
}

use ExifField as E;

impl ExifField {
    /// Every listed field, in the order of the statement.
    pub const ALL: [ExifField; 16] = [
        E::Make,
        E::Model,
        E::LensModel,
        E::DateTimeOriginal,
        E::OffsetTime,
        E::ExposureTime,
        E::FNumber,
        E::Iso,
        E::FocalLength,
        E::Orientation,
        E::GpsLatitude,
        E::GpsLongitude,
        E::GpsAltitude,
        E::Artist,
        E::Copyright,
        E::Software,
    ];

    /// The field's number.
    pub fn id(self) -> u16 {
        self as u16
    }

    /// The field's name, for people and programs; it does not change.
    pub fn name(self) -> &'static str {
        match self {
            E::Make => "make",
            E::Model => "model",
            E::LensModel => "lens_model",
            E::DateTimeOriginal => "date_time_original",
            E::OffsetTime => "offset_time",
            E::ExposureTime => "exposure_time",
            E::FNumber => "f_number",
            E::Iso => "iso",
            E::FocalLength => "focal_length",
            E::Orientation => "orientation",
            E::GpsLatitude => "gps_latitude",
            E::GpsLongitude => "gps_longitude",
            E::GpsAltitude => "gps_altitude",
            E::Artist => "artist",
            E::Copyright => "copyright",
            E::Software => "software",
        }
    }

    /// The field with this number.
    pub fn of_id(id: u16) -> Option<ExifField> {
        ExifField::ALL.into_iter().find(|field| field.id() == id)
    }

    /// The field that a person calls so: its name here, or the one of EXIF's standard (`DateTimeOriginal`), in whatever case.
    pub fn named(text: &str) -> Option<ExifField> {
        let plain = |text: &str| text.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect::<String>();
        ExifField::ALL.into_iter().find(|field| plain(field.name()) == plain(text))
    }

    /// What stands before its value when it is shown to people.
    pub fn title(self) -> &'static str {
        match self {
            E::Make => "Maker",
            E::Model => "Model",
            E::LensModel => "Lens",
            E::DateTimeOriginal => "Taken",
            E::OffsetTime => "Clock's offset from UTC",
            E::ExposureTime => "Exposure in seconds",
            E::FNumber => "Aperture",
            E::Iso => "ISO speed",
            E::FocalLength => "Focal length in millimetres",
            E::Orientation => "Orientation of the file",
            E::GpsLatitude => "Latitude",
            E::GpsLongitude => "Longitude",
            E::GpsAltitude => "Altitude in metres",
            E::Artist => "Artist",
            E::Copyright => "Copyright",
            E::Software => "Software",
        }
    }
}
