//! Issue 3, accepted when, 3: kubectl of old and new through the tunnel, as the calling user.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
    time::Duration,
};

use nagaya_e2e::{Instance, Kubectl, kubectl, until};

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-kubectl}\ndata: {a: b}\n";

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn get_apply_logs_exec_port_forward_and_watch_work_with_every_kubectl() {
    let nagaya = Instance::get();
    nagaya.running("alpha-dev-01");
    for program in kubectl::all() {
        let kubectl = nagaya.kubectl("one").by(program.clone());
        println!("with {}", program.display());
        let in_team = |args: &[&'static str]| [&["-n", "alpha"], args].concat();
        assert!(kubectl.ok(&in_team(&["get", "pods"])).contains("alpha-dev-01-0"));
        apply(&kubectl);
        assert_eq!(
            kubectl.ok(&in_team(&["exec", "alpha-dev-01-0", "-c", "workspace", "--", "echo", "hello"])),
            "hello\n"
        );
        let failed =
            kubectl.run(&in_team(&["exec", "alpha-dev-01-0", "-c", "workspace", "--", "sh", "-c", "exit 7"]));
        assert_eq!(failed.status.code(), Some(7), "{}", String::from_utf8_lossy(&failed.stderr));
        logs(&kubectl);
        forward(&kubectl);
        watch(&kubectl);
        kubectl.ok(&in_team(&["delete", "configmap", "from-kubectl"]));
    }
}

fn apply(kubectl: &Kubectl) {
    let mut child = kubectl
        .command(&["-n", "alpha", "apply", "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("kubectl runs");
    child.stdin.take().unwrap().write_all(MAP.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
}

/// `logs -f` of a pod that goes on writing.
fn logs(kubectl: &Kubectl) {
    let mut child = kubectl
        .command(&["-n", "alpha", "logs", "-f", "--tail=1", "alpha-dev-01-0", "-c", "relay"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("kubectl runs");
    std::thread::sleep(Duration::from_secs(2));
    let status = child.try_wait().unwrap();
    assert!(status.is_none(), "logs -f goes on, it ended with {status:?}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A port of the pod's loopback: the desktop says who it is.
fn forward(kubectl: &Kubectl) {
    let mut child = kubectl
        .command(&["-n", "alpha", "port-forward", "pod/alpha-dev-01-0", ":5901"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("kubectl runs");
    let mut line = String::new();
    // Kept open: kubectl dies when what it says about the connection finds no reader.
    let mut words = BufReader::new(child.stdout.take().unwrap());
    words.read_line(&mut line).unwrap();
    let port: u16 =
        line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    let mut banner = [0; 12];
    TcpStream::connect(("127.0.0.1", port)).unwrap().read_exact(&mut banner).unwrap();
    assert_eq!(&banner[..4], b"RFB ");
    child.kill().unwrap();
    child.wait().unwrap();
}

fn watch(kubectl: &Kubectl) {
    let mut child = kubectl
        .command(&["-n", "alpha", "get", "configmaps", "-w", "-o", "name"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("kubectl runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    kubectl.ok(&["-n", "alpha", "create", "configmap", "watched"]);
    let seen = lines.by_ref().take(50).any(|line| line.unwrap().ends_with("/watched"));
    kubectl.ok(&["-n", "alpha", "delete", "configmap", "watched"]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(seen, "the watch tells of the new object");
}

/// A team of others on cluster `one`.
struct OtherTeam<'a>(&'a Instance);

impl<'a> OtherTeam<'a> {
    fn new(nagaya: &'a Instance) -> Self {
        let team = r#"{"apiVersion": "nagaya.dev/v1alpha1", "kind": "Team", "metadata": {"name": "e2e-others"},
            "spec": {"cluster": "one", "members": [{"user": "dev-02"}]}}"#;
        let out = nagaya.run_with(&["apply", "-f", "-"], team);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let this = Self(nagaya);
        let kubectl = nagaya.kubectl("one");
        until("the team's namespace is there", Duration::from_secs(60), || {
            let out = kubectl.run(&["get", "rolebinding", "nagaya-team", "-n", this.namespace()]);
            if out.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
        });
        this
    }

    fn namespace(&self) -> &str {
        "e2e-others"
    }
}

impl Drop for OtherTeam<'_> {
    fn drop(&mut self) {
        self.0.run(&["delete", "team", "e2e-others"]);
        self.0.kubectl("one").run(&["delete", "namespace", self.namespace(), "--wait=false"]);
    }
}

#[test]
#[ignore = "needs the instance of scripts/e2e.sh"]
fn a_member_has_edit_in_the_teams_namespace_and_nothing_else() {
    let nagaya = Instance::get();
    let out = nagaya.run_with(&["user", "passwd", "dev-01"], "correct horse battery staple\n");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config.yaml");
    let login = nagaya
        .command(&["--server", &nagaya.url, "login", "--user", "dev-01", "--as", "dev"])
        .env("NAGAYA_CONFIG", &config)
        .env_remove("NAGAYA_INSTANCE")
        .stdin(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            child.stdin.take().unwrap().write_all(b"correct horse battery staple\n")?;
            child.wait()
        });
    assert!(login.unwrap().success());
    let token = std::fs::read_to_string(&config).unwrap();
    let token = token.lines().find_map(|line| line.trim().strip_prefix("token: ")).unwrap().to_owned();
    let kubectl = Kubectl::of_token(&nagaya, "one", &token);
    until("the member's rights are in the cluster", Duration::from_secs(30), || {
        if kubectl.may(&["create", "deployments", "-n", "alpha"]) { Ok(()) } else { Err("not yet".into()) }
    });
    for yes in [
        &["get", "pods"][..],
        &["create", "pods", "--subresource=exec"],
        &["create", "configmaps"],
        &["delete", "deployments"],
    ] {
        assert!(kubectl.may(&[yes, &["-n", "alpha"]].concat()), "{yes:?}");
    }
    for no in [
        &["get", "pods", "-n", "default"][..],
        &["get", "secrets", "-n", "nagaya-system"],
        &["create", "rolebindings", "-n", "alpha"],
        &["impersonate", "users"],
        &["get", "nodes"],
        &["create", "namespaces"],
        &["*", "*"],
    ] {
        assert!(!kubectl.may(no), "{no:?}");
    }
    // Another team's namespace on the same cluster.
    let others = OtherTeam::new(&nagaya);
    let namespace = others.namespace();
    let rights = |namespace: &str| kubectl.ok(&["auth", "can-i", "--list", "-n", namespace]);
    assert!(rights("alpha").contains("pods/exec"), "{}", rights("alpha"));
    assert_eq!(rights(namespace), rights("no-such-namespace"), "what everybody may is all that he may there");
    for attempt in [
        &["get", "secrets"][..],
        &["get", "configmap", "x"],
        &["get", "pods", "--watch"],
        &["create", "configmap", "x"],
        &["patch", "configmap", "x", "-p", "{}"],
        &["delete", "configmap", "x"],
        &["delete", "configmaps", "--all"],
        &["logs", "x"],
        &["exec", "x", "--", "true"],
        &["port-forward", "x", "1"],
    ] {
        let out = kubectl.run(&[&["-n", namespace][..], attempt].concat());
        let said = String::from_utf8_lossy(&out.stderr).to_lowercase();
        assert!(!out.status.success() && said.contains("forbidden"), "{attempt:?}: {said}");
    }
    // Another team's cluster is closed altogether.
    let other = nagaya.command(&["kubeconfig", "two"]).env("NAGAYA_TOKEN", &token).output().unwrap();
    if other.status.success() {
        assert!(!Kubectl::of_token(&nagaya, "two", &token).run(&["get", "namespaces"]).status.success());
    }
}
