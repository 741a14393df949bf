//! Kubernetes events in the server's words.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use nagaya_api::kinds::workspace::EventLine;

/// Longest message that is passed on.
const MESSAGE: usize = 1000;

/// Which workspace an event is about, by the names its objects have (contract: pod `<workspace>-0`, claim
/// `home-<workspace>`, StatefulSet `<workspace>`): namespace and workspace.
pub(super) fn place(event: &Event) -> Option<(String, String)> {
    let object = &event.involved_object;
    let name = object.name.as_deref()?;
    let workspace = match object.kind.as_deref()? {
        "Pod" => name.strip_suffix("-0")?,
        "PersistentVolumeClaim" => name.strip_prefix("home-")?,
        "StatefulSet" => name,
        _ => return None,
    };
    Some((object.namespace.clone()?, workspace.to_owned()))
}

/// Reads what the server needs of an event.
pub(super) fn line(event: &Event) -> Option<EventLine> {
    let series = event.series.as_ref();
    let at: Option<Timestamp> = series
        .and_then(|series| series.last_observed_time.as_ref().map(|time| time.0))
        .or_else(|| event.last_timestamp.as_ref().map(|time| time.0))
        .or_else(|| event.event_time.as_ref().map(|time| time.0))
        .or_else(|| event.metadata.creation_timestamp.as_ref().map(|time| time.0));
    let count = series.and_then(|series| series.count).or(event.count).unwrap_or(1);
    let object = &event.involved_object;
    // The newer API's events have no first time of their own; `eventTime` is it.
    let first = event.first_timestamp.as_ref().map(|time| time.0);
    let first = first.or_else(|| event.event_time.as_ref().map(|time| time.0));
    Some(EventLine {
        first,
        at: at?,
        kind: event.type_.clone().unwrap_or_else(|| "Normal".to_owned()),
        reason: event.reason.clone().unwrap_or_default(),
        object: format!("{}/{}", object.kind.as_deref()?, object.name.as_deref()?),
        message: event.message.clone().unwrap_or_default().chars().take(MESSAGE).collect(),
        count: u32::try_from(count).unwrap_or(1),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn event(kind: &str, name: &str) -> Event {
        serde_json::from_value(json!({
            "metadata": {"name": "e"}, "type": "Warning", "reason": "FailedScheduling", "message": "no memory",
            "involvedObject": {"kind": kind, "name": name, "namespace": "java"},
            "firstTimestamp": "2025-12-31T23:58:00Z", "lastTimestamp": "2026-01-01T00:00:00Z", "count": 4,
        }))
        .unwrap()
    }

    #[test]
    fn an_event_belongs_to_the_workspace_whose_object_it_is_about() {
        let java = |name: &str| Some(("java".to_owned(), name.to_owned()));
        assert_eq!(place(&event("Pod", "java-1-0")), java("java-1"));
        assert_eq!(place(&event("PersistentVolumeClaim", "home-java-1")), java("java-1"));
        assert_eq!(place(&event("StatefulSet", "java-1")), java("java-1"));
        assert_eq!(place(&event("Pod", "coredns-abc")), None);
        assert_eq!(place(&event("Node", "n-0")), None);
    }

    #[test]
    fn an_event_keeps_its_count_and_both_times() {
        let line = line(&event("Pod", "a-0")).unwrap();
        assert_eq!((line.count, line.object.as_str(), line.kind.as_str()), (4, "Pod/a-0", "Warning"));
        let times = (line.first.unwrap().to_string(), line.at.to_string());
        assert_eq!(times, ("2025-12-31T23:58:00Z".to_owned(), "2026-01-01T00:00:00Z".to_owned()));
    }
}
