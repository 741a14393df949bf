//! The intent: taking it in, and keeping it where it outlives the agent and the server.

mod admit;
mod pack;
mod store;

pub use admit::{Refusal, admit};
pub use store::{StoreError, Stored, load, save, sweep};
