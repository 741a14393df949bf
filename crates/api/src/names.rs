//! Names: one rule, checked at the edge.

use crate::error::Cause;

/// Longest name of an object. Kubernetes names made from it (`home-<name>`, StatefulSet pod names, label
/// values) then stay within the 63 characters of a DNS label.
pub const MAX_NAME: usize = 40;

/// Checks an object's name: an RFC 1123 label of at most [`MAX_NAME`] characters.
///
/// # Errors
/// The cause, for the field given.
pub fn check(field: &str, name: &str) -> Result<(), Cause> {
    if name.is_empty() {
        return Err(Cause::required(field, "give a name of lower-case letters, digits and '-'"));
    }
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = name.len() <= MAX_NAME
        && name.starts_with(edge)
        && name.ends_with(edge)
        && name.chars().all(|c| edge(c) || c == '-');
    if good {
        return Ok(());
    }
    Err(Cause::invalid(
        field,
        format!("\"{name}\" is not a name"),
        format!(
            "use lower-case letters, digits and '-', at most {MAX_NAME}, with a letter or digit at both ends"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_rfc_1123_labels() {
        for good in ["a", "java", "python-1", "0x"] {
            assert!(check("metadata.name", good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a.b", "a_b", "あ", &"a".repeat(41)] {
            assert!(check("metadata.name", bad).is_err(), "{bad}");
        }
    }
}
