-- Times are milliseconds since the epoch. Bodies are whole objects as JSON.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row, locked by every write: revisions become visible in the order in which they were given out.
-- `compacted` is the newest revision whose event is no longer kept.
CREATE TABLE revision (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    current   INTEGER NOT NULL,
    compacted INTEGER NOT NULL
) STRICT;
INSERT INTO revision VALUES (1, 0, 0);

CREATE TABLE objects (
    kind     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    team     TEXT,
    revision INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT;
CREATE INDEX objects_team ON objects (kind, team);

CREATE TABLE events (
    revision INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    type     TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    body     TEXT    NOT NULL
) STRICT;

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    verb    TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    team    TEXT,
    result  TEXT    NOT NULL,
    message TEXT    NOT NULL,
    changes TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_object ON audit (kind, name);

-- Sessions and API tokens. Only a hash of the secret is here.
CREATE TABLE tokens (
    id         TEXT    PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    purpose    TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    idle_ms    INTEGER,
    used_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_user ON tokens (user);

CREATE TABLE credentials (
    user        TEXT    PRIMARY KEY,
    phc         TEXT    NOT NULL,
    must_change INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE join_tokens (
    id         TEXT    PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    cluster    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

-- Sealed with the key in the file store.key beside the database.
CREATE TABLE secrets (
    name   TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
