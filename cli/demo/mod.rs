//! `zkimg demo`: the whole way on a sample photo, explained.

mod handing_on;
mod network;
mod one_proof;

use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::recipe::RecipeArgs;
use crate::session::Session;
use crate::trusted::TrustArgs;
use crate::{attest, keygen, prove, verify};
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;
use zkimg_files::{Access, Outputs, input};
use zkimg_pipeline::{Picture, embed, embedded, encode_png};

const PHOTO: &[u8] = include_bytes!("../../samples/street.jpg");
const EDITS: [&str; 4] = ["crop=640x480+320+120", "redact=300x84+240+120", "white-balance=1.08,1,0.93", "contrast=1.15"];
/// The square that is painted over, in pixels from the upper left corner.
const PAINTED: (usize, usize, usize) = (60, 300, 48);

const EXAMPLES: &str = "\
Examples:
  zkimg demo
      writes everything into the new folder zkimg-demo
  zkimg demo --people 10
      adds ten people and one proof, which is as long after ten as after two but for what the others say
  zkimg demo --dir /tmp/try --force
      into a folder that may exist; files of the same names are replaced";

/// See it all on a sample photo: sign, edit, prove, verify, catch a fake, hand a picture on, and ask a network about it
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder to make
    #[arg(long, value_name = "FOLDER", default_value = "zkimg-demo")]
    pub dir: PathBuf,
    /// Also hand the photo through so many hands with one proof for all of them; each takes some seconds
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=100))]
    pub people: Option<u16>,
    /// Use a folder that exists, and replace files in it
    #[arg(long)]
    pub force: bool,
}

/// A demo that is running.
struct Demo<'a> {
    args: &'a Args,
    session: &'a Session,
    steps: Vec<Value>,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    make_folder(args)?;
    let mut demo = Demo { args, session, steps: Vec::new() };
    demo.say(&format!("Everything is written to the folder {}; you can repeat each command there.", shown(&args.dir)))?;
    demo.camera()?;
    demo.publish()?;
    demo.check()?;
    demo.hand_on()?;
    demo.ask()?;
    if let Some(people) = args.people {
        demo.one_proof(people.into())?;
    }
    demo.say("\nThat is all there is to it. Now with your own photo: zkimg attest --help")?;
    let fields = json!({"folder": lossy(&args.dir), "steps": demo.steps});
    Ok(Outcome::new(Code::Ok, "", fields))
}

fn make_folder(args: &Args) -> Result<(), Failure> {
    match std::fs::create_dir(&args.dir) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && args.dir.is_dir() && args.force => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let what = "this exists already and was not touched; choose another folder with --dir, or add --force to replace the demo's files in it";
            Err(Failure::at(Code::Exists, &args.dir, what))
        }
        Err(error) => {
            Err(Failure::new(Code::Operational, format!("cannot make the folder {}: {}", shown(&args.dir), zkimg_files::reason(&error))))
        }
        Ok(()) => Ok(()),
    }
}

