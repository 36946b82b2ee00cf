//! Who is signed in. Only hashes of tokens come in here.

use super::{Result, Store};
use domain::time::Timestamp;
use domain::wire::Session;
use sqlx::Row as _;
use uuid::Uuid;

/// SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

impl Store {
    /// Signs a user in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_session(
        &self,
        token: &TokenHash,
        user: Uuid,
        expires_at: Timestamp,
    ) -> Result<()> {
        sqlx::query("INSERT INTO sessions (token_hash, user, expires_at) VALUES (?, ?, ?)")
            .bind(token.as_slice())
            .bind(user)
            .bind(expires_at.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Who this token belongs to, and when it expires.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(
        &self,
        token: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<(Session, Timestamp)>> {
        let row = sqlx::query(
            "SELECT users.id, name, email, expires_at
             FROM sessions JOIN users ON users.id = sessions.user
             WHERE token_hash = ? AND expires_at > ? AND disabled_at IS NULL",
        )
        .bind(token.as_slice())
        .bind(now.0)
        .fetch_optional(&self.reader)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let session = Session {
            user_id: row.try_get("id")?,
            name: row.try_get("name")?,
            email: row.try_get("email")?,
        };
        Ok(Some((session, Timestamp(row.try_get("expires_at")?))))
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

    /// Forgets the sessions that have expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep_sessions(&self, now: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE expires_at <= ?")
            .bind(now.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
