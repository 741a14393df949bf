//! Why the gateway ends a stream.

/// Why the gateway ends a stream, as a WebSocket close code that the page acts on (RFC 6455, section 7.4.2:
/// 4000–4999 are the application's own).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// 4001: the workspace has no pod, or is to have none.
    WorkspaceStopped,
    /// 4002: the caller may not reach it any more.
    RightTakenAway,
    /// 4003: the cluster's agent is not connected.
    AgentAway,
    /// 4004: the caller's session or token is over.
    SessionOver,
    /// 4005: the pod is there and its desktop does not answer.
    DesktopSilent,
    /// 4006: the desktop ended the stream.
    DesktopEnded,
    /// 1001: the server stops; it will be back.
    ServerStopping,
    /// 1002: the client spoke something else than binary frames.
    NotBinary,
    /// 1006, which is never sent: the client is gone or silent.
    ClientGone,
}

impl CloseReason {
    /// The close code.
    pub const fn code(self) -> u16 {
        match self {
            Self::WorkspaceStopped => 4001,
            Self::RightTakenAway => 4002,
            Self::AgentAway => 4003,
            Self::SessionOver => 4004,
            Self::DesktopSilent => 4005,
            Self::DesktopEnded => 4006,
            Self::ServerStopping => 1001,
            Self::NotBinary => 1002,
            Self::ClientGone => 1006,
        }
    }

    /// The same in words; at most the 123 bytes that a close frame holds.
    pub const fn words(self) -> &'static str {
        match self {
            Self::WorkspaceStopped => "the workspace is stopped: start it",
            Self::RightTakenAway => "you may not reach this workspace any more: ask its team's administrator",
            Self::AgentAway => "the workspace's cluster is not connected: wait, the page tries again",
            Self::SessionOver => "your session is over: log in again",
            Self::DesktopSilent => "the workspace's desktop does not answer yet: wait, the page tries again",
            Self::DesktopEnded => "the workspace's desktop ended the connection",
            Self::ServerStopping => "the server restarts: wait, the page tries again",
            Self::NotBinary => "only binary frames are understood here",
            Self::ClientGone => "the client is gone",
        }
    }
}

impl std::fmt::Display for CloseReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fit_a_close_frame() {
        use CloseReason::*;
        for reason in [
            WorkspaceStopped,
            RightTakenAway,
            AgentAway,
            SessionOver,
            DesktopSilent,
            DesktopEnded,
            ServerStopping,
            NotBinary,
            ClientGone,
        ] {
            assert!(reason.words().len() <= 123, "{reason:?}");
        }
    }
}
