//! Kubernetes' own release server.
//!
//! Each binary is published beside its SHA-256 (`…/kubelet.sha256`); a binary whose checksum differs is never used.
//! Downloads go through `curl`, which knows the host's proxies and certificates.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Distribution, Distributions, NEEDED, OPTIONAL, folder};
use crate::program::Program;
use crate::{Error, KubernetesVersion, Progress};

const SERVER: &str = "https://dl.k8s.io";
/// The oldest release this program knows how to launch from upstream, and the newest that was tried.
const SUPPORTED_MINORS: std::ops::RangeInclusive<u16> = 34..=36;

pub(super) async fn newest() -> Result<KubernetesVersion, Error> {
    let url = format!("{SERVER}/release/stable.txt");
    let text = curl("learn the newest Kubernetes release").args(["--max-time", "8", &url]).run().await?;
    let newest: KubernetesVersion =
        text.parse().map_err(|e| unusable("upstream", format!("{url}: {e}"), "name a version"))?;
    if newest.minor <= *SUPPORTED_MINORS.end() {
        return Ok(newest);
    }
    // A newer minor than was ever tried: take the newest patch of the last one that was.
    let url = format!("{SERVER}/release/stable-1.{}.txt", SUPPORTED_MINORS.end());
    let text = curl("learn the newest Kubernetes release").args(["--max-time", "8", &url]).run().await?;
    text.parse().map_err(|e| unusable("upstream", format!("{url}: {e}"), "name a version"))
}

pub(super) async fn add(
    all: &Distributions,
    name: &str,
    version: Option<KubernetesVersion>,
    progress: &Progress,
) -> Result<Distribution, Error> {
    let unreachable = |e: Error| {
        let mend = "where this machine has no way to it, use `--from debian` or `--from dir`";
        unusable(name, format!("the release server {SERVER} cannot be reached: {e}"), mend)
    };
    let version = match version {
        Some(version) => version,
        None => newest().await.map_err(unreachable)?,
    };
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let cached = all.cache.join("kubernetes").join(format!("upstream-{version}"));
    crate::paths::create_dir(&cached)?;
    for program in NEEDED.into_iter().chain([OPTIONAL]) {
        let (target, url) = (cached.join(program), format!("{SERVER}/v{version}/bin/linux/{arch}/{program}"));
        if target.exists() {
            continue; // it got its name only after its checksum was found right
        }
        progress.tell(None, format!("downloading {program} {version}"), Some(20));
        let sum = curl(&format!("download {url}.sha256"))
            .args(["--max-time", "30", &format!("{url}.sha256")])
            .run()
            .await;
        let sum = sum.map_err(unreachable)?;
        let partial = cached.join(format!(".{program}"));
        let get = curl(&format!("download {url}")).patience(Duration::from_secs(1800));
        get.args(["--continue-at", "-", "--output", &partial.to_string_lossy(), &url])
            .run()
            .await
            .map_err(unreachable)?;
        verify(name, &partial, &sum)?;
        folder::make_executable(&partial)?;
        std::fs::rename(&partial, &target).map_err(|e| Error::io("write", &target, e))?;
    }
    all.install(name, &cached, SERVER).await
}

fn curl(what: &str) -> Program {
    Program::new(what, "curl").args([
        "--fail",
        "--silent",
        "--show-error",
        "--location",
        "--retry",
        "2",
        "--connect-timeout",
        "5",
    ])
}

fn unusable(name: &str, problem: String, mend: &str) -> Error {
    Error::Distribution { name: name.into(), problem, mend: mend.into() }
}

/// A file with another checksum is removed, so that the next try fetches it anew.
fn verify(name: &str, path: &Path, published: &str) -> Result<(), Error> {
    let published = published.split_ascii_whitespace().next().unwrap_or_default();
    let found = sha256(path)?;
    if published.len() == 64 && published.eq_ignore_ascii_case(&found) {
        return Ok(());
    }
    let _ = std::fs::remove_file(path);
    let problem = format!("{} has SHA-256 {found}, published is {published}", path.display());
    Err(unusable(name, problem, "try again; if it stays so, do not trust the way to the release server"))
}

fn sha256(path: &Path) -> Result<String, Error> {
    let failed = |e| Error::io("read", path, e);
    let mut file = File::open(path).map_err(failed)?;
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        digest.update(&buffer[..read]);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_wrong_checksum_is_refused_and_the_file_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kubelet");
        std::fs::write(&path, "abc").unwrap();
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        verify("x", &path, &format!("{right}  kubelet\n")).unwrap();
        assert!(verify("x", &path, &right.replace("ba", "ab")).is_err());
        assert!(!path.exists());
    }

    #[test]
    fn an_empty_checksum_verifies_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kubelet");
        std::fs::write(&path, "").unwrap();
        assert!(verify("x", &path, "").is_err());
    }
}
