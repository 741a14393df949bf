//! `nagaya completions`.

use clap_complete::Shell;
use nagaya_cli::terminal::print;

/// `nagaya completions`
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints completions for a shell.
pub fn run(args: &Args, command: &mut clap::Command) {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, command, "nagaya", &mut text);
    print(&String::from_utf8_lossy(&text));
}
