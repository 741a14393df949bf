//! The manifest that makes a cluster join: everything the agent needs, and every right explained.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use nagaya_api::agent::AGENT_NAMESPACE;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::config::{DRAIN, HEALTH_PORT, JOIN_DIR, NAMESPACE_VARIABLE, SERVER_VARIABLE};

/// Name of the agent's Deployment, ServiceAccount and roles.
pub const NAME: &str = "nagaya-agent";
/// Name of the Secret with the join token.
pub const JOIN_SECRET: &str = "nagaya-agent-join";
/// Name of the Secret with the proxy's variables: its address may hold a password.
pub const PROXY_SECRET: &str = "nagaya-agent-proxy";
const READ: &[&str] = &["get", "list", "watch"];
const OWN: &[&str] = &["get", "list", "watch", "create", "patch", "delete"];

/// What the manifest is made from.
#[derive(Debug, Clone)]
pub struct ManifestArgs {
    /// `host:port` of the server's tunnel listener, as the cluster's pods reach it.
    pub server: String,
    /// The single-use join token. None leaves the join Secret out: for an agent that has enrolled and gets a new
    /// image only.
    pub join_token: Option<String>,
    /// The server's CA bundle, PEM.
    pub ca_pem: String,
    /// The image with the nagaya binary.
    pub image: String,
    /// Proxy variables to pass on (`HTTPS_PROXY`, `NO_PROXY`).
    pub environment: Vec<(String, String)>,
}

/// One right of the agent, and why it needs it.
struct Rule {
    why: &'static str,
    groups: &'static [&'static str],
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        why: "What an intent consists of: namespaces of teams and what workspaces are made of. It is applied, watched for \
              drift, and removed when it leaves the intent.",
        groups: &[""],
        resources: &[
            "namespaces",
            "serviceaccounts",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services",
            "resourcequotas",
            "limitranges",
        ],
        verbs: OWN,
    },
    Rule {
        why: "The same for workloads and what rules them.",
        groups: &[
            "apps",
            "batch",
            "networking.k8s.io",
            "policy",
            "scheduling.k8s.io",
            "storage.k8s.io",
            "autoscaling",
        ],
        resources: &[
            "statefulsets",
            "deployments",
            "daemonsets",
            "jobs",
            "cronjobs",
            "networkpolicies",
            "ingresses",
            "poddisruptionbudgets",
            "podsecuritypolicies",
            "priorityclasses",
            "storageclasses",
            "horizontalpodautoscalers",
        ],
        verbs: OWN,
    },
    Rule {
        why: "Kinds that an intent brings along.",
        groups: &["apiextensions.k8s.io"],
        resources: &["customresourcedefinitions"],
        verbs: OWN,
    },
    Rule {
        why: "Members' rights in their namespaces are in the intent. Kubernetes lets nobody give rights that he lacks \
              himself, unless he may bind and escalate. This makes the agent as mighty as an administrator of the \
              cluster; who can send intents is decided by the server.",
        groups: &["rbac.authorization.k8s.io"],
        resources: &["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
        verbs: &["get", "list", "watch", "create", "patch", "delete", "bind", "escalate"],
    },
    Rule {
        why: "The volume of a home whose end a person asked for is marked and removed; nothing else touches volumes.",
        groups: &[""],
        resources: &["persistentvolumes"],
        verbs: &["get", "list", "watch", "patch", "delete"],
    },
    Rule {
        why: "What the server is told: nodes, workspaces' pods, and the events that say why something waits.",
        groups: &[""],
        resources: &["pods", "nodes", "events"],
        verbs: READ,
    },
    Rule {
        why: "kubectl through the tunnel acts as the person who calls. RBAC knows no prefix of names: that only names \
              under nagaya: are impersonated is the agent's own rule.",
        groups: &[""],
        resources: &["users", "groups"],
        verbs: &["impersonate"],
    },
];

/// The objects of the manifest, in the order in which they are to be applied.
pub fn manifests(args: &ManifestArgs) -> Vec<Value> {
    let mut all = vec![namespace(), account(), role(), binding(), own_role(), own_binding()];
    all.extend(args.join_token.as_deref().map(|token| join(args, token)));
    if !args.environment.is_empty() {
        all.push(proxy(args));
    }
    all.push(deployment(args));
    all
}

/// The agent's own roles, as this version needs them: what an update brings besides its image.
pub fn roles() -> Vec<Value> {
    vec![role(), own_role()]
}

