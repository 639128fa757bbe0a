//! Photos with Content Credentials, as a camera of the tests makes them.

use crate::files::{exif_block, jpeg};
use c2pa::assertions::DataHash;
use c2pa::{Builder, Context, HashRange, Signer};
use serde_json::{Value, json};
use std::io::Cursor;

/// A photo with EXIF data, without Content Credentials.
pub(crate) fn photo() -> Vec<u8> {
    jpeg(160, 120, false, &exif_block(1))
}

/// What a camera says: a digital capture, and nothing else.
pub(crate) fn capture() -> Value {
    created("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture")
}

/// A picture of this source type, and nothing else.
pub(crate) fn created(source_type: &str) -> Value {
    actions(json!([{"action": "c2pa.created", "digitalSourceType": source_type}]))
}

/// A manifest with these actions.
pub(crate) fn actions(actions: Value) -> Value {
    json!({
        "claim_generator_info": [{"name": "Test camera", "version": "1.0"}],
        "assertions": [{"label": "c2pa.actions.v2", "created": true, "data": {"actions": actions}}],
    })
}

fn builder(manifest: Value) -> Builder {
    let context = Context::new().with_settings(json!({"verify": {"verify_after_sign": false}})).expect("settings");
    Builder::from_context(context).with_definition(manifest).expect("a definition")
}

/// A photo that was signed, but for the manifest as a whole.
pub(crate) fn signed(photo: &[u8], manifest: Value, signer: &dyn Signer) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    builder(manifest).sign(signer, "image/jpeg", &mut Cursor::new(photo), &mut file).expect("signed");
    file.into_inner()
}

/// The same with a thumbnail of the whole picture in the manifest, as cameras have it.
pub(crate) fn signed_with_thumbnail(photo: &[u8], manifest: Value, signer: &dyn Signer, thumbnail: &[u8]) -> Vec<u8> {
    let (mut file, mut builder) = (Cursor::new(Vec::new()), builder(manifest));
    builder.set_thumbnail("image/jpeg", &mut Cursor::new(thumbnail)).expect("a thumbnail");
    builder.sign(signer, "image/jpeg", &mut Cursor::new(photo), &mut file).expect("signed");
    file.into_inner()
}

/// A photo whose hash leaves out the EXIF segment, too: the manifest stands before it, where some phones put it.
pub(crate) fn signed_without_exif(photo: &[u8], manifest: Value, signer: &dyn Signer) -> Vec<u8> {
    let mut builder = builder(manifest);
    let placeholder = builder.data_hashed_placeholder(signer.reserve_size(), "image/jpeg").expect("a placeholder");
    let exif = segment(photo, b"Exif\0\0");
    let file = |manifest: &[u8]| [&photo[..2], manifest, &photo[2..]].concat();
    let mut hash = DataHash::new("jumbf manifest", "sha256");
    hash.add_exclusion(HashRange::new(2, placeholder.len() as u64));
    hash.add_exclusion(HashRange::new((exif.start + placeholder.len()) as u64, exif.len() as u64));
    hash.gen_hash_from_stream(&mut Cursor::new(file(&placeholder))).expect("a hash");
    let made = builder.sign_data_hashed_embeddable(signer, &hash, "image/jpeg").expect("signed");
    assert_eq!(made.len(), placeholder.len());
    file(&made)
}

/// The first segment that begins so.
fn segment(photo: &[u8], begins: &[u8]) -> std::ops::Range<usize> {
    let body = photo.windows(begins.len()).position(|window| window == begins).expect("a segment");
    let length = usize::from(u16::from_be_bytes([photo[body - 2], photo[body - 1]]));
    body - 4..body - 2 + length
}

/// The photo with another year in its EXIF data.
pub(crate) fn with_another_year(photo: &[u8]) -> Vec<u8> {
    let exif = segment(photo, b"Exif\0\0");
    let mut forged = photo.to_vec();
    let at = photo[exif.clone()].windows(5).position(|window| window == b"2024:").expect("a date") + exif.start;
    forged[at..at + 4].copy_from_slice(b"1999");
    forged
}

/// The photo with other pixels: its last bytes of data differ.
pub(crate) fn with_another_picture(photo: &[u8]) -> Vec<u8> {
    let mut changed = photo.to_vec();
    let at = changed.len() - 20;
    changed[at] ^= 1;
    changed
}
