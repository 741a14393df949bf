//! The tunnel's listener, with certificates that are renewed before they end and when the authority changes.

use std::{net::TcpListener, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use nagaya_control::{Admitted, Ca, StoreEnroller};
use nagaya_store::Store;
use nagaya_tunnel::{Hub, SERVER_NAME, ServerTls, ca::Credential};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How often to look whether the certificate is due.
const LOOK: Duration = Duration::from_secs(3600);
/// A certificate is replaced so long before its end.
const EARLY: SignedDuration = SignedDuration::from_hours(24 * 60);

/// What agents need to be let in.
pub struct Door {
    /// The authority.
    pub ca: Ca,
    /// Who may connect.
    pub admitted: Admitted,
    /// Where connections go.
    pub hub: Hub,
    /// Join tokens.
    pub store: Store,
}

fn certificate(ca: &Ca, now: Timestamp) -> Result<(Credential, String)> {
    let authority = ca.authority();
    Ok((authority.issue_server(&[SERVER_NAME], &[], now)?, authority.bundle_pem()))
}

/// Listens until `cancel`. The tasks end with `tasks`.
///
/// # Errors
/// When no certificate can be made or the socket is none.
pub fn start(
    door: Door,
    listener: TcpListener,
    tasks: &TaskTracker,
    cancel: &CancellationToken,
) -> Result<()> {
    listener.set_nonblocking(true).context("the tunnel's socket")?;
    let listener = tokio::net::TcpListener::from_std(listener).context("the tunnel's socket")?;
    let (credential, bundle) = certificate(&door.ca, Timestamp::now())?;
    let ends = credential.not_after;
    let admitted = door.admitted.clone();
    let tls = ServerTls::new(&credential, &bundle, move |cluster| admitted.admits(cluster))?;
    let enroller = Arc::new(StoreEnroller::new(door.store, door.ca.clone()));
    tasks.spawn(nagaya_tunnel::serve(listener, tls.clone(), door.hub, enroller, cancel.clone()));
    tasks.spawn(renew(door.ca, tls, ends, cancel.clone()));
    Ok(())
}

async fn renew(ca: Ca, tls: ServerTls, mut ends: Timestamp, cancel: CancellationToken) {
    let mut changes = ca.changes();
    loop {
        let changed = tokio::select! {
            () = cancel.cancelled() => return,
            changed = changes.changed() => changed.is_ok(),
            () = tokio::time::sleep(LOOK) => false,
        };
        let now = Timestamp::now();
        if !changed && now < ends - EARLY {
            continue;
        }
        let replaced = certificate(&ca, now).and_then(|(credential, bundle)| {
            tls.replace(&credential, &bundle)?;
            Ok(credential.not_after)
        });
        match replaced {
            Ok(until) => ends = until,
            Err(error) => tracing::error!("the tunnel's certificate could not be replaced: {error:#}"),
        }
    }
}
