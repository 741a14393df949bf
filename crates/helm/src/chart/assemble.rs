//! From files to a chart.

use std::{collections::BTreeMap, rc::Rc};

use super::{Chart, Error, File, archive, limits::Budget, metadata};
use crate::{
    value::{Map, Str, Value},
    values, yaml,
};

/// What a file holds, without the byte order mark some editors put first.
pub(super) fn without_mark(data: &[u8]) -> &[u8] {
    data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data)
}

/// Puts a chart together.
pub(super) fn assemble(files: Vec<File>, budget: &mut Budget, depth: usize) -> Result<Chart, Error> {
    if depth > budget.limits.depth {
        return Err(Error::TooLarge(format!("charts lie deeper within charts than {}", budget.limits.depth)));
    }
    let yaml_of = |name: &str| -> Result<Option<Map>, Error> {
        let Some(file) = files.iter().rev().find(|file| file.name.as_bytes() == name.as_bytes()) else {
            return Ok(None);
        };
        match yaml::parse(file.data.as_bytes()) {
            Ok(Value::Map(map)) => Ok(Some(map)),
            Ok(Value::Nil) => Ok(Some(Map::new())),
            Ok(other) => {
                Err(Error::file(name, format!("cannot load {name}: it is a {}, not a mapping", other.kind())))
            }
            Err(error) => Err(Error::file(name, format!("cannot load {name}: {error}"))),
        }
    };
    let chart_yaml =
        yaml_of("Chart.yaml")?.ok_or_else(|| Error::Invalid("Chart.yaml file is missing".into()))?;
    let requirements = yaml_of("requirements.yaml")?;
    let lock = match yaml_of("Chart.lock")? {
        Some(lock) => Some(metadata::lock("Chart.lock", &lock)?),
        None => yaml_of("requirements.lock")?
            .map(|lock| metadata::lock("requirements.lock", &lock))
            .transpose()?,
    };
    let metadata = metadata::read(&chart_yaml, requirements.as_ref())?;
    let is_v1 = metadata.is_v1();

    let mut chart = Chart {
        metadata,
        lock,
        values: Map::new(),
        values_text: None,
        schema: None,
        templates: Vec::new(),
        files: Vec::new(),
        dependencies: Vec::new(),
        warnings: Vec::new(),
    };
    let mut below: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for file in files {
        let name = file.path().into_owned();
        match name.as_str() {
            "Chart.yaml" | "Chart.lock" => {}
            "values.yaml" => {
                chart.values = values::read(file.data.as_bytes()).map_err(|error| {
                    Error::file("values.yaml", format!("cannot load values.yaml: {error}"))
                })?;
                chart.values_text = Some(file.data);
            }
            "values.schema.json" => chart.schema = Some(file.data),
            "requirements.yaml" | "requirements.lock" => {
                if is_v1 {
                    chart.files.push(file);
                } else {
                    chart.warnings.push(format!(
                        "{name}: dependencies are handled in Chart.yaml since apiVersion \"v2\": move them there"
                    ));
                }
            }
            _ if name.starts_with("templates/") => chart.templates.push(file),
            _ => match name.strip_prefix("charts/") {
                Some(path) if !name.ends_with(".prov") => {
                    let first = path.split('/').next().unwrap_or_default().to_owned();
                    below.entry(first).or_default().push(File { name: path.into(), data: file.data });
                }
                _ => chart.files.push(file),
            },
        }
    }
    for (name, files) in below {
        if name.starts_with(['_', '.']) {
            continue;
        }
        let wrap = |error| Error::Subchart {
            file: name.clone(),
            chart: chart.metadata.name.clone(),
            error: Box::new(error),
        };
        let dependency = if name.ends_with(".tgz") {
            match files.as_slice() {
                [file, ..] if file.name.as_bytes() == name.as_bytes() => {
                    archive::load(file.data.as_bytes(), budget, depth + 1)
                }
                _ => Err(Error::file(&name, "it is named as an archive, but is a folder")),
            }
        } else {
            let inner: Vec<File> = files
                .into_iter()
                .filter_map(|file| {
                    let path = file.path().split_once('/').map(|(_, path)| Str::from(path))?;
                    Some(File { name: path, data: file.data })
                })
                .collect();
            assemble(inner, budget, depth + 1)
        };
        chart.dependencies.push(Rc::new(dependency.map_err(wrap)?));
    }
    Ok(chart)
}
