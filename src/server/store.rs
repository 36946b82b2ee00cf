//! All SQL there is, over one SQLite database.
//!
//! **One writer.** SQLite takes one writing transaction at a time, so there is one connection for
//! writing, which callers queue up for in order (no busy errors, no unfair retries), and a few
//! read-only ones beside it, which in WAL mode neither wait for the writer nor hold it up.
//!
//! **Nothing is answered before it is on the disk.** `synchronous` is FULL: with NORMAL a commit
//! survives the end of the process but not a power cut, and a power cut that undoes "these messages
//! are about to leave" (see [`outbox`]) would send them twice. The price is one flush per
//! transaction, and the busy paths put hundreds of changes into each.
//!
//! **Counts never lie.** A campaign's counts, state, cost and revision live in its row and change in
//! the transaction that changes its messages, through `ledger::Ledger` and nothing else.

pub mod audit;
pub mod campaigns;
pub mod chunks;
pub mod forgotten;
mod ledger;
pub mod messages;
pub mod outbox;
pub mod receipts;
pub mod sessions;
pub mod settings;
pub mod users;

use crate::changes::Changes;
use domain::campaign::delivery::DeliveryState;
use domain::price::money::{Amount, Cost, Currency};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;
use uuid::Uuid;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Readers beside the writer. Requests read for well under a millisecond.
const READERS: u32 = 4;

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    changes: Changes,
}

/// Why the database cannot be used at all.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The URL is none of SQLite's.
    #[error("“{0}” is not a database: write sqlite: and the path of a file")]
    Url(String),
    /// The file cannot be opened or made.
    #[error(
        "cannot open the database {path}: {why}. Choose a file in a folder that exists and can be \
         written to (--database sqlite:PATH)"
    )]
    Open {
        /// Which file.
        path: String,
        /// In SQLite's words.
        why: String,
    },
    /// It was made by a later release.
    #[error(
        "the database {path} was made by a newer version of sms-sender (it has migration {version}, \
         which this version does not know). Start that version, or restore a backup"
    )]
    Newer {
        /// Which file.
        path: String,
        /// The migration.
        version: i64,
    },
    /// A migration failed or was altered.
    #[error("cannot bring the database {path} up to date: {why}")]
    Migrate {
        /// Which file.
        path: String,
        /// In sqlx's words.
        why: String,
    },
}

/// Why the database did not do as it was asked. For the log, never for users.
#[derive(Debug, Error)]
pub enum StoreError {
    /// SQLite failed: the disk is full, say.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// A value in it cannot be one of ours.
    #[error("the database holds a {0} that cannot be read")]
    Corrupt(&'static str),
}

/// What store functions answer with.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// A campaign's number within the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(i64);

#[cfg(test)]
impl Key {
    /// A key of no campaign.
    pub const fn for_tests(n: i64) -> Self {
        Self(n)
    }
}

impl Store {
    /// Opens the database, makes it if there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if !url.starts_with("sqlite:") {
            return Err(OpenError::Url(url.to_owned()));
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|_| OpenError::Url(url.to_owned()))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Only ever met when another process writes: the `user` command beside a server.
            .busy_timeout(Duration::from_secs(10))
            // Rather than at every commit that happens to pass 4 MB: fewer flushes under load.
            .pragma("wal_autocheckpoint", "4000");
        let path = options.get_filename().display().to_string();
        let failed = |error: sqlx::Error| OpenError::Open {
            path: path.clone(),
            why: error
                .as_database_error()
                .map_or_else(|| error.to_string(), |error| error.message().to_owned()),
        };
        let in_memory = url.contains(":memory:");
        if !in_memory {
            only_for_owner(options.get_filename())
                .map_err(|error| OpenError::Open { path: path.clone(), why: error.to_string() })?;
        }
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        // Says at the start, and not at the first campaign, that the file is read-only.
        sqlx::query("BEGIN IMMEDIATE; ROLLBACK").execute(&writer).await.map_err(failed)?;
        MIGRATIONS.run(&writer).await.map_err(|error| match error {
            MigrateError::VersionMissing(version) => {
                OpenError::Newer { path: path.clone(), version }
            }
            error => OpenError::Migrate { path: path.clone(), why: error.to_string() },
        })?;
        // A database in memory belongs to its one connection.
        let reader = if in_memory {
            writer.clone()
        } else {
            let options = options.read_only(true).create_if_missing(false);
            let pool = SqlitePoolOptions::new().max_connections(READERS);
            pool.connect_with(options).await.map_err(failed)?
        };
        Ok(Self { writer, reader, changes: Changes::default() })
    }

    /// Who is told about changes of campaigns.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Whether the database answers, for the readiness probe.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1 FROM settings LIMIT 1").execute(&self.reader).await?;
        Ok(())
    }

    /// Waits for what is under way and closes the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// A transaction that may write from its first statement on.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Makes the file, if there is none, and lets nobody read it but its owner: it holds numbers and texts. SQLite gives
/// what it puts beside the file (WAL, shared memory) the same permissions.
#[cfg(unix)]
fn only_for_owner(path: &std::path::Path) -> std::io::Result<()> {
    use std::fs::{OpenOptions, Permissions, set_permissions};
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    const OWNER: u32 = 0o600;
    let made = OpenOptions::new().write(true).create_new(true).mode(OWNER).open(path);
    match made {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) => {}
    }
    // One that was made by an earlier version, with what lay beside it.
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        match set_permissions(&file, Permissions::from_mode(OWNER)) {
            Err(error)
                if suffix.is_empty() && error.kind() != std::io::ErrorKind::PermissionDenied =>
            {
                return Err(error);
            }
            // Whoever may not change them does not own the file, and cannot be helped here.
            _ => {}
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_for_owner(_: &std::path::Path) -> std::io::Result<()> {
    Ok(())
}

/// A message's state by its name in the database.
fn delivery_state(name: &str) -> Result<DeliveryState> {
    DeliveryState::from_name(name).ok_or(StoreError::Corrupt("delivery state"))
}

fn amount(text: &str) -> Result<Amount> {
    Amount::parse(text).map_err(|_| StoreError::Corrupt("amount"))
}

fn cost(low: &str, high: &str) -> Result<Cost> {
    Ok(Cost { low: amount(low)?, high: amount(high)? })
}

fn currency(code: &str) -> Result<Currency> {
    Currency::parse(code).ok_or(StoreError::Corrupt("currency"))
}

/// A UUID as SQL's `hex()` takes and gives it, for values that travel in JSON.
fn hex(uuid: Uuid) -> String {
    uuid.simple().to_string()
}

fn to_json(value: &impl serde::Serialize) -> String {
    // Only ever called for maps, vectors and numbers, which always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    #[tokio::test]
    async fn nobody_but_the_owner_reads_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let url = format!("sqlite:{}", file.display());
        let mode = |suffix: &str| {
            let path = format!("{}{suffix}", file.display());
            metadata(path).unwrap().permissions().mode() & 0o777
        };
        let store = Store::open(&url).await.unwrap();
        assert_eq!(["", "-wal", "-shm"].map(mode), [0o600; 3]);
        store.close().await;
        // Also when it was open to others before.
        set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let store = Store::open(&url).await.unwrap();
        assert_eq!(["", "-wal", "-shm"].map(mode), [0o600; 3]);
        store.close().await;
    }
}
