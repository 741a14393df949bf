//! What is deployed of a workspace stays as it is: nobody's workspace ends because its template changed.

use nagaya_api::agent::ReleaseIntent;
use nagaya_helm::action::{Desired, Error, Reconciler};
use nagaya_helm::release::{History, Status, secret::label_value};

/// What is to be there of a release, and whether that is something else than what is wanted of it.
pub(super) async fn wanted(
    release: &ReleaseIntent,
    desired: &Desired,
    reconciler: &Reconciler<'_>,
) -> Result<(Desired, bool), Error> {
    let mut now = desired.clone();
    if release.environment.is_some() {
        hold(&mut now, &reconciler.history().await?);
    }
    let outdated = label_value(&now.content) != label_value(&desired.content);
    Ok((now, outdated))
}

/// Wants what is deployed, if it is of the same release.
fn hold(desired: &mut Desired, history: &History) {
    let newest = history.newest().filter(|held| held.status() == Status::Deployed);
    let stamp =
        newest.and_then(|held| held.stamp.as_ref()).filter(|stamp| stamp.uid == label_value(&desired.uid));
    if let Some(stamp) = stamp {
        (desired.content, desired.attempt) = (stamp.content.clone(), stamp.attempt);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use nagaya_helm::release::{Held, Record, Stamp};

    use super::*;

    fn desired(content: &str) -> Desired {
        Desired {
            uid: "u".into(),
            content: content.into(),
            attempt: 0,
            chart: "c".into(),
            atomic: false,
            rollback: false,
        }
    }

    fn history(status: Status, stamp: Option<Stamp>) -> History {
        let mut record = Record { version: 1, ..Record::default() };
        record.info.status = status;
        History::new(vec![Held { record, stamp, ..Held::default() }])
    }

    #[test]
    fn what_is_deployed_of_a_workspace_stays_and_nothing_else_does() {
        let old = desired(&"0".repeat(64)).stamp();
        let held = |status, stamp| {
            let mut wanted = desired("new");
            hold(&mut wanted, &history(status, stamp));
            wanted.content
        };
        assert_eq!(held(Status::Deployed, Some(old.clone())), old.content, "somebody works in it");
        assert_eq!(label_value(&old.content), label_value(&"0".repeat(64)), "and it is no other content");
        for status in [Status::Failed, Status::PendingInstall, Status::Uninstalled] {
            assert_eq!(held(status, Some(old.clone())), "new", "{status}");
        }
        assert_eq!(held(Status::Deployed, None), "new", "another Helm's");
        assert_eq!(held(Status::Deployed, Some(Stamp { uid: "other".into(), ..old })), "new");
    }
}
