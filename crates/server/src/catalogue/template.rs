//! What the chart of a template stands for, and whether it can be an environment: it is rendered once, so that whoever
//! writes the template hears what is wrong, and not whoever starts a workspace.

use std::sync::Arc;

use jiff::Timestamp;
use nagaya_api::{
    Cause, Release, Template,
    catalogue::{Preview, PreviewDocument},
    condition::{self, Condition},
    kinds::{
        release::{RESOLVED, ReleaseSpec, ReleaseStatus},
        release_version::ResolvedChart,
        template::TemplateChart,
    },
};
use nagaya_store::{StoreError, Writer};
use serde::Deserialize;

use super::{Archives, config, resolve};
use crate::{ServerState, answer::Answer, controllers::releases::preview::render};

/// What the workspace is called that is rendered.
const NAME: &str = "example";
/// And the claim of its home.
const CLAIM: &str = "home-example";

/// Finds the chart of a template, has its archive here, and looks whether it makes what the template names. Returns
/// whether all is well; what is not is in the template's status.
///
/// # Errors
/// When the store fails.
pub async fn template(state: &ServerState, name: &str) -> Answer<bool> {
    let Some(template) = state.store.get::<Template>(name).await? else { return Ok(true) };
    let Some(chart) = &template.spec.chart else { return Ok(true) };
    let asked = release(&template, chart);
    let found = resolve::find(state, &asked).await?;
    let fault = match &found {
        Ok(found) => fits(state, &template, chart, asked, found).await,
        Err(cause) => {
            // Of a release the field is another.
            let field = match cause.field.strip_prefix("spec.") {
                Some(field) => format!("spec.chart.{field}"),
                None => cause.field.clone(),
            };
            Some(Cause { field, ..cause.clone() })
        }
    };
    let good = fault.is_none();
    let now = state.now();
    let (uid, generation) = (template.metadata.uid.clone(), template.metadata.generation);
    let change = move |newest: &mut Template| {
        // It is another by now, and is looked at again.
        if newest.metadata.uid == uid && newest.metadata.generation == generation {
            tell(newest, found.ok(), fault, now);
        }
    };
    match state.store.update_status(Writer::system("template", now), name, change).await {
        Ok(_) | Err(StoreError::NotFound { .. }) => Ok(good),
        Err(error) => Err(error.into()),
    }
}

/// A release as a workspace of it would be.
fn release(template: &Template, chart: &TemplateChart) -> Release {
    let status = template.status.chart.clone().unwrap_or_default();
    let spec = ReleaseSpec {
        repository: chart.repository.clone(),
        chart: chart.chart.clone(),
        version: chart.version.clone(),
        namespace: NAME.to_owned(),
        values: chart.with_home(chart.values.clone(), CLAIM),
        ..ReleaseSpec::default()
    };
    let mut release = Release::new(NAME, spec);
    release.status =
        ReleaseStatus { version: status.version, digest: status.digest, ..ReleaseStatus::default() };
    release
}

fn tell(template: &mut Template, found: Option<ResolvedChart>, fault: Option<Cause>, now: Timestamp) {
    let (reason, message) = match (&fault, &found) {
        (Some(cause), found) => {
            let mend = if cause.mend.is_empty() { String::new() } else { format!(" ({})", cause.mend) };
            let reason = if found.is_some() { "NotFit" } else { "NotFound" };
            (reason, format!("{}: {}{mend}", cause.field, cause.message))
        }
        (None, Some(chart)) => ("Found", format!("{}/{} {}", chart.repository, chart.name, chart.version)),
        (None, None) => ("NotFound", String::new()),
    };
    // A chart that was found before stays what it is: what runs was started with it.
    if found.is_some() {
        template.status.chart = found;
    }
    let resolved = Condition {
        kind: RESOLVED.into(),
        status: fault.is_none(),
        reason: reason.into(),
        message,
        last_transition_time: now,
    };
    condition::set(&mut template.status.conditions, resolved);
}

/// What is wrong with the chart as an environment by this template.
async fn fits(
    state: &ServerState,
    template: &Template,
    chart: &TemplateChart,
    release: Release,
    found: &ResolvedChart,
) -> Option<Cause> {
    let archive = Archives::new(&config(state).ok()?.folder).get(&found.digest)?;
    let values = release.spec.values.clone();
    let job = render::Job {
        digest: found.digest.clone(),
        archive,
        release,
        values,
        kubernetes: String::new(),
        offer: Arc::default(),
        way: None,
        installed: false,
        now: state.now(),
        handle: tokio::runtime::Handle::current(),
    };
    let mut preview = Preview::default();
    render::put(&mut preview, state.previews.charts.render(job).await);
    let ports: Vec<u16> = template.spec.ports.iter().map(|port| port.port).collect();
    judge(&preview, chart, &ports)
}

/// A Service as far as it matters.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Service {
    spec: ServiceSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ServiceSpec {
    selector: Option<serde_json::Map<String, serde_json::Value>>,
    ports: Vec<ServicePort>,
}

#[derive(Deserialize)]
struct ServicePort {
    port: u32,
}

