//! `nagaya chart lint`.

use nagaya_helm::{
    render::{Options, Release},
    template::Mode,
};

use super::{
    locate::Location,
    template::{Request, capabilities, render},
    values::Values,
};
use crate::{
    CliError,
    terminal::{note, say},
};

/// `nagaya chart lint`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The charts: folders, archives, oci://…, or names in --repo
    #[arg(required = true)]
    charts: Vec<String>,
    /// Warnings are errors too, and so are values a template asks for that nobody gives
    #[arg(long)]
    strict: bool,
    /// The release's namespace
    #[arg(short, long, default_value = "default", value_name = "NAMESPACE")]
    namespace: String,
    /// Version of Kubernetes that charts see
    #[arg(long, value_name = "VERSION")]
    kube_version: Option<String>,
    #[command(flatten)]
    values: Values,
    #[command(flatten)]
    location: Location,
}

/// Runs `nagaya chart lint`.
///
/// # Errors
/// When a chart has mistakes.
pub async fn run(args: Args) -> Result<(), CliError> {
    let capabilities = capabilities(args.kube_version.as_deref(), &[])?;
    let values = args.values.clone().read()?;
    let mut failed = 0;
    for name in &args.charts {
        say(&format!("==> {name}"));
        let mut warnings = Vec::new();
        let error = match args.location.locate(name).await {
            Err(error) => Some(error),
            Ok(located) => {
                let chart = located.read()?;
                if chart.metadata.icon.is_empty() {
                    say("[INFO] Chart.yaml: icon is recommended");
                }
                if chart.values_text.is_none() {
                    say("[INFO] values.yaml: file does not exist");
                }
                if chart.templates.is_empty() && !chart.metadata.is_library() {
                    warnings.push("templates/: the chart has no templates".into());
                }
                if chart.metadata.deprecated {
                    warnings.push("Chart.yaml: the chart is deprecated".into());
                }
                let request = Request {
                    release: Release {
                        name: "test-release".into(),
                        namespace: args.namespace.clone(),
                        revision: 1,
                        is_install: true,
                        is_upgrade: false,
                    },
                    capabilities: capabilities.clone(),
                    options: Options { mode: Mode { strict: args.strict, lint: true }, ..Options::default() },
                };
                match render(&located, &values, &request) {
                    Err(error) => Some(error),
                    Ok(rendered) => {
                        warnings.extend(rendered.warnings);
                        let nameless = rendered.manifests.iter().filter(|object| {
                            !object.head.kind.is_empty()
                                && object.head.name.is_empty()
                                && !object.head.kind.ends_with("List")
                        });
                        warnings.extend(nameless.map(|object| {
                            format!("{}: the {} has no metadata.name", object.source, object.head.kind)
                        }));
                        None
                    }
                }
            }
        };
        for warning in &warnings {
            say(&format!("[WARNING] {warning}"));
        }
        if let Some(error) = &error {
            say(&format!("[ERROR] {error}"));
        }
        if error.is_some() || args.strict && !warnings.is_empty() {
            failed += 1;
        }
    }
    note(&format!("{} chart(s) linted, {failed} chart(s) failed", args.charts.len()));
    if failed > 0 { Err(CliError::Silent(1)) } else { Ok(()) }
}
