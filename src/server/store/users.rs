//! The users of the installation.

use super::sessions::TokenHash;
use super::{Result, Store};
use domain::time::Timestamp;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

/// A user, with what a sign-in is checked against.
#[derive(Clone, Debug)]
pub struct User {
    /// Theirs for good.
    pub id: Uuid,
    /// As it is compared, see [`normalized`].
    pub email: String,
    /// What to call them.
    pub name: String,
    /// The hash of their password.
    pub password: String,
    /// Whether they may not sign in.
    pub disabled: bool,
    /// The tenant that vouches for them and what it calls them; `None` for our own users.
    pub host: Option<(String, String)>,
}

/// The longest address that mail can be sent to, in bytes (RFC 5321, section 4.5.3.1.3, less the brackets).
pub const LONGEST_ADDRESS: usize = 254;

/// An address as it is stored and compared. The part before the @ could tell capitals from small
/// letters; no provider does, and people type both.
pub fn normalized(email: &str) -> String {
    email.trim().to_lowercase()
}

fn user(row: &SqliteRow) -> Result<User> {
    Ok(User {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        password: row.try_get("password")?,
        disabled: row.try_get::<Option<i64>, _>("disabled_at")?.is_some(),
        host: row.try_get::<Option<String>, _>("tenant")?.zip(row.try_get("subject")?),
    })
}

impl Store {
    /// Adds a user, unless the address is taken; whether it was done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_user(
        &self,
        email: &str,
        name: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let added = sqlx::query(
            "INSERT INTO users (id, email, name, password, created_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (email) DO NOTHING",
        )
        .bind(Uuid::new_v4())
        .bind(normalized(email))
        .bind(name)
        .bind(password)
        .bind(now.0)
        .execute(&self.writer)
        .await?;
        Ok(added.rows_affected() > 0)
    }

    /// The user of this address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user(&self, email: &str) -> Result<Option<User>> {
        let row = sqlx::query("SELECT * FROM users WHERE email = ?")
            .bind(normalized(email))
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(user).transpose()
    }

    /// The user whom a host calls so, made on first sight; `None` when they may not sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hosts_user(
        &self,
        tenant: &str,
        subject: &str,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Uuid>> {
        let id = Uuid::new_v4();
        let row = sqlx::query(
            "INSERT INTO users (id, email, name, password, created_at, tenant, subject)
             VALUES (?, ?, ?, '', ?, ?, ?)
             ON CONFLICT (tenant, subject) DO UPDATE SET name = excluded.name
             RETURNING id, disabled_at",
        )
        .bind(id)
        // Cannot be typed as an address, and is the same for nobody else.
        .bind(format!("embed:{id}"))
        .bind(name)
        .bind(now.0)
        .bind(tenant)
        .bind(subject)
        .fetch_one(&self.writer)
        .await?;
        let disabled = row.try_get::<Option<i64>, _>("disabled_at")?.is_some();
        Ok(if disabled { None } else { Some(row.try_get("id")?) })
    }

    /// All users, by address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&self) -> Result<Vec<User>> {
        let rows = sqlx::query("SELECT * FROM users ORDER BY email").fetch_all(&self.reader);
        rows.await?.iter().map(user).collect()
    }

    /// Sets a password, lets the user in again if they were disabled, and signs them out
    /// everywhere; whether there is such a user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(&self, email: &str, password: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let set = sqlx::query(
            "UPDATE users SET password = ?, disabled_at = NULL WHERE email = ? AND tenant IS NULL",
        )
        .bind(password)
        .bind(normalized(email))
        .execute(&mut *tx)
        .await?;
        sign_out_everywhere(&mut tx, email).await?;
        tx.commit().await?;
        Ok(set.rows_affected() > 0)
    }

    /// Changes a password that was checked, if it is still that one, and signs the user out everywhere but in a new
    /// session; whether it was done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_password(
        &self,
        (user, checked): (Uuid, &str),
        password: &str,
        session: (&TokenHash, Timestamp, Timestamp),
    ) -> Result<bool> {
        let (token, now, expires_at) = session;
        let mut tx = self.write().await?;
        let changed = sqlx::query(
            "UPDATE users SET password = ? WHERE id = ? AND password = ? AND disabled_at IS NULL",
        )
        .bind(password)
        .bind(user)
        .bind(checked)
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM sessions WHERE user = ?").bind(user).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO sessions (token_hash, user, opened_at, expires_at) VALUES (?, ?, ?, ?)",
        )
        .bind(token.as_slice())
        .bind(user)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Keeps a user from signing in and signs them out everywhere; whether there is such a user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disable_user(&self, email: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.write().await?;
        let disabled = sqlx::query("UPDATE users SET disabled_at = ? WHERE email = ?")
            .bind(now.0)
            .bind(normalized(email))
            .execute(&mut *tx)
            .await?;
        sign_out_everywhere(&mut tx, email).await?;
        tx.commit().await?;
        Ok(disabled.rows_affected() > 0)
    }
}

async fn sign_out_everywhere(tx: &mut sqlx::SqliteConnection, email: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user = (SELECT id FROM users WHERE email = ?)")
        .bind(normalized(email))
        .execute(tx)
        .await?;
    Ok(())
}
