//! `nagaya chart template`.

use std::{
    cell::RefCell,
    time::{SystemTime, UNIX_EPOCH},
};

use nagaya_helm::{
    chart::glob::Pattern,
    environment::{Environment, NoCluster},
    manifest::{Event, split},
    render::{Capabilities, Context, KubeVersion, Options, Parsed, Release, Rendered},
    template::Mode,
    value::Value as HelmValue,
    yaml,
};
use rand::RngCore as _;
use serde_json::{Value, json};

use super::{
    locate::{Located, Location},
    other,
    values::{Given, Values, on_stack},
};
use crate::{
    CliError,
    terminal::{note, print},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    Yaml,
    Json,
}

/// `nagaya chart template`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The chart: a folder, an archive, oci://…, or a name in --repo; before it, if you like, the release's name
    #[arg(value_name = "[NAME] CHART", num_args = 1..=2, required = true)]
    names: Vec<String>,
    /// The release's name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The release's namespace
    #[arg(short, long, default_value = "default", value_name = "NAMESPACE")]
    namespace: String,
    /// Version of Kubernetes that charts see
    #[arg(long, value_name = "VERSION")]
    kube_version: Option<String>,
    /// Further API versions that charts see: monitoring.coreos.com/v1; may be given again
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',')]
    api_versions: Vec<String>,
    /// Print what lies in crds/ too
    #[arg(long)]
    include_crds: bool,
    /// Print only what comes of these templates: templates/service.yaml; may be given again
    #[arg(short, long, value_name = "TEMPLATE")]
    show_only: Vec<String>,
    /// Leave out tests
    #[arg(long)]
    skip_tests: bool,
    /// Leave out hooks
    #[arg(long)]
    no_hooks: bool,
    /// Render an update instead of a first installation
    #[arg(long)]
    is_upgrade: bool,
    /// Do not check values against values.schema.json
    #[arg(long)]
    skip_schema_validation: bool,
    /// How to print: yaml as Helm does, json as one list
    #[arg(short, long, value_enum, default_value = "yaml")]
    output: Output,
    #[command(flatten)]
    values: Values,
    #[command(flatten)]
    location: Location,
}

/// What rendering needs, apart from chart and values.
pub(super) struct Request {
    pub release: Release,
    pub capabilities: Capabilities,
    pub options: Options,
}

/// Capabilities by flags.
pub(super) fn capabilities(
    kube_version: Option<&str>,
    api_versions: &[String],
) -> Result<Capabilities, CliError> {
    let mut capabilities = Capabilities::default();
    if let Some(version) = kube_version {
        capabilities.kube_version = KubeVersion::parse(version).map_err(CliError::Usage)?;
    }
    capabilities.api_versions.extend_from_slice(api_versions);
    Ok(capabilities)
}

/// Renders a located chart.
pub(super) fn render(located: &Located, values: &Given, request: &Request) -> Result<Rendered, CliError> {
    on_stack(|| {
        let parsed = Parsed::new(located.read()?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let environment = Environment {
            now: (i64::try_from(now.as_secs()).unwrap_or(i64::MAX), now.subsec_nanos()),
            random: RefCell::new(Box::new(|bytes: &mut [u8]| rand::rng().fill_bytes(bytes))),
            lookup: &NoCluster,
        };
        let values = values.merge()?;
        let Request { release, capabilities, options } = request;
        parsed
            .render(Context { environment: &environment, release, capabilities, options }, &values)
            .map_err(other)
    })
}

/// Runs `nagaya chart template`.
///
/// # Errors
/// When the chart is not to be had, or does not render.
pub async fn run(args: Args) -> Result<(), CliError> {
    let (name, chart) = match args.names.as_slice() {
        [chart] => (args.name.clone(), chart.clone()),
        [name, chart] => (Some(name.clone()), chart.clone()),
        _ => return Err(CliError::Usage("give a chart".into())),
    };
    let capabilities = capabilities(args.kube_version.as_deref(), &args.api_versions)?;
    let located = args.location.locate(&chart).await?;
    let values = args.values.clone().read()?;
    let request = Request {
        release: Release {
            name: name.unwrap_or_else(|| "release-name".into()),
            namespace: args.namespace.clone(),
            revision: 1,
            is_install: !args.is_upgrade,
            is_upgrade: args.is_upgrade,
        },
        capabilities,
        options: Options {
            skip_schema: args.skip_schema_validation,
            mode: Mode::default(),
            ..Options::default()
        },
    };
    let rendered = render(&located, &values, &request)?;
    for warning in &rendered.warnings {
        note(warning);
    }
    let text = text(&args, &rendered);
    let text = if args.show_only.is_empty() { text } else { only(&text, &args.show_only)? };
    match args.output {
        Output::Yaml => print(&text),
        Output::Json => print(&format!("{:#}\n", on_stack(|| list(&text))?)),
    }
    Ok(())
}

/// All that is to be printed, as Helm prints it.
fn text(args: &Args, rendered: &Rendered) -> String {
    let mut text = String::new();
    if args.include_crds {
        for document in &rendered.crds {
            text.push_str(&format!("---\n# Source: {}\n{}\n", document.source, document.text));
        }
    }
    text.push_str(&rendered.manifest());
    let mut text = format!("{}\n", text.trim());
    if !args.no_hooks {
        for hook in &rendered.hooks {
            if args.skip_tests && hook.events.contains(&Event::Test) {
                continue;
            }
            text.push_str(&format!("---\n# Source: {}\n{}\n", hook.path, hook.manifest));
        }
    }
    text
}

/// Of all objects those of some templates, in the order these were asked for.
fn only(text: &str, templates: &[String]) -> Result<String, CliError> {
    let mut out = String::new();
    for template in templates {
        let pattern = Pattern::of_path(template).map_err(CliError::Usage)?;
        let mut found = false;
        for part in split(text) {
            let source = part.lines().find_map(|line| line.strip_prefix("# Source: "));
            let Some((_, path)) = source.and_then(|source| source.split_once('/')) else { continue };
            if pattern.matches(path) {
                out.push_str(&format!("---\n{part}\n"));
                found = true;
            }
        }
        if !found {
            return Err(CliError::Usage(format!("could not find template {template} in chart")));
        }
    }
    Ok(out)
}

/// The objects as one list of Kubernetes.
fn list(text: &str) -> Result<Value, CliError> {
    let mut items = Vec::new();
    for part in split(text) {
        match yaml::parse(part.as_bytes()).map_err(other)? {
            HelmValue::Nil => {}
            object => items.push(yaml::json::to_json(&object)),
        }
    }
    Ok(json!({"apiVersion": "v1", "kind": "List", "items": items}))
}
