//! Campaigns that will never be submitted: stopped by their user, or abandoned.
//!
//! **Hidden at once, erased in slices.** In one transaction the id is remembered as forgotten and the
//! campaign's row takes another id, which nobody knows: from then on no request finds it. Submit is a
//! transaction as well, so exactly one of the two wins. A million recipients are erased afterwards,
//! some at a time, so that others can write in between; what a stopped process has left of them goes
//! with the next housekeeping.
//!
//! **Remembered for days.** A request that was sent before, or is repeated, finds the id forgotten and
//! is told so. An id that was never here can be forgotten too: the campaign may still be on its way.

use super::{Key, Result, Store};
use crate::embed::Granted;
use domain::campaign::CampaignState;
use domain::recipients::CHUNK_SIZE;
use domain::time::Timestamp;
use sqlx::{Row as _, SqliteConnection};
use std::time::Duration;
use uuid::Uuid;

/// How many ids of nothing a user can have forgotten within [`DAY`]: their browser makes one for each
/// campaign, and the table must not grow at anybody's will.
const UNKNOWN_IDS: i64 = 1_000;
const DAY: i64 = 24 * Timestamp::HOUR;
/// The time that stands at campaigns which only wait to be erased.
pub(super) const LONG_AGO: Timestamp = Timestamp(0);

/// What forgetting a campaign came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgot {
    /// Nobody will ever find it.
    Done,
    /// It was submitted before.
    Submitted,
    /// It is somebody else's, which this user knows, or from a subaccount they may not use.
    NotTheirs,
    /// This user has too many unknown ids forgotten; there is room again after this time.
    TooMany(Duration),
}

/// To whom an id counts as forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// To this user.
    Theirs,
    /// To others, and the campaign was here.
    Others,
}

/// Whether an id is forgotten, as this user sees it.
pub(super) async fn mark(
    conn: &mut SqliteConnection,
    id: Uuid,
    user: Uuid,
) -> Result<Option<Mark>> {
    let theirs: Option<bool> = sqlx::query_scalar(
        "SELECT max(user = ?2) FROM forgotten WHERE id = ?1 AND (user = ?2 OR was_stored)",
    )
    .bind(id)
    .bind(user)
    .fetch_one(conn)
    .await?;
    Ok(theirs.map(|theirs| if theirs { Mark::Theirs } else { Mark::Others }))
}

