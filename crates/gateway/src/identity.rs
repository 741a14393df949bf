//! Whom a request is made as in a cluster.

use http::{HeaderMap, HeaderValue};
use nagaya_api::agent::{GROUPS_HEADER, USER_HEADER};

/// A name that would break out of its header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" cannot name anybody in a cluster: use lower-case letters, digits, '-' and ':'")]
pub struct BadIdentity(pub String);

/// Whom a request is made as in a cluster: always a name under `nagaya:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    user: HeaderValue,
    groups: HeaderValue,
}

impl Identity {
    /// The user `user` in `groups`, both without the `nagaya:` before them: `Identity::new("dev-01",
    /// ["team:java", "role:admin"])` is `nagaya:dev-01` in `nagaya:team:java` and `nagaya:role:admin`.
    ///
    /// # Errors
    /// The first name that is not made of lower-case letters, digits, `-` and `:`.
    pub fn new<'a>(user: &str, groups: impl IntoIterator<Item = &'a str>) -> Result<Self, BadIdentity> {
        let groups: Vec<String> = groups.into_iter().map(named).collect::<Result<_, _>>()?;
        let header = |text: String| HeaderValue::from_str(&text).map_err(|_| BadIdentity(text));
        Ok(Self { user: header(named(user)?)?, groups: header(groups.join(","))? })
    }

    /// Sets the headers that the agent reads, over whatever stood there.
    pub fn put(&self, headers: &mut HeaderMap) {
        headers.insert(USER_HEADER, self.user.clone());
        headers.insert(GROUPS_HEADER, self.groups.clone());
    }
}

fn named(name: &str) -> Result<String, BadIdentity> {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b':';
    if name.is_empty() || !name.bytes().all(good) {
        return Err(BadIdentity(name.to_owned()));
    }
    Ok(format!("nagaya:{name}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_name_is_under_nagaya() {
        let mut headers = HeaderMap::new();
        headers.insert(USER_HEADER, HeaderValue::from_static("nagaya:root"));
        Identity::new("dev-01", ["team:java", "role:admin"]).unwrap().put(&mut headers);
        assert_eq!(headers.get_all(USER_HEADER).iter().collect::<Vec<_>>(), ["nagaya:dev-01"]);
        assert_eq!(headers[GROUPS_HEADER], "nagaya:team:java,nagaya:role:admin");
    }

    #[test]
    fn a_name_cannot_add_a_group_or_a_header() {
        for bad in ["", "a,nagaya:role:admin", "a\r\nx: y", "A", "a b", "あ"] {
            assert!(Identity::new(bad, []).is_err(), "{bad:?}");
            assert!(Identity::new("dev-01", [bad]).is_err(), "{bad:?}");
        }
    }
}
