//! Where each value comes from: the chart's defaults, a group's, a cluster's, or the release's own.

use crate::value::{Map, Value};

/// One layer's values, and its name.
#[derive(Clone)]
pub struct Layer {
    /// For instance `chart`, `group java`, `cluster java-1`, `release`.
    pub name: String,
    /// What it says.
    pub values: Map,
}

/// A value that another one stands over.
#[derive(Clone, Debug, PartialEq)]
pub struct Hidden {
    /// The layer it is from.
    pub layer: String,
    /// What it says.
    pub value: serde_json::Value,
}

/// A leaf, with its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// The layer that gives it.
    pub layer: String,
    /// What it is; null: deleted.
    pub value: serde_json::Value,
    /// What it stands over, the nearest layer first.
    pub hides: Vec<Hidden>,
}

/// All leaves of layers, the lowest layer first, sorted by path. Tables are merged, everything else is a leaf.
pub fn origins(layers: &[Layer]) -> Vec<Origin> {
    let mut found = Vec::new();
    let values: Vec<(&str, Value)> =
        layers.iter().map(|layer| (layer.name.as_str(), Value::Map(layer.values.clone()))).collect();
    walk(&mut Vec::new(), &values, &mut found);
    found
}

/// `said`: which layers say something here, the lowest first.
fn walk(path: &mut Vec<String>, said: &[(&str, Value)], found: &mut Vec<Origin>) {
    let Some(((layer, value), below)) = said.split_last() else { return };
    // Tables on top of each other are merged; what is no table ends that.
    let tables = said.iter().rev().take_while(|(_, value)| matches!(value, Value::Map(_))).count();
    let is_leaf = tables == 0 || matches!(value, Value::Map(map) if map.is_empty() && tables == 1);
    if is_leaf {
        let json = crate::yaml::json::to_json;
        let hides = below
            .iter()
            .rev()
            .map(|(layer, value)| Hidden { layer: (*layer).to_owned(), value: json(value) });
        found.push(Origin {
            path: path.clone(),
            layer: (*layer).to_owned(),
            value: json(value),
            hides: hides.collect(),
        });
        return;
    }
    let tables = &said[said.len() - tables..];
    let mut keys: Vec<_> = tables
        .iter()
        .flat_map(|(_, value)| match value {
            Value::Map(map) => map.sorted(),
            _ => Vec::new(),
        })
        .map(|(key, _)| key)
        .collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let inner: Vec<(&str, Value)> = tables
            .iter()
            .filter_map(|(layer, value)| match value {
                Value::Map(map) => map.get(key.as_bytes()).map(|value| (*layer, value)),
                _ => None,
            })
            .collect();
        path.push(key.to_string());
        walk(path, &inner, found);
        path.pop();
    }
}

/// What of `edited`, a whole document, differs from what the layers below it say together: what a release has to keep.
/// What is gone from the document becomes null, which deletes.
pub fn reduce(edited: &Map, below: &Map) -> Map {
    let differing = Map::new();
    for (key, value) in edited.sorted() {
        match (value, below.get(key.as_bytes())) {
            (Value::Map(edited), Some(Value::Map(below))) => {
                let inner = reduce(&edited, &below);
                if !inner.is_empty() {
                    differing.insert(key, inner);
                }
            }
            (value, Some(below))
                if crate::yaml::json::to_json(&value) == crate::yaml::json::to_json(&below) => {}
            // Nothing is there that a null could delete.
            (Value::Nil, None) => {}
            (value, _) => differing.insert(key, value),
        }
    }
    for (key, value) in below.sorted() {
        if !value.is_nil() && !edited.contains_key(key.as_bytes()) {
            differing.insert(key, Value::Nil);
        }
    }
    differing
}
