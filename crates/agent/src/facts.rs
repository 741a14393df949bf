//! What the server is told of a cluster besides what it holds: version, answering time, network, certificate.

use std::time::{Duration, Instant};

use k8s_openapi::api::apps::v1::DaemonSet;
use k8s_openapi::api::core::v1::Container;
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt};
use nagaya_api::agent::NetworkPolicySupport;
use nagaya_tunnel::Identity;
use tokio::sync::watch;

use crate::identity::ends;
use crate::report::Reports;

/// How often the API server's version is asked for: it changes under an agent when its cluster is upgraded. The time
/// that it takes is told as the API server's.
const VERSION_EVERY: Duration = Duration::from_secs(60);
/// How often the network is looked at: it is changed by hand, and rarely.
const NETWORK_EVERY: Duration = Duration::from_secs(600);
/// Between attempts while the API server does not answer.
const AGAIN: Duration = Duration::from_secs(2);
/// Objects in a page of a list.
const PAGE: u32 = 50;

/// Networks that enforce policies, by the DaemonSet that does it on each node.
const ENFORCING: &[(&str, &str)] = &[
    ("calico-node", "Calico"),
    ("canal", "Canal"),
    ("rke2-canal", "Canal"),
    ("cilium", "Cilium"),
    ("anetd", "Cilium (GKE Dataplane V2)"),
    ("antrea-agent", "Antrea"),
    ("kube-router", "kube-router"),
    ("weave-net", "Weave Net"),
    ("ovnkube-node", "OVN-Kubernetes"),
    ("kube-ovn-cni", "Kube-OVN"),
    ("azure-npm", "Azure NPM"),
];
/// Networks that carry packets only.
const CARRYING: &[(&str, &str)] =
    &[("kube-flannel-ds", "Flannel"), ("kube-flannel", "Flannel"), ("aws-node", "Amazon VPC CNI")];

/// Keeps the API server's version and answering time known.
pub async fn versions(client: Client, reports: Reports) {
    loop {
        let begun = Instant::now();
        let pause = match client.apiserver_version().await {
            Ok(version) => {
                let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
                reports.facts(|facts| facts.kubernetes_latency_ms = Some(took));
                reports.kubernetes(&version.git_version);
                VERSION_EVERY
            }
            Err(error) => {
                tracing::debug!(%error, "the API server's version is not known");
                AGAIN
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Keeps known whether the network enforces policies.
pub async fn network(client: Client, reports: Reports) {
    let sets: Api<DaemonSet> = Api::all(client);
    loop {
        let pause = match all(&sets).await {
            Ok(sets) => {
                let (support, name) = judge(&sets);
                reports.facts(|facts| {
                    facts.network_policy = support;
                    name.clone_into(&mut facts.network);
                });
                NETWORK_EVERY
            }
            Err(error) => {
                tracing::debug!(%error, "the DaemonSets could not be listed");
                AGAIN
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Name and containers of each DaemonSet, page by page.
async fn all(sets: &Api<DaemonSet>) -> Result<Vec<(String, Vec<Container>)>, kube::Error> {
    let mut params = ListParams::default().limit(PAGE);
    let mut found = Vec::new();
    loop {
        let page = sets.list(&params).await?;
        found.extend(page.items.into_iter().map(|set| {
            let name = set.name_any();
            (name, set.spec.template.spec.map(|pod| pod.containers).unwrap_or_default())
        }));
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => params = params.continue_token(&token),
            None => return Ok(found),
        }
    }
}

/// Tells by the DaemonSets that networks are known by. Nothing is tried out: a network that is set up not to enforce,
/// and one without a DaemonSet (k3s), are not told from others, and what is not known is said to be unknown.
fn judge(sets: &[(String, Vec<Container>)]) -> (NetworkPolicySupport, &'static str) {
    let known = |list: &[(&str, &'static str)]| {
        let of = |name: &str| list.iter().find(|(set, _)| *set == name).map(|(_, network)| *network);
        sets.iter().find_map(|(name, _)| of(name))
    };
    if let Some(network) = known(ENFORCING) {
        return (NetworkPolicySupport::Enforced, network);
    }
    let containers = || sets.iter().flat_map(|(_, containers)| containers);
    // SIG Network's own enforcer, beside whatever carries the packets (newer kindnet and Flannel have it built in).
    let image = |one: &Container| one.image.clone().unwrap_or_default();
    if containers().any(|one| image(one).contains("kube-network-policies")) {
        return (NetworkPolicySupport::Enforced, "kube-network-policies");
    }
    let amazon = |one: &Container| {
        let enabled = |arg: &String| arg == "--enable-network-policy=true";
        one.name == "aws-eks-nodeagent" && one.args.iter().flatten().any(enabled)
    };
    if containers().any(amazon) {
        return (NetworkPolicySupport::Enforced, "Amazon VPC CNI");
    }
    match known(CARRYING) {
        Some(network) => (NetworkPolicySupport::NotEnforced, network),
        None => (NetworkPolicySupport::Unknown, ""),
    }
}

/// Keeps the end of the agent's certificate known.
pub async fn certificate(mut identity: watch::Receiver<Identity>, reports: Reports) {
    loop {
        let expires = ends(&identity.borrow_and_update());
        reports.facts(|facts| facts.certificate_expires = expires);
        if identity.changed().await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, container: Container) -> (String, Vec<Container>) {
        (name.to_owned(), vec![container])
    }

    fn plain(name: &str) -> (String, Vec<Container>) {
        set(name, Container::default())
    }

    #[test]
    fn a_policy_counts_as_enforced_only_where_something_known_enforces_it() {
        use NetworkPolicySupport::{Enforced, NotEnforced, Unknown};
        let agent = |arg: &str| Container {
            name: "aws-eks-nodeagent".into(),
            args: Some(vec![arg.to_owned()]),
            ..Container::default()
        };
        let enforcer = Container {
            image: Some("registry.k8s.io/networking/kube-network-policies:v0.8.0".into()),
            ..Container::default()
        };
        for (sets, expected) in [
            (vec![], (Unknown, "")),
            (vec![plain("kindnet")], (Unknown, "")),
            (vec![plain("kube-proxy"), plain("cilium")], (Enforced, "Cilium")),
            (vec![plain("kube-flannel-ds")], (NotEnforced, "Flannel")),
            (vec![plain("kube-flannel-ds"), plain("calico-node")], (Enforced, "Calico")),
            (vec![plain("kube-flannel-ds"), set("x", enforcer)], (Enforced, "kube-network-policies")),
            (vec![set("aws-node", agent("--enable-network-policy=false"))], (NotEnforced, "Amazon VPC CNI")),
            (vec![set("aws-node", agent("--enable-network-policy=true"))], (Enforced, "Amazon VPC CNI")),
        ] {
            assert_eq!(judge(&sets), expected, "{sets:?}");
        }
    }
}
