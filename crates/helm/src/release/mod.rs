//! Helm's own memory of a release: one Secret a revision, as Helm writes and reads it.
//!
//! [`record`]: what is in it; [`codec`]: how it is packed; [`secret`]: the Secret around it; [`history`]: all revisions
//! of one release, and what they say together.

pub mod codec;
mod embed;
pub mod history;
mod hook;
pub mod record;
pub mod secret;

pub use codec::CodecError;
pub use history::History;
pub use record::{ChartRecord, Hook, HookPhase, Info, Record, Status};
pub use secret::{Held, Stamp};
