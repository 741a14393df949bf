//! Label selectors as kubectl's `-l` takes them.
//!
//! Rule: <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors>

use std::{collections::BTreeMap, str::FromStr};

/// One requirement of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

/// A label selector: all its requirements must hold; an empty one matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(Vec<Requirement>);

/// A text that is not a selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a label selector: write for instance team=java,tier in (a,b),!legacy")]
pub struct NotASelector(pub String);

impl Selector {
    /// Whether an object with these labels is selected.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|requirement| match requirement {
            Requirement::In(key, values) => labels.get(key).is_some_and(|value| values.contains(value)),
            // As in Kubernetes: an object without the key is "not in" too.
            Requirement::NotIn(key, values) => labels.get(key).is_none_or(|value| !values.contains(value)),
            Requirement::Exists(key) => labels.contains_key(key),
            Requirement::Absent(key) => !labels.contains_key(key),
        })
    }

    /// Whether it matches everything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Splits at commas outside parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn key(text: &str) -> Option<String> {
    let text = text.trim();
    let good = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    (!text.is_empty() && text.chars().all(good)).then(|| text.to_owned())
}

fn value(text: &str) -> Option<String> {
    let text = text.trim();
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text.chars().all(good).then(|| text.to_owned())
}

fn set(text: &str) -> Option<Vec<String>> {
    text.trim().strip_prefix('(')?.strip_suffix(')')?.split(',').map(value).collect()
}

fn requirement(text: &str) -> Option<Requirement> {
    let text = text.trim();
    if let Some(name) = text.strip_prefix('!') {
        return key(name).map(Requirement::Absent);
    }
    if let Some((name, values)) = text.split_once(" notin ") {
        return Some(Requirement::NotIn(key(name)?, set(values)?));
    }
    if let Some((name, values)) = text.split_once(" in ") {
        return Some(Requirement::In(key(name)?, set(values)?));
    }
    if let Some((name, one)) = text.split_once("!=") {
        return Some(Requirement::NotIn(key(name)?, vec![value(one)?]));
    }
    if let Some((name, one)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return Some(Requirement::In(key(name)?, vec![value(one)?]));
    }
    key(text).map(Requirement::Exists)
}

impl FromStr for Selector {
    type Err = NotASelector;

    fn from_str(text: &str) -> Result<Self, NotASelector> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let requirements: Option<Vec<_>> = split(text).into_iter().map(requirement).collect();
        requirements.map(Self).ok_or_else(|| NotASelector(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn selectors_select_as_kubectl_does() {
        let labels =
            BTreeMap::from([("team".to_owned(), "java".to_owned()), ("tier".to_owned(), "a".to_owned())]);
        for yes in [
            "",
            "team=java",
            "team==java,tier in (a, b)",
            "tier notin (c)",
            "team",
            "!legacy",
            "x!=y",
            "x notin (y)",
        ] {
            assert!(yes.parse::<Selector>().unwrap().matches(&labels), "{yes}");
        }
        for no in ["team=python", "tier in (b)", "tier notin (a)", "legacy", "!team", "team!=java"] {
            assert!(!no.parse::<Selector>().unwrap().matches(&labels), "{no}");
        }
        for bad in ["=x", "a in b", "a=b c", "(", "a,,b"] {
            assert!(bad.parse::<Selector>().is_err(), "{bad}");
        }
    }
}
