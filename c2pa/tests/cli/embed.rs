//! `zkimg-c2pa embed` and `manifest`: a proof in Content Credentials, and nothing of the original beside it.

use crate::Desk;
use crate::authority::Authority;
use crate::photos::{capture, photo, signed_with_thumbnail};
use c2pa::{Context, Manifest, Reader, ValidationState};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Cursor;
use std::sync::LazyLock;
use std::time::Duration;
use zkimg_pipeline::edits::jpeg::{Quality, Sampling};
use zkimg_pipeline::{Format, Negative, ProofFile, PublicKey, Recipe, Trust, TrustedNotaries, Verdict, Work, embedded, verify_file};

/// Our assertion, read by somebody else.
#[derive(Deserialize)]
struct EditProof {
    version: u8,
    media: String,
    #[serde(with = "serde_bytes")]
    proof: Vec<u8>,
}

/// A photo with Content Credentials, attested, edited and published in both formats.
struct World {
    authority: Authority,
    desk: Desk,
    thumbnail: Vec<u8>,
    notary: PublicKey,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let authority = Authority::new();
    let desk = Desk::trusting(&authority.anchor);
    let thumbnail = crate::files::jpeg(32, 24, false, &[]);
    desk.write("photo.jpg", &signed_with_thumbnail(&photo(), capture(), &*authority.signer("Maker"), &thumbnail));
    desk.attest("photo.jpg", &[]).ends(0);
    let (capture, negative): (_, Negative) = desk.attested();
    let recipe = Recipe::from_words(&["crop=80x60+10+20", "contrast=1.2", "redact=10x10+5+5"]).expect("a recipe");
    let published = Work::new(&negative, &recipe).publish().expect("published");
    desk.write("edited.png", &published.to_file().expect("a file"));
    let recipe = recipe.as_jpeg(Quality::new(85).expect("a quality"), Sampling::S420);
    let published = Work::new(&negative, &recipe).publish_jpeg().expect("published");
    desk.write("edited.jpg", &published.to_file().expect("a file"));
    let credential = authority.credential("Newsroom", Duration::from_secs(86_400));
    desk.write("cert.pem", credential.chain.as_bytes());
    desk.write("key.pem", credential.key.as_bytes());
    World { authority, desk, thumbnail, notary: capture.key }
});

fn embed(from: &str, to: &str) -> Value {
    WORLD.desk.run(&["embed", from, "--sign", "cert.pem", "key.pem", "--out", to]).ends(0).json
}

fn read(file: &[u8], format: Format) -> Reader {
    let settings = json!({"trust": {"trust_anchors": WORLD.authority.anchor}});
    let media = if format == Format::Png { "image/png" } else { "image/jpeg" };
    let context = Context::new().with_settings(settings).expect("settings");
    Reader::from_context(context).with_stream(media, Cursor::new(file)).expect("Content Credentials")
}

fn active(reader: &Reader) -> &Manifest {
    reader.active_manifest().expect("a manifest")
}

fn verdict(file: &[u8]) -> Verdict {
    let proof = ProofFile::from_bytes(&embedded(file).expect("a picture").expect("a proof")).expect("a proof file");
    let mut notaries = TrustedNotaries::default();
    notaries.insert(WORLD.notary.clone());
    verify_file(file, &proof, &Trust { notaries, ..Trust::default() }).expect("a report").verdict
}

