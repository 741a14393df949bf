//! What is asked of objects and what is answered.

use jiff::Timestamp;
use nagaya_api::{Kind, RawObject, apply::ManagedFields, selector::Selector};

/// Who writes, in whose name fields are owned, and when.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Name of the user, or `system:<part>` for a part of Nagaya; it stands in the audit record.
    pub who: String,
    /// Field manager of plain writes, for instance `console`, `cli`, `nagaya-control`.
    pub manager: String,
    /// The time of the write.
    pub now: Timestamp,
}

impl Writer {
    /// A part of Nagaya itself, for instance `control`.
    pub fn system(part: &str, now: Timestamp) -> Self {
        Self { who: format!("system:{part}"), manager: format!("nagaya-{part}"), now }
    }

    /// A user, through the given client.
    pub fn user(name: &str, manager: &str, now: Timestamp) -> Self {
        Self { who: name.to_owned(), manager: manager.to_owned(), now }
    }
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was none; now there is.
    Created,
    /// It changed.
    Changed,
    /// It was so already; nothing was written.
    Unchanged,
    /// It is gone.
    Deleted,
}

/// How field owners are found on an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owners {
    /// The writer's manager owns what the update changes.
    ByChange,
    /// These, as [`nagaya_api::apply::apply`] computed them.
    Given(Vec<ManagedFields>),
}

/// Which objects of a kind.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those whose labels match.
    pub selector: Selector,
    /// Those of this team; see [`team_of`].
    pub team: Option<String>,
    /// Those whose names come after this one.
    pub after: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
}

/// Untyped objects in the order of their names, as they were at one revision.
#[derive(Clone, Debug)]
pub struct RawList {
    /// The objects.
    pub items: Vec<RawObject>,
    /// The revision at which they were read; a watch from it misses nothing.
    pub revision: u64,
    /// With a limit: the name to pass as `after` for more.
    pub more_after: Option<String>,
}

/// Typed objects in the order of their names, as they were at one revision.
#[derive(Clone, Debug)]
pub struct List<R> {
    /// The objects.
    pub items: Vec<R>,
    /// The revision at which they were read; a watch from it misses nothing.
    pub revision: u64,
}

/// The team an object belongs to: a Team to itself, Workspaces and Releases to `spec.team`, others to `metadata.team`.
pub fn team_of(object: &RawObject) -> Option<&str> {
    match object.kind {
        Kind::Team => Some(&object.metadata.name),
        Kind::Workspace | Kind::Release | Kind::ReleaseVersion => {
            object.spec.get("team").and_then(|team| team.as_str())
        }
        _ => object.metadata.team.as_deref(),
    }
}
