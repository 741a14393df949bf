//! Where a release's values come from.

use nagaya_api::{
    Cluster, Group, Release,
    catalogue::{HiddenValue, ValueLayer},
    kinds::release::{MASK, Values, layered, mask},
    selector::Selector,
};
use nagaya_control::release::chart_layers;
use nagaya_store::Filter;
use serde_json::Value;

use crate::{ServerState, answer::Answer};

/// The clusters that a release is for, by name.
pub async fn targets(state: &ServerState, release: &Release) -> Answer<Vec<Cluster>> {
    let mut clusters = state.store.list::<Cluster>(&Filter::default()).await?.items;
    match (&release.spec.cluster, &release.spec.group) {
        (Some(name), _) => clusters.retain(|cluster| cluster.metadata.name == *name),
        (None, Some(name)) => {
            let group = state.store.get::<Group>(name).await?;
            let selector = group.and_then(|group| group.spec.selector.parse::<Selector>().ok());
            clusters.retain(|cluster| {
                selector.as_ref().is_some_and(|selector| selector.matches(&cluster.selectable_labels()))
            });
        }
        (None, None) => clusters.clear(),
    }
    clusters.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
    Ok(clusters)
}

/// The layers of a release's values on a cluster, the lowest first, each with where it comes from.
pub async fn layers(
    state: &ServerState,
    release: &Release,
    cluster: Option<&Cluster>,
) -> Answer<Vec<(String, Values)>> {
    let mut layers = Vec::new();
    if let Some(cluster) = cluster {
        let labels = cluster.selectable_labels();
        let mut groups = state.store.list::<Group>(&Filter::default()).await?.items;
        groups.retain(|group| {
            group.spec.selector.parse::<Selector>().is_ok_and(|selector| selector.matches(&labels))
        });
        groups.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
        let chart = format!("{}/{}", release.spec.repository, release.spec.chart);
        let below = chart_layers(cluster, groups.iter(), &chart);
        layers.extend(below.into_iter().map(|(name, values)| (name, values.clone())));
    }
    layers.push(("release".to_owned(), release.spec.values.clone()));
    Ok(layers)
}

/// All layers laid over each other, secrets masked.
pub fn masked(layers: &[(String, Values)], release: &Release) -> Values {
    let mut values = layered(layers.iter().map(|(_, values)| values));
    mask(&mut values, &release.spec.secrets);
    values
}

fn path(parts: &[String]) -> String {
    parts.iter().map(|part| part.replace('\\', "\\\\").replace('.', "\\.")).collect::<Vec<_>>().join(".")
}

fn leaves(values: &Values, parts: &mut Vec<String>, all: &mut Vec<(Vec<String>, Value)>) {
    for (key, value) in values {
        parts.push(key.clone());
        match value {
            Value::Object(below) if !below.is_empty() => leaves(below, parts, all),
            _ => all.push((parts.clone(), value.clone())),
        }
        parts.pop();
    }
}

fn at<'a>(values: &'a Values, parts: &[String]) -> Option<&'a Value> {
    let (last, above) = parts.split_last()?;
    let mut map = values;
    for part in above {
        map = map.get(part)?.as_object()?;
    }
    map.get(last)
}

/// Each value that some layer says, with the layers below it that say another. `chart` are the chart's own values.
pub fn explain(layers: &[(String, Values)], chart: &Values, release: &Release) -> Vec<ValueLayer> {
    let mut all = Vec::new();
    leaves(&layered(layers.iter().map(|(_, values)| values)), &mut Vec::new(), &mut all);
    let mut explained: Vec<ValueLayer> = all
        .into_iter()
        .filter_map(|(parts, value)| {
            let mut said = layers
                .iter()
                .rev()
                .filter_map(|(name, values)| Some((name.clone(), at(values, &parts)?.clone())));
            let (layer, _) = said.next()?;
            let own = at(chart, &parts).map(|value| ("chart".to_owned(), value.clone()));
            let hides = said.chain(own).map(|(layer, value)| HiddenValue { layer, value }).collect();
            Some(ValueLayer { path: path(&parts), layer, value, hides })
        })
        .collect();
    explained.extend(release.spec.secrets.iter().map(|secret| ValueLayer {
        path: secret.path.clone(),
        layer: "secret".to_owned(),
        value: MASK.into(),
        hides: Vec::new(),
    }));
    explained.sort_by(|a, b| a.path.cmp(&b.path));
    explained
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use nagaya_api::kinds::release::{ReleaseSpec, SecretValue};
    use serde_json::json;

    use super::*;

    #[test]
    fn each_value_says_where_it_comes_from_and_what_it_hides() {
        let map = |value: Value| value.as_object().unwrap().clone();
        let layers = [
            ("group all".to_owned(), map(json!({"a": {"x": 1}, "b": 1}))),
            ("release".to_owned(), map(json!({"a": {"x": 2, "y.z": 3}}))),
        ];
        let secrets = vec![SecretValue { path: "a.pass".into(), secret: "s".into() }];
        let release = Release::new("r", ReleaseSpec { secrets, ..ReleaseSpec::default() });
        let chart = map(json!({"a": {"x": 0, "w": 9}, "b": 0}));
        let explained = explain(&layers, &chart, &release);
        let said: Vec<_> = explained.iter().map(|one| (one.path.as_str(), one.layer.as_str())).collect();
        assert_eq!(
            said,
            [("a.pass", "secret"), ("a.x", "release"), ("a.y\\.z", "release"), ("b", "group all")]
        );
        let hidden: Vec<_> = explained[1].hides.iter().map(|one| one.layer.as_str()).collect();
        assert_eq!(hidden, ["group all", "chart"]);
        assert!(masked(&layers, &release).get("a").unwrap().get("pass").unwrap() == MASK);
    }
}
