//! Objects of the API server mirrored as the facts that are needed of them.

use std::collections::BTreeMap;

use std::time::Duration;

use futures::Stream;
use kube::ResourceExt;
use kube::runtime::WatchStreamExt;
use kube::runtime::utils::Backoff;
use kube::runtime::watcher::{self, Event};

/// Tries again after an interruption, soon at first: these pods start together with the network they need, and an
/// API server on the same machine is not overrun by two clients.
pub(crate) fn backoff<K>(
    stream: impl Stream<Item = watcher::Result<Event<K>>> + Send,
) -> impl Stream<Item = watcher::Result<Event<K>>> + Send {
    stream.backoff(SoonAtFirst { tries: 0 })
}

/// 100 ms, then twice as long each time up to 5 s.
struct SoonAtFirst {
    tries: u32,
}

impl Iterator for SoonAtFirst {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let pause = Duration::from_millis(100).saturating_mul(2_u32.saturating_pow(self.tries));
        self.tries = self.tries.saturating_add(1);
        Some(pause.min(Duration::from_secs(5)))
    }
}

impl Backoff for SoonAtFirst {
    fn reset(&mut self) {
        self.tries = 0;
    }
}

/// The facts of all objects of a kind, by namespace and name.
#[derive(Debug)]
pub(crate) struct Mirror<F> {
    facts: BTreeMap<(String, String), F>,
    /// The list that is coming in, which replaces the facts once it is whole: while it does, the old ones count.
    incoming: BTreeMap<(String, String), F>,
    synced: bool,
}

impl<F: PartialEq> Mirror<F> {
    pub(crate) fn new() -> Self {
        Self { facts: BTreeMap::new(), incoming: BTreeMap::new(), synced: false }
    }

    /// Whether all objects have been seen once.
    pub(crate) fn synced(&self) -> bool {
        self.synced
    }

    pub(crate) fn facts(&self) -> &BTreeMap<(String, String), F> {
        &self.facts
    }

    /// Takes an event in; tells whether a fact has changed. `read` gives nothing for an object that does not count.
    pub(crate) fn apply<K: ResourceExt>(&mut self, event: Event<K>, read: impl Fn(&K) -> Option<F>) -> bool {
        let key = |object: &K| (object.namespace().unwrap_or_default(), object.name_any());
        match event {
            Event::Apply(object) => match read(&object) {
                Some(fact) => {
                    let changed = self.facts.get(&key(&object)) != Some(&fact);
                    self.facts.insert(key(&object), fact);
                    changed
                }
                None => self.facts.remove(&key(&object)).is_some(),
            },
            Event::Delete(object) => self.facts.remove(&key(&object)).is_some(),
            Event::Init => {
                self.incoming.clear();
                false
            }
            Event::InitApply(object) => {
                if let Some(fact) = read(&object) {
                    self.incoming.insert(key(&object), fact);
                }
                false
            }
            Event::InitDone => {
                let incoming = std::mem::take(&mut self.incoming);
                let changed = !self.synced || incoming != self.facts;
                self.facts = incoming;
                self.synced = true;
                changed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::core::v1::ConfigMap;

    fn object(name: &str) -> ConfigMap {
        let mut object = ConfigMap::default();
        object.metadata.name = Some(name.to_owned());
        object
    }

    fn read(object: &ConfigMap) -> Option<String> {
        Some(object.name_any()).filter(|name| name != "ignored")
    }

    #[test]
    fn the_pause_grows_to_five_seconds_and_starts_over() {
        let mut pauses = SoonAtFirst { tries: 0 };
        let first: Vec<u128> = pauses.by_ref().take(8).map(|one| one.as_millis()).collect();
        assert_eq!(first, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
        pauses.tries = u32::MAX;
        assert_eq!(pauses.next(), Some(Duration::from_secs(5)));
        pauses.reset();
        assert_eq!(pauses.next(), Some(Duration::from_millis(100)));
    }

    #[test]
    fn a_new_list_replaces_the_facts_only_when_it_is_whole() {
        let mut mirror = Mirror::new();
        assert!(!mirror.apply(Event::Init, read));
        assert!(!mirror.apply(Event::InitApply(object("a")), read));
        assert!(!mirror.synced());
        assert!(mirror.apply(Event::InitDone, read));
        assert!(mirror.synced());
        assert!(mirror.apply(Event::Apply(object("b")), read));
        assert!(!mirror.apply(Event::Apply(object("b")), read), "nothing changed");
        assert!(!mirror.apply(Event::Apply(object("ignored")), read));

        mirror.apply(Event::Init, read);
        mirror.apply(Event::InitApply(object("b")), read);
        assert_eq!(mirror.facts().len(), 2, "half a list was taken for the whole");
        assert!(mirror.apply(Event::InitDone, read));
        assert_eq!(mirror.facts().len(), 1, "what was deleted while nobody watched is still there");
        assert!(mirror.apply(Event::Delete(object("b")), read));
    }
}
