//! The kinds, one file each.

mod address;
pub mod bundle;
pub mod bundle_version;
pub mod cluster;
pub mod group;
pub mod image;
pub mod release;
pub mod release_version;
pub mod repository;
pub mod source;
pub mod team;
pub mod template;
pub mod user;
pub mod workspace;

use crate::Cause;

/// A cause when an object that must not change did.
pub(crate) fn fixed<T: PartialEq>(causes: &mut Vec<Cause>, field: &str, old: &T, new: &T, mend: &str) {
    if old != new {
        causes.push(Cause::invalid(field, "cannot be changed", mend));
    }
}
