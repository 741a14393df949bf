//! Chart.yaml and Chart.lock.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::{
    value::{Map, Value},
    version::Version,
    yaml::number,
};

fn empty<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Maintainer {
    /// Name.
    #[serde(skip_serializing_if = "empty")]
    pub name: String,
    /// Address for mail.
    #[serde(skip_serializing_if = "empty")]
    pub email: String,
    /// Page.
    #[serde(skip_serializing_if = "empty")]
    pub url: String,
}

/// What a parent takes over from a dependency's values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ImportValues {
    /// What stands below `exports.NAME`, into the parent's root.
    Export(String),
    /// What stands at one path, to another of the parent's.
    Path {
        /// In the dependency.
        child: String,
        /// In the parent; `.` is its root.
        parent: String,
    },
}

/// A chart another one needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Which versions do.
    #[serde(skip_serializing_if = "empty")]
    pub version: String,
    /// Where it can be had.
    pub repository: String,
    /// Paths of values that turn it on or off.
    #[serde(skip_serializing_if = "empty")]
    pub condition: String,
    /// Tags that turn it on or off.
    #[serde(skip_serializing_if = "empty")]
    pub tags: Vec<String>,
    /// Whether it is on; only known once values are.
    #[serde(skip_serializing_if = "empty")]
    pub enabled: bool,
    /// What the parent takes over from its values.
    #[serde(skip_serializing_if = "empty")]
    pub import_values: Vec<ImportValues>,
    /// The name it gets in the parent.
    #[serde(skip_serializing_if = "empty")]
    pub alias: String,
}

impl Dependency {
    /// The name it has in the parent.
    pub fn effective_name(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }
}

/// Chart.lock: the versions that were found to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lock {
    /// When it was made.
    pub generated: String,
    /// Over what the dependencies were then.
    pub digest: String,
    /// Each with its exact version.
    pub dependencies: Vec<Dependency>,
}

/// Chart.yaml.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Metadata {
    /// The chart's name.
    #[serde(skip_serializing_if = "empty")]
    pub name: String,
    /// The project's page.
    #[serde(skip_serializing_if = "empty")]
    pub home: String,
    /// Where its source is.
    #[serde(skip_serializing_if = "empty")]
    pub sources: Vec<String>,
    /// The chart's version.
    #[serde(skip_serializing_if = "empty")]
    pub version: String,
    /// In a sentence.
    #[serde(skip_serializing_if = "empty")]
    pub description: String,
    /// For searches.
    #[serde(skip_serializing_if = "empty")]
    pub keywords: Vec<String>,
    /// Who looks after it.
    #[serde(skip_serializing_if = "empty")]
    pub maintainers: Vec<Maintainer>,
    /// Where its icon is.
    #[serde(skip_serializing_if = "empty")]
    pub icon: String,
    /// `v1` or `v2`.
    #[serde(skip_serializing_if = "empty")]
    pub api_version: String,
    /// Of Helm 2.
    #[serde(skip_serializing_if = "empty")]
    pub condition: String,
    /// Of Helm 2.
    #[serde(skip_serializing_if = "empty")]
    pub tags: String,
    /// The version of what it installs.
    #[serde(skip_serializing_if = "empty")]
    pub app_version: String,
    /// Whether it should no longer be used.
    #[serde(skip_serializing_if = "empty")]
    pub deprecated: bool,
    /// Whatever else.
    #[serde(skip_serializing_if = "empty")]
    pub annotations: std::collections::BTreeMap<String, String>,
    /// Which versions of Kubernetes do.
    #[serde(skip_serializing_if = "empty")]
    pub kube_version: String,
    /// Charts it needs.
    #[serde(skip_serializing_if = "empty")]
    pub dependencies: Vec<Dependency>,
    /// `application`, `library` or nothing.
    #[serde(rename = "type", skip_serializing_if = "empty")]
    pub kind: String,
}

impl Metadata {
    /// Whether it is of Helm 2's format.
    pub fn is_v1(&self) -> bool {
        self.api_version == "v1"
    }

    /// Whether only its partials count.
    pub fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// As templates see it: by Go's names.
    pub fn to_template(&self, is_root: bool) -> Map {
        let texts = |texts: &[String]| Value::list(texts.iter().map(|text| text.as_str().into()).collect());
        let maintainers = self.maintainers.iter().map(|maintainer| {
            let fields = [("Name", &maintainer.name), ("Email", &maintainer.email), ("URL", &maintainer.url)];
            Value::Map(fields.into_iter().map(|(key, value)| (key, value.as_str())).collect::<Map>())
        });
        let annotations: Map =
            self.annotations.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let fields: [(&str, Value); 18] = [
            ("Name", self.name.as_str().into()),
            ("Home", self.home.as_str().into()),
            ("Sources", texts(&self.sources)),
            ("Version", self.version.as_str().into()),
            ("Description", self.description.as_str().into()),
            ("Keywords", texts(&self.keywords)),
            ("Maintainers", Value::list(maintainers.collect())),
            ("Icon", self.icon.as_str().into()),
            ("APIVersion", self.api_version.as_str().into()),
            ("Condition", self.condition.as_str().into()),
            ("Tags", self.tags.as_str().into()),
            ("AppVersion", self.app_version.as_str().into()),
            ("Deprecated", self.deprecated.into()),
            ("Annotations", annotations.into()),
            ("KubeVersion", self.kube_version.as_str().into()),
            ("Dependencies", Value::list(self.dependencies.iter().map(dependency_to_template).collect())),
            ("Type", self.kind.as_str().into()),
            ("IsRoot", is_root.into()),
        ];
        fields.into_iter().collect()
    }

