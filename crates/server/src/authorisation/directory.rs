//! What is known of people for deciding: kept in memory, read again when a User or Team changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use nagaya_api::{Kind, Team, User, kinds::team::TeamRole};
use nagaya_store::{Filter, Store, StoreError};

/// The kinds that people's rights follow from.
pub(crate) const KINDS: [Kind; 2] = [Kind::User, Kind::Team];

/// A person as decisions see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Name of the user.
    pub name: String,
    /// The name shown.
    pub display_name: String,
    /// Of operations.
    pub admin: bool,
    /// The account is closed.
    pub disabled: bool,
    /// Role by team.
    pub roles: BTreeMap<String, TeamRole>,
    /// Clusters of those teams.
    pub clusters: BTreeSet<String>,
}

impl Person {
    /// Teams of which the person is team-admin.
    pub fn admin_of(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().filter(|(_, role)| **role == TeamRole::TeamAdmin).map(|(team, _)| team.as_str())
    }

    /// Whether two states of a person may see and do the same.
    pub fn same_rights(&self, other: &Self) -> bool {
        (self.admin, self.disabled, &self.roles, &self.clusters)
            == (other.admin, other.disabled, &other.roles, &other.clusters)
    }
}

/// All people at one revision.
#[derive(Debug, Default)]
pub struct People {
    revision: u64,
    people: BTreeMap<String, Arc<Person>>,
    /// Teams by the user that is in them, also of users that are not there (yet).
    teams: BTreeMap<String, BTreeSet<String>>,
}

impl People {
    /// One person.
    pub fn get(&self, name: &str) -> Option<&Arc<Person>> {
        self.people.get(name)
    }

    /// The teams a user is in.
    pub fn teams_of(&self, user: &str) -> impl Iterator<Item = &str> {
        self.teams.get(user).into_iter().flatten().map(String::as_str)
    }
}

/// The directory of people.
pub struct Directory {
    store: Store,
    known: Mutex<Option<Arc<People>>>,
}

impl Directory {
    /// A directory over a store.
    pub fn new(store: Store) -> Self {
        Self { store, known: Mutex::new(None) }
    }

    /// People as they are now: a change that was answered before this call is seen.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn people(&self) -> Result<Arc<People>, StoreError> {
        // Read before the objects: a change in between makes the next call read again.
        let revision = self.store.revision_of(&KINDS);
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(people) = known.as_ref().filter(|people| people.revision >= revision) {
                return Ok(Arc::clone(people));
            }
        }
        let users = self.store.list::<User>(&Filter::default()).await?;
        let teams = self.store.list::<Team>(&Filter::default()).await?;
        let people = Arc::new(gather(revision, users.items, &teams.items));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_none_or(|known| known.revision < revision) {
            *known = Some(Arc::clone(&people));
        }
        Ok(people)
    }
}

fn gather(revision: u64, users: Vec<User>, teams: &[Team]) -> People {
    let mut people: BTreeMap<String, Person> = users
        .into_iter()
        .map(|user| {
            let person = Person {
                name: user.metadata.name.clone(),
                display_name: user.spec.display_name,
                admin: user.spec.admin,
                disabled: user.spec.disabled || user.metadata.deletion_timestamp.is_some(),
                ..Person::default()
            };
            (user.metadata.name, person)
        })
        .collect();
    let mut teams_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for team in teams {
        for member in &team.spec.members {
            teams_of.entry(member.user.clone()).or_default().insert(team.metadata.name.clone());
            if let Some(person) = people.get_mut(&member.user) {
                person.roles.insert(team.metadata.name.clone(), member.role);
                person.clusters.insert(team.spec.cluster.clone());
            }
        }
    }
    let people = people.into_iter().map(|(name, person)| (name, Arc::new(person))).collect();
    People { revision, people, teams: teams_of }
}
