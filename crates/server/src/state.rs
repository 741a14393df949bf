//! What every request shares.

use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use nagaya_gateway::Streams;
use nagaya_store::Store;
use nagaya_tunnel::Hub;
use tokio_util::sync::CancellationToken;

use crate::{
    ServerConfig,
    authentication::{Limiter, Passwords},
    authorisation::{Directory, Judge},
    catalogue::Catalogue,
    controllers::{metrics::Requests, releases::preview::Kept},
    sources::Sources,
};

/// What every request shares. Cloning gives another handle on the same.
#[derive(Clone)]
pub struct ServerState(Arc<Shared>);

/// See [`ServerState`].
pub struct Shared {
    /// The objects.
    pub store: Store,
    /// The agents.
    pub hub: Hub,
    /// The live streams.
    pub streams: Streams,
    /// The settings.
    pub config: ServerConfig,
    pub(crate) directory: Directory,
    pub(crate) judge: Judge,
    pub(crate) passwords: Passwords,
    pub(crate) limiter: Limiter,
    pub(crate) requests: Requests,
    pub(crate) sources: Sources,
    pub(crate) catalogue: Catalogue,
    pub(crate) previews: Kept,
    /// Ends what answers without end (watches), so that the server can stop.
    pub(crate) stopping: CancellationToken,
    /// Certificates of the CA that signed the https certificate, PEM, once known.
    pub(crate) ca: RwLock<Option<String>>,
    clock: fn() -> Timestamp,
}

impl std::ops::Deref for ServerState {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl ServerState {
    /// The state of a server over these parts.
    pub fn new(store: Store, hub: Hub, streams: Streams, config: ServerConfig) -> Self {
        Self::with_clock(store, hub, streams, config, Timestamp::now)
    }

    /// The same with a clock of one's own, for tests.
    pub fn with_clock(
        store: Store,
        hub: Hub,
        streams: Streams,
        config: ServerConfig,
        clock: fn() -> Timestamp,
    ) -> Self {
        Self(Arc::new(Shared {
            directory: Directory::new(store.clone()),
            judge: Judge::new(),
            passwords: Passwords::new(config.hashing),
            limiter: Limiter::default(),
            requests: Requests::default(),
            sources: Sources::default(),
            catalogue: Catalogue::default(),
            previews: Kept::default(),
            stopping: CancellationToken::new(),
            ca: RwLock::new(None),
            store,
            hub,
            streams,
            config,
            clock,
        }))
    }

    /// The time; read once a request.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
