//! Who the agent is: its certificate, kept in a Secret, got by a join token, renewed by itself.
//!
//! The key is stored before it is used to enrol. If the answer is lost, or the agent dies, the next attempt shows
//! the same key, and the server may answer it again without the token counting as used twice.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, Client, ResourceExt};
use nagaya_tunnel::ca::{CaError, Csr};
use nagaya_tunnel::enrol::{enrol, renew};
use nagaya_tunnel::proxy::Proxy;
use nagaya_tunnel::{DialerStatus, EnrolError, Identity};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

/// The Secret.
pub const SECRET: &str = "nagaya-agent-identity";
/// Which token it was got with: the same one is not tried again after a refusal.
const TOKEN_ANNOTATION: &str = "nagaya.dev/join-token-sha256";
const AGAIN: Duration = Duration::from_secs(2);
/// However short a certificate is, it is not renewed more often than this.
const CALM: SignedDuration = SignedDuration::from_secs(60);
const AGAIN_RENEWAL: Duration = Duration::from_secs(300);
/// How long a refusal must last before another token is looked for: a server that starts may not know us yet.
const REFUSED: Duration = Duration::from_secs(5);

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The Secret.
    #[error("the Secret {SECRET} cannot be read or written: {0}")]
    Kubernetes(#[from] kube::Error),
    /// The server.
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    /// The join Secret.
    #[error("{0} cannot be read: {1}; apply the join manifest of this cluster again")]
    Join(String, std::io::Error),
    /// The join token was used up.
    #[error(
        "the join token was used already and the server refuses this agent; make a new join token and apply its manifest"
    )]
    Spent,
    /// A key.
    #[error(transparent)]
    Key(#[from] CaError),
}

/// Keeps the identity.
#[derive(Clone)]
pub struct Keeper {
    secrets: Api<Secret>,
    server: String,
    proxy: Option<Proxy>,
    join_dir: std::path::PathBuf,
}

impl Keeper {
    /// Keeps it in `namespace`, and asks `server` for it.
    pub fn new(
        client: Client,
        namespace: &str,
        server: &str,
        proxy: Option<Proxy>,
        join_dir: &Path,
    ) -> Keeper {
        Keeper {
            secrets: Api::namespaced(client, namespace),
            server: server.to_owned(),
            proxy,
            join_dir: join_dir.to_owned(),
        }
    }

