//! The internal certificate authority, kept sealed in the store.

use std::sync::Arc;

use jiff::Timestamp;
use nagaya_api::Workspace;
use nagaya_store::Store;
use nagaya_tunnel::ca::{Authority, CaError};
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, watch};

use super::Recognition;
use crate::{error::ControlError, intent::RelayMaterial};

const SECRET: &str = "ca/authority";

/// The form in which it is sealed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sealed {
    bundle_pem: String,
    key_pem: String,
}

/// The authority and its life: made once, replaced in two steps.
///
/// To replace it, [`Ca::rotate`] first: new certificates come from the new authority, and both are trusted. When every
/// agent has renewed its certificate (30 days at most) and every relay has got its own with the next intent,
/// [`Ca::retire`] ends the trust in the old one.
#[derive(Clone)]
pub struct Ca {
    store: Store,
    current: watch::Sender<Arc<Authority>>,
    issued: broadcast::Sender<AgentCertificate>,
    recognised: broadcast::Sender<Recognition>,
}

/// An agent got a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentCertificate {
    /// Whose agent.
    pub cluster: String,
    /// When the certificate ends.
    pub not_after: Timestamp,
}

impl std::fmt::Debug for Ca {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ca(…)")
    }
}

impl Ca {
    /// Opens the authority in the store, or makes one.
    ///
    /// # Errors
    /// When the store fails, or what it holds does not read.
    pub async fn open(store: Store, now: Timestamp) -> Result<Self, ControlError> {
        let authority = match store.secret_get(SECRET).await? {
            Some(sealed) => {
                let damaged = |why: String| ControlError::Damaged { name: SECRET.to_owned(), why };
                let sealed: Sealed =
                    serde_json::from_slice(&sealed).map_err(|error| damaged(error.to_string()))?;
                Authority::from_pem(&sealed.bundle_pem, &sealed.key_pem)
                    .map_err(|error| damaged(error.to_string()))?
            }
            None => {
                let authority = Authority::generate(now)?;
                keep(&store, &authority, now).await?;
                authority
            }
        };
        let (current, issued) = (watch::Sender::new(Arc::new(authority)), broadcast::Sender::new(64));
        Ok(Self { store, current, issued, recognised: broadcast::Sender::new(64) })
    }

    /// The authority as it is now.
    pub fn authority(&self) -> Arc<Authority> {
        self.current.borrow().clone()
    }

    /// Tells when it was replaced: the tunnel's listener then needs another certificate.
    pub fn changes(&self) -> watch::Receiver<Arc<Authority>> {
        self.current.subscribe()
    }

    /// Tells of each certificate that an agent gets.
    pub fn issued(&self) -> broadcast::Receiver<AgentCertificate> {
        self.issued.subscribe()
    }

    pub(super) fn tell_issued(&self, certificate: AgentCertificate) {
        // Nobody listening is no failure: it is in the store as well.
        let _ = self.issued.send(certificate);
    }

    /// Tells which agents were recognised for the first time, and which were not.
    pub fn recognised(&self) -> broadcast::Receiver<Recognition> {
        self.recognised.subscribe()
    }

    pub(super) fn tell_recognised(&self, recognition: Recognition) {
        // Nobody listening is no failure: whoever is not taken comes again.
        let _ = self.recognised.send(recognition);
    }

    /// Begins to replace the authority: certificates from now on are the new one's, and both are trusted.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rotate(&self, now: Timestamp) -> Result<(), ControlError> {
        let next = self.authority().rotate(now)?;
        self.replace(next, now).await
    }

    /// Ends the trust in every authority but the newest.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn retire(&self, now: Timestamp) -> Result<(), ControlError> {
        let current = self.authority();
        let bundle = current.bundle_pem();
        let newest = bundle
            .split_inclusive("-----END CERTIFICATE-----")
            .next()
            .map(|first| format!("{}\n", first.trim_start()))
            .unwrap_or_default();
        self.replace(Authority::from_pem(&newest, &current.key_pem())?, now).await
    }

    async fn replace(&self, next: Authority, now: Timestamp) -> Result<(), ControlError> {
        keep(&self.store, &next, now).await?;
        self.current.send_replace(Arc::new(next));
        Ok(())
    }
}

async fn keep(store: &Store, authority: &Authority, now: Timestamp) -> Result<(), ControlError> {
    let sealed = Sealed { bundle_pem: authority.bundle_pem(), key_pem: authority.key_pem() };
    let sealed = serde_json::to_vec(&sealed).unwrap_or_default();
    Ok(store.secret_put(SECRET, &sealed, now).await?)
}

/// Makes the certificate of a workspace's relay.
pub(crate) fn issue_relay(
    authority: &Authority,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<RelayMaterial, CaError> {
    let credential = authority.issue_relay(&workspace.metadata.uid, &[], now)?;
    Ok(RelayMaterial {
        certificate_pem: credential.certificate_pem,
        key_pem: credential.key_pem,
        ca_pem: authority.bundle_pem(),
        issued_at: now,
        not_after: credential.not_after,
    })
}

/// Whether a relay needs another certificate: after two thirds of its life, or when other authorities are to be
/// trusted than it knows.
pub(crate) fn relay_is_due(material: &RelayMaterial, bundle_pem: &str, now: Timestamp) -> bool {
    material.ca_pem != bundle_pem || now >= renewal(material)
}

/// When two thirds of a certificate's life are over.
pub(crate) fn renewal(material: &RelayMaterial) -> Timestamp {
    nagaya_tunnel::renewal(material.issued_at, material.not_after)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
    }

    fn workspace() -> Workspace {
        let mut workspace = Workspace::new("w", nagaya_api::kinds::workspace::WorkspaceSpec::default());
        workspace.metadata.uid = "0b1c".into();
        workspace
    }

    #[test]
    fn a_relay_is_renewed_at_two_thirds_of_its_life_and_at_each_change_of_the_bundle() {
        let authority = Authority::generate(at(0)).unwrap();
        let material = issue_relay(&authority, &workspace(), at(0)).unwrap();
        let bundle = authority.bundle_pem();
        let days = material.not_after.duration_since(at(0)).as_hours() / 24;
        assert!(!relay_is_due(&material, &bundle, at(days * 2 / 3 - 1)));
        assert!(relay_is_due(&material, &bundle, at(days * 2 / 3 + 1)));
        let rotated = authority.rotate(at(1)).unwrap();
        assert!(relay_is_due(&material, &rotated.bundle_pem(), at(1)));
    }

    #[tokio::test]
    async fn the_authority_survives_a_restart_and_is_replaced_in_two_steps() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), at(0)).await.unwrap();
        let ca = Ca::open(store.clone(), at(0)).await.unwrap();
        let first = ca.authority().bundle_pem();
        assert_eq!(Ca::open(store.clone(), at(0)).await.unwrap().authority().bundle_pem(), first);
        let changes = ca.changes();
        ca.rotate(at(1)).await.unwrap();
        assert!(changes.has_changed().unwrap());
        let count = |pem: &str| pem.matches("BEGIN CERTIFICATE").count();
        assert_eq!(count(&ca.authority().bundle_pem()), 2);
        assert!(ca.authority().bundle_pem().contains(first.trim()));
        ca.retire(at(2)).await.unwrap();
        let last = Ca::open(store, at(2)).await.unwrap().authority().bundle_pem();
        assert_eq!(count(&last), 1);
        assert!(!last.contains(first.trim()));
    }
}
