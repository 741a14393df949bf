//! Loop devices over homes. They go with their mount, unless something was killed between the two.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::Error;
use crate::program::Program;

/// Detaches every loop device over a file in a folder of `homes`. Returns what was found, in words.
///
/// Devices are told by their file's inode: the path the kernel shows is as some container saw it, or only a part of it.
pub(crate) async fn detach(homes: &Path) -> Result<Vec<String>, Error> {
    let files = files_of(homes);
    let mut found = BTreeSet::new();
    for _ in 0..100 {
        let left = if files.is_empty() { vec![] } else { attached(&files).await? };
        if left.is_empty() {
            return Ok(found.into_iter().collect());
        }
        for device in left {
            let detach = Program::new(format!("detach {device}"), "losetup").args(["-d", &device]);
            detach.run_unless(&["No such device"]).await?;
            found.insert(format!("loop device {device} over a home in {}", homes.display()));
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    Ok(found.into_iter().collect())
}

/// Device number and inode of each file one folder down.
fn files_of(homes: &Path) -> BTreeSet<(u64, u64)> {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let folders = entries(homes).filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let files = folders.flat_map(|folder| entries(&folder.path()).collect::<Vec<_>>());
    files
        .filter_map(|entry| entry.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|meta| (meta.dev(), meta.ino()))
        .collect()
}

async fn attached(files: &BTreeSet<(u64, u64)>) -> Result<Vec<String>, Error> {
    let list = Program::new("list loop devices", "losetup").args([
        "--list",
        "--json",
        "--output",
        "NAME,BACK-INO,BACK-MAJ:MIN",
    ]);
    let text = list.run().await?;
    let all: Value = serde_json::from_str(&text).unwrap_or_default();
    let devices = all["loopdevices"].as_array().cloned().unwrap_or_default();
    let ours = devices.into_iter().filter(|device| backing(device).is_some_and(|file| files.contains(&file)));
    Ok(ours.filter_map(|device| device["name"].as_str().map(Into::into)).collect())
}

fn backing(device: &Value) -> Option<(u64, u64)> {
    let inode = &device["back-ino"];
    let inode = inode.as_u64().or_else(|| inode.as_str()?.trim().parse().ok())?;
    let (major, minor) = device["back-maj:min"].as_str()?.trim().split_once(':')?;
    Some((nix::sys::stat::makedev(major.parse().ok()?, minor.parse().ok()?), inode))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_come_as_numbers_or_as_text() {
        let expected = Some((nix::sys::stat::makedev(254, 0), 77));
        assert_eq!(
            backing(&json!({"name": "/dev/loop0", "back-ino": 77, "back-maj:min": "254:0"})),
            expected
        );
        assert_eq!(
            backing(&json!({"name": "/dev/loop0", "back-ino": "77", "back-maj:min": "254:0"})),
            expected
        );
        assert_eq!(backing(&json!({"name": "/dev/loop0", "back-ino": null, "back-maj:min": null})), None);
    }
}
