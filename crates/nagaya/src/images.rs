//! The images that were built on this host: `<cache>/images.env`, lines of `name=reference`, which
//! `scripts/images.sh` writes.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, Result};

/// References by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images(BTreeMap<String, String>);

impl Images {
    /// What was built; nothing when the file is not there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(cache_dir: &Path) -> Result<Self> {
        let path = cache_dir.join("images.env");
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (name, reference) = line.split_once('=')?;
            Some((name.trim().to_owned(), reference.trim().to_owned()))
        };
        Self(text.lines().filter(|text| !text.trim_start().starts_with('#')).filter_map(line).collect())
    }

    /// The reference of an image.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_name_references() {
        let images =
            Images::parse("# built\njava=registry.nagaya.internal/java:abc@sha256:0\nnagaya-relay=r:1\n");
        assert_eq!(images.get("java"), Some("registry.nagaya.internal/java:abc@sha256:0"));
        assert_eq!(images.get("nagaya-relay"), Some("r:1"));
        assert_eq!(images.get("python"), None);
    }
}
