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
    client::{ExecStream, FromCommand, Protocol, ToCommand, exec},
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

/// Bytes of input a message carries at most.
const CHUNK: usize = 32 << 10;

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
    let how = How { container: args.container, stdin, tty };
    let (socket, stdin) = start(client, &args.name, command, &how).await?;
    let raw = if how.tty { Some(Raw::enter(std::io::stdin().as_fd())?) } else { None };
    let ended = talk(socket, stdin, how.tty).await;
    drop(raw);
    verdict(ended?)
}

/// How a command is run.
struct How {
    container: String,
    stdin: bool,
    tty: bool,
}

impl How {
    fn query(&self, command: &[String]) -> Vec<(&'static str, String)> {
        let mut query: Vec<_> = command.iter().map(|word| ("command", word.clone())).collect();
        query.push(("container", self.container.clone()));
        query.push(("stdin", self.stdin.to_string()));
        query.push(("stdout", "true".into()));
        query.push(("stderr", (!self.tty).to_string()));
        query.push(("tty", self.tty.to_string()));
        query
    }
}

/// What is sent to the command.
enum Input {
    None,
    /// As it comes.
    Live(mpsc::Receiver<Vec<u8>>),
    /// All of it, known before.
    Whole(Vec<u8>),
}

/// Starts the command. On a terminal the end of input is a key; in a pipe it must be told, which only the newer protocol
/// can. Before Kubernetes 1.29 the input is therefore read first and its length told to `head`, in the workspace.
async fn start(
    client: &Client,
    name: &str,
    command: Vec<String>,
    how: &How,
) -> Result<((ToCommand, ExecStream), Input), CliError> {
    if !how.stdin {
        return Ok((exec(client, name, &how.query(&command), Protocol::V4).await?, Input::None));
    }
    if how.tty {
        return Ok((exec(client, name, &how.query(&command), Protocol::V4).await?, Input::Live(input())));
    }
    match exec(client, name, &how.query(&command), Protocol::V5).await {
        Ok(socket) => Ok((socket, Input::Live(input()))),
        // What else is wrong shows again below.
        Err(CliError::Api(_) | CliError::Other(_)) => {
            let mut whole = Vec::new();
            std::io::stdin().lock().read_to_end(&mut whole).map_err(|error| CliError::file("-", error))?;
            let mut wrapped =
                vec!["sh".into(), "-c".into(), "head -c \"$0\" | \"$@\"".into(), whole.len().to_string()];
            wrapped.extend(command);
            Ok((exec(client, name, &how.query(&wrapped), Protocol::V4).await?, Input::Whole(whole)))
        }
        Err(error) => Err(error),
    }
}

/// Standard input, read by a thread of its own: a blocking read cannot be ended, and must not hold up the process's end.
fn input() -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel(16);
    std::thread::spawn(move || {
        let mut buffer = vec![0; CHUNK];
        while let Ok(count @ 1..) = std::io::stdin().lock().read(&mut buffer) {
            if sender.blocking_send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

async fn talk(socket: (ToCommand, ExecStream), input: Input, tty: bool) -> Result<Option<String>, CliError> {
    let (mut to, mut from) = socket;
    let writing = async {
        if let Input::Whole(whole) = &input {
            for chunk in whole.chunks(CHUNK) {
                to.input(chunk).await?;
            }
        }
        let live = if let Input::Live(live) = input { Some(live) } else { None };
        feed(&mut to, live, tty).await
    };
    let reading = async {
        loop {
            match from.next().await? {
                Some(FromCommand::Output(bytes)) => write(&mut std::io::stdout(), &bytes)?,
                Some(FromCommand::Error(bytes)) => write(&mut std::io::stderr(), &bytes)?,
                Some(FromCommand::Ended(text)) => return Ok(Some(text)),
                None => return Ok(None),
            }
        }
    };
    tokio::pin!(writing, reading);
    tokio::select! {
        ended = &mut reading => ended,
        // A command that wants no more input may still say something.
        _ = &mut writing => reading.await,
    }
}

/// Sends input and the terminal's size until the input ends.
async fn feed(
    to: &mut ToCommand,
    mut live: Option<mpsc::Receiver<Vec<u8>>>,
    tty: bool,
) -> Result<(), CliError> {
    let mut resized =
        signal(SignalKind::window_change()).map_err(|error| CliError::Other(error.to_string()))?;
    if let (true, Some((width, height))) = (tty, size()) {
        to.resize(width, height).await?;
    }
    loop {
        tokio::select! {
            bytes = async { match &mut live { Some(live) => live.recv().await, None => std::future::pending().await } } => match bytes {
                Some(bytes) => to.input(&bytes).await?,
                None => { live = None; to.end_input().await? }
            },
            _ = resized.recv(), if tty => {
                if let Some((width, height)) = size() {
                    to.resize(width, height).await?;
                }
            }
            else => return Ok(()),
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
