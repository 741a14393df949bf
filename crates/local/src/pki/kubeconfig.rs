//! Kubeconfigs, for components (pointing at files, so that a renewed certificate is picked up) and for people (whole).

use std::net::Ipv4Addr;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{certificate, key};
use crate::{Error, paths};

pub(super) fn write_for_component(folder: &Path, name: &str, node_ip: Ipv4Addr) -> Result<(), Error> {
    let path = |path: std::path::PathBuf| path.to_string_lossy().into_owned();
    let text = kubeconfig(
        name,
        node_ip,
        ("certificate-authority", path(certificate(folder, "ca"))),
        ("client-certificate", path(certificate(folder, name))),
        ("client-key", path(key(folder, name))),
    );
    paths::replace_if_changed(folder.join(format!("{name}.kubeconfig")), &text).map(drop)
}

/// The administrator's kubeconfig with everything inside, to be handed elsewhere on this host.
pub(crate) fn admin_kubeconfig(folder: &Path, cluster: &str, node_ip: Ipv4Addr) -> Result<String, Error> {
    let inline = |path: std::path::PathBuf| {
        let text = paths::read(&path).map_err(|_| Error::Pki {
            name: cluster.into(),
            problem: "the cluster was never started, so it has no keys yet; start it".into(),
        })?;
        Ok::<_, Error>(BASE64_STANDARD.encode(text))
    };
    Ok(kubeconfig(
        cluster,
        node_ip,
        ("certificate-authority-data", inline(certificate(folder, "ca"))?),
        ("client-certificate-data", inline(certificate(folder, "admin"))?),
        ("client-key-data", inline(key(folder, "admin"))?),
    ))
}

fn kubeconfig(
    name: &str,
    ip: Ipv4Addr,
    ca: (&str, String),
    cert: (&str, String),
    key: (&str, String),
) -> String {
    let json = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": name, "cluster": { "server": format!("https://{ip}:6443"), ca.0: ca.1 } }],
        "users": [{ "name": name, "user": { cert.0: cert.1, key.0: key.1 } }],
        "contexts": [{ "name": name, "context": { "cluster": name, "user": name } }],
        "current-context": name,
    });
    format!("{json:#}\n")
}
