//! What to do next, from what is seen. Pure: the cluster, the disk and the time go in, actions come out.
//!
//! The rule above all: a home is removed only when somebody asked for exactly that (the purge annotation), and nobody
//! uses it. Whatever else happens to claims, volumes or the cluster, it is kept. Every rule looks at the whole state,
//! never at an event, so that a kill at any moment is only a pause.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use nagaya_api::quantity::Bytes;

use super::about::State;
use super::model::{Claim, ClaimRef, Class, Home, Volume};

/// Everything that is seen.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Our classes by name.
    pub classes: BTreeMap<String, Class>,
    /// All claims of the cluster, of whatever class.
    pub claims: Vec<Claim>,
    /// Our volumes.
    pub volumes: Vec<Volume>,
    /// The homes on the disk.
    pub homes: Vec<Home>,
    /// Uids of claims that carried the purge annotation when they were deleted.
    pub purged_claims: BTreeSet<String>,
    /// Homes and claims (by home's name) whose last try failed a moment ago.
    pub waiting: BTreeSet<String>,
}

/// One thing to do. Prints as the sentence that stands in the log and in events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Make the home unless it is there, whole or in part; mount it; offer it as a volume.
    Provide {
        /// The home's and the volume's name.
        home: String,
        /// The claim it is for.
        claim: Claim,
        /// Its size.
        size: Bytes,
        /// A volume of that name is there and was another claim's.
        rebind: bool,
        /// The home was kept from an earlier claim of that name.
        adopted: bool,
    },
    /// Mount a home that should be.
    Mount {
        /// Which.
        home: String,
    },
    /// Make a home larger, and tell volume and claim.
    Grow {
        /// Which.
        home: String,
        /// Its claim.
        claim: ClaimRef,
        /// To this size.
        size: Bytes,
    },
    /// Unmount a home that nobody uses, and keep it.
    Rest {
        /// Which.
        home: String,
    },
    /// Remove a home for good, then its volume.
    Purge {
        /// Which.
        home: String,
        /// Its volume, if there is one.
        volume: bool,
    },
    /// Remove the folder of a home that was never finished: there is no file system in it.
    Discard {
        /// Which.
        home: String,
    },
    /// Let a volume that is being deleted go.
    Release {
        /// Which.
        volume: String,
    },
    /// Note on the volume whether its claim wants the home removed with it.
    Mark {
        /// Which.
        volume: String,
        /// What its claim says.
        purge: bool,
    },
    /// Note in `home.json` that the home is somebody else's now.
    HandOver {
        /// Which.
        home: String,
        /// Whose it is.
        owner: Option<String>,
    },
    /// The disk of a volume is not there: say so, and do nothing.
    Missing {
        /// Which.
        volume: String,
        /// Its claim.
        claim: ClaimRef,
    },
}

impl Action {
    /// The home or volume it touches; actions on different ones may run at the same time.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::Provide { home, .. }
            | Self::Mount { home }
            | Self::Grow { home, .. }
            | Self::Rest { home }
            | Self::Purge { home, .. }
            | Self::Discard { home }
            | Self::HandOver { home, .. } => home,
            Self::Release { volume } | Self::Mark { volume, .. } | Self::Missing { volume, .. } => volume,
        }
    }

    /// The claim that hears of its failure.
    #[must_use]
    pub fn claim(&self) -> Option<&ClaimRef> {
        match self {
            Self::Provide { claim, .. } => Some(&claim.id),
            Self::Grow { claim, .. } | Self::Missing { claim, .. } => Some(claim),
            _ => None,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provide { home, claim, adopted: true, .. } => {
                write!(f, "give the kept home {home} back to {}", claim.id)
            }
            Self::Provide { home, claim, size, .. } => {
                write!(f, "make a home of {size} for {} ({home})", claim.id)
            }
            Self::Mount { home } => write!(f, "mount home {home}"),
            Self::Grow { home, claim, size } => write!(f, "grow the home of {claim} to {size} ({home})"),
            Self::Rest { home } => write!(f, "unmount home {home}, which nobody uses, and keep it"),
            Self::Purge { home, .. } => write!(f, "remove home {home} for good, as was asked for"),
            Self::Discard { home } => write!(f, "clear away the unfinished home {home}"),
            Self::Release { volume } => write!(f, "let volume {volume} go and keep its home"),
            Self::Mark { volume, purge: true } => write!(f, "note that home {volume} goes with its claim"),
            Self::Mark { volume, purge: false } => {
                write!(f, "note that home {volume} stays when its claim goes")
            }
            Self::HandOver { home, owner: Some(owner) } => {
                write!(f, "note that home {home} is {owner}'s now")
            }
            Self::HandOver { home, owner: None } => {
                write!(f, "note that home {home} is nobody's in particular now")
            }
            Self::Missing { volume, claim } => write!(f, "the disk of volume {volume} of {claim} is missing"),
        }
    }
}

