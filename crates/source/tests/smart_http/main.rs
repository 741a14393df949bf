//! Fetching over git's smart HTTP, as real servers speak it: git's own `git http-backend` behind TLS and a password.
#![allow(clippy::unwrap_used, missing_docs)]

mod backend;

use std::path::{Path, PathBuf};
use std::process::Command;

use backend::Backend;
use nagaya_source::{Credential, Fetch, FetchError, Limits, fetch};
use tempfile::TempDir;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository that is served.
struct Scene {
    dir: TempDir,
    backend: Backend,
}

impl Scene {
    fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = TempDir::new().unwrap();
        let work = dir.path().join("fleet");
        std::fs::create_dir_all(work.join("live")).unwrap();
        git(&work, &["init", "-q"]);
        let backend = Backend::start(dir.path());
        Self { dir, backend }
    }

    fn work(&self) -> PathBuf {
        self.dir.path().join("fleet")
    }

    fn commit(&self, text: &str) -> String {
        std::fs::write(self.work().join("live/a.yaml"), text).unwrap();
        git(&self.work(), &["add", "-A"]);
        git(&self.work(), &["commit", "-q", "-m", "change"]);
        git(&self.work(), &["rev-parse", "HEAD"])
    }

    fn request(&self) -> Fetch {
        let credential = Credential { user: backend::USER.into(), password: backend::PASSWORD.into() };
        Fetch {
            url: format!("https://localhost:{}/fleet/.git", self.backend.port),
            reference: "main".into(),
            path: "live".into(),
            folder: self.dir.path().join("copy"),
            credential: Some(credential),
            ca_pem: self.backend.ca_pem.clone(),
            limits: Limits::default(),
        }
    }
}

#[test]
fn a_repository_behind_a_private_ca_and_a_password_is_followed() {
    let scene = Scene::new();
    let first = scene.commit("one: 1\n");
    git(&scene.work(), &["tag", "-a", "-m", "released", "v1"]);
    let (commit, files) = fetch(&scene.request()).unwrap();
    assert_eq!((commit.as_str(), files.len()), (first.as_str(), 1));
    assert_eq!((files[0].path.as_str(), files[0].bytes.as_slice()), ("live/a.yaml", b"one: 1\n".as_slice()));

    for nth in 0..20 {
        scene.commit(&format!("two: {nth}\n"));
    }
    let second = git(&scene.work(), &["rev-parse", "HEAD"]);
    let (commit, files) = fetch(&scene.request()).unwrap();
    assert_eq!((commit, files[0].bytes.as_slice()), (second, b"two: 19\n".as_slice()));
    let (commit, _) = fetch(&Fetch { reference: "v1".into(), ..scene.request() }).unwrap();
    assert_eq!(commit, first, "an annotated tag leads to its commit");
    assert!(scene.backend.posts() >= 3, "packs were asked for: the smart protocol was spoken");
    let count = git(&scene.dir.path().join("copy"), &["rev-list", "--all", "--count"]);
    assert!(count.parse::<u32>().unwrap() <= 3, "no history is kept: {count}");
}

#[test]
fn whom_the_source_does_not_name_is_not_believed() {
    let scene = Scene::new();
    scene.commit("one: 1\n");
    let why = |request: &Fetch| match fetch(request).unwrap_err() {
        FetchError::Remote { why, .. } => why,
        other => panic!("{other}"),
    };
    let host_only = why(&Fetch { ca_pem: String::new(), ..scene.request() });
    let other = why(&Fetch { ca_pem: backend::authority().0.pem(), ..scene.request() });
    for words in [&host_only, &other] {
        let words = words.to_lowercase();
        assert!(words.contains("certificate") || words.contains("issuer"), "{words}");
    }
    assert_eq!(scene.backend.requests(), 0, "nothing was asked of it, no password shown");
    for bad in ["nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = fetch(&Fetch { ca_pem: bad.into(), ..scene.request() }).unwrap_err();
        assert!(!matches!(error, FetchError::Credential { .. }), "{error}");
    }
    let nothing = fetch(&Fetch { ca_pem: "nothing".into(), ..scene.request() }).unwrap_err();
    assert!(nothing.to_string().starts_with("spec.ca does not read"), "{nothing}");
}

#[test]
fn a_password_that_is_missing_or_wrong_is_asked_for_in_words() {
    let scene = Scene::new();
    scene.commit("one: 1\n");
    let wrong = Credential { user: backend::USER.into(), password: "guessed".into() };
    for credential in [None, Some(wrong)] {
        let error = fetch(&Fetch { credential, ..scene.request() }).unwrap_err();
        assert!(matches!(error, FetchError::Credential { .. }), "{error}");
        assert!(!error.to_string().contains("guessed"), "{error}");
    }
    let error = fetch(&Fetch { reference: "none".into(), ..scene.request() }).unwrap_err();
    assert!(error.to_string().contains("does not give \"none\""), "{error}");
    let url = scene.request().url.replace("/fleet/", "/nowhere/");
    let error = fetch(&Fetch { url, ..scene.request() }).unwrap_err();
    assert!(matches!(error, FetchError::Remote { .. }), "{error}");
}
