//! Recipients as they arrive: a chunk at a time, in any order, any number of times.

use super::ledger::Ledger;
use super::{Result, Store, campaigns, to_json};
use domain::campaign::CampaignState;
use domain::message::template::MOBILE;
use domain::price::quote::CountryQuote;
use domain::recipients::phone::Country;
use domain::recipients::{CHUNK_SIZE, Chunk};
use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A chunk that was checked and counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Its place, from 0.
    pub number: u32,
    /// The recipients.
    pub chunk: Chunk,
    /// Country and segments of each of them.
    pub messages: Vec<(Option<Country>, u32)>,
    /// The sums by country.
    pub countries: Vec<CountryQuote>,
}

/// What storing a chunk came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is stored, now or from before.
    Yes,
    /// There is no such campaign.
    Unknown,
    /// Others were stored in its place.
    Different,
}

impl Store {
    /// Stores a chunk. `fields` are those that the template uses; others are not kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_chunk(
        &self,
        campaign: Uuid,
        counted: &Counted,
        fields: &[&str],
        now: Timestamp,
    ) -> Result<Stored> {
        let content_hash = Sha256::digest(to_json(&counted.chunk));
        // One JSON array for all rows: a statement for each would spend most of its time on the way
        // to SQLite and back.
        let rows = rows(counted, fields);
        let mut tx = self.write().await?;
        let Some(key) = campaigns::key(&mut tx, campaign).await? else {
            return Ok(Stored::Unknown);
        };
        let stored: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT content_hash FROM chunks WHERE campaign = ? AND number = ?")
                .bind(key.0)
                .bind(counted.number)
                .fetch_optional(&mut *tx)
                .await?;
        if let Some(stored) = stored {
            let same = stored == content_hash.as_slice();
            return Ok(if same { Stored::Yes } else { Stored::Different });
        }
        let mut ledger = Ledger::load(&mut tx, key).await?;
        if ledger.state != CampaignState::Uploading {
            return Ok(Stored::Different);
        }
        sqlx::query(
            "INSERT INTO chunks (campaign, number, content_hash, countries) VALUES (?, ?, ?, ?)",
        )
        .bind(key.0)
        .bind(counted.number)
        .bind(content_hash.as_slice())
        .bind(to_json(&counted.countries))
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO messages (campaign, seq, destination, country, segments, fields, updated_at)
             SELECT ?1, ?2 + key, value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?3
             FROM json_each(?4)",
        )
        .bind(key.0)
        .bind(i64::from(counted.number) * i64::from(CHUNK_SIZE))
        .bind(now.0)
        .bind(rows)
        .execute(&mut *tx)
        .await?;
        ledger.counts.queued += u32::try_from(counted.chunk.to.len()).unwrap_or(u32::MAX);
        ledger.save(&mut tx).await?;
        tx.commit().await?;
        Ok(Stored::Yes)
    }
}

fn rows(counted: &Counted, fields: &[&str]) -> String {
    let fields: Vec<&str> =
        fields.iter().copied().filter(|field| !field.eq_ignore_ascii_case(MOBILE)).collect();
    let row = |i: usize, to: &domain::recipients::phone::E164| {
        let (country, segments) = counted.messages.get(i).copied().unwrap_or_default();
        let values: BTreeMap<&str, &str> = fields
            .iter()
            .filter_map(|field| Some((*field, counted.chunk.value(field, i)?)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let values = (!values.is_empty()).then(|| to_json(&values));
        (to.digits(), country, segments, values)
    };
    let rows: Vec<_> = counted.chunk.to.iter().enumerate().map(|(i, to)| row(i, to)).collect();
    to_json(&rows)
}
