//! Join tokens: how a new agent shows once that it is of the cluster it says.

use jiff::Timestamp;

/// A join token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinToken {
    /// Its identity, no secret.
    pub id: String,
    /// The cluster whose agent may use it.
    pub cluster: String,
    /// When it ends unused.
    pub expires_at: Timestamp,
}

/// Why a join token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefused {
    /// It is not known.
    #[error("the join token is not known: make one with `nagaya cluster import NAME`")]
    Unknown,
    /// It was used, with another key.
    #[error(
        "the join token was used already, and each works once: make another with `nagaya cluster import NAME`"
    )]
    Used,
    /// Its time is over.
    #[error("the join token has expired: make another with `nagaya cluster import NAME`")]
    Expired,
}
