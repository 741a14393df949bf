//! Rendering: charts are strangers' programs, and bounded in time, memory and depth.

use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use nagaya_api::{
    Release,
    catalogue::{Preview, PreviewDocument, PreviewError, PreviewHook, SchemaError},
    kinds::release::Values,
};
use nagaya_helm::{
    environment::{Environment, Lookup},
    manifest::Head,
    render::{self, Capabilities, KubeVersion, Options, Parsed},
    template::Limits,
    value::{Map, Value},
    yaml::json::from_json,
};
use rand::RngCore as _;
use tokio::runtime::Handle;

use super::cluster::{Cluster, LOOKS, Offer};

/// How long a chart may render, looks at its cluster included.
const TIME: Duration = Duration::from_secs(20);

/// What is rendered.
pub struct Job {
    /// The chart's SHA-256.
    pub digest: String,
    /// The chart.
    pub archive: Vec<u8>,
    /// The release.
    pub release: Release,
    /// Its values, secrets masked.
    pub values: Values,
    /// Version of the cluster's Kubernetes; empty: not known.
    pub kubernetes: String,
    /// What it offers; empty: not known.
    pub offer: Arc<Offer>,
    /// The way there, if there is one.
    pub way: Option<Cluster>,
    /// Whether the release is there.
    pub installed: bool,
    /// The time.
    pub now: Timestamp,
    /// Where looks at the cluster run.
    pub handle: Handle,
}

/// What came out.
#[derive(Default)]
pub struct Outcome {
    error: Option<PreviewError>,
    schema: Vec<SchemaError>,
    documents: Vec<PreviewDocument>,
    hooks: Vec<PreviewHook>,
    notes: String,
    warnings: Vec<String>,
}

struct Looks<'a> {
    job: &'a Job,
    left: Cell<u32>,
}

impl Lookup for Looks<'_> {
    fn lookup(&self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, String> {
        let nothing = || Ok(Value::Map(Map::new()));
        let Some(way) = &self.job.way else { return nothing() };
        if self.left.get() == 0 {
            return Err(format!("the chart looks at the cluster more than {LOOKS} times"));
        }
        self.left.set(self.left.get() - 1);
        let found = self.job.handle.block_on(way.look(&self.job.offer, version, kind, namespace, name))?;
        found.map_or_else(nothing, |found| Ok(from_json(&found)))
    }
}

/// Renders. Call it on a thread with a large stack, and not on one that serves others.
pub fn run(job: &Job, chart: &Parsed) -> Outcome {
    let stop = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&stop);
    let clock = job.handle.spawn(async move {
        tokio::time::sleep(TIME).await;
        ends.store(true, Ordering::Relaxed);
    });
    let outcome = rendered(job, chart, stop);
    clock.abort();
    outcome
}

/// That nothing came out.
pub fn failed(message: String) -> Outcome {
    Outcome { error: Some(PreviewError { message, ..PreviewError::default() }), ..Outcome::default() }
}

fn rendered(job: &Job, chart: &Parsed, stop: Arc<AtomicBool>) -> Outcome {
    let mut capabilities = Capabilities::default();
    if let Ok(version) = KubeVersion::parse(&job.kubernetes) {
        capabilities.kube_version = version;
    }
    if !job.offer.versions.is_empty() {
        capabilities.api_versions.clone_from(&job.offer.versions);
    }
    let Value::Map(values) = from_json(&serde_json::Value::Object(job.values.clone())) else {
        return failed("the values are no map".into());
    };
    let looks = Looks { job, left: Cell::new(LOOKS) };
    let environment = Environment {
        now: (job.now.as_second(), job.now.subsec_nanosecond().unsigned_abs()),
        random: RefCell::new(Box::new(|bytes: &mut [u8]| rand::rng().fill_bytes(bytes))),
        lookup: &looks,
    };
    let release = render::Release {
        name: job.release.release_name().to_owned(),
        namespace: job.release.spec.namespace.clone(),
        revision: 1 + i64::from(job.installed),
        is_install: !job.installed,
        is_upgrade: job.installed,
    };
    let options = Options { limits: Limits { stop: Some(stop), ..Limits::default() }, ..Options::default() };
    let context = render::Context {
        environment: &environment,
        release: &release,
        capabilities: &capabilities,
        options: &options,
    };
    match chart.render(context, &values) {
        Ok(rendered) => Outcome {
            documents: rendered
                .manifests
                .into_iter()
                .map(|one| document(one.source, &one.head, one.text))
                .collect(),
            hooks: rendered
                .hooks
                .into_iter()
                .map(|hook| PreviewHook {
                    events: hook.events.iter().map(|event| event.as_str().to_owned()).collect(),
                    weight: i32::try_from(hook.weight).unwrap_or_default(),
                    document: document(hook.path, &hook.head, hook.manifest),
                })
                .collect(),
            notes: rendered.notes,
            warnings: rendered.warnings,
            ..Outcome::default()
        },
        Err(render::Error::Schema(violations)) => Outcome {
            schema: violations
                .into_iter()
                .map(|one| SchemaError {
                    path: one.path.trim_start_matches('/').replace('/', "."),
                    message: one.message,
                })
                .collect(),
            ..Outcome::default()
        },
        Err(error) => Outcome { error: Some(told(error)), ..Outcome::default() },
    }
}

fn document(source: String, head: &Head, text: String) -> PreviewDocument {
    PreviewDocument {
        source,
        kind: head.kind.clone(),
        namespace: head.namespace.clone(),
        name: head.name.clone(),
        text,
    }
}

fn told(error: render::Error) -> PreviewError {
    let number = |line: usize| u32::try_from(line).unwrap_or_default();
    match error {
        render::Error::Template(error) => PreviewError {
            file: error.file().unwrap_or_default().to_owned(),
            line: error.line().map(number).unwrap_or_default(),
            path: String::new(),
            message: error.to_string(),
            mend: String::new(),
        },
        render::Error::Manifest(error) => PreviewError {
            line: number(error.line),
            message: error.to_string(),
            file: error.file,
            ..PreviewError::default()
        },
        render::Error::KubeVersion { .. } => PreviewError {
            message: error.to_string(),
            mend: "choose another version of the chart, or upgrade the cluster".into(),
            ..PreviewError::default()
        },
        other => PreviewError { message: other.to_string(), ..PreviewError::default() },
    }
}

/// Puts what came out into the preview.
pub fn put(preview: &mut Preview, outcome: Outcome) {
    preview.error = outcome.error;
    preview.schema = outcome.schema;
    preview.documents = outcome.documents;
    preview.hooks = outcome.hooks;
    preview.notes = outcome.notes;
    preview.warnings.extend(outcome.warnings);
}
