//! What can go wrong in the tunnel, in words for the person who reads the console.

use http::StatusCode;

use crate::{BoxError, Lane};

/// A failure on the server's side of the tunnel, or in setting up either side.
#[derive(Debug, thiserror::Error)]
pub enum TunnelError {
    /// No connection of that cluster's agent is there.
    #[error(
        "cluster `{cluster}` has no agent connected on the {lane} lane; look whether the Deployment \
         nagaya-agent in its namespace nagaya-system runs and reaches this server"
    )]
    NoAgent {
        /// The cluster asked for.
        cluster: String,
        /// The lane asked for.
        lane: Lane,
    },
    /// The connection ended, or the request was refused by HTTP/2, before an answer came.
    #[error(
        "the connection to the agent of cluster `{cluster}` ended before it answered: {source}; try again"
    )]
    Lost {
        /// The cluster asked for.
        cluster: String,
        /// What hyper reports.
        source: hyper::Error,
    },
    /// The agent answered a CONNECT with a refusal.
    #[error("the agent of cluster `{cluster}` could not connect to `{authority}` ({status}): {message}")]
    Refused {
        /// The cluster asked for.
        cluster: String,
        /// Where the stream was to go.
        authority: String,
        /// The agent's status: 502 where the pod does not answer, 404 where there is none, and so on.
        status: StatusCode,
        /// The agent's words.
        message: String,
    },
    /// The request could not be put in HTTP/2 form.
    #[error("this request cannot be sent to cluster `{cluster}`: {source}")]
    Request {
        /// The cluster asked for.
        cluster: String,
        /// What is wrong with it.
        source: BoxError,
    },
    /// A certificate, key or CA bundle cannot be used.
    #[error("{what}: {source}; give a PEM file that holds it")]
    Credentials {
        /// Which of them.
        what: &'static str,
        /// What is wrong with it.
        source: BoxError,
    },
}

impl TunnelError {
    pub(crate) fn credentials(what: &'static str, source: impl Into<BoxError>) -> TunnelError {
        TunnelError::Credentials { what, source: source.into() }
    }

    /// Whether nobody has acted on the request yet, so that sending it again is harmless.
    pub fn is_no_agent(&self) -> bool {
        matches!(self, TunnelError::NoAgent { .. })
    }
}
