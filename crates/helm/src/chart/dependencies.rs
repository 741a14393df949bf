//! Which of a chart's dependencies are on, under which names, and what their parents take over from their values.

use std::rc::Rc;

use super::{Chart, ImportValues, Metadata};
use crate::{
    value::{Map, Value},
    values::{self, Node},
    version,
};

/// A chart within a release: enabled, named, with its defaults as imports left them.
#[derive(Clone)]
pub struct Tree {
    /// What was read.
    pub chart: Rc<Chart>,
    /// Its metadata, with its alias for a name and only those dependencies that are on.
    pub metadata: Metadata,
    /// Its defaults.
    pub values: Map,
    /// The charts below it that are on.
    pub children: Vec<Tree>,
}

impl Node for Tree {
    fn name(&self) -> &str {
        &self.metadata.name
    }

    fn values(&self) -> &Map {
        &self.values
    }

    fn children(&self) -> &[Self] {
        &self.children
    }
}

impl Tree {
    fn whole(chart: &Rc<Chart>) -> Self {
        Self {
            chart: Rc::clone(chart),
            metadata: chart.metadata.clone(),
            values: chart.values.clone(),
            children: chart.dependencies.iter().map(Self::whole).collect(),
        }
    }
}

/// Turns dependencies on and off by conditions and tags, and imports values.
///
/// # Errors
/// When the values do not suit the charts.
pub fn process(chart: &Rc<Chart>, values: &Map, warnings: &mut Vec<String>) -> Result<Tree, String> {
    let mut tree = Tree::whole(chart);
    enable(&mut tree, values, "", warnings)?;
    import(&mut tree, warnings)?;
    Ok(tree)
}

/// A dependency that Chart.yaml asks for, although `charts/` has none that fits.
pub fn missing(chart: &Chart) -> Vec<&super::Dependency> {
    let fits = |name: &str| chart.dependencies.iter().any(|child| child.name() == name);
    chart.metadata.dependencies.iter().filter(|wanted| !fits(&wanted.name)).collect()
}

fn enable(tree: &mut Tree, values: &Map, path: &str, warnings: &mut Vec<String>) -> Result<(), String> {
    if tree.metadata.dependencies.is_empty() {
        return Ok(());
    }
    let fits = |wanted: &super::Dependency, child: &Tree| {
        child.metadata.name == wanted.name && version::fits(&wanted.version, &child.metadata.version)
    };
    let dependencies = &tree.metadata.dependencies;
    let unlisted = |child: &&Tree| !dependencies.iter().any(|wanted| fits(wanted, child));
    let mut children: Vec<Tree> = tree.children.iter().filter(unlisted).cloned().collect();
    for wanted in dependencies {
        if let Some(child) = tree.children.iter().find(|child| fits(wanted, child)) {
            let mut child = child.clone();
            child.metadata.name = wanted.effective_name().to_owned();
            children.push(child);
        }
    }
    tree.children = children;
    for dependency in &mut tree.metadata.dependencies {
        dependency.name = dependency.effective_name().to_owned();
        dependency.enabled = true;
    }

    let coalesced = values::coalesce(tree, values, warnings)?;
    by_tags(tree, &coalesced, warnings);
    by_conditions(tree, &coalesced, path, warnings);
    let off: Vec<String> =
        tree.metadata.dependencies.iter().filter(|d| !d.enabled).map(|d| d.name.clone()).collect();
    tree.children.retain(|child| !off.contains(&child.metadata.name));
    tree.metadata.dependencies.retain(|dependency| !off.contains(&dependency.name));
    for child in &mut tree.children {
        let path = format!("{path}{}.", child.metadata.name);
        enable(child, &coalesced, &path, warnings)?;
    }
    Ok(())
}

fn by_tags(tree: &mut Tree, values: &Map, warnings: &mut Vec<String>) {
    let Some(tags) = values::table(values, "tags") else { return };
    for dependency in &mut tree.metadata.dependencies {
        let (mut on, mut off) = (false, false);
        for tag in &dependency.tags {
            match tags.get(tag.as_bytes()) {
                Some(Value::Bool(true)) => on = true,
                Some(Value::Bool(false)) => off = true,
                Some(_) => {
                    warnings.push(format!("tag {tag} of dependency {} is not true or false", dependency.name))
                }
                None => {}
            }
        }
        dependency.enabled = on || !off;
    }
}

fn by_conditions(tree: &mut Tree, values: &Map, path: &str, warnings: &mut Vec<String>) {
    for dependency in &mut tree.metadata.dependencies {
        for condition in dependency.condition.trim().split(',').filter(|condition| !condition.is_empty()) {
            let full = format!("{path}{condition}");
            match values::at(values, &full.split('.').collect::<Vec<_>>()) {
                Some(Value::Bool(on)) => {
                    dependency.enabled = on;
                    break;
                }
                None | Some(Value::Map(_)) => {}
                Some(_) => {
                    warnings.push(format!(
                        "condition {full} of dependency {} is not true or false",
                        dependency.name
                    ));
                }
            }
        }
    }
}

/// From the leaves up: what a child imported can be imported from it.
fn import(tree: &mut Tree, warnings: &mut Vec<String>) -> Result<(), String> {
    for child in &mut tree.children {
        import(child, warnings)?;
    }
    if tree.metadata.dependencies.is_empty() {
        return Ok(());
    }
    let merged = values::merge(tree, &Map::new(), warnings)?;
    let imported = Map::new();
    for dependency in &mut tree.metadata.dependencies {
        let name = dependency.name.clone();
        for import in &mut dependency.import_values {
            let (child, parent) = match &*import {
                ImportValues::Export(export) => (format!("exports.{export}"), ".".to_owned()),
                ImportValues::Path { child, parent } => (child.clone(), parent.clone()),
            };
            *import = ImportValues::Path { child: child.clone(), parent: parent.clone() };
            let Some(table) = values::table(&merged, &format!("{name}.{child}")) else {
                warnings.push(format!("import-values: the values of {name} have no table {child}"));
                continue;
            };
            let table = if parent == "." {
                table
            } else {
                parent
                    .split('.')
                    .rev()
                    .fold(table, |inner, key| [(key, Value::Map(inner))].into_iter().collect())
            };
            values::merge_tables(&imported, &table, warnings);
        }
    }
    // Imports stand below the parent's own.
    let own = values::copy(&merged);
    values::merge_tables(&own, &imported, warnings);
    tree.values = own;
    Ok(())
}
