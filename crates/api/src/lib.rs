//! The objects of Nagaya: what they look like, what is valid, and what is said when they are not.
//!
//! Nothing here does IO. Everything that reads or writes an object — store, server, agent, command
//! line — shares these types, so a field is named once.
//!
//! Objects follow the Kubernetes API conventions (apiVersion, kind, metadata, spec, status, optimistic
//! concurrency by `resourceVersion`, label selectors, field owners).

pub mod agent;
pub mod apply;
pub mod catalogue;
pub mod condition;
pub mod error;
pub mod field_path;
pub mod glob;
pub mod kinds;
pub mod merge_patch;
pub mod meta;
pub mod names;
pub mod object;
pub mod quantity;
pub mod sealing;
pub mod selector;

pub use error::{ApiError, Cause};
pub use kinds::{
    bundle::Bundle, bundle_version::BundleVersion, cluster::Cluster, group::Group, image::Image,
    release::Release, release_version::ReleaseVersion, repository::Repository, source::Source, team::Team,
    template::Template, user::User, workspace::Workspace,
};
pub use meta::ObjectMeta;
pub use object::{Kind, RawObject, Resource};

/// The API group and version every object of Nagaya carries.
pub const API_VERSION: &str = "nagaya.dev/v1alpha1";
