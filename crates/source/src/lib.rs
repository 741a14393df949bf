//! Folders of objects in Git repositories: fetched within limits, read whole or not at all.
//!
//! Everything here blocks: callers give it a thread of its own.

mod documents;
mod fetch;
mod tree;

pub use documents::{Contents, Document, parse};
pub use fetch::{Credential, Fetch, FetchError, fetch};
pub use tree::{File, Limits};