    fn validate(&mut self) -> Result<(), Error> {
        let invalid = |problem: String| Err(Error::Invalid(problem));
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ] {
            *text = printable(text);
        }
        for text in self.sources.iter_mut().chain(&mut self.keywords) {
            *text = printable(text);
        }
        if self.api_version.is_empty() {
            return invalid("chart.metadata.apiVersion is required".into());
        }
        if self.name.is_empty() {
            return invalid("chart.metadata.name is required".into());
        }
        if matches!(self.name.as_str(), "." | "..") {
            return invalid(format!("chart.metadata.name {:?} is not allowed", self.name));
        }
        if self.name.contains('/') {
            return invalid(format!("chart.metadata.name {:?} is invalid", self.name));
        }
        if self.version.is_empty() {
            return invalid("chart.metadata.version is required".into());
        }
        if Version::parse(&self.version).is_err() {
            return invalid(format!("chart.metadata.version {:?} is invalid", self.version));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return invalid("chart.metadata.type must be application or library".into());
        }
        for maintainer in &mut self.maintainers {
            for text in [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url] {
                *text = printable(text);
            }
        }
        let mut names = std::collections::HashSet::new();
        for dependency in &mut self.dependencies {
            for text in [
                &mut dependency.name,
                &mut dependency.version,
                &mut dependency.repository,
                &mut dependency.condition,
            ]
            .into_iter()
            .chain(&mut dependency.tags)
            {
                *text = printable(text);
            }
            if !dependency.alias.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
                return invalid(format!(
                    "dependency {:?} has disallowed characters in the alias",
                    dependency.name
                ));
            }
            if !names.insert(dependency.effective_name().to_owned()) {
                return invalid(format!(
                    "more than one dependency with name or alias {:?}",
                    dependency.effective_name()
                ));
            }
        }
        Ok(())
    }
}

fn dependency_to_template(dependency: &Dependency) -> Value {
    let imports = dependency.import_values.iter().map(|import| match import {
        ImportValues::Export(name) => Value::string(name.as_str()),
        ImportValues::Path { child, parent } => {
            let fields = [("child", child.as_str()), ("parent", parent.as_str())];
            Value::Map(fields.into_iter().collect())
        }
    });
    let tags = dependency.tags.iter().map(|tag| Value::string(tag.as_str())).collect();
    let fields: [(&str, Value); 8] = [
        ("Name", dependency.name.as_str().into()),
        ("Version", dependency.version.as_str().into()),
        ("Repository", dependency.repository.as_str().into()),
        ("Condition", dependency.condition.as_str().into()),
        ("Tags", Value::list(tags)),
        ("Enabled", dependency.enabled.into()),
        ("ImportValues", Value::list(imports.collect())),
        ("Alias", dependency.alias.as_str().into()),
    ];
    Value::Map(fields.into_iter().collect())
}

/// White space becomes spaces, what cannot be printed goes.
fn printable(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}')
    };
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !hidden(*c)).collect()
}

