//! What is said of a cluster: one pure function of what is wanted, what was said and what is seen.

use jiff::{SignedDuration, Timestamp};
use nagaya_api::{
    Cluster,
    agent::{ClusterFacts, NetworkPolicySupport},
    condition::{self, Condition},
    kinds::cluster::{
        AgentStatus, AgentUpdating, ClusterPhase, ClusterPower, ClusterStatus, IntentStatus, NodeStatus,
        ObjectError, Provider, Removal, Unconfirmed, WorkspaceCount,
    },
};

use crate::{
    model::Impostor,
    provider::{ProviderPhase, ProviderState},
};

/// An agent renews its certificate when two thirds of its 30 days are over. One that ends within this time was tried to
/// renew for days.
pub(crate) const STALE: SignedDuration = SignedDuration::from_hours(5 * 24);
/// What an API server may take to answer its agent, in milliseconds.
const SLOW: u64 = 1000;
/// Errors that are listed.
const ERRORS: usize = 200;
/// Objects that are listed as waiting for a person's word.
const UNCONFIRMED: usize = 1000;

/// What is seen of a cluster now.
#[derive(Clone, Debug, Default)]
pub struct ClusterSight<'a> {
    /// What its provider says.
    pub provider: Option<&'a ProviderState>,
    /// Why the provider could not do what it was last asked.
    pub failure: Option<&'a str>,
    /// The agent's version, if it is connected.
    pub agent: Option<&'a str>,
    /// Whether the server has just begun: agents that are not back yet are no news.
    pub settling: bool,
    /// The version the API server reports; empty when it is not known.
    pub kubernetes: &'a str,
    /// Its nodes, if they were reported.
    pub nodes: Option<&'a [NodeStatus]>,
    /// The revision it should hold.
    pub desired: u64,
    /// The revision it has applied.
    pub applied: u64,
    /// Whether what it has applied is what it should hold.
    pub up_to_date: bool,
    /// What could not be applied.
    pub errors: &'a [ObjectError],
    /// What would be removed once a person confirms it.
    pub unconfirmed: &'a [String],
    /// Identity of the server's data: what confirms that.
    pub incarnation: &'a str,
    /// What its agent tells besides, while it is connected.
    pub facts: Option<&'a ClusterFacts>,
    /// When its agent's newest certificate ends.
    pub certificate_ends: Option<Timestamp>,
    /// Why no intent can be sent.
    pub obstacle: Option<String>,
    /// Why the agent does not take the one that is sent.
    pub not_taken: Option<&'a str>,
    /// An agent of another cluster that says it is of this one.
    pub impostor: Option<&'a Impostor>,
    /// That its agent is being replaced, or was to be.
    pub update: Option<AgentUpdating>,
    /// Why its agent is of another version than the server, if it is: reason and words.
    pub other_version: Option<(&'static str, String)>,
    /// How many workspaces.
    pub workspaces: WorkspaceCount,
    /// How many are placed on it, deleted and purged ones too.
    pub placed: u32,
}