fn metadata(name: &str) -> Value {
    json!({ "name": name, "namespace": AGENT_NAMESPACE, "labels": labels() })
}

/// Not `managed-by: nagaya`: that marks what an intent holds, and the agent is not part of one.
fn labels() -> Value {
    json!({ "app.kubernetes.io/name": NAME, "app.kubernetes.io/part-of": "nagaya" })
}

fn namespace() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": { "name": AGENT_NAMESPACE, "labels": {
            "app.kubernetes.io/part-of": "nagaya",
            "pod-security.kubernetes.io/enforce": "restricted",
        }},
    })
}

fn account() -> Value {
    json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(NAME) })
}

fn role() -> Value {
    let mut why = Map::new();
    let mut rules = Vec::new();
    for (number, rule) in RULES.iter().enumerate() {
        let words = rule.why.split_whitespace().collect::<Vec<_>>().join(" ");
        why.insert(format!("nagaya.dev/rule-{number}"), Value::from(words));
        rules.push(json!({ "apiGroups": rule.groups, "resources": rule.resources, "verbs": rule.verbs }));
    }
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "metadata": { "name": NAME, "labels": labels(), "annotations": why },
        "rules": rules,
    })
}

fn binding() -> Value {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
        "metadata": { "name": NAME, "labels": labels() },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME },
        "subjects": [{ "kind": "ServiceAccount", "name": NAME, "namespace": AGENT_NAMESPACE }],
    })
}

fn own_role() -> Value {
    let mut metadata = metadata(NAME);
    metadata["annotations"] = json!({
        "nagaya.dev/rule-0": "Of several agents only the one that holds the Lease enforces the intent.",
        "nagaya.dev/rule-1": "Its identity and the last intent, so that it goes on without its server.",
        "nagaya.dev/rule-2": "Once a day it is tried whether the network enforces NetworkPolicies, with a pod of the agent's own image that lives for a minute in this namespace.",
    });
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata,
        "rules": [
            { "apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update"] },
            { "apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list", "create", "update", "patch", "delete"] },
            { "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "create", "delete"] },
        ],
    })
}

fn own_binding() -> Value {
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": metadata(NAME),
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": NAME },
        "subjects": [{ "kind": "ServiceAccount", "name": NAME, "namespace": AGENT_NAMESPACE }],
    })
}

fn join(args: &ManifestArgs, token: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata(JOIN_SECRET),
        "data": { "token": STANDARD.encode(token), "ca.crt": STANDARD.encode(&args.ca_pem) },
    })
}