#[test]
fn both_carriers_hold_the_proof_and_both_checks_hold() {
    for (from, to, format) in [("edited.png", "signed.png", Format::Png), ("edited.jpg", "signed.jpg", Format::Jpeg)] {
        let answer = embed(from, to);
        let (before, file) = (WORLD.desk.read(from), WORLD.desk.read(to));
        let proof = embedded(&before).expect("a picture").expect("a proof");
        // The plain one is still there, and zkimg still takes the file for the picture.
        assert_eq!(embedded(&file).expect("a picture").as_deref(), Some(proof.as_slice()));
        assert_eq!(verdict(&file), Verdict::Trusted);
        let reader = read(&file, format);
        assert_eq!(reader.validation_state(), ValidationState::Trusted, "{:?}", reader.validation_results());
        let ours: EditProof = active(&reader).find_assertion("io.github.zkimg.edit-proof").expect("our assertion");
        assert_eq!((ours.version, ours.media.as_str(), &ours.proof), (1, "application/x-zkimg", &proof));
        let grown = file.len() - before.len() - proof.len();
        assert!(grown <= 14 << 10, "{to} grew by {grown} bytes besides the proof");
        assert_eq!(answer["grown"], file.len() - before.len());
        // One byte of the picture, and the credentials no longer hold.
        let mut changed = file.clone();
        let at = changed.len() - 20;
        changed[at] ^= 1;
        assert_eq!(read(&changed, format).validation_state(), ValidationState::Invalid);
    }
}

/// The file without the proof in its own place, as a site leaves it that knows Content Credentials and nothing of zkimg.
fn without_own(file: &[u8], format: Format, proof: &[u8]) -> Vec<u8> {
    let at = |name: &[u8]| file.windows(name.len()).position(|window| window == name).expect("there");
    let (at, length) = match format {
        Format::Png => (at(b"zkPF") - 4, 12 + proof.len()),
        _ => (at(b"zkimg-proof\0") - 4, 4 + 14 + proof.len()),
    };
    [&file[..at], &file[at + length..]].concat()
}

#[test]
fn zkimg_reads_the_proof_in_the_credentials_alone() {
    for (from, to, format) in [("edited.png", "alone.png", Format::Png), ("edited.jpg", "alone.jpg", Format::Jpeg)] {
        embed(from, to);
        let file = WORLD.desk.read(to);
        let proof = embedded(&file).expect("a picture").expect("a proof");
        let alone = without_own(&file, format, &proof);
        assert_eq!(embedded(&alone).expect("a picture").as_deref(), Some(proof.as_slice()), "{to}");
        assert_eq!(verdict(&alone), Verdict::Trusted);
        // Without Content Credentials either, there is none.
        let plain = without_own(&WORLD.desk.read(from), format, &proof);
        assert_eq!(embedded(&plain).expect("a picture"), None);
        // Another proof in its own place, and nobody can say which is meant.
        let mut other = proof.clone();
        let last = other.len() - 1;
        other[last] ^= 1;
        assert!(embedded(&zkimg_pipeline::embed(&plain, &other).expect("it fits")).expect("a picture").is_some());
        let mut both = file.clone();
        let at = both.windows(proof.len()).rposition(|window| *window == proof).expect("one of them");
        both[at + last] ^= 1;
        if format == Format::Jpeg {
            assert!(embedded(&both).is_err_and(|error| error.to_string().contains("another than the one in its own place")));
        } else {
            assert!(embedded(&both).is_err());
        }
    }
}

#[test]
fn the_edits_are_actions_and_the_original_is_withheld() {
    embed("edited.jpg", "actions.jpg");
    let file = WORLD.desk.read("actions.jpg");
    let reader = read(&file, Format::Jpeg);
    let actions: c2pa::assertions::Actions = active(&reader).find_assertion("c2pa.actions").expect("actions");
    let names: Vec<&str> = actions.actions.iter().map(|action| action.action()).collect();
    assert_eq!(names, ["c2pa.opened", "c2pa.cropped", "c2pa.adjustedColor", "c2pa.edited", "c2pa.transcoded"]);
    let [ingredient] = active(&reader).ingredients() else { panic!("one ingredient") };
    assert_eq!((ingredient.title(), ingredient.is_parent()), (Some("Original withheld"), true));
    assert!(ingredient.thumbnail_ref().is_none() && ingredient.hash().is_none() && ingredient.active_manifest().is_none());
    assert!(active(&reader).thumbnail_ref().is_none() && reader.manifests().len() == 1);
    // Nothing of the original stands anywhere in the file: neither the camera's manifest nor its thumbnail, nor what tells the photo.
    let photo = WORLD.desk.read("photo.jpg");
    let of_photo = read(&photo, Format::Jpeg);
    let label = of_photo.active_label().expect("a label").as_bytes().to_vec();
    use sha2::Digest;
    let digest = sha2::Sha256::digest(&photo).to_vec();
    let scan = WORLD.thumbnail[WORLD.thumbnail.len() - 40..].to_vec();
    for (secret, what) in [(label, "label"), (digest, "digest"), (scan, "thumbnail"), (b"Test camera".to_vec(), "generator")] {
        let holds = |file: &[u8]| file.windows(secret.len()).any(|window| window == secret);
        assert!(!holds(&file), "the original's {what}");
        assert!(what == "digest" || holds(&photo), "the test looks for the right thing: {what}");
    }
}

