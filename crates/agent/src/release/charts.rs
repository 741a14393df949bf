//! Chart archives in the agent's own namespace, named by their content, so that an agent that has lost its server still
//! has the charts of its releases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{DeleteParams, ListParams, ObjectMeta, PostParams};
use kube::{Api, Client, ResourceExt};
use nagaya_api::agent::CHART_LIMIT;
use sha2::{Digest, Sha256};

/// Bytes of one piece. A Secret may hold 1 MiB; etcd's requests carry base64 and metadata besides.
const PIECE: usize = 384 * 1024;
/// Label of head and pieces.
const LABEL: &str = "nagaya.dev/agent-state";
const PREFIX: &str = "nagaya-chart-";
/// An archive comes before the intent that names it. One that none names goes when it is older than this.
const UNNAMED: SignedDuration = SignedDuration::from_mins(15);

/// Why an archive is not taken in, or not there.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The address names no digest.
    #[error("\"{0}\" is no SHA-256 in 64 hexadecimal digits")]
    NoDigest(String),
    /// It is another one.
    #[error("the archive's SHA-256 is {found} and not {said}; send it again")]
    Damaged {
        /// What it was said to be.
        said: String,
        /// What it is.
        found: String,
    },
    /// It is not there.
    #[error("the chart's archive (SHA-256 {0}) has not arrived yet")]
    Absent(String),
    /// The API server.
    #[error("the chart's archive could not be kept in, or read from, this cluster: {0}")]
    Kubernetes(#[from] kube::Error),
}

/// The archives.
#[derive(Clone)]
pub struct Charts {
    secrets: Api<Secret>,
}

impl Charts {
    /// Keeps them in `namespace`.
    pub fn new(client: Client, namespace: &str) -> Charts {
        Charts { secrets: Api::namespaced(client, namespace) }
    }

    /// Whether an archive is there.
    ///
    /// # Errors
    /// The API server's.
    pub async fn has(&self, digest: &str) -> Result<bool, ChartError> {
        let name = head(digest)?;
        Ok(self.secrets.get_metadata_opt(&name).await?.is_some())
    }

