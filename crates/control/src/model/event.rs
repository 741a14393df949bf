//! What may happen, as the model hears of it.

use std::sync::Arc;

use jiff::Timestamp;
use nagaya_api::{RawObject, agent::Report};

use super::Impostor;
use crate::{cluster::ClusterAction, intent::RelayMaterial, provider::ProviderState, release::Secrets};

/// How a provider's work ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done. With the time until which a join token that was handed over may be used.
    Done {
        /// The end of the join token.
        join_until: Option<Timestamp>,
    },
    /// It failed, and why.
    Failed(String),
}

/// Something happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// An object was created or changed.
    Stored(Arc<RawObject>),
    /// An object is gone.
    Removed(Arc<RawObject>),
    /// A relay's certificate was made.
    RelayIssued {
        /// Uid of the workspace.
        uid: String,
        /// The certificate.
        material: RelayMaterial,
    },
    /// A relay's certificate could not be made; it is tried again at the next tick.
    RelayFailed {
        /// Uid of the workspace.
        uid: String,
    },
    /// Other authorities are to be trusted.
    AuthoritiesChanged {
        /// All of them, PEM.
        bundle_pem: String,
    },
    /// The agent of a cluster reports.
    Reported {
        /// The cluster.
        cluster: String,
        /// What.
        report: Box<Report>,
    },
    /// The agent says anew, amid its reports, who it is.
    Renewed {
        /// The cluster.
        cluster: String,
        /// The agent's version.
        agent_version: String,
        /// The API server's version.
        kubernetes: String,
    },
    /// The stream of reports ended.
    ReportsEnded {
        /// The cluster.
        cluster: String,
    },
    /// What a cluster should hold has got a revision.
    Numbered {
        /// The cluster.
        cluster: String,
        /// Its revision.
        revision: u64,
    },
    /// The agent took an intent.
    Taken {
        /// The cluster.
        cluster: String,
        /// Its hash.
        hash: String,
    },
    /// The agent was sent an intent again and again and does not take it.
    NotTaken {
        /// The cluster.
        cluster: String,
        /// What it answered.
        why: String,
    },
    /// A provider tells of a cluster.
    Provider(ProviderState),
    /// A provider's work ended.
    Worked {
        /// What it was asked.
        action: ClusterAction,
        /// How it ended.
        outcome: Outcome,
    },
    /// An agent enrolled or renewed its certificate, or is known to have.
    Enrolled {
        /// The cluster.
        cluster: String,
        /// When its certificate ends.
        not_after: Timestamp,
    },
    /// An agent's update could not be begun.
    UpdateRefused {
        /// The cluster.
        cluster: String,
        /// Why, with the mend.
        why: String,
    },
    /// An agent of another cluster was not let in.
    Refused {
        /// The cluster it says it is of.
        cluster: String,
        /// Who it is.
        impostor: Impostor,
    },
    /// Another cluster took this one's place, as a person said.
    Replaced {
        /// The cluster.
        cluster: String,
    },
    /// What was put off is due, see [`Model::gather`].
    Gather,
    /// An agent is told to remove itself, now or in an earlier run of the server.
    Told {
        /// The cluster.
        cluster: String,
    },
    /// What is sealed of a release.
    Sealed {
        /// The release.
        release: String,
        /// Its secrets.
        secrets: Secrets,
    },
    /// Nothing but time.
    Tick,
}
