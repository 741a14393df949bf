//! What all kinds have in common, typed and untyped.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{API_VERSION, ApiError, Cause, ObjectMeta, names};

macro_rules! kinds {
    ($($name:ident $plural:literal $short:literal),+ $(,)?) => {
        /// The kinds of objects.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Kind { $(#[doc = concat!("See [`crate::", stringify!($name), "`].")] $name),+ }

        impl Kind {
            /// All kinds, in the order in which they can be created.
            pub const ALL: &[Kind] = &[$(Kind::$name),+];

            /// The name in URLs and on the command line: `workspaces`.
            pub const fn plural(self) -> &'static str {
                match self { $(Kind::$name => $plural),+ }
            }

            /// The name as in `kind:`.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$name => stringify!($name)),+ }
            }

            /// The short name on the command line: `ws`.
            pub const fn short(self) -> &'static str {
                match self { $(Kind::$name => $short),+ }
            }
        }
    };
}

// Order: what others name comes first, so that a file can be applied top to bottom.
kinds! {
    Cluster "clusters" "cl",
    Group "groups" "grp",
    User "users" "u",
    Team "teams" "t",
    Image "images" "img",
    Repository "repositories" "repo",
    Template "templates" "tpl",
    Bundle "bundles" "bdl",
    BundleVersion "bundleversions" "bv",
    Source "sources" "src",
    Release "releases" "rel",
    ReleaseVersion "releaseversions" "rv",
    Workspace "workspaces" "ws",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = ApiError;

    /// Takes plural, singular or short name in any case, as kubectl does.
    fn from_str(text: &str) -> Result<Self, ApiError> {
        let lower = text.to_ascii_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|kind| {
                lower == kind.plural() || lower == kind.name().to_ascii_lowercase() || lower == kind.short()
            })
            .ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|kind| kind.plural()).collect();
                ApiError::new(
                    404,
                    "NotFound",
                    format!("there is no kind \"{text}\": known are {}", known.join(", ")),
                )
            })
    }
}

/// A typed object of one kind.
pub trait Resource: Serialize + DeserializeOwned + Clone + fmt::Debug + Send + Sync + 'static {
    /// Its kind.
    const KIND: Kind;

    /// Its metadata.
    fn meta(&self) -> &ObjectMeta;

    /// Its metadata, to change.
    fn meta_mut(&mut self) -> &mut ObjectMeta;

    /// What is wrong with it by itself, without a look at any other object.
    fn check(&self) -> Vec<Cause>;

    /// What a change from `old` breaks: fields that must not change.
    fn check_change(&self, _old: &Self) -> Vec<Cause> {
        Vec::new()
    }

    /// Its untyped form.
    ///
    /// # Panics
    /// Never: all our types serialise to JSON objects.
    fn to_raw(&self) -> RawObject {
        let value = serde_json::to_value(self).unwrap_or_default();
        serde_json::from_value(value).unwrap_or_else(|_| unreachable!("an object is an object"))
    }

    /// The typed form of `raw`.
    ///
    /// # Errors
    /// `Invalid`, naming the field that does not fit.
    fn from_raw(raw: &RawObject) -> Result<Self, ApiError> {
        let value = serde_json::to_value(raw).map_err(|e| ApiError::internal(e.to_string()))?;
        serde_json::from_value(value).map_err(|error| {
            let message = error.to_string();
            ApiError::invalid(
                Self::KIND,
                &raw.metadata.name,
                vec![Cause::invalid(
                    field_in(&message),
                    message,
                    format!("see `nagaya explain {}`, or /openapi.json", Self::KIND.plural()),
                )],
            )
        })
    }
}

/// The field a serde message is about, as well as it can be told.
fn field_in(message: &str) -> String {
    message.split('`').nth(1).map_or_else(|| "spec".to_owned(), |field| format!("spec.{field}"))
}

/// An object of any kind, with `spec` and `status` as they came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RawObject {
    /// `nagaya.dev/v1alpha1`.
    pub api_version: String,
    /// The kind.
    pub kind: Kind,
    /// Metadata.
    pub metadata: ObjectMeta,
    /// What is wanted. One that is left out, or empty as a bare `spec:` in YAML is, wants nothing in particular:
    /// `{}`, which suits kinds that demand no field, and others name the field they miss.
    #[serde(default = "no_fields", deserialize_with = "fields")]
    #[schema(value_type = Object)]
    pub spec: Value,
    /// What is.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[schema(value_type = Object)]
    pub status: Value,
}

fn no_fields() -> Value {
    Value::Object(serde_json::Map::new())
}

fn fields<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(if value.is_null() { no_fields() } else { value })
}

impl RawObject {
    /// Checks apiVersion, the name, and the rules of the kind. Returns the object with the fields of its
    /// type only, defaults filled in.
    ///
    /// # Errors
    /// `Invalid` with every cause found.
    pub fn validated(&self) -> Result<RawObject, ApiError> {
        use crate::kinds;
        match self.kind {
            Kind::Cluster => self.validated_as::<kinds::cluster::Cluster>(),
            Kind::Group => self.validated_as::<kinds::group::Group>(),
            Kind::User => self.validated_as::<kinds::user::User>(),
            Kind::Team => self.validated_as::<kinds::team::Team>(),
            Kind::Image => self.validated_as::<kinds::image::Image>(),
            Kind::Template => self.validated_as::<kinds::template::Template>(),
            Kind::Bundle => self.validated_as::<kinds::bundle::Bundle>(),
            Kind::BundleVersion => self.validated_as::<kinds::bundle_version::BundleVersion>(),
            Kind::Source => self.validated_as::<kinds::source::Source>(),
            Kind::Repository => self.validated_as::<kinds::repository::Repository>(),
            Kind::Release => self.validated_as::<kinds::release::Release>(),
            Kind::ReleaseVersion => self.validated_as::<kinds::release_version::ReleaseVersion>(),
            Kind::Workspace => self.validated_as::<kinds::workspace::Workspace>(),
        }
    }

