//! Which connection gets a request, and asking for one where there is none.

use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Fuse};
use hyper::client::conn::http2::SendRequest;

use crate::body::Body;
use crate::hello;
use crate::{Hub, Lane, TunnelError};

/// How long a request waits for a lane that is just being dialled.
const LANE_WAIT: Duration = Duration::from_secs(5);
/// How long it waits for the newest agent's while an older agent's is there.
const NEWER_WAIT: Duration = Duration::from_secs(1);

/// A connection that may be used.
struct Found {
    id: u64,
    /// When its agent began.
    started: i64,
    sender: SendRequest<Body>,
}

impl Hub {
    /// The connection for a new request: of the newest agent, its newest. When the cluster is there but this lane is not,
    /// its agent is asked for it, and it is waited for.
    pub(crate) async fn pick(
        &self,
        cluster: &str,
        lane: Lane,
        tried: &[u64],
    ) -> Result<(u64, SendRequest<Body>), TunnelError> {
        let mut changed = self.inner.changed.subscribe();
        let begun = tokio::time::Instant::now();
        let mut asking: Option<(u64, Fuse<BoxFuture<'static, ()>>)> = None;
        loop {
            changed.mark_unchanged();
            let Some((best, control)) = self.look(cluster, lane, tried) else {
                return Err(TunnelError::NoAgent { cluster: cluster.to_owned(), lane });
            };
            let newer = control.filter(|control| {
                lane != Lane::Control && best.as_ref().is_none_or(|best| best.started < control.started)
            });
            let limit = match (&best, &newer) {
                (Some(_), None) => Duration::ZERO,
                (Some(_), Some(_)) => NEWER_WAIT,
                (None, _) => LANE_WAIT,
            };
            if begun.elapsed() >= limit {
                let none = || TunnelError::NoAgent { cluster: cluster.to_owned(), lane };
                return best.map(|best| (best.id, best.sender)).ok_or_else(none);
            }
            if let Some(Found { id, mut sender, .. }) = newer
                && asking.as_ref().is_none_or(|(asked, _)| *asked != id)
            {
                // What it answers says little: one that dials every lane unasked does not know what it is asked.
                let ask = async move { drop(sender.send_request(hello::lane(lane)).await) };
                asking = Some((id, ask.boxed().fuse()));
            }
            let asked = async {
                match &mut asking {
                    Some((_, ask)) => ask.await,
                    None => std::future::pending().await,
                }
                std::future::pending::<()>().await
            };
            tokio::select! {
                // The hub itself is held here: there is always somebody who may change it.
                _ = changed.changed() => {}
                () = tokio::time::sleep_until(begun + limit) => {}
                () = asked => {}
            }
        }
    }

    /// The best connection for a request on a lane, if there is one, and the newest agent's control connection. None at
    /// all when the cluster has no connection of any kind.
    fn look(&self, cluster: &str, lane: Lane, tried: &[u64]) -> Option<(Option<Found>, Option<Found>)> {
        let connections = self.lock();
        let of_cluster = connections.get(cluster)?;
        let newest = |lane: Lane, tried: &[u64]| {
            let usable = of_cluster
                .iter()
                .filter(|(id, one)| one.lane == lane && !tried.contains(id) && !one.sender.is_closed());
            let newest = usable.max_by_key(|(id, one)| (one.hello.started_ms, *id));
            newest.map(|(id, one)| Found {
                id: *id,
                started: one.hello.started_ms,
                sender: one.sender.clone(),
            })
        };
        Some((newest(lane, tried), newest(Lane::Control, &[])))
    }
}
