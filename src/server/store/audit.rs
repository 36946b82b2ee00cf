//! The audit log: who did what, from where, on which campaign. Rows are added and read, never changed.

use super::{Result, Store};
use domain::time::Timestamp;
use serde::{Serialize, Serializer};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// What was done: `submitted`, `signed_in`, …
    pub action: String,
    /// By whom; nobody for commands on the server and for strangers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Uuid>,
    /// What they were called then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The client's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// On which campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Uuid>,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

fn rfc3339<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.to_rfc3339())
}

fn entry(row: &SqliteRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        at: Timestamp(row.try_get("at")?),
        action: row.try_get("action")?,
        user: row.try_get("user")?,
        name: row.try_get("name")?,
        address: row.try_get("address")?,
        campaign: row.try_get("campaign")?,
        detail: row.try_get("detail")?,
    })
}

impl Store {
    /// Adds an entry.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_to_audit(&self, entry: &AuditEntry) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit (at, action, user, name, address, campaign, detail)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(entry.at.0)
        .bind(&entry.action)
        .bind(entry.user)
        .bind(&entry.name)
        .bind(&entry.address)
        .bind(entry.campaign)
        .bind(&entry.detail)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Up to `most` entries since `since`, the oldest first, after the first `skip` of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, since: Timestamp, skip: u32, most: u32) -> Result<Vec<AuditEntry>> {
        let rows = sqlx::query("SELECT * FROM audit WHERE at >= ? ORDER BY id LIMIT ? OFFSET ?")
            .bind(since.0)
            .bind(most)
            .bind(skip)
            .fetch_all(&self.reader)
            .await?;
        rows.iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_done_stays_as_it_was_written() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let written = AuditEntry {
            at: Timestamp(1_795_356_300_000),
            action: "submitted".into(),
            user: Some(Uuid::from_u128(1)),
            name: Some("ann@example.com".into()),
            address: Some("192.0.2.1".into()),
            campaign: Some(Uuid::from_u128(2)),
            detail: None,
        };
        store.add_to_audit(&written).await.unwrap();
        assert_eq!(store.audit(Timestamp(0), 0, 10).await.unwrap(), [written]);
        for change in ["UPDATE audit SET name = 'x'", "DELETE FROM audit"] {
            assert!(sqlx::query(change).execute(&store.writer).await.is_err(), "{change}");
        }
    }
}
