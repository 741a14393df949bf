//! Variables in a bundle's texts: `${cluster.name}`, `${cluster.labels.KEY}`, `${cluster.annotations.KEY}`, and for each
//! team `${team.name}` and `${team.namespace}`. `${…:-text}` says what stands there when there is no such label. `$${` is
//! a plain `${`. Whatever else looks alike, a shell's `${HOME}` for instance, is left as it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value};

/// What a text may name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// The cluster's name.
    ClusterName,
    /// One of its labels.
    Label(String),
    /// One of its annotations.
    Annotation(String),
    /// The team's name.
    TeamName,
    /// The team's namespace.
    TeamNamespace,
}

impl Variable {
    fn parse(name: &str) -> Option<Self> {
        let keyed =
            |prefix| name.strip_prefix(prefix).filter(|key: &&str| !key.is_empty()).map(str::to_owned);
        match name {
            "cluster.name" => Some(Self::ClusterName),
            "team.name" => Some(Self::TeamName),
            "team.namespace" => Some(Self::TeamNamespace),
            _ => keyed("cluster.labels.")
                .map(Self::Label)
                .or_else(|| keyed("cluster.annotations.").map(Self::Annotation)),
        }
    }

    /// Whether its value can change while the cluster stays the same one: labels and annotations.
    pub fn is_loose(&self) -> bool {
        matches!(self, Self::Label(_) | Self::Annotation(_))
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClusterName => f.write_str("cluster.name"),
            Self::Label(key) => write!(f, "cluster.labels.{key}"),
            Self::Annotation(key) => write!(f, "cluster.annotations.{key}"),
            Self::TeamName => f.write_str("team.name"),
            Self::TeamNamespace => f.write_str("team.namespace"),
        }
    }
}

/// The values of variables.
pub type Values = BTreeMap<Variable, String>;

/// A part of a text.
enum Part<'a> {
    Plain(&'a str),
    Named { variable: Variable, default: Option<&'a str> },
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            // `$${`: the first sign goes, the rest is plain.
            parts.push(Part::Plain(&rest[..at - 1]));
            parts.push(Part::Plain("${"));
            rest = &rest[at + 2..];
            continue;
        }
        let inner = &rest[at + 2..];
        let named = inner.find('}').and_then(|end| {
            let (name, default) = match inner[..end].split_once(":-") {
                Some((name, default)) => (name, Some(default)),
                None => (&inner[..end], None),
            };
            Some((Variable::parse(name.trim())?, default, end))
        });
        match named {
            Some((variable, default, end)) => {
                parts.push(Part::Plain(&rest[..at]));
                parts.push(Part::Named { variable, default });
                rest = &inner[end + 1..];
            }
            None => {
                parts.push(Part::Plain(&rest[..at + 2]));
                rest = inner;
            }
        }
    }
    parts.push(Part::Plain(rest));
    parts
}

/// Why a text could not be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfilled {
    /// No such value, and no default.
    Missing {
        /// Path of the field.
        field: String,
        /// The variable.
        variable: Variable,
    },
    /// Two keys of a map became one.
    SameKey {
        /// Path of the map.
        field: String,
        /// The key.
        key: String,
    },
}

/// The variables that a value names.
pub fn named(value: &Value, into: &mut BTreeSet<Variable>) {
    let mut text = |text: &str| {
        into.extend(parts(text).into_iter().filter_map(|part| match part {
            Part::Named { variable, .. } => Some(variable),
            Part::Plain(_) => None,
        }));
    };
    match value {
        Value::String(one) => text(one),
        Value::Array(items) => items.iter().for_each(|item| named(item, into)),
        Value::Object(map) => {
            map.keys().for_each(|key| text(key));
            map.values().for_each(|value| named(value, into));
        }
        _ => {}
    }
}

/// Fills in every text and key of a value.
///
/// # Errors
/// The first variable that has neither value nor default.
pub fn fill(value: &Value, values: &Values) -> Result<Value, Unfilled> {
    filled(value, values, "")
}

