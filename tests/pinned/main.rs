//! Files of every version that was ever written, as they lie on somebody's disk: they are read, verified and written as
//! before. A change that breaks this is a new version of a format and says so; `make.rs` makes the files anew.

use zkimg_pipeline::{
    DevicePublicKey, Disclosed, Label, Negative, Picture, ProofFile, Recipe, SignedCapture, TrustedDevices, Verdict, encode_png,
    preview, prove, verify,
};

const PHOTO: &[u8] = include_bytes!("photo.png");
const KEY: &str = include_str!("camera.pub");
const CAPTURE: &[u8] = include_bytes!("photo.capture");
const NEGATIVE: &[u8] = include_bytes!("photo.negative");
const EDITED: &[u8] = include_bytes!("edited.png");
const PROOF: &[u8] = include_bytes!("edited.zkimg");
const EDITS: [&str; 2] = ["crop=3x3+1+0", "contrast=1.5"];

fn trusted() -> TrustedDevices {
    TrustedDevices::from_pems([KEY]).expect("a key")
}

#[test]
fn the_proof_is_accepted_and_written_the_same() {
    let file = ProofFile::from_bytes(PROOF).expect("a proof file");
    assert_eq!(file.to_bytes(), PROOF);
    let picture = Picture::decode(EDITED).expect("a picture");
    let report = verify(&picture, &file, &trusted()).expect("parameters");
    assert_eq!(report.verdict, Verdict::Trusted, "{:?}", report.checks);
    assert_eq!(report.captured, Some(1_790_000_000));
}

#[test]
fn the_capture_is_signed_and_written_the_same() {
    let capture = SignedCapture::from_bytes(CAPTURE).expect("a capture");
    assert_eq!(capture.to_bytes(), CAPTURE);
    capture.verify(&trusted()).expect("signed by the camera");
    let key = DevicePublicKey::from_pem(KEY).expect("a key");
    assert_eq!(*capture.statement.device(), Disclosed::Shown(key.device_id()));
}

#[test]
fn the_negative_is_of_that_capture_and_still_proves() {
    let negative = Negative::from_bytes(NEGATIVE).expect("a negative");
    assert_eq!(*negative.to_bytes(), NEGATIVE);
    assert_eq!(negative.capture().to_bytes(), CAPTURE);
    assert!(negative.opening(Label::Time).is_none(), "shown in the clear");
    let published = prove(&negative, &Recipe::from_words(&EDITS).expect("words")).expect("proved");
    assert_eq!(encode_png(&published.picture), EDITED);
    assert_eq!(published.proof.to_bytes().len(), PROOF.len(), "the length follows from the statement");
}

#[test]
fn the_edits_mean_the_same_pixels() {
    let photo = Picture::decode(PHOTO).expect("a picture");
    let edited = preview(&photo, &Recipe::from_words(&EDITS).expect("words")).expect("edited");
    assert_eq!(edited, Picture::decode(EDITED).expect("a picture"));
}
