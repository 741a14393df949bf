//! Keys and certificates of one cluster, made once, renewed before they end.

mod issue;
mod kubeconfig;

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rcgen::ExtendedKeyUsagePurpose as Usage;

pub(crate) use kubeconfig::admin_kubeconfig;

use crate::{Error, paths};

/// A leaf is good for a year and renewed when less than this is left.
const RENEW_BEFORE: Duration = Duration::from_secs(60 * 24 * 3600);

/// What certificates must name.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The node's name.
    pub(crate) node: String,
    pub(crate) node_ip: Ipv4Addr,
    pub(crate) api_service_ip: Ipv4Addr,
}

/// A certificate that some authority of the cluster signs.
struct Leaf {
    name: &'static str,
    authority: &'static str,
    common_name: String,
    organization: Option<&'static str>,
    dns: Vec<String>,
    ips: Vec<IpAddr>,
    usages: Vec<Usage>,
}

impl Leaf {
    fn client(
        name: &'static str,
        authority: &'static str,
        user: impl Into<String>,
        group: Option<&'static str>,
    ) -> Self {
        let usages = vec![Usage::ClientAuth];
        Self {
            name,
            authority,
            common_name: user.into(),
            organization: group,
            dns: vec![],
            ips: vec![],
            usages,
        }
    }
}

/// Users and groups are those Kubernetes' built-in roles are bound to.
fn leaves(identity: &Identity) -> Vec<Leaf> {
    let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
    let node_ip = IpAddr::from(identity.node_ip);
    let both = vec![Usage::ServerAuth, Usage::ClientAuth];
    let kubernetes = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "localhost",
    ];
    vec![
        Leaf {
            name: "apiserver",
            authority: "ca",
            common_name: "kube-apiserver".into(),
            organization: None,
            dns: kubernetes.map(String::from).into_iter().chain([identity.node.clone()]).collect(),
            ips: vec![node_ip, identity.api_service_ip.into(), loopback],
            usages: vec![Usage::ServerAuth],
        },
        Leaf {
            name: "kubelet-serving",
            authority: "ca",
            common_name: format!("system:node:{}", identity.node),
            organization: Some("system:nodes"),
            dns: vec![identity.node.clone()],
            ips: vec![node_ip, loopback],
            usages: vec![Usage::ServerAuth],
        },
        Leaf {
            name: "etcd-server",
            authority: "etcd-ca",
            common_name: "etcd".into(),
            organization: None,
            dns: vec!["localhost".into()],
            ips: vec![loopback],
            usages: both,
        },
        Leaf::client("apiserver-etcd-client", "etcd-ca", "kube-apiserver", None),
        Leaf::client("apiserver-kubelet-client", "ca", "nagaya:apiserver-kubelet-client", None),
        Leaf::client("front-proxy-client", "front-proxy-ca", "front-proxy-client", None),
        Leaf::client("controller-manager", "ca", "system:kube-controller-manager", None),
        Leaf::client("scheduler", "ca", "system:kube-scheduler", None),
        Leaf::client("kube-proxy", "ca", "system:kube-proxy", None),
        Leaf::client("kubelet", "ca", format!("system:node:{}", identity.node), Some("system:nodes")),
        Leaf::client("admin", "ca", "nagaya:local-admin", Some("system:masters")),
    ]
}

/// Users that get a kubeconfig: for certificate `name`, file `<name>.kubeconfig`.
const KUBECONFIGS: [&str; 5] = ["controller-manager", "scheduler", "kube-proxy", "kubelet", "admin"];

/// Makes what is missing, renews what ends soon or names other addresses. Returns the names of the leaves that are new:
/// who uses one of those has to be started anew.
pub(crate) fn ensure(folder: &Path, identity: &Identity, now: Timestamp) -> Result<Vec<&'static str>, Error> {
    use std::os::unix::fs::PermissionsExt;
    paths::create_dir(folder)?;
    let private = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(folder, private).map_err(|e| Error::io("protect", folder, e))?;
    for authority in ["ca", "etcd-ca", "front-proxy-ca"] {
        issue::ensure_authority(folder, authority, now)?;
    }
    issue::ensure_key(folder, "service-account")?;
    let mut new = vec![];
    for leaf in leaves(identity) {
        if issue::ensure_leaf(folder, &leaf, now, RENEW_BEFORE)? {
            new.push(leaf.name);
        }
    }
    for name in KUBECONFIGS {
        kubeconfig::write_for_component(folder, name, identity.node_ip)?;
    }
    Ok(new)
}

pub(crate) fn certificate(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.crt"))
}

pub(crate) fn key(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.key"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn identity() -> Identity {
        Identity {
            node: "java".into(),
            node_ip: "10.99.0.6".parse().unwrap(),
            api_service_ip: "10.99.65.1".parse().unwrap(),
        }
    }

    #[test]
    fn made_once_kept_and_renewed_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        assert_eq!(ensure(folder.path(), &identity(), now).unwrap().len(), 11);
        let before = paths::read(certificate(folder.path(), "ca")).unwrap();
        assert_eq!(ensure(folder.path(), &identity(), now).unwrap(), Vec::<&str>::new());
        let late = now + jiff::SignedDuration::from_hours(24 * 330);
        assert_eq!(ensure(folder.path(), &identity(), late).unwrap().len(), 11);
        assert_eq!(
            paths::read(certificate(folder.path(), "ca")).unwrap(),
            before,
            "the authority outlives its leaves"
        );
    }

    #[test]
    fn a_certificate_for_another_address_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        ensure(folder.path(), &identity(), now).unwrap();
        let moved = Identity { node_ip: "10.99.0.10".parse().unwrap(), ..identity() };
        assert_eq!(ensure(folder.path(), &moved, now).unwrap(), ["apiserver", "kubelet-serving"]);
    }
}
