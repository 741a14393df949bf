//! Violations in Helm's words.

use std::fmt::Write as _;

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

/// What is wrong.
pub(super) fn of(error: &ValidationError<'_>) -> String {
    let instance = error.instance();
    match error.kind() {
        Kind::Type { kind } => format!("got {}, want {}", type_of(instance), wanted(kind)),
        Kind::Required { property } => format!("missing property {}", quoted(property)),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!("additional properties {} not allowed", list(unexpected))
        }
        Kind::AdditionalItems { limit } => {
            format!("last {} additionalItem(s) not allowed", length(instance).saturating_sub(*limit))
        }
        Kind::Enum { options } => match options.as_array() {
            Some(options) => {
                let options: Vec<String> = options.iter().map(quoted).collect();
                match options.as_slice() {
                    [one] => format!("value must be {one}"),
                    options => format!("value must be one of {}", options.join(", ")),
                }
            }
            None => error.to_string(),
        },
        Kind::Constant { expected_value } => format!("value must be {}", quoted(expected_value)),
        Kind::Minimum { limit } => format!("minimum: got {instance}, want {limit}"),
        Kind::Maximum { limit } => format!("maximum: got {instance}, want {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("exclusiveMinimum: got {instance}, want {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("exclusiveMaximum: got {instance}, want {limit}"),
        Kind::MinLength { limit } => format!("minLength: got {}, want {limit}", length(instance)),
        Kind::MaxLength { limit } => format!("maxLength: got {}, want {limit}", length(instance)),
        Kind::MinItems { limit } => format!("minItems: got {}, want {limit}", length(instance)),
        Kind::MaxItems { limit } => format!("maxItems: got {}, want {limit}", length(instance)),
        Kind::MinProperties { limit } => format!("minProperties: got {}, want {limit}", length(instance)),
        Kind::MaxProperties { limit } => format!("maxProperties: got {}, want {limit}", length(instance)),
        Kind::MultipleOf { multiple_of } => format!("multipleOf: got {instance}, want {multiple_of}"),
        Kind::Pattern { pattern } => format!("{} does not match pattern '{pattern}'", quoted(instance)),
        Kind::Format { format } => format!("{} is not valid {format}", quoted(instance)),
        Kind::AnyOf { context } => format!("anyOf failed{}", alternatives(context)),
        Kind::OneOfNotValid { context } => format!("oneOf failed, none matched{}", alternatives(context)),
        Kind::OneOfMultipleValid { context } => {
            let matched = context.iter().enumerate().filter(|(_, errors)| errors.is_empty());
            let matched: Vec<String> = matched.take(2).map(|(i, _)| i.to_string()).collect();
            format!("oneOf failed, subschemas {} matched", matched.join(", "))
        }
        Kind::Not { .. } => "'not' failed".into(),
        Kind::FalseSchema => "false schema".into(),
        Kind::PropertyNames { error } => {
            format!("invalid propertyName {}: {}", quoted(error.instance()), of(error))
        }
        _ => error.to_string(),
    }
}

/// Why each alternative does not fit, indented below.
fn alternatives(context: &[Vec<ValidationError<'static>>]) -> String {
    let mut text = String::new();
    for error in context.iter().flatten() {
        let message = of(error).replace('\n', "\n  ");
        let _ = write!(text, "\n  - at '{}': {message}", error.instance_path());
    }
    text
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn wanted(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => {
            kinds.iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\'', "\\'")),
        other => other.to_string(),
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(values) => values.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    }
}