/// What is wrong with what a chart came to.
fn judge(preview: &Preview, chart: &TemplateChart, ports: &[u16]) -> Option<Cause> {
    if let Some(error) = &preview.error {
        return Some(Cause::invalid("spec.chart.values", error.message.clone(), error.mend.clone()));
    }
    if let Some(first) = preview.schema.first() {
        let field = format!("spec.chart.values.{}", first.path);
        return Some(Cause::invalid(field.trim_end_matches('.'), first.message.clone(), ""));
    }
    let wanted = chart.service(NAME);
    let made: Vec<&PreviewDocument> = preview.documents.iter().filter(|one| one.kind == "Service").collect();
    let Some(service) = made.iter().find(|one| one.name == wanted) else {
        let names: Vec<_> =
            made.iter().map(|one| format!("\"{}\"", one.name.replace(NAME, "{workspace}"))).collect();
        let message = format!("the chart makes no Service \"{}\"", wanted.replace(NAME, "{workspace}"));
        let mend = match names.is_empty() {
            true => "it makes none: name a chart that does, or values that make it do".to_owned(),
            false => format!("it makes {}", names.join(", ")),
        };
        return Some(Cause::not_found("spec.chart.service", message, mend));
    };
    // What cannot be read Kubernetes refuses, and says so.
    let service: Service = yaml_serde::from_str(&service.text).ok()?;
    if service.spec.selector.is_none_or(|selector| selector.is_empty()) {
        let message = format!("Service \"{}\" selects no pods", chart.service("{workspace}"));
        return Some(Cause::invalid("spec.chart.service", message, "name another"));
    }
    let missing = ports
        .iter()
        .enumerate()
        .find(|(_, port)| !service.spec.ports.iter().any(|one| one.port == u32::from(**port)));
    missing.map(|(at, port)| {
        let has: Vec<_> = service.spec.ports.iter().map(|one| one.port.to_string()).collect();
        let message = format!("Service \"{}\" has no port {port}", chart.service("{workspace}"));
        Cause::invalid(format!("spec.ports[{at}].port"), message, format!("it has {}", has.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use nagaya_api::catalogue::{PreviewError, SchemaError};

    use super::*;

    fn service(name: &str, spec: &str) -> PreviewDocument {
        PreviewDocument {
            kind: "Service".into(),
            name: name.into(),
            text: format!("spec: {spec}"),
            ..PreviewDocument::default()
        }
    }

    fn judged(documents: Vec<PreviewDocument>, service: &str) -> Option<(String, String, String)> {
        let chart = TemplateChart { service: service.into(), ..TemplateChart::default() };
        let preview = Preview { documents, ..Preview::default() };
        judge(&preview, &chart, &[80, 5900]).map(|cause| (cause.field, cause.message, cause.mend))
    }

    #[test]
    fn a_chart_must_make_the_service_with_its_ports() {
        let good = "{selector: {a: b}, ports: [{port: 80}, {port: 5900, targetPort: rfb}]}";
        assert_eq!(judged(vec![service("example", good)], ""), None);
        assert_eq!(
            judged(vec![service("other", "{}"), service("example-vnc", good)], "{workspace}-vnc"),
            None
        );
        let (field, message, mend) = judged(vec![service("example-vnc", good)], "").unwrap();
        assert_eq!(
            (field.as_str(), message.as_str()),
            ("spec.chart.service", "the chart makes no Service \"{workspace}\"")
        );
        assert_eq!(mend, "it makes \"{workspace}-vnc\"");
        let none = "{ports: [{port: 80}, {port: 5900}]}";
        assert_eq!(
            judged(vec![service("example", none)], "").unwrap().1,
            "Service \"{workspace}\" selects no pods"
        );
        let less = "{selector: {a: b}, ports: [{port: 80}]}";
        let (field, _, mend) = judged(vec![service("example", less)], "").unwrap();
        assert_eq!((field.as_str(), mend.as_str()), ("spec.ports[1].port", "it has 80"));
    }

    #[test]
    fn values_that_the_chart_does_not_take_are_said_first() {
        let chart = TemplateChart::default();
        let schema = vec![SchemaError { path: "a.b".into(), message: "is no number".into() }];
        let preview = Preview { schema, ..Preview::default() };
        assert_eq!(judge(&preview, &chart, &[80]).unwrap().field, "spec.chart.values.a.b");
        let error = Some(PreviewError { message: "x.yaml:3: no".into(), ..PreviewError::default() });
        let cause = judge(&Preview { error, ..Preview::default() }, &chart, &[80]).unwrap();
        assert_eq!((cause.field.as_str(), cause.message.as_str()), ("spec.chart.values", "x.yaml:3: no"));
    }

    #[test]
    fn a_chart_that_was_found_stays_while_another_is_not() {
        let mut template = Template::new("t", serde_json::from_str(r#"{"homeSize": "1Gi"}"#).unwrap());
        let found =
            ResolvedChart { name: "desk".into(), version: "1.0.0".into(), ..ResolvedChart::default() };
        tell(&mut template, Some(found.clone()), None, Timestamp::UNIX_EPOCH);
        assert!(template.status.conditions[0].status);
        let cause = Cause::not_found("spec.chart.version", "there is none", "the newest is 1.0.0");
        tell(&mut template, None, Some(cause), Timestamp::UNIX_EPOCH);
        assert_eq!(template.status.chart, Some(found));
        let said = &template.status.conditions[0];
        assert_eq!((said.status, said.reason.as_str()), (false, "NotFound"));
        assert_eq!(said.message, "spec.chart.version: there is none (the newest is 1.0.0)");
    }
}