fn filled(value: &Value, values: &Values, at: &str) -> Result<Value, Unfilled> {
    Ok(match value {
        Value::String(one) => Value::String(text(one, values, at)?),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(nth, item)| filled(item, values, &format!("{at}[{nth}]")));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(map) => {
            let mut into = Map::new();
            for (key, value) in map {
                let field = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                let key = text(key, values, &field)?;
                if into.insert(key.clone(), filled(value, values, &field)?).is_some() {
                    return Err(Unfilled::SameKey { field: at.to_owned(), key });
                }
            }
            Value::Object(into)
        }
        other => other.clone(),
    })
}

fn text(text: &str, values: &Values, field: &str) -> Result<String, Unfilled> {
    if !text.contains("${") {
        return Ok(text.to_owned());
    }
    let mut into = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Plain(plain) => into.push_str(plain),
            Part::Named { variable, default } => match (values.get(&variable), default) {
                (Some(value), _) => into.push_str(value),
                (None, Some(default)) => into.push_str(default),
                (None, None) => return Err(Unfilled::Missing { field: field.to_owned(), variable }),
            },
        }
    }
    Ok(into)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn values() -> Values {
        BTreeMap::from([
            (Variable::ClusterName, "java".to_owned()),
            (Variable::Label("example.com/tier".to_owned()), "small".to_owned()),
            (Variable::Annotation("note".to_owned()), String::new()),
        ])
    }

    #[test]
    fn texts_and_keys_are_filled_in() {
        for (given, wanted) in [
            ("${cluster.name}", "java"),
            ("a-${cluster.name}-${cluster.labels.example.com/tier}-b", "a-java-small-b"),
            ("${cluster.labels.none:-x}${cluster.labels.none:-}", "x"),
            ("${cluster.labels.none :-x:-y}", "x:-y"),
            ("${cluster.annotations.note:-unused}", ""),
            ("$${cluster.name}", "${cluster.name}"),
            ("$$${cluster.name}", "$${cluster.name}"),
            ("${HOME} $HOME ${cluster.other} ${", "${HOME} $HOME ${cluster.other} ${"),
            ("${HOME ${cluster.name}", "${HOME java"),
            ("$$ 100$", "$$ 100$"),
        ] {
            assert_eq!(fill(&json!(given), &values()).unwrap(), json!(wanted), "{given}");
        }
        let object = json!({"${cluster.name}": ["${cluster.name}", 1, null, true]});
        assert_eq!(fill(&object, &values()).unwrap(), json!({"java": ["java", 1, null, true]}));
    }

    #[test]
    fn what_is_missing_is_named_with_its_field() {
        let object = json!({"data": {"list": ["x", "${cluster.labels.none}"]}});
        let error = fill(&object, &values()).unwrap_err();
        let variable = Variable::Label("none".to_owned());
        assert_eq!(error, Unfilled::Missing { field: "data.list[1]".into(), variable });
        let twice = json!({"data": {"java": 1, "${cluster.name}": 2}});
        assert_eq!(
            fill(&twice, &values()).unwrap_err(),
            Unfilled::SameKey { field: "data".into(), key: "java".into() }
        );
    }

    #[test]
    fn the_variables_of_a_value_are_those_it_names() {
        let mut found = BTreeSet::new();
        named(&json!({"${team.name}": ["$${cluster.name} ${cluster.labels.a:-b} ${HOME}"]}), &mut found);
        assert_eq!(found, BTreeSet::from([Variable::TeamName, Variable::Label("a".into())]));
    }

    proptest! {
        /// Whatever stands in a text: it is filled in or refused, never lost; and without signs it stays as it is.
        #[test]
        fn any_text_is_taken(text in "[a-z${}:.\\-]{0,24}") {
            let _ = fill(&json!(text), &values());
            let plain = text.replace('$', "");
            prop_assert_eq!(fill(&json!(plain), &values()), Ok(json!(plain)));
        }
    }
}
