//! `zkimg man`: manual pages.

use crate::outcome::{Code, Failure, Outcome, lossy, shown};
use crate::session::Session;
use clap::builder::Resettable;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use serde_json::json;
use std::path::{Path, PathBuf};
use zkimg_files::{Access, Outputs};

const EXAMPLES: &str = "\
Examples:
  zkimg man | man -l -
  zkimg man verify | man -l -
  zkimg man --out ~/.local/share/man/man1
      writes zkimg.1, zkimg-verify.1 and so on; `man zkimg-verify` shows one";

/// Print a manual page, or write all of them
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The verb whose page is printed; the page of zkimg itself, if left out
    #[arg(value_name = "VERB", conflicts_with = "out")]
    verb: Option<String>,
    /// The folder to write all pages into
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace existing files
    #[arg(long, requires = "out")]
    force: bool,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<Outcome, Failure> {
    let mut whole = crate::Cli::command();
    // Gives every verb its full name and the options of all.
    whole.build();
    let Some(folder) = &args.out else {
        let command = match &args.verb {
            None => &whole,
            Some(verb) => whole
                .find_subcommand(verb)
                .ok_or_else(|| Failure::new(Code::Usage, format!("there is no verb {verb:?}; `zkimg --help` lists them all")))?,
        };
        let page = page(command)?;
        let fields = json!({"page": page});
        return Ok(Outcome::new(Code::Ok, page, fields));
    };
    let pages = all(folder, &whole)?;
    let targets: Vec<(&Path, Access)> = pages.iter().map(|(path, _)| (path.as_path(), Access::Public)).collect();
    let outputs = Outputs::stage(&session.writer, args.force, &[], &targets)?;
    outputs.finish(&pages.iter().map(|(_, page)| page.as_bytes()).collect::<Vec<_>>())?;
    let files: Vec<String> = pages.iter().map(|(path, _)| lossy(path)).collect();
    Ok(Outcome::new(Code::Ok, format!("Wrote {} manual pages into {}.", files.len(), shown(folder)), json!({"pages": files})))
}

/// The pages of a command and of all below it.
fn all(folder: &Path, command: &Command) -> Result<Vec<(PathBuf, String)>, Failure> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let mut pages = vec![(folder.join(format!("{name}.1")), page(command)?)];
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        pages.extend(all(folder, verb)?);
    }
    Ok(pages)
}

/// A page in roff. What stands below the options is as it is on a terminal, line by line.
fn page(command: &Command) -> Result<String, Failure> {
    let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let bare = command.clone().after_help(Resettable::Reset);
    let man = Man::new(bare).source(format!("zkimg {}", zkimg_report::VERSION)).manual("zkimg");
    let mut page = Vec::new();
    man.render(&mut page).map_err(|error| Failure::new(Code::Operational, error.to_string()))?;
    let mut page = String::from_utf8_lossy(&page).into_owned();
    let end = page.find(".SH VERSION").unwrap_or(page.len());
    page.insert_str(end, &format!(".SH EXAMPLES\n.nf\n{}.fi\n", below.lines().map(literal).collect::<String>()));
    Ok(page)
}

/// A line of text that roff takes as it is.
fn literal(line: &str) -> String {
    // A line that begins with a dot or an apostrophe would be a request.
    format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_a_page_with_its_examples() {
        let mut whole = crate::Cli::command();
        whole.build();
        let pages = all(Path::new("man1"), &whole).expect("pages");
        for name in ["zkimg", "zkimg-verify", "zkimg-model-import", "zkimg-batch"] {
            let (_, page) = pages.iter().find(|(path, _)| path.ends_with(format!("{name}.1"))).expect(name);
            assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS") && page.contains(".SH EXAMPLES\n.nf\n"), "{name}");
        }
        let (_, verify) = pages.iter().find(|(path, _)| path.ends_with("zkimg-verify.1")).expect("a page");
        assert!(verify.contains("\\&  zkimg verify edited.png \\-\\-trust camera.pub\n"), "{verify}");
        assert!(pages.iter().all(|(_, page)| !page.contains("EXTRA")));
    }

    #[test]
    fn no_line_of_text_is_a_request() {
        assert_eq!(literal(".so /etc/passwd"), "\\&.so /etc/passwd\n");
        assert_eq!(literal("a\\n-b"), "\\&a\\en\\-b\n");
    }
}
