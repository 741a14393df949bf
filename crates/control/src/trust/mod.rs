//! Who is trusted inside: the certificate authority, what it certifies, and who may enrol.

mod admitted;
mod ca;
mod enroller;
mod recognise;

pub use admitted::Admitted;
pub use ca::{AgentCertificate, Ca};
pub(crate) use ca::{issue_relay, relay_is_due, renewal};
pub use enroller::{StoreEnroller, join_options_secret};
pub(crate) use enroller::{enrolment, enrolment_key, farewell_key};
pub(crate) use recognise::cluster_uid_key;
pub use recognise::{Recognition, replace_cluster};