type Verdict = (ClusterPhase, &'static str, String);
/// Whether a condition holds; if not, reason and message.
type Judgement = Result<(), (&'static str, String)>;

/// The status of `cluster`, whose own `status` is what was said before.
pub fn cluster_status(cluster: &Cluster, sight: &ClusterSight<'_>, now: Timestamp) -> ClusterStatus {
    let previous = &cluster.status;
    // A cluster that its provider says is down or coming up has more than an agent away.
    let down = sight.provider.is_some_and(|state| state.phase != ProviderPhase::Running);
    if sight.settling && !down && sight.agent.is_none() && previous.agent.connected {
        return ClusterStatus { workspaces: sight.workspaces, ..previous.clone() };
    }
    let (phase, reason, message) = verdict(cluster, sight);
    let since = if previous.phase == phase && previous.reason == reason { previous.since } else { None };
    let connected = sight.agent.is_some();
    let mut conditions = previous.conditions.clone();
    for new in conditions_of(cluster, sight, now) {
        condition::set(&mut conditions, new);
    }
    let provider_version = sight.provider.map_or("", |state| state.version.as_str());
    let version = [sight.kubernetes, provider_version, previous.kubernetes_version.as_str()]
        .into_iter()
        .find(|version| !version.is_empty());
    ClusterStatus {
        phase,
        reason: reason.to_owned(),
        message,
        since: since.or(Some(now)),
        kubernetes_version: version.unwrap_or_default().to_owned(),
        nodes: sight.nodes.map_or_else(|| previous.nodes.clone(), <[_]>::to_vec),
        components: sight
            .provider
            .map_or_else(|| previous.components.clone(), |state| state.components.clone()),
        agent: AgentStatus {
            connected,
            version: sight.agent.map_or_else(|| previous.agent.version.clone(), str::to_owned),
            since: if previous.agent.connected == connected && previous.agent.since.is_some() {
                previous.agent.since
            } else {
                (connected || previous.agent.since.is_some()).then_some(now)
            },
            update: sight.update.clone(),
        },
        intent: IntentStatus {
            desired: sight.desired,
            applied: sight.applied,
            errors: sight.errors.iter().take(ERRORS).cloned().collect(),
            unconfirmed: (!sight.unconfirmed.is_empty()).then(|| Unconfirmed {
                count: u32::try_from(sight.unconfirmed.len()).unwrap_or(u32::MAX),
                objects: sight.unconfirmed.iter().take(UNCONFIRMED).cloned().collect(),
                incarnation: sight.incarnation.to_owned(),
            }),
        },
        facts: sight.facts.map_or_else(|| previous.facts.clone(), Clone::clone),
        workspaces: sight.workspaces,
        conditions,
    }
}

fn verdict(cluster: &Cluster, sight: &ClusterSight<'_>) -> Verdict {
    let plain = |phase| (phase, "", String::new());
    if cluster.metadata.deletion_timestamp.is_some() {
        return match sight.placed {
            0 => leaving(cluster, sight).unwrap_or_else(|| plain(ClusterPhase::Deleting)),
            some => (
                ClusterPhase::Deleting,
                "WorkspacesRemain",
                format!("{some} workspaces have their homes on it: purge them, then it goes"),
            ),
        };
    }
    if let Some(local) = &cluster.spec.local {
        let phase = sight.provider.map(|state| state.phase);
        let said = || sight.provider.map_or_else(String::new, |state| state.message.clone());
        if local.power == ClusterPower::Stopped {
            return match phase {
                Some(ProviderPhase::Absent | ProviderPhase::Stopped) => plain(ClusterPhase::Stopped),
                _ => (ClusterPhase::Stopping, "", said()),
            };
        }
        match phase {
            None | Some(ProviderPhase::Absent | ProviderPhase::Stopped) => {
                return match sight.failure {
                    Some(failure) => (ClusterPhase::Pending, "ProviderFailed", failure.to_owned()),
                    None => (ClusterPhase::Pending, "", said()),
                };
            }
            Some(ProviderPhase::Starting | ProviderPhase::Stopping) => {
                return match sight.failure {
                    Some(failure) => (ClusterPhase::Starting, "ProviderFailed", failure.to_owned()),
                    None => (ClusterPhase::Starting, "", said()),
                };
            }
            Some(ProviderPhase::Degraded) => return (ClusterPhase::Degraded, "ComponentDown", said()),
            Some(ProviderPhase::Running) => {}
        }
    }
    by_agent(cluster, sight)
}

/// What an imported cluster that is to go waits for.
fn leaving(cluster: &Cluster, sight: &ClusterSight<'_>) -> Option<Verdict> {
    let removal = Removal::of(cluster).filter(|removal| *removal != Removal::Forget)?;
    let name = &cluster.metadata.name;
    let (reason, message) = if sight.agent.is_none() {
        let mend = format!("bring it back, or forget the cluster: nagaya cluster delete {name} --force");
        ("AgentAway", format!("its agent is not connected, so nothing can be removed there: {mend}"))
    } else if let Some(failure) = sight.failure {
        ("FarewellFailed", format!("{failure}; it is tried again"))
    } else if removal == Removal::Keep {
        ("AgentLeaves", "its agent removes itself; what Nagaya put there stays".to_owned())
    } else if let Some(error) = sight.errors.first() {
        let mend = format!("mend it there, or let it stay: nagaya cluster delete {name} --keep-objects");
        ("ObjectsRemain", format!("{}: {}: {mend}", error.object, error.message))
    } else {
        ("ObjectsRemain", "what Nagaya put there is being removed".to_owned())
    };
    Some((ClusterPhase::Deleting, reason, message))
}

fn by_agent(cluster: &Cluster, sight: &ClusterSight<'_>) -> Verdict {
    if sight.agent.is_none() {
        let known = cluster.status.agent.since.is_some();
        if let Some(impostor) = sight.impostor {
            return (ClusterPhase::Unreachable, "AnotherCluster", another(cluster, impostor));
        }
        return match (known, cluster.spec.provider) {
            (true, _) => (
                ClusterPhase::Unreachable,
                "AgentAway",
                "its agent is not connected; what runs there goes on".to_owned(),
            ),
            (false, Provider::Local) => {
                (ClusterPhase::Starting, "AgentAwaited", "waiting until its agent connects".to_owned())
            }
            (false, Provider::Import) => (
                ClusterPhase::Pending,
                "AgentAwaited",
                format!(
                    "waiting for its agent: apply there what `nagaya cluster import {}` prints",
                    cluster.metadata.name
                ),
            ),
        };
    }
    let Some(nodes) = sight.nodes else {
        return (
            ClusterPhase::Starting,
            "NodesAwaited",
            "waiting for the first report of its nodes".to_owned(),
        );
    };
    if let Some(trouble) = nodes_trouble(nodes) {
        // A cluster whose node comes up for the first time is on its way, not degraded.
        let phase = match cluster.status.phase {
            ClusterPhase::Pending | ClusterPhase::Starting => ClusterPhase::Starting,
            _ => ClusterPhase::Degraded,
        };
        return (phase, "NodesNotReady", trouble);
    }
    if let Some(obstacle) = &sight.obstacle {
        return (ClusterPhase::Degraded, "IntentHeld", obstacle.clone());
    }
    if let Some(why) = sight.not_taken {
        return (ClusterPhase::Degraded, "IntentNotTaken", not_taken(why));
    }
    (ClusterPhase::Ready, "", String::new())
}

fn nodes_trouble(nodes: &[NodeStatus]) -> Option<String> {
    if nodes.is_empty() {
        return Some("it has no node".to_owned());
    }
    let down: Vec<String> = nodes
        .iter()
        .filter(|node| !node.ready)
        .map(|node| match node.problems.first() {
            Some(problem) => format!("{} ({problem})", node.name),
            None => node.name.clone(),
        })
        .collect();
    (!down.is_empty()).then(|| format!("not ready: {}", down.join(", ")))
}

fn conditions_of(cluster: &Cluster, sight: &ClusterSight<'_>, now: Timestamp) -> Vec<Condition> {
    let make = |kind: &str, verdict: Result<(), (&str, String)>| {
        let (status, reason, message) = match verdict {
            Ok(()) => (true, "AsWanted".to_owned(), String::new()),
            Err((reason, message)) => (false, reason.to_owned(), message),
        };
        Condition { kind: kind.to_owned(), status, reason, message, last_transition_time: now }
    };
    let agent = sight.agent.map(|_| ()).ok_or(("AgentAway", "its agent is not connected".to_owned()));
    let nodes = match sight.nodes.map(nodes_trouble) {
        Some(None) => Ok(()),
        Some(Some(trouble)) => Err(("NodesNotReady", trouble)),
        None => Err(("Unknown", "its nodes were not reported yet".to_owned())),
    };
    let intent = if let Some(obstacle) = &sight.obstacle {
        Err(("IntentHeld", obstacle.clone()))
    } else if let Some(why) = sight.not_taken {
        Err(("IntentNotTaken", not_taken(why)))
    } else if let Some(error) = sight.errors.first() {
        Err((
            "Errors",
            format!(
                "{} objects could not be applied, the first: {}: {}",
                sight.errors.len(),
                error.object,
                error.message
            ),
        ))
    } else if !sight.unconfirmed.is_empty() {
        Err((
            "ConfirmPrune",
            format!(
                "the server's data are of another history: {} objects wait to be removed until a person has seen them: nagaya cluster confirm {}",
                sight.unconfirmed.len(),
                cluster.metadata.name
            ),
        ))
    } else if sight.up_to_date {
        Ok(())
    } else {
        Err(("Applying", format!("revision {} is to be applied, {} is", sight.desired, sight.applied)))
    };
    let mut all =
        vec![make("AgentConnected", agent), make("NodesReady", nodes), make("IntentApplied", intent)];
    if cluster.spec.provider == Provider::Local {
        let components = match sight.provider {
            None => Err(("Unknown", "its provider has not told yet".to_owned())),
            Some(state) if state.phase == ProviderPhase::Running => Ok(()),
            Some(state) => Err(("NotRunning", components_trouble(state))),
        };
        all.push(make("ComponentsRunning", components));
    }
    match sight.impostor {
        Some(impostor) => {
            all.push(make("IdentityClear", Err(("AnotherCluster", another(cluster, impostor)))));
        }
        // Said only where it was in doubt.
        None if cluster.status.conditions.iter().any(|one| one.kind == "IdentityClear") => {
            all.push(make("IdentityClear", Ok(())));
        }
        None => {}
    }
    all.extend(health(sight, now).into_iter().map(|(kind, verdict)| make(kind, verdict)));
    all
}

fn not_taken(why: &str) -> String {
    format!(
        "its agent does not take what it should hold: {why}. It is sent again; what runs there stays as it is"
    )
}

/// Who claims to be this cluster, and what to do about it.
fn another(cluster: &Cluster, impostor: &Impostor) -> String {
    let (name, Impostor { known, uid, peer }) = (&cluster.metadata.name, impostor);
    format!(
        "an agent at {peer} says that it is of this cluster, but its namespace kube-system has the uid {uid}, and this \
         cluster's {known}: it is not let in. If that one is meant from now on: nagaya cluster import {name} --replace; \
         else remove the agent there"
    )
}

/// What is said of how well server and cluster know each other, as far as it is known.
fn health(sight: &ClusterSight<'_>, now: Timestamp) -> Vec<(&'static str, Judgement)> {
    let mut all = Vec::new();
    if let Some(ends) = sight.certificate_ends {
        let verdict = if ends <= now {
            let mend = "it needs a new join token: run `nagaya cluster import` for it again";
            Err(("CertificateExpired", format!("its agent's certificate ended at {ends:.0}: {mend}")))
        } else if ends <= now + STALE {
            let mend = "look at the agent's log for why it does not renew it";
            Err(("NotRenewed", format!("its agent's certificate ends at {ends:.0}: {mend}")))
        } else {
            Ok(())
        };
        all.push(("CertificateFresh", verdict));
    }
    if let Some(version) = sight.agent.filter(|version| !version.is_empty()) {
        let ours = env!("CARGO_PKG_VERSION");
        let other = || {
            let plain =
                || ("OtherVersion", format!("its agent is of version {version}, the server of {ours}"));
            sight.other_version.clone().unwrap_or_else(plain)
        };
        all.push(("AgentCurrent", if version == ours { Ok(()) } else { Err(other()) }));
    }
    let Some(facts) = sight.facts else { return all };
    if let Some(took) = facts.kubernetes_latency_ms {
        let slow = || format!("its API server took {took} ms to answer its agent");
        all.push(("ApiResponsive", if took < SLOW { Ok(()) } else { Err(("Slow", slow())) }));
    }
    let policies = match facts.network_policy {
        NetworkPolicySupport::Enforced => Ok(()),
        NetworkPolicySupport::NotEnforced => Err(("NotEnforced", unenforced(facts))),
        NetworkPolicySupport::Unknown => Err((
            "NotKnown",
            match facts.network_policy_why.as_str() {
                "" => "it is not known whether its network enforces NetworkPolicies".to_owned(),
                why => format!("it is not known whether its network enforces NetworkPolicies: {why}"),
            },
        )),
    };
    all.push(("NetworkPolicyEnforced", policies));
    all
}

fn unenforced(facts: &ClusterFacts) -> String {
    let name = if facts.network.is_empty() { String::new() } else { format!(" ({})", facts.network) };
    let why = match facts.network_policy_why.as_str() {
        "" => String::new(),
        why => format!(" ({why})"),
    };
    format!("its network{name} enforces no NetworkPolicy: those that are applied have no effect{why}")
}

fn components_trouble(state: &ProviderState) -> String {
    let down: Vec<&str> =
        state.components.iter().filter(|one| !one.ready).map(|one| one.name.as_str()).collect();
    if down.is_empty() { state.message.clone() } else { format!("not running: {}", down.join(", ")) }
}
