//! Lanes: separate connections for traffic that must not wait for one another.

use std::fmt;

/// One of the connections of an agent to its server. They are told apart by ALPN, so a load balancer
/// that passes TLS through needs to know nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Intents and reports: must get through when the others are full.
    Control,
    /// The proxy to the cluster's Kubernetes API.
    Api,
    /// Byte streams to workspaces.
    Streams,
}

/// ALPN of the enrolment endpoint, which speaks HTTP/1.1.
pub(crate) const ENROL_ALPN: &[u8] = b"nagaya-enrol/1";

impl Lane {
    /// Every lane. The first is always there, the others while they are needed.
    pub const ALL: [Lane; 3] = [Lane::Control, Lane::Api, Lane::Streams];

    /// The ALPN protocol name of this lane.
    pub fn alpn(self) -> &'static [u8] {
        match self {
            Lane::Control => b"nagaya-control/1",
            Lane::Api => b"nagaya-api/1",
            Lane::Streams => b"nagaya-streams/1",
        }
    }

    /// The lane that `alpn` names, if any.
    pub fn from_alpn(alpn: &[u8]) -> Option<Lane> {
        Lane::ALL.into_iter().find(|lane| lane.alpn() == alpn)
    }

    /// The lane that a word names, if any.
    pub(crate) fn from_word(word: &str) -> Option<Lane> {
        Lane::ALL.into_iter().find(|lane| lane.word() == word)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Lane::Control => "control",
            Lane::Api => "api",
            Lane::Streams => "streams",
        }
    }

    pub(crate) fn index(self) -> usize {
        match self {
            Lane::Control => 0,
            Lane::Api => 1,
            Lane::Streams => 2,
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_is_found_again_by_its_alpn() {
        for lane in Lane::ALL {
            assert_eq!(Lane::from_alpn(lane.alpn()), Some(lane));
            assert_eq!(Lane::from_word(&lane.to_string()), Some(lane));
        }
        assert_eq!(Lane::from_alpn(ENROL_ALPN), None);
        assert_eq!(Lane::from_alpn(b"h2"), None);
    }
}
