//! The network of an instance: one router namespace (the hub), one namespace per cluster, nothing of it on the host but
//! one veth and one nftables table.

pub(crate) mod addresses;
pub(crate) mod cluster;
pub(crate) mod firewall;
mod free;
pub(crate) mod hub;
pub(crate) mod netns;

pub use free::free_subnet;
