//! The tunnel's listener, with certificates that are renewed before they end and when the authority changes.

use std::{net::TcpListener, sync::Arc};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use nagaya_control::{Admitted, Ca, StoreEnroller};
use nagaya_store::Store;
use nagaya_tunnel::{Hub, ServerTls, keep_renewed};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

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
    // Watched from before it is asked: a change in between would go unseen.
    let changes = door.ca.changes();
    let authority = door.ca.authority();
    let credential = authority.issue_server(&[], &[], Timestamp::now())?;
    let admitted = door.admitted;
    let tls = ServerTls::new(&credential, &authority.bundle_pem(), move |cluster| admitted.admits(cluster))?;
    let enroller = Arc::new(StoreEnroller::new(door.store, door.ca));
    tasks.spawn(nagaya_tunnel::serve(listener, tls.clone(), door.hub, enroller, cancel.clone()));
    tasks.spawn(keep_renewed(tls, changes, credential, cancel.clone()));
    Ok(())
}
