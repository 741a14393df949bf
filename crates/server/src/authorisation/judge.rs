//! Asking the policies.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use super::{
    Person, Resource,
    resource::{set, text},
};

const POLICIES: &str = include_str!("policies.cedar");

/// What somebody wants to do; the names are those of the policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Action {
    Get,
    Create,
    Update,
    Change,
    Delete,
    List,
    Watch,
    Use,
    Audit,
    Metrics,
    Start,
    Stop,
    Purge,
    Desktop,
    Exec,
    Logs,
    JoinToken,
    Kubeconfig,
    Kubernetes,
    Password,
    Sync,
    SourceDiff,
    SourceSecret,
    Refresh,
    RepositorySecret,
    Rollback,
    Retry,
    Test,
    ReleaseSecret,
    Seal,
}

impl Action {
    /// Its name in the policies and in the audit record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Create => "create",
            Self::Update => "update",
            Self::Change => "change",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Watch => "watch",
            Self::Use => "use",
            Self::Audit => "audit",
            Self::Metrics => "metrics",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Purge => "purge",
            Self::Desktop => "desktop",
            Self::Exec => "exec",
            Self::Logs => "logs",
            Self::JoinToken => "join-token",
            Self::Kubeconfig => "kubeconfig",
            Self::Kubernetes => "kubernetes",
            Self::Password => "password",
            Self::Sync => "sync",
            Self::SourceDiff => "source-diff",
            Self::SourceSecret => "source-secret",
            Self::Refresh => "refresh",
            Self::RepositorySecret => "repository-secret",
            Self::Rollback => "rollback",
            Self::Retry => "retry",
            Self::Test => "test",
            Self::ReleaseSecret => "release-secret",
            Self::Seal => "seal",
        }
    }
}

/// The policies, ready to be asked.
pub struct Judge {
    authorizer: Authorizer,
    policies: PolicySet,
}

impl Default for Judge {
    fn default() -> Self {
        Self::new()
    }
}

impl Judge {
    /// The policies of this build.
    pub fn new() -> Self {
        // Policies that do not parse permit nothing; a test sees to it that they parse and fit the schema.
        let policies = POLICIES.parse().unwrap_or_else(|error| {
            tracing::error!(%error, "the policies cannot be read: everything is denied");
            PolicySet::new()
        });
        Self { authorizer: Authorizer::new(), policies }
    }

    /// Whether `person` may do `action` to `resource`.
    pub fn may(&self, person: &Person, action: Action, resource: &Resource) -> bool {
        self.decide(person, action, resource, Context::empty())
    }

    /// Whether `person`, who may update `resource`, may change these fields of it.
    pub fn may_change(&self, person: &Person, resource: &Resource, fields: &BTreeSet<String>) -> bool {
        let context = Context::from_pairs([("fields".to_owned(), set(fields.iter()))]);
        context.is_ok_and(|context| self.decide(person, Action::Change, resource, context))
    }

    /// A judge of one person that remembers its answers, for going through many objects.
    pub fn of<'a>(&'a self, person: &'a Person) -> Remembering<'a> {
        Remembering { judge: self, person, known: HashMap::new() }
    }

    fn decide(&self, person: &Person, action: Action, resource: &Resource, context: Context) -> bool {
        if person.disabled {
            return false;
        }
        let decided = || -> Option<bool> {
            let principal = uid("Person", &person.name)?;
            let target = uid(resource.kind, "it")?;
            let attributes: HashMap<String, RestrictedExpression> = HashMap::from([
                ("name".to_owned(), text(&person.name)),
                ("admin".to_owned(), RestrictedExpression::new_bool(person.admin)),
                ("teams".to_owned(), set(person.roles.keys())),
                ("adminOf".to_owned(), set(person.admin_of())),
                ("clusters".to_owned(), set(person.clusters.iter())),
            ]);
            let entities = Entities::from_entities(
                [
                    Entity::new(principal.clone(), attributes, HashSet::new()).ok()?,
                    Entity::new(target.clone(), resource.attributes(), HashSet::new()).ok()?,
                ],
                None,
            )
            .ok()?;
            let request =
                Request::new(principal, uid("Action", action.name())?, target, context, None).ok()?;
            let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
            for error in response.diagnostics().errors() {
                tracing::error!(%error, action = action.name(), "a policy failed");
            }
            Some(response.decision() == Decision::Allow)
        };
        decided().unwrap_or(false)
    }
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind: EntityTypeName = kind.parse().ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

/// See [`Judge::of`].
pub struct Remembering<'a> {
    judge: &'a Judge,
    person: &'a Person,
    known: HashMap<(Action, Resource), bool>,
}

