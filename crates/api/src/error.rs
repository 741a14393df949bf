//! What a client is told when something cannot be done: which object, which field, how to mend it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cause {
    /// Path of the field, for instance `spec.homeSize`.
    pub field: String,
    /// A code the console translates, for instance `FieldValueInvalid`.
    pub reason: String,
    /// What is wrong, in English.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mend: String,
}

impl Cause {
    /// A field whose value is not acceptable.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueInvalid".into(),
            message: message.into(),
            mend: mend.into(),
        }
    }

    /// A field that must be set and is not.
    pub fn required(field: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueRequired".into(),
            message: "is required".into(),
            mend: mend.into(),
        }
    }

    /// A field that names an object that is not there.
    pub fn not_found(field: impl Into<String>, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            reason: "FieldValueNotFound".into(),
            message: message.into(),
            mend: mend.into(),
        }
    }
}

/// Which object an error is about, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetails {
    /// Kind of the object.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What is wrong, by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
}

/// An error of the API, in the form of Kubernetes' `Status`, so that kubectl shows it as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// `v1`.
    pub api_version: String,
    /// `Status`.
    pub kind: String,
    /// `Failure`.
    pub status: String,
    /// HTTP status code.
    pub code: u16,
    /// A code for programs, as in Kubernetes: `NotFound`, `Conflict`, `Invalid`, …
    pub reason: String,
    /// The whole story in one English sentence.
    pub message: String,
    /// Object and fields.
    #[serde(default)]
    pub details: ErrorDetails,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for cause in &self.details.causes {
            write!(f, "\n  {}: {}", cause.field, cause.message)?;
            if !cause.mend.is_empty() {
                write!(f, " ({})", cause.mend)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

impl ApiError {
    /// An error with a code, a reason and a message, about no object in particular.
    pub fn new(code: u16, reason: &str, message: impl Into<String>) -> Self {
        Self {
            api_version: "v1".into(),
            kind: "Status".into(),
            status: "Failure".into(),
            code,
            reason: reason.into(),
            message: message.into(),
            details: ErrorDetails::default(),
        }
    }

    /// Says which object the error is about.
    #[must_use]
    pub fn about(mut self, kind: impl fmt::Display, name: impl Into<String>) -> Self {
        self.details.kind = kind.to_string();
        self.details.name = name.into();
        self
    }

    /// Adds what is wrong, by field.
    #[must_use]
    pub fn because(mut self, causes: Vec<Cause>) -> Self {
        self.details.causes = causes;
        self
    }

    /// 404.
    pub fn not_found(kind: impl fmt::Display, name: &str) -> Self {
        let message = format!("{kind} \"{name}\" not found");
        Self::new(404, "NotFound", message).about(kind, name)
    }

    /// 409: there is one of that name already.
    pub fn already_exists(kind: impl fmt::Display, name: &str) -> Self {
        let message =
            format!("{kind} \"{name}\" already exists: choose another name, or change the one that is there");
        Self::new(409, "AlreadyExists", message).about(kind, name)
    }

    /// 409: the object changed since it was read, or its state does not allow this.
    pub fn conflict(kind: impl fmt::Display, name: &str, message: impl fmt::Display) -> Self {
        Self::new(409, "Conflict", format!("{kind} \"{name}\": {message}")).about(kind, name)
    }

    /// 422: the object breaks a rule.
    pub fn invalid(kind: impl fmt::Display, name: &str, causes: Vec<Cause>) -> Self {
        Self::new(422, "Invalid", format!("{kind} \"{name}\" is invalid")).about(kind, name).because(causes)
    }

    /// 400: the request itself makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 401.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "Unauthorized", message)
    }

    /// 403.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "Forbidden", message)
    }

    /// 503: what is needed for this is away now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(503, "ServiceUnavailable", message)
    }

    /// 500.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "InternalError", message)
    }
}
