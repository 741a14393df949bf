//! etcd, API server, controller manager, scheduler.

use serde_json::json;

use super::flags::{Differences, PodSecurity};
use super::{Facts, Launch};
use crate::pki;

pub(crate) const API_PORT: u16 = 6443;
/// Plain http on the cluster's loopback, health only.
pub(crate) const ETCD_HEALTH_PORT: u16 = 2381;
pub(crate) const CONTROLLER_MANAGER_PORT: u16 = 10257;
pub(crate) const SCHEDULER_PORT: u16 = 10259;

/// Namespaces whose pods may do what a node's own services do.
pub(crate) const SYSTEM_NAMESPACES: [&str; 2] = ["kube-system", "nagaya-system"];

fn cert(facts: &Facts, name: &str) -> String {
    pki::certificate(&facts.cluster.pki(), name).to_string_lossy().into_owned()
}

fn key(facts: &Facts, name: &str) -> String {
    pki::key(&facts.cluster.pki(), name).to_string_lossy().into_owned()
}

pub(super) fn kubeconfig(facts: &Facts, name: &str) -> String {
    facts.cluster.pki().join(format!("{name}.kubeconfig")).to_string_lossy().into_owned()
}

/// Listens on the cluster's loopback alone, and there too only to who has a certificate.
pub(super) fn etcd(facts: &Facts) -> Launch {
    let (client, peer) = ("https://127.0.0.1:2379", "https://127.0.0.1:2380");
    let mut launch = Launch::new("etcd", "etcd")
        .flag("name", &facts.name)
        .flag("data-dir", facts.cluster.dir.join("etcd").display())
        .flag("listen-client-urls", client)
        .flag("advertise-client-urls", client)
        .flag("listen-peer-urls", peer)
        .flag("initial-advertise-peer-urls", peer)
        .flag("initial-cluster", format!("{}={peer}", facts.name))
        .flag("listen-metrics-urls", format!("http://127.0.0.1:{ETCD_HEALTH_PORT}"))
        .flag("logger", "zap")
        // A single member waits out an election timeout before it serves; with nobody to wait for, it may be short.
        .flag("heartbeat-interval", 50)
        .flag("election-timeout", 250);
    for prefix in ["", "peer-"] {
        launch = launch
            .flag(&format!("{prefix}cert-file"), cert(facts, "etcd-server"))
            .flag(&format!("{prefix}key-file"), key(facts, "etcd-server"))
            .flag(&format!("{prefix}trusted-ca-file"), cert(facts, "etcd-ca"))
            .flag(&format!("{prefix}client-cert-auth"), true);
    }
    launch
}

pub(super) fn apiserver(facts: &Facts) -> Launch {
    let differences = Differences::of(facts);
    let (plugins, admission) = match differences.pod_security {
        PodSecurity::Policies => ("NodeRestriction,PodSecurityPolicy", None),
        PodSecurity::Admission(version) => ("NodeRestriction", Some(pod_security_defaults(version))),
    };
    let mut launch = Launch::new("kube-apiserver", facts.binaries.join("kube-apiserver"))
        .flag("advertise-address", facts.node_ip)
        .flag("bind-address", "0.0.0.0")
        .flag("secure-port", API_PORT)
        .flag("allow-privileged", true)
        .flag("anonymous-auth", false)
        .flag("authorization-mode", "Node,RBAC")
        .flag("enable-admission-plugins", plugins)
        .flag("client-ca-file", cert(facts, "ca"))
        .flag("tls-cert-file", cert(facts, "apiserver"))
        .flag("tls-private-key-file", key(facts, "apiserver"))
        .flag("etcd-servers", "https://127.0.0.1:2379")
        .flag("etcd-cafile", cert(facts, "etcd-ca"))
        .flag("etcd-certfile", cert(facts, "apiserver-etcd-client"))
        .flag("etcd-keyfile", key(facts, "apiserver-etcd-client"))
        .flag("kubelet-client-certificate", cert(facts, "apiserver-kubelet-client"))
        .flag("kubelet-client-key", key(facts, "apiserver-kubelet-client"))
        .flag("kubelet-certificate-authority", cert(facts, "ca"))
        .flag("kubelet-preferred-address-types", "InternalIP")
        .flag("proxy-client-cert-file", cert(facts, "front-proxy-client"))
        .flag("proxy-client-key-file", key(facts, "front-proxy-client"))
        .flag("requestheader-client-ca-file", cert(facts, "front-proxy-ca"))
        .flag("requestheader-allowed-names", "front-proxy-client")
        .flag("requestheader-username-headers", "X-Remote-User")
        .flag("requestheader-group-headers", "X-Remote-Group")
        .flag("requestheader-extra-headers-prefix", "X-Remote-Extra-")
        .flag("service-account-issuer", "https://kubernetes.default.svc.cluster.local")
        .flag("service-account-key-file", facts.cluster.pki().join("service-account.pub").display())
        .flag("service-account-signing-key-file", key(facts, "service-account"))
        .flag("service-cluster-ip-range", facts.services)
        .flag("profiling", false);
    if differences.close_insecure_ports {
        launch = launch.flag("insecure-port", 0);
    }
    if let Some(text) = admission {
        let path = facts.cluster.config().join("admission.yaml");
        launch = launch.flag("admission-control-config-file", path.display()).file(path, text);
    }
    launch
}

/// Every namespace without labels of its own is held to `baseline`.
fn pod_security_defaults(version: &str) -> String {
    let configuration = json!({
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AdmissionConfiguration",
        "plugins": [{
            "name": "PodSecurity",
            "configuration": {
                "apiVersion": format!("pod-security.admission.config.k8s.io/{version}"),
                "kind": "PodSecurityConfiguration",
                "defaults": { "enforce": "baseline", "enforce-version": "latest", "warn": "restricted", "warn-version": "latest" },
                "exemptions": { "namespaces": SYSTEM_NAMESPACES },
            },
        }],
    });
    format!("{configuration:#}\n")
}

fn controller(facts: &Facts, name: &'static str, credentials: &str, port: u16) -> Launch {
    let config = kubeconfig(facts, credentials);
    let launch = Launch::new(name, facts.binaries.join(name))
        .flag("kubeconfig", &config)
        .flag("authentication-kubeconfig", &config)
        .flag("authorization-kubeconfig", &config)
        .flag("bind-address", "127.0.0.1")
        .flag("secure-port", port)
        // The supervisor runs exactly one; a lease would only delay each restart.
        .flag("leader-elect", false)
        .flag("profiling", false);
    if Differences::of(facts).close_insecure_ports { launch.flag("port", 0) } else { launch }
}

pub(super) fn controller_manager(facts: &Facts) -> Launch {
    let launch = controller(facts, "kube-controller-manager", "controller-manager", CONTROLLER_MANAGER_PORT)
        .flag("use-service-account-credentials", true)
        .flag("service-account-private-key-file", key(facts, "service-account"))
        .flag("root-ca-file", cert(facts, "ca"))
        .flag("cluster-signing-cert-file", cert(facts, "ca"))
        .flag("cluster-signing-key-file", key(facts, "ca"))
        .flag("cluster-name", &facts.name)
        .flag("allocate-node-cidrs", false)
        .flag("node-monitor-period", "2s");
    if Differences::of(facts).flex_volume_flag {
        return launch.flag("flex-volume-plugin-dir", "/var/lib/kubelet/volumeplugins");
    }
    launch
}

pub(super) fn scheduler(facts: &Facts) -> Launch {
    controller(facts, "kube-scheduler", "scheduler", SCHEDULER_PORT)
}
