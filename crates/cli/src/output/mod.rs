//! How results are shown.

pub mod age;
pub mod columns;
pub mod describe;
pub mod table;

use clap::ValueEnum;
use nagaya_api::{Kind, RawObject};
use serde_json::{Value, json};

pub use age::age;
pub use table::Table;

use crate::{CliError, documents};

/// `-o`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table.
    #[default]
    Table,
    /// A table with more columns.
    Wide,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// `kind/name`, one a line.
    Name,
}

/// YAML of a value.
///
/// # Errors
/// Never in practice: what came as JSON can be written as YAML.
pub fn yaml(value: &Value) -> Result<String, CliError> {
    yaml_serde::to_string(value).map_err(|error| CliError::Other(error.to_string()))
}

/// An object as JSON, keys in the order people expect.
pub fn value(object: &RawObject) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}

/// What a person decides about an object, as YAML: for differences.
///
/// # Errors
/// Never in practice.
pub fn owned_yaml(object: &RawObject) -> Result<String, CliError> {
    yaml(&documents::without_server_fields(&value(object)))
}

/// `workspace/java-1`.
pub fn short_name(kind: Kind, name: &str) -> String {
    format!("{}/{name}", kind.name().to_ascii_lowercase())
}

/// Objects in a format other than a table.
///
/// # Errors
/// Never in practice.
pub fn render(objects: &[RawObject], single: bool, format: Format) -> Result<String, CliError> {
    let whole = || match (single, objects) {
        (true, [one]) => value(one),
        _ => {
            json!({"apiVersion": "v1", "kind": "List", "items": objects.iter().map(value).collect::<Vec<_>>()})
        }
    };
    Ok(match format {
        Format::Json => format!("{:#}\n", whole()),
        Format::Yaml => yaml(&whole())?,
        Format::Name | Format::Table | Format::Wide => objects
            .iter()
            .map(|object| format!("{}\n", short_name(object.kind, &object.metadata.name)))
            .collect(),
    })
}
