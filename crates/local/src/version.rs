//! Versions of Kubernetes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A release of Kubernetes, as `kubelet --version` prints it (`Kubernetes v1.36.2`) or as people write it (`1.36.2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KubernetesVersion {
    /// The 1 of 1.36.2.
    pub major: u16,
    /// The 36 of 1.36.2.
    pub minor: u16,
    /// The 2 of 1.36.2.
    pub patch: u16,
}

impl KubernetesVersion {
    /// Whether this is release `1.minor.0` or a later one.
    #[must_use]
    pub fn at_least(self, minor: u16) -> bool {
        (self.major, self.minor) >= (1, minor)
    }
}

/// Text that is no version.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no Kubernetes version; write it as 1.36.2")]
pub struct NoVersion(String);

impl FromStr for KubernetesVersion {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let bad = || NoVersion(text.into());
        let plain = text.trim();
        let plain = plain.strip_prefix("Kubernetes ").unwrap_or(plain);
        let plain = plain.strip_prefix('v').unwrap_or(plain);
        let core = plain.split(['-', '+']).next().unwrap_or(plain);
        let mut parts = core.split('.').map(|part| part.parse::<u16>().map_err(|_| bad()));
        let mut next = || parts.next().unwrap_or_else(|| Err(bad()));
        let version = Self { major: next()?, minor: next()?, patch: next()? };
        if parts.next().is_some() { Err(bad()) } else { Ok(version) }
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl TryFrom<String> for KubernetesVersion {
    type Error = NoVersion;

    fn try_from(text: String) -> Result<Self, NoVersion> {
        text.parse()
    }
}

impl From<KubernetesVersion> for String {
    fn from(version: KubernetesVersion) -> Self {
        version.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_what_kubelet_prints() {
        let version: KubernetesVersion = "Kubernetes v1.36.2\n".parse().unwrap();
        assert_eq!(version, KubernetesVersion { major: 1, minor: 36, patch: 2 });
        assert_eq!("v1.35.0-rc.1+abc".parse::<KubernetesVersion>().unwrap().to_string(), "1.35.0");
        for bad in ["", "1.36", "1.36.x", "1.2.3.4"] {
            assert!(bad.parse::<KubernetesVersion>().is_err(), "{bad}");
        }
    }

    #[test]
    fn minors_order_as_numbers() {
        let version: KubernetesVersion = "1.20.2".parse().unwrap();
        assert!(version.at_least(20) && version.at_least(9) && !version.at_least(21));
    }
}
