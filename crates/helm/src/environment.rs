//! What rendering takes from outside: time, randomness, the cluster. Given, so that the same input gives the same output.

use std::cell::RefCell;

use crate::value::Value;

/// What templates may ask of the cluster.
pub trait Lookup {
    /// The object, or with an empty name the list, as Helm's `lookup` gives it; an empty map when there is none.
    ///
    /// # Errors
    /// What the cluster said, but for «not found».
    fn lookup(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, String>;
}

/// No cluster: every look finds nothing, as with `helm template`.
pub struct NoCluster;

impl Lookup for NoCluster {
    fn lookup(&self, _: &str, _: &str, _: &str, _: &str) -> Result<Value, String> {
        Ok(Value::Map(crate::value::Map::new()))
    }
}

/// A source of random bytes.
pub type Random<'a> = Box<dyn FnMut(&mut [u8]) + 'a>;

/// The world as templates see it.
pub struct Environment<'a> {
    /// Seconds and nanoseconds since 1970, UTC.
    pub now: (i64, u32),
    /// Fills a buffer with random bytes.
    pub random: RefCell<Random<'a>>,
    /// The cluster.
    pub lookup: &'a dyn Lookup,
}
