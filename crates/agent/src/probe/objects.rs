//! What a probe puts into the cluster: one pod, and for some seconds one policy.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::PodSpec;
use serde_json::{Value, json};

use super::listen::{PORT, WORD_VARIABLE};
use crate::manifests::NAME;

/// Label of all that a probe made, whichever.
pub(super) const LABEL: &str = "nagaya.dev/probe";
/// Its value.
pub(super) const NETWORK: &str = "network";
/// Label with the probe's own name: what the policy picks the pod by.
const ID_LABEL: &str = "nagaya.dev/probe-id";
/// A pod whose agent died ends by itself after this many seconds.
const LIVES: u32 = 300;

/// What pod and policy of one probe are called.
pub(super) fn name(id: &str) -> String {
    format!("nagaya-network-probe-{id}")
}

fn metadata(id: &str) -> Value {
    json!({
        "name": name(id),
        "labels": {
            "app.kubernetes.io/name": "nagaya-network-probe", "app.kubernetes.io/part-of": "nagaya",
            LABEL: NETWORK, ID_LABEL: id,
        },
    })
}

/// The pod, of the agent's own image and set where the agent may be; it holds no right and tells `word` to whoever
/// connects. None: the agent's Deployment is not as its manifest makes it.
pub(super) fn pod(id: &str, word: &str, agent: &Deployment) -> Option<Value> {
    let template: &PodSpec = agent.spec.template.spec.as_ref()?;
    let image = template.containers.iter().find(|one| one.name == "agent")?.image.as_deref()?;
    let mut metadata = metadata(id);
    // Whoever removes the agent removes what it left.
    if let Some(uid) = &agent.metadata.uid {
        metadata["ownerReferences"] =
            json!([{ "apiVersion": "apps/v1", "kind": "Deployment", "name": NAME, "uid": uid }]);
    }
    Some(json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
        "spec": {
            // The account for its pull secrets only: its token is not mounted.
            "serviceAccountName": NAME, "automountServiceAccountToken": false,
            "restartPolicy": "Never", "activeDeadlineSeconds": LIVES, "terminationGracePeriodSeconds": 0,
            "enableServiceLinks": false,
            "imagePullSecrets": template.image_pull_secrets, "nodeSelector": template.node_selector,
            "tolerations": template.tolerations, "priorityClassName": template.priority_class_name,
            "securityContext": {
                "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532,
                "seccompProfile": { "type": "RuntimeDefault" },
            },
            "containers": [{
                "name": "probe", "image": image, "args": ["agent", "probe-listen"],
                "env": [{ "name": WORD_VARIABLE, "value": word }],
                "ports": [{ "containerPort": PORT }],
                "resources": { "requests": { "cpu": "5m", "memory": "16Mi" }, "limits": { "cpu": "100m", "memory": "64Mi" } },
                "securityContext": {
                    "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                    "capabilities": { "drop": ["ALL"] },
                },
            }],
        },
    }))
}

/// The policy that lets nothing in to the probe's pod. It goes with the pod, should nobody remove it.
pub(super) fn policy(id: &str, pod_uid: &str) -> Value {
    let mut metadata = metadata(id);
    metadata["ownerReferences"] =
        json!([{ "apiVersion": "v1", "kind": "Pod", "name": name(id), "uid": pod_uid }]);
    json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata,
        "spec": { "podSelector": { "matchLabels": { ID_LABEL: id } }, "policyTypes": ["Ingress"] },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::manifests::{ManifestArgs, manifests};

    fn agent() -> Deployment {
        let all = manifests(&ManifestArgs {
            server: "n.example.com:7443".into(),
            join_token: None,
            ca_pem: String::new(),
            image: "r.example.com/nagaya:1".into(),
            environment: Vec::new(),
        });
        let mut agent = all.last().unwrap().clone();
        agent["metadata"]["uid"] = "uid-1".into();
        agent["spec"]["template"]["spec"]["tolerations"] = json!([{ "operator": "Exists" }]);
        agent["spec"]["template"]["spec"]["imagePullSecrets"] = json!([{ "name": "pull" }]);
        serde_json::from_value(agent).unwrap()
    }

    #[test]
    fn the_pod_runs_where_the_agent_may_and_with_less() {
        let pod = pod("a1", "word", &agent()).unwrap();
        let read: k8s_openapi::api::core::v1::Pod = serde_json::from_value(pod.clone()).unwrap();
        let spec = read.spec.unwrap();
        assert_eq!(spec.containers[0].image.as_deref(), Some("r.example.com/nagaya:1"));
        assert_eq!(spec.tolerations.unwrap().len(), 1);
        assert_eq!(spec.image_pull_secrets.unwrap()[0].name, "pull");
        assert_eq!(spec.automount_service_account_token, Some(false));
        assert_eq!(spec.security_context.unwrap().run_as_non_root, Some(true));
        let confined = spec.containers[0].security_context.clone().unwrap();
        assert_eq!(confined.capabilities.unwrap().drop.unwrap(), ["ALL"]);
        assert_eq!(pod["metadata"]["ownerReferences"][0]["uid"], "uid-1");
        let labels = read.metadata.labels.unwrap();
        assert_ne!(labels["app.kubernetes.io/name"], NAME, "the Deployment must not take it for its own");
        assert!(!labels.contains_key("app.kubernetes.io/managed-by"), "nor the agent for an intent's");
    }

    #[test]
    fn the_policy_picks_this_probes_pod_and_no_other() {
        let (policy, one, other) =
            (policy("a1", "u"), pod("a1", "w", &agent()).unwrap(), pod("a2", "w", &agent()).unwrap());
        let picks = &policy["spec"]["podSelector"]["matchLabels"][ID_LABEL];
        assert_eq!(*picks, one["metadata"]["labels"][ID_LABEL]);
        assert_ne!(*picks, other["metadata"]["labels"][ID_LABEL]);
        assert!(policy["spec"].get("ingress").is_none(), "nothing is let in");
    }

    #[test]
    fn a_deployment_of_another_make_is_not_guessed_at() {
        assert_eq!(pod("a", "w", &Deployment::default()), None);
    }
}
