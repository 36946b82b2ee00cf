//! What the installation made up for itself at its first start.

use super::{Result, Store};

impl Store {
    /// The setting of this name; `made_up` if there was none, from then on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setting(&self, name: &str, made_up: &str) -> Result<String> {
        sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(made_up)
            .execute(&self.writer)
            .await?;
        let value = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?").bind(name);
        Ok(value.fetch_one(&self.writer).await?)
    }
}