    /// Takes away what is left of an archive that somebody damaged: only what is not there is sent again.
    ///
    /// # Errors
    /// The API server's.
    pub async fn discard(&self, digest: &str) -> Result<(), ChartError> {
        let head = head(digest)?;
        let params = ListParams::default().labels(&format!("{LABEL}=chart"));
        // The head last: what it counts is found by its name.
        let mut names: Vec<String> = self
            .secrets
            .list_metadata(&params)
            .await?
            .items
            .iter()
            .map(ResourceExt::name_any)
            .filter(|name| name.starts_with(&head))
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names {
            match self.secrets.delete(&name, &DeleteParams::default()).await {
                Ok(_) => {}
                Err(kube::Error::Api(status)) if status.code == 404 => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Takes an archive in.
    ///
    /// # Errors
    /// [`ChartError`].
    pub async fn put(&self, digest: &str, archive: &[u8]) -> Result<(), ChartError> {
        let name = head(digest)?;
        let found = hex(archive);
        if found != digest {
            return Err(ChartError::Damaged { said: digest.to_owned(), found });
        }
        let mut count = 0;
        for piece in archive.chunks(PIECE) {
            self.create(format!("{name}-{count}"), [("piece", piece.to_vec())]).await?;
            count += 1;
        }
        // Written last: what it counts is there.
        self.create(name, [("pieces", count.to_string().into_bytes())]).await
    }

    async fn create<const N: usize>(
        &self,
        name: String,
        data: [(&str, Vec<u8>); N],
    ) -> Result<(), ChartError> {
        let secret = Secret {
            metadata: ObjectMeta {
                name: Some(name),
                labels: Some(BTreeMap::from([(LABEL.to_owned(), "chart".to_owned())])),
                ..ObjectMeta::default()
            },
            data: Some(data.into_iter().map(|(key, bytes)| (key.to_owned(), ByteString(bytes))).collect()),
            ..Secret::default()
        };
        match self.secrets.create(&PostParams::default(), &secret).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(()), // the same name is the same content
            Err(error) => Err(error.into()),
        }
    }

    /// Reads an archive.
    ///
    /// # Errors
    /// [`ChartError`].
    pub async fn get(&self, digest: &str) -> Result<Vec<u8>, ChartError> {
        let name = head(digest)?;
        let absent = || ChartError::Absent(digest.to_owned());
        let count = field(self.secrets.get_opt(&name).await?.ok_or_else(absent)?, "pieces");
        let count: usize = String::from_utf8_lossy(&count).parse().unwrap_or(0);
        let mut archive = Vec::new();
        for at in 0..count.min(CHART_LIMIT / PIECE + 1) {
            let piece = self.secrets.get_opt(&format!("{name}-{at}")).await?.ok_or_else(absent)?;
            archive.append(&mut field(piece, "piece"));
        }
        let found = hex(&archive);
        match found == digest {
            true => Ok(archive),
            false => Err(ChartError::Damaged { said: digest.to_owned(), found }),
        }
    }

    /// Removes archives that are not among `named`. What fails here is removed the next time.
    pub async fn sweep(&self, named: &BTreeSet<String>, now: Timestamp) {
        let params = ListParams::default().labels(&format!("{LABEL}=chart"));
        let found = match self.secrets.list_metadata(&params).await {
            Ok(found) => found,
            Err(error) => return tracing::debug!(%error, "chart archives could not be listed"),
        };
        for secret in found.items {
            let name = secret.name_any();
            let digest = name.strip_prefix(PREFIX).and_then(|rest| rest.get(..64)).unwrap_or_default();
            let age = secret.creation_timestamp().map(|at| now.duration_since(at.0));
            if !named.contains(digest)
                && age.is_none_or(|age| age > UNNAMED)
                && let Err(error) = self.secrets.delete(&name, &DeleteParams::default()).await
            {
                tracing::debug!(name, %error, "an old chart archive could not be removed");
            }
        }
    }
}

fn head(digest: &str) -> Result<String, ChartError> {
    let is_hex =
        digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    is_hex.then(|| format!("{PREFIX}{digest}")).ok_or_else(|| ChartError::NoDigest(digest.to_owned()))
}

fn field(secret: Secret, name: &str) -> Vec<u8> {
    secret.data.and_then(|mut data| data.remove(name)).map(|bytes| bytes.0).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::enforce::kubernetes_in_memory::Kubernetes;

    #[tokio::test]
    async fn an_archive_that_was_taken_in_is_there_until_nothing_names_it() {
        let charts = Charts::new(Kubernetes::default().client(), "nagaya-system");
        let archive: Vec<u8> =
            (0..1_000_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let digest = hex(&archive);
        assert!(matches!(charts.get(&digest).await, Err(ChartError::Absent(_))));
        charts.put(&digest, &archive).await.unwrap();
        charts.put(&digest, &archive).await.unwrap();
        assert_eq!(charts.get(&digest).await.unwrap(), archive);
        let later = Timestamp::now().checked_add(SignedDuration::from_hours(1)).unwrap();
        charts.sweep(&BTreeSet::from([digest.clone()]), later).await;
        assert!(charts.has(&digest).await.unwrap());
        charts.sweep(&BTreeSet::new(), Timestamp::now()).await;
        assert!(charts.has(&digest).await.unwrap(), "its intent may still be on its way");
        charts.sweep(&BTreeSet::new(), later).await;
        assert!(!charts.has(&digest).await.unwrap());
    }

    #[tokio::test]
    async fn what_somebody_damaged_is_taken_away_whole_and_taken_in_again() {
        let client = Kubernetes::default().client();
        let charts = Charts::new(client.clone(), "nagaya-system");
        let (archive, other) = (vec![7; PIECE + 1], vec![8; 10]);
        let (digest, apart) = (hex(&archive), hex(&other));
        charts.put(&digest, &archive).await.unwrap();
        charts.put(&apart, &other).await.unwrap();
        let secrets: Api<Secret> = Api::namespaced(client, "nagaya-system");
        secrets.delete(&format!("{PREFIX}{digest}-1"), &DeleteParams::default()).await.unwrap();
        assert!(charts.get(&digest).await.is_err());
        assert!(charts.has(&digest).await.unwrap(), "its head is there, so nobody would send it");
        charts.discard(&digest).await.unwrap();
        assert!(!charts.has(&digest).await.unwrap());
        charts.put(&digest, &archive).await.unwrap();
        assert_eq!(charts.get(&digest).await.unwrap(), archive);
        assert_eq!(charts.get(&apart).await.unwrap(), other);
    }

    #[tokio::test]
    async fn what_is_not_what_it_says_is_refused() {
        let charts = Charts::new(Kubernetes::default().client(), "nagaya-system");
        let error = charts.put(&"0".repeat(64), b"x").await.unwrap_err();
        assert!(matches!(error, ChartError::Damaged { .. }), "{error}");
        for bad in ["", "../x", &"G".repeat(64)] {
            assert!(matches!(charts.has(bad).await, Err(ChartError::NoDigest(_))), "{bad}");
        }
    }
}
