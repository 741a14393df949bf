//! `semver` and `semverCompare`.

use std::{any::Any, rc::Rc};

use super::{Function, Parameter::String as Text, arguments::text, fixed};
use crate::{
    value::{Object, Value},
    version::{Constraint, Version},
};

/// A version as templates see it: `*semver.Version`.
struct Semver(Version);

impl Semver {
    fn value(version: Version) -> Value {
        Value::Object(Rc::new(Self(version)))
    }

    fn increased(&self, part: &str) -> Version {
        let old = &self.0;
        let (major, minor, patch) = match part {
            "IncMajor" => (old.major.wrapping_add(1), 0, 0),
            "IncMinor" => (old.major, old.minor.wrapping_add(1), 0),
            // A pre-release's next is its release.
            _ if old.is_prerelease() => (old.major, old.minor, old.patch),
            _ => (old.major, old.minor, old.patch.wrapping_add(1)),
        };
        let v = if old.original.starts_with('v') { "v" } else { "" };
        Version {
            major,
            minor,
            patch,
            prerelease: String::new(),
            metadata: String::new(),
            original: format!("{v}{major}.{minor}.{patch}"),
        }
    }
}

fn number(number: u64) -> Value {
    Value::int64(i64::try_from(number).unwrap_or(i64::MAX))
}

fn other(arguments: &[Value]) -> Result<&Version, String> {
    match arguments.first() {
        Some(Value::Object(object)) => object.as_any().downcast_ref::<Semver>().map(|other| &other.0),
        _ => None,
    }
    .ok_or_else(|| "a *semver.Version is wanted".to_owned())
}

impl Object for Semver {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn kind(&self) -> &'static str {
        "ptr"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let version = &self.0;
        let ordered =
            |holds: fn(std::cmp::Ordering) -> bool| Ok(holds(version.compare(other(arguments)?)).into());
        Some(match name {
            "Major" => Ok(number(version.major)),
            "Minor" => Ok(number(version.minor)),
            "Patch" => Ok(number(version.patch)),
            "Prerelease" => Ok(version.prerelease.as_str().into()),
            "Metadata" => Ok(version.metadata.as_str().into()),
            "Original" => Ok(version.original.as_str().into()),
            "String" => Ok(version.to_string().into()),
            "IncMajor" | "IncMinor" | "IncPatch" => Ok(Self::value(self.increased(name))),
            "Compare" => other(arguments).map(|other| Value::int(version.compare(other) as i64)),
            "Equal" => ordered(std::cmp::Ordering::is_eq),
            "LessThan" => ordered(std::cmp::Ordering::is_lt),
            "GreaterThan" => ordered(std::cmp::Ordering::is_gt),
            "LessThanEqual" => ordered(std::cmp::Ordering::is_le),
            "GreaterThanEqual" => ordered(std::cmp::Ordering::is_ge),
            _ => return None,
        })
    }

    fn print(&self) -> String {
        self.0.to_string()
    }

    fn data(&self) -> Value {
        self.print().into()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn compare(arguments: &[Value]) -> Result<Value, String> {
    let constraint = Constraint::parse(&text(arguments, 0)).map_err(|error| error.to_string())?;
    let version = Version::parse(&text(arguments, 1)).map_err(|error| error.to_string())?;
    Ok(constraint.check(&version).into())
}

/// The table.
pub const FUNCTIONS: &[Function] = &[
    fixed("semver", &[Text], |_, a| {
        Version::parse(&text(a, 0)).map(Semver::value).map_err(|error| error.to_string())
    }),
    fixed("semverCompare", &[Text, Text], |_, a| compare(a)),
];
