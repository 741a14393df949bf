//! `nagaya explain`: the fields of a kind, from the types themselves.

use std::collections::BTreeMap;

use nagaya_api::{
    Bundle, BundleVersion, Cluster, Group, Image, Kind, Release, ReleaseVersion, Repository, Source, Team,
    Template, User, Workspace, quantity,
};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{CliError, output::Table, terminal::print};

/// `nagaya explain`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// KIND, or a field of it: workspace.spec
    path: String,
}

/// All schemas a kind's needs, by name.
fn schemas(kind: Kind) -> BTreeMap<String, Value> {
    fn of<T: ToSchema>() -> BTreeMap<String, Value> {
        let mut list = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut list);
        list.into_iter()
            .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
            .collect()
    }
    match kind {
        Kind::Cluster => of::<Cluster>(),
        Kind::User => of::<User>(),
        Kind::Team => of::<Team>(),
        Kind::Image => of::<Image>(),
        Kind::Template => of::<Template>(),
        Kind::Workspace => of::<Workspace>(),
        Kind::Group => of::<Group>(),
        Kind::Bundle => of::<Bundle>(),
        Kind::BundleVersion => of::<BundleVersion>(),
        Kind::Source => of::<Source>(),
        Kind::Repository => of::<Repository>(),
        Kind::Release => of::<Release>(),
        Kind::ReleaseVersion => of::<ReleaseVersion>(),
    }
}

/// Follows `$ref`, the only part of `oneOf` or `allOf` that is one, and lists to what they are made of.
fn resolve<'a>(schemas: &'a BTreeMap<String, Value>, schema: &'a Value) -> &'a Value {
    let part = |key: &str| schema.get(key).and_then(Value::as_array);
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        return schemas.get(name).map_or(schema, |schema| resolve(schemas, schema));
    }
    if let Some(parts) = part("oneOf").or_else(|| part("allOf")) {
        let values = parts.iter().any(|part| part.get("enum").is_some());
        let null = |part: &&Value| part.get("type").and_then(Value::as_str) == Some("null");
        if let Some(one) = parts.iter().find(|part| !null(part)).filter(|_| !values) {
            return resolve(schemas, one);
        }
    }
    match schema.get("items") {
        Some(items) => resolve(schemas, items),
        None => schema,
    }
}

/// A schema's type in words.
fn type_of(schemas: &BTreeMap<String, Value>, schema: &Value) -> String {
    if let Some(items) = schema.get("items") {
        return format!("list of {}", type_of(schemas, items));
    }
    let target = resolve(schemas, schema);
    let values = |list: &Vec<Value>| {
        list.iter()
            .filter_map(|value| match value {
                Value::String(text) => Some(text.clone()),
                object => object.get("enum")?.get(0)?.as_str().map(str::to_owned),
            })
            .collect::<Vec<_>>()
            .join(" | ")
    };
    if let Some(list) = target.get("enum").or_else(|| target.get("oneOf")).and_then(Value::as_array) {
        return values(list);
    }
    let name = |value: &Value| value.as_str().map(str::to_owned);
    match target.get("format").and_then(Value::as_str) {
        Some(quantity::FORMAT) => {
            let examples: Vec<String> = target
                .get("examples")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(name)
                .collect();
            return format!("quantity, as {}", examples.join(" or "));
        }
        Some("date-time") => return "time".into(),
        _ => {}
    }
    match target.get("type") {
        Some(Value::Array(types)) => {
            types.iter().filter_map(name).filter(|name| name != "null").collect::<Vec<_>>().join(" or ")
        }
        Some(one) => name(one).unwrap_or_default(),
        None => "any".into(),
    }
}

fn first_sentence(schema: &Value) -> String {
    let parts = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let description = |schema: &Value| schema.get("description").and_then(Value::as_str).map(str::to_owned);
    let text = description(schema).or_else(|| parts.filter_map(description).next()).unwrap_or_default();
    text.split("\n\n").next().unwrap_or_default().replace('\n', " ")
}

/// Runs `explain`.
///
/// # Errors
/// When there is no such kind or field.
pub fn run(args: &Args) -> Result<(), CliError> {
    print(&explain(&args.path)?);
    Ok(())
}

fn explain(path: &str) -> Result<String, CliError> {
    let mut words = path.split('.');
    let kind: Kind = words.next().unwrap_or_default().parse()?;
    let schemas = schemas(kind);
    let mut at = schemas.get(kind.name()).unwrap_or(&Value::Null);
    let mut described = at;
    for word in words {
        let fields = at.get("properties").and_then(Value::as_object);
        described = fields.and_then(|fields| fields.get(word)).ok_or_else(|| {
            let known = fields.map(|fields| fields.keys().cloned().collect::<Vec<_>>().join(", "));
            CliError::Usage(format!(
                "{path}: there is no field \"{word}\"; there are: {}",
                known.unwrap_or_default()
            ))
        })?;
        at = resolve(&schemas, described);
    }
    let mut text = format!(
        "{path}: {}\n",
        first_sentence(if described.get("description").is_some() { described } else { at })
    );
    let required: Vec<&str> = at
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut table = Table::new(["FIELD", "TYPE", "REQUIRED", "WHAT"]);
    for (name, schema) in at.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let needed = if required.contains(&name.as_str()) { "yes" } else { "" };
        let own = first_sentence(schema);
        let what = if own.is_empty() { first_sentence(resolve(&schemas, schema)) } else { own };
        table.row([name.as_str(), &type_of(&schemas, schema), needed, &what]);
    }
    if !table.is_empty() {
        text.push('\n');
        text.push_str(&table.render(true, &[]).0);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_kind_and_its_spec_can_be_explained() {
        for kind in Kind::ALL {
            assert!(explain(kind.plural()).unwrap().contains("metadata"), "{kind}");
            explain(&format!("{}.spec", kind.plural())).unwrap();
        }
    }

    #[test]
    fn a_quantity_says_how_it_is_written() {
        let row = |path: &str, field: &str| {
            let text = explain(path).unwrap();
            text.lines().find(|line| line.starts_with(field)).unwrap_or_else(|| panic!("{text}")).to_owned()
        };
        assert!(row("ws.spec", "homeSize").contains("quantity, as 512Mi or 10Gi"));
        assert!(row("template.spec.resources", "cpu ").contains("quantity, as 500m or 2"));
        assert!(row("template.spec.resources", "memoryLimit").contains("quantity, as 512Mi or 10Gi"));
        assert!(row("ws.metadata", "creationTimestamp").contains("time "));
    }

    #[test]
    fn every_field_has_a_type() {
        for kind in Kind::ALL {
            for part in ["metadata", "spec", "status"] {
                let text = explain(&format!("{}.{part}", kind.plural())).unwrap();
                for line in text.lines().skip(3) {
                    // Columns are parted by two blanks at least.
                    let kind_of = line.split("  ").filter(|word| !word.is_empty()).nth(1);
                    assert!(kind_of.is_some_and(|word| word.trim() != "any"), "{kind}.{part}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_field_below_another_is_found() {
        let text = explain("cluster.spec.local").unwrap();
        assert!(text.contains("memory") && text.contains("yes"), "{text}");
        assert!(explain("ws.spec.state").unwrap().contains("ws.spec.state"));
        assert!(
            explain("ws.spec").unwrap().contains("Running | Stopped | Deleted"),
            "{}",
            explain("ws.spec").unwrap()
        );
        assert!(explain("ws.spec.nothing").unwrap_err().to_string().contains("there are: "));
    }
}
