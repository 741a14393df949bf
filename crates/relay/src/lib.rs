//! `nagaya-relay`: the doorman in a workspace's pod.
//!
//! The desktop listens on the pod's loopback, where no neighbour reaches it. The relay listens on the pod's
//! address, admits only the cluster's own agent (mutual TLS, the name in the certificate's URI), lets it pick one
//! of the ports the template names (ALPN), and joins the two. It is not part of the `nagaya` binary so that a new
//! version of Nagaya never restarts a desktop, and it is small because one runs beside every desktop.
//!
//! | module | subject |
//! |---|---|
//! | [`args`] | the command line |
//! | [`secret`] | certificate, key and CA, read afresh at each handshake |
//! | [`admission`] | which client certificate may come in |
//! | [`tls`] | the TLS settings and what the client picked |
//! | [`door`] | accepting, limits, the stop |
//! | [`splice`] | joining the admitted stream to the desktop's port |
//! | [`check`] | does the desktop answer |
//! | [`ready`] | the same as kubelet asks it |

pub mod admission;
pub mod args;
pub mod check;
mod crowd;
pub mod door;
pub mod ready;
pub mod secret;
pub mod splice;
pub mod tls;

/// Prints one line on stderr: the container's log. There is no logging crate here, for size.
pub(crate) fn log(line: std::fmt::Arguments<'_>) {
    use std::io::Write;
    // A closed stderr must not stop the doorman.
    let _ = writeln!(std::io::stderr().lock(), "nagaya-relay: {line}");
}
