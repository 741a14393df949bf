//! Why a pod's volumes are not mounted, told from kubelet's events: what mends itself apart from what needs somebody.

use jiff::SignedDuration;
use nagaya_api::kinds::workspace::EventLine;

use super::trouble::{Reason, Trouble, sentence};

/// What stands by itself for longer than this does not pass: kubelet tries again at the latest every 122 seconds
/// (`exponentialbackoff.maxDurationBeforeRetry`), and homes are mounted within seconds of their provisioner's start.
const LASTING: SignedDuration = SignedDuration::from_mins(5);

/// What kubelet says while the machine or the cluster around it is still coming up, by the files of Kubernetes that say
/// it. A node that was restarted says each of them for a moment, with the home safe on its disk.
const PASSING: [&str; 6] = [
    // volume/util/hostutil: a local volume whose home the provisioner has not mounted again yet.
    "\" does not exist",
    // plugin/pkg/auth/authorizer/node: the API server has not read the pod yet, so its node may not read what it uses.
    "no relationship found between node",
    // kubelet/util/manager/watch_based_manager.go: the relay's Secret has not been read yet.
    "failed to sync secret cache",
    "failed to sync configmap cache",
    // kubelet/util/manager/cache_based_manager.go: nor has kubelet taken the pod in.
    "not registered",
    // The API server is not up yet.
    "connect: connection refused",
];

/// How kubelet sums up volumes that it waited for in vain (kubelet/kubelet.go): it says which, not why.
const SUMMARY: &str = "Unable to attach or mount volumes";

/// What the newest event tells about a mount that failed. The events are those of the present start.
pub(super) fn trouble<'a>(events: impl Iterator<Item = &'a EventLine>) -> Option<Trouble> {
    let event = events
        .filter(|event| event.object.starts_with("Pod/"))
        .filter(|event| event.reason == "FailedMount" || event.reason == "FailedAttachVolume")
        .max_by_key(|event| (names_a_cause(&event.message), event.at))?;
    // From the event's own times: the same events give the same answer, whenever they are looked at.
    let lasted = event.first.map_or(SignedDuration::ZERO, |first| event.at.duration_since(first));
    if lasted < LASTING && passes(&event.message) {
        return Some(Trouble::new(Reason::HomePending, "waiting until its home is mounted on its node"));
    }
    let why = sentence(&event.message);
    Some(Trouble::new(Reason::HomeFailed, format!("a volume of it cannot be mounted: {why}")))
}

fn names_a_cause(message: &str) -> bool {
    !message.starts_with(SUMMARY) || PASSING.iter().any(|words| message.contains(words))
}

fn passes(message: &str) -> bool {
    // A summary without a cause is kubelet's patience of two minutes, which a cold start may exceed.
    !names_a_cause(message) || PASSING.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::Timestamp;

    use super::*;

    fn failed(first: i64, last: i64, message: &str) -> EventLine {
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        EventLine {
            first: Some(at(first)),
            at: at(last),
            kind: "Warning".into(),
            reason: "FailedMount".into(),
            object: "Pod/java-1-0".into(),
            message: message.into(),
            count: 3,
        }
    }

    fn reason(events: &[EventLine]) -> Reason {
        trouble(events.iter()).unwrap().reason
    }

    // As Kubernetes 1.20 and 1.35 write them: operation_executor.go joins 'MountVolume.… failed for volume "…" : ' and
    // the cause.
    const NOT_MOUNTED: &str = "MountVolume.NewMounter initialization failed for volume \"home-3f0c\" : path \"/var/lib/nagaya/main/clusters/java/homes/home-3f0c/content\" does not exist";
    const NOT_KNOWN: &str = "Unable to attach or mount volumes: unmounted volumes=[home], unattached volumes=[home shm tmp relay]: error processing PVC java/home-java-1: failed to fetch PVC from API server: persistentvolumeclaims \"home-java-1\" is forbidden: User \"system:node:java\" cannot get resource \"persistentvolumeclaims\" in API group \"\" in the namespace \"java\": no relationship found between node 'java' and this object";
    const NOT_SYNCED: &str = "MountVolume.SetUp failed for volume \"relay\" : failed to sync secret cache: timed out waiting for the condition";
    const NOT_REGISTERED: &str =
        "MountVolume.SetUp failed for volume \"relay\" : object \"java\"/\"java-1-relay\" not registered";
    const NO_API: &str = "MountVolume.SetUp failed for volume \"relay\" : Get \"https://10.9.0.2:6443/api/v1/namespaces/java/secrets/java-1-relay\": dial tcp 10.9.0.2:6443: connect: connection refused";
    const TIMED_OUT: &str = "Unable to attach or mount volumes: unmounted volumes=[home], unattached volumes=[home shm tmp relay]: timed out waiting for the condition";
    const BROKEN: &str = "MountVolume.SetUp failed for volume \"home-3f0c\" : mount failed: exit status 32\nMounting command: mount\nOutput: mount: wrong fs type, bad option, bad superblock";
    const NO_SECRET: &str =
        "MountVolume.SetUp failed for volume \"relay\" : secret \"java-1-relay\" not found";

    #[test]
    fn what_a_restart_says_is_waited_for_and_then_failed() {
        for message in [NOT_MOUNTED, NOT_KNOWN, NOT_SYNCED, NOT_REGISTERED, NO_API, TIMED_OUT] {
            assert_eq!(reason(&[failed(0, 0, message)]), Reason::HomePending, "{message}");
            assert_eq!(reason(&[failed(0, 299, message)]), Reason::HomePending, "{message}");
            assert_eq!(reason(&[failed(0, 300, message)]), Reason::HomeFailed, "{message}");
        }
    }

    #[test]
    fn another_cause_has_failed_at_once() {
        for message in [BROKEN, NO_SECRET] {
            let told = trouble([failed(0, 0, message)].iter()).unwrap();
            assert_eq!(told.reason, Reason::HomeFailed);
            assert!(told.message.starts_with("a volume of it cannot be mounted: MountVolume"), "{told:?}");
        }
    }

    #[test]
    fn the_newest_cause_counts_and_a_summary_hides_none() {
        assert_eq!(reason(&[failed(0, 400, NOT_MOUNTED), failed(500, 501, NOT_SYNCED)]), Reason::HomePending);
        assert_eq!(reason(&[failed(500, 501, BROKEN), failed(0, 400, NOT_MOUNTED)]), Reason::HomeFailed);
        assert_eq!(reason(&[failed(0, 100, BROKEN), failed(120, 120, TIMED_OUT)]), Reason::HomeFailed);
    }

    #[test]
    fn only_the_pods_own_mounts_count() {
        let scheduling = EventLine { reason: "FailedScheduling".into(), ..failed(0, 0, "0/1 nodes") };
        let claim =
            EventLine { object: "PersistentVolumeClaim/home-java-1".into(), ..failed(0, 0, NOT_MOUNTED) };
        assert_eq!(trouble([scheduling, claim].iter()), None);
    }
}
