//! The relay's Secret: who it is and whom it admits.

use jiff::Timestamp;
use nagaya_api::Workspace;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::metadata;

/// A relay's certificate and key with the bundle it trusts, as they are sealed in the store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelayMaterial {
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// Its key, PEM.
    pub key_pem: String,
    /// The authorities it trusts, PEM.
    pub ca_pem: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub not_after: Timestamp,
}

impl std::fmt::Debug for RelayMaterial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayMaterial").field("not_after", &self.not_after).finish_non_exhaustive()
    }
}

/// Name of the Secret.
pub(super) fn secret_name(workspace: &str) -> String {
    format!("{workspace}-relay")
}

pub(super) fn secret(workspace: &Workspace, material: &RelayMaterial) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    // `data`, not `stringData`: what is applied must be what is read back, or it would count as drift.
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(workspace, &secret_name(&workspace.metadata.name)),
        "type": "kubernetes.io/tls",
        "data": {
            "ca.crt": STANDARD.encode(&material.ca_pem),
            "tls.crt": STANDARD.encode(&material.certificate_pem),
            "tls.key": STANDARD.encode(&material.key_pem),
        },
    })
}
