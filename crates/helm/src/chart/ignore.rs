//! `.helmignore`.

use super::glob::Pattern;

struct Rule {
    pattern: Pattern,
    /// Of the whole path; else of the last part.
    path: bool,
    negate: bool,
    folder: bool,
}

/// Which files are no part of the chart.
pub(super) struct Rules(Vec<Rule>);

impl Default for Rules {
    fn default() -> Self {
        let mut rules = Self(Vec::new());
        rules.add_defaults();
        rules
    }
}

impl Rules {
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let mut rules = Self(Vec::new());
        for (number, line) in String::from_utf8_lossy(text).lines().enumerate() {
            rules.add(line).map_err(|problem| format!("line {}: {problem}", number + 1))?;
        }
        rules.add_defaults();
        Ok(rules)
    }

    fn add_defaults(&mut self) {
        // A pattern that is right cannot fail.
        let _ = self.add("templates/.?*");
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported".into());
        }
        let (negate, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (folder, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        let path = line.contains('/');
        let pattern = Pattern::of_path(line.strip_prefix('/').unwrap_or(line))?;
        self.0.push(Rule { pattern, path, negate, folder });
        Ok(())
    }

    /// Whether the file, or the folder with all in it, is left out. The first rule that matches decides; what a negated
    /// one does not match is left out.
    pub(super) fn ignores(&self, path: &str, is_folder: bool) -> bool {
        for rule in &self.0 {
            let name = if rule.path { path } else { path.rsplit('/').next().unwrap_or(path) };
            if rule.negate {
                if rule.folder && !is_folder || !rule.pattern.matches(name) {
                    return true;
                }
            } else if (!rule.folder || is_folder) && rule.pattern.matches(name) {
                return true;
            }
        }
        false
    }
}
