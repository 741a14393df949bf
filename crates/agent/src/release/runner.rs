//! From the intent's releases to lives, one for each release name in each namespace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kube::Client;
use nagaya_api::agent::{Intent, ReleaseIntent};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::charts::Charts;
use super::held::{Held, Ledger};
use super::life::{Context, Job, live};
use crate::enforce::resolve::Resolver;
use crate::lease::Leadership;
use crate::report::Reports;

/// Releases that are worked on at once: each renders, and waits for its objects.
const AT_ONCE: usize = 3;
/// Between attempts while the API server does not answer.
const PAUSE: Duration = Duration::from_secs(2);
/// So often archives that nothing names are looked for.
const SWEEP: Duration = Duration::from_secs(600);

/// The releases of an intent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    incarnation: String,
    confirm_prune: bool,
    releases: Vec<ReleaseIntent>,
}

impl Wanted {
    /// Takes them out of an intent.
    pub fn of(intent: &mut Intent) -> Wanted {
        Wanted {
            incarnation: intent.incarnation.clone(),
            confirm_prune: intent.confirm_prune,
            releases: std::mem::take(&mut intent.releases),
        }
    }
}

/// Runs the releases of one cluster.
pub struct Runner {
    /// The agent's own client.
    pub client: Client,
    /// What clients that act as somebody else are made from.
    pub config: kube::Config,
    /// The agent's namespace.
    pub namespace: String,
    /// Which of several agents acts.
    pub lease: Leadership,
    /// What the server is told.
    pub reports: Reports,
    /// Where archives are kept.
    pub charts: Charts,
    /// What is wanted; none while another agent acts.
    pub wanted: watch::Receiver<Option<Arc<Wanted>>>,
}

/// A release name in a namespace.
type Place = (String, String);

impl Runner {
    /// Runs until `cancel`. Whatever is under way then is gone on with by the next agent.
    pub async fn run(mut self, cancel: CancellationToken) {
        tokio::select! {
            () = cancel.cancelled() => {}
            () = self.follow() => {}
        }
    }

    async fn follow(&mut self) {
        loop {
            if self.wanted.wait_for(Option::is_some).await.is_err() {
                return;
            }
            let ledger = loop {
                match Ledger::load(self.client.clone(), &self.namespace).await {
                    Ok(ledger) => break ledger,
                    Err(error) => tracing::warn!(%error, "it cannot be read yet which releases are held"),
                }
                tokio::time::sleep(PAUSE).await;
            };
            let context = Arc::new(Context {
                client: self.client.clone(),
                config: self.config.clone(),
                lease: self.lease.clone(),
                reports: self.reports.clone(),
                charts: self.charts.clone(),
                resolver: Arc::new(Resolver::new(self.client.clone())),
                ledger,
                permits: Semaphore::new(AT_ONCE),
            });
            // Ends when another agent takes over; what it began ends with it.
            self.lead(&context).await;
            self.reports.forget_releases();
        }
    }

