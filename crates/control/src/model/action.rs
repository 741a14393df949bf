//! What is to be done, each as a sentence: the log line and the event.

use std::{fmt, sync::Arc};

use nagaya_api::kinds::{cluster::ClusterStatus, workspace::WorkspaceStatus};

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
    /// Let a workspace go whose home is gone.
    ReleaseWorkspace {
        /// Its name.
        workspace: String,
        /// Its uid.
        uid: String,
    },
    /// Ask something of a cluster's provider.
    Cluster(ClusterAction),
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
            Self::Admit { .. } | Self::SayTemplate { .. } => false,
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
                write!(f, "send cluster \"{cluster}\" its intent of {} objects", content.objects.len())
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
            Self::ReleaseWorkspace { workspace, .. } => {
                write!(f, "remove workspace \"{workspace}\", whose home is gone")
            }
            Self::Cluster(action) => action.fmt(f),
            Self::Admit { cluster, admitted: true } => write!(f, "admit the agent of cluster \"{cluster}\""),
            Self::Admit { cluster, admitted: false } => {
                write!(f, "admit the agent of cluster \"{cluster}\" no longer")
            }
        }
    }
}
