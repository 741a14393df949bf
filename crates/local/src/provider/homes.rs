//! Homes outlive their cluster: they wait in a folder with its name, and come back with the next cluster of that name.
//!
//! Taking all of them back gives nothing away: the provisioner gives a home to a claim of the same namespace, name and
//! owner only, and what nobody claims stays as it is. Folders are renamed within one file system, so that a kill leaves
//! each home in one place or the other, and the same call goes on from there.

use std::path::Path;

use crate::{Error, paths};

/// Moves each home in `homes` to `kept`. A home of that name that was kept earlier stays; the newer one gets a number.
pub(super) fn keep(homes: &Path, kept: &Path) -> Result<(), Error> {
    for home in paths::folders_in(homes)? {
        paths::create_dir(kept)?;
        let numbered = std::iter::once(home.clone()).chain((2..).map(|number| format!("{home}-{number}")));
        if let Some(target) = numbered.map(|home| kept.join(home)).find(|target| !target.exists()) {
            rename(&homes.join(&home), &target)?;
        }
    }
    Ok(())
}

/// Moves what was kept back. A home that is there under its name stays, and the kept one too.
pub(super) fn take_back(homes: &Path, kept: &Path) -> Result<(), Error> {
    for home in paths::folders_in(kept)? {
        paths::create_dir(homes)?;
        let target = homes.join(&home);
        if target.exists() {
            tracing::warn!("home {} stays in {}: the cluster has one of that name", home, kept.display());
            continue;
        }
        rename(&kept.join(&home), &target)?;
    }
    // The folder is empty now, or something is left in it, which must not be lost.
    let _ = std::fs::remove_dir(kept);
    Ok(())
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::rename(from, to).map_err(|e| Error::io("move home", from, e))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn put(folder: &Path, home: &str, content: &str) {
        fs::create_dir_all(folder.join(home)).unwrap();
        fs::write(folder.join(home).join("disk.img"), content).unwrap();
    }

    fn content(folder: &Path, home: &str) -> String {
        fs::read_to_string(folder.join(home).join("disk.img")).unwrap()
    }

    #[test]
    fn homes_wait_for_a_cluster_of_the_same_name_and_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let (homes, kept) = (dir.path().join("clusters/one/homes"), dir.path().join("homes-kept/one"));
        take_back(&homes, &kept).unwrap();
        put(&homes, "home-1", "precious");
        keep(&homes, &kept).unwrap();
        assert!(paths::folders_in(&homes).unwrap().is_empty());
        take_back(&homes, &kept).unwrap();
        assert_eq!(content(&homes, "home-1"), "precious");
        assert!(!kept.exists());
    }

    #[test]
    fn no_home_takes_the_place_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let (homes, kept) = (dir.path().join("homes"), dir.path().join("kept"));
        put(&kept, "home-1", "earlier");
        put(&homes, "home-1", "later");
        take_back(&homes, &kept).unwrap();
        assert_eq!((content(&homes, "home-1"), content(&kept, "home-1")), ("later".into(), "earlier".into()));
        keep(&homes, &kept).unwrap();
        assert_eq!(
            (content(&kept, "home-1"), content(&kept, "home-1-2")),
            ("earlier".into(), "later".into())
        );
    }
}
