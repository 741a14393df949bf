//! The host's `ip_forward`: switched on for the first instance that needs it, put back after the last.
//!
//! Who needs it is recorded in /run, by network namespace, since tests run whole instances inside `unshare -n`. A user
//! whose uplink is gone (the host was rebooted, its namespace ended) no longer counts.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};

use crate::{Error, paths};

const SWITCH: &str = "/proc/sys/net/ipv4/ip_forward";

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    original: String,
    /// Instance name to the interface that shows it is up.
    users: BTreeMap<String, String>,
}

impl Record {
    /// The record with `instance` in it; `current` is the switch as it stands, kept when nobody else needs it.
    fn with(mut self, instance: &str, uplink: &str, current: &str, up: impl Fn(&str) -> bool) -> Self {
        self.users.retain(|_, link| up(link));
        if self.users.is_empty() {
            self.original = current.to_owned();
        }
        self.users.insert(instance.to_owned(), uplink.to_owned());
        self
    }

    /// The record without it, and what the switch is to be put back to if it was the last.
    fn without(mut self, instance: &str, up: impl Fn(&str) -> bool) -> (Self, Option<String>) {
        let known = self.users.remove(instance).is_some();
        self.users.retain(|_, link| up(link));
        let back = (known && self.users.is_empty()).then(|| self.original.clone());
        (self, back)
    }
}

pub(crate) fn acquire(instance: &str, uplink: &str) -> Result<(), Error> {
    change(|record| {
        let current = paths::read(SWITCH)?.trim().to_owned();
        let record = record.with(instance, uplink, &current, link_exists);
        if current != "1" {
            paths::write(SWITCH, "1")?;
        }
        Ok(record)
    })
}

pub(crate) fn release(instance: &str) -> Result<(), Error> {
    change(|record| {
        let (record, back) = record.without(instance, link_exists);
        if let Some(value) = back {
            paths::write(SWITCH, value)?;
        }
        Ok(record)
    })
}

fn link_exists(name: &str) -> bool {
    fs::read_to_string("/proc/net/dev")
        .is_ok_and(|text| text.lines().any(|l| l.trim_start().starts_with(&format!("{name}:"))))
}

fn change(job: impl FnOnce(Record) -> Result<Record, Error>) -> Result<(), Error> {
    let own = fs::metadata("/proc/self/ns/net").map_err(|e| Error::io("read", "/proc/self/ns/net", e))?;
    let folder = PathBuf::from(paths::RUN).join("host");
    paths::create_dir(&folder)?;
    let lock = folder.join("lock");
    let file = File::create(&lock).map_err(|e| Error::io("open", &lock, e))?;
    let _held =
        Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, e)| Error::io("lock", &lock, e.into()))?;
    let path = folder.join(format!("forwarding-{}.json", own.ino()));
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

    #[test]
    fn the_last_instance_puts_the_switch_back_to_what_the_first_found() {
        let up = |_: &str| true;
        let record =
            Record::default().with("a", "u-a", "0", up).with("b", "u-b", "1", up).with("a", "u-a", "1", up);
        let (record, back) = record.without("a", up);
        assert_eq!(back, None);
        let (record, back) = record.without("b", up);
        assert_eq!(back.as_deref(), Some("0"));
        assert_eq!(record.without("b", up).1, None, "a second down changes nothing");
    }

    #[test]
    fn a_user_that_vanished_no_longer_counts() {
        let record =
            Record::default().with("dead", "u-d", "0", |_| true).with("a", "u-a", "1", |link| link != "u-d");
        assert_eq!(record.original, "1", "someone else switched it on meanwhile");
        assert_eq!(record.without("a", |_| false).1.as_deref(), Some("1"));
    }
}
