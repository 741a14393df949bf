//! TOML. It is read by a library; how it is laid out is part of what charts' checksums are made of, so it is written here.

use super::{
    Function,
    Parameter::{Any, String as Text},
    arguments::{any, text},
    dates, fixed,
};
use crate::value::{Map, Value};

mod write;

fn from_toml(source: &str) -> Value {
    match source.parse::<::toml::Table>() {
        Ok(table) => table_value(table),
        Err(error) => Value::Map([("Error", format!("toml: {}", error.message()))].into_iter().collect()),
    }
}

fn table_value(table: ::toml::Table) -> Value {
    Value::Map(table.into_iter().map(|(key, value)| (key, read(value))).collect::<Map>())
}

fn read(value: ::toml::Value) -> Value {
    match value {
        ::toml::Value::String(text) => text.into(),
        ::toml::Value::Integer(number) => Value::int64(number),
        ::toml::Value::Float(number) => Value::Float(number),
        ::toml::Value::Boolean(bool) => Value::Bool(bool),
        ::toml::Value::Datetime(time) => {
            let text = time.to_string();
            ["2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02", "15:04:05"]
                .into_iter()
                .find_map(|layout| dates::read(layout, &text))
                .unwrap_or_else(|| text.into())
        }
        ::toml::Value::Array(values) => Value::list(values.into_iter().map(read).collect()),
        ::toml::Value::Table(table) => table_value(table),
    }
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("toToml", &[Any], |_, a| {
        let value = any(a, 0);
        // Of nil Go cannot even tell the type.
        if value.is_nil() { write::write(value) } else { write::write(value).or_else(Ok) }.map(Value::from)
    }),
    fixed("mustToToml", &[Any], |_, a| write::write(any(a, 0)).map(Value::from)),
    fixed("fromToml", &[Text], |_, a| Ok(from_toml(&text(a, 0)))),
];
