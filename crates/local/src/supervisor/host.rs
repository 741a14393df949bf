//! What the host has: processors, memory, containerd's version, rights.

use std::path::Path;

use crate::program::Program;
use crate::{Error, paths};

/// Thousandths of a core, as kubelet counts them: processors online.
pub(crate) fn millicores() -> Result<u32, Error> {
    let count = paths::read("/proc/cpuinfo")?.lines().filter(|line| line.starts_with("processor")).count();
    Ok(u32::try_from(count.max(1)).unwrap_or(1) * 1000)
}

/// Bytes, as kubelet counts them: MemTotal.
pub(crate) fn memory() -> Result<u64, Error> {
    let text = paths::read("/proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib = line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse::<u64>().ok());
    kib.map(|kib| kib * 1024)
        .ok_or_else(|| Error::io("read", "/proc/meminfo", std::io::Error::other("no MemTotal")))
}

/// 1 for containerd 1.x, 2 for 2.x.
pub(crate) async fn containerd_major() -> Result<u16, Error> {
    // `containerd github.com/containerd/containerd 1.6.20~ds1 …` or `… /v2 v2.1.0 …`
    let text = Program::new("learn containerd's version", "containerd").args(["--version"]).run().await?;
    Ok(major_of(&text).unwrap_or(2))
}

fn major_of(text: &str) -> Option<u16> {
    let word = text.split_ascii_whitespace().nth(2)?;
    word.trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Whether OOM scores may be lowered: CAP_SYS_RESOURCE, bit 24.
pub(crate) fn may_lower_oom_score() -> bool {
    let status = paths::read(Path::new("/proc/self/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    mask.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok()).is_some_and(|mask| mask & (1 << 24) != 0)
}

/// Proxy settings that image pulls need where the host has them; the hub is never asked through a proxy.
pub(crate) fn proxy_env(hub: std::net::Ipv4Addr) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::env::vars()
        .filter(|(name, _)| ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].contains(&name.to_uppercase().as_str()))
        .collect();
    if found.is_empty() {
        return found;
    }
    let kept = found
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("NO_PROXY"))
        .map(|(_, value)| value.clone())
        .next();
    found.retain(|(name, _)| !name.eq_ignore_ascii_case("NO_PROXY"));
    let own = format!("{hub},localhost,127.0.0.1");
    found.push(("NO_PROXY".into(), kept.map_or(own.clone(), |kept| format!("{kept},{own}"))));
    found.sort();
    found
}

/// What an instance runs on this host: program (or file), and Debian's package that has it.
const NEEDED: [(&str, &str); 14] = [
    ("etcd", "etcd-server"),
    ("containerd", "containerd"),
    ("ctr", "containerd"),
    ("runc", "runc"),
    ("/usr/lib/cni/bridge", "containernetworking-plugins"),
    ("docker-registry", "docker-registry"),
    ("ip", "iproute2"),
    ("nft", "nftables"),
    ("iptables", "iptables"),
    ("iptables-restore", "iptables"),
    ("conntrack", "conntrack"),
    ("nsenter", "util-linux"),
    ("losetup", "mount"),
    ("mount", "mount"),
];

/// Fails with one command that installs all that is missing.
pub(crate) fn check() -> Result<(), Error> {
    let path = std::env::var("PATH").unwrap_or_default();
    // Root's shell may lack sbin; components are started with it.
    let folders: Vec<&str> = path.split(':').chain(["/usr/sbin", "/sbin"]).collect();
    let there = |program: &str| folders.iter().any(|folder| Path::new(folder).join(program).exists());
    let mut packages: Vec<&str> =
        NEEDED.iter().filter(|(program, _)| !there(program)).map(|(_, package)| *package).collect();
    packages.sort_unstable();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    Err(Error::Config {
        field: "host",
        problem: format!("Debian packages are missing: {}", packages.join(", ")),
        mend: format!("apt-get install {}", packages.join(" ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containerds_of_both_ages_are_told_apart() {
        assert_eq!(
            major_of("containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3"),
            Some(1)
        );
        assert_eq!(major_of("containerd github.com/containerd/containerd/v2 v2.1.4 75cb2b7"), Some(2));
    }
}
