//! What differs between versions of Kubernetes, as far as intents go: decided here and nowhere else.

/// The minor version of a cluster's Kubernetes 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minor(pub u32);

impl Minor {
    /// Reads `v1.20.2`, `1.34`, `v1.33.1+k3s1`, `v1.30.4-gke.100`.
    pub fn parse(version: &str) -> Option<Self> {
        let mut parts = version.strip_prefix('v').unwrap_or(version).split('.');
        let (major, minor) = (parts.next()?, parts.next()?);
        let digits: String = minor.chars().take_while(char::is_ascii_digit).collect();
        (major == "1").then_some(Self(digits.parse().ok()?))
    }

    /// Pod Security admission reads labels of namespaces: on by default from 1.23.
    pub fn has_pod_security(self) -> bool {
        self >= Self(23)
    }

    /// PodSecurityPolicy was removed in 1.25.
    pub fn has_pod_security_policy(self) -> bool {
        self < Self(25)
    }

    /// kubelet runs a readiness probe at once when its container starts, whatever the period: from 1.22. Before,
    /// the first run comes at a random moment within the period.
    pub fn probes_at_once(self) -> bool {
        self >= Self(22)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_api_servers_report_them() {
        for (text, minor) in
            [("v1.20.2", 20), ("1.36", 36), ("v1.33.1+k3s1", 33), ("v1.30.4-gke.100", 30), ("v1.25+", 25)]
        {
            assert_eq!(Minor::parse(text), Some(Minor(minor)), "{text}");
        }
        for bad in ["", "v2.0.0", "1", "1.x", "0.0"] {
            assert_eq!(Minor::parse(bad), None, "{bad}");
        }
    }
}
