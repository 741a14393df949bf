//! The intent: taking it in, and keeping it where it outlives the agent and the server.

mod admit;
mod pack;
mod store;

pub use admit::{Refusal, admit};
pub use store::{Line, Loaded, StoreError, Stored, load, save, save_inventory, sweep};