#[test]
fn a_definition_for_other_signers_has_the_same() {
    let run = WORLD.desk.run(&["manifest", "edited.jpg"]).ends(0);
    let manifest = &run.json["manifest"];
    let assertions = manifest["assertions"].as_array().expect("assertions");
    let proof = embedded(&WORLD.desk.read("edited.jpg")).expect("a picture").expect("a proof");
    let ours = assertions.iter().find(|assertion| assertion["label"] == "io.github.zkimg.edit-proof").expect("our assertion");
    let text = ours["data"]["proof_base64"].as_str().expect("text");
    assert_eq!(<base64ct::Base64 as base64ct::Encoding>::decode_vec(text).expect("base64"), proof);
    // Another signer takes it.
    let mut builder = c2pa::Builder::from_context(Context::new()).with_definition(manifest.clone()).expect("a definition");
    let (mut from, mut to) = (Cursor::new(WORLD.desk.read("edited.jpg")), Cursor::new(Vec::new()));
    builder.sign(&*WORLD.authority.signer("Agency"), "image/jpeg", &mut from, &mut to).expect("signed");
    let signed = to.into_inner();
    assert_eq!((read(&signed, Format::Jpeg).validation_state(), verdict(&signed)), (ValidationState::Trusted, Verdict::Trusted));
    let alone = without_own(&signed, Format::Jpeg, &proof);
    assert_eq!((embedded(&alone).expect("a picture"), verdict(&alone)), (Some(proof), Verdict::Trusted));
}

#[test]
fn a_picture_whose_proof_does_not_hold_gets_no_credentials() {
    let desk = &WORLD.desk;
    let without = crate::files::png(4, 4, 3, 8, &crate::files::gradient(4, 4, 3));
    desk.write("none.png", &without);
    let run = desk.run(&["embed", "none.png", "--sign", "cert.pem", "key.pem", "--out", "x.png"]).ends(3);
    assert!(run.sentence().contains("no proof inside"), "{}", run.sentence());
    // The right proof in another picture.
    let proof = embedded(&desk.read("edited.png")).expect("a picture").expect("a proof");
    desk.write("other.png", &zkimg_pipeline::embed(&without, &proof).expect("embedded"));
    let run = desk.run(&["embed", "other.png", "--sign", "cert.pem", "key.pem", "--out", "x.png"]).ends(1);
    assert!(run.sentence().contains("does not hold for this picture"), "{}", run.sentence());
    desk.run(&["manifest", "other.png"]).ends(1);
    // A key that is another certificate's.
    desk.write("another.pem", WORLD.authority.credential("Eve", Duration::from_secs(86_400)).key.as_bytes());
    let run = desk.run(&["embed", "edited.png", "--sign", "cert.pem", "another.pem", "--out", "x.png"]);
    assert!(run.ends(3).sentence().contains("do not belong together"));
    assert!(!desk.at("x.png").exists());
    // Its own input is not written over.
    desk.run(&["embed", "edited.png", "--sign", "cert.pem", "key.pem", "--out", "edited.png", "--force"]).ends(2);
}