/// The name of the home that is made for a claim: the same at every try.
#[must_use]
pub fn home_name(uid: &str) -> String {
    format!("home-{uid}")
}

/// What to do now. At most one action a home, so that they may run at the same time.
#[must_use]
pub fn plan(world: &World) -> Vec<Action> {
    let view = View::new(world);
    let mut actions = Vec::new();
    let mut taken = BTreeSet::new();
    for claim in &world.claims {
        if let Some(action) = provide(&view, claim, &taken) {
            taken.insert(action.subject().to_owned());
            actions.push(action);
        }
    }
    let volumes = world.volumes.iter().filter_map(|volume| for_volume(&view, volume));
    let homes = world.homes.iter().filter_map(|home| for_home(&view, home));
    for action in volumes.chain(homes) {
        if taken.insert(action.subject().to_owned()) {
            actions.push(action);
        }
    }
    actions.retain(|action| !world.waiting.contains(action.subject()));
    actions
}

/// The world by name.
struct View<'a> {
    world: &'a World,
    claims: BTreeMap<&'a str, &'a Claim>,
    volumes: BTreeMap<&'a str, &'a Volume>,
    homes: BTreeMap<&'a str, &'a Home>,
}

impl<'a> View<'a> {
    fn new(world: &'a World) -> Self {
        Self {
            world,
            claims: world.claims.iter().map(|one| (one.id.uid.as_str(), one)).collect(),
            volumes: world.volumes.iter().map(|one| (one.name.as_str(), one)).collect(),
            homes: world.homes.iter().map(|one| (one.name.as_str(), one)).collect(),
        }
    }

    /// The living claim of a volume.
    fn claim_of(&self, volume: &Volume) -> Option<&'a Claim> {
        let wanted = volume.claim.as_ref()?;
        let by_uid = self.claims.get(wanted.uid.as_str()).copied();
        // A volume that was bound by hand names its claim without a uid.
        by_uid.or_else(|| {
            let same =
                |claim: &&Claim| (&claim.id.namespace, &claim.id.name) == (&wanted.namespace, &wanted.name);
            self.world.claims.iter().find(same).filter(|_| wanted.uid.is_empty())
        })
    }

    /// Whether a living claim has this home by any sign. Claims and volumes are watched apart, so the one may be older
    /// than the other: a volume may still name the claim before, while the home was given to the next one already.
    fn is_used(&self, home: &Home) -> bool {
        self.claims.contains_key(home.about.uid.as_str())
            || self.world.claims.iter().any(|claim| claim.volume.as_deref() == Some(home.name.as_str()))
    }

    /// Somebody asked for the removal of this volume's home.
    fn purge_wanted(&self, volume: &Volume) -> bool {
        let uid = volume.claim.as_ref().map(|claim| claim.uid.as_str());
        volume.purge
            || volume.purge_with_claim
            || uid.is_some_and(|uid| self.world.purged_claims.contains(uid))
    }
}

fn provide(view: &View<'_>, claim: &Claim, taken: &BTreeSet<String>) -> Option<Action> {
    let class = view.world.classes.get(&claim.class)?;
    if claim.deleting {
        return None;
    }
    let own = home_name(&claim.id.uid);
    let action = |home: &str, size: Bytes, rebind: bool, adopted: bool| {
        Some(Action::Provide { home: home.to_owned(), claim: claim.clone(), size, rebind, adopted })
    };
    if let Some(wanted) = &claim.volume {
        // Bound, or asked for by name. A volume that vanished under its claim is offered again, if the home says that
        // it is this claim's.
        let home = view.homes.get(wanted.as_str())?;
        let lost = !view.volumes.contains_key(wanted.as_str()) && home.about.uid == claim.id.uid;
        let size = home.image.filter(|_| lost && home.about.state != State::Purging)?;
        return action(wanted, size, false, false);
    }
    // Offered already: the binding is Kubernetes' part.
    let is_for_it = |volume: &&Volume| volume.claim.as_ref().is_some_and(|one| one.uid == claim.id.uid);
    if view.world.volumes.iter().any(|volume| is_for_it(&volume)) {
        return None;
    }
    // Begun before, by this provisioner or the one that was killed.
    let begun = view
        .world
        .homes
        .iter()
        .find(|home| home.about.uid == claim.id.uid && home.about.state == State::Used);
    if let Some(home) = begun.filter(|home| !taken.contains(&home.name)) {
        if view.volumes.get(home.name.as_str()).is_some_and(|volume| volume.deleting) {
            return None;
        }
        let size = home.image.map_or(claim.size, |image| image.max(claim.size));
        let rebind = view.volumes.contains_key(home.name.as_str());
        return action(&home.name, size, rebind, home.name != own);
    }
    let kept =
        view.world.homes.iter().filter(|home| !taken.contains(&home.name) && adoptable(view, home, claim));
    if let Some(home) = kept.max_by_key(|home| home.about.since) {
        let size = home.image.map_or(claim.size, |image| image.max(claim.size));
        let rebind = view.volumes.contains_key(home.name.as_str());
        // Though no pod may have been scheduled yet: the home lies where it lies, so there is no choice to wait for. And
        // a purge reaches it through its volume, whether the workspace is ever started again or not.
        return action(&home.name, size, rebind, true);
    }
    if class.waits && !claim.scheduled {
        return None;
    }
    action(&own, claim.size, false, false)
}