impl Demo<'_> {
    fn say(&self, line: &str) -> Result<(), Failure> {
        self.session.say(line)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.args.dir.join(name)
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        let path = self.file(name);
        Outputs::stage(&self.session.writer, self.args.force, &[], &[(&path, Access::Public)])?.finish(&[content])
    }

    /// Shows a command, runs it, and insists on how it must end.
    fn command(
        &mut self,
        command: &str,
        expected: Code,
        run: impl FnOnce(&Session) -> Result<Outcome, Failure>,
    ) -> Result<Outcome, Failure> {
        self.say(&format!("   $ {command}"))?;
        let begin = Instant::now();
        let outcome = run(self.session)?;
        let seconds = begin.elapsed().as_millis() as f64 / 1000.0;
        if outcome.code != expected {
            let sentence = format!(
                "the demo's command `{command}` ended with {:?} instead of {expected:?}; this installation is faulty, please report it",
                outcome.code
            );
            return Err(Failure::new(Code::Invalid, sentence));
        }
        self.steps.push(json!({"command": command, "exit_code": outcome.code as u8, "seconds": seconds}));
        self.say(&format!("   (took {seconds:.1} s)"))?;
        Ok(outcome)
    }

    /// The camera's part.
    fn camera(&mut self) -> Result<(), Failure> {
        let key = self.file("camera.key");
        self.say("\n1. A camera is built, and gets a key to sign with.")?;
        let args = keygen::Args { out: key.clone(), force: self.args.force };
        self.command("zkimg keygen --out camera.key", Code::Ok, |session| keygen::run(&args, session))?;
        self.say("   camera.key never leaves the camera. camera.pub is public: newsrooms and readers check pictures with it.")?;

        self.say("\n2. The camera takes a photo, street.jpg, and signs it on the spot.")?;
        self.write("street.jpg", PHOTO)?;
        let args = attest::Args { photo: self.file("street.jpg"), key: Some(key), force: self.args.force, ..attest::Args::default() };
        self.command("zkimg attest street.jpg --key camera.key", Code::Ok, |session| attest::run(&args, session))?;
        self.say("   street.capture is the camera's signed statement, with nothing of the photo in it.")?;
        self.say("   street.negative is your secret, like a film negative: the photo, and what you need to publish edits of it.")
    }

    /// The photographer's part.
    fn publish(&mut self) -> Result<(), Failure> {
        self.say(
            "\n3. You edit: a tighter crop, the street sign covered, warmer colours, more contrast. zkimg makes the picture and a proof.",
        )?;
        let recipe = RecipeArgs { edits: EDITS.map(String::from).to_vec(), recipe: None };
        let args = prove::Args {
            negative: self.file("street.negative"),
            recipe,
            out: self.file("edited.png"),
            force: self.args.force,
            ..prove::Args::default()
        };
        let edits = EDITS.map(|edit| format!(" --edit {edit}")).concat();
        let command = format!("zkimg prove street.negative{edits} --out edited.png");
        let outcome = self.command(&command, Code::Ok, |session| prove::run(&args, session))?;
        let kilobytes = outcome.fields.get("proof_bytes").and_then(Value::as_u64).unwrap_or(0).div_ceil(1000);
        self.say(&format!("   Publish edited.png: the proof ({kilobytes} KB) is inside. What you cropped away and covered stays with you: the proof says nothing about it."))
    }

    /// The reader's part, and the forger's.
    fn check(&mut self) -> Result<(), Failure> {
        self.say("\n4. A reader checks the picture, with nothing but that file and the camera's public key.")?;
        let keys = TrustArgs::camera(self.file("camera.pub"));
        let args = verify::Args { files: vec![self.file("edited.png")], keys: keys.clone(), ..verify::Args::default() };
        let outcome = self.command("zkimg verify edited.png --trust camera.pub", Code::Ok, |session| verify::run(&args, session))?;
        self.quote(&outcome)?;
        self.say("   So: this camera took the photo, and these edits, with these numbers, are all that was done to it.")?;

        self.say("\n5. Somebody paints over a small square of the picture and passes it on with your proof.")?;
        self.write("tampered.png", &paint(&self.file("edited.png"))?)?;
        let args = verify::Args { files: vec![self.file("tampered.png")], keys, ..verify::Args::default() };
        let command = "zkimg verify tampered.png --trust camera.pub";
        let outcome = self.command(command, Code::Invalid, |session| verify::run(&args, session))?;
        self.quote(&outcome)?;
        self.say("   The fake is refused: a single changed pixel would have been enough.")
    }

    fn quote(&self, outcome: &Outcome) -> Result<(), Failure> {
        outcome.text.lines().try_for_each(|line| self.say(&format!("   | {line}")))
    }
}

/// The picture with a black square, and the proof inside as it was.
fn paint(path: &Path) -> Result<Vec<u8>, Failure> {
    let refused = |error| Failure::at(Code::Operational, path, error);
    let file = input::photo(path)?;
    let picture = Picture::decode(&file).map_err(refused)?;
    let (dims, profile) = (*picture.dims(), picture.profile().clone());
    let (left, top, side) = PAINTED;
    let mut cells = picture.into_cells();
    for line in cells.chunks_mut(dims.width * dims.height).flat_map(|plane| plane.chunks_mut(dims.width).skip(top).take(side)) {
        line.iter_mut().skip(left).take(side).for_each(|cell| *cell = 0);
    }
    let painted = encode_png(&Picture::new(dims, cells).map_err(refused)?.with_profile(profile));
    embed(&painted, &embedded(&file).map_err(refused)?.unwrap_or_default()).map_err(refused)
}