impl Remembering<'_> {
    /// Whether the person may do `action` to `resource`.
    pub fn may(&mut self, action: Action, resource: Resource) -> bool {
        let (judge, person) = (self.judge, self.person);
        *self
            .known
            .entry((action, resource.to(person)))
            .or_insert_with_key(|(action, resource)| judge.may(person, *action, resource))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use nagaya_api::kinds::team::TeamRole;

    use cedar_policy::{Schema, ValidationMode, Validator};

    use super::{super::resource::ANY, *};

    #[test]
    fn the_policies_fit_their_schema() {
        let schema: Schema = include_str!("schema.cedarschema").parse().unwrap();
        let policies: PolicySet = POLICIES.parse().unwrap();
        let result = Validator::new(schema).validate(&policies, ValidationMode::Strict);
        assert!(result.validation_passed(), "{result}");
    }

    /// [`Resource::to`] takes all texts that are none of the person's for one.
    #[test]
    fn policies_compare_with_what_the_person_has_and_with_no_text_of_their_own() {
        fn texts(value: &serde_json::Value, found: &mut BTreeSet<String>) {
            match value {
                serde_json::Value::Object(fields) => {
                    if let Some(text) = fields.get("Value").and_then(|value| value.as_str()) {
                        found.insert(text.to_owned());
                    }
                    fields.values().for_each(|value| texts(value, found));
                }
                serde_json::Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
                _ => {}
            }
        }
        let policies: PolicySet = POLICIES.parse().unwrap();
        let mut found = BTreeSet::new();
        for policy in policies.policies() {
            texts(&policy.to_json().unwrap(), &mut found);
        }
        // The second is a field of the context's.
        assert_eq!(found, BTreeSet::from([ANY.to_owned(), "spec.members".to_owned()]));
    }

    #[test]
    fn going_through_many_says_of_each_what_asking_for_it_alone_does() {
        let texts = ["it", "java", "cluster-1", ANY, "stranger", "outsider"];
        let person = Person {
            name: "it".into(),
            roles: BTreeMap::from([
                ("java".into(), TeamRole::TeamAdmin),
                ("python-1".into(), TeamRole::Member),
            ]),
            clusters: BTreeSet::from(["cluster-1".into()]),
            ..Person::default()
        };
        let judge = Judge::new();
        let mut remembering = judge.of(&person);
        let actions = [
            Action::Get,
            Action::Update,
            Action::Delete,
            Action::Desktop,
            Action::Kubeconfig,
            Action::Create,
        ];
        let mut allowed = 0;
        for kind in nagaya_api::Kind::ALL.iter().map(|kind| kind.name()) {
            for (one, two) in texts.iter().flat_map(|one| texts.iter().map(move |two| (one, two))) {
                let resource = Resource {
                    kind,
                    texts: ["name", "team", "owner"]
                        .into_iter()
                        .zip([one, two, one].map(|t| (*t).into()))
                        .collect(),
                    sets: BTreeMap::from([("teams", vec![(*one).into(), (*two).into()])]),
                };
                for action in actions {
                    let alone = judge.may(&person, action, &resource);
                    assert_eq!(remembering.may(action, resource.clone()), alone, "{action:?} {resource:?}");
                    allowed += u32::from(alone);
                }
            }
        }
        assert!(allowed > 100, "{allowed}");
        let kinds = nagaya_api::Kind::ALL.len();
        assert!(remembering.known.len() <= kinds * 5 * 5 * actions.len(), "two who mean nothing are one");
    }

    #[test]
    fn a_closed_account_may_nothing_not_even_an_admins() {
        let person = Person { name: "root".into(), admin: true, disabled: true, ..Person::default() };
        assert!(!Judge::new().may(&person, Action::Use, &Resource::oneself()));
    }
}