fn proxy(args: &ManifestArgs) -> Value {
    let data: Map<String, Value> =
        args.environment.iter().map(|(name, value)| (name.clone(), STANDARD.encode(value).into())).collect();
    json!({ "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata(PROXY_SECRET), "data": data })
}

fn deployment(args: &ManifestArgs) -> Value {
    let environment = vec![
        json!({ "name": SERVER_VARIABLE, "value": args.server }),
        json!({ "name": NAMESPACE_VARIABLE, "valueFrom": { "fieldRef": { "fieldPath": "metadata.namespace" } } }),
    ];
    let health = |path: &str| json!({ "httpGet": { "path": path, "port": "health" }, "periodSeconds": 2, "timeoutSeconds": 5 });
    let mut alive = health("/livez");
    alive["periodSeconds"] = json!(10);
    let mut deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(NAME),
        "spec": {
            "replicas": 1,
            // The new agent is connected before the old one is told to go; the old one then finishes its streams.
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 } },
            "selector": { "matchLabels": { "app.kubernetes.io/name": NAME } },
            "template": {
                "metadata": { "labels": labels() },
                "spec": {
                    "serviceAccountName": NAME,
                    "terminationGracePeriodSeconds": DRAIN.as_secs() + 30,
                    "enableServiceLinks": false,
                    "securityContext": {
                        "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532,
                        "seccompProfile": { "type": "RuntimeDefault" },
                    },
                    "containers": [{
                        "name": "agent",
                        "image": args.image,
                        "args": ["agent"],
                        "env": environment,
                        "ports": [{ "name": "health", "containerPort": HEALTH_PORT }],
                        "readinessProbe": health("/readyz"),
                        "livenessProbe": alive,
                        "resources": { "requests": { "cpu": "20m", "memory": "32Mi" }, "limits": { "memory": "256Mi" } },
                        "securityContext": {
                            "allowPrivilegeEscalation": false,
                            "readOnlyRootFilesystem": true,
                            "capabilities": { "drop": ["ALL"] },
                        },
                        "volumeMounts": [{ "name": "join", "mountPath": JOIN_DIR, "readOnly": true }],
                    }],
                    "volumes": [{ "name": "join", "secret": {
                        "secretName": JOIN_SECRET,
                        "defaultMode": 0o440,
                        // Once enrolled the agent needs it no more: it may be removed.
                        "optional": true,
                    }}],
                },
            },
        },
    });
    if !args.environment.is_empty() {
        let template = &mut deployment["spec"]["template"];
        template["spec"]["containers"][0]["envFrom"] = json!([{ "secretRef": { "name": PROXY_SECRET } }]);
        // Variables are read once: another proxy is another agent.
        let known: String =
            args.environment.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        let hash: String = Sha256::digest(known).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        template["metadata"]["annotations"] = json!({ "nagaya.dev/proxy-sha256": hash });
    }
    deployment
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn args() -> ManifestArgs {
        ManifestArgs {
            server: "10.99.0.1:7443".into(),
            join_token: Some("token".into()),
            ca_pem: "pem".into(),
            image: "registry.nagaya.internal/nagaya:1".into(),
            environment: Vec::new(),
        }
    }

    #[test]
    fn every_right_is_explained() {
        for object in
            manifests(&args()).iter().filter(|o| matches!(o["kind"].as_str(), Some("ClusterRole" | "Role")))
        {
            let rules = object["rules"].as_array().unwrap().len();
            assert_eq!(object["metadata"]["annotations"].as_object().unwrap().len(), rules);
        }
        let all = manifests(&args());
        let wild = all.iter().flat_map(|o| o["rules"].as_array().cloned().unwrap_or_default());
        assert!(
            wild.map(|rule| rule.to_string()).all(|rule| !rule.contains("\"*\"")),
            "no right to everything"
        );
    }

    /// Replacing the agent must drop no desktop, and the pod must pass the strictest Pod Security.
    #[test]
    fn the_deployment_overlaps_drains_and_is_confined() {
        let all = manifests(&args());
        let deployment = all.last().unwrap();
        let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
        assert_eq!((&rolling["maxSurge"], &rolling["maxUnavailable"]), (&json!(1), &json!(0)));
        let pod = &deployment["spec"]["template"]["spec"];
        assert!(pod["terminationGracePeriodSeconds"].as_u64().unwrap() > DRAIN.as_secs());
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
        let container = &pod["containers"][0]["securityContext"];
        assert_eq!(container["readOnlyRootFilesystem"], true);
        assert_eq!(container["capabilities"]["drop"], json!(["ALL"]));
    }

    #[test]
    fn a_proxys_password_lies_in_a_secret_and_another_proxy_replaces_the_agent() {
        let of = |url: &str| {
            manifests(&ManifestArgs { environment: vec![("HTTPS_PROXY".into(), url.into())], ..args() })
        };
        let (one, two) = (of("http://u:hidden@p:3128"), of("http://u:other@p:3128"));
        let deployment = one.last().unwrap();
        assert!(!deployment.to_string().contains("hidden"));
        let secret = one.iter().find(|object| object["metadata"]["name"] == PROXY_SECRET).unwrap();
        assert_eq!(secret["data"]["HTTPS_PROXY"], STANDARD.encode("http://u:hidden@p:3128"));
        let container = &deployment["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(container["envFrom"][0]["secretRef"]["name"], PROXY_SECRET);
        assert_ne!(deployment["spec"]["template"], two.last().unwrap()["spec"]["template"]);
    }

    #[test]
    fn without_a_token_there_is_no_join_secret() {
        let all = manifests(&ManifestArgs { join_token: None, ..args() });
        assert!(all.iter().all(|object| object["kind"] != "Secret"));
        assert_eq!(all.len(), manifests(&args()).len() - 1);
    }

    /// The agent's own objects must never look like an intent's, or it would prune itself.
    #[test]
    fn nothing_of_the_agent_is_marked_as_managed() {
        let all = manifests(&args());
        assert!(
            all.iter()
                .all(|object| object.pointer("/metadata/labels/app.kubernetes.io~1managed-by").is_none())
        );
    }
}
