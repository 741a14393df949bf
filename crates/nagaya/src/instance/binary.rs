//! The program that an instance's processes run: a copy of its own, so that a build, an upgrade or a removed
//! checkout takes nothing away from under them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::SystemTime,
};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use super::Folders;

/// Copies kept besides the present one: processes that still run an older one may restart from it.
const KEPT: usize = 3;

/// Identity of this build: the hash of the program itself, which does not change while it runs.
fn build_id() -> Result<String> {
    static ID: OnceLock<String> = OnceLock::new();
    if let Some(id) = ID.get() {
        return Ok(id.clone());
    }
    let mut program = fs::File::open("/proc/self/exe").context("cannot read this program")?;
    let mut hasher = Sha256::new();
    std::io::copy(&mut program, &mut hasher).context("cannot read this program")?;
    let id: String = hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(ID.get_or_init(|| id).clone())
}

/// What a server is made of: the program, and the images it puts into clusters. Another identity asks for another
/// server.
///
/// # Errors
/// When the program cannot be read.
pub fn identity(cache_dir: &Path) -> Result<String> {
    let images = fs::read(cache_dir.join("images.env")).unwrap_or_default();
    let images: String = Sha256::digest(&images).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}-{images}", build_id()?))
}

/// The instance's copy of this program, made if it is not there.
///
/// # Errors
/// When it cannot be copied.
pub fn installed(folders: &Folders) -> Result<PathBuf> {
    let dir = folders.programs();
    let path = dir.join(format!("nagaya-{}", build_id()?));
    if !path.exists() {
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let temporary = dir.join(format!(".nagaya.{}", std::process::id()));
        fs::copy("/proc/self/exe", &temporary)
            .and_then(|_| fs::rename(&temporary, &path))
            .with_context(|| format!("cannot copy this program to {}", path.display()))?;
    }
    forget_old(&dir, &path);
    Ok(path)
}

/// Removes the oldest copies. A process that runs one keeps its open file.
fn forget_old(dir: &Path, keep: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    let mut copies: Vec<(SystemTime, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .filter(|(_, path)| path != keep)
        .collect();
    copies.sort();
    let surplus = copies.len().saturating_sub(KEPT);
    for (_, path) in copies.into_iter().take(surplus) {
        let _ = fs::remove_file(path);
    }
}
