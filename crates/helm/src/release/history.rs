//! All revisions of one release.

use super::record::Status;
use super::secret::Held;

/// All revisions, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History(Vec<Held>);

impl History {
    /// Puts revisions in order.
    pub fn new(mut revisions: Vec<Held>) -> Self {
        revisions.sort_by_key(|held| held.record.version);
        Self(revisions)
    }

    /// Oldest first.
    pub fn revisions(&self) -> &[Held] {
        &self.0
    }

    /// The newest one.
    pub fn newest(&self) -> Option<&Held> {
        self.0.last()
    }

    /// The one of that number.
    pub fn revision(&self, number: u32) -> Option<&Held> {
        self.0.iter().find(|held| held.record.version == number)
    }

    /// The newest that is deployed.
    pub fn deployed(&self) -> Option<&Held> {
        self.0.iter().rev().find(|held| held.status() == Status::Deployed)
    }

    /// All that are deployed but the newest: another program left them so.
    pub fn deployed_before(&self) -> impl Iterator<Item = &Held> {
        let newest = self.deployed().map(|held| held.record.version);
        let deployed = self.0.iter().filter(|held| held.status() == Status::Deployed);
        deployed.filter(move |held| Some(held.record.version) != newest)
    }

    /// Where a change that failed goes back to: the newest before `revision` that once was deployed.
    pub fn good_before(&self, revision: u32) -> Option<&Held> {
        let before = self.0.iter().rev().filter(|held| held.record.version < revision);
        before.into_iter().find(|held| matches!(held.status(), Status::Deployed | Status::Superseded))
    }

    /// Revisions whose objects may be in the cluster: the deployed one and all that were begun since.
    pub fn begun(&self) -> &[Held] {
        let at = self.0.iter().rposition(|held| held.status() == Status::Deployed);
        let at = at.or_else(|| {
            self.0.iter().rposition(|held| held.status() == Status::Uninstalled).map(|at| at + 1)
        });
        &self.0[at.unwrap_or(0)..]
    }

    /// Revisions to forget, so that with one more there are no more than `most`: the oldest, but never the deployed one.
    pub fn surplus(&self, most: usize) -> Vec<u32> {
        let over = (self.0.len() + 1).saturating_sub(most);
        let deployed = self.deployed().map(|held| held.record.version);
        let old = self.0.iter().map(|held| held.record.version);
        old.filter(|number| Some(*number) != deployed).take(over).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::record::{Info, Record};

    fn history(all: &[Status]) -> History {
        let held = |(at, status): (usize, &Status)| Held {
            record: Record {
                version: at as u32 + 1,
                info: Info { status: *status, ..Info::default() },
                ..Record::default()
            },
            ..Held::default()
        };
        History::new(all.iter().enumerate().map(held).rev().collect())
    }

    #[test]
    fn the_deployed_one_is_never_forgotten() {
        use Status::{Deployed, Failed, Superseded};
        let failing = history(&[Deployed, Failed, Failed, Failed]);
        assert_eq!(failing.surplus(10), Vec::<u32>::new());
        assert_eq!(failing.surplus(4), [2]);
        assert_eq!(failing.surplus(2), [2, 3, 4]);
        assert_eq!(history(&[Superseded, Superseded, Deployed]).surplus(3), [1]);
    }

    #[test]
    fn what_was_begun_since_the_deployed_one_may_have_left_objects() {
        use Status::{Deployed, Failed, Superseded, Uninstalled};
        let numbers =
            |all: &[Status]| history(all).begun().iter().map(|h| h.record.version).collect::<Vec<_>>();
        assert_eq!(numbers(&[Superseded, Deployed, Failed]), [2, 3]);
        assert_eq!(numbers(&[Failed, Failed]), [1, 2]);
        assert_eq!(numbers(&[Uninstalled, Failed]), [2]);
        assert_eq!(numbers(&[]), Vec::<u32>::new());
        assert_eq!(history(&[Superseded, Failed, Failed]).good_before(3).map(|h| h.record.version), Some(1));
        assert_eq!(history(&[Failed, Deployed]).good_before(2).map(|h| h.record.version), None);
    }
}
