//! The server: HTTP API, sessions, authorisation, the console's assets.
//!
//! How a request goes: the listener (`serve`) → security headers, request id (`router`) → the route's guard
//! (`authorisation::layer`: who asks, may they) → the handler (`controllers`) → hooks of the kind (`hooks`), all in
//! one transaction of the store. What streams is handed to the gateway, and `rights` ends it when the right ends.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use nagaya_server::{ServerConfig, ServerState, first_admin, serve};
//! use tokio_util::sync::CancellationToken;
//!
//! let store = nagaya_store::Store::open("/var/lib/nagaya/main", jiff::Timestamp::now()).await?;
//! let state = ServerState::new(
//!     store,
//!     nagaya_tunnel::Hub::new(),
//!     nagaya_gateway::Streams::new(),
//!     ServerConfig::default(),
//! );
//! if let Some(admin) = first_admin(&state).await? {
//!     eprintln!("log in as {} with {}", admin.user, admin.password);
//! }
//! serve(state, CancellationToken::new()).await?;
//! # Ok(()) }
//! ```

mod answer;
mod authentication;
mod authorisation;
mod body;
mod catalogue;
mod config;
mod console;
mod controllers;
mod credential;
mod extract;
mod first;
mod hooks;
mod join;
mod looks;
mod openapi;
mod rights;
mod router;
mod routes;
mod serve;
mod sources;
mod state;
mod tls;
mod view;

pub use catalogue::{ChartConfig, chart_archives, watch as watch_charts};
pub use config::{Hashing, ServerConfig, TlsSource};
pub use first::{FirstAdmin, first_admin, host_token};
pub use join::{AgentOptions, JoinManifests};
pub use openapi::document as openapi_document;
pub use rights::watch as watch_rights;
pub use router::router;
pub use routes::{Endpoint, endpoints};
pub use serve::{ServeError, serve};
pub use sources::{SourceConfig, watch as watch_sources};
pub use state::{ServerState, Shared};

/// What routes declare and tests walk.
pub mod access {
    pub use crate::authorisation::{Action, Guard, Subject};
}
