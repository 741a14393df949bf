//! `nagaya kubeconfig --direct`: operations' way in that works while Nagaya is down.
//!
//! A service account of the caller's own in the cluster, which may do one thing: act as the caller. So Kubernetes' RBAC decides
//! as it does through the tunnel, and its audit log names the person. The token is short-lived
//! (<https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/>), and ends at once with
//! the account.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use nagaya_api::agent::AGENT_NAMESPACE;
use serde_json::{Value, json};

use crate::{CliError, Client, Connection, client::Me};

/// How long it is good unless said otherwise.
const LIVES: SignedDuration = SignedDuration::from_hours(1);
/// The longest: who loses rights at the server keeps them here until then.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// Kubernetes gives no shorter token.
const SHORTEST: SignedDuration = SignedDuration::from_mins(10);
const RBAC: &str = "rbac.authorization.k8s.io";
const ROLES: &str = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
const BINDINGS: &str = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

/// A kubeconfig, and until when it is good.
pub(super) struct Direct {
    pub(super) config: Value,
    pub(super) until: String,
}

/// Makes the caller's way into `cluster`. `address` is the API server's, when its own is not reached from here.
///
/// # Errors
/// For who is not of operations, a time out of range, an API server that is not reached from here, and the cluster's.
pub(super) async fn make(
    client: &Client,
    cluster: &str,
    address: Option<&str>,
    lives: Option<SignedDuration>,
) -> Result<Direct, CliError> {
    let lives = lives.unwrap_or(LIVES);
    if !(SHORTEST..=LONGEST).contains(&lives) {
        return Err(CliError::Usage(
            "--for: a direct way in is good for 10 minutes to 24 hours: it outlives what the server takes away".into(),
        ));
    }
    let me = operator(client).await?;
    let namespace = client.kubernetes_get(cluster, &format!("/api/v1/namespaces/{AGENT_NAMESPACE}")).await?;
    for (path, object) in objects(&me.name, &groups(&me), &namespace) {
        client.kubernetes_apply(cluster, &path, &object).await?;
    }
    let asked = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
        "spec": {"expirationSeconds": lives.as_secs()}});
    let given = client.kubernetes_post(cluster, &format!("{}/token", account_path(&me.name)), &asked).await?;
    let token = text(&given, "/status/token")?;
    // Every namespace has the CA's certificate since Kubernetes 1.20.
    let roots = format!("/api/v1/namespaces/{AGENT_NAMESPACE}/configmaps/kube-root-ca.crt");
    let roots = text(&client.kubernetes_get(cluster, &roots).await?, "/data/ca.crt")?;
    let address = match address {
        Some(address) => address.trim_end_matches('/').to_owned(),
        None => own_address(
            &client.kubernetes_get(cluster, "/api/v1/namespaces/default/endpoints/kubernetes").await?,
        )?,
    };
    reach(cluster, &address, &token, &roots).await?;
    Ok(Direct {
        config: config(cluster, &address, &roots, &me, &token),
        until: text(&given, "/status/expirationTimestamp")?,
    })
}

/// Ends the caller's ways into `cluster`, those given out too.
///
/// # Errors
/// For who is not of operations, and the cluster's.
pub(super) async fn revoke(client: &Client, cluster: &str) -> Result<(), CliError> {
    let user = operator(client).await?.name;
    client.kubernetes_delete(cluster, &account_path(&user)).await?;
    client.kubernetes_delete(cluster, &format!("{BINDINGS}/{}", name(&user))).await?;
    client.kubernetes_delete(cluster, &format!("{ROLES}/{}", name(&user))).await
}

async fn operator(client: &Client) -> Result<Me, CliError> {
    let me = client.me().await?;
    if me.admin {
        return Ok(me);
    }
    Err(CliError::Usage(format!(
        "{} is not of operations, and a direct way in needs rights in the whole cluster: leave out --direct",
        me.name
    )))
}

fn name(user: &str) -> String {
    format!("nagaya-direct-{user}")
}

fn account_path(user: &str) -> String {
    format!("/api/v1/namespaces/{AGENT_NAMESPACE}/serviceaccounts/{}", name(user))
}

/// The groups that the server's requests name for the same person (design rule 9).
fn groups(me: &Me) -> Vec<String> {
    let teams = me.teams.iter().map(|team| format!("nagaya:team:{}", team.name));
    teams.chain(["nagaya:role:admin".to_owned()]).collect()
}

