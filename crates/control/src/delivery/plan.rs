//! What to do next about one cluster's intent: a pure function of content, ledger and what the agent holds.

use crate::model::Content;

/// How many revisions are set aside at once, so that not each intent waits for the store's disk.
const BLOCK: u64 = 100;

/// What an agent holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Incarnation of the store it came from; empty: it holds nothing.
    pub incarnation: String,
    /// Its revision.
    pub revision: u64,
    /// Its hash.
    pub hash: String,
}

/// The numbers given to one cluster's intents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The number given last, in this or an earlier run of the server.
    pub last: u64,
    /// Numbers up to this one are set aside in the store: a later run begins above it.
    pub reserved: u64,
    /// The hash that has the last number, and whether it confirms prunes.
    pub numbered: Option<(String, bool)>,
    /// Whether the agent took what has the last number.
    pub taken: bool,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing: the agent holds it under this revision.
    Rest {
        /// The revision.
        revision: u64,
    },
    /// Set numbers aside first.
    Reserve {
        /// Up to this one.
        up_to: u64,
    },
    /// Send it.
    Put {
        /// Under this revision.
        revision: u64,
    },
}

/// Decides. `held` is what the agent said it holds.
pub fn plan(content: &Content, incarnation: &str, held: &Held, ledger: &Ledger) -> Step {
    let ours = held.incarnation == incarnation;
    let numbered = ledger
        .numbered
        .as_ref()
        .is_some_and(|(hash, confirm)| *hash == content.hash() && *confirm == content.confirm_prune);
    // The hash says nothing of a confirmation: that one must have been sent by us.
    let confirmed = !content.confirm_prune || (numbered && ledger.taken);
    if ours && held.hash == content.hash() && confirmed {
        return Step::Rest { revision: held.revision };
    }
    let newest = if ours { ledger.last.max(held.revision) } else { ledger.last };
    let revision =
        if numbered && ledger.last >= newest && ledger.last > 0 { ledger.last } else { newest + 1 };
    if revision > ledger.reserved {
        return Step::Reserve { up_to: revision + BLOCK };
    }
    Step::Put { revision }
}

#[cfg(test)]
mod tests {
    use nagaya_api::agent::Purge;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn content(value: u8) -> Content {
        Content::new(vec![json!({ "kind": value })], Vec::new(), Vec::<Purge>::new(), false)
    }

    fn held(incarnation: &str, revision: u64, value: u8) -> Held {
        Held { incarnation: incarnation.into(), revision, hash: content(value).hash().to_owned() }
    }

    #[test]
    fn an_agent_that_holds_it_already_is_left_alone_after_a_restart_of_the_server() {
        let restarted = Ledger { last: 200, reserved: 200, ..Ledger::default() };
        assert_eq!(plan(&content(1), "a", &held("a", 107, 1), &restarted), Step::Rest { revision: 107 });
        assert_eq!(plan(&content(2), "a", &held("a", 107, 1), &restarted), Step::Reserve { up_to: 301 });
    }

    #[test]
    fn another_incarnation_is_sent_anew_even_if_the_content_is_the_same() {
        let ledger = Ledger { last: 4, reserved: 100, ..Ledger::default() };
        assert_eq!(plan(&content(1), "b", &held("a", 107, 1), &ledger), Step::Put { revision: 5 });
        assert_eq!(plan(&content(1), "b", &Held::default(), &ledger), Step::Put { revision: 5 });
    }

    #[test]
    fn a_ledger_that_lags_behind_the_agent_catches_up() {
        let ledger = Ledger { last: 4, reserved: 300, ..Ledger::default() };
        assert_eq!(plan(&content(2), "a", &held("a", 107, 1), &ledger), Step::Put { revision: 108 });
    }

    #[test]
    fn a_confirmation_is_sent_though_the_content_is_held() {
        let mut confirm = content(1);
        confirm.confirm_prune = true;
        let mut ledger = Ledger {
            last: 5,
            reserved: 100,
            numbered: Some((confirm.hash().to_owned(), false)),
            taken: true,
        };
        assert_eq!(plan(&confirm, "a", &held("a", 5, 1), &ledger), Step::Put { revision: 6 });
        ledger = Ledger { last: 6, numbered: Some((confirm.hash().to_owned(), true)), ..ledger };
        assert_eq!(plan(&confirm, "a", &held("a", 6, 1), &ledger), Step::Rest { revision: 6 });
    }

    proptest! {
        /// Whatever is lost on the way and whenever the server is restarted: one number never names two contents,
        /// numbers only grow, and in the end the agent holds what it should.
        #[test]
        fn numbers_only_grow_and_name_one_content_each(
            walk in prop::collection::vec((0..4_u8, any::<bool>(), any::<bool>(), any::<bool>()), 1..60),
        ) {
            let mut ledger = Ledger::default();
            let mut agent = Held::default();
            let mut sent = std::collections::BTreeMap::new();
            for (value, arrives, answered, restart) in walk {
                if restart {
                    ledger = Ledger { last: ledger.reserved, reserved: ledger.reserved, ..Ledger::default() };
                }
                let content = content(value);
                for _ in 0..3 {
                    // What the agent said it holds may be old news: only a Hello or an answer renews it.
                    match plan(&content, "a", &agent, &ledger) {
                        Step::Rest { .. } => {
                            prop_assert_eq!(&agent.hash, content.hash());
                            break;
                        }
                        Step::Reserve { up_to } => {
                            prop_assert!(up_to > ledger.reserved);
                            ledger.reserved = up_to;
                        }
                        Step::Put { revision } => {
                            prop_assert!(revision <= ledger.reserved);
                            let first = sent.entry(revision).or_insert_with(|| content.hash().to_owned());
                            prop_assert_eq!(&*first, content.hash());
                            prop_assert!(revision >= agent.revision);
                            ledger.last = revision;
                            ledger.numbered = Some((content.hash().to_owned(), false));
                            ledger.taken = false;
                            if arrives {
                                agent = Held { incarnation: "a".into(), revision, hash: content.hash().to_owned() };
                                ledger.taken = answered;
                            } else {
                                break;
                            }
                        }
                    }
                }
                if arrives {
                    prop_assert_eq!(&agent.hash, content.hash());
                }
            }
        }
    }
}
