//! The internal certificate authority: who is who between server, agents and workspaces.
//!
//! Three kinds of certificate, told apart by extended key usage and name, so that none can stand for another:
//!
//! | holder | usage | name |
//! |---|---|---|
//! | the server's tunnel listener | server | DNS `tunnel.nagaya.internal` |
//! | a cluster's agent | client | URI `nagaya://cluster/<name>/agent` |
//! | a workspace's relay | server | URI `nagaya://workspace/<uid>/relay` |

mod authority;
mod name;

pub(crate) use authority::to_pem;
pub use authority::{Authority, CaError, Credential, Csr, csr_fingerprint};
pub use name::{PeerName, not_after, not_before};
