//! The same by us.

use std::{cell::RefCell, path::Path};

use nagaya_helm::{
    chart,
    environment::{Environment, NoCluster},
    render::{Capabilities, Parsed, Release},
    value::{Map, Value},
    yaml,
};

/// What Helm's `--dry-run` shows of a release.
pub struct Output {
    /// All manifests, as Helm prints them.
    pub manifest: String,
    /// NOTES.txt.
    pub notes: String,
    /// The hooks: the template each is from, and its text.
    pub hooks: Vec<(String, String)>,
    /// The texts of the chart's CRDs, its subcharts' too.
    pub crds: Vec<String>,
}

pub fn capabilities(helm: &serde_json::Value) -> Capabilities {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let apis = helm["apis"].as_array().unwrap().iter().map(text).collect();
    Capabilities::new(&text(&helm["kube"]), apis).unwrap()
}

pub fn load(folder: &Path) -> Result<Parsed, String> {
    let chart = chart::load_dir(folder, &chart::Limits::default()).map_err(|error| error.to_string())?;
    Parsed::new(chart).map_err(|error| error.to_string())
}

pub fn values(text: &str) -> Result<Map, String> {
    match yaml::parse(text.as_bytes()).map_err(|error| error.to_string())? {
        Value::Nil => Ok(Map::new()),
        Value::Map(map) => Ok(map),
        other => Err(format!("values are a {}", other.kind())),
    }
}

pub fn render(parsed: &Parsed, capabilities: &Capabilities, values: Map) -> Result<Output, String> {
    let environment = Environment {
        now: (1_795_824_000, 0),
        random: RefCell::new(Box::new(pseudo_random())),
        lookup: &NoCluster,
    };
    let release = Release::install(super::RELEASE, super::NAMESPACE);
    let rendered = parsed.render(&environment, &release, capabilities, values).map_err(|error| error.to_string())?;
    let manifest = rendered.manifests.iter().map(|one| format!("---\n# Source: {}\n{}\n", one.source, one.text)).collect();
    Ok(Output {
        manifest,
        notes: rendered.notes,
        hooks: rendered.hooks.into_iter().map(|hook| (hook.source, hook.text)).collect(),
        crds: rendered.crds.into_iter().map(|crd| crd.text).collect(),
    })
}

/// Bytes that differ, so that what is random differs too; the charts print only what is the same of any.
fn pseudo_random() -> impl FnMut(&mut [u8]) {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    move |buffer| {
        for byte in buffer {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 24) as u8;
        }
    }
}

pub fn default_capabilities() -> Capabilities {
    Capabilities::default()
}
