//! Enrolment over the store: which join token lets which agent in.

use async_trait::async_trait;
use jiff::Timestamp;
use nagaya_api::Cluster;
use nagaya_store::{JoinToken, Store, StoreError};
use nagaya_tunnel::{
    EnrolError, Enroller, Issued,
    ca::{Authority, CaError, csr_fingerprint},
};
use serde::{Deserialize, Serialize};

use super::{AgentCertificate, Ca};

/// What is remembered of a cluster's agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Enrolment {
    /// When its newest certificate ends. Afterwards it needs a join token again.
    pub(crate) not_after: Timestamp,
}

/// The agent that last enrolled for `cluster`, if one did.
pub(crate) async fn enrolment(store: &Store, cluster: &str) -> Result<Option<Enrolment>, StoreError> {
    let text = store.meta_get(&enrolment_key(cluster)).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// What the store knows a cluster's enrolment by.
pub(crate) fn enrolment_key(cluster: &str) -> String {
    format!("agent/{cluster}")
}

/// What the store knows by that a cluster's agent was told to remove itself.
pub(crate) fn farewell_key(cluster: &str) -> String {
    format!("farewell/{cluster}")
}

/// What the store keeps sealed of how an imported cluster's agent was told to join. It goes with the cluster.
pub fn join_options_secret(cluster: &str) -> String {
    format!("join/{cluster}")
}

/// [`Enroller`] over the store: single-use join tokens, clusters that are there, the internal authority.
#[derive(Clone, Debug)]
pub struct StoreEnroller {
    store: Store,
    ca: Ca,
}

impl StoreEnroller {
    /// Over this store and authority.
    pub fn new(store: Store, ca: Ca) -> Self {
        Self { store, ca }
    }

    async fn issue(&self, cluster: &str, csr_pem: &str, now: Timestamp) -> Result<Issued, EnrolError> {
        let found = self.store.get::<Cluster>(cluster).await.map_err(unavailable)?;
        if found.is_none_or(|cluster| cluster.metadata.deletion_timestamp.is_some()) {
            return Err(EnrolError::Refused(format!(
                "cluster \"{cluster}\" is not there any more: remove the agent from it"
            )));
        }
        let authority = self.ca.authority();
        let certificate_pem = authority.issue_agent(cluster, csr_pem, now).map_err(refused)?;
        let enrolment = Enrolment { not_after: now + Authority::AGENT_VALIDITY };
        let text = serde_json::to_string(&enrolment).unwrap_or_default();
        self.store.meta_set(&enrolment_key(cluster), &text, now).await.map_err(unavailable)?;
        let not_after = enrolment.not_after;
        self.ca.tell_issued(AgentCertificate { cluster: cluster.to_owned(), not_after });
        Ok(Issued { cluster: cluster.to_owned(), certificate_pem, ca_pem: authority.bundle_pem() })
    }
}

fn unavailable(error: StoreError) -> EnrolError {
    tracing::warn!(%error, "an agent could not enrol");
    EnrolError::Unavailable("the server's store failed".into())
}

fn refused(error: CaError) -> EnrolError {
    EnrolError::Refused(error.to_string())
}

#[async_trait]
impl Enroller for StoreEnroller {
    async fn enrol(&self, token: &str, csr_pem: &str) -> Result<Issued, EnrolError> {
        let now = Timestamp::now();
        // Before the token is spent: a request that cannot be certified must not cost it.
        let fingerprint = csr_fingerprint(csr_pem).map_err(refused)?;
        let redeemed = self.store.join_token_redeem(token, &fingerprint, now).await.map_err(unavailable)?;
        let JoinToken { cluster, .. } = redeemed.map_err(|why| EnrolError::Refused(why.to_string()))?;
        tracing::info!(cluster, "an agent enrols with a join token");
        self.issue(&cluster, csr_pem, now).await
    }

    async fn renew(&self, cluster: &str, csr_pem: &str) -> Result<Issued, EnrolError> {
        tracing::info!(cluster, "an agent renews its certificate");
        self.issue(cluster, csr_pem, Timestamp::now()).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::SignedDuration;
    use nagaya_api::kinds::cluster::{ClusterSpec, Provider};
    use nagaya_store::Writer;
    use nagaya_tunnel::ca::Csr;

    use super::*;

    async fn set_up() -> (tempfile::TempDir, Store, StoreEnroller) {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let store = Store::open(dir.path(), now).await.unwrap();
        let ca = Ca::open(store.clone(), now).await.unwrap();
        let cluster = Cluster::new("java", ClusterSpec { provider: Provider::Import, local: None, ..ClusterSpec::default() });
        store.create(Writer::system("test", now), cluster).await.unwrap();
        (dir, store.clone(), StoreEnroller::new(store, ca))
    }

    async fn token(store: &Store, cluster: &str, lives: SignedDuration) -> String {
        let writer = Writer::system("test", Timestamp::now());
        store.join_token_create(writer, cluster, lives).await.unwrap().1
    }

    #[tokio::test]
    async fn a_token_is_good_for_one_key_which_may_ask_again() {
        let (_dir, store, enroller) = set_up().await;
        let token = token(&store, "java", SignedDuration::from_hours(1)).await;
        let (first, other) = (Csr::generate().unwrap(), Csr::generate().unwrap());
        assert!(matches!(enroller.enrol(&token, "no request").await, Err(EnrolError::Refused(_))));
        assert_eq!(enroller.enrol(&token, &first.csr_pem).await.unwrap().cluster, "java");
        assert!(enroller.enrol(&token, &first.csr_pem).await.is_ok(), "the answer may have been lost");
        assert!(matches!(enroller.enrol(&token, &other.csr_pem).await, Err(EnrolError::Refused(_))));
        assert!(enrolment(&store, "java").await.unwrap().unwrap().not_after > Timestamp::now());
        assert_eq!(enrolment(&store, "ci").await.unwrap(), None);
    }

    #[tokio::test]
    async fn an_enrolment_cut_short_after_the_token_was_spent_is_taken_up_by_the_same_key_only() {
        let (dir, store, enroller) = set_up().await;
        let token = token(&store, "java", SignedDuration::from_hours(1)).await;
        let (first, other) = (Csr::generate().unwrap(), Csr::generate().unwrap());
        // The server dies between spending the token and issuing: only the first step is in the store.
        let fingerprint = csr_fingerprint(&first.csr_pem).unwrap();
        store.join_token_redeem(&token, &fingerprint, Timestamp::now()).await.unwrap().unwrap();
        store.close().await;
        drop((store, enroller));
        let now = Timestamp::now();
        let store = Store::open(dir.path(), now).await.unwrap();
        let enroller = StoreEnroller::new(store.clone(), Ca::open(store, now).await.unwrap());
        assert!(matches!(enroller.enrol(&token, &other.csr_pem).await, Err(EnrolError::Refused(_))));
        assert_eq!(enroller.enrol(&token, &first.csr_pem).await.unwrap().cluster, "java");
    }

    #[tokio::test]
    async fn nobody_enrols_with_a_token_that_ended_or_for_a_cluster_that_is_gone() {
        let (_dir, store, enroller) = set_up().await;
        let csr = Csr::generate().unwrap().csr_pem;
        let ended = token(&store, "java", SignedDuration::from_secs(-1)).await;
        let gone = token(&store, "gone", SignedDuration::from_hours(1)).await;
        for secret in [ended.as_str(), gone.as_str(), "made up"] {
            assert!(matches!(enroller.enrol(secret, &csr).await, Err(EnrolError::Refused(_))));
        }
        assert!(matches!(enroller.renew("gone", &csr).await, Err(EnrolError::Refused(_))));
    }
}
