//! A chart as records hold it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::record::{ChartFile, ChartRecord};
use crate::chart::{Chart, File};
use crate::yaml::json::to_json;

impl From<&Chart> for ChartRecord {
    fn from(chart: &Chart) -> Self {
        let file = |file: &File| ChartFile {
            name: file.path().into_owned(),
            data: json!(STANDARD.encode(file.data.as_bytes())),
            other: Map::new(),
        };
        ChartRecord {
            metadata: json!(chart.metadata),
            lock: chart.lock.as_ref().map_or(Value::Null, |lock| json!(lock)),
            templates: chart.templates.iter().map(file).collect(),
            values: to_json(&crate::value::Value::Map(chart.values.clone())),
            schema: chart
                .schema
                .as_ref()
                .map_or(Value::Null, |schema| json!(STANDARD.encode(schema.as_bytes()))),
            files: chart.files.iter().map(file).collect(),
            other: Map::new(),
        }
    }
}
