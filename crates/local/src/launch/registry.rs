//! The instance's image registry: two processes over one folder, one that pods may read, one that the host may write.

use std::net::Ipv4Addr;
use std::path::Path;

use super::Launch;
use crate::net::addresses::{PUSH_PORT, REGISTRY_PORT};

pub(crate) fn registries(hub_dir: &Path, store: &Path, hub: Ipv4Addr) -> Vec<Launch> {
    [("registry", REGISTRY_PORT, true), ("registry-push", PUSH_PORT, false)]
        .into_iter()
        .map(|(name, port, readonly)| {
            let path = hub_dir.join("config").join(format!("{name}.yaml"));
            let mut launch = Launch::new(name, "docker-registry");
            launch.argv.extend(["serve".into(), path.to_string_lossy().into_owned()]);
            launch.file(path, configuration(store, hub, port, readonly))
        })
        .collect()
}

/// No cache of blobs: what one process writes the other must see at once.
fn configuration(store: &Path, hub: Ipv4Addr, port: u16, readonly: bool) -> String {
    let configuration = serde_json::json!({
        "version": "0.1",
        "log": { "level": "warn", "accesslog": { "disabled": true } },
        "storage": {
            "filesystem": { "rootdirectory": store },
            "delete": { "enabled": !readonly },
            "maintenance": { "readonly": { "enabled": readonly }, "uploadpurging": { "enabled": false } },
        },
        "http": { "addr": format!("{hub}:{port}") },
    });
    format!("{configuration:#}\n")
}
