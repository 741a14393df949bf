//! The tunnel's listeners, with certificates that are renewed before they end and when the authority changes.

use std::{net::TcpListener, sync::Arc};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use nagaya_control::{Admitted, Ca, StoreEnroller};
use nagaya_store::Store;
use nagaya_tunnel::{Hub, ServerTls, issue_server, keep_renewed};
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

/// Listens on all `listeners` until `cancel`; their certificate bears `names` besides its own. The tasks end with
/// `tasks`.
///
/// # Errors
/// When no certificate can be made or a socket is none.
pub fn start(
    door: Door,
    listeners: Vec<TcpListener>,
    names: Vec<String>,
    tasks: &TaskTracker,
    cancel: &CancellationToken,
) -> Result<()> {
    // Watched from before it is asked: a change in between would go unseen.
    let changes = door.ca.changes();
    let authority = door.ca.authority();
    let credential = issue_server(&authority, &names, Timestamp::now())?;
    let admitted = door.admitted;
    let tls = ServerTls::new(&credential, &authority.bundle_pem(), move |cluster| admitted.admits(cluster))?;
    let enroller = Arc::new(StoreEnroller::new(door.store, door.ca));
    for listener in listeners {
        listener.set_nonblocking(true).context("the tunnel's socket")?;
        let listener = tokio::net::TcpListener::from_std(listener).context("the tunnel's socket")?;
        let (hub, enroller) = (door.hub.clone(), enroller.clone());
        tasks.spawn(nagaya_tunnel::serve(listener, tls.clone(), hub, enroller, cancel.clone()));
    }
    tasks.spawn(keep_renewed(tls, names, changes, credential, cancel.clone()));
    Ok(())
}