/// What the way in consists of. The agent's namespace owns what is not in it, so that nothing stays when the cluster
/// leaves Nagaya.
fn objects(user: &str, groups: &[String], namespace: &Value) -> [(String, Value); 3] {
    let name = name(user);
    let labels = json!({"app.kubernetes.io/part-of": "nagaya", "nagaya.dev/direct": user});
    let owner = json!([{"apiVersion": "v1", "kind": "Namespace", "name": AGENT_NAMESPACE,
        "uid": namespace.pointer("/metadata/uid")}]);
    let whole = json!({"name": name, "labels": labels, "ownerReferences": owner});
    let may = |resource: &str, names: Value| json!({"apiGroups": [""], "resources": [resource], "verbs": ["impersonate"], "resourceNames": names});
    [
        (
            account_path(user),
            json!({"apiVersion": "v1", "kind": "ServiceAccount", "automountServiceAccountToken": false,
                "metadata": {"name": name, "namespace": AGENT_NAMESPACE, "labels": labels}}),
        ),
        (
            format!("{ROLES}/{name}"),
            json!({"apiVersion": format!("{RBAC}/v1"), "kind": "ClusterRole", "metadata": whole,
                "rules": [may("users", json!([format!("nagaya:{user}")])), may("groups", json!(groups))]}),
        ),
        (
            format!("{BINDINGS}/{name}"),
            json!({"apiVersion": format!("{RBAC}/v1"), "kind": "ClusterRoleBinding", "metadata": whole,
                "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": name},
                "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": AGENT_NAMESPACE}]}),
        ),
    ]
}

/// Where the cluster says that its API server is: the address its own pods come to in the end.
fn own_address(endpoints: &Value) -> Result<String, CliError> {
    let subset = endpoints.pointer("/subsets/0");
    let ip = subset.and_then(|subset| subset.pointer("/addresses/0/ip")?.as_str());
    let port = subset.and_then(|subset| subset.pointer("/ports/0/port")?.as_u64());
    match (ip, port) {
        (Some(ip), Some(port)) if ip.contains(':') => Ok(format!("https://[{ip}]:{port}")),
        (Some(ip), Some(port)) => Ok(format!("https://{ip}:{port}")),
        _ => Err(CliError::Usage(
            "the cluster does not say where its API server is: name it with --api-server https://HOST:PORT"
                .into(),
        )),
    }
}

/// A file that does not work is found out when Nagaya is down, so it is tried now.
async fn reach(cluster: &str, address: &str, token: &str, roots: &str) -> Result<(), CliError> {
    let connection = Connection {
        server: address.to_owned(),
        token: token.to_owned(),
        certificate_authority: roots.to_owned(),
    };
    match Client::new(connection)?.root("/version").await {
        Ok(_) => Ok(()),
        Err(CliError::Unreachable { cause, .. }) => Err(CliError::Usage(format!(
            "the API server of {cluster} at {address} is not reached from here: {cause} (name an address that is, and that its certificate is for, with --api-server https://HOST:PORT)"
        ))),
        Err(error) => Err(error),
    }
}

fn config(cluster: &str, address: &str, roots: &str, me: &Me, token: &str) -> Value {
    let (context, user) = (format!("direct-{cluster}"), format!("direct-{}-{cluster}", me.name));
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": context, "cluster": {"server": address, "certificate-authority-data": STANDARD.encode(roots)}}],
        "users": [{"name": user, "user": {"token": token, "as": format!("nagaya:{}", me.name), "as-groups": groups(me)}}],
        "contexts": [{"name": context, "context": {"cluster": context, "user": user}}],
        "current-context": context,
        "preferences": {},
    })
}

fn text(object: &Value, pointer: &str) -> Result<String, CliError> {
    let found = object.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).ok_or_else(|| CliError::Other(format!("the cluster's answer has no {pointer}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn me() -> Me {
        serde_json::from_value(json!({"name": "dev-01", "admin": true, "teams": [{"name": "java"}]})).unwrap()
    }

    #[test]
    fn the_account_may_act_as_its_person_and_as_nobody_else() {
        let groups = groups(&me());
        assert_eq!(groups, ["nagaya:team:java", "nagaya:role:admin"]);
        let [(_, account), (path, role), (_, binding)] =
            objects("dev-01", &groups, &json!({"metadata": {"uid": "u-1"}}));
        assert_eq!(path, "/apis/rbac.authorization.k8s.io/v1/clusterroles/nagaya-direct-dev-01");
        for rule in role["rules"].as_array().unwrap() {
            assert_eq!(rule["verbs"], json!(["impersonate"]));
            // No names would mean all names.
            let names = rule["resourceNames"].as_array().unwrap();
            assert!(
                !names.is_empty() && names.iter().all(|name| name.as_str().unwrap().starts_with("nagaya:"))
            );
        }
        assert_eq!(binding["subjects"][0]["name"], account["metadata"]["name"]);
        assert_eq!(binding["metadata"]["ownerReferences"][0]["uid"], "u-1");
    }

    #[test]
    fn the_address_is_the_clusters_own() {
        let at = |ip: &str| json!({"subsets": [{"addresses": [{"ip": ip}], "ports": [{"port": 6443}]}]});
        assert_eq!(own_address(&at("10.98.0.6")).unwrap(), "https://10.98.0.6:6443");
        assert_eq!(own_address(&at("fd00::1")).unwrap(), "https://[fd00::1]:6443");
        assert!(own_address(&json!({})).unwrap_err().to_string().contains("--api-server"));
    }

    #[test]
    fn kubectl_acts_as_the_person() {
        let config = config("java", "https://10.98.0.6:6443", "PEM", &me(), "t");
        assert_eq!(
            config["users"][0]["user"],
            json!({"token": "t", "as": "nagaya:dev-01", "as-groups": ["nagaya:team:java", "nagaya:role:admin"]})
        );
        assert_eq!(config["current-context"], "direct-java");
    }
}
