//! Making the cluster what the intent says, and keeping it so.

pub mod desired;
pub mod fields;
pub mod key;
pub mod plan;
