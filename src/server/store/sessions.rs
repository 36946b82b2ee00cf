//! Who is signed in. Only hashes of tokens come in here.

use super::{Result, Store, StoreError, to_json};
use crate::embed::Granted;
use domain::campaign::grant::Grant;
use domain::price::money::Amount;
use domain::time::Timestamp;
use domain::wire::Session;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

/// SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

/// What carries a session's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A cookie: the session of one of our own users.
    Cookie,
    /// The `Authorization` header: that of a host's user.
    Bearer,
}

/// A session that lives.
#[derive(Clone, Debug)]
pub struct Live {
    /// Who it is, and what is left of what they may do.
    pub session: Session,
    /// What their host granted; `None` for our own users.
    pub granted: Option<Granted>,
    /// When it was opened; 0 for a host's.
    pub opened_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What a host granted, and what is left of it; neither for our own users.
pub(super) fn grant(row: &SqliteRow) -> Result<Option<(Granted, Grant)>> {
    let Some(json) = row.try_get::<Option<&str>, _>("granted")? else { return Ok(None) };
    let granted: Granted = serde_json::from_str(json).map_err(|_| StoreError::Corrupt("grant"))?;
    let recipients_used: u32 = row.try_get("recipients_used")?;
    let spend_used = spend_used(row)?;
    let left = Grant {
        scopes: granted.scopes.clone(),
        recipients: granted.recipients.map(|all| all.saturating_sub(recipients_used)),
        spend: granted.spend.map(|all| all.minus(spend_used)),
    };
    Ok(Some((granted, left)))
}

/// What was spent with a session so far, at most.
pub(super) fn spend_used(row: &SqliteRow) -> Result<Amount> {
    Amount::parse(row.try_get("spend_used")?).map_err(|_| StoreError::Corrupt("amount"))
}

impl Store {
    /// Signs a user in whose password was checked, if it is still theirs; whether it was done. Checking takes a while, in
    /// which they may have changed it or been disabled.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_session(
        &self,
        token: &TokenHash,
        (user, checked): (Uuid, &str),
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool> {
        let opened = sqlx::query(
            "INSERT INTO sessions (token_hash, user, opened_at, expires_at)
             SELECT ?, id, ?, ? FROM users WHERE id = ? AND password = ? AND disabled_at IS NULL",
        )
        .bind(token.as_slice())
        .bind(now.0)
        .bind(expires_at.0)
        .bind(user)
        .bind(checked)
        .execute(&self.writer)
        .await?;
        Ok(opened.rows_affected() > 0)
    }

    /// Swaps a host's token for a session, unless it was swapped before; whether it was done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_granted_session(
        &self,
        token: &TokenHash,
        user: Uuid,
        granted: &Granted,
        expires_at: Timestamp,
        once: (&[u8; 32], Timestamp),
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        let (hash, until) = once;
        let first = sqlx::query(
            "INSERT INTO used_tokens (hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(hash.as_slice())
        .bind(until.0)
        .execute(&mut *tx)
        .await?;
        if first.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO sessions (token_hash, user, expires_at, granted) VALUES (?, ?, ?, ?)",
        )
        .bind(token.as_slice())
        .bind(user)
        .bind(expires_at.0)
        .bind(to_json(granted))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether a host's token was swapped for a session before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_swapped(&self, once: &[u8; 32]) -> Result<bool> {
        let found = sqlx::query("SELECT 1 FROM used_tokens WHERE hash = ?").bind(once.as_slice());
        Ok(found.fetch_optional(&self.reader).await?.is_some())
    }

    /// Who this token belongs to, if it came by the carrier it was made for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(
        &self,
        token: &TokenHash,
        carrier: Carrier,
        now: Timestamp,
    ) -> Result<Option<Live>> {
        let row = sqlx::query(
            "SELECT users.id, name, email, sessions.*
             FROM sessions JOIN users ON users.id = sessions.user
             WHERE token_hash = ? AND expires_at > ? AND disabled_at IS NULL
               AND (granted IS NOT NULL) = ?",
        )
        .bind(token.as_slice())
        .bind(now.0)
        .bind(carrier == Carrier::Bearer)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (granted, grant) = grant(&row)?.unzip();
        // A host's user has no address; what stands in its place is for us alone.
        let email = if granted.is_some() { "" } else { row.try_get("email")? };
        let session = Session {
            user_id: row.try_get("id")?,
            name: row.try_get("name")?,
            email: email.to_owned(),
            grant,
        };
        let opened_at = Timestamp(row.try_get("opened_at")?);
        let expires_at = Timestamp(row.try_get("expires_at")?);
        Ok(Some(Live { session, granted, opened_at, expires_at }))
    }

    /// Lets a session live on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn extend_session(&self, token: &TokenHash, expires_at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE sessions SET expires_at = ? WHERE token_hash = ?")
            .bind(expires_at.0)
            .bind(token.as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Signs out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_session(&self, token: &TokenHash) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = ?")
            .bind(token.as_slice())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Signs a user out everywhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_sessions_of(&self, user: Uuid) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE user = ?").bind(user).execute(&self.writer).await?;
        Ok(())
    }

    /// Forgets the sessions that have expired, and used tokens that would not be taken any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep_sessions(&self, now: Timestamp) -> Result<()> {
        for table in ["sessions", "used_tokens"] {
            let sweep = format!("DELETE FROM {table} WHERE expires_at <= ?");
            sqlx::query(sqlx::AssertSqlSafe(sweep)).bind(now.0).execute(&self.writer).await?;
        }
        Ok(())
    }
}
