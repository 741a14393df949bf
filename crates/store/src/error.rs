//! What can go wrong, and what the caller of the API is told.

use std::path::PathBuf;

use nagaya_api::{ApiError, Kind};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such object.
    #[error("{kind} \"{name}\" not found")]
    NotFound {
        /// Its kind.
        kind: Kind,
        /// Its name.
        name: String,
    },
    /// There is one of that name already.
    #[error("{kind} \"{name}\" already exists")]
    AlreadyExists {
        /// Its kind.
        kind: Kind,
        /// Its name.
        name: String,
    },
    /// The object changed since the writer read it.
    #[error("{kind} \"{name}\" changed meanwhile: it is at revision {current}, the write names {given}")]
    Conflict {
        /// Its kind.
        kind: Kind,
        /// Its name.
        name: String,
        /// The revision it has.
        current: u64,
        /// The revision the writer named.
        given: String,
    },
    /// A watch asked for events that are no longer kept, or for a revision that never was.
    #[error("revision {from} is too old or of another store: list again, then watch from revision {current}")]
    Expired {
        /// The revision asked for.
        from: u64,
        /// The newest revision.
        current: u64,
    },
    /// The API refuses the object: it breaks a rule of its kind.
    #[error("{0}")]
    Refused(Box<ApiError>),
    /// SQLite failed.
    #[error(
        "the database {path} failed: {source}. Is the disk full, or the file damaged or held by another program?"
    )]
    Database {
        /// The database file.
        path: String,
        /// What SQLite says.
        source: sqlx::Error,
    },
    /// The database was written by a newer version of Nagaya, or a migration failed.
    #[error(
        "the database {path} cannot be brought to this version: {source}. Use the version of Nagaya that wrote it, or restore a backup"
    )]
    Migration {
        /// The database file.
        path: String,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// A file beside the database cannot be used.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no sealing key to be had.
    #[error("no sealing key from {place}: {why}")]
    Key {
        /// The file, or the command.
        place: String,
        /// Why, and what to do.
        why: String,
    },
    /// A sealed secret does not open.
    #[error("secret \"{name}\" does not open: {why}")]
    Sealed {
        /// Its name.
        name: String,
        /// Why, and what to do.
        why: String,
    },
    /// Something is under way that must end first.
    #[error("{0}")]
    Busy(String),
    /// What is stored does not read as what it should be.
    #[error("{what} in the database cannot be read: {why}")]
    Damaged {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// The store was closed.
    #[error("the store is closed: the server is stopping")]
    Closed,
}

impl From<ApiError> for StoreError {
    fn from(error: ApiError) -> Self {
        Self::Refused(Box::new(error))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NotFound { kind, name } => Self::not_found(kind, &name),
            StoreError::AlreadyExists { kind, name } => Self::already_exists(kind, &name),
            StoreError::Conflict { kind, name, .. } => Self::conflict(
                kind,
                &name,
                "it changed since you read it: read it again, make your change to what you then see",
            ),
            StoreError::Expired { .. } => Self::new(410, "Expired", message),
            StoreError::Refused(error) => *error,
            StoreError::Busy(_) => Self::new(409, "Conflict", message),
            StoreError::Key { .. } => Self::new(422, "Invalid", message),
            StoreError::Closed => Self::unavailable(message),
            _ => Self::internal(message),
        }
    }
}
