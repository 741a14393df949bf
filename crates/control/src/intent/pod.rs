//! The pod of a workspace: the desktop, and the relay at its door.

use std::collections::BTreeMap;

use nagaya_api::{
    Image, Template, Workspace,
    agent::{RELAY_PORT, RELAY_READY_PORT},
    kinds::template::{Protocol, Resources},
};
use serde_json::{Value, json};

use super::{World, claim_name, relay};
use crate::version::Minor;

/// Where homes are mounted.
const HOME: &str = "/home/dev";
/// Where the relay reads its Secret.
const SECRET_DIR: &str = "/run/nagaya/relay";
/// The user of the desktop; the home belongs to the group of the same number.
const USER: u32 = 1000;
/// The user of the relay: another one, so that the desktop's programs can neither read its key in /proc nor end it.
const RELAY_USER: u32 = 65532;
/// A desktop ends within two seconds of SIGTERM; the rest is for programs that save.
const GRACE_SECONDS: u32 = 10;
/// How long one probe waits for the desktop: with it a probe succeeds the moment the desktop answers, and not at the
/// next whole second.
const PROBE_WAIT_SECONDS: u32 = 10;
/// A full /tmp ends its own workspace before it fills the node's disk.
const TMP_LIMIT: &str = "8Gi";

pub(super) fn spec(workspace: &Workspace, template: &Template, image: &Image, world: &World<'_>) -> Value {
    json!({
        "automountServiceAccountToken": false,
        "enableServiceLinks": false,
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": true,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": { "type": "RuntimeDefault" },
        },
        // The desktop first: containers start one after the other, and it takes longer than the relay.
        "containers": [desktop(workspace, template, image), door(template, world)],
        "volumes": [
            { "name": "home", "persistentVolumeClaim": { "claimName": claim_name(&workspace.metadata.name) } },
            // Browsers need more shared memory than a container's 64 MiB; it counts against the memory limit.
            { "name": "shm", "emptyDir": { "medium": "Memory" } },
            { "name": "tmp", "emptyDir": { "sizeLimit": TMP_LIMIT } },
            { "name": "relay", "secret": { "secretName": relay::secret_name(&workspace.metadata.name), "defaultMode": 0o440 } },
        ],
    })
}

fn desktop(workspace: &Workspace, template: &Template, image: &Image) -> Value {
    json!({
        "name": "workspace",
        "image": image.spec.reference,
        "imagePullPolicy": pull_policy(&image.spec.reference),
        "env": environment(workspace, template),
        "resources": template.spec.resources.as_ref().map(resources),
        "securityContext": confined(),
        "volumeMounts": [
            { "name": "home", "mountPath": HOME },
            { "name": "shm", "mountPath": "/dev/shm" },
            { "name": "tmp", "mountPath": "/tmp" },
        ],
    })
}

fn door(template: &Template, world: &World<'_>) -> Value {
    let mut args = vec![
        format!("--listen=0.0.0.0:{RELAY_PORT}"),
        format!("--secret-dir={SECRET_DIR}"),
        format!("--cluster={}", world.cluster),
        format!("--ready=0.0.0.0:{RELAY_READY_PORT}"),
        format!("--wait={PROBE_WAIT_SECONDS}"),
    ];
    // The pod is ready when its first port answers, which is the one that "Open" shows.
    if template.spec.ports.first().is_some_and(|first| first.protocol == Protocol::Rfb) {
        args.push("--rfb".to_owned());
    }
    args.extend(template.spec.ports.iter().map(|port| format!("--port={}", port.port)));
    let mut security = confined();
    security["runAsUser"] = RELAY_USER.into();
    security["runAsGroup"] = RELAY_USER.into();
    security["readOnlyRootFilesystem"] = true.into();
    json!({
        "name": "relay",
        "image": world.settings.relay_image,
        "imagePullPolicy": pull_policy(&world.settings.relay_image),
        "args": args,
        "ports": [{ "name": "relay", "containerPort": RELAY_PORT, "protocol": "TCP" }],
        "readinessProbe": readiness(world.version),
        "resources": {
            "requests": { "cpu": "5m", "memory": "8Mi" },
            "limits": { "memory": "64Mi" },
        },
        "securityContext": security,
        "volumeMounts": [{ "name": "relay", "mountPath": SECRET_DIR, "readOnly": true }],
    })
}

/// Kubelet asks the relay, which looks at the desktop: an exec instead of a request was measured to cost 5 % of a core a
/// workspace when it runs each second. NetworkPolicies never keep a pod's own node away from it.
fn readiness(version: Minor) -> Value {
    json!({
        "httpGet": { "path": "/ready", "port": RELAY_READY_PORT, "scheme": "HTTP" },
        // Seldom, where kubelet makes the first one at once anyway, and elsewhere as often as a person who waits is worth.
        "periodSeconds": if version.probes_at_once() { 10 } else { 2 },
        "timeoutSeconds": PROBE_WAIT_SECONDS + 2,
        "failureThreshold": 3,
    })
}

/// What every container gives up.
fn confined() -> Value {
    json!({ "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] } })
}

/// A tag that moves is looked up at each start; any other only when it is not there.
fn pull_policy(reference: &str) -> &'static str {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    let moves = !last.contains('@') && last.split_once(':').is_none_or(|(_, tag)| tag == "latest");
    if moves { "Always" } else { "IfNotPresent" }
}

fn environment(workspace: &Workspace, template: &Template) -> Vec<Value> {
    let mut all: BTreeMap<&str, String> = BTreeMap::new();
    if let Some(rfb) = template.spec.ports.iter().find(|port| port.protocol == Protocol::Rfb) {
        all.insert("NAGAYA_RFB_PORT", rfb.port.to_string());
    }
    for (name, value) in &template.spec.environment {
        // Kubernetes would replace $(NAME); a template's values are meant as they stand.
        all.insert(name, value.replace("$(", "$$("));
    }
    all.insert("HOME", HOME.to_owned());
    all.insert("NAGAYA_OWNER", workspace.spec.owner.clone());
    all.insert("NAGAYA_TEAM", workspace.spec.team.clone());
    all.insert("NAGAYA_WORKSPACE", workspace.metadata.name.clone());
    all.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn resources(resources: &Resources) -> Value {
    let mut limits = json!({ "memory": resources.memory_limit.unwrap_or(resources.memory).to_string() });
    if let Some(cpu) = resources.cpu_limit {
        limits["cpu"] = cpu.to_string().into();
    }
    json!({
        "requests": { "cpu": resources.cpu.to_string(), "memory": resources.memory.to_string() },
        "limits": limits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_that_move_are_looked_up_at_each_start() {
        for (reference, policy) in [
            ("registry.nagaya.internal/java:1", "IfNotPresent"),
            ("localhost:5000/java", "Always"),
            ("java:latest", "Always"),
            ("a/b@sha256:00", "IfNotPresent"),
            ("host:5000/a:1", "IfNotPresent"),
        ] {
            assert_eq!(pull_policy(reference), policy, "{reference}");
        }
    }
}
