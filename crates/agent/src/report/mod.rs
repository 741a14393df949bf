//! What the server is told: who this agent is, what the cluster holds, and how its workspaces are.

mod events;
mod hub;
mod nodes;
mod pod;
mod watch;
mod workspaces;

pub use hub::{Reports, Subscription};
pub(crate) use pod::observe;
pub use watch::run;
pub use workspaces::{PodTarget, Target};
