//! When certificates are replaced, and the replacing of the tunnel listener's own.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::ca::{Authority, Credential};
use crate::listener::until;
use crate::{ServerTls, TunnelError};

/// Pause after a certificate could not be replaced.
const AGAIN: Duration = Duration::from_secs(60);

/// When another certificate is due for one that is good from `begin` to `end`: when two thirds of its life are over, so
/// that the last third is left for trying.
pub fn renewal(begin: Timestamp, end: Timestamp) -> Timestamp {
    let life = SignedDuration::from_secs(end.duration_since(begin).as_secs() / 3 * 2);
    begin.checked_add(life).unwrap_or(end)
}

/// Keeps the listener's certificate good until `cancel`: another one takes its place when it is due, and whenever the
/// authority is replaced. `current` is the one that `tls` was made with, for `names` as [`issue_server`] takes them.
/// Connections that are there stay.
pub async fn keep_renewed(
    tls: ServerTls,
    names: Vec<String>,
    mut authority: watch::Receiver<Arc<Authority>>,
    mut current: Credential,
    cancel: CancellationToken,
) {
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            Ok(()) = authority.changed() => {}
            () = until(renewal(current.not_before, current.not_after)) => {}
        }
        let newest = authority.borrow_and_update().clone();
        match replace(&tls, &names, &newest, Timestamp::now()) {
            Ok(next) => {
                tracing::info!(until = %next.not_after, "the tunnel listener has a new certificate");
                current = next;
            }
            Err(error) => {
                tracing::error!(%error, "the tunnel listener's certificate could not be replaced; it is tried again");
                tokio::select! {
                    () = cancel.cancelled() => return,
                    () = tokio::time::sleep(AGAIN) => {}
                }
                // Whether it was due by its age or by the authority, it still is.
                authority.mark_changed();
            }
        }
    }
}

/// A certificate for the tunnel listener under these names and addresses besides its own name.
///
/// # Errors
/// A name that is none.
pub fn issue_server(
    authority: &Authority,
    names: &[String],
    now: Timestamp,
) -> Result<Credential, TunnelError> {
    let ips: Vec<IpAddr> = names.iter().filter_map(|name| name.parse().ok()).collect();
    let dns: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| name.parse::<IpAddr>().is_err()).collect();
    let issued = authority.issue_server(&dns, &ips, now);
    issued.map_err(|error| TunnelError::credentials("the tunnel's certificate", error.to_string()))
}

fn replace(
    tls: &ServerTls,
    names: &[String],
    authority: &Authority,
    now: Timestamp,
) -> Result<Credential, TunnelError> {
    let next = issue_server(authority, names, now)?;
    tls.replace(&next, &authority.bundle_pem())?;
    Ok(next)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn two_thirds_of_a_life_are_lived_before_another_begins() {
        let at = |day: i64| Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap();
        assert_eq!(renewal(at(0), at(30)), at(20));
        assert_eq!(renewal(at(10), at(730)), at(490));
        assert_eq!(renewal(at(5), at(5)), at(5), "no life at all is due at once");
    }
}
