//! The names of EXIF fields, as people write them.

use crate::failure::{Code, Failure};
use zkimg_pipeline::ExifField;

/// The fields with these names: `DateTimeOriginal` as EXIF has it, or `date_time_original`.
pub fn exif_fields(names: &[String]) -> Result<Vec<ExifField>, Failure> {
    let field = |name: &String| {
        ExifField::named(name).ok_or_else(|| {
            let known: Vec<_> = ExifField::ALL.into_iter().map(ExifField::name).collect();
            Failure::new(Code::Usage, format!("there is no field {name:?} that could be shown; fields are {}", known.join(", ")))
        })
    };
    names.iter().map(field).collect()
}
