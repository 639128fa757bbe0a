//! An opening speaks of one label: with the same value and the same salt it opens no other.
#![cfg(feature = "prover")]

#[path = "../../picture/tests/files/mod.rs"]
mod files;

use files::{exif_block, jpeg};
use zkimg_attest::{Backing, CaptureError, CaptureStatement, Label, Opening, Policy, SigningKey, attest};
use zkimg_picture::ExifField;

const TRACES: [Label; 5] = [Label::File, Label::Certificate, Label::ClaimSignature, Label::ManifestLabel, Label::Generator];

/// Where the digest of the first field stands in a statement, by `docs/formats.md`.
const DIGESTS: usize = 55;

#[test]
fn no_two_labels_share_a_digest() {
    let labels: Vec<Label> = ExifField::ALL.map(Label::Exif).into_iter().chain([Label::Time, Label::Device]).chain(TRACES).collect();
    for value in [None, Some(vec![7; 8])] {
        let mut digests: Vec<_> =
            labels.iter().map(|label| Opening::new(*label, Backing::Alone, value.clone(), [9; 32]).digest()).collect();
        // What stands behind a value is a part of what is hidden, and statements of version 2 share no digest with later ones.
        let backings = [Backing::Unsaid, Backing::Covered, Backing::NotCovered];
        digests.extend(backings.map(|backing| Opening::new(Label::Time, backing, value.clone(), [9; 32]).digest()));
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), labels.len() + backings.len());
    }
}

/// A device that writes one field's digest in another's place has not said the one's value of the other.
#[test]
fn the_opening_of_one_field_is_none_of_another() {
    let key = SigningKey::generate().expect("randomness");
    let (capture, negative) = attest(&jpeg(16, 8, false, &exif_block(1)), &key, &Policy::default(), 1).expect("a photo");
    let model = negative.opening(Label::Exif(ExifField::Model)).expect("hidden");
    let mut bytes = capture.statement.to_bytes();
    let place = |field: ExifField| DIGESTS + 32 * (usize::from(field.id()) - 1);
    let (from, to) = (place(ExifField::Model), place(ExifField::Make));
    assert_eq!(bytes[from..from + 32], model.digest());
    bytes.copy_within(from..from + 32, to);
    let statement = CaptureStatement::from_bytes(&bytes).expect("well formed");
    assert_eq!(statement.check(model), Ok(()));
    let passed_off = Opening::new(Label::Exif(ExifField::Make), Backing::Alone, model.value().map(<[u8]>::to_vec), *model.salt());
    assert_eq!(statement.check(&passed_off), Err(CaptureError::Opening("make")));
}
