//! `nagaya workspace exec`: a command in a workspace, on this terminal or in a pipe.

use std::{
    io::{IsTerminal as _, Read as _},
    os::fd::{AsFd as _, BorrowedFd},
};

use nix::sys::termios::{self, SetArg, Termios};
use serde_json::Value;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

use crate::{
    CliError, Client,
    client::{ExecSocket, FromCommand, exec},
};

/// `nagaya workspace exec`
#[derive(Clone, Debug, clap::Args)]
pub struct Exec {
    /// The workspace
    name: String,
    /// Give the command our standard input
    #[arg(short = 'i', long)]
    stdin: bool,
    /// Give the command a terminal
    #[arg(short = 't', long)]
    tty: bool,
    /// Container
    #[arg(short, long, default_value = "workspace")]
    container: String,
    /// The command (default: a shell)
    #[arg(last = true)]
    command: Vec<String>,
}

/// The terminal in raw mode; as it was again when dropped.
struct Raw(Termios);

impl Raw {
    fn enter(terminal: BorrowedFd<'_>) -> Result<Self, CliError> {
        let failed = |error: nix::Error| CliError::Other(format!("the terminal: {error}"));
        let before = termios::tcgetattr(terminal).map_err(failed)?;
        let mut raw = before.clone();
        termios::cfmakeraw(&mut raw);
        termios::tcsetattr(terminal, SetArg::TCSANOW, &raw).map_err(failed)?;
        Ok(Self(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(std::io::stdin().as_fd(), SetArg::TCSANOW, &self.0);
    }
}

/// Width and height of the terminal.
fn size() -> Option<(u16, u16)> {
    let (height, width) = console::Term::stderr().size_checked()?;
    Some((width, height))
}

/// Runs `exec`.
///
/// # Errors
/// The command's exit code; the server's.
pub async fn run(args: Exec, client: &Client) -> Result<(), CliError> {
    let terminal = std::io::stdin().is_terminal();
    // A shell without a terminal and without input would only end at once.
    let (stdin, tty) =
        if args.command.is_empty() && terminal { (true, true) } else { (args.stdin, args.tty) };
    if tty && !terminal {
        return Err(CliError::Usage("standard input is no terminal: leave out -t".into()));
    }
    let command =
        if args.command.is_empty() { vec!["bash".to_owned(), "-l".to_owned()] } else { args.command };
    let mut query: Vec<(&str, String)> = command.into_iter().map(|word| ("command", word)).collect();
    query.push(("container", args.container));
    query.push(("stdin", stdin.to_string()));
    query.push(("stdout", "true".into()));
    query.push(("stderr", (!tty).to_string()));
    query.push(("tty", tty.to_string()));
    let mut socket = exec(client, &args.name, &query).await?;
    let raw = if tty { Some(Raw::enter(std::io::stdin().as_fd())?) } else { None };
    let ended = talk(&mut socket, stdin, tty).await;
    drop(raw);
    verdict(ended?)
}

/// Standard input, read by a thread of its own: a blocking read cannot be ended, and must not hold up the process's end.
fn input() -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        let mut buffer = vec![0; 32 << 10];
        while let Ok(count @ 1..) = std::io::stdin().lock().read(&mut buffer) {
            if sender.blocking_send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

async fn talk(socket: &mut ExecSocket, stdin: bool, tty: bool) -> Result<Option<String>, CliError> {
    let mut resized =
        signal(SignalKind::window_change()).map_err(|error| CliError::Other(error.to_string()))?;
    if let (true, Some((width, height))) = (tty, size()) {
        socket.resize(width, height).await?;
    }
    let mut input = if stdin { Some(input()) } else { None };
    let mut status = None;
    loop {
        tokio::select! {
            message = socket.next() => match message? {
                Some(FromCommand::Output(bytes)) => write(&mut std::io::stdout(), &bytes)?,
                Some(FromCommand::Error(bytes)) => write(&mut std::io::stderr(), &bytes)?,
                Some(FromCommand::Ended(text)) => { status = Some(text); return Ok(status) }
                None => return Ok(status),
            },
            bytes = async { match &mut input { Some(input) => input.recv().await, None => std::future::pending().await } } => match bytes {
                Some(bytes) => socket.input(&bytes).await?,
                None => { input = None; socket.end_input().await? }
            },
            _ = resized.recv(), if tty => {
                if let Some((width, height)) = size() {
                    socket.resize(width, height).await?;
                }
            }
        }
    }
}

fn write(out: &mut impl std::io::Write, bytes: &[u8]) -> Result<(), CliError> {
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| CliError::Other(error.to_string()))
}

/// The command's end as ours: Kubernetes tells the exit code as a cause of the Status.
fn verdict(status: Option<String>) -> Result<(), CliError> {
    let Some(text) = status else {
        return Err(CliError::Other("the connection ended before the command did".into()));
    };
    let status: Value = serde_json::from_str(&text).unwrap_or_default();
    if status.get("status").and_then(Value::as_str) == Some("Success") {
        return Ok(());
    }
    let causes = status.pointer("/details/causes").and_then(Value::as_array);
    let code = causes.into_iter().flatten().find_map(|cause| {
        (cause.get("reason")?.as_str()? == "ExitCode")
            .then(|| cause.get("message")?.as_str()?.parse::<i32>().ok())?
    });
    match code {
        // What does not fit a process's exit code is still a failure.
        Some(code) => Err(CliError::Exit(u8::try_from(code).unwrap_or(255))),
        None => {
            let message = status.get("message").and_then(Value::as_str).unwrap_or(&text);
            Err(CliError::Other(format!("the command could not be run: {message}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_exit_code_is_ours() {
        let code = |text: &str| verdict(Some(text.into())).map_err(|error| error.code());
        assert_eq!(code(r#"{"status":"Success"}"#), Ok(()));
        let failure = r#"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"42"}]}}"#;
        assert_eq!(code(failure), Err(42));
        assert_eq!(code(r#"{"status":"Failure","message":"no such container"}"#), Err(1));
        assert_eq!(verdict(None).map_err(|error| error.code()), Err(1));
    }
}
