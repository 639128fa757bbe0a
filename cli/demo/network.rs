//! The third act: a network answers about the photo, and nobody sees either of them.

use super::Demo;
use crate::outcome::{Code, Failure, Outcome};
use crate::recipe::EditArgs;
use crate::trusted::TrustArgs;
use crate::{answer, infer, model, verify};
use zkimg_files::input;
use zkimg_pipeline::answer::AnswerFile;

const NETWORK: &[u8] = include_bytes!("../../samples/person_detect/person_detect.tflite");
/// What makes the photo what the network reads.
const EDITS: [&str; 3] = ["crop=1:1", "resize=96x96", "grayscale"];

impl Demo<'_> {
    /// A model comes in, answers, and its answer is checked and forged.
    pub(super) fn ask(&mut self) -> Result<(), Failure> {
        self.say("\nTHIRD ACT: a network looks at the photo. Its weights are a secret, and so is the photo.")?;
        self.say("\n11. You take a network in that tells whether a person is in a picture.")?;
        self.write("person_detect.tflite", NETWORK)?;
        let args = model::Args::import(self.file("person_detect.tflite"), self.file("person"), self.args.force);
        self.command("zkimg model import person_detect.tflite --out person", Code::Ok, |session| model::run(&args, session))?;
        self.say(
            "   person.model holds the weights and stays with you. person.card is public: the layers, and commitments to the weights.",
        )?;

        self.say(
            "\n12. You ask it about your photo, and publish nothing but its answer: class 0 is \"nobody there\", class 1 \"a person\".",
        )?;
        let args = infer::Args {
            negatives: vec![self.file("street.negative")],
            input: None,
            model: self.file("person.model"),
            edits: EditArgs { edits: EDITS.map(String::from).to_vec(), recipe: None },
            show: infer::Show::Class,
            out: self.file("answer.zkimg"),
            force: self.args.force,
        };
        let edits = EDITS.map(|edit| format!(" --edit {edit}")).concat();
        let command = format!("zkimg infer street.negative --model person.model{edits} --show class --out answer.zkimg");
        self.command(&command, Code::Ok, |session| infer::run(&args, session))?;

        self.say("\n13. A reader checks the answer, with the camera's key and the network's card.")?;
        let outcome = self.check_answer("answer.zkimg", Code::Ok)?;
        self.quote(&outcome)?;

        self.say("\n14. Somebody passes on the other answer.")?;
        self.write("other.zkimg", &self.other_answer()?)?;
        let outcome = self.check_answer("other.zkimg", Code::Invalid)?;
        self.quote(&outcome)?;
        self.say("   Refused: of one photo, these edits and this card's weights there is one answer.")
    }

    fn check_answer(&mut self, answer: &str, expected: Code) -> Result<Outcome, Failure> {
        let (keys, model) = (TrustArgs::camera(self.file("camera.pub")), Some(self.file("person.card")));
        let args = verify::Args { files: vec![self.file(answer)], keys, model, ..verify::Args::default() };
        let command = format!("zkimg verify {answer} --trust camera.pub --model person.card");
        self.command(&command, expected, |session| verify::run(&args, session))
    }

    /// The answer with the other class. The class is the last thing before the proof and its length.
    fn other_answer(&self) -> Result<Vec<u8>, Failure> {
        let path = self.file("answer.zkimg");
        let file =
            AnswerFile::from_bytes(&input::read(&path, answer::LIMIT)?).map_err(|error| Failure::at(Code::Operational, &path, error))?;
        let mut bytes = file.to_bytes();
        let class = bytes.len() - file.proof_bytes() - 8;
        bytes.iter_mut().skip(class).take(1).for_each(|byte| *byte ^= 1);
        Ok(bytes)
    }
}
