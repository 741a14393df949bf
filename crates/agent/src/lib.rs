//! What runs in each cluster: it dials the server, carries out the cluster's intent, reports what is, and is the
//! server's way to the Kubernetes API and to workspaces.

pub mod enforce;
