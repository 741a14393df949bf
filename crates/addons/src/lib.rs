//! What every local cluster needs inside itself and what Debian does not package: its DNS and the provisioner of
//! homes. Both run as pods (`nagaya addon dns`, `nagaya addon provisioner`), so that they live without the server.
//!
//! | module | subject |
//! |---|---|
//! | [`dns`] | names of Services and pods per the Kubernetes DNS specification; the rest is forwarded |
//! | [`provisioner`] | homes: loop-mounted ext4 images of the size asked for, never deleted as a side effect |
//! | [`health`] | the readiness that both show |

pub mod dns;
pub mod health;
pub mod provisioner;
mod stop;
mod watch;
