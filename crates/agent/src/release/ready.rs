//! Whether an object of a release does what it is there for. Workloads as in [`crate::enforce::ready`]; here also what
//! charts wait for besides, by the rules of kstatus
//! (<https://pkg.go.dev/sigs.k8s.io/cli-utils/pkg/kstatus/status>).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use nagaya_helm::action::{Key, Readiness};
use serde::Deserialize;
use serde_json::Value;

use crate::enforce::ready::trouble;

struct Live<'a>(&'a Value);

impl<'a> Live<'a> {
    fn text(&self, pointer: &str) -> &'a str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// Status, reason and message of a condition.
    fn condition(&self, kind: &str) -> Option<(&'a str, &'a str, &'a str)> {
        let all = self.0.pointer("/status/conditions")?.as_array()?;
        let one = all.iter().find(|one| one["type"] == kind)?;
        let text = |name: &str| one[name].as_str().unwrap_or_default();
        Some((text("status"), text("reason"), text("message")))
    }

    /// Ready once the condition is true.
    fn once(&self, kind: &str, else_why: &str) -> Readiness {
        match self.condition(kind) {
            Some(("True", ..)) => Readiness::Ready,
            Some((_, reason, message)) if !message.is_empty() => {
                Readiness::NotYet(format!("{reason}: {message}"))
            }
            _ => Readiness::NotYet(else_why.to_owned()),
        }
    }
}

