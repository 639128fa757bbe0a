//! `zkimg completions`: the shell completes verbs and options.

use crate::outcome::{Code, Failure, Outcome};
use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  zkimg completions bash > ~/.local/share/bash-completion/completions/zkimg
  zkimg completions zsh > ~/.zfunc/_zkimg
  zkimg completions fish > ~/.config/fish/completions/zkimg.fish";

/// Print a script that lets your shell complete zkimg's commands
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Your shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::Cli::command(), "zkimg", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let fields = json!({"script": script});
    Ok(Outcome::new(Code::Ok, script, fields))
}
