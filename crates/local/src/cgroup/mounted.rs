//! Which cgroup hierarchies this host has mounted.

use std::path::{Path, PathBuf};

use crate::{Error, paths};

/// Version 1 (also hybrid: that is what kubelet and runc take it for) or 2, told apart as they do: by what is mounted on
/// /sys/fs/cgroup itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

/// One hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    pub(crate) at: PathBuf,
    pub(crate) controllers: Vec<String>,
}

/// All hierarchies that processes are put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hierarchies {
    pub(crate) version: Version,
    pub(crate) mounts: Vec<Hierarchy>,
}

impl Hierarchies {
    pub(crate) fn read() -> Result<Self, Error> {
        let table = paths::read("/proc/self/mountinfo")?;
        parse(&table).ok_or_else(|| Error::Config {
            field: "cgroup",
            problem: "no control groups are mounted below /sys/fs/cgroup".into(),
            mend: "mount -t cgroup2 cgroup2 /sys/fs/cgroup".into(),
        })
    }
}

fn parse(table: &str) -> Option<Hierarchies> {
    let mut mounts = vec![];
    for line in table.lines() {
        let (before, after) = line.split_once(" - ")?;
        let at = Path::new(before.split(' ').nth(4)?);
        let mut after = after.split(' ');
        let (kind, options) = (after.next()?, after.nth(1)?);
        if kind == "cgroup2" && at == Path::new("/sys/fs/cgroup") {
            let controllers = ["cpu", "memory", "pids", "cpuset", "io"].map(String::from).into();
            return Some(Hierarchies {
                version: Version::V2,
                mounts: vec![Hierarchy { at: at.into(), controllers }],
            });
        }
        let hybrid = kind == "cgroup2" && at == Path::new("/sys/fs/cgroup/unified");
        if hybrid {
            // No controllers, but runc puts containers there as well.
            mounts.push(Hierarchy { at: at.into(), controllers: vec![] });
        } else if kind == "cgroup" && at.starts_with("/sys/fs/cgroup") {
            let controllers = options.split(',').map(String::from).collect();
            let hierarchy = Hierarchy { at: at.into(), controllers };
            // The same hierarchy may be mounted twice (`cpu` and `cpu,cpuacct` as links do not show here, mounts do).
            if !mounts.iter().any(|other: &Hierarchy| other.controllers == hierarchy.controllers) {
                mounts.push(hierarchy);
            }
        }
    }
    (!mounts.is_empty()).then_some(Hierarchies { version: Version::V1, mounts })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_hybrid_host_counts_as_version_1() {
        let table = "24 22 0:21 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n\
            25 24 0:22 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n\
            26 24 0:23 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
            27 24 0:24 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
        let found = parse(table).unwrap();
        assert_eq!(found.version, Version::V1);
        assert_eq!(found.mounts.len(), 3);
        assert!(found.mounts[0].controllers.contains(&"cpu".to_owned()));
    }

    #[test]
    fn version_2_is_one_hierarchy() {
        let found = parse("25 24 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n").unwrap();
        assert_eq!((found.version, found.mounts.len()), (Version::V2, 1));
        assert_eq!(parse("25 24 0:22 / /proc rw - proc proc rw\n"), None);
    }
}
