//! The gateway: from browsers and kubectl, through the tunnel, into clusters.
//!
//! It decides nothing about rights: the server crate authenticates, authorises, checks the Origin and mounts
//! these functions. Each of them takes a [`StreamGuard`], which is how a right that is taken away ends what is
//! already open:
//!
//! ```text
//! let guard = streams.open(StreamInfo { .. });   // first the guard, then the check of the right: a right that
//! authorise(..)?;                                // is taken away in between then ends the stream all the same
//! desktop(upgrade, target, hub, guard).await
//! ```
//!
//! | function | what it serves |
//! |---|---|
//! | `async fn desktop(upgrade: WebSocketUpgrade, target: Target, hub: Hub, guard: StreamGuard) -> Response` | `GET /workspaces/{name}/desktop` |
//! | `async fn kubernetes(request: Request<Body>, prefix: &str, cluster: &str, identity: &Identity, hub: &Hub, guard: StreamGuard) -> Response` | `ANY /clusters/{name}/kubernetes/{*path}`; `prefix` is the part of the path before `{*path}`, without a slash at its end |
//! | `async fn exec(request: Request<Body>, target: &PodTarget, identity: &Identity, hub: &Hub, guard: StreamGuard) -> Response` | `GET /workspaces/{name}/exec` (WebSocket, or SPDY) |
//! | `async fn logs(query: LogQuery, target: &PodTarget, identity: &Identity, hub: &Hub, guard: StreamGuard) -> Response` | `GET /workspaces/{name}/logs` |
//!
//! After every change of a Team, User, Workspace, session or token the server calls [`Streams::end_where`] with
//! its own judgement of each live stream; at its end it calls [`Streams::shutdown`], which waits for them.
//! The listener must set TCP_NODELAY and serve with upgrades.

mod desktop;
mod forward;
mod guarded;
mod headers;
mod identity;
mod kubernetes;
mod path;
mod reason;
mod status;
mod streams;
mod upgrade;
mod workspace;

pub use desktop::{Target, desktop};
pub use identity::{BadIdentity, Identity};
pub use kubernetes::{kubernetes, refused_claim};
pub use reason::CloseReason;
pub use streams::{StreamGuard, StreamInfo, StreamKind, Streams};
pub use workspace::{LogQuery, PodTarget, exec, logs};
