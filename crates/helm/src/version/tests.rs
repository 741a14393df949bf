#![allow(clippy::unwrap_used)]

use std::cmp::Ordering;

use super::{Constraint, Error, Version};

#[test]
fn versions_are_ordered_by_numbers_then_prereleases() {
    let ordered = [
        "1.0.0-1",
        "1.0.0-2",
        "1.0.0-10",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-beta",
        "1.0.0",
        "1.0.1",
        "1.10",
        "2",
    ];
    for (index, older) in ordered.iter().enumerate() {
        for newer in &ordered[index + 1..] {
            let (older, newer) = (Version::parse(older).unwrap(), Version::parse(newer).unwrap());
            assert_eq!(older.compare(&newer), Ordering::Less, "{older} {newer}");
            assert_eq!(newer.compare(&older), Ordering::Greater, "{newer} {older}");
        }
    }
}

#[test]
fn metadata_do_not_count() {
    let (a, b) = (Version::parse("1.0.0+a").unwrap(), Version::parse("v1+b").unwrap());
    assert_eq!(a.compare(&b), Ordering::Equal);
}

#[test]
fn what_is_no_constraint_is_named() {
    assert_eq!(Constraint::parse(">= x.y").unwrap_err(), Error::Constraint(">= x.y".into()));
}
