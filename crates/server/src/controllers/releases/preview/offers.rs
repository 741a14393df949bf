//! What clusters offer, as they told it a short while ago: a form is previewed with every change in it, and no cluster is
//! to be asked for its whole discovery each time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use nagaya_gateway::Identity;

use super::cluster::{Cluster, Offer};

/// How long an answer holds. What is installed meanwhile shows a little later.
const FRESH: Duration = Duration::from_secs(30);
/// How many are kept.
const MOST: usize = 32;

struct Known {
    cluster: String,
    /// Each sees a cluster with own rights.
    identity: Identity,
    since: Instant,
    offer: Arc<Offer>,
}

/// Answers by cluster and person.
#[derive(Default)]
pub struct Offers(Mutex<Vec<Known>>);

impl Offers {
    /// What the cluster offers.
    pub async fn of(&self, way: &Cluster) -> Result<Arc<Offer>, String> {
        let now = Instant::now();
        if let Some(offer) = self.known(&way.name, &way.identity, now) {
            return Ok(offer);
        }
        let offer = Arc::new(way.offer().await?);
        self.keep(&way.name, &way.identity, now, &offer);
        Ok(offer)
    }

    fn known(&self, cluster: &str, identity: &Identity, now: Instant) -> Option<Arc<Offer>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| now.duration_since(one.since) < FRESH);
        let found = all.iter().find(|one| one.cluster == cluster && one.identity == *identity);
        found.map(|one| Arc::clone(&one.offer))
    }

    fn keep(&self, cluster: &str, identity: &Identity, now: Instant, offer: &Arc<Offer>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.cluster != cluster || one.identity != *identity);
        if all.len() == MOST {
            all.remove(0);
        }
        all.push(Known {
            cluster: cluster.to_owned(),
            identity: identity.clone(),
            since: now,
            offer: Arc::clone(offer),
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_answer_holds_for_a_while_and_for_who_asked() {
        let (offers, now) = (Offers::default(), Instant::now());
        let identity = |name| Identity::new(name, ["team:java"]).unwrap();
        let offer = Arc::new(Offer { versions: vec!["v1".into()], ..Offer::default() });
        offers.keep("java", &identity("dev-01"), now, &offer);
        let known = |cluster, name, at| offers.known(cluster, &identity(name), at);
        assert!(known("java", "dev-01", now).is_some_and(|known| known.versions == ["v1"]));
        assert!(known("python-1", "dev-01", now).is_none());
        assert!(known("java", "dev-02", now).is_none());
        assert!(known("java", "dev-01", now + FRESH).is_none());
        for number in 0..=MOST {
            offers.keep(&number.to_string(), &identity("dev-01"), now, &offer);
        }
        assert_eq!(offers.0.lock().unwrap().len(), MOST);
    }
}
