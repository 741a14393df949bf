//! One version of a bundle as one cluster should have it: variables, overrides, teams. Clusters for which that comes to
//! the same share it.
//!
//! The texts themselves are not kept. Nearly every bundle names the cluster somewhere, so they would be there once for
//! each cluster, and of a thousand clusters that is most of the server's memory; to make them again takes microseconds.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use nagaya_api::{
    Cluster,
    agent::{BUNDLE_LABEL, IGNORE_FIELDS_ANNOTATION, MANAGED_BY, MANAGED_BY_LABEL, PRUNE_ANNOTATION},
    kinds::{
        bundle::{Each, IgnoreRule, ObjectTarget},
        bundle_version::BundleVersionSpec,
    },
    merge_patch::merge,
    selector::Selector,
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    key::{Key, Keys, is_cluster_scoped},
    variables::{self, Unfilled, Values, Variable},
};

/// 128 bits of a SHA-256: two renderings with the same one are the same.
pub type Print = [u8; 16];

/// A version of a bundle as a cluster should have it.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The version.
    pub version: u64,
    /// Its objects. Shared between clusters, for few bundles have variables in names.
    pub keys: Arc<Keys>,
    /// Values that its variables had, of those that come from labels and annotations.
    pub loose: BTreeMap<String, String>,
    /// Differs when any of it does.
    pub print: Print,
    source: Arc<Source>,
    inputs: Arc<Inputs>,
}

impl PartialEq for Rendered {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && self.print == other.print
    }
}

impl Rendered {
    /// Its objects as JSON, in the order of [`Rendered::keys`]; made anew each time.
    pub fn texts(&self) -> Vec<String> {
        // It was rendered from the same before, so it is again.
        self.source.objects(&self.inputs).map(texts).unwrap_or_default()
    }
}

fn texts(objects: Vec<(Key, String)>) -> Vec<String> {
    objects.into_iter().map(|(_, text)| text).collect()
}

/// Why a version cannot be rendered for a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    cluster: String,
    /// `Kind namespace/name` as the bundle says it.
    object: String,
    why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    Unfilled(Unfilled),
    Twice(Key),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cluster, object, why } = self;
        match why {
            Why::Unfilled(Unfilled::Missing { field, variable }) => {
                write!(
                    f,
                    "{object}: field {field} names ${{{variable}}}, which cluster \"{cluster}\" has not: "
                )?;
                match variable {
                    Variable::TeamName | Variable::TeamNamespace => {
                        f.write_str("set the bundle's each to Team")
                    }
                    _ => write!(f, "set it on the cluster, or write ${{{variable}:-default}}"),
                }
            }
            Why::Unfilled(Unfilled::SameKey { field, key }) => {
                write!(f, "{object}: field {field} has \"{key}\" twice on cluster \"{cluster}\": rename one")
            }
            Why::Twice(key) => write!(
                f,
                "{object}: {key} stands in the bundle twice on cluster \"{cluster}\", with different content: put a variable into its name"
            ),
        }
    }
}

/// For whom a version is rendered.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// Its teams by namespace.
    pub teams: &'a BTreeMap<String, String>,
    /// Values that take the place of the cluster's labels and annotations where those lack.
    pub remembered: Option<&'a BTreeMap<String, String>>,
}

/// What a rendering follows from, beside the version itself. There is one for each bundle of each cluster: no maps, whose
/// smallest takes half a kilobyte.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Inputs {
    values: Box<[(Variable, String)]>,
    overrides: Box<[usize]>,
    teams: Box<[(String, String)]>,
}

/// A version, prepared for rendering.
#[derive(Debug)]
pub struct Source {
    bundle: String,
    spec: BundleVersionSpec,
    selectors: Vec<Selector>,
    variables: BTreeSet<Variable>,
    known: Mutex<Known>,
}

/// What was rendered and is still held by somebody.
#[derive(Debug, Default)]
struct Known {
    rendered: HashMap<Arc<Inputs>, Weak<Rendered>>,
    /// The keys of the last one.
    keys: Option<Weak<Keys>>,
}

