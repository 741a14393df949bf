//! Whether the cluster's network enforces NetworkPolicies: by what is known of the network, and by trying.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::DaemonSet;
use k8s_openapi::api::core::v1::Container;
use kube::api::ListParams;
use kube::{Api, ResourceExt};
use nagaya_api::agent::{ClusterFacts, NetworkPolicySupport};
use tokio::sync::watch;

use super::AGAIN;
use crate::probe::{Probe, Verdict, sweep};
use crate::report::Reports;

/// How often the network is looked at: it is changed by hand, and rarely.
const EVERY: Duration = Duration::from_secs(600);
/// How often it is tried out.
const SURE: SignedDuration = SignedDuration::from_hours(24);
/// How soon it is tried again when nothing was found out.
const UNSURE: SignedDuration = SignedDuration::from_mins(30);
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

/// What the network is known by: whether it enforces, and its name.
type Known = (NetworkPolicySupport, &'static str);

/// A probe that was made.
#[derive(Clone, Debug)]
struct Tried {
    at: Timestamp,
    /// What the network was known by then.
    known: Known,
    verdict: Verdict,
}

/// Keeps known whether the network enforces policies. Of several agents the one that enforces tries it out, when it
/// begins to, when the network is another than it was, and once a day.
pub async fn keep(probe: Probe, mut leads: watch::Receiver<bool>, reports: Reports) {
    let sets: Api<DaemonSet> = Api::all(probe.client.clone());
    let mut tried: Option<Tried> = None;
    let mut swept = false;
    loop {
        let pause = match all(&sets).await {
            Ok(sets) => {
                let known = judge(&sets);
                reports.facts(|facts| tell(facts, known, tried.as_ref()));
                let leads = *leads.borrow_and_update();
                if leads && !swept {
                    match sweep(&probe).await {
                        Ok(()) => swept = true,
                        Err(error) => {
                            tracing::debug!(%error, "leftovers of network probes could not be looked for")
                        }
                    }
                }
                if leads && is_due(known, tried.as_ref(), Timestamp::now()) {
                    let verdict = probe.run().await;
                    tracing::info!(
                        ?verdict,
                        network = known.1,
                        "tried whether the network enforces NetworkPolicies"
                    );
                    tried = Some(Tried { at: Timestamp::now(), known, verdict });
                    reports.facts(|facts| tell(facts, known, tried.as_ref()));
                }
                EVERY
            }
            Err(error) => {
                tracing::debug!(%error, "the DaemonSets could not be listed");
                AGAIN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // The Lease's keeper lives as long as this does.
            Ok(()) = leads.changed() => {}
        }
    }
}

fn is_due(known: Known, tried: Option<&Tried>, now: Timestamp) -> bool {
    tried.is_none_or(|tried| {
        let good = if matches!(tried.verdict, Verdict::Unknown(_)) { UNSURE } else { SURE };
        tried.known != known || now >= tried.at + good
    })
}

/// What was tried counts before what is known by name.
fn tell(facts: &mut ClusterFacts, known: Known, tried: Option<&Tried>) {
    let by_name = match known.0 {
        NetworkPolicySupport::Unknown => "",
        _ => ": that is told by its DaemonSet only",
    };
    let (support, why, at) = match tried.map(|tried| (&tried.verdict, tried.at)) {
        Some((Verdict::Enforced, at)) => (NetworkPolicySupport::Enforced, String::new(), Some(at)),
        Some((Verdict::NotEnforced, at)) => {
            let why = "a pod stayed reachable under a policy that lets nothing in";
            (NetworkPolicySupport::NotEnforced, why.to_owned(), Some(at))
        }
        Some((Verdict::Unknown(why), at)) => (known.0, format!("{why}{by_name}"), Some(at)),
        None => (known.0, format!("it was not tried yet{by_name}"), None),
    };
    facts.network_policy = support;
    known.1.clone_into(&mut facts.network);
    facts.network_policy_why = why;
    facts.network_tried = at;
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

/// Tells by the DaemonSets that networks are known by. A network that is set up not to enforce, and one without a
/// DaemonSet (k3s), are not told from others: that is what trying is for.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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

    #[test]
    fn what_was_tried_counts_before_what_is_known_by_name() {
        use NetworkPolicySupport::{Enforced, NotEnforced, Unknown};
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let told = |known, verdict: Option<Verdict>| {
            let tried = verdict.map(|verdict| Tried { at, known, verdict });
            let mut facts = ClusterFacts::default();
            tell(&mut facts, known, tried.as_ref());
            (facts.network_policy, facts.network_tried.is_some(), facts.network_policy_why)
        };
        let unsure = || Some(Verdict::Unknown("no image".into()));
        assert_eq!(
            told((Enforced, "Calico"), Some(Verdict::NotEnforced)).0,
            NotEnforced,
            "it is switched off"
        );
        assert_eq!(told((Unknown, ""), Some(Verdict::Enforced)), (Enforced, true, String::new()));
        assert_eq!(told((Unknown, ""), unsure()), (Unknown, true, "no image".into()));
        let (support, _, why) = told((Enforced, "Calico"), unsure());
        assert!(support == Enforced && why.starts_with("no image: that is told by"), "{why}");
        assert_eq!(told((Unknown, ""), None), (Unknown, false, "it was not tried yet".into()));
    }

    #[test]
    fn it_is_tried_once_a_day_or_when_the_network_is_another_and_sooner_when_nothing_was_found() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let known = (NetworkPolicySupport::Unknown, "");
        let sure = Tried { at, known, verdict: Verdict::NotEnforced };
        assert!(is_due(known, None, at));
        assert!(!is_due(known, Some(&sure), at + SignedDuration::from_hours(23)));
        assert!(is_due(known, Some(&sure), at + SignedDuration::from_hours(24)));
        assert!(is_due((NetworkPolicySupport::Enforced, "Calico"), Some(&sure), at));
        let unsure = Tried { verdict: Verdict::Unknown(String::new()), ..sure };
        assert!(is_due(known, Some(&unsure), at + SignedDuration::from_mins(30)));
    }
}
