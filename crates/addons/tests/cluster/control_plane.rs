//! A real etcd, API server and controller manager on loopback, without nodes: enough for names and volumes.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kube::{Client, Config};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType};

const TOKEN: &str = "test-token";

/// The processes and their folder; both go when it is dropped.
pub struct ControlPlane {
    processes: Vec<Child>,
    folder: tempfile::TempDir,
    port: u16,
}

/// Where the server's binaries are, if they are: NAGAYA_KUBERNETES, else what the installation built.
fn binaries() -> Option<PathBuf> {
    let given = std::env::var_os("NAGAYA_KUBERNETES").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| PathBuf::from("/var/cache/nagaya/kubernetes/debian-1.20.2-r2"));
    let whole = folder.join("kube-apiserver").exists() && folder.join("kube-controller-manager").exists();
    (whole && Path::new("/usr/bin/etcd").exists()).then_some(folder)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl ControlPlane {
    /// Starts it; `None` where there are no binaries.
    pub async fn start() -> Option<Self> {
        let Some(binaries) = binaries() else {
            eprintln!("not tried: there are no Kubernetes binaries (NAGAYA_KUBERNETES names their folder)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let (port, etcd, peer, kcm) = (free_port(), free_port(), free_port(), free_port());
        let mut plane = Self { processes: vec![], folder, port };
        plane.write_secrets();
        let root = plane.folder.path().to_owned();
        let path = |name: &str| root.join(name).to_str().unwrap().to_owned();
        let etcd_url = format!("http://127.0.0.1:{etcd}");
        let etcd_arguments = [
            format!("--data-dir={}", path("etcd")),
            format!("--listen-client-urls={etcd_url}"),
            format!("--advertise-client-urls={etcd_url}"),
            format!("--listen-peer-urls=http://127.0.0.1:{peer}"),
        ];
        let server_arguments = [
            format!("--etcd-servers={etcd_url}"),
            format!("--secure-port={port}"),
            "--bind-address=127.0.0.1".into(),
            // Of the documentation's range (RFC 5737): without it the API server looks for a default route.
            "--advertise-address=192.0.2.1".into(),
            "--authorization-mode=RBAC".into(),
            format!("--token-auth-file={}", path("tokens.csv")),
            format!("--tls-cert-file={}", path("server.crt")),
            format!("--tls-private-key-file={}", path("server.key")),
            format!("--service-account-key-file={}", path("server.pub")),
            format!("--service-account-signing-key-file={}", path("server.key")),
            "--service-account-issuer=https://kubernetes.default.svc".into(),
            "--service-cluster-ip-range=10.96.0.0/16".into(),
        ];
        let controllers =
            "persistentvolume-binder,persistentvolume-expander,pv-protection,pvc-protection,endpoint";
        let manager_arguments = [
            format!("--kubeconfig={}", path("kubeconfig")),
            format!("--secure-port={kcm}"),
            "--bind-address=127.0.0.1".into(),
            format!("--controllers={controllers}"),
            "--leader-elect=false".into(),
        ];
        let programs = [
            (PathBuf::from("/usr/bin/etcd"), etcd_arguments.to_vec()),
            (binaries.join("kube-apiserver"), server_arguments.to_vec()),
            (binaries.join("kube-controller-manager"), manager_arguments.to_vec()),
        ];
        for (program, arguments) in programs {
            let log =
                fs::File::create(path(&format!("{}.log", program.file_name().unwrap().to_str().unwrap())))
                    .unwrap();
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
            plane.processes.push(command.spawn().unwrap());
            if plane.processes.len() == 2 {
                plane.wait_until_ready().await;
            }
        }
        Some(plane)
    }

    /// A client as the administrator.
    pub fn client(&self) -> Client {
        let mut config = Config::new(format!("https://127.0.0.1:{}", self.port).parse().unwrap());
        config.root_cert = Some(vec![fs::read(self.folder.path().join("ca.der")).unwrap()]);
        config.auth_info.token = Some(TOKEN.to_owned().into());
        Client::try_from(config).unwrap()
    }

    async fn wait_until_ready(&mut self) {
        for _ in 0..300 {
            // Ready is when the first namespace is there.
            let namespaces = kube::Api::<k8s_openapi::api::core::v1::Namespace>::all(self.client());
            if namespaces.get("default").await.is_ok() {
                return;
            }
            if self.processes.iter_mut().any(|one| one.try_wait().unwrap().is_some()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        for program in ["etcd", "kube-apiserver"] {
            eprintln!(
                "{program}: {}",
                fs::read_to_string(self.folder.path().join(program).with_extension("log"))
                    .unwrap_or_default()
            );
        }
        panic!("the control plane did not start");
    }

    fn write_secrets(&self) {
        let write = |name: &str, content: &[u8]| fs::write(self.folder.path().join(name), content).unwrap();
        let mut authority = CertificateParams::default();
        authority.distinguished_name.push(DnType::CommonName, "test");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let certificate = authority.self_signed(&key).unwrap();
        write("ca.der", certificate.der());
        write("ca.crt", certificate.pem().as_bytes());
        let issuer = Issuer::new(authority, key);
        let mut server = CertificateParams::default();
        server.subject_alt_names = vec![SanType::IpAddress([127, 0, 0, 1].into())];
        let key = KeyPair::generate().unwrap();
        write("server.crt", server.signed_by(&key, &issuer).unwrap().pem().as_bytes());
        write("server.key", key.serialize_pem().as_bytes());
        write("server.pub", key.public_key_pem().as_bytes());
        write("tokens.csv", format!("{TOKEN},admin,1,system:masters\n").as_bytes());
        let kubeconfig = serde_json::json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "it",
            "clusters": [{ "name": "it", "cluster": {
                "server": format!("https://127.0.0.1:{}", self.port),
                "certificate-authority": self.folder.path().join("ca.crt"),
            } }],
            "users": [{ "name": "it", "user": { "token": TOKEN } }],
            "contexts": [{ "name": "it", "context": { "cluster": "it", "user": "it" } }],
        });
        write("kubeconfig", kubeconfig.to_string().as_bytes());
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
