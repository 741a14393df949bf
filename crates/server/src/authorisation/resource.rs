//! What is acted on, as policies see it.

use std::collections::{BTreeMap, HashMap};

use cedar_policy::RestrictedExpression;
use nagaya_api::{Kind, RawObject};

use super::directory::{People, Person};

/// In a set of teams: all of them.
pub(super) const ANY: &str = "*";

/// A thing with the attributes that policies may look at. Things with equal attributes are judged alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// Its entity type in the policies.
    pub(super) kind: &'static str,
    pub(super) texts: BTreeMap<&'static str, String>,
    pub(super) sets: BTreeMap<&'static str, Vec<String>>,
}

impl Resource {
    fn bare(kind: &'static str) -> Self {
        Self { kind, texts: BTreeMap::new(), sets: BTreeMap::new() }
    }

    /// All objects of a kind.
    pub fn collection() -> Self {
        Self::bare("Collection")
    }

    /// What everybody has for themselves.
    pub fn oneself() -> Self {
        Self::bare("Self")
    }

    /// The instance.
    pub fn system() -> Self {
        Self::bare("System")
    }

    /// An object.
    pub fn object(object: &RawObject, people: &People) -> Self {
        let mut resource = Self::bare(object.kind.name());
        let name = &object.metadata.name;
        let mut text = |key, value: &str| {
            resource.texts.insert(key, value.to_owned());
        };
        let spec = |field: &str| object.spec.get(field).and_then(|value| value.as_str()).unwrap_or_default();
        match object.kind {
            Kind::Cluster | Kind::Team => text("name", name),
            Kind::Group | Kind::Bundle | Kind::BundleVersion | Kind::Source => {}
            Kind::User => {
                text("name", name);
                resource.sets.insert("teams", people.teams_of(name).map(str::to_owned).collect());
            }
            Kind::Image | Kind::Template => {
                if let Some(team) = &object.metadata.team {
                    text("team", team);
                }
            }
            Kind::Repository => {
                resource.sets.insert("teams", teams_of(object));
            }
            Kind::Release | Kind::ReleaseVersion => {
                if let Some(team) = object.spec.get("team").and_then(|team| team.as_str()) {
                    text("team", team);
                }
            }
            Kind::Workspace => {
                text("owner", spec("owner"));
                text("team", spec("team"));
            }
        }
        resource
    }

    /// The thing as far as it concerns a person: policies compare its attributes with the person's, so that all texts which are
    /// none of the person's are one to them, and a thousand clusters are judged once.
    pub(super) fn to(mut self, person: &Person) -> Self {
        let known = |text: &str| {
            text == ANY
                || text == person.name
                || person.roles.contains_key(text)
                || person.clusters.contains(text)
        };
        for (key, text) in &mut self.texts {
            if !known(text) {
                *text = other(key);
            }
        }
        for (key, set) in &mut self.sets {
            let before = set.len();
            set.retain(|text| known(text));
            if set.len() < before {
                set.push(other(key));
            }
        }
        self
    }

    pub(super) fn attributes(&self) -> HashMap<String, RestrictedExpression> {
        let texts = self.texts.iter().map(|(key, value)| ((*key).to_owned(), text(value)));
        let sets = self.sets.iter().map(|(key, values)| ((*key).to_owned(), set(values.iter())));
        texts.chain(sets).collect()
    }
}

/// The teams that may install something from a repository; `*` for all.
fn teams_of(repository: &RawObject) -> Vec<String> {
    let list = |value: &serde_json::Value, key: &str| -> Vec<serde_json::Value> {
        value.get(key).and_then(|value| value.as_array()).cloned().unwrap_or_default()
    };
    let mut teams: Vec<String> = Vec::new();
    for rule in list(&repository.spec, "allow") {
        let named = list(&rule, "teams");
        if named.is_empty() {
            teams.push(ANY.into());
        }
        teams.extend(named.iter().filter_map(|team| team.as_str()).map(str::to_owned));
    }
    teams.sort();
    teams.dedup();
    teams
}

/// What stands for all texts that are none of a person's; no name is so.
fn other(key: &str) -> String {
    format!("another {key}")
}

pub(super) fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

pub(super) fn set(values: impl Iterator<Item = impl AsRef<str>>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.map(|value| text(value.as_ref())))
}
