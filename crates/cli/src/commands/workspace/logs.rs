//! `nagaya workspace logs`.

use std::io::Write as _;

use nagaya_api::Kind;

use crate::{CliError, Client, client::object_path};

/// `nagaya workspace logs`
#[derive(Clone, Debug, clap::Args)]
pub struct Logs {
    /// The workspace
    name: String,
    /// Go on as more is written
    #[arg(short, long)]
    follow: bool,
    /// Only the last lines
    #[arg(long, value_name = "LINES")]
    tail: Option<u32>,
    /// Container
    #[arg(short, long, default_value = "workspace")]
    container: String,
}

/// Runs `logs`.
///
/// # Errors
/// The server's.
pub async fn run(args: Logs, client: &Client) -> Result<(), CliError> {
    let mut query = vec![("container", args.container), ("follow", args.follow.to_string())];
    if let Some(tail) = args.tail {
        query.push(("tailLines", tail.to_string()));
    }
    let path = format!("{}/logs", object_path(Kind::Workspace, &args.name));
    let mut response = client.stream(&path, &query).await?;
    loop {
        match response.chunk().await {
            Ok(Some(bytes)) => {
                let mut out = std::io::stdout().lock();
                if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(error) => return Err(CliError::Other(format!("the log broke off: {error}"))),
        }
    }
}
