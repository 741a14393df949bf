//! Clusters elsewhere: where their agents dial in, and the manifest that tells them.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use nagaya_agent::{manifests::ManifestArgs, manifests_yaml::manifest_yaml};
use nagaya_api::{ApiError, Kind};
use nagaya_control::Ca;
use nagaya_server::{AgentOptions, JoinManifests};

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

    /// What makes manifests that name this place. `image` is the agent's where an import names none.
    pub fn manifests(self, ca: Ca, image: String) -> Arc<dyn JoinManifests> {
        Arc::new(Manifests { ca, address: self.address, image })
    }
}

#[derive(Debug)]
struct Manifests {
    ca: Ca,
    address: String,
    image: String,
}

impl JoinManifests for Manifests {
    fn manifest(&self, cluster: &str, token: &str, agent: &AgentOptions) -> Result<String, ApiError> {
        let image = if agent.image.is_empty() { &self.image } else { &agent.image };
        if image.is_empty() {
            let why = "it is not known from where the cluster pulls the agent's image: say --agent-image REFERENCE (`nagaya image export` gives the image for a registry of yours)";
            return Err(ApiError::conflict(Kind::Cluster, cluster, why));
        }
        let variables = [("HTTPS_PROXY", &agent.https_proxy), ("NO_PROXY", &agent.no_proxy)];
        let args = ManifestArgs {
            server: self.address.clone(),
            join_token: Some(token.to_owned()),
            ca_pem: self.ca.authority().bundle_pem(),
            image: image.clone(),
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
        let ca = Ca::open(store, now).await.unwrap();
        let outside = Outside::read("127.0.0.1:7443", "").unwrap().unwrap();
        let manifests = outside.manifests(ca, String::new());
        let error = manifests.manifest("java", "t", &AgentOptions::default()).unwrap_err();
        assert!(error.message.contains("--agent-image"), "{error}");
        let options = AgentOptions { image: "r.example/nagaya:1".into(), ..AgentOptions::default() };
        let text = manifests.manifest("java", "t", &options).unwrap();
        assert!(text.contains("r.example/nagaya:1") && text.contains("127.0.0.1:7443"), "{text}");
    }
}
