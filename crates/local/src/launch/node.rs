//! kubelet and kube-proxy.

use serde_json::{Map, Value, json};

use super::control_plane::kubeconfig;
use super::flags::Differences;
use super::{Facts, Launch};
use crate::cgroup::EVICTION_MARGIN;
use crate::pki;

pub(crate) const KUBELET_HEALTH_PORT: u16 = 10248;
pub(crate) const PROXY_HEALTH_PORT: u16 = 10256;
const RUNTIME: &str = "unix:///run/containerd/containerd.sock";

pub(super) fn kubelet(facts: &Facts) -> Launch {
    let differences = Differences::of(facts);
    let path = facts.cluster.config().join("kubelet.yaml");
    let mut launch = Launch::new("kubelet", facts.binaries.join("kubelet"))
        .flag("config", path.display())
        .flag("kubeconfig", kubeconfig(facts, "kubelet"))
        .flag("hostname-override", &facts.name)
        .flag("node-ip", facts.node_ip)
        .flag("node-labels", format!("nagaya.dev/homes={}", facts.name))
        .flag("root-dir", "/var/lib/kubelet")
        .flag("cert-dir", "/var/lib/kubelet/pki");
    if differences.runtime_by_flags {
        if !facts.version.at_least(24) {
            launch = launch.flag("container-runtime", "remote");
        }
        launch = launch.flag("container-runtime-endpoint", RUNTIME);
    }
    if differences.name_pause_image {
        launch = launch.flag("pod-infra-container-image", &facts.pause_image);
    }
    launch.file(path, format!("{:#}\n", kubelet_configuration(facts, differences)))
}

fn kubelet_configuration(facts: &Facts, differences: Differences) -> Value {
    let pki = facts.cluster.pki();
    let mut configuration = json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": { "enabled": false },
            "webhook": { "enabled": true, "cacheTTL": "2m0s" },
            "x509": { "clientCAFile": pki::certificate(&pki, "ca") },
        },
        "authorization": { "mode": "Webhook" },
        "tlsCertFile": pki::certificate(&pki, "kubelet-serving"),
        "tlsPrivateKeyFile": pki::key(&pki, "kubelet-serving"),
        "address": "0.0.0.0",
        "readOnlyPort": 0,
        "healthzBindAddress": "127.0.0.1",
        "healthzPort": KUBELET_HEALTH_PORT,
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": facts.pods_cgroup,
        "cgroupsPerQOS": true,
        "enforceNodeAllocatable": ["pods"],
        "systemReserved": reserved(facts),
        "evictionHard": {
            "memory.available": EVICTION_MARGIN.to_string(),
            // The disk is the host's: percentages of it would evict pods for what others store.
            "nodefs.available": "500Mi",
            "imagefs.available": "500Mi",
            "nodefs.inodesFree": "1%",
        },
        "imageGCHighThresholdPercent": 97,
        "imageGCLowThresholdPercent": 95,
        "failSwapOn": false,
        "clusterDomain": "cluster.local",
        "clusterDNS": [facts.dns],
        "resolvConf": facts.cluster.config().join("resolv.conf"),
        "maxPods": 110,
        "serializeImagePulls": false,
        // A node alone in its cluster can afford to speak often: Ready comes seconds earlier.
        "nodeStatusUpdateFrequency": "1s",
        "nodeStatusReportFrequency": "1m0s",
        "volumePluginDir": "/var/lib/kubelet/volumeplugins",
        "oomScoreAdj": if facts.may_lower_oom_score { -999 } else { 0 },
        "containerLogMaxSize": "10Mi",
        "containerLogMaxFiles": 3,
    });
    let mut more = Map::new();
    if !differences.runtime_by_flags {
        more.insert("containerRuntimeEndpoint".into(), RUNTIME.into());
    }
    if differences.allow_cgroup_v1 {
        more.insert("failCgroupV1".into(), false.into());
    }
    if let Some(object) = configuration.as_object_mut() {
        object.append(&mut more);
    }
    configuration
}

/// kubelet sees the host's capacity; what is not the cap (nor the margin for eviction) is reserved, so that allocatable
/// is exactly the cap.
fn reserved(facts: &Facts) -> Value {
    let cpu = facts.host_millicores.saturating_sub(facts.cpu_millicores);
    let memory = facts.host_memory_bytes.saturating_sub(facts.memory_bytes + EVICTION_MARGIN);
    json!({ "cpu": format!("{cpu}m"), "memory": memory.to_string() })
}

pub(super) fn proxy(facts: &Facts) -> Launch {
    let path = facts.cluster.config().join("kube-proxy.yaml");
    let configuration = json!({
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clientConnection": { "kubeconfig": kubeconfig(facts, "kube-proxy") },
        "hostnameOverride": facts.name,
        // Given, it need not ask for its node's address, which before kubelet's registration fails with long pauses.
        "bindAddress": facts.node_ip,
        "clusterCIDR": facts.pods,
        "mode": "iptables",
        "iptables": { "minSyncPeriod": "100ms", "syncPeriod": "30s" },
        "healthzBindAddress": format!("127.0.0.1:{PROXY_HEALTH_PORT}"),
        "metricsBindAddress": "127.0.0.1:10249",
        "oomScoreAdj": if facts.may_lower_oom_score { -999 } else { 0 },
        // Zero leaves the kernel's settings alone: their table is the whole host's.
        "conntrack": { "maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s" },
    });
    Launch::new("kube-proxy", facts.binaries.join("kube-proxy"))
        .flag("config", path.display())
        .file(path, format!("{configuration:#}\n"))
}
