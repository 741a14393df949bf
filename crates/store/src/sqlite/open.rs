//! Opening: the key, the connections, migrations, the incarnation.

use std::{
    collections::HashMap,
    fs,
    io::{ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use jiff::Timestamp;
use rand::TryRngCore;
use sqlx::{
    ConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{Mutex as AsyncMutex, watch as bell};
use tokio_util::task::TaskTracker;
use zeroize::Zeroizing;

use super::{Inner, Store, StoreConfig, Writing};
use crate::{StoreError, watch::Live};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

const INCARNATION: &str = "incarnation";

impl Store {
    /// Opens the store in a folder, making it when there is none.
    ///
    /// # Errors
    /// When folder, key or database cannot be used; the message says which and what to do.
    pub async fn open(dir: impl AsRef<Path>, now: Timestamp) -> Result<Self, StoreError> {
        Self::open_with(StoreConfig::new(dir.as_ref()), now).await
    }

    /// Opens the store with settings of one's own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(config: StoreConfig, now: Timestamp) -> Result<Self, StoreError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&config.dir)
            .map_err(|source| StoreError::File { path: config.dir.clone(), source })?;
        let cipher = cipher(&config.dir.join("store.key"))?;
        let path = config.dir.join("store.db");
        let file = path.display().to_string();
        let failed = |source| StoreError::Database { path: file.clone(), source };

        // FULL, not NORMAL: after a power cut NORMAL may forget the last commits, and then revisions and
        // intents that agents and watchers already hold would be given out again for something else. Writes
        // are few; the price is one fsync each.
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(failed)?;
        set_private(&path)?;
        MIGRATIONS
            .run(&mut connection)
            .await
            .map_err(|source| StoreError::Migration { path: file.clone(), source })?;
        let newest: i64 = sqlx::query_scalar("SELECT current FROM revision")
            .fetch_one(&mut connection)
            .await
            .map_err(failed)?;
        let readers = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(config.readers)
            .idle_timeout(Duration::from_secs(60))
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .map_err(failed)?;

        let store = Self {
            inner: Arc::new(Inner {
                file,
                writer: Arc::new(AsyncMutex::new(Some(Writing { connection, open: false }))),
                readers,
                live: Live::new(newest.unsigned_abs()),
                cipher,
                incarnation: RwLock::new(String::new()),
                used: Mutex::new(HashMap::new()),
                access: bell::Sender::new(0),
                writes: Mutex::default(),
                tasks: TaskTracker::new(),
                config,
            }),
        };
        match store.meta_get(INCARNATION).await? {
            Some(incarnation) => store.set_incarnation(incarnation),
            None => {
                store.new_incarnation(now).await?;
            }
        }
        Ok(store)
    }

    /// Identity of this store's history. Agents prune only for the incarnation they know.
    pub fn incarnation(&self) -> String {
        self.inner.incarnation.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Begins another history, as is due after a restore from a backup. Returns the new incarnation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_incarnation(&self, now: Timestamp) -> Result<String, StoreError> {
        let incarnation = uuid::Uuid::new_v4().to_string();
        self.meta_set(INCARNATION, &incarnation, now).await?;
        self.set_incarnation(incarnation.clone());
        Ok(incarnation)
    }

    fn set_incarnation(&self, incarnation: String) {
        *self.inner.incarnation.write().unwrap_or_else(std::sync::PoisonError::into_inner) = incarnation;
    }
}

/// The database holds hashes of passwords: nobody else reads it. The files SQLite adds take its mode.
fn set_private(path: &Path) -> Result<(), StoreError> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        .map_err(|source| StoreError::File { path: path.to_owned(), source })
}

/// The cipher of the key file, which is made when it is not there.
fn cipher(path: &Path) -> Result<ChaCha20Poly1305, StoreError> {
    let failed = |source| StoreError::File { path: path.to_owned(), source };
    let mut key = Zeroizing::new(Vec::new());
    match fs::File::open(path) {
        Ok(mut file) => {
            file.read_to_end(&mut key).map_err(failed)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            key.resize(32, 0);
            rand::rngs::OsRng
                .try_fill_bytes(&mut key)
                .map_err(|error| failed(std::io::Error::other(error.to_string())))?;
            // Whole or not at all: a half-written key would lock the secrets sealed with it.
            let unfinished = path.with_extension("key.new");
            let mut file = fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&unfinished)
                .map_err(failed)?;
            file.write_all(&key).map_err(failed)?;
            file.sync_all().map_err(failed)?;
            fs::rename(&unfinished, path).map_err(failed)?;
        }
        Err(error) => return Err(failed(error)),
    }
    ChaCha20Poly1305::new_from_slice(&key).map_err(|_| StoreError::Key { path: path.to_owned() })
}
