-- Who may sign in, and who is signed in. Ids are the 16 bytes of a UUID, times are milliseconds
-- since 1970 in UTC, here and in every other table.

CREATE TABLE users (
    id          BLOB NOT NULL PRIMARY KEY,
    -- As it is compared: trimmed and in lower case.
    email       TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    -- A PHC string: Argon2id with its parameters and salt, so that stronger ones need no migration.
    password    TEXT NOT NULL,
    -- Users are disabled and never deleted: campaigns say who made them.
    disabled_at INTEGER,
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    -- SHA-256 of the cookie's token: who reads this table, or a copy of it, cannot sign in with it.
    -- No salt and no slow hash needed, for the token has 256 random bits.
    token_hash BLOB NOT NULL PRIMARY KEY,
    user       BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For signing a user out everywhere, and for sweeping out what has expired.
CREATE INDEX sessions_user ON sessions (user);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- What this installation made up for itself at its first start.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
