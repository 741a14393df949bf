//! Whether the cluster's network enforces NetworkPolicies, found out by trying.
//!
//! A pod of the agent's own image listens; the agent, a pod too, reaches it. Then a NetworkPolicy denies all that goes
//! to that pod, and the agent tries again. A pod that is out of reach might have died of something else, so the policy is
//! taken away and the pod must be back: only then is the network said to enforce.
//!
//! - [`plan`] decides, [`act`] carries out, [`objects`] is what is put into the cluster, [`listen`] runs in the pod.

mod act;
pub mod listen;
mod objects;
mod plan;

pub(crate) use act::{Probe, sweep};
pub(crate) use plan::Verdict;
