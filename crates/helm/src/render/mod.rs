//! From a chart and values to objects.

mod capabilities;
mod data;
mod files;
#[cfg(test)]
mod tests;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

pub use capabilities::{Capabilities, KubeVersion};

use crate::{
    chart::{
        Chart,
        dependencies::{self, Tree},
    },
    environment::Environment,
    manifest::{self, Document, Hook},
    schema,
    template::{self, Engine, Limits, Mode, Template},
    value::{self, Map, Value},
    values, version, yaml,
};

/// The release that is rendered: `.Release`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Counted from 1.
    pub revision: i64,
    /// Whether it is installed now.
    pub is_install: bool,
    /// Whether it is updated or rolled back now.
    pub is_upgrade: bool,
}

/// What a chart is rendered in: all but its values.
#[derive(Clone, Copy)]
pub struct Context<'a, 'e> {
    /// Time, randomness, and what `lookup` finds.
    pub environment: &'a Environment<'e>,
    /// `.Release`.
    pub release: &'a Release,
    /// `.Capabilities`.
    pub capabilities: &'a Capabilities,
    /// How.
    pub options: &'a Options,
}

/// How to render.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Leave values.schema.json alone.
    pub skip_schema: bool,
    /// Notes of the charts below too.
    pub sub_notes: bool,
    /// Strict, lint.
    pub mode: Mode,
    /// What templates may take.
    pub limits: Limits,
}

/// What came out.
#[derive(Debug)]
pub struct Rendered {
    /// The objects, in the order of installing.
    pub manifests: Vec<Document>,
    /// The hooks, by kind; sort them by weight when running them.
    pub hooks: Vec<Hook>,
    /// What lies in `crds/`, as it stands there.
    pub crds: Vec<Document>,
    /// NOTES.txt.
    pub notes: String,
    /// The values it was rendered with.
    pub values: serde_json::Value,
    /// What is odd, but no error.
    pub warnings: Vec<String>,
}

impl Rendered {
    /// The objects as one text, as it stands in a release's record.
    pub fn manifest(&self) -> String {
        manifest::join(&self.manifests)
    }
}

