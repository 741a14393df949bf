//! Helm's coalescing: values over defaults, down through the charts.

use crate::value::{Map, Str, Value};

/// A chart as coalescing sees it.
pub trait Node {
    /// Its name in its parent.
    fn name(&self) -> &str;
    /// Its defaults.
    fn values(&self) -> &Map;
    /// The charts below.
    fn children(&self) -> &[Self]
    where
        Self: Sized;
}

/// A copy all through: nothing is shared.
pub fn copy(map: &Map) -> Map {
    map.with_each(copy_value)
}

fn copy_value(value: &Value) -> Value {
    match value {
        Value::Map(map) => Value::Map(copy(map)),
        Value::List(values, element) => {
            Value::List(values.iter().map(copy_value).collect::<Vec<_>>().into(), *element)
        }
        scalar => scalar.clone(),
    }
}

/// The values a chart renders with; nulls have deleted what they stood over.
///
/// # Errors
/// When what stands under a chart's name is no table.
pub fn coalesce<N: Node>(chart: &N, values: &Map, warnings: &mut Vec<String>) -> Result<Map, String> {
    let values = copy(values);
    Coalescing { warnings, merge: false }.chart(chart, &values, "")?;
    Ok(values)
}

/// The same with nulls kept, for what will be coalesced once more.
///
/// # Errors
/// As [`coalesce`].
pub fn merge<N: Node>(chart: &N, values: &Map, warnings: &mut Vec<String>) -> Result<Map, String> {
    let values = copy(values);
    Coalescing { warnings, merge: true }.chart(chart, &values, "")?;
    Ok(values)
}

/// Puts into `over` what only `base` has; nulls of `over` delete.
pub fn coalesce_tables(over: &Map, base: &Map, warnings: &mut Vec<String>) {
    Coalescing { warnings, merge: false }.tables(over, base, "", false);
}

/// The same with nulls kept.
pub fn merge_tables(over: &Map, base: &Map, warnings: &mut Vec<String>) {
    Coalescing { warnings, merge: true }.tables(over, base, "", true);
}

/// Takes out what is null.
pub fn trim_nil(map: &Map) {
    for (key, value) in map.sorted() {
        match value {
            Value::Nil => {
                map.remove(key.as_bytes());
            }
            Value::Map(inner) => trim_nil(&inner),
            _ => {}
        }
    }
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.into() } else { format!("{prefix}.{key}") }
}

struct Coalescing<'a> {
    warnings: &'a mut Vec<String>,
    merge: bool,
}

impl Coalescing<'_> {
    fn warn(&mut self, warning: String) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn chart<N: Node>(&mut self, chart: &N, values: &Map, prefix: &str) -> Result<(), String> {
        self.values(chart, values, prefix);
        for child in chart.children() {
            let inner = match values.get(child.name().as_bytes()) {
                None => {
                    let inner = Map::new();
                    values.insert(child.name(), inner.clone());
                    inner
                }
                Some(Value::Map(inner)) => inner,
                Some(other) => {
                    let place = join(&join(prefix, chart.name()), child.name());
                    return Err(format!(
                        "type mismatch on {}: the values of a chart are a table, but {place} is a {}",
                        child.name(),
                        other.kind()
                    ));
                }
            };
            let prefix = join(prefix, chart.name());
            self.globals(&inner, values, &prefix);
            self.chart(child, &inner, &prefix)?;
        }
        Ok(())
    }

    fn globals(&mut self, into: &Map, from: &Map, prefix: &str) {
        let target = match into.get(b"global") {
            None => Map::new(),
            Some(Value::Map(map)) => map,
            Some(_) => {
                return self
                    .warn("warning: skipping globals because destination global is not a table.".into());
            }
        };
        let source = match from.get(b"global") {
            None => Map::new(),
            Some(Value::Map(map)) => map,
            Some(_) => {
                return self.warn("warning: skipping globals because source global is not a table.".into());
            }
        };
        for (key, value) in source.sorted() {
            let below = target.get(key.as_bytes());
            match (value, below) {
                // A copy, but of this table only: that is what Helm does.
                (Value::Map(map), None) => target.insert(key, map.sorted().into_iter().collect::<Map>()),
                (Value::Map(map), Some(Value::Map(below))) => {
                    let top: Map = map.sorted().into_iter().collect();
                    self.tables(&top, &below, &join(prefix, &key.to_text()), true);
                    target.insert(key, top);
                }
                (Value::Map(_), Some(_)) => {
                    self.warn(format!(
                        "Conflict: cannot merge map onto non-map for {:?}. Skipping.",
                        key.to_text()
                    ));
                }
                (_, Some(Value::Map(_))) => self.warn(format!("key {key} is table. Skipping")),
                (value, _) => target.insert(key, value),
            }
        }
        into.insert("global", target);
    }

    fn values<N: Node>(&mut self, chart: &N, values: &Map, prefix: &str) {
        let prefix = join(prefix, chart.name());
        let defaults = copy(chart.values());
        for (key, default) in defaults.sorted() {
            match values.get(key.as_bytes()) {
                Some(Value::Nil) if !self.merge => {
                    values.remove(key.as_bytes());
                }
                Some(Value::Map(over)) => match default {
                    Value::Map(default) => {
                        let is_child =
                            chart.children().iter().any(|child| child.name().as_bytes() == key.as_bytes());
                        let merge = self.merge || is_child;
                        if !merge {
                            trim_nil(&default);
                        }
                        self.tables(&over, &default, &join(&prefix, &key.to_text()), merge);
                    }
                    Value::Nil => {}
                    _ => self.warn(format!("warning: skipped value for {prefix}.{key}: Not a table.")),
                },
                Some(_) => {}
                None => {
                    if !self.merge {
                        match &default {
                            Value::Nil => continue,
                            Value::Map(default) => trim_nil(default),
                            _ => {}
                        }
                    }
                    values.insert(key, default);
                }
            }
        }
    }

    fn tables(&mut self, over: &Map, base: &Map, prefix: &str, merge: bool) {
        // What the base had is known before nulls of `over` are put into it, as Helm does: it tells a null that deletes a
        // default from one of its own.
        let defaults = base.sorted();
        let had =
            |key: &Str| defaults.binary_search_by(|(k, _)| k.cmp(key)).is_ok_and(|i| !defaults[i].1.is_nil());
        for (key, value) in over.sorted() {
            if value.is_nil() {
                base.insert(key, Value::Nil);
            }
        }
        for (key, value) in base.sorted() {
            let full = join(prefix, &key.to_text());
            match (over.get(key.as_bytes()), value) {
                (Some(Value::Nil), _) if !merge && had(&key) => {
                    over.remove(key.as_bytes());
                }
                (None, value) => over.insert(key, value),
                (Some(Value::Map(over)), Value::Map(base)) => self.tables(&over, &base, &full, merge),
                (Some(_), Value::Map(base)) => {
                    let text = crate::yaml::json::to_json(&Value::Map(base));
                    self.warn(format!("warning: cannot overwrite table with non table for {full} ({text})"));
                }
                (Some(Value::Map(_)), value) if !value.is_nil() => {
                    let text = crate::yaml::json::to_json(&value);
                    self.warn(format!(
                        "warning: destination for {full} is a table. Ignoring non-table value ({text})"
                    ));
                }
                _ => {}
            }
        }
    }
}