impl Source {
    /// Of a version. Selectors that do not read select nothing: they were checked when the bundle was written.
    pub fn new(spec: BundleVersionSpec) -> Self {
        let nothing = || "!nagaya.dev/cluster".parse().unwrap_or_default();
        let selectors = spec.overrides.iter().map(|one| one.clusters.parse().unwrap_or_else(|_| nothing()));
        let mut variables = BTreeSet::new();
        let patches = spec.overrides.iter().map(|one| &one.patch);
        spec.objects.iter().chain(patches).for_each(|value| variables::named(value, &mut variables));
        Self {
            bundle: spec.bundle.clone(),
            selectors: selectors.collect(),
            variables,
            spec,
            known: Mutex::default(),
        }
    }

    /// What the version holds.
    pub fn spec(&self) -> &BundleVersionSpec {
        &self.spec
    }

    /// The version as a cluster should have it. Two clusters for which it is the same get the same.
    ///
    /// # Errors
    /// When a variable has no value there, or two objects become one.
    pub fn render(self: &Arc<Self>, place: &Place<'_>) -> Result<Arc<Rendered>, RenderError> {
        let inputs = self.inputs(place);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rendered) = known.rendered.get(&inputs).and_then(Weak::upgrade) {
            return Ok(rendered);
        }
        let objects = self.objects(&inputs).map_err(|(object, why)| RenderError {
            cluster: place.cluster.metadata.name.clone(),
            object,
            why,
        })?;
        let inputs = Arc::new(inputs);
        let rendered = Arc::new(self.rendered(&mut known, inputs.clone(), objects));
        if known.rendered.len() == known.rendered.capacity() {
            known.rendered.retain(|_, rendered| rendered.strong_count() > 0);
        }
        known.rendered.insert(inputs, Arc::downgrade(&rendered));
        Ok(rendered)
    }

    fn rendered(
        self: &Arc<Self>,
        known: &mut Known,
        inputs: Arc<Inputs>,
        objects: Vec<(Key, String)>,
    ) -> Rendered {
        let loose = inputs.values.iter().filter(|(variable, _)| variable.is_loose());
        let loose: BTreeMap<_, _> =
            loose.map(|(variable, value)| (variable.to_string(), value.clone())).collect();
        let mut hasher = Sha256::new();
        let mut feed = |text: &str| {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        };
        loose.iter().for_each(|(variable, value)| [variable, value].into_iter().for_each(|text| feed(text)));
        feed("");
        let (keys, texts): (Vec<Key>, Vec<String>) = objects.into_iter().unzip();
        texts.iter().for_each(|text| feed(text));
        let mut print = Print::default();
        print.copy_from_slice(&hasher.finalize()[..16]);
        let same = known.keys.as_ref().and_then(Weak::upgrade).filter(|known| ***known == *keys);
        let keys = same.unwrap_or_else(|| Arc::new(Keys::new(keys)));
        known.keys = Some(Arc::downgrade(&keys));
        Rendered { version: self.spec.version, keys, loose, print, source: self.clone(), inputs }
    }

    fn inputs(&self, place: &Place<'_>) -> Inputs {
        let meta = &place.cluster.metadata;
        let remembered = |variable: &Variable| {
            place.remembered.and_then(|values| values.get(&variable.to_string()).cloned())
        };
        let value = |variable: &Variable| match variable {
            Variable::ClusterName => Some(meta.name.clone()),
            Variable::Label(key) => meta.labels.get(key).cloned(),
            Variable::Annotation(key) => meta.annotations.get(key).cloned(),
            Variable::TeamName | Variable::TeamNamespace => None,
        };
        let found = |variable: &Variable| value(variable).or_else(|| remembered(variable));
        let values = self.variables.iter().filter_map(|one| Some((one.clone(), found(one)?))).collect();
        let overrides = if self.selectors.is_empty() {
            Box::default()
        } else {
            let labels = place.cluster.selectable_labels();
            let matching = self.selectors.iter().enumerate().filter(|(_, one)| one.matches(&labels));
            matching.map(|(at, _)| at).collect()
        };
        let teams = match self.spec.each {
            Each::Cluster => Box::default(),
            Each::Team => place.teams.iter().map(|(at, team)| (at.clone(), team.clone())).collect(),
        };
        Inputs { values, overrides, teams }
    }

    /// Identity and JSON of each object; else which object could not be made, and why.
    fn objects(&self, inputs: &Inputs) -> Result<Vec<(Key, String)>, (String, Why)> {
        let mut objects: Vec<(Key, String)> = Vec::with_capacity(self.spec.objects.len());
        let mut held: HashMap<Key, usize> = HashMap::new();
        let teams: Vec<Option<&(String, String)>> = match self.spec.each {
            Each::Cluster => vec![None],
            Each::Team => inputs.teams.iter().map(Some).collect(),
        };
        for team in teams {
            let mut values: Values = inputs.values.iter().cloned().collect();
            if let Some((namespace, team)) = team {
                values.insert(Variable::TeamNamespace, namespace.clone());
                values.insert(Variable::TeamName, team.clone());
            }
            for object in &self.spec.objects {
                let fault = |why| (Key::of(object).to_string(), why);
                let patched = self.patched(object, &inputs.overrides);
                let mut filled =
                    variables::fill(&patched, &values).map_err(|why| fault(Why::Unfilled(why)))?;
                if let Some((namespace, _)) = team
                    && !is_cluster_scoped(&filled)
                {
                    let metadata = entry(&mut filled, "metadata");
                    metadata.entry("namespace").or_insert_with(|| namespace.clone().into());
                }
                self.mark(&mut filled, object);
                let (key, text) = (Key::of(&filled), filled.to_string());
                match held.get(&key) {
                    // What names no team is one object for all of them.
                    Some(at) if objects[*at].1 == text => {}
                    Some(_) => return Err(fault(Why::Twice(key))),
                    None => {
                        held.insert(key.clone(), objects.len());
                        objects.push((key, text));
                    }
                }
            }
        }
        Ok(objects)
    }

    fn patched<'a>(&self, object: &'a Value, overrides: &[usize]) -> Cow<'a, Value> {
        let mut patched = Cow::Borrowed(object);
        for one in overrides.iter().filter_map(|at| self.spec.overrides.get(*at)) {
            if one.target.matches(object) {
                merge(patched.to_mut(), &one.patch);
            }
        }
        patched
    }

    /// Says on the object where it comes from, and how the agent is to treat it.
    fn mark(&self, object: &mut Value, original: &Value) {
        let is_namespace = object["kind"] == "Namespace" && object["apiVersion"] == "v1";
        let ignored = ignored(&self.spec.ignore, original);
        let metadata = entry(object, "metadata");
        let labels = in_map(metadata, "labels");
        labels.insert(MANAGED_BY_LABEL.into(), MANAGED_BY.into());
        labels.insert(BUNDLE_LABEL.into(), self.bundle.clone().into());
        if !ignored.is_empty() {
            in_map(metadata, "annotations").insert(IGNORE_FIELDS_ANNOTATION.into(), ignored.into());
        }
        if is_namespace {
            // A namespace takes everything in it with it, also what no bundle made.
            in_map(metadata, "annotations").entry(PRUNE_ANNOTATION).or_insert_with(|| "keep".into());
        }
    }
}

fn ignored(rules: &[IgnoreRule], object: &Value) -> String {
    let matching = rules.iter().filter(|rule| ObjectTarget::matches(&rule.target, object));
    let fields: BTreeSet<&str> = matching.flat_map(|rule| rule.fields.iter().map(String::as_str)).collect();
    fields.into_iter().collect::<Vec<_>>().join(",")
}

/// The map in a field, made when there is none.
fn entry<'a>(object: &'a mut Value, field: &str) -> &'a mut Map<String, Value> {
    if !object.is_object() {
        *object = json!({});
    }
    match object {
        Value::Object(map) => in_map(map, field),
        _ => unreachable!("it was made a map above"),
    }
}

fn in_map<'a>(map: &'a mut Map<String, Value>, field: &str) -> &'a mut Map<String, Value> {
    let value = map.entry(field).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("it was made a map above"),
    }
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
