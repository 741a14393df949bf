//! The command line, parsed by hand: a parser crate would weigh more than the relay.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::check::CheckSettings;
use crate::door::DoorSettings;
use crate::ready::ReadySettings;

/// What `--help` and a wrong command line print.
pub const USAGE: &str = "\
usage: nagaya-relay --cluster NAME --port PORT [--port PORT …] [--listen 0.0.0.0:7900]
                    [--secret-dir /run/nagaya/relay]
                    [--ready 0.0.0.0:7901] [--rfb] [--wait SECONDS]

Opens the door: TLS, admitting only the agent of the cluster NAME, to 127.0.0.1:PORT.
On the address after --ready it answers GET /ready in plain HTTP: 200 when something accepts
connections on the first PORT (with --rfb: an RFB server), else 503, trying again until --wait
has passed.";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Be the doorman, and tell kubelet whether the desktop answers.
    Serve(DoorSettings, ReadySettings),
    /// Print [`USAGE`].
    Help,
}

/// Why a command line cannot be followed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgsError {
    /// A flag that is not known.
    #[error("unknown argument {0:?}")]
    Unknown(String),
    /// A flag stands without its value.
    #[error("{0} needs a value")]
    NoValue(&'static str),
    /// A value does not parse.
    #[error("{flag} cannot be {value:?}: {expected}")]
    BadValue {
        /// The flag.
        flag: &'static str,
        /// What was given.
        value: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// A flag that must be given is not.
    #[error("{0} is missing")]
    Missing(&'static str),
}

/// Parses the arguments after the program's name. Both `--flag value` and `--flag=value` are understood.
///
/// # Errors
/// Names the first argument that is wrong or missing.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, ArgsError> {
    let mut rest = Rest { arguments: arguments.into_iter(), inline: None };
    let mut listen = SocketAddr::from(([0, 0, 0, 0], 7900));
    let mut ready = SocketAddr::from(([0, 0, 0, 0], 7901));
    let mut secret_dir = PathBuf::from("/run/nagaya/relay");
    let (mut cluster, mut ports, mut rfb, mut wait) = (None, Vec::new(), false, Duration::ZERO);

    while let Some(flag) = rest.flag()? {
        match flag.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--port" => {
                let port: u16 = rest.parsed("--port", "a port from 1 to 65535")?;
                if port == 0 {
                    let value = port.to_string();
                    return Err(ArgsError::BadValue {
                        flag: "--port",
                        value,
                        expected: "a port from 1 to 65535",
                    });
                }
                if !ports.contains(&port) {
                    ports.push(port);
                }
            }
            "--rfb" => rfb = true,
            "--wait" => wait = Duration::from_secs(rest.parsed("--wait", "a number of seconds")?),
            "--listen" => listen = rest.parsed("--listen", "an address such as 0.0.0.0:7900")?,
            "--ready" => ready = rest.parsed("--ready", "an address such as 0.0.0.0:7901")?,
            "--secret-dir" => secret_dir = PathBuf::from(rest.value("--secret-dir")?),
            "--cluster" => cluster = Some(rest.value("--cluster")?),
            _ => return Err(ArgsError::Unknown(flag)),
        }
    }
    let port = *ports.first().ok_or(ArgsError::Missing("--port"))?;
    let cluster = cluster.filter(|name| !name.is_empty()).ok_or(ArgsError::Missing("--cluster"))?;
    let check = CheckSettings { port, rfb, wait };
    Ok(Command::Serve(
        DoorSettings { listen, secret_dir, cluster, ports },
        ReadySettings { listen: ready, check },
    ))
}

/// The arguments still to be read, with the value of a `--flag=value` held back.
struct Rest<I: Iterator<Item = String>> {
    arguments: I,
    inline: Option<String>,
}

impl<I: Iterator<Item = String>> Rest<I> {
    fn flag(&mut self) -> Result<Option<String>, ArgsError> {
        if let Some(value) = self.inline.take() {
            // The flag before took no value.
            return Err(ArgsError::Unknown(value));
        }
        let Some(argument) = self.arguments.next() else { return Ok(None) };
        match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => {
                self.inline = Some(value.to_owned());
                Ok(Some(flag.to_owned()))
            }
            _ => Ok(Some(argument)),
        }
    }

    fn value(&mut self, flag: &'static str) -> Result<String, ArgsError> {
        self.inline.take().or_else(|| self.arguments.next()).ok_or(ArgsError::NoValue(flag))
    }

    fn parsed<T: std::str::FromStr>(
        &mut self,
        flag: &'static str,
        expected: &'static str,
    ) -> Result<T, ArgsError> {
        let value = self.value(flag)?;
        value.parse().map_err(|_| ArgsError::BadValue { flag, value, expected })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse_line(line: &str) -> Result<Command, ArgsError> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_contract_command_line_with_its_defaults() {
        let Command::Serve(door, ready) = parse_line("--cluster java --port 5901 --port=8080").unwrap()
        else {
            panic!()
        };
        assert_eq!(door.listen.to_string(), "0.0.0.0:7900");
        assert_eq!(door.secret_dir, PathBuf::from("/run/nagaya/relay"));
        assert_eq!((door.cluster.as_str(), door.ports.as_slice()), ("java", [5901, 8080].as_slice()));
        let check = CheckSettings { port: 5901, rfb: false, wait: Duration::ZERO };
        assert_eq!(ready, ReadySettings { listen: "0.0.0.0:7901".parse().unwrap(), check });
    }

    #[test]
    fn readiness_is_of_the_first_port() {
        let line = "--cluster java --port 5901 --port 8080 --ready=127.0.0.1:1 --rfb --wait 10";
        let Command::Serve(_, ready) = parse_line(line).unwrap() else { panic!() };
        let check = CheckSettings { port: 5901, rfb: true, wait: Duration::from_secs(10) };
        assert_eq!(ready, ReadySettings { listen: "127.0.0.1:1".parse().unwrap(), check });
    }

    #[test]
    fn an_open_door_by_mistake_is_not_possible() {
        assert_eq!(parse_line("--port 5901"), Err(ArgsError::Missing("--cluster")));
        assert_eq!(parse_line("--port 5901 --cluster="), Err(ArgsError::Missing("--cluster")));
        assert_eq!(parse_line("--cluster java"), Err(ArgsError::Missing("--port")));
        assert!(matches!(parse_line("--cluster java --port 0"), Err(ArgsError::BadValue { .. })));
        assert!(matches!(parse_line("--cluster java --port 99999"), Err(ArgsError::BadValue { .. })));
        assert_eq!(parse_line("--cluster java --port"), Err(ArgsError::NoValue("--port")));
        assert_eq!(parse_line("--port 1 --rfb=yes"), Err(ArgsError::Unknown("yes".into())));
    }
}
