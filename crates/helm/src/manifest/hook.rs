//! Hooks: objects that are made at a moment of a release's life.

use super::Head;

/// The moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Before a release's objects are made.
    PreInstall,
    /// After they were.
    PostInstall,
    /// Before an update.
    PreUpgrade,
    /// After it.
    PostUpgrade,
    /// Before going back.
    PreRollback,
    /// After it.
    PostRollback,
    /// Before a release is taken away.
    PreDelete,
    /// After it was.
    PostDelete,
    /// When somebody asks whether it works.
    Test,
}

impl Event {
    /// As annotations and records have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreInstall => "pre-install",
            Self::PostInstall => "post-install",
            Self::PreUpgrade => "pre-upgrade",
            Self::PostUpgrade => "post-upgrade",
            Self::PreRollback => "pre-rollback",
            Self::PostRollback => "post-rollback",
            Self::PreDelete => "pre-delete",
            Self::PostDelete => "post-delete",
            Self::Test => "test",
        }
    }

    /// From an annotation.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::PreInstall,
            Self::PostInstall,
            Self::PreUpgrade,
            Self::PostUpgrade,
            Self::PreRollback,
            Self::PostRollback,
            Self::PreDelete,
            Self::PostDelete,
            Self::Test,
        ]
        .into_iter()
        .find(|event| event.as_str() == text)
        // Helm 2's name.
        .or_else(|| (text == "test-success").then_some(Self::Test))
    }
}

/// When a hook's object is deleted. What Helm does not know is kept as it stands.
pub type DeletePolicy = String;
/// When a hook's output is shown.
pub type LogPolicy = String;

/// A hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The object's name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The file it came from.
    pub path: String,
    /// Its YAML.
    pub manifest: String,
    /// When it is made.
    pub events: Vec<Event>,
    /// Lighter ones come first.
    pub weight: i64,
    /// `before-hook-creation`, `hook-succeeded`, `hook-failed`.
    pub delete_policies: Vec<DeletePolicy>,
    /// `hook-succeeded`, `hook-failed`.
    pub log_policies: Vec<LogPolicy>,
    /// What the object says of itself.
    pub head: Head,
}

pub(super) enum Kind {
    None,
    Unknown,
    Hook(Box<Hook>),
}

impl Hook {
    pub(super) fn of(path: &str, manifest: &str, head: &Head) -> Kind {
        let Some(events) = head.annotation("helm.sh/hook") else { return Kind::None };
        let list = |text: &str| text.split(',').map(|item| item.trim().to_lowercase()).collect::<Vec<_>>();
        let events: Option<Vec<Event>> = list(events).iter().map(|event| Event::parse(event)).collect();
        let Some(events) = events else { return Kind::Unknown };
        let policies = |name: &str| head.annotation(name).map(list).unwrap_or_default();
        Kind::Hook(Box::new(Self {
            name: head.name.clone(),
            kind: head.kind.clone(),
            path: path.to_owned(),
            manifest: manifest.to_owned(),
            events,
            weight: head
                .annotation("helm.sh/hook-weight")
                .and_then(|weight| weight.parse().ok())
                .unwrap_or(0),
            delete_policies: policies("helm.sh/hook-delete-policy"),
            log_policies: policies("helm.sh/hook-output-log-policy"),
            head: head.clone(),
        }))
    }
}
