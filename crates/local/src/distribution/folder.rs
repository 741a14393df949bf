//! A folder of binaries.

use std::fs;
use std::path::Path;

use super::NEEDED;
use crate::program::Program;
use crate::{Error, KubernetesVersion};

/// Checks that all is there and asks kubelet which release it is.
pub(super) async fn version(name: &str, folder: &Path) -> Result<KubernetesVersion, Error> {
    let bad =
        |problem: String, mend: &str| Error::Distribution { name: name.into(), problem, mend: mend.into() };
    if let Some(missing) = NEEDED.into_iter().find(|program| !folder.join(program).is_file()) {
        let problem = format!("{} has no {missing}", folder.display());
        return Err(bad(
            problem,
            "give a folder with kube-apiserver, kube-controller-manager, kube-scheduler, kubelet and, for Services, kube-proxy",
        ));
    }
    let kubelet = folder.join("kubelet");
    let said = Program::new(format!("learn the version of {}", kubelet.display()), &kubelet)
        .args(["--version"])
        .run()
        .await?;
    said.parse().map_err(|e| bad(format!("kubelet's version cannot be read: {e}"), "give release binaries"))
}

/// One file on disk for cache and instances where they share a file system; replaced in one step, so a running binary
/// is never written into.
pub(super) fn link_or_copy(from: &Path, to: &Path) -> Result<(), Error> {
    let new = to.with_extension("new");
    let _ = fs::remove_file(&new);
    if fs::hard_link(from, &new).is_err() {
        fs::copy(from, &new).map_err(|e| Error::io("copy", from, e))?;
    }
    make_executable(&new)?;
    fs::rename(&new, to).map_err(|e| Error::io("write", to, e))
}

pub(super) fn make_executable(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .map_err(|e| Error::io("make executable", path, e))
}
