//! `nagaya chart show`.

use serde_json::json;

use super::{locate::Location, other};
use crate::{CliError, terminal::print};

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    All,
    Chart,
    Values,
    Readme,
    Crds,
    Schema,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    Yaml,
    Json,
}

/// `nagaya chart show`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// What to show (default: all), then the chart: a folder, an archive, oci://…, or a name in --repo
    #[arg(value_name = "[PART] CHART", num_args = 1..=2, required = true)]
    words: Vec<String>,
    /// How to print
    #[arg(short, long, value_enum, default_value = "yaml")]
    output: Output,
    #[command(flatten)]
    location: Location,
}

/// Runs `nagaya chart show`.
///
/// # Errors
/// When the chart is not to be had.
pub async fn run(args: Args) -> Result<(), CliError> {
    let (part, chart) = match args.words.as_slice() {
        [chart] => (Part::All, chart),
        [part, chart] => {
            let part = <Part as clap::ValueEnum>::from_str(part, true).map_err(|_| {
                CliError::Usage(format!(
                    "{part:?}: what can be shown is all, chart, values, readme, crds, schema"
                ))
            })?;
            (part, chart)
        }
        _ => return Err(CliError::Usage("give a chart".into())),
    };
    let chart = args.location.read_alone(chart).await?;
    let lossy = |text: Option<&nagaya_helm::value::Str>| text.map(ToString::to_string).unwrap_or_default();
    let metadata = serde_json::to_value(&chart.metadata).map_err(other)?;
    let values = lossy(chart.values_text.as_ref());
    let readme = lossy(chart.readme().map(|file| &file.data));
    let schema = lossy(chart.schema.as_ref());
    let crds: Vec<String> = chart.crds().iter().map(|file| file.data.to_string()).collect();
    if args.output == Output::Json {
        let all = json!({
            "chart": metadata,
            "values": nagaya_helm::yaml::json::to_json(&chart.values.clone().into()),
            "readme": readme,
            "schema": serde_json::from_str::<serde_json::Value>(&schema).unwrap_or_default(),
            "crds": crds,
        });
        let shown = match part {
            Part::All => &all,
            Part::Chart => &all["chart"],
            Part::Values => &all["values"],
            Part::Readme => &all["readme"],
            Part::Schema => &all["schema"],
            Part::Crds => &all["crds"],
        };
        print(&format!("{shown:#}\n"));
        return Ok(());
    }
    let about = crate::output::yaml(&metadata)?;
    let crds: String =
        crds.iter().map(|crd| format!("---\n{}\n", crd.trim_start_matches("---\n").trim_end())).collect();
    print(&match part {
        Part::Chart => about,
        Part::Values => values,
        Part::Readme => readme,
        Part::Schema => schema,
        Part::Crds => crds,
        Part::All => {
            let readme = if readme.is_empty() { String::new() } else { format!("\n---\n{readme}") };
            format!("{about}\n---\n{values}{readme}\n{crds}")
        }
    });
    Ok(())
}
