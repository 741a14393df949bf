//! Whether an intent is taken in.

use nagaya_api::agent::Intent;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was damaged, or made by a server that counts otherwise.
    #[error("the intent's hash is {said}, but its objects hash to {found}; send it again")]
    Hash {
        /// What the intent says.
        said: String,
        /// What its objects give.
        found: String,
    },
    /// A newer one is held.
    #[error("revision {offered} is older than revision {held}, which this cluster holds already")]
    Old {
        /// The one that came.
        offered: u64,
        /// The one that is held.
        held: u64,
    },
    /// The same revision with other content: two servers count in one incarnation.
    #[error(
        "revision {0} is held already with other objects; two servers seem to share one store's incarnation: stop \
         one of them"
    )]
    Twice(u64),
    /// It has no incarnation.
    #[error("the intent names no incarnation")]
    NoIncarnation,
}

/// Decides whether `offered` may replace `held`. Another incarnation always may: which of two stores is right, only
/// the server can know; its prunes wait for a person.
///
/// # Errors
/// Why not.
pub fn admit(held: Option<&Intent>, offered: &Intent) -> Result<(), Refusal> {
    if offered.incarnation.is_empty() {
        return Err(Refusal::NoIncarnation);
    }
    let found = Intent::hash_of(&offered.objects, &offered.purge, &offered.releases);
    if found != offered.hash {
        return Err(Refusal::Hash { said: offered.hash.clone(), found });
    }
    match held.filter(|held| held.incarnation == offered.incarnation) {
        Some(held) if offered.revision < held.revision => {
            Err(Refusal::Old { offered: offered.revision, held: held.revision })
        }
        Some(held) if offered.revision == held.revision && offered.hash != held.hash => {
            Err(Refusal::Twice(held.revision))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn intent(incarnation: &str, revision: u64, value: &str) -> Intent {
        Intent::new(incarnation, revision, vec![json!({"kind": value})], Vec::new())
    }

    #[test]
    fn only_what_is_newer_replaces_what_is_held() {
        let held = intent("one", 5, "a");
        assert_eq!(admit(None, &intent("one", 1, "a")), Ok(()));
        assert_eq!(admit(Some(&held), &intent("one", 6, "b")), Ok(()));
        assert_eq!(admit(Some(&held), &held.clone()), Ok(()));
        assert_eq!(admit(Some(&held), &intent("one", 4, "b")), Err(Refusal::Old { offered: 4, held: 5 }));
        assert_eq!(admit(Some(&held), &intent("one", 5, "b")), Err(Refusal::Twice(5)));
        assert_eq!(
            admit(Some(&held), &intent("two", 1, "b")),
            Ok(()),
            "a restored server begins to count anew"
        );
    }

    #[test]
    fn damage_is_noticed() {
        let mut damaged = intent("one", 1, "a");
        damaged.objects.push(json!({}));
        assert!(matches!(admit(None, &damaged), Err(Refusal::Hash { .. })));
        assert_eq!(admit(None, &intent("", 1, "a")), Err(Refusal::NoIncarnation));
    }
}
