//! What a command can fail with, and the exit code that says so to scripts.

use std::{path::PathBuf, process::ExitCode};

use nagaya_api::ApiError;

/// A command that failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The server refused.
    #[error("{0}")]
    Api(#[from] Box<ApiError>),
    /// The server does not answer.
    #[error(
        "the server at {server} does not answer: {cause} (does it run? `nagaya status`; another one is chosen with --context or --server)"
    )]
    Unreachable {
        /// Its address.
        server: String,
        /// Why.
        cause: String,
    },
    /// No server is known.
    #[error("no server is chosen: log in with `nagaya login --server URL`, or start one with `nagaya up`")]
    NoContext,
    /// Somebody must log in first.
    #[error("not logged in at {0}: run `nagaya login`")]
    NotLoggedIn(String),
    /// A file cannot be read or written.
    #[error("{path}: {cause}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// What was given makes no sense; the message says what to give instead.
    #[error("{0}")]
    Usage(String),
    /// A command in a workspace ended with this code.
    #[error("the command ended with exit code {0}")]
    Exit(u8),
    /// The answer is "no", already printed (`diff` with differences, a failed `apply`).
    #[error("")]
    Silent(u8),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<ApiError> for CliError {
    fn from(error: ApiError) -> Self {
        Self::Api(Box::new(error))
    }
}

impl CliError {
    /// A file error.
    pub fn file(path: impl Into<PathBuf>, cause: std::io::Error) -> Self {
        Self::File { path: path.into(), cause }
    }

    /// Whether it is the server's "there is none".
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Api(error) if error.code == 404)
    }

    /// The exit code: 2 what was given, 3 not there, 4 conflict, 5 not allowed, 6 no server, 1 the rest.
    pub fn code(&self) -> u8 {
        match self {
            Self::Api(error) => match error.code {
                400 | 422 => 2,
                404 => 3,
                409 => 4,
                401 | 403 => 5,
                _ => 1,
            },
            Self::Unreachable { .. } => 6,
            Self::NoContext | Self::Usage(_) => 2,
            Self::NotLoggedIn(_) => 5,
            Self::Exit(code) | Self::Silent(code) => *code,
            Self::File { .. } | Self::Other(_) => 1,
        }
    }

    /// Prints the error, unless it was printed, and gives the process's exit code.
    pub fn report(&self) -> ExitCode {
        if !matches!(self, Self::Exit(_) | Self::Silent(_)) {
            crate::terminal::complain(&self.to_string());
        }
        ExitCode::from(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_can_tell_failures_apart() {
        let codes: Vec<u8> = [
            CliError::from(ApiError::not_found("Team", "x")),
            CliError::from(ApiError::conflict("Team", "x", "changed")),
            CliError::from(ApiError::forbidden("no")),
            CliError::Unreachable { server: "s".into(), cause: "c".into() },
            CliError::Exit(42),
        ]
        .iter()
        .map(CliError::code)
        .collect();
        assert_eq!(codes, [3, 4, 5, 6, 42]);
    }
}
