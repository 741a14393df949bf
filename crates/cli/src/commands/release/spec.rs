//! From flags to a release.

use std::{collections::BTreeMap, str::FromStr};

use nagaya_api::{
    Release,
    kinds::release::{ReleaseSpec, SecretPath, SecretValue, Values, layered},
};
use serde_json::Value;

use crate::{CliError, terminal::password};

/// What a release is to be.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Version of the chart, or a constraint such as ^5.1 or ">=1.2 <2" [default: the newest]
    #[arg(long)]
    version: Option<String>,
    /// The cluster it goes to
    #[arg(long, short = 'c', conflicts_with = "group")]
    cluster: Option<String>,
    /// The group whose clusters it goes to
    #[arg(long, short = 'g')]
    group: Option<String>,
    /// The Kubernetes namespace it goes to
    #[arg(long, short = 'n')]
    namespace: Option<String>,
    /// The team whose it is
    #[arg(long)]
    team: Option<String>,
    /// Make the namespace when it is not there
    #[arg(long)]
    create_namespace: bool,
    /// What Helm calls it [default: its name]
    #[arg(long, value_name = "NAME")]
    release_name: Option<String>,
    /// File with values, YAML; may be said again, the last on top
    #[arg(long, short = 'f', value_name = "FILE")]
    values: Vec<String>,
    /// A value, PATH=VALUE: true, false, null and numbers are taken as such; may be said again
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// A value that is a text, PATH=VALUE
    #[arg(long, value_name = "PATH=VALUE")]
    set_string: Vec<String>,
    /// A value to be sealed, PATH=NAME: where it goes in the values, and the name it is kept under. It is asked for, or read
    /// with PATH=NAME=@FILE or, from standard input, PATH=NAME=-; may be said again
    #[arg(long, value_name = "PATH=NAME[=@FILE|-]")]
    secret: Vec<SecretFlag>,
    /// Forget the values it has; else new ones are laid over them
    #[arg(long)]
    reset_values: bool,
    /// Keep what fails as it is: no rollback, no removal
    #[arg(long)]
    no_atomic: bool,
    /// How long one step may take, in seconds
    #[arg(long, value_name = "SECONDS")]
    step_timeout: Option<u32>,
}

/// `PATH=NAME[=@FILE|-]`
#[derive(Clone, Debug, PartialEq, Eq)]
struct SecretFlag {
    path: String,
    name: String,
    /// A file, or `-`; none: it is asked for.
    from: Option<String>,
}

impl FromStr for SecretFlag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, rest) =
            text.split_once('=').ok_or("write PATH=NAME, for instance admin.password=admin")?;
        let (name, from) = rest.split_once('=').map_or((rest, None), |(name, from)| (name, Some(from)));
        path.parse::<SecretPath>().map_err(|_| format!("\"{path}\" is no path: names with dots between"))?;
        nagaya_api::names::check("NAME", name).map_err(|cause| cause.message)?;
        let from = match from {
            None => None,
            Some("-") => Some("-".to_owned()),
            // A value of the command line would stand in the shell's history and in the list of processes.
            Some(from) => Some(
                from.strip_prefix('@').ok_or("after NAME= write @FILE, or - for standard input")?.to_owned(),
            ),
        };
        Ok(Self { path: path.to_owned(), name: name.to_owned(), from })
    }
}

impl Options {
    /// A new release.
    pub fn release(&self, name: &str, chart: &str) -> Result<Release, CliError> {
        let mut release = Release::new(name, ReleaseSpec::default());
        self.put(&mut release, Some(chart))?;
        Ok(release)
    }

    /// Puts what was said into a release; the rest stays.
    pub fn put(&self, release: &mut Release, chart: Option<&str>) -> Result<(), CliError> {
        let spec = &mut release.spec;
        if let Some(chart) = chart {
            let (repository, chart) = chart
                .split_once('/')
                .ok_or_else(|| CliError::Usage(format!("\"{chart}\": write REPOSITORY/CHART")))?;
            (spec.repository, spec.chart) = (repository.to_owned(), chart.to_owned());
        }
        let said = |field: &mut String, said: &Option<String>| {
            if let Some(said) = said {
                field.clone_from(said);
            }
        };
        said(&mut spec.version, &self.version);
        said(&mut spec.namespace, &self.namespace);
        said(&mut spec.release_name, &self.release_name);
        if self.cluster.is_some() || self.group.is_some() {
            (spec.cluster, spec.group) = (self.cluster.clone(), self.group.clone());
        }
        if self.team.is_some() {
            spec.team.clone_from(&self.team);
        }
        spec.create_namespace |= self.create_namespace;
        if self.no_atomic {
            spec.atomic = false;
        }
        spec.timeout_seconds = self.step_timeout.unwrap_or(spec.timeout_seconds);
        for flag in &self.secret {
            let (path, secret) = (flag.path.clone(), flag.name.clone());
            spec.secrets.retain(|one| one.path != path);
            spec.secrets.push(SecretValue { path, secret });
        }
        if self.reset_values {
            spec.values.clear();
        }
        spec.values = layered([&spec.values, &self.given()?]);
        Ok(())
    }