/// Why nothing came out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The values do not suit the chart.
    #[error("{0}")]
    Values(String),
    /// They are not as a values.schema.json wants them.
    #[error("values don't meet the specifications of the schema(s) in the following chart(s):\n{}", schema::describe(.0))]
    Schema(Vec<schema::Violation>),
    /// The chart names charts that are not in it.
    #[error(
        "chart dependencies are missing; run dependency update/build first: found in Chart.yaml, but missing in charts/ \
         directory: {}",
        .0.join(", ")
    )]
    Missing(Vec<String>),
    /// The chart wants another Kubernetes.
    #[error("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {is}")]
    KubeVersion {
        /// The chart's constraint.
        wanted: String,
        /// The cluster's version.
        is: String,
    },
    /// A template is wrong, or refuses.
    #[error("{0}")]
    Template(#[from] template::Error),
    /// What a template gave is no YAML.
    #[error("{0}")]
    Manifest(#[from] manifest::Error),
}

/// A chart whose templates are parsed once and rendered often, each time with other values.
pub struct Parsed {
    chart: Rc<Chart>,
    /// By full name, as far as they were needed: those of charts that are off are not.
    templates: RefCell<HashMap<String, Template>>,
    /// The last engine, and which templates are in it.
    engine: RefCell<Option<Kept>>,
    schemas: RefCell<schema::Compiled>,
    /// What the last rendering gave: most of it comes out the same the next time.
    sorter: RefCell<manifest::Sorter>,
}

/// An engine, with what is in it and how it renders.
type Kept = (Vec<String>, Mode, Rc<Engine>);

impl Parsed {
    /// Takes a chart. Its templates are parsed when they are first rendered.
    pub fn new(chart: Chart) -> Self {
        Self {
            chart: Rc::new(chart),
            templates: RefCell::default(),
            engine: RefCell::default(),
            schemas: RefCell::default(),
            sorter: RefCell::default(),
        }
    }

    /// The chart.
    pub fn chart(&self) -> &Chart {
        &self.chart
    }

    /// The values a release would have: defaults under `values`, through all charts that are on.
    ///
    /// # Errors
    /// When they do not suit the charts.
    pub fn values(&self, values: &Map) -> Result<Map, Error> {
        let tree = dependencies::process(&self.chart, values, &mut Vec::new()).map_err(Error::Values)?;
        values::coalesce(&tree, values, &mut Vec::new()).map_err(Error::Values)
    }

    /// Renders. Call it inside [`template::with_stack`].
    ///
    /// # Errors
    /// As [`Error`] tells.
    pub fn render(&self, context: Context<'_, '_>, values: &Map) -> Result<Rendered, Error> {
        // Nothing of what is made on the way lives on, be it that a template put a map into itself.
        value::confined(|| self.rendered(context, values))
    }

    /// The text of each file that is no partial, by its full name, and nothing else of what [`Self::render`] gives.
    ///
    /// # Errors
    /// As there, but for what is wrong in the texts.
    pub fn texts(&self, context: Context<'_, '_>, values: &Map) -> Result<BTreeMap<String, String>, Error> {
        value::confined(|| {
            let (tree, coalesced) = self.prepared(context, values, &mut Vec::new())?;
            self.files(context, &tree, &coalesced)
        })
    }

    /// The charts that are on, and the values they render with, checked.
    fn prepared(
        &self,
        Context { capabilities, options, .. }: Context<'_, '_>,
        values: &Map,
        warnings: &mut Vec<String>,
    ) -> Result<(Tree, Map), Error> {
        let missing = self.chart.missing();
        if !missing.is_empty() {
            return Err(Error::Missing(missing));
        }
        let tree = dependencies::process(&self.chart, values, warnings).map_err(Error::Values)?;
        let coalesced = values::coalesce(&tree, values, warnings).map_err(Error::Values)?;
        if !options.skip_schema {
            let violations = schema::validate(&tree, &coalesced, &mut self.schemas.borrow_mut());
            if !violations.is_empty() {
                return Err(Error::Schema(violations));
            }
        }
        let wanted = &tree.metadata.kube_version;
        if !wanted.is_empty() && !version::fits(wanted, &capabilities.kube_version.normalized) {
            return Err(Error::KubeVersion {
                wanted: wanted.clone(),
                is: capabilities.kube_version.version.clone(),
            });
        }
        Ok((tree, coalesced))
    }

    fn rendered(&self, context: Context<'_, '_>, values: &Map) -> Result<Rendered, Error> {
        let mut warnings = self.chart.warnings.clone();
        let (tree, coalesced) = self.prepared(context, values, &mut warnings)?;
        // Before templates change them.
        let json = yaml::json::to_json(&Value::Map(coalesced.clone()));
        let files = self.files(context, &tree, &coalesced)?;
        let mut notes = Vec::new();
        let main = format!("{}/templates/NOTES.txt", tree.metadata.name);
        let mut manifests = Vec::new();
        for (name, text) in files {
            if !name.ends_with("NOTES.txt") {
                manifests.push((name, text));
            } else if name == main {
                notes.insert(0, text);
            } else if context.options.sub_notes {
                notes.push(text);
            }
        }
        let (manifests, hooks) = self.sorter.borrow_mut().sort(manifests)?;
        let mut crds = Vec::new();
        data::crds(&tree, &tree.metadata.name, &mut crds);
        Ok(Rendered { manifests, hooks, crds, notes: notes.join("\n"), values: json, warnings })
    }

    /// Each file's text, by its full name; partials left out.
    fn files(
        &self,
        Context { environment, release, capabilities, options }: Context<'_, '_>,
        tree: &Tree,
        values: &Map,
    ) -> Result<BTreeMap<String, String>, Error> {
        let entries = data::entries(tree, release, capabilities, values);
        let mut names: Vec<String> = entries.keys().cloned().collect();
        template::sort(&mut names);
        let engine = self.engine(&names, &entries, options.mode)?;
        let mut files = BTreeMap::new();
        for name in names {
            let Some(entry) = entries.get(&name) else { continue };
            if name.rsplit('/').next().is_some_and(|base| base.starts_with('_')) {
                continue;
            }
            let place: Map =
                [("Name", name.as_str()), ("BasePath", entry.base.as_str())].into_iter().collect();
            entry.data.insert("Template", place);
            let text = engine.render(environment, &name, Value::Map(entry.data.clone()), &options.limits)?;
            let text = String::from_utf8(text)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            files.insert(name, text);
        }
        Ok(files)
    }

    fn engine(
        &self,
        names: &[String],
        entries: &HashMap<String, data::Entry>,
        mode: Mode,
    ) -> Result<Rc<Engine>, Error> {
        if let Some((known, of, engine)) = &*self.engine.borrow()
            && known == names
            && *of == mode
        {
            return Ok(Rc::clone(engine));
        }
        let mut engine = Engine::new(mode);
        let mut templates = self.templates.borrow_mut();
        for name in names {
            let template = match templates.get(name) {
                Some(template) => template,
                None => {
                    let Some(entry) = entries.get(name) else { continue };
                    let template = Template::parse(name, entry.text.as_bytes())?;
                    templates.entry(name.clone()).or_insert(template)
                }
            };
            engine.add(template);
        }
        let engine = Rc::new(engine);
        *self.engine.borrow_mut() = Some((names.to_vec(), mode, Rc::clone(&engine)));
        Ok(engine)
    }
}
