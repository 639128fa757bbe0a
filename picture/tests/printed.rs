//! A picture may be secret, and so may all that stands beside its pixels.

mod files;
#[path = "printed/mod.rs"]
mod search;

use files::{chunk, exif_block, gradient, icc, iccp, png, with_chunks};
use search::{hides, shows};
use zkimg_picture::image::decode;

#[test]
fn of_a_photo_only_its_shape_is_printed() {
    let profile = icc(b"RGB ", "Made for tests");
    let file = with_chunks(&png(5, 3, 3, 8, &gradient(5, 3, 3)), &[chunk(b"iCCP", &iccp(&profile)), chunk(b"eXIf", &exif_block(1))]);
    let photo = decode(&file).expect("a photo");
    let values: Vec<&[u8]> = photo.exif.iter().filter_map(|(_, value)| value.map(str::as_bytes)).filter(|value| value.len() > 4).collect();
    assert!(values.len() > 8);
    let secrets = [&[photo.picture.cells(), &profile[128..]], &values[..]].concat();
    hides(&photo, &secrets);
    hides(&photo.picture, &secrets);
    hides(&photo.exif, &secrets);
    hides(photo.picture.profile(), &secrets);
    assert_eq!(format!("{:?}", photo.picture), "Picture { dims: Dims { channels: 3, height: 3, width: 5 }, .. }");
    assert_eq!(format!("{:?}", photo.exif), "ExifValues { .. }");
}

#[test]
fn the_search_finds_every_form() {
    let secret: Vec<u8> = (b'p'..b'z').collect();
    assert!(shows(&format!("{secret:?}"), &secret) && shows(&format!("{secret:#?}"), &secret));
    assert!(shows("…7172737475767778…", &secret) && shows("…7877767574737271…", &secret) && shows("PQRSTUVW", &secret));
    assert!(!shows("[112, 113, 114]", &secret));
}
