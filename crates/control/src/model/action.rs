//! What is to be done, each as a sentence: the log line and the event.

use std::{fmt, sync::Arc};

use nagaya_api::{
    BundleVersion, Kind,
    kinds::{
        bundle::BundleStatus, cluster::ClusterStatus, group::GroupStatus, release::ReleaseStatus,
        workspace::WorkspaceStatus,
    },
};

use super::Content;
use crate::cluster::ClusterAction;

/// One thing to do. Doing it twice does no harm.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Make a certificate for a workspace's relay.
    IssueRelay {
        /// The workspace.
        workspace: String,
    },
    /// Send a cluster what it should hold.
    Deliver {
        /// The cluster.
        cluster: String,
        /// What.
        content: Arc<Content>,
    },
    /// Write what is said of a workspace.
    SayWorkspace {
        /// Its name.
        workspace: String,
        /// Its uid: another one of that name gets nothing.
        uid: String,
        /// What is said.
        status: Box<WorkspaceStatus>,
        /// Whether phase or reason is another than before; else only details are.
        turn: bool,
    },
    /// Write what is said of a cluster.
    SayCluster {
        /// Its name.
        cluster: String,
        /// Its uid.
        uid: String,
        /// What is said.
        status: Box<ClusterStatus>,
        /// Whether phase or reason is another than before; else only details are.
        turn: bool,
    },
    /// Write how many workspaces a template has.
    SayTemplate {
        /// Its name.
        template: String,
        /// How many.
        workspaces: u32,
    },
    /// Write what is said of a group.
    SayGroup {
        /// Its name.
        group: String,
        /// Its uid.
        uid: String,
        /// What is said.
        status: Box<GroupStatus>,
    },
    /// Write what is said of a bundle.
    SayBundle {
        /// Its name.
        bundle: String,
        /// Its uid.
        uid: String,
        /// What is said.
        status: Box<BundleStatus>,
    },
    /// Keep what a bundle now is as a version.
    MakeVersion {
        /// The version.
        version: Box<BundleVersion>,
    },
    /// Write what is said of a release.
    SayRelease {
        /// Its name.
        release: String,
        /// Its uid.
        uid: String,
        /// What is said.
        status: Box<ReleaseStatus>,
    },
    /// Let a release go that is uninstalled everywhere.
    FinishRelease {
        /// Its name.
        release: String,
        /// Its uid.
        uid: String,
    },
    /// Remove a version that nobody needs.
    DropVersion {
        /// Of a bundle or of a release.
        kind: Kind,
        /// Its name.
        name: String,
        /// Its uid.
        uid: String,
    },
    /// Let a workspace go whose home is gone.
    ReleaseWorkspace {
        /// Its name.
        workspace: String,
        /// Its uid.
        uid: String,
    },
    /// Send a cluster's agent the archive of a chart that it lacks.
    SendChart {
        /// The cluster.
        cluster: String,
        /// Its SHA-256.
        digest: String,
    },
    /// Ask something of a cluster's provider.
    Cluster(ClusterAction),
    /// Have an imported cluster's agent become of the server's version.
    UpdateAgent {
        /// The cluster.
        cluster: String,
    },
    /// Admit a cluster's agent, or no longer.
    Admit {
        /// The cluster.
        cluster: String,
        /// Whether.
        admitted: bool,
    },
}

impl Action {
    /// Whether a person reading the log wants to know.
    pub fn is_news(&self) -> bool {
        match self {
            Self::SayWorkspace { turn, .. } | Self::SayCluster { turn, .. } => *turn,
            Self::Admit { .. }
            | Self::SayTemplate { .. }
            | Self::SayGroup { .. }
            | Self::SayBundle { .. }
            | Self::SayRelease { .. }
            | Self::DropVersion { .. } => false,
            _ => true,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IssueRelay { workspace } => {
                write!(f, "make a certificate for the relay of workspace \"{workspace}\"")
            }
            Self::Deliver { cluster, content } => {
                write!(f, "send cluster \"{cluster}\" its intent of {} objects", content.len())
            }
            Self::SayWorkspace { workspace, status, .. } => {
                write!(f, "workspace \"{workspace}\" is {:?}", status.phase)?;
                if status.message.is_empty() { Ok(()) } else { write!(f, ": {}", status.message) }
            }
            Self::SayCluster { cluster, status, .. } => {
                write!(f, "cluster \"{cluster}\" is {:?}", status.phase)?;
                if status.message.is_empty() { Ok(()) } else { write!(f, ": {}", status.message) }
            }
            Self::SayTemplate { template, workspaces } => {
                write!(f, "template \"{template}\" has {workspaces} workspaces")
            }
            Self::SayGroup { group, status, .. } => {
                write!(f, "group \"{group}\" has {} clusters", status.clusters.len())
            }
            Self::SayBundle { bundle, status, .. } => {
                let sum = &status.summary;
                write!(
                    f,
                    "bundle \"{bundle}\" version {} is ready on {} of {} clusters",
                    status.version, sum.ready, sum.targets
                )
            }
            Self::SayRelease { release, status, .. } => {
                let sum = &status.summary;
                write!(
                    f,
                    "release \"{release}\" version {} is ready on {} of {} clusters",
                    status.latest, sum.ready, sum.targets
                )
            }
            Self::FinishRelease { release, .. } => {
                write!(f, "remove release \"{release}\", which is uninstalled")
            }
            Self::MakeVersion { version } => {
                let spec = &version.spec;
                write!(
                    f,
                    "make version {} of bundle \"{}\", of {} objects",
                    spec.version,
                    spec.bundle,
                    spec.objects.len()
                )
            }
            Self::DropVersion { name, .. } => write!(f, "remove version \"{name}\", which nobody needs"),
            Self::ReleaseWorkspace { workspace, .. } => {
                write!(f, "remove workspace \"{workspace}\", whose home is gone")
            }
            Self::SendChart { cluster, digest } => {
                write!(f, "send cluster \"{cluster}\" the chart {digest}, which it lacks")
            }
            Self::Cluster(action) => action.fmt(f),
            Self::UpdateAgent { cluster } => write!(f, "update the agent of cluster \"{cluster}\""),
            Self::Admit { cluster, admitted: true } => write!(f, "admit the agent of cluster \"{cluster}\""),
            Self::Admit { cluster, admitted: false } => {
                write!(f, "admit the agent of cluster \"{cluster}\" no longer")
            }
        }
    }
}
