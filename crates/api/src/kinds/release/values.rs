//! Values: the layers they come from, and those of them that are sealed.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde_json::{Map, Value};

use super::SecretValue;
use crate::Cause;

/// A chart's values.
pub type Values = Map<String, Value>;
/// Values for charts, by `repository/chart`.
pub type ChartValues = BTreeMap<String, Values>;

/// What stands in the place of a value that is sealed.
pub const MASK: &str = "••••••••";
/// How large the values for charts of a group or cluster may be, as JSON.
const MAX_BYTES: usize = 256 << 10;

/// How large values are as JSON.
pub(super) fn bytes(values: &impl serde::Serialize) -> usize {
    serde_json::to_vec(values).map_or(0, |bytes| bytes.len())
}

/// What is wrong with the values that a group or cluster has for charts.
pub(in crate::kinds) fn check_chart_values(values: &ChartValues) -> Vec<Cause> {
    let mut causes = Vec::new();
    for key in values.keys() {
        if key.split('/').count() < 2 || key.split('/').any(str::is_empty) {
            let message = format!("\"{key}\" names no chart");
            let mend = "write repository/chart, for instance stable/jenkins";
            causes.push(Cause::invalid(format!("spec.chartValues[{key}]"), message, mend));
        }
    }
    let size = bytes(values);
    if size > MAX_BYTES {
        let mend = format!("they may have {MAX_BYTES}: leave out what is as in the charts");
        causes.push(Cause::invalid("spec.chartValues", format!("{size} bytes are too many"), mend));
    }
    causes
}

/// One layer over a chart's own values.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<'a> {
    /// Where it comes from: `group java`, `cluster java-1`, `release jenkins`.
    pub name: String,
    /// What it says.
    pub values: &'a Values,
}

/// The layers laid over each other, the last on top: maps are merged, anything else takes the place of what is below. A
/// null stays: over a chart's own values it takes one away.
pub fn layered<'a>(layers: impl IntoIterator<Item = &'a Values>) -> Values {
    let mut all = Values::new();
    for layer in layers {
        lay(&mut all, layer);
    }
    all
}

fn lay(below: &mut Values, above: &Values) {
    for (key, value) in above {
        match (below.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => lay(below, above),
            _ => {
                below.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Where a sealed value goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretPath(Vec<String>);

/// A text that is no path in values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no path of a value: write names with dots between")]
pub struct NotAPath(pub String);

impl FromStr for SecretPath {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let mut parts = vec![String::new()];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let last = parts.len() - 1;
            match c {
                '.' => parts.push(String::new()),
                '\\' => parts[last].push(chars.next().ok_or_else(|| NotAPath(text.to_owned()))?),
                c => parts[last].push(c),
            }
        }
        let good = parts.len() <= 32
            && text.len() <= 512
            && parts.iter().all(|part| !part.is_empty() && !part.contains(['[', ']']));
        good.then_some(Self(parts)).ok_or_else(|| NotAPath(text.to_owned()))
    }
}

impl fmt::Display for SecretPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> =
            self.0.iter().map(|part| part.replace('\\', "\\\\").replace('.', "\\.")).collect();
        f.write_str(&parts.join("."))
    }
}

impl SecretPath {
    /// Whether one of both is within the other.
    pub fn overlaps(&self, other: &Self) -> bool {
        let shared = self.0.len().min(other.0.len());
        self.0[..shared] == other.0[..shared]
    }

    /// Whether values say something at it.
    pub fn is_in(&self, values: &Values) -> bool {
        let Some((last, above)) = self.0.split_last() else { return false };
        let mut map = values;
        for part in above {
            match map.get(part) {
                Some(Value::Object(below)) => map = below,
                _ => return false,
            }
        }
        map.contains_key(last)
    }

    /// Puts a value there; what is no map on the way becomes one.
    pub fn put(&self, values: &mut Values, value: Value) {
        let Some((last, above)) = self.0.split_last() else { return };
        let mut map = values;
        for part in above {
            let next = map.entry(part.clone()).or_insert(Value::Null);
            if !next.is_object() {
                *next = Value::Object(Values::new());
            }
            let Value::Object(below) = next else { return };
            map = below;
        }
        map.insert(last.clone(), value);
    }
}

/// Fills in one sealed value.
///
/// # Errors
/// Its path is none.
pub fn put_secret(values: &mut Values, secret: &SecretValue, value: &str) -> Result<(), NotAPath> {
    secret.path.parse::<SecretPath>()?.put(values, Value::String(value.to_owned()));
    Ok(())
}

/// Puts [`MASK`] wherever something sealed goes.
pub fn mask(values: &mut Values, secrets: &[SecretValue]) {
    for secret in secrets {
        // One that is no path was never filled in either.
        let _ = put_secret(values, secret, MASK);
    }
}
