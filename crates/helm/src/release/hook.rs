//! A hook as records hold it.

use serde_json::{Map, json};

use super::record::{Hook, HookRun};
use crate::manifest;

impl From<&manifest::Hook> for Hook {
    fn from(hook: &manifest::Hook) -> Self {
        let mut other = Map::new();
        if !hook.log_policies.is_empty() {
            other.insert("output_log_policies".to_owned(), json!(hook.log_policies));
        }
        Hook {
            name: hook.name.clone(),
            kind: hook.kind.clone(),
            path: hook.path.clone(),
            manifest: hook.manifest.clone(),
            events: hook.events.iter().map(|event| event.as_str().to_owned()).collect(),
            last_run: HookRun::default(),
            weight: hook.weight,
            delete_policies: hook.delete_policies.clone(),
            other,
        }
    }
}
