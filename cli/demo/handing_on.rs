//! The second act: one picture through the hands of three people.

use super::Demo;
use crate::outcome::{Code, Failure, Outcome};
use crate::recipe::RecipeArgs;
use crate::target::JpegArgs;
use crate::trusted::TrustArgs;
use crate::{keygen, prove, verify};
use std::path::{Path, PathBuf};
use zkimg_files::input;
use zkimg_pipeline::{Picture, embed, embedded, encode_png};

const SIGN: &str = "redact=300x84+560+240";
const DESK: [&str; 2] = ["crop=640x480+320+120", "white-balance=1.08,1,0.93"];
const PUBLISHER: &str = "contrast=1.15";
/// As long as the other, so that the file keeps its form.
const NAMES: [&str; 2] = ["Photo desk", "Free press"];

/// One person's work.
struct Link<'a> {
    negative: &'a str,
    edits: &'a [&'a str],
    after: Option<&'a str>,
    name: &'a str,
    sign: bool,
    /// A picture's name, or the beginning of the names of what is handed on.
    out: &'a str,
}

impl Demo<'_> {
    /// From hand to hand, then to a reader, then to a forger.
    pub(super) fn hand_on(&mut self) -> Result<(), Failure> {
        self.say("\nSECOND ACT: three people, and nobody sees more than the one before lets through.")?;
        self.say("\n6. You cover the street sign and hand the picture on to the photo desk, which never sees your original.")?;
        self.link(&Link { negative: "street.negative", edits: &[SIGN], after: None, name: "Photographer", sign: false, out: "desk" })?;
        self.say(
            "   desk.zkimg is the proof so far. desk.negative is for the desk alone: the picture with the sign covered, nothing else.",
        )?;

        self.say("\n7. The desk checks what it was given, crops, corrects the colours, and signs its part with its own key.")?;
        let args = keygen::Args { out: self.file("desk.key"), force: self.args.force };
        self.command("zkimg keygen --out desk.key", Code::Ok, |session| keygen::run(&args, session))?;
        let args = verify::Args {
            files: vec![self.file("desk.zkimg")],
            keys: TrustArgs::camera(self.file("camera.pub")),
            ..verify::Args::default()
        };
        self.command("zkimg verify desk.zkimg --trust camera.pub", Code::Ok, |session| verify::run(&args, session))?;
        self.link(&Link {
            negative: "desk.negative",
            edits: &DESK,
            after: Some("desk.zkimg"),
            name: NAMES[0],
            sign: true,
            out: "publisher",
        })?;

        self.say("\n8. The publisher adds contrast, and publishes the picture with the proof of all that inside.")?;
        let publisher = Link {
            negative: "publisher.negative",
            edits: &[PUBLISHER],
            after: Some("publisher.zkimg"),
            name: "Publisher",
            sign: false,
            out: "published.png",
        };
        self.link(&publisher)?;

        self.say("\n9. A reader checks one file and sees who did what. They know the desk's key, so that name is confirmed.")?;
        let outcome = self.check_chain("published.png", Code::Ok)?;
        self.quote(&outcome)?;

        self.say("\n10. Somebody puts another name on the desk's work.")?;
        self.write("renamed.png", &renamed(&self.file("published.png"))?)?;
        let outcome = self.check_chain("renamed.png", Code::Invalid)?;
        self.quote(&outcome)?;
        self.say("   Refused: names, notes, edits and order are part of what is proved.")
    }

    fn link(&mut self, link: &Link<'_>) -> Result<(), Failure> {
        let hidden = !link.out.ends_with(".png");
        let args = prove::Args {
            negative: self.file(link.negative),
            recipe: RecipeArgs { edits: link.edits.iter().map(ToString::to_string).collect(), recipe: None },
            out: self.file(link.out),
            jpeg: JpegArgs::default(),
            sidecar: false,
            hidden,
            after: link.after.map(|after| self.file(after)),
            name: Some(link.name.into()),
            note: None,
            sign: link.sign.then(|| self.file("desk.key")),
            force: self.args.force,
            ..prove::Args::default()
        };
        let after = link.after.map_or_else(String::new, |after| format!(" --after {after}"));
        let edits: String = link.edits.iter().map(|edit| format!(" --edit {edit}")).collect();
        let hidden = if hidden { " --hidden" } else { "" };
        let sign = if link.sign { " --sign desk.key" } else { "" };
        let command = format!("zkimg prove {}{after}{edits}{hidden} --out {} --name \"{}\"{sign}", link.negative, link.out, link.name);
        self.command(&command, Code::Ok, |session| prove::run(&args, session)).map(drop)
    }

    fn check_chain(&mut self, picture: &str, expected: Code) -> Result<Outcome, Failure> {
        let [camera, desk]: [PathBuf; 2] = ["camera.pub", "desk.pub"].map(|name| self.file(name));
        let args = verify::Args {
            files: vec![self.file(picture)],
            keys: TrustArgs { people: vec![desk], ..TrustArgs::camera(camera) },
            ..verify::Args::default()
        };
        let command = format!("zkimg verify {picture} --trust camera.pub --people desk.pub");
        self.command(&command, expected, |session| verify::run(&args, session))
    }
}

/// The same picture with the desk's name replaced in the proof inside.
fn renamed(path: &Path) -> Result<Vec<u8>, Failure> {
    let refused = |error| Failure::at(Code::Operational, path, error);
    let file = input::photo(path)?;
    let proof = embedded(&file).map_err(refused)?.unwrap_or_default();
    let [old, new] = NAMES.map(str::as_bytes);
    let at = proof.windows(old.len()).position(|window| window == old).unwrap_or(proof.len());
    let after = proof.get(at + old.len()..).unwrap_or_default();
    let picture = Picture::decode(&file).map_err(refused)?;
    embed(&encode_png(&picture), &[&proof[..at], new, after].concat()).map_err(refused)
}