/// Whether a kept home is this claim's: the same namespace, name and owner, and nobody has it.
fn adoptable(view: &View<'_>, home: &Home, claim: &Claim) -> bool {
    let about = &home.about;
    let same =
        about.namespace == claim.id.namespace && about.claim == claim.id.name && about.owner == claim.owner;
    if !same
        || home.image.is_none()
        || about.state == State::Purging
        || view.claims.contains_key(about.uid.as_str())
    {
        return false;
    }
    match view.volumes.get(home.name.as_str()) {
        None => true,
        Some(volume) => !volume.deleting && view.claim_of(volume).is_none() && !view.purge_wanted(volume),
    }
}

fn for_volume(view: &View<'_>, volume: &Volume) -> Option<Action> {
    let name = volume.name.clone();
    let Some(home) = view.homes.get(volume.name.as_str()) else {
        return match view.claim_of(volume) {
            Some(claim) => Some(Action::Missing { volume: name, claim: claim.id.clone() }),
            // Purged, but killed before the volume went.
            None if view.purge_wanted(volume) => Some(Action::Purge { home: name, volume: true }),
            None => (volume.deleting && volume.held).then_some(Action::Release { volume: name }),
        };
    };
    if let Some(claim) = view.claim_of(volume) {
        let wants_mount = !home.mounted && home.about.state != State::Purging && home.image.is_some();
        let grows = view.world.classes.get(&claim.class).is_some_and(|class| class.grows);
        let told = claim.capacity.is_none_or(|capacity| capacity >= claim.size);
        let bound = claim.volume.as_deref() == Some(volume.name.as_str());
        return if wants_mount {
            Some(Action::Mount { home: name })
        } else if home.about.uid == claim.id.uid && home.about.owner != claim.owner {
            Some(Action::HandOver { home: name, owner: claim.owner.clone() })
        } else if volume.purge_with_claim != claim.purge && !volume.deleting {
            Some(Action::Mark { volume: name, purge: claim.purge })
        } else if bound && grows && !volume.deleting && (claim.size > volume.capacity || !told) {
            Some(Action::Grow { home: name, claim: claim.id.clone(), size: claim.size.max(volume.capacity) })
        } else {
            None
        };
    }
    if view.is_used(home) {
        return None;
    }
    // A volume without a claim reference is free for whoever wants it, so it is not at rest.
    if volume.claim.is_none() && !volume.deleting {
        return (!home.mounted && home.image.is_some()).then_some(Action::Mount { home: name });
    }
    if view.purge_wanted(volume) || home.about.state == State::Purging {
        return Some(Action::Purge { home: name, volume: true });
    }
    if home.mounted || home.about.state == State::Used {
        return Some(Action::Rest { home: name });
    }
    (volume.deleting && volume.held).then_some(Action::Release { volume: name })
}

fn for_home(view: &View<'_>, home: &Home) -> Option<Action> {
    if view.volumes.contains_key(home.name.as_str()) {
        return None;
    }
    let name = home.name.clone();
    if view.is_used(home) {
        return None;
    }
    if home.about.state == State::Purging {
        return Some(Action::Purge { home: name, volume: false });
    }
    if home.image.is_none() {
        return Some(Action::Discard { home: name });
    }
    (home.mounted || home.about.state == State::Used).then_some(Action::Rest { home: name })
}
