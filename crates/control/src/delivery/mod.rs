//! Sending each cluster what it should hold: the newest content only, numbered so that the agent can tell older from
//! newer, again and again until the agent has taken it.

mod allowance;
mod bounds;
mod charts;
mod plan;
mod reports;
mod send;

pub use plan::{Held, Ledger, Step, plan};
pub(crate) use reports::{Reader, read};
pub(crate) use send::{AT_ONCE, Mail, Sender, send};