/// Whether an object that is there is ready.
pub(super) fn readiness(key: &Key, live: &Value) -> Readiness {
    let object = Live(live);
    if !live["metadata"]["deletionTimestamp"].is_null() {
        return Readiness::NotYet("it is being removed".to_owned());
    }
    match (key.group(), key.kind.as_str()) {
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet") | ("batch", "Job") => workload(key, live),
        ("", "Pod") => match (object.text("/status/phase"), object.condition("Ready")) {
            ("Succeeded", _) | (_, Some(("True", ..))) => Readiness::Ready,
            ("Failed", _) => Readiness::Never(failure(&object)),
            ("", _) => Readiness::NotYet("it has not begun".to_owned()),
            (phase, _) => Readiness::NotYet(format!("it is {phase}")),
        },
        ("", "PersistentVolumeClaim") => match object.text("/status/phase") {
            "Bound" => Readiness::Ready,
            "Lost" => Readiness::Never("its volume is lost".to_owned()),
            _ => Readiness::NotYet("it has no volume yet".to_owned()),
        },
        ("", "Service") => {
            let balanced = object.text("/spec/type") == "LoadBalancer";
            let given = live.pointer("/status/loadBalancer/ingress").and_then(Value::as_array);
            match balanced && given.is_none_or(Vec::is_empty) {
                true => Readiness::NotYet("it has no address from a load balancer yet".to_owned()),
                false => Readiness::Ready,
            }
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => match object.condition("NamesAccepted") {
            Some(("False", reason, message)) => Readiness::Never(format!("{reason}: {message}")),
            _ => object.once("Established", "the API server does not know it yet"),
        },
        ("apiregistration.k8s.io", "APIService") => object.once("Available", "it is not available"),
        // Kinds that others brought, by the convention that most of them keep.
        (group, _) if group.contains('.') && !group.ends_with(".k8s.io") => match object.condition("Ready") {
            Some(("False", reason, message)) => Readiness::NotYet(format!("{reason}: {message}")),
            _ => Readiness::Ready,
        },
        _ => Readiness::Ready,
    }
}

fn workload(key: &Key, live: &Value) -> Readiness {
    let metadata = ObjectMeta::deserialize(&live["metadata"]).unwrap_or_default();
    let Some(why) = trouble(key.group(), &key.kind, &metadata, live) else { return Readiness::Ready };
    let object = Live(live);
    let failed = matches!(object.condition("Failed"), Some(("True", ..)));
    let stuck = matches!(object.condition("Progressing"), Some((_, "ProgressDeadlineExceeded", _)));
    match failed || stuck {
        true => Readiness::Never(why),
        false => Readiness::NotYet(why),
    }
}

/// Whether a hook has come to its end: Jobs and Pods have one, everything else is done once it is there.
pub(super) fn completion(key: &Key, live: &Value) -> Readiness {
    let object = Live(live);
    match (key.group(), key.kind.as_str()) {
        ("batch", "Job") => match (object.condition("Failed"), object.condition("Complete")) {
            (Some(("True", reason, message)), _) => Readiness::Never(format!("{reason}: {message}")),
            (_, Some(("True", ..))) => Readiness::Ready,
            _ => Readiness::NotYet("it is at work".to_owned()),
        },
        ("", "Pod") => match object.text("/status/phase") {
            "Succeeded" => Readiness::Ready,
            "Failed" => Readiness::Never(failure(&object)),
            _ => Readiness::NotYet("it is at work".to_owned()),
        },
        _ => Readiness::Ready,
    }
}

/// Why a pod failed: what it says, or how its containers ended.
fn failure(object: &Live<'_>) -> String {
    let said = [object.text("/status/reason"), object.text("/status/message")].join(" ");
    if !said.trim().is_empty() {
        return said.trim().to_owned();
    }
    let containers = object.0.pointer("/status/containerStatuses").and_then(Value::as_array);
    let ended = containers.into_iter().flatten().find_map(|one| {
        let code = one.pointer("/state/terminated/exitCode")?.as_i64().filter(|code| *code != 0)?;
        Some(format!("container {} ended with code {code}", one["name"].as_str().unwrap_or_default()))
    });
    ended.unwrap_or_else(|| "it failed".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(api_version: &str, kind: &str) -> Key {
        Key { api_version: api_version.into(), kind: kind.into(), namespace: "n".into(), name: "x".into() }
    }

    fn conditions(kind: &str, status: &str) -> Value {
        json!({"metadata": {}, "spec": {}, "status": {"startTime": "x", "conditions": [
            {"type": kind, "status": status, "reason": "R", "message": "m"}]}})
    }

    #[test]
    fn each_kind_is_ready_by_its_own_sign() {
        let pod = |phase: &str| json!({"metadata": {}, "status": {"phase": phase}});
        let (ready, not_yet, never) = ("ready", "not yet", "never");
        let cases = [
            (key("v1", "ConfigMap"), json!({"metadata": {}}), ready),
            (key("v1", "Pod"), pod("Pending"), not_yet),
            (key("v1", "Pod"), conditions("Ready", "True"), ready),
            (key("v1", "Pod"), pod("Failed"), never),
            (key("v1", "PersistentVolumeClaim"), pod("Bound"), ready),
            (key("v1", "PersistentVolumeClaim"), pod("Pending"), not_yet),
            (key("v1", "Service"), json!({"metadata": {}, "spec": {"type": "ClusterIP"}}), ready),
            (key("v1", "Service"), json!({"metadata": {}, "spec": {"type": "LoadBalancer"}}), not_yet),
            (key("apiextensions.k8s.io/v1", "CustomResourceDefinition"), json!({"metadata": {}}), not_yet),
            (
                key("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
                conditions("Established", "True"),
                ready,
            ),
            (key("cert-manager.io/v1", "Certificate"), conditions("Ready", "False"), not_yet),
            (key("networking.k8s.io/v1", "Ingress"), conditions("Ready", "False"), ready),
            (key("batch/v1", "Job"), conditions("Failed", "True"), never),
            (key("batch/v1", "Job"), conditions("Complete", "True"), ready),
            (key("apps/v1", "Deployment"), json!({"metadata": {}}), not_yet),
            (key("v1", "Secret"), json!({"metadata": {"deletionTimestamp": "x"}}), not_yet),
        ];
        for (key, live, expected) in cases {
            let found = match readiness(&key, &live) {
                Readiness::Ready => ready,
                Readiness::NotYet(_) => not_yet,
                Readiness::Never(_) => never,
            };
            assert_eq!(found, expected, "{key}: {live}");
        }
    }

    #[test]
    fn a_hook_is_done_when_its_job_is() {
        let job = key("batch/v1", "Job");
        assert_eq!(completion(&job, &conditions("Complete", "True")), Readiness::Ready);
        assert_eq!(completion(&job, &conditions("Failed", "True")), Readiness::Never("R: m".into()));
        assert!(matches!(completion(&job, &json!({})), Readiness::NotYet(_)));
        let failed = json!({"status": {"phase": "Failed", "containerStatuses": [
            {"name": "a", "state": {"terminated": {"exitCode": 0}}}, {"name": "b", "state": {"terminated": {"exitCode": 3}}}]}});
        let why = Readiness::Never("container b ended with code 3".into());
        assert_eq!(completion(&key("v1", "Pod"), &failed), why);
        assert_eq!(completion(&key("v1", "ConfigMap"), &json!({})), Readiness::Ready);
    }
}
