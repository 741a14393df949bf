//! The rule of a join token's single use.

use jiff::Timestamp;

/// What became of a token so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spent {
    /// Nobody has used it.
    No,
    /// It was used with the key of this fingerprint ([`crate::ca::csr_fingerprint`]).
    By(String),
}

/// Whether a token that ends at `expires` may be used at `now` with the key of `fingerprint`. It is good for one
/// key: the same agent may ask again when the answer was lost, another may not.
///
/// # Errors
/// Why not, in words.
pub fn admit_token(
    spent: &Spent,
    expires: Timestamp,
    now: Timestamp,
    fingerprint: &str,
) -> Result<(), String> {
    if now >= expires {
        return Err(format!("the join token ended at {expires}; make a new one"));
    }
    match spent {
        Spent::No => Ok(()),
        Spent::By(first) if first == fingerprint => Ok(()),
        Spent::By(_) => {
            Err("the join token was used already, by another agent; make a new one for each cluster".into())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_is_good_once_and_only_until_it_ends() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(admit_token(&Spent::No, at(100), at(99), "k").is_ok());
        assert!(admit_token(&Spent::No, at(100), at(100), "k").is_err());
        assert!(admit_token(&Spent::By("other".into()), at(100), at(1), "k").is_err());
        assert!(
            admit_token(&Spent::By("k".into()), at(100), at(1), "k").is_ok(),
            "a lost answer is asked again"
        );
        assert!(admit_token(&Spent::By("k".into()), at(100), at(101), "k").is_err());
    }
}
