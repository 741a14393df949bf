//! Kubernetes quantities (`500m`, `3Gi`) as numbers with a unit.
//!
//! Rule: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a quantity: write for instance 500m, 2, 512Mi or 10Gi")]
pub struct NotAQuantity(pub String);

/// The format that schemas give quantities.
pub const FORMAT: &str = "quantity";

const SUFFIXES: [(&str, i128); 12] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("Pi", 1 << 50),
    ("Ei", 1 << 60),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000),
];

/// The quantity in thousandths, rounded up as Kubernetes does.
fn thousandths(text: &str) -> Option<i128> {
    let (digits, factor) = if let Some(digits) = text.strip_suffix('m') {
        (digits, 1)
    } else if let Some((digits, factor)) =
        SUFFIXES.iter().find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, *factor)))
    {
        (digits, factor * 1000)
    } else {
        (text, 1000)
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 18;
    if (whole.is_empty() && fraction.is_empty()) || !number(whole) || !number(fraction) {
        return None;
    }
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some((digits.checked_mul(factor)? + scale - 1) / scale)
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $examples:expr, $from:expr, $show:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl FromStr for $name {
            type Err = NotAQuantity;
            fn from_str(text: &str) -> Result<Self, NotAQuantity> {
                let convert: fn(i128) -> Option<$inner> = $from;
                thousandths(text).and_then(convert).map(Self).ok_or_else(|| NotAQuantity(text.to_owned()))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let show: fn($inner, &mut fmt::Formatter<'_>) -> fmt::Result = $show;
                show(self.0, f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(untagged)]
                enum Form {
                    Text(String),
                    Number(u64),
                }
                let text = match Form::deserialize(deserializer)? {
                    Form::Text(text) => text,
                    Form::Number(number) => number.to_string(),
                };
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .format(Some(utoipa::openapi::SchemaFormat::Custom(FORMAT.to_owned())))
                    .examples($examples)
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}

quantity!(
    /// An amount of bytes; written `512Mi`, `10Gi`.
    Bytes,
    u64,
    ["512Mi", "10Gi"],
    |t| u64::try_from((t + 999) / 1000).ok(),
    |bytes, f| {
        for (suffix, shift) in [("Gi", 30), ("Mi", 20), ("Ki", 10)] {
            if bytes != 0 && bytes % (1 << shift) == 0 {
                return write!(f, "{}{suffix}", bytes >> shift);
            }
        }
        write!(f, "{bytes}")
    }
);

quantity!(
    /// An amount of CPU in thousandths of a core; written `500m`, `2`.
    MilliCpu,
    u64,
    ["500m", "2"],
    |t| u64::try_from(t).ok(),
    |milli, f| if milli % 1000 == 0 { write!(f, "{}", milli / 1000) } else { write!(f, "{milli}m") }
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn quantities_read_as_kubernetes_reads_them() {
        for (text, bytes) in
            [("1", 1), ("1Ki", 1024), ("1.5Gi", 3 << 29), ("10G", 10_000_000_000), ("1500m", 2)]
        {
            assert_eq!(text.parse::<Bytes>().unwrap().0, bytes, "{text}");
        }
        for (text, milli) in [("500m", 500), ("2", 2000), ("0.1", 100), ("1.25", 1250)] {
            assert_eq!(text.parse::<MilliCpu>().unwrap().0, milli, "{text}");
        }
        for bad in ["", "-1", "1e3x", "Gi", "1 Gi", "1..2", "."] {
            assert!(bad.parse::<Bytes>().is_err(), "{bad}");
        }
    }

    #[test]
    fn quantities_print_in_the_shortest_exact_form() {
        assert_eq!(Bytes(3 << 30).to_string(), "3Gi");
        assert_eq!(Bytes(1 << 29).to_string(), "512Mi");
        assert_eq!(Bytes(1000).to_string(), "1000");
        assert_eq!(MilliCpu(1500).to_string(), "1500m");
        assert_eq!(MilliCpu(2000).to_string(), "2");
    }
}
