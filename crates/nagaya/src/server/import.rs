//! Clusters elsewhere: where their agents dial in, and the manifest that tells them.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use async_trait::async_trait;
use nagaya_agent::{
    manifests::{ManifestArgs, roles},
    manifests_yaml::manifest_yaml,
};
use nagaya_api::{ApiError, Kind, agent::AgentUpdate};
use nagaya_control::{AgentUpdates, Ca};
use nagaya_server::{AgentOptions, JoinManifests};
use nagaya_store::Store;

use crate::settings::Settings;

/// Where agents of clusters elsewhere dial in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    listen: SocketAddr,
    /// `host:port` as those clusters reach it: this listener, or whatever passes TLS through to it.
    address: String,
}

impl Outside {
    /// What the settings say; none: nowhere.
    ///
    /// # Errors
    /// When a value is no address, or agents could not know where to dial.
    pub fn of(settings: &Settings) -> Result<Option<Self>> {
        Self::read(&settings.tunnel_listen, &settings.tunnel_address)
    }

    fn read(listen: &str, address: &str) -> Result<Option<Self>> {
        if listen.is_empty() {
            if !address.is_empty() {
                bail!("tunnelAddress is \"{address}\", but nothing listens there: give --tunnel-listen too");
            }
            return Ok(None);
        }
        let listen: SocketAddr = listen.parse().with_context(|| {
            format!("tunnelListen: \"{listen}\" is no address with a port, like 0.0.0.0:7443")
        })?;
        if address.is_empty() {
            if listen.ip().is_unspecified() {
                bail!("tunnelListen is {listen}: say by --tunnel-address HOST:PORT how clusters reach it");
            }
            return Ok(Some(Self { listen, address: listen.to_string() }));
        }
        let good = address.rsplit_once(':').is_some_and(|(host, port)| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
            !host.is_empty() && host.chars().all(plain) && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
        if !good {
            bail!("tunnelAddress: \"{address}\" is not HOST:PORT, like nagaya.example.com:7443");
        }
        Ok(Some(Self { listen, address: address.to_owned() }))
    }

    /// The host of the address.
    pub fn host(&self) -> &str {
        let host = self.address.rsplit_once(':').map_or(self.address.as_str(), |(host, _)| host);
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Listens.
    ///
    /// # Errors
    /// When the address is not this machine's or is in use.
    pub fn listener(&self) -> Result<TcpListener> {
        TcpListener::bind(self.listen).with_context(|| {
            format!("cannot listen for clusters elsewhere on {} (tunnelListen)", self.listen)
        })
    }

    /// What makes manifests that name this place, and updates of agents that joined by them. `image` is the agent's where
    /// an import names none.
    pub fn manifests(self, ca: Ca, store: Store, image: String) -> Arc<Manifests> {
        Arc::new(Manifests { ca, store, address: self.address, image })
    }
}

/// In an image's reference, what stands for the server's version.
const VERSION_MARK: &str = "{version}";
/// The server's version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes what imported clusters' agents are told.
pub struct Manifests {
    ca: Ca,
    store: Store,
    address: String,
    image: String,
}

impl std::fmt::Debug for Manifests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manifests").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Manifests {
    /// The agent's image for a cluster that was imported so; none: nobody said it.
    fn image(&self, agent: &AgentOptions) -> Option<String> {
        let image = if agent.image.is_empty() { &self.image } else { &agent.image };
        (!image.is_empty()).then(|| image.replace(VERSION_MARK, VERSION))
    }
}

#[async_trait]
impl AgentUpdates for Manifests {
    async fn update(&self, cluster: &str) -> Result<AgentUpdate, String> {
        let sealed = self.store.secret_get(&nagaya_control::join_options_secret(cluster)).await;
        let options = match sealed.map_err(|error| error.to_string())? {
            Some(sealed) => serde_json::from_slice(&sealed).map_err(|error| error.to_string())?,
            None => AgentOptions::default(),
        };
        // An image that was named for this cluster once, and without the mark, is of the version of then.
        if !options.image.is_empty() && !options.image.contains(VERSION_MARK) {
            return Err(format!(
                "it was imported with the image {}, which is not known to be of version {VERSION}: import it again with \
                 another, or with {VERSION_MARK} in its place: nagaya cluster import {cluster} --agent-image REFERENCE",
                options.image
            ));
        }
        let image = self.image(&options).ok_or_else(|| {
            "the server does not know from where clusters pull the agent's image: start it with --agent-image REFERENCE"
                .to_owned()
        })?;
        Ok(AgentUpdate { version: VERSION.to_owned(), image, roles: roles() })
    }
}

/// Where no clusters elsewhere dial in any more, none is updated.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

#[async_trait]
impl AgentUpdates for Nowhere {
    async fn update(&self, _cluster: &str) -> Result<AgentUpdate, String> {
        Err("this server listens for no clusters elsewhere: start it with --tunnel-listen ADDRESS:PORT"
            .to_owned())
    }
}

impl JoinManifests for Manifests {
    fn manifest(&self, cluster: &str, token: &str, agent: &AgentOptions) -> Result<String, ApiError> {
        let Some(image) = self.image(agent) else {
            let why = "it is not known from where the cluster pulls the agent's image: say --agent-image REFERENCE (`nagaya image export` gives the image for a registry of yours)";
            return Err(ApiError::conflict(Kind::Cluster, cluster, why));
        };
        let variables = [("HTTPS_PROXY", &agent.https_proxy), ("NO_PROXY", &agent.no_proxy)];
        let args = ManifestArgs {
            server: self.address.clone(),
            join_token: Some(token.to_owned()),
            ca_pem: self.ca.authority().bundle_pem(),
            image,
            environment: variables
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect(),
        };
        manifest_yaml(cluster, &args).map_err(|error| ApiError::internal(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn agents_are_told_an_address_that_can_be_dialled_or_nothing_listens() {
        let read = |listen, address| Outside::read(listen, address);
        assert_eq!(read("", "").unwrap(), None);
        assert_eq!(read("10.0.0.1:7443", "").unwrap().unwrap().address, "10.0.0.1:7443");
        assert_eq!(read("0.0.0.0:7443", "n.example:443").unwrap().unwrap().host(), "n.example");
        assert_eq!(read("[::]:7443", "[fd00::1]:443").unwrap().unwrap().host(), "fd00::1");
        for (listen, address) in [
            ("0.0.0.0:7443", ""),
            ("", "n.example:443"),
            ("7443", "n.example:443"),
            ("0.0.0.0:7443", "n.example"),
            ("0.0.0.0:7443", "n.example:0"),
            ("0.0.0.0:7443", "n.example/x:1"),
            ("0.0.0.0:7443", ":443"),
        ] {
            assert!(read(listen, address).is_err(), "{listen} {address}");
        }
    }

    #[tokio::test]
    async fn a_manifest_wants_an_image_that_the_cluster_can_pull() {
        let dir = tempfile::tempdir().unwrap();
        let now = jiff::Timestamp::now();
        let store = nagaya_store::Store::open(dir.path(), now).await.unwrap();
        let ca = Ca::open(store.clone(), now).await.unwrap();
        let outside = Outside::read("127.0.0.1:7443", "").unwrap().unwrap();
        let manifests = outside.clone().manifests(ca.clone(), store.clone(), String::new());
        let error = manifests.manifest("java", "t", &AgentOptions::default()).unwrap_err();
        assert!(error.message.contains("--agent-image"), "{error}");
        let options = AgentOptions { image: "r.example/nagaya:1".into(), ..AgentOptions::default() };
        let text = manifests.manifest("java", "t", &options).unwrap();
        assert!(text.contains("r.example/nagaya:1") && text.contains("127.0.0.1:7443"), "{text}");

        // And an update one that is of this version.
        assert!(manifests.update("java").await.unwrap_err().contains("--agent-image"));
        let manifests = outside.manifests(ca, store.clone(), "r.example/nagaya:{version}".into());
        let update = manifests.update("java").await.unwrap();
        assert_eq!(update.image, format!("r.example/nagaya:{VERSION}"));
        assert_eq!(update.roles.len(), 2);
        let sealed = serde_json::to_vec(&options).unwrap();
        store.secret_put(&nagaya_control::join_options_secret("java"), &sealed, now).await.unwrap();
        let refused = manifests.update("java").await.unwrap_err();
        assert!(refused.contains("r.example/nagaya:1"), "{refused}");
    }
}
