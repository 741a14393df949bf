//! YAML as Helm reads and writes it: what sigs.k8s.io/yaml makes of go-yaml v2. Numbers become `float64`, dates texts, and
//! the last of equal keys holds.

mod build;
mod emit;
pub(crate) mod events;
pub mod json;
pub mod number;
mod resolve;
#[cfg(test)]
mod tests;

use crate::value::Value;

pub use emit::{emit, try_emit, try_emit_pretty};

/// How deep a document may be nested.
const MAX_DEPTH: usize = 1000;

/// Why a text is no YAML, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct Error {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// The whole as Go's libraries tell it, line numbers and their slips included: templates see it through `fromYaml`.
    pub go: String,
}

/// Reads the first document; nothing at all is nil.
///
/// # Errors
/// When it is no YAML, has keys that no JSON could have, is nested too deep or grows too large by its aliases.
pub fn parse(text: &[u8]) -> Result<Value, Error> {
    Ok(build::Builder::new(text)?.document()?.unwrap_or_default())
}

/// Reads of the first document's mapping only these keys. Whatever [`parse`] refuses is refused.
///
/// # Errors
/// As [`parse`].
pub fn parse_part(text: &[u8], keys: &'static [&'static str]) -> Result<Value, Error> {
    match build::Builder::new(text)?.part(keys)? {
        Some(value) => Ok(value),
        None => parse(text),
    }
}

/// Reads all documents.
///
/// # Errors
/// As [`parse`].
pub fn parse_all(text: &[u8]) -> Result<Vec<Value>, Error> {
    let mut builder = build::Builder::new(text)?;
    let mut documents = Vec::new();
    while let Some(document) = builder.document()? {
        documents.push(document);
    }
    Ok(documents)
}