    /// Checks that nothing changed from `old` that must not.
    ///
    /// # Errors
    /// `Invalid` with every cause found.
    pub fn check_change(&self, old: &RawObject) -> Result<(), ApiError> {
        use crate::kinds;
        match self.kind {
            Kind::Cluster => self.check_change_as::<kinds::cluster::Cluster>(old),
            Kind::Group => self.check_change_as::<kinds::group::Group>(old),
            Kind::User => self.check_change_as::<kinds::user::User>(old),
            Kind::Team => self.check_change_as::<kinds::team::Team>(old),
            Kind::Image => self.check_change_as::<kinds::image::Image>(old),
            Kind::Template => self.check_change_as::<kinds::template::Template>(old),
            Kind::Bundle => self.check_change_as::<kinds::bundle::Bundle>(old),
            Kind::BundleVersion => self.check_change_as::<kinds::bundle_version::BundleVersion>(old),
            Kind::Source => self.check_change_as::<kinds::source::Source>(old),
            Kind::Repository => self.check_change_as::<kinds::repository::Repository>(old),
            Kind::Release => self.check_change_as::<kinds::release::Release>(old),
            Kind::ReleaseVersion => self.check_change_as::<kinds::release_version::ReleaseVersion>(old),
            Kind::Workspace => self.check_change_as::<kinds::workspace::Workspace>(old),
        }
    }

    fn validated_as<R: Resource>(&self) -> Result<RawObject, ApiError> {
        let mut causes = Vec::new();
        if self.api_version != API_VERSION {
            causes.push(Cause::invalid(
                "apiVersion",
                format!("\"{}\" is not known", self.api_version),
                format!("write {API_VERSION}"),
            ));
        }
        if let Err(cause) = names::check("metadata.name", &self.metadata.name) {
            causes.push(cause);
        }
        let typed = R::from_raw(self)?;
        causes.extend(typed.check());
        if causes.is_empty() {
            return Ok(typed.to_raw());
        }
        Err(ApiError::invalid(self.kind, &self.metadata.name, causes))
    }

    fn check_change_as<R: Resource>(&self, old: &RawObject) -> Result<(), ApiError> {
        let causes = R::from_raw(self)?.check_change(&R::from_raw(old)?);
        if causes.is_empty() {
            Ok(())
        } else {
            Err(ApiError::invalid(self.kind, &self.metadata.name, causes))
        }
    }
}

/// Defines an object type of one kind with its list.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident, $spec:ty, $status:ty, check: $check:expr $(, change: $change:expr)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// `nagaya.dev/v1alpha1`.
            pub api_version: String,
            /// The kind.
            pub kind: $crate::Kind,
            /// Metadata.
            pub metadata: $crate::ObjectMeta,
            /// What is wanted.
            pub spec: $spec,
            /// What is; only the server writes it.
            #[serde(default)]
            pub status: $status,
        }

        impl $name {
            /// A new object with this name and spec.
            pub fn new(name: &str, spec: $spec) -> Self {
                Self {
                    api_version: $crate::API_VERSION.to_owned(),
                    kind: $crate::Kind::$name,
                    metadata: $crate::ObjectMeta::named(name),
                    spec,
                    status: <$status>::default(),
                }
            }
        }

        impl $crate::Resource for $name {
            const KIND: $crate::Kind = $crate::Kind::$name;
            fn meta(&self) -> &$crate::ObjectMeta { &self.metadata }
            fn meta_mut(&mut self) -> &mut $crate::ObjectMeta { &mut self.metadata }
            fn check(&self) -> Vec<$crate::Cause> {
                let check: fn(&Self) -> Vec<$crate::Cause> = $check;
                check(self)
            }
            $(fn check_change(&self, old: &Self) -> Vec<$crate::Cause> {
                let change: fn(&Self, &Self) -> Vec<$crate::Cause> = $change;
                change(self, old)
            })?
        }
    };
}
pub(crate) use resource;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn raw(kind: Kind, rest: &Value) -> RawObject {
        let mut object = json!({"apiVersion": API_VERSION, "kind": kind.name(), "metadata": {"name": "it"}});
        object.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        serde_json::from_value(object).unwrap()
    }

    #[test]
    fn a_spec_left_out_is_an_empty_one() {
        for rest in [json!({}), json!({"spec": null}), json!({"spec": {}})] {
            let object = raw(Kind::User, &rest).validated().unwrap();
            assert_eq!(object.spec, json!({"admin": false, "disabled": false}), "{rest}");
        }
    }

    #[test]
    fn a_kind_with_required_fields_names_one_that_is_missing() {
        for (kind, field) in [
            (Kind::Team, "spec.cluster"),
            (Kind::Image, "spec.reference"),
            (Kind::Template, "spec.homeSize"),
            (Kind::Workspace, "spec.owner"),
        ] {
            for rest in [json!({}), json!({"spec": null})] {
                let error = raw(kind, &rest).validated().unwrap_err();
                assert_eq!((error.code, error.details.causes[0].field.as_str()), (422, field), "{error}");
            }
        }
    }

    #[test]
    fn a_spec_that_is_no_map_stays_an_error() {
        assert!(raw(Kind::User, &json!({"spec": "admin"})).validated().is_err());
    }
}
