//! Settings of the host's kernel that instances need changed: changed for the first that needs it, put back after the
//! last.
//!
//! Who needs them is recorded in /run. `ip_forward` belongs to a network namespace, and tests run whole instances inside
//! `unshare -n`, so its record does too; the others belong to the host. A user that is gone without a word (the host was
//! rebooted, its namespace ended) no longer counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use crate::cgroup::Group;
use crate::net::hub::host_link;
use crate::{Error, paths};

/// What a setting belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Network,
    Host,
}

/// By path below /proc/sys, at least this value.
const NEEDED: [(Scope, &str, u64); 2] = [
    (Scope::Network, "net/ipv4/ip_forward", 1),
    // All pods of a user id count together, over all clusters: 128, the kernel's default, is a dozen desktops.
    (Scope::Host, "fs/inotify/max_user_instances", 8192),
];

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    users: BTreeSet<String>,
    /// What stood there before the first user, by setting.
    original: BTreeMap<String, u64>,
}

impl Record {
    /// With `instance` in it. `current` tells a setting as it stands; kept when nobody else needs it.
    fn with(
        mut self,
        instance: &str,
        keys: &[&str],
        current: impl Fn(&str) -> u64,
        alive: impl Fn(&str) -> bool,
    ) -> Self {
        self.users.retain(|user| user == instance || alive(user));
        if self.users.is_empty() {
            self.original.clear();
        }
        for key in keys {
            self.original.entry((*key).to_owned()).or_insert_with(|| current(key));
        }
        self.users.insert(instance.to_owned());
        self
    }

    /// Without it, and what is to be put back if it was the last.
    fn without(mut self, instance: &str, alive: impl Fn(&str) -> bool) -> (Self, BTreeMap<String, u64>) {
        let known = self.users.remove(instance);
        self.users.retain(|user| alive(user));
        let last = known && self.users.is_empty();
        let back = if last { std::mem::take(&mut self.original) } else { BTreeMap::new() };
        (self, back)
    }
}

pub(crate) fn acquire(instance: &str) -> Result<(), Error> {
    for scope in [Scope::Network, Scope::Host] {
        let needed: Vec<(&str, u64)> = needed(scope).filter(|(key, _)| path_of(key).exists()).collect();
        let keys: Vec<&str> = needed.iter().map(|(key, _)| *key).collect();
        change(scope, |record| {
            let record = record.with(instance, &keys, current, |user| is_alive(scope, user));
            for (key, least) in &needed {
                if current(key) < *least {
                    paths::write(path_of(key), least.to_string())?;
                }
            }
            Ok(record)
        })?;
    }
    Ok(())
}

pub(crate) fn release(instance: &str) -> Result<(), Error> {
    for scope in [Scope::Network, Scope::Host] {
        change(scope, |record| {
            let (record, back) = record.without(instance, |user| is_alive(scope, user));
            for (key, value) in back {
                paths::write(path_of(&key), value.to_string())?;
            }
            Ok(record)
        })?;
    }
    Ok(())
}

fn needed(scope: Scope) -> impl Iterator<Item = (&'static str, u64)> {
    NEEDED.into_iter().filter(move |(of, ..)| *of == scope).map(|(_, key, least)| (key, least))
}

fn path_of(key: &str) -> PathBuf {
    PathBuf::from("/proc/sys").join(key)
}

fn current(key: &str) -> u64 {
    fs::read_to_string(path_of(key)).ok().and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

/// An instance shows in a network namespace by its uplink, on the host by its control group.
fn is_alive(scope: Scope, instance: &str) -> bool {
    match scope {
        Scope::Network => {
            let link = format!("{}:", host_link(instance));
            fs::read_to_string("/proc/net/dev")
                .is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with(&link)))
        }
        Scope::Host => Group::instance(instance).is_ok_and(|group| group.exists()),
    }
}

fn change(scope: Scope, job: impl FnOnce(Record) -> Result<Record, Error>) -> Result<(), Error> {
    let own = fs::metadata("/proc/self/ns/net").map_err(|e| Error::io("read", "/proc/self/ns/net", e))?;
    let folder = PathBuf::from(paths::RUN).join("host");
    paths::create_dir(&folder)?;
    let lock = folder.join("lock");
    let file = File::create(&lock).map_err(|e| Error::io("open", &lock, e))?;
    let _held =
        Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, e)| Error::io("lock", &lock, e.into()))?;
    let path = match scope {
        Scope::Network => folder.join(format!("network-{}.json", own.ino())),
        Scope::Host => folder.join("host.json"),
    };
    let old =
        fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let new = job(old)?;
    if new.users.is_empty() {
        let _ = fs::remove_file(&path);
        return Ok(());
    }
    paths::replace(&path, serde_json::to_string(&new).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 1] = ["ip_forward"];

    #[test]
    fn the_last_instance_puts_back_what_the_first_found() {
        let up = |_: &str| true;
        let record = Record::default().with("a", &KEYS, |_| 0, up).with("b", &KEYS, |_| 1, up).with(
            "a",
            &KEYS,
            |_| 1,
            up,
        );
        let (record, back) = record.without("a", up);
        assert!(back.is_empty());
        let (record, back) = record.without("b", up);
        assert_eq!(back, BTreeMap::from([("ip_forward".to_owned(), 0)]));
        assert!(record.without("b", up).1.is_empty(), "a second down changes nothing");
    }

    #[test]
    fn a_user_that_vanished_no_longer_counts() {
        let record = Record::default().with("dead", &KEYS, |_| 0, |_| true).with(
            "a",
            &KEYS,
            |_| 1,
            |user| user != "dead",
        );
        assert_eq!(record.original["ip_forward"], 1, "someone else switched it on meanwhile");
        assert_eq!(record.without("a", |_| false).1["ip_forward"], 1);
    }
}
