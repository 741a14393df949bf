//! The tunnel between the server and the agents of its clusters.
//!
//! The agent dials out, over mutual TLS, and is then the HTTP/2 *server* on the connection it opened: the
//! Nagaya server sends requests through it. So no cluster needs an open port, and what travels is plain
//! HTTP/2, not a protocol of our own (design rule 3).
//!
//! - [`ca`]: the internal certificate authority and the names it writes into certificates.
//! - [`enrol`]: how an agent trades a join token for a certificate, and renews it.
//! - [`serve`] and [`Hub`]: the server's side.
//! - [`Dialer`]: the agent's side.
//! - [`relay`]: TLS from the agent to the doorman in a workspace's pod.

pub mod backoff;
mod body;
pub mod ca;
mod closable;
mod dialer;
pub mod enrol;
mod error;
mod executor;
mod hello;
mod hub;
mod lane;
mod limits;
mod listener;
mod paced;
mod path;
mod pick;
pub mod proxy;
pub mod relay;
mod renewal;
mod splice;
mod status;
mod stream;
pub mod tls;
mod wish;

pub use body::{Body, BoxError, empty, full, stream as body_stream, text, wrap};
pub use dialer::{Dialer, DialerConfig, Service};
pub use enrol::{EnrolError, Enroller, Issued};
pub use error::TunnelError;
pub use hello::AgentHello;
pub use hub::{AgentInfo, Hub, HubEvent};
pub use lane::Lane;
pub use limits::Timings;
pub use listener::{serve, serve_with};
pub use renewal::{issue_server, keep_renewed, renewal};
pub use splice::splice;
pub use status::{DialerStatus, LaneStatus};
pub use stream::TunnelStream;
pub use tls::{Identity, ServerTls};

/// DNS name in the tunnel server's certificate. Agents verify it whatever address they dial, so an
/// installation may change its address without a new certificate.
pub const SERVER_NAME: &str = "tunnel.nagaya.internal";