    /// The stored identity, or a new one. Tries until it succeeds.
    pub async fn obtain(&self) -> Identity {
        loop {
            let attempt = async {
                match stored(&self.secret().await?) {
                    Some(identity) if !is_over(&identity, Timestamp::now()) => Ok(identity),
                    _ => self.enrol().await,
                }
            };
            match attempt.await {
                Ok(identity) => return identity,
                Err(error) => tracing::warn!(%error, "no identity yet"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Renews the identity in time, and enrols anew when the server refuses it and there is a new join token.
    pub async fn keep(&self, identity: watch::Sender<Identity>, mut tunnel: watch::Receiver<DialerStatus>) {
        let mut calm = Timestamp::MIN;
        loop {
            let due = renew_at(&identity.borrow(), Timestamp::now()).max(calm);
            let next = tokio::select! {
                () = until(due) => self.renew(&identity).await,
                () = refused(&mut tunnel) => self.replace(&identity).await,
            };
            match next {
                Ok(new) => {
                    identity.send_replace(new);
                    calm = Timestamp::now() + CALM;
                }
                Err(error) => {
                    tracing::warn!(%error, "the identity was not renewed");
                    tokio::time::sleep(if due <= Timestamp::now() { AGAIN_RENEWAL } else { AGAIN }).await;
                }
            }
        }
    }

    async fn renew(&self, held: &watch::Sender<Identity>) -> Result<Identity, IdentityError> {
        let csr = Csr::generate()?;
        let old = held.borrow().clone();
        let issued = renew(&self.server, self.proxy.as_ref(), &old, &csr.csr_pem).await?;
        let new =
            Identity { certificate_pem: issued.certificate_pem, key_pem: csr.key_pem, ca_pem: issued.ca_pem };
        let secret = self.secret().await?;
        self.store(secret, &new, None).await?;
        tracing::info!("the identity was renewed");
        Ok(new)
    }

    /// After a refusal: another agent may have stored a better identity; else a join token that was not used yet.
    async fn replace(&self, held: &watch::Sender<Identity>) -> Result<Identity, IdentityError> {
        if let Some(other) = stored(&self.secret().await?)
            && other != *held.borrow()
        {
            return Ok(other);
        }
        self.enrol().await
    }

    async fn enrol(&self) -> Result<Identity, IdentityError> {
        let token = self.join_file("token").await?;
        let ca = self.join_file("ca.crt").await?;
        let mark = mark(token.trim());
        let mut secret = self.secret().await?;
        if stored(&secret).is_some() && secret.annotations().get(TOKEN_ANNOTATION) == Some(&mark) {
            return Err(IdentityError::Spent);
        }
        let key = match text(&secret, "next.key") {
            Some(key) => key,
            None => {
                let csr = Csr::generate()?;
                put(&mut secret, "next.key", Some(&csr.key_pem));
                secret = self.secrets.replace(SECRET, &PostParams::default(), &secret).await?;
                csr.key_pem
            }
        };
        let csr = Csr::for_key_pem(&key)?;
        let issued = enrol(&self.server, self.proxy.as_ref(), &ca, token.trim(), &csr.csr_pem).await?;
        tracing::info!(cluster = issued.cluster, "enrolled");
        let new =
            Identity { certificate_pem: issued.certificate_pem, key_pem: csr.key_pem, ca_pem: issued.ca_pem };
        self.store(secret, &new, Some(mark)).await?;
        Ok(new)
    }

    async fn join_file(&self, name: &str) -> Result<String, IdentityError> {
        let path = self.join_dir.join(name);
        let read = tokio::fs::read_to_string(&path).await;
        read.map_err(|error| IdentityError::Join(path.display().to_string(), error))
    }

    async fn secret(&self) -> Result<Secret, IdentityError> {
        if let Some(secret) = self.secrets.get_opt(SECRET).await? {
            return Ok(secret);
        }
        let secret = Secret {
            metadata: ObjectMeta { name: Some(SECRET.to_owned()), ..ObjectMeta::default() },
            type_: Some("Opaque".to_owned()),
            ..Secret::default()
        };
        match self.secrets.create(&PostParams::default(), &secret).await {
            Ok(secret) => Ok(secret),
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(self.secrets.get(SECRET).await?),
            Err(error) => Err(error.into()),
        }
    }

    async fn store(
        &self,
        mut secret: Secret,
        new: &Identity,
        token: Option<String>,
    ) -> Result<(), IdentityError> {
        put(&mut secret, "tls.crt", Some(&new.certificate_pem));
        put(&mut secret, "tls.key", Some(&new.key_pem));
        put(&mut secret, "ca.crt", Some(&new.ca_pem));
        put(&mut secret, "next.key", None);
        if let Some(token) = token {
            secret.annotations_mut().insert(TOKEN_ANNOTATION.to_owned(), token);
        }
        self.secrets.replace(SECRET, &PostParams::default(), &secret).await?;
        Ok(())
    }
}

fn text(secret: &Secret, key: &str) -> Option<String> {
    String::from_utf8(secret.data.as_ref()?.get(key)?.0.clone()).ok()
}

fn put(secret: &mut Secret, key: &str, value: Option<&str>) {
    let data = secret.data.get_or_insert_with(BTreeMap::new);
    match value {
        Some(value) => drop(data.insert(key.to_owned(), ByteString(value.as_bytes().to_vec()))),
        None => drop(data.remove(key)),
    }
}

fn stored(secret: &Secret) -> Option<Identity> {
    Some(Identity {
        certificate_pem: text(secret, "tls.crt")?,
        key_pem: text(secret, "tls.key")?,
        ca_pem: text(secret, "ca.crt")?,
    })
}

fn mark(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// When an identity's certificate ends.
pub fn ends(identity: &Identity) -> Option<Timestamp> {
    let der = CertificateDer::from_pem_slice(identity.certificate_pem.as_bytes()).ok()?;
    nagaya_tunnel::ca::not_after(&der)
}

fn begins(identity: &Identity) -> Option<Timestamp> {
    let der = CertificateDer::from_pem_slice(identity.certificate_pem.as_bytes()).ok()?;
    nagaya_tunnel::ca::not_before(&der)
}

fn is_over(identity: &Identity, now: Timestamp) -> bool {
    ends(identity).is_none_or(|end| end <= now)
}

/// When two thirds of the certificate's life are over; at once if it cannot be read.
fn renew_at(identity: &Identity, now: Timestamp) -> Timestamp {
    let (Some(begin), Some(end)) = (begins(identity), ends(identity)) else { return now };
    nagaya_tunnel::renewal(begin, end)
}

/// Waits until the server has refused our certificate for a while.
async fn refused(tunnel: &mut watch::Receiver<DialerStatus>) {
    loop {
        if tunnel.wait_for(DialerStatus::refused).await.is_err() {
            return std::future::pending().await;
        }
        let better = tokio::time::timeout(REFUSED, tunnel.wait_for(|status| !status.refused()));
        if better.await.is_err() {
            return;
        }
    }
}

async fn until(at: Timestamp) {
    loop {
        let left = Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default();
        if left.is_zero() {
            return;
        }
        // A calendar's distance is no timer's: machines sleep, clocks are set.
        tokio::time::sleep(left.min(Duration::from_secs(600))).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use nagaya_tunnel::ca::Authority;

    use super::*;

    #[test]
    fn an_identity_is_renewed_at_two_thirds_of_its_life() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let authority = Authority::generate(now).unwrap();
        let csr = Csr::generate().unwrap();
        let certificate_pem = authority.issue_agent("java", &csr.csr_pem, now).unwrap();
        let identity = Identity { certificate_pem, key_pem: csr.key_pem, ca_pem: authority.bundle_pem() };
        let due = renew_at(&identity, now).duration_since(now).as_hours();
        assert!((19 * 24..21 * 24).contains(&due), "{due} hours of 720");
        assert!(!is_over(&identity, now) && is_over(&identity, now + Authority::AGENT_VALIDITY));
        let broken = Identity { certificate_pem: "x".into(), ..identity };
        assert!(is_over(&broken, now) && renew_at(&broken, now) == now);
    }
}