    /// The values to seal, by name. `all` has those asked for on the terminal that no flag says where to read.
    pub fn sealed(&self, all: bool) -> Result<BTreeMap<String, String>, CliError> {
        let mut sealed = BTreeMap::new();
        for flag in &self.secret {
            let value =
                match flag.from.as_deref() {
                    Some("-") => std::io::read_to_string(std::io::stdin())
                        .map_err(|error| CliError::file("-", error))?,
                    Some(path) => std::fs::read_to_string(path)
                        .map_err(|error| CliError::file(path.to_owned(), error))?,
                    None if all && !sealed.contains_key(&flag.name) => password(&format!("{}: ", flag.name))?,
                    None => continue,
                };
            // An editor's or echo's line end is no part of a password.
            let value = value.strip_suffix('\n').map_or(value.as_str(), |line| line.trim_end_matches('\r'));
            if value.is_empty() {
                return Err(CliError::Usage(format!("--secret {}: the value is empty", flag.name)));
            }
            sealed.insert(flag.name.clone(), value.to_owned());
        }
        Ok(sealed)
    }

    /// The values of files and flags.
    fn given(&self) -> Result<Values, CliError> {
        let mut values = Values::new();
        for file in &self.values {
            let text = match file.as_str() {
                "-" => std::io::read_to_string(std::io::stdin()),
                path => std::fs::read_to_string(path),
            };
            let text = text.map_err(|error| CliError::file(file, error))?;
            let bad = |why: String| CliError::Usage(format!("{file}: {why}"));
            let read: Value = yaml_serde::from_str(&text).map_err(|error| bad(error.to_string()))?;
            match read {
                Value::Object(read) => values = layered([&values, &read]),
                Value::Null => {}
                _ => return Err(bad("holds no map of values".into())),
            }
        }
        for (text, plain) in
            self.set.iter().map(|text| (text, false)).chain(self.set_string.iter().map(|text| (text, true)))
        {
            let bad = |why: &str| CliError::Usage(format!("--set {text}: {why}"));
            let (path, value) = text.split_once('=').ok_or_else(|| bad("write PATH=VALUE"))?;
            let path: SecretPath = path
                .parse()
                .map_err(|_| bad("PATH is names with dots between; for lists write a file (--values)"))?;
            path.put(&mut values, if plain { value.into() } else { typed(value) });
        }
        Ok(values)
    }
}

/// A value as Helm takes it from a flag.
fn typed(text: &str) -> Value {
    match text {
        "true" => true.into(),
        "false" => false.into(),
        "null" => Value::Null,
        "0" => 0.into(),
        // As Helm: what begins with a zero is a text.
        number if !number.starts_with('0') => {
            number.parse::<i64>().map_or_else(|_| number.into(), Value::from)
        }
        text => text.into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_named_in_the_release_and_its_value_is_nowhere_but_in_what_is_sealed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("password");
        std::fs::write(&file, "hunter 22\n").unwrap();
        let flag = |text: &str| text.parse::<SecretFlag>();
        let secret = vec![
            flag(&format!("admin.password=admin=@{}", file.display())).unwrap(),
            flag("token=later").unwrap(),
        ];
        let options = Options { secret, ..Options::default() };
        let release = options.release("ci", "stable/jenkins").unwrap();
        let named: Vec<_> =
            release.spec.secrets.iter().map(|one| (one.path.as_str(), one.secret.as_str())).collect();
        assert_eq!(named, [("admin.password", "admin"), ("token", "later")]);
        assert!(release.spec.values.is_empty());
        assert_eq!(options.sealed(false).unwrap(), BTreeMap::from([("admin".into(), "hunter 22".into())]));
        for bad in ["admin", "a..b=x", "a=Not A Name", "a=x=hunter22"] {
            assert!(flag(bad).is_err(), "{bad}");
        }
        std::fs::write(&file, "\n").unwrap();
        assert!(options.sealed(false).is_err(), "nothing is forgotten by an empty file");
    }

    #[test]
    fn flags_lie_over_files_and_both_over_what_it_has() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("values.yaml");
        std::fs::write(&file, "a:\n  x: 1\n  y: 1\n").unwrap();
        let options = Options {
            values: vec![file.display().to_string()],
            set: vec!["a.y=2".into(), "b=null".into(), "c=08".into(), r"d\.e=true".into()],
            set_string: vec!["f=1".into()],
            version: Some("^1".into()),
            ..Options::default()
        };
        let mut release = Release::new(
            "r",
            ReleaseSpec {
                values: json!({"a": {"z": 9}, "b": 1}).as_object().unwrap().clone(),
                ..ReleaseSpec::default()
            },
        );
        options.put(&mut release, Some("stable/web")).unwrap();
        assert_eq!(
            Value::Object(release.spec.values.clone()),
            json!({"a": {"x": 1, "y": 2, "z": 9}, "b": null, "c": "08", "d.e": true, "f": "1"})
        );
        assert_eq!((release.spec.repository.as_str(), release.spec.chart.as_str()), ("stable", "web"));
        assert_eq!(release.spec.version, "^1");
        assert!(options.put(&mut release, Some("web")).is_err());
    }
}
