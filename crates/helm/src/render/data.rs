//! What templates see: each chart its own part.

use std::collections::HashMap;

use super::{Capabilities, Release, files::Files};
use crate::{
    chart::dependencies::Tree,
    manifest::{Document, Head},
    value::{Map, Str, Value},
    values,
};

/// A template, with its dot.
pub(super) struct Entry {
    pub text: Str,
    /// One map for all templates of a chart: what one sets, the next one sees.
    pub data: Map,
    /// `.Template.BasePath`.
    pub base: String,
}

/// All templates of the charts that are on, by their full names.
pub(super) fn entries(
    tree: &Tree,
    release: &Release,
    capabilities: &Capabilities,
    values: &Map,
) -> HashMap<String, Entry> {
    let fields: [(&str, Value); 6] = [
        ("Name", release.name.as_str().into()),
        ("Namespace", release.namespace.as_str().into()),
        ("IsUpgrade", release.is_upgrade.into()),
        ("IsInstall", release.is_install.into()),
        ("Revision", Value::int(release.revision)),
        ("Service", "Helm".into()),
    ];
    let release: Map = fields.into_iter().collect();
    let mut entries = HashMap::new();
    chart(tree, &tree.metadata.name, true, &release, &capabilities.to_value(), values, &mut entries);
    entries
}

fn chart(
    tree: &Tree,
    path: &str,
    is_root: bool,
    release: &Map,
    capabilities: &Value,
    values: &Map,
    entries: &mut HashMap<String, Entry>,
) -> Map {
    let below = Map::new();
    let fields: [(&str, Value); 6] = [
        ("Chart", tree.metadata.to_template(is_root).into()),
        ("Files", Files::of(&tree.chart.files)),
        ("Release", release.clone().into()),
        ("Capabilities", capabilities.clone()),
        ("Values", values.typed().into()),
        ("Subcharts", below.clone().into()),
    ];
    let data: Map = fields.into_iter().collect();
    for child in &tree.children {
        let name = &child.metadata.name;
        let values = values::table(values, name).unwrap_or_default();
        let path = format!("{path}/charts/{name}");
        below.insert(name.as_str(), chart(child, &path, false, release, capabilities, &values, entries));
    }
    for file in &tree.chart.templates {
        let name = file.path();
        let base = name.rsplit('/').next().unwrap_or_default();
        if tree.metadata.is_library() && !base.starts_with('_') {
            continue;
        }
        let entry = Entry { text: file.data.clone(), data: data.clone(), base: format!("{path}/templates") };
        entries.insert(format!("{path}/{name}"), entry);
    }
    data
}

/// What lies in `crds/`, a chart's own before those below it.
pub(super) fn crds(tree: &Tree, path: &str, out: &mut Vec<Document>) {
    for file in tree.chart.own_crds() {
        out.push(Document {
            source: format!("{path}/{}", file.path()),
            text: file.data.to_text().into_owned(),
            head: Head::default(),
        });
    }
    for child in &tree.children {
        crds(child, &format!("{path}/charts/{}", child.metadata.name), out);
    }
}