    async fn lead(&mut self, context: &Arc<Context>) {
        let mut lives: BTreeMap<Place, (Job, AbortOnDropHandle<()>)> = BTreeMap::new();
        loop {
            let Some(wanted) = self.wanted.borrow_and_update().clone() else { return };
            let held = match context.ledger.want(&wanted.releases, &wanted.incarnation).await {
                Ok(held) => held,
                Err(error) => {
                    tracing::warn!(%error, "it cannot be written down yet which releases are held");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let (mut jobs, unconfirmed) = jobs(&wanted, held);
            for (place, job) in &mut jobs {
                if let Some((before, _)) = lives.get(place) {
                    go_on(job, before);
                }
            }
            self.reports.unconfirmed(unconfirmed);
            let changed = |(place, (job, _)): (&Place, &(Job, _))| {
                (jobs.get(place) != Some(job)).then(|| place.clone())
            };
            let changed: Vec<Place> = lives.iter().filter_map(changed).collect();
            for place in changed {
                if let Some((_, task)) = lives.remove(&place) {
                    // Two lives of one release would be in each other's way.
                    task.abort();
                    let _ = task.await;
                }
            }
            for (place, job) in jobs {
                lives.entry(place).or_insert_with(|| {
                    let task = AbortOnDropHandle::new(tokio::spawn(live(job.clone(), context.clone())));
                    (job, task)
                });
            }
            let named: BTreeSet<String> =
                wanted.releases.iter().map(|release| release.chart.digest.clone()).collect();
            loop {
                context.charts.sweep(&named, Timestamp::now()).await;
                tokio::select! {
                    changed = self.wanted.changed() => match changed {
                        Ok(()) => break,
                        Err(_) => return,
                    },
                    () = tokio::time::sleep(SWEEP) => {}
                }
            }
        }
    }
}

/// What is to stay as it is goes on as it was, as long as that is known.
fn go_on(job: &mut Job, before: &Job) {
    if let (Some(held), Some(known)) = (&job.present, &before.present)
        && held.hold
        && held.uid == known.uid
    {
        job.present.clone_from(&before.present);
    }
}

/// What is to be of each release, and what would be removed if a person agreed.
fn jobs(wanted: &Wanted, held: Vec<Held>) -> (BTreeMap<Place, Job>, Vec<String>) {
    let mut jobs: BTreeMap<Place, Job> = BTreeMap::new();
    let mut unconfirmed = Vec::new();
    for release in &wanted.releases {
        let place = (release.namespace.clone(), release.release_name.clone());
        let job = jobs.entry(place).or_default();
        // Of two Releases of one name the first counts; the server lets no second in.
        job.present.get_or_insert_with(|| release.clone());
    }
    for held in held {
        let place = (held.namespace.clone(), held.release_name.clone());
        let is_wanted = wanted.releases.iter().any(|release| {
            release.uid == held.uid
                && release.namespace == held.namespace
                && release.release_name == held.release_name
        });
        if is_wanted {
            continue;
        }
        match held.incarnation == wanted.incarnation || wanted.confirm_prune {
            true => jobs.entry(place).or_default().absent.push(held),
            false => unconfirmed.push(held.title()),
        }
    }
    (jobs, unconfirmed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::super::held::merged;
    use super::*;

    fn release(uid: &str) -> ReleaseIntent {
        serde_json::from_value(json!({ "name": uid, "uid": uid, "releaseName": "ci", "namespace": "java",
            "chart": {"name": "c"}, "content": "x" }))
        .unwrap()
    }

    fn wanted(incarnation: &str, releases: Vec<ReleaseIntent>) -> Wanted {
        Wanted { incarnation: incarnation.into(), confirm_prune: false, releases }
    }

    #[test]
    fn a_release_that_was_made_anew_follows_the_removal_of_the_one_before() {
        let held = merged(&[], &[release("old")], "one");
        let now = wanted("one", vec![release("new")]);
        let (jobs, unconfirmed) = jobs(&now, merged(&held, &now.releases, "one"));
        let job = jobs.values().next().unwrap();
        assert_eq!((jobs.len(), unconfirmed.len()), (1, 0));
        assert_eq!(job.absent[0].uid, "old");
        assert_eq!(job.present.as_ref().unwrap().uid, "new");
    }

    #[test]
    fn what_is_held_goes_on_as_it_was_and_is_neither_removed_nor_changed() {
        let known = release("a");
        let mut hold = ReleaseIntent { hold: true, content: String::new(), ..release("a") };
        let held = merged(&[], std::slice::from_ref(&known), "one");
        let (before, _) = jobs(&wanted("one", vec![known.clone()]), held.clone());
        let (mut now, _) = jobs(&wanted("one", vec![hold.clone()]), merged(&held, &[hold.clone()], "one"));
        assert_eq!(now.len(), 1);
        let (place, job) = now.iter_mut().next().unwrap();
        assert!(job.absent.is_empty(), "it is not removed");
        go_on(job, &before[place]);
        assert_eq!(job.present.as_ref(), Some(&known));
        // Another of the same name is another.
        hold.uid = "b".into();
        let mut other = Job { absent: Vec::new(), present: Some(hold.clone()) };
        go_on(&mut other, &before[place]);
        assert_eq!(other.present, Some(hold));
    }

    #[test]
    fn a_restored_server_removes_no_release_until_a_person_agrees() {
        let held = merged(&[], &[release("a")], "one");
        let mut now = wanted("two", Vec::new());
        let (none, unconfirmed) = jobs(&now, merged(&held, &[], "two"));
        assert!(none.is_empty());
        assert_eq!(unconfirmed, ["Release java/ci"]);
        now.confirm_prune = true;
        let (one, unconfirmed) = jobs(&now, merged(&held, &[], "two"));
        assert_eq!((one.len(), unconfirmed.len()), (1, 0));
    }
}