impl Store {
    /// Forgets a campaign that was not submitted. To a user who may not know of it, it is as if there
    /// were none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(
        &self,
        id: Uuid,
        user: Uuid,
        granted: Option<&Granted>,
        now: Timestamp,
    ) -> Result<Forgot> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "SELECT key, state, created_by, subaccount, tenant
             FROM campaigns JOIN users ON users.id = campaigns.created_by WHERE campaigns.id = ?",
        )
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(row) = row {
            let is_theirs = row.try_get::<Uuid, _>("created_by")? == user;
            let tenant: Option<&str> = row.try_get("tenant")?;
            let subaccount: &str = row.try_get("subaccount")?;
            let is_reached = granted.is_none_or(|granted| {
                tenant == Some(granted.tenant.as_str()) && granted.reaches(subaccount)
            });
            match (is_theirs, is_reached) {
                (true, true) => {
                    let state: &str = row.try_get("state")?;
                    if state != CampaignState::Uploading.name() {
                        return Ok(Forgot::Submitted);
                    }
                    let key = Key(row.try_get("key")?);
                    hide(&mut tx, key, id, user, now).await?;
                    tx.commit().await?;
                    self.changes.announce(id);
                    return Ok(Forgot::Done);
                }
                (true, false) | (false, true) => return Ok(Forgot::NotTheirs),
                (false, false) => {}
            }
        }
        if mark(&mut tx, id, user).await? == Some(Mark::Theirs) {
            return Ok(Forgot::Done);
        }
        if let Some(wait) = no_room(&mut tx, user, now).await? {
            return Ok(Forgot::TooMany(wait));
        }
        remember(&mut tx, id, user, false, now).await?;
        tx.commit().await?;
        Ok(Forgot::Done)
    }

    /// Whether this user had the campaign forgotten, or abandoned it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_forgotten(&self, id: Uuid, user: Uuid) -> Result<bool> {
        let found = sqlx::query("SELECT 1 FROM forgotten WHERE id = ? AND user = ?")
            .bind(id)
            .bind(user)
            .fetch_optional(&self.reader)
            .await?;
        Ok(found.is_some())
    }

    /// Forgets campaigns that were begun before `created_before` and never submitted: nobody agreed to
    /// our keeping their recipients.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_abandoned(&self, created_before: Timestamp, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        let rows = sqlx::query(
            "SELECT key, id, created_by FROM campaigns
             WHERE state = 'uploading' AND created_at > ? AND created_at < ?",
        )
        .bind(LONG_AGO.0)
        .bind(created_before.0)
        .fetch_all(&mut *tx)
        .await?;
        let mut changed = Vec::with_capacity(rows.len());
        for row in rows {
            let (key, id) = (Key(row.try_get("key")?), row.try_get("id")?);
            hide(&mut tx, key, id, row.try_get("created_by")?, now).await?;
            changed.push(id);
        }
        tx.commit().await?;
        changed.into_iter().for_each(|id| self.changes.announce(id));
        Ok(())
    }

    /// Erases what is hidden.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erase_hidden(&self) -> Result<()> {
        let keys: Vec<i64> = sqlx::query_scalar(
            "SELECT key FROM campaigns WHERE state = 'uploading' AND created_at <= ?",
        )
        .bind(LONG_AGO.0)
        .fetch_all(&self.reader)
        .await?;
        for key in keys {
            while self.erase_some(Key(key)).await? {}
        }
        Ok(())
    }

    /// Whether there may be more to erase.
    async fn erase_some(&self, key: Key) -> Result<bool> {
        let mut tx = self.write().await?;
        let last: Option<i64> =
            sqlx::query_scalar("SELECT max(seq) FROM messages WHERE campaign = ?")
                .bind(key.0)
                .fetch_one(&mut *tx)
                .await?;
        match last {
            Some(last) => {
                sqlx::query("DELETE FROM messages WHERE campaign = ? AND seq > ?")
                    .bind(key.0)
                    .bind(last - i64::from(CHUNK_SIZE))
                    .execute(&mut *tx)
                    .await?;
            }
            // Its chunks, two hundred rows at most, go with it.
            None => {
                sqlx::query("DELETE FROM campaigns WHERE key = ?")
                    .bind(key.0)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(last.is_some())
    }

    /// Drops what was remembered before `forgotten_before`: no request is on its way for so long.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep_forgotten(&self, forgotten_before: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM forgotten WHERE forgotten_at < ?")
            .bind(forgotten_before.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// Remembers a campaign as forgotten and takes its id away from it.
async fn hide(
    conn: &mut SqliteConnection,
    key: Key,
    id: Uuid,
    user: Uuid,
    now: Timestamp,
) -> Result<()> {
    remember(conn, id, user, true, now).await?;
    sqlx::query("UPDATE campaigns SET id = ?, created_at = ? WHERE key = ?")
        .bind(Uuid::new_v4())
        .bind(LONG_AGO.0)
        .bind(key.0)
        .execute(conn)
        .await?;
    Ok(())
}

async fn remember(
    conn: &mut SqliteConnection,
    id: Uuid,
    user: Uuid,
    was_stored: bool,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO forgotten (id, user, was_stored, forgotten_at) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET was_stored = max(was_stored, excluded.was_stored)",
    )
    .bind(id)
    .bind(user)
    .bind(was_stored)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// How long this user has to wait until one more unknown id can be forgotten.
async fn no_room(
    conn: &mut SqliteConnection,
    user: Uuid,
    now: Timestamp,
) -> Result<Option<Duration>> {
    let row = sqlx::query(
        "SELECT count(*) AS n, min(forgotten_at) AS oldest FROM forgotten
         WHERE user = ? AND was_stored = 0 AND forgotten_at > ?",
    )
    .bind(user)
    .bind(now.0 - DAY)
    .fetch_one(conn)
    .await?;
    if row.try_get::<i64, _>("n")? < UNKNOWN_IDS {
        return Ok(None);
    }
    let millis = row.try_get::<i64, _>("oldest")? + DAY - now.0;
    Ok(Some(Duration::from_millis(millis.unsigned_abs())))
}
