//! values.schema.json: what a chart's author wants of values.

mod message;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use jsonschema::{Retrieve, Uri, Validator};

use crate::{
    chart::dependencies::Tree,
    value::{Map, Str, Value},
    yaml::json,
};

/// A value that is not as a schema wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The chart whose schema it is.
    pub chart: String,
    /// Where the value stands in that chart's values: `/controller/replicas`; empty for all of them.
    pub path: String,
    /// What is wrong with it. Further lines tell of alternatives that did not fit.
    pub message: String,
}

/// As Helm tells it.
pub fn describe(violations: &[Violation]) -> String {
    let mut text = String::new();
    let mut chart = None;
    for violation in violations {
        if chart != Some(&violation.chart) {
            text.push_str(&format!("{}:\n", violation.chart));
            chart = Some(&violation.chart);
        }
        text.push_str(&format!("- at '{}': {}\n", violation.path, violation.message));
    }
    text
}

/// Schemas that lie elsewhere are not fetched: they let everything pass.
struct Permissive;

impl Retrieve for Permissive {
    fn retrieve(
        &self,
        _: &Uri<String>,
    ) -> Result<serde_json::Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(serde_json::Value::Bool(true))
    }
}

/// Schemas by their texts: each is compiled once.
#[derive(Default)]
pub struct Compiled(HashMap<Str, Result<Validator, String>>);

/// Checks the values of a chart and of those below it.
pub fn validate(tree: &Tree, values: &Map, compiled: &mut Compiled) -> Vec<Violation> {
    let mut violations = Vec::new();
    chart(tree, values, compiled, &mut violations);
    violations
}

fn chart(tree: &Tree, values: &Map, compiled: &mut Compiled, violations: &mut Vec<Violation>) {
    let name = &tree.metadata.name;
    if let Some(schema) = &tree.chart.schema {
        match compiled.0.entry(schema.clone()).or_insert_with(|| compile(schema.as_bytes())) {
            Ok(schema) => {
                let json = json::to_json(&Value::Map(values.clone()));
                violations.extend(schema.iter_errors(&json).map(|error| Violation {
                    chart: name.clone(),
                    path: error.instance_path().to_string(),
                    message: message::of(&error),
                }));
            }
            Err(problem) => violations.push(Violation {
                chart: name.clone(),
                path: String::new(),
                message: format!("the chart's values.schema.json cannot be used: {problem}"),
            }),
        }
    }
    for child in &tree.children {
        let name = &child.metadata.name;
        match values.get(name.as_bytes()) {
            None | Some(Value::Nil) => {}
            Some(Value::Map(values)) => chart(child, &values, compiled, violations),
            Some(other) => violations.push(Violation {
                chart: name.clone(),
                path: String::new(),
                message: format!("invalid type for values: expected object (map), got {}", other.type_name()),
            }),
        }
    }
}

fn compile(schema: &[u8]) -> Result<Validator, String> {
    let schema = serde_json::from_slice(schema).map_err(|error| error.to_string())?;
    jsonschema::options()
        .with_retriever(Permissive)
        .with_base_uri("file:///values.schema.json")
        .build(&schema)
        .map_err(|error| error.to_string())
}
