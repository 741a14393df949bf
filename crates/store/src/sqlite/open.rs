//! Opening: the key, the connections, migrations, the incarnation.

use std::{
    collections::HashMap,
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use jiff::Timestamp;
use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{Mutex as AsyncMutex, watch as bell};
use tokio_util::task::TaskTracker;

use super::{Inner, KEY_FILE, Store, StoreConfig, Writing, seal::Progress};
use crate::{
    StoreError, Writer,
    seal::{Key, Ring},
    watch::Live,
};

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
        // Before the database: a key that is not to be had changes nothing of it.
        let ring = config.key.load(&config.dir.join(KEY_FILE)).await?;
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
        let ring = ring_for(&config, ring, &mut connection, failed).await?;
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
                ring: RwLock::new(Arc::new(ring)),
                rotation: AsyncMutex::default(),
                progress: Progress::default(),
                incarnation: RwLock::new(String::new()),
                used: Mutex::new(HashMap::new()),
                access: bell::Sender::new(0),
                writes: Mutex::default(),
                tasks: TaskTracker::new(),
                config,
            }),
        };
        store.seal_settle(Writer::system("store", now)).await?;
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

/// The keys to go on with: those given, or a new one when nothing is sealed yet.
async fn ring_for(
    config: &StoreConfig,
    given: Option<Ring>,
    connection: &mut SqliteConnection,
    failed: impl Fn(sqlx::Error) -> StoreError,
) -> Result<Ring, StoreError> {
    let file = config.dir.join(KEY_FILE);
    let Some(ring) = given else {
        let sealed: i64 =
            sqlx::query_scalar("SELECT count(*) FROM secrets").fetch_one(connection).await.map_err(failed)?;
        if sealed > 0 {
            let why = format!(
                "there is no such file, and {sealed} secrets are sealed: restore it from the backup of the data directory, or set sealingKeyCommand to the command that gave the key; without it they are lost"
            );
            return Err(StoreError::Key { place: file.display().to_string(), why });
        }
        let ring = Ring::of(Arc::new(Key::generate()?));
        config.key.keep(&file, &ring)?;
        return Ok(ring);
    };
    let in_use: i64 = sqlx::query_scalar("SELECT count(*) FROM secrets WHERE key = ?")
        .bind(ring.first().id())
        .fetch_one(connection)
        .await
        .map_err(failed)?;
    if in_use == 0 {
        config.key.check_stays(&ring).await?;
    }
    Ok(ring)
}
