//! Paths of fields in Kubernetes objects, as ignore rules name them: `.spec.replicas`,
//! `.metadata.annotations["example.com/owner"]`.

use std::{fmt, str::FromStr};

/// Where a field stands in an object. Lists are one field: there is no way into them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<String>);

/// A text that is no path of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not the path of a field: write for instance .spec.replicas or .metadata.annotations[\"example.com/owner\"]"
)]
pub struct NotAFieldPath(pub String);

impl FieldPath {
    /// The keys from the object's root, at least one.
    pub fn keys(&self) -> &[String] {
        &self.0
    }

    /// Whether a change of this field would be another object: such a field cannot be left to others.
    pub fn is_identity(&self) -> bool {
        let keys: Vec<&str> = self.0.iter().map(String::as_str).collect();
        matches!(
            keys.as_slice(),
            ["apiVersion" | "kind" | "metadata"] | ["metadata", "name" | "namespace" | "labels"]
        )
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

impl FromStr for FieldPath {
    type Err = NotAFieldPath;

    fn from_str(text: &str) -> Result<Self, NotAFieldPath> {
        let bad = || NotAFieldPath(text.to_owned());
        let mut keys = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let (key, after) = quoted.split_once("\"]").ok_or_else(bad)?;
                // A list of paths is divided at commas, in an annotation.
                if key.is_empty() || key.contains(|c: char| c == '"' || c == ',' || c.is_control()) {
                    return Err(bad());
                }
                keys.push(key.to_owned());
                rest = after;
            } else {
                let after = rest.strip_prefix('.').ok_or_else(bad)?;
                let end = after.find(['.', '[']).unwrap_or(after.len());
                if !is_plain(&after[..end]) {
                    return Err(bad());
                }
                keys.push(after[..end].to_owned());
                rest = &after[end..];
            }
        }
        if keys.is_empty() { Err(bad()) } else { Ok(Self(keys)) }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|key| if is_plain(key) { write!(f, ".{key}") } else { write!(f, "[\"{key}\"]") })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_path_is_read_and_written_alike() {
        for good in
            [".spec.replicas", ".data.x", ".metadata.annotations[\"example.com/owner\"]", ".a[\"b.c\"].d"]
        {
            assert_eq!(good.parse::<FieldPath>().unwrap().to_string(), good);
        }
        let path: FieldPath = ".a[\"b\"]".parse().unwrap();
        assert_eq!(path.keys(), ["a", "b"]);
        assert_eq!(path.to_string(), ".a.b");
        for bad in [
            "",
            ".",
            "spec",
            ".spec.",
            ".spec..x",
            ".a[0]",
            ".a[\"b\"",
            ".a[\"\"]",
            ".a,.b",
            ".a b",
            ".a[\"b,c\"]",
        ] {
            assert!(bad.parse::<FieldPath>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_makes_an_object_itself_is_nobody_elses() {
        for own in [".kind", ".metadata", ".metadata.name", ".metadata.labels"] {
            assert!(own.parse::<FieldPath>().unwrap().is_identity(), "{own}");
        }
        assert!(!".metadata.labels.tier".parse::<FieldPath>().unwrap().is_identity());
    }
}
