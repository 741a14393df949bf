//! The same by us.

use std::cell::RefCell;

use nagaya_helm::{
    environment::{Environment, NoCluster},
    render::{Capabilities, Context, Options, Parsed, Release},
    value::Map,
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

pub fn render(parsed: &Parsed, values: &Map) -> Result<Output, String> {
    let environment = Environment {
        now: (1_795_824_000, 0),
        random: RefCell::new(Box::new(pseudo_random())),
        lookup: &NoCluster,
    };
    let release = Release {
        name: super::RELEASE.to_owned(),
        namespace: super::NAMESPACE.to_owned(),
        revision: 1,
        is_install: true,
        is_upgrade: false,
    };
    let context = Context {
        environment: &environment,
        release: &release,
        capabilities: &Capabilities::default(),
        options: &Options::default(),
    };
    let rendered = parsed.render(context, values).map_err(|error| error.to_string())?;
    Ok(Output {
        manifest: rendered.manifest(),
        notes: rendered.notes,
        hooks: rendered.hooks.into_iter().map(|hook| (hook.path, hook.manifest)).collect(),
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
