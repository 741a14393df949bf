//! Of several agents of one cluster only one enforces: a Lease says which.
//!
//! A rolling update runs two agents side by side on purpose: the newer takes the Lease over at once, the older goes
//! on with its streams only. (client-go's election would wait for the old one to give up.)

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use kube::api::{ObjectMeta, PostParams};
use kube::{Api, Client};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const NAME: &str = "nagaya-agent";
const LOOK: Duration = Duration::from_secs(2);
const RENEW: SignedDuration = SignedDuration::from_secs(5);
const LASTS: SignedDuration = SignedDuration::from_secs(15);

/// What to do about the Lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is ours and fresh.
    Hold,
    /// It is ours; say that we live.
    Renew,
    /// It is free, ended, or an older agent's.
    Take,
    /// A newer agent has it.
    Leave,
}

/// A holder is written as `<started, milliseconds>-<agent id>`: later starts win, and two that started in the same
/// moment agree on which of them did.
pub fn holder(started_ms: i64, agent_id: &str) -> String {
    format!("{started_ms:015}-{agent_id}")
}

/// Decides. `renewed` is when the present holder last said that it lives.
pub fn step(me: &str, present: Option<&str>, renewed: Option<Timestamp>, now: Timestamp) -> Step {
    let age = renewed.map_or(SignedDuration::MAX, |at| now.duration_since(at));
    match present {
        None | Some("") => Step::Take,
        Some(holder) if holder == me => {
            if age < RENEW {
                Step::Hold
            } else {
                Step::Renew
            }
        }
        Some(_) if age > LASTS => Step::Take,
        Some(other) if other < me => Step::Take,
        Some(_) => Step::Leave,
    }
}

/// One agent's part in the election.
#[derive(Clone)]
pub struct Leadership {
    api: Api<Lease>,
    me: String,
    leads: watch::Sender<bool>,
}

impl Leadership {
    /// Takes part as `me` ([`holder`]).
    pub fn new(client: Client, namespace: &str, me: String) -> Leadership {
        Leadership { api: Api::namespaced(client, namespace), me, leads: watch::channel(false).0 }
    }

    /// Whether this agent enforces, as last seen.
    pub fn subscribe(&self) -> watch::Receiver<bool> {
        self.leads.subscribe()
    }

    /// Looks again, before something is done that only one may do.
    ///
    /// # Errors
    /// When the API server does not answer: nothing is known then, and nothing can be done either.
    pub async fn confirm(&self) -> Result<bool, kube::Error> {
        let leads = self.look().await?;
        self.leads.send_if_modified(|known| std::mem::replace(known, leads) != leads);
        Ok(leads)
    }

    /// Keeps the Lease until `cancel`.
    pub async fn keep(&self, cancel: CancellationToken) {
        loop {
            if let Err(error) = self.confirm().await {
                tracing::warn!(%error, "the Lease could not be read; nothing is enforced until it can");
            }
            tokio::select! {
                () = cancel.cancelled() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Gives the Lease up, if it is ours, for the next agent to take at once.
    pub async fn release(&self) {
        self.leads.send_replace(false);
        let Ok(Some(lease)) = self.api.get_opt(NAME).await else { return };
        if holder_of(&lease) == Some(self.me.as_str())
            && let Err(error) = self.write(Some(lease), "").await
        {
            tracing::debug!(%error, "the Lease was not given up; it ends by itself");
        }
    }

    async fn look(&self) -> Result<bool, kube::Error> {
        let lease = self.api.get_opt(NAME).await?;
        let renewed =
            lease.as_ref().and_then(|l| l.spec.as_ref()).and_then(|s| s.renew_time.as_ref()).map(|t| t.0);
        let present = lease.as_ref().and_then(holder_of);
        match step(&self.me, present, renewed, Timestamp::now()) {
            Step::Hold => Ok(true),
            Step::Leave => Ok(false),
            Step::Take | Step::Renew => match self.write(lease, &self.me).await {
                Ok(()) => Ok(true),
                Err(kube::Error::Api(status)) if status.code == 409 => Ok(false), // another was faster: look again
                Err(error) => Err(error),
            },
        }
    }

    async fn write(&self, lease: Option<Lease>, holder: &str) -> Result<(), kube::Error> {
        let now = MicroTime(Timestamp::now());
        let fresh = lease.is_none();
        let mut lease = lease.unwrap_or_else(|| Lease {
            metadata: ObjectMeta { name: Some(NAME.to_owned()), ..ObjectMeta::default() },
            ..Lease::default()
        });
        let spec = lease.spec.get_or_insert_with(LeaseSpec::default);
        if spec.holder_identity.as_deref() != Some(holder) {
            spec.acquire_time = Some(now.clone());
            spec.lease_transitions = Some(spec.lease_transitions.unwrap_or(0).saturating_add(1));
        }
        spec.holder_identity = Some(holder.to_owned());
        spec.lease_duration_seconds = Some(LASTS.as_secs() as i32);
        spec.renew_time = Some(now);
        match fresh {
            true => self.api.create(&PostParams::default(), &lease).await?,
            false => self.api.replace(NAME, &PostParams::default(), &lease).await?,
        };
        Ok(())
    }
}

fn holder_of(lease: &Lease) -> Option<&str> {
    lease.spec.as_ref()?.holder_identity.as_deref()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn the_newer_agent_takes_over_and_the_older_leaves() {
        let (old, new) = (holder(1_000, "z"), holder(20_000, "a"));
        assert_eq!(step(&new, Some(&old), Some(at(0)), at(0)), Step::Take);
        assert_eq!(step(&old, Some(&new), Some(at(0)), at(1)), Step::Leave);
    }

    #[test]
    fn an_older_agent_takes_back_what_a_dead_newer_one_held() {
        let (old, new) = (holder(1_000, "z"), holder(20_000, "a"));
        assert_eq!(step(&old, Some(&new), Some(at(0)), at(15)), Step::Leave);
        assert_eq!(step(&old, Some(&new), Some(at(0)), at(16)), Step::Take);
        assert_eq!(step(&old, Some(""), Some(at(0)), at(0)), Step::Take, "given up");
        assert_eq!(step(&old, None, None, at(0)), Step::Take);
    }

    #[test]
    fn a_holder_renews_in_time() {
        let me = holder(1, "a");
        assert_eq!(step(&me, Some(&me), Some(at(0)), at(4)), Step::Hold);
        assert_eq!(step(&me, Some(&me), Some(at(0)), at(5)), Step::Renew);
        assert_eq!(step(&me, Some(&me), Some(at(0)), at(500)), Step::Renew);
    }
}
