//! containerd, its registry mirror and the pod network.

use serde_json::json;

use super::flags::Differences;
use super::{Facts, Launch};
use crate::net::addresses::REGISTRY_PORT;

/// The name under which clusters know the instance's registry.
pub(crate) const REGISTRY_NAME: &str = "registry.nagaya.internal";
/// Where Debian's package containernetworking-plugins puts them.
const CNI_PLUGINS: &str = "/usr/lib/cni";

pub(super) fn containerd(facts: &Facts) -> Launch {
    let base = facts.cluster.config().join("containerd");
    let path = base.join("config.toml");
    let mut launch = Launch::new("containerd", "containerd").flag("config", path.display());
    launch.env.clone_from(&facts.proxy_env);
    launch
        .file(path, configuration(facts))
        .file(base.join("certs.d").join(REGISTRY_NAME).join("hosts.toml"), hosts(facts))
        .file(base.join("net.d/10-nagaya.conflist"), pod_network(facts))
}

/// Layers once unpacked are not kept a second time as archives: the registry next door has them.
fn configuration(facts: &Facts) -> String {
    let config = Differences::of(facts).containerd_config;
    let base = facts.cluster.config().join("containerd");
    let (certs, networks) = (base.join("certs.d"), base.join("net.d"));
    let (certs, networks) = (certs.display(), networks.display());
    let (pause, restrict) = (&facts.pause_image, !facts.may_lower_oom_score);
    let head = format!(
        r#"version = {config}
root = "/var/lib/containerd"
state = "/run/containerd"

[grpc]
  address = "/run/containerd/containerd.sock"
"#
    );
    let (runtime, rest) = if config == 2 {
        let cri = r#"plugins."io.containerd.grpc.v1.cri""#;
        (
            cri,
            format!(
                r#"
[{cri}]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = {restrict}
  tolerate_missing_hugetlb_controller = true

[{cri}.containerd]
  default_runtime_name = "runc"
  discard_unpacked_layers = true

[{cri}.registry]
  config_path = "{certs}"
"#
            ),
        )
    } else {
        let images = r#"plugins."io.containerd.cri.v1.images""#;
        let runtime = r#"plugins."io.containerd.cri.v1.runtime""#;
        (
            runtime,
            format!(
                r#"
[{images}]
  discard_unpacked_layers = true

[{images}.pinned_images]
  sandbox = "{pause}"

[{images}.registry]
  config_path = "{certs}"

[{runtime}]
  restrict_oom_score_adj = {restrict}
  tolerate_missing_hugetlb_controller = true

[{runtime}.containerd]
  default_runtime_name = "runc"

[plugins."io.containerd.nri.v1.nri"]
  disable = true
"#
            ),
        )
    };
    let unused = if config == 2 {
        "disabled_plugins = [\"io.containerd.internal.v1.opt\", \"io.containerd.snapshotter.v1.aufs\", \
         \"io.containerd.snapshotter.v1.btrfs\", \"io.containerd.snapshotter.v1.devmapper\", \
         \"io.containerd.snapshotter.v1.zfs\"]\n"
    } else {
        "disabled_plugins = [\"io.containerd.internal.v1.opt\", \"io.containerd.snapshotter.v1.btrfs\", \
         \"io.containerd.snapshotter.v1.devmapper\", \"io.containerd.snapshotter.v1.zfs\"]\n"
    };
    // Top-level keys must stand before the first table.
    let head = head.replacen("\n\n[grpc]", &format!("\n{unused}\n[grpc]"), 1);
    format!(
        r#"{head}{rest}
[{runtime}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[{runtime}.containerd.runtimes.runc.options]
  SystemdCgroup = false

[{runtime}.cni]
  bin_dir = "{CNI_PLUGINS}"
  conf_dir = "{networks}"
"#
    )
}

fn hosts(facts: &Facts) -> String {
    let url = format!("http://{}:{REGISTRY_PORT}", facts.hub);
    format!("server = \"{url}\"\n\n[host.\"{url}\"]\n  capabilities = [\"pull\", \"resolve\"]\n")
}

/// The hub routes a cluster's pods by their own addresses, so nothing is masqueraded here.
fn pod_network(facts: &Facts) -> String {
    let network = json!({
        "cniVersion": "0.4.0",
        "name": "nagaya",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "cni0",
                "isGateway": true,
                "ipMasq": false,
                "hairpinMode": true,
                "ipam": {
                    "type": "host-local",
                    "ranges": [[{ "subnet": facts.pods }]],
                    "routes": [{ "dst": "0.0.0.0/0" }],
                    "dataDir": "/var/lib/cni/networks",
                },
            },
            { "type": "portmap", "capabilities": { "portMappings": true } },
        ],
    });
    format!("{network:#}\n")
}