/// Reads one mapping's fields, which are found whatever their case.
struct Fields<'a> {
    file: &'a str,
    path: String,
    map: &'a Map,
}

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Value {
        if let Some(value) = self.map.get(name.as_bytes()) {
            return value;
        }
        let folded = self.map.sorted().into_iter().find(|(key, _)| key.to_text().eq_ignore_ascii_case(name));
        folded.map(|(_, value)| value).unwrap_or_default()
    }

    fn refuse<T>(&self, name: &str, value: &Value, wanted: &str) -> Result<T, Error> {
        let path = &self.path;
        let is = match value {
            Value::Map(_) => "an object",
            Value::List(..) => "a list",
            Value::Bool(_) => "a boolean",
            Value::Float(_) | Value::Int(..) => "a number",
            _ => "a text",
        };
        Err(Error::file(self.file, format!("cannot load {}: {path}{name} is {is}, not {wanted}", self.file)))
    }

    fn as_text(&self, name: &str, value: &Value) -> Result<String, Error> {
        Ok(match value {
            Value::Nil => String::new(),
            Value::String(text) => text.to_string(),
            Value::Float(number) => number::text(*number),
            Value::Int(number, _) => number.to_string(),
            Value::Bool(bool) => bool.to_string(),
            other => return self.refuse(name, other, "a text"),
        })
    }

    fn text(&self, name: &str) -> Result<String, Error> {
        self.as_text(name, &self.get(name))
    }

    fn bool(&self, name: &str) -> Result<bool, Error> {
        match self.get(name) {
            Value::Nil => Ok(false),
            Value::Bool(bool) => Ok(bool),
            other => self.refuse(name, &other, "true or false"),
        }
    }

    fn list(&self, name: &str) -> Result<Vec<Value>, Error> {
        match self.get(name) {
            Value::Nil => Ok(Vec::new()),
            Value::List(values, _) => Ok(values.to_vec()),
            other => self.refuse(name, &other, "a list"),
        }
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, Error> {
        self.list(name)?.iter().map(|value| self.as_text(name, value)).collect()
    }

    /// Each of a list of mappings.
    fn each<T>(&self, name: &str, read: impl Fn(&Fields<'_>) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        let values = self.list(name)?;
        let item = |(i, value): (usize, &Value)| match value {
            Value::Map(map) => {
                read(&Fields { file: self.file, path: format!("{}{name}[{i}].", self.path), map })
            }
            Value::Nil => Err(Error::Invalid(format!("{name} must not contain empty or null nodes"))),
            other => self.refuse(&format!("{name}[{i}]"), other, "an object"),
        };
        values.iter().enumerate().map(item).collect()
    }
}

fn dependency(fields: &Fields<'_>) -> Result<Dependency, Error> {
    let import = |value: &Value| match value {
        Value::String(name) => Some(ImportValues::Export(name.to_string())),
        Value::Map(map) => {
            let of = |key: &str| match map.get(key.as_bytes()) {
                Some(value) if !value.is_nil() => fields.as_text(key, &value).unwrap_or_default(),
                _ => "<nil>".into(),
            };
            Some(ImportValues::Path { child: of("child"), parent: of("parent") })
        }
        _ => None,
    };
    Ok(Dependency {
        name: fields.text("name")?,
        version: fields.text("version")?,
        repository: fields.text("repository")?,
        condition: fields.text("condition")?,
        tags: fields.texts("tags")?,
        enabled: fields.bool("enabled")?,
        import_values: fields.list("import-values")?.iter().filter_map(import).collect(),
        alias: fields.text("alias")?,
    })
}

/// Reads Chart.yaml, and requirements.yaml over it.
pub(super) fn read(chart: &Map, requirements: Option<&Map>) -> Result<Metadata, Error> {
    let fields = Fields { file: "Chart.yaml", path: String::new(), map: chart };
    let maintainer = |fields: &Fields<'_>| {
        Ok(Maintainer { name: fields.text("name")?, email: fields.text("email")?, url: fields.text("url")? })
    };
    let annotations = match fields.get("annotations") {
        Value::Nil => Vec::new(),
        Value::Map(map) => map.sorted(),
        other => return fields.refuse("annotations", &other, "an object"),
    };
    let annotation = |(key, value): (crate::value::Str, Value)| {
        let key = key.to_string();
        fields.as_text(&format!("annotations.{key}"), &value).map(|value| (key, value))
    };
    let mut metadata = Metadata {
        name: fields.text("name")?,
        home: fields.text("home")?,
        sources: fields.texts("sources")?,
        version: fields.text("version")?,
        description: fields.text("description")?,
        keywords: fields.texts("keywords")?,
        maintainers: fields.each("maintainers", maintainer)?,
        icon: fields.text("icon")?,
        api_version: fields.text("apiVersion")?,
        condition: fields.text("condition")?,
        tags: fields.text("tags")?,
        app_version: fields.text("appVersion")?,
        deprecated: fields.bool("deprecated")?,
        annotations: annotations.into_iter().map(annotation).collect::<Result<_, _>>()?,
        kube_version: fields.text("kubeVersion")?,
        dependencies: fields.each("dependencies", dependency)?,
        kind: fields.text("type")?,
    };
    if metadata.api_version.is_empty() {
        // Helm 2 did not ask for it.
        metadata.api_version = "v1".into();
    }
    if let Some(map) = requirements {
        let fields = Fields { file: "requirements.yaml", path: String::new(), map };
        if !fields.get("dependencies").is_nil() {
            metadata.dependencies = fields.each("dependencies", dependency)?;
        }
    }
    metadata.validate()?;
    Ok(metadata)
}

/// Reads Chart.lock.
pub(super) fn lock(file: &str, map: &Map) -> Result<Lock, Error> {
    let fields = Fields { file, path: String::new(), map };
    Ok(Lock {
        generated: fields.text("generated")?,
        digest: fields.text("digest")?,
        dependencies: fields.each("dependencies", dependency)?,
    })
}
