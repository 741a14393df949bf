//! Bundles' own verbs.

pub mod rendered;
