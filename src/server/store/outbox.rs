//! The outbox: how messages leave without any being sent twice or forgotten, whatever is cut off
//! in the middle.
//!
//! 1. [`Store::take`] marks the next messages `unconfirmed`, notes the batch, and commits. Only then
//!    does the request leave.
//! 2. The answer moves them on: [`Store::record`] when there is one, [`Store::give_back`] when the
//!    provider surely took nothing.
//! 3. Without an answer they stay where they are: in doubt. So they are after a crash at any point
//!    between 1 and 2. They are never simply sent again; see `dispatch::settle` for how the
//!    doubt ends, in [`Store::apply_receipts`] or in [`Store::give_up`].

use super::ledger::{Charge, Ledger};
use super::{Key, Result, Store, StoreError, hex, to_json};
use crate::reference::Reference;
use domain::campaign::CampaignState;
use domain::campaign::delivery::DeliveryState;
use domain::message::Message;
use domain::message::template::MOBILE;
use domain::recipients::Chunk;
use domain::recipients::phone::Country;
use domain::sender::id::SenderId;
use domain::time::Timestamp;
use gateway::Acceptance;
use sqlx::{Row as _, SqliteConnection};
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

/// A hand-over's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(i64);

impl BatchId {
    /// Our reference of it, at most 20 characters as 8x8 takes them.
    pub fn reference(self) -> String {
        format!("b{}", self.0)
    }
}

/// Messages that were marked and may leave now.
#[derive(Debug)]
pub struct Taken {
    /// The hand-over.
    pub batch: BatchId,
    /// Whose they are.
    pub key: Key,
    /// Who pays.
    pub subaccount: String,
    /// Who they are from.
    pub sender_id: SenderId,
    /// What they say.
    pub message: Message,
    /// Their references, in order.
    pub references: Vec<Reference>,
    /// Their numbers and fields, in the same order.
    pub recipients: Chunk,
}

/// A hand-over that was not answered.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// Which.
    pub batch: BatchId,
    /// Of which subaccount.
    pub subaccount: String,
    /// When it left.
    pub handed_at: Timestamp,
    /// Since when it is in doubt.
    pub since: Timestamp,
    /// When the provider was first asked and did not know all of it.
    pub missed_at: Option<Timestamp>,
}

impl Store {
    /// Lets scheduled campaigns go whose time has come.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_due(&self, now: Timestamp) -> Result<()> {
        let due = "SELECT key FROM campaigns WHERE state = 'scheduled' AND due_at <= ?";
        // Mostly there is none, and then nobody is kept from writing.
        let keys: Vec<i64> = sqlx::query_scalar(due).bind(now.0).fetch_all(&self.reader).await?;
        for key in keys {
            let mut tx = self.write().await?;
            let mut ledger = Ledger::load(&mut tx, Key(key)).await?;
            if ledger.state == CampaignState::Scheduled {
                ledger.state = CampaignState::Submitted;
                let id = ledger.save(&mut tx).await?;
                tx.commit().await?;
                self.changes.announce(id);
            }
        }
        Ok(())
    }

    /// Campaigns with messages to hand over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ready(&self) -> Result<Vec<Key>> {
        let keys: Vec<i64> = sqlx::query_scalar(
            "SELECT key FROM campaigns
             WHERE state IN ('submitted', 'sending') AND queued > 0 ORDER BY key",
        )
        .fetch_all(&self.reader)
        .await?;
        Ok(keys.into_iter().map(Key).collect())
    }

    /// Marks the next messages of a campaign as about to leave. `None` when it has none, or may not
    /// send any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take(&self, key: Key, most: usize, now: Timestamp) -> Result<Option<Taken>> {
        let mut tx = self.write().await?;
        let mut ledger = Ledger::load(&mut tx, key).await?;
        if !ledger.state.may_dispatch() {
            return Ok(None);
        }
        let campaign =
            sqlx::query("SELECT subaccount, sender_id, message FROM campaigns WHERE key = ?")
                .bind(key.0)
                .fetch_one(&mut *tx)
                .await?;
        let message = Message::parse(campaign.try_get("message")?)
            .map_err(|_| StoreError::Corrupt("message"))?;
        let rows = sqlx::query(
            "SELECT seq, destination, attempt + 1 AS attempt, fields FROM messages
             WHERE campaign = ? AND state = 'queued' ORDER BY seq LIMIT ?",
        )
        .bind(key.0)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&mut *tx)
        .await?;

        let mut references = Vec::with_capacity(rows.len());
        let mut recipients = Chunk::default();
        let fields = message.template().fields();
        for field in fields.iter().filter(|field| !field.eq_ignore_ascii_case(MOBILE)) {
            recipients.fields.insert((*field).to_owned(), Vec::with_capacity(rows.len()));
        }
        for row in &rows {
            let (seq, attempt) = (row.try_get("seq")?, row.try_get("attempt")?);
            references.push(Reference { campaign: ledger.id, seq, attempt });
            recipients.to.push(super::messages::destination(row)?);
            let mut values: BTreeMap<String, String> =
                match row.try_get::<Option<&str>, _>("fields")? {
                    Some(json) => {
                        serde_json::from_str(json).map_err(|_| StoreError::Corrupt("field"))?
                    }
                    None => BTreeMap::new(),
                };
            for (field, column) in &mut recipients.fields {
                column.push(values.remove(field).unwrap_or_default());
            }
        }
        let (Some(first), Some(last)) = (references.first(), references.last()) else {
            return Ok(None);
        };

        let batch: i64 = sqlx::query_scalar(
            "INSERT INTO batches (campaign, first_seq, last_seq, handed_at) VALUES (?, ?, ?, ?)
             RETURNING id",
        )
        .bind(key.0)
        .bind(first.seq)
        .bind(last.seq)
        .bind(now.0)
        .fetch_one(&mut *tx)
        .await?;
        // Those taken are the first that are queued, so the range says which.
        let marked = sqlx::query(
            "UPDATE messages SET state = 'unconfirmed', attempt = attempt + 1, batch = ?,
                updated_at = ?
             WHERE campaign = ? AND state = 'queued' AND seq BETWEEN ? AND ?",
        )
        .bind(batch)
        .bind(now.0)
        .bind(key.0)
        .bind(first.seq)
        .bind(last.seq)
        .execute(&mut *tx)
        .await?;
        let marked = u32::try_from(marked.rows_affected()).unwrap_or(u32::MAX);
        ledger.shift(DeliveryState::Queued, DeliveryState::Unconfirmed, marked);
        ledger.handed_at = Some(now);
        let id = ledger.save(&mut tx).await?;
        tx.commit().await?;
        self.changes.announce(id);
        Ok(Some(Taken {
            batch: BatchId(batch),
            key,
            subaccount: campaign.try_get("subaccount")?,
            sender_id: SenderId::parse(campaign.try_get("sender_id")?)
                .map_err(|_| StoreError::Corrupt("Sender ID"))?,
            message,
            references,
            recipients,
        }))
    }

    /// Moves messages on as the provider answered; those it said nothing of stay in doubt. Those that a receipt has moved in the meantime,
    /// which can be faster than the answer, stay ahead.
    ///
    /// # Errors
    /// When the database fails; the messages are then in doubt.
    pub async fn record(
        &self,
        key: Key,
        batch: BatchId,
        answers: &[(Reference, Acceptance)],
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        let mut ledger = Ledger::load(&mut tx, key).await?;
        let rows = sqlx::query(
            "SELECT seq, country, segments FROM messages
             WHERE campaign = ? AND state = 'unconfirmed' AND seq BETWEEN ? AND ? AND batch = ?",
        )
        .bind(key.0)
        .bind(answers.first().map(|(reference, _)| reference.seq))
        .bind(answers.last().map(|(reference, _)| reference.seq))
        .bind(batch.0)
        .fetch_all(&mut *tx)
        .await?;
        let mut waiting = HashMap::with_capacity(rows.len());
        for row in rows {
            let country = row.try_get::<Option<&str>, _>("country")?.and_then(Country::parse);
            let charge = Charge {
                state: DeliveryState::Unconfirmed,
                country,
                segments: row.try_get("segments")?,
                charged: None,
            };
            waiting.insert(row.try_get::<u32, _>("seq")?, charge);
        }
        let mut moved = Vec::with_capacity(answers.len());
        for (reference, answer) in answers {
            let Some(before) = waiting.get(&reference.seq) else { continue };
            let (state, umid, words) = match answer {
                Acceptance::Accepted(umid) => (DeliveryState::Sent, Some(hex(*umid)), None),
                Acceptance::Rejected(words) => (DeliveryState::Rejected, None, Some(words)),
                Acceptance::Unknown => continue,
            };
            ledger.shift(before.state, state, 1);
            ledger.charge(before, &Charge { state, ..*before });
            moved.push((key.0, reference.seq, state.name(), umid, words));
        }
        sqlx::query(
            // The campaign is in each row, and no parameter, so that SQLite looks each message up:
            // it would else go through all messages of the campaign for each of these.
            "UPDATE messages SET state = value ->> 2, umid = unhex(value ->> 3),
                refusal = value ->> 4, accepted = iif(value ->> 3 IS NULL, NULL, attempt),
                updated_at = ?1
             FROM json_each(?2) WHERE campaign = value ->> 0 AND seq = value ->> 1",
        )
        .bind(now.0)
        .bind(to_json(&moved))
        .execute(&mut *tx)
        .await?;
        ledger.trouble = None;
        close(&mut tx, batch).await?;
        let id = ledger.save(&mut tx).await?;
        tx.commit().await?;
        self.changes.announce(id);
        Ok(())
    }

    /// Takes messages back that the provider surely did not take, and says why nothing moves.
    ///
    /// # Errors
    /// When the database fails; the messages are then in doubt.
    pub async fn give_back(
        &self,
        key: Key,
        batch: BatchId,
        seqs: RangeInclusive<u32>,
        trouble: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        let mut ledger = Ledger::load(&mut tx, key).await?;
        requeue(&mut tx, &mut ledger, key, batch, seqs, now).await?;
        ledger.trouble = Some(trouble.to_owned());
        close(&mut tx, batch).await?;
        let id = ledger.save(&mut tx).await?;
        tx.commit().await?;
        self.changes.announce(id);
        Ok(())
    }

    /// Notes that the answer to a hand-over got lost.
    ///
    /// # Errors
    /// When the database fails; the messages are in doubt all the same.
    pub async fn lose(
        &self,
        key: Key,
        batch: BatchId,
        trouble: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE batches SET lost_at = ? WHERE id = ?")
            .bind(now.0)
            .bind(batch.0)
            .execute(&mut *tx)
            .await?;
        let mut ledger = Ledger::load(&mut tx, key).await?;
        ledger.trouble = Some(trouble.to_owned());
        let id = ledger.save(&mut tx).await?;
        tx.commit().await?;
        self.changes.announce(id);
        Ok(())
    }

    /// The hand-overs that are not answered: those under way among them, which the caller knows.
    /// Those that receipts have settled meanwhile are forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn doubts(&self) -> Result<Vec<Doubt>> {
        let rows = sqlx::query(
            "SELECT batches.*, subaccount FROM batches
             JOIN campaigns ON campaigns.key = batches.campaign ORDER BY batches.id",
        )
        .fetch_all(&self.reader)
        .await?;
        let doubt = |row: &sqlx::sqlite::SqliteRow| -> Result<Doubt> {
            let moment = |name| -> Result<Option<Timestamp>> {
                Ok(row.try_get::<Option<i64>, _>(name)?.map(Timestamp))
            };
            let handed_at = Timestamp(row.try_get("handed_at")?);
            Ok(Doubt {
                batch: BatchId(row.try_get("id")?),
                subaccount: row.try_get("subaccount")?,
                handed_at,
                since: moment("lost_at")?.unwrap_or(handed_at),
                missed_at: moment("missed_at")?,
            })
        };
        rows.iter().map(doubt).collect()
    }

    /// Whether something of a hand-over is still in doubt; if not, it is forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_in_doubt(&self, batch: BatchId) -> Result<bool> {
        let mut tx = self.write().await?;
        let closed = close(&mut tx, batch).await?;
        tx.commit().await?;
        Ok(!closed)
    }

    /// Notes that the provider did not know all of a hand-over when first asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn miss(&self, batch: BatchId, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE batches SET missed_at = coalesce(missed_at, ?) WHERE id = ?")
            .bind(now.0)
            .bind(batch.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Puts what is still in doubt of a hand-over back into the queue, to be sent under a new
    /// attempt; how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up(&self, batch: BatchId, now: Timestamp) -> Result<u32> {
        let mut tx = self.write().await?;
        let row = sqlx::query("SELECT campaign, first_seq, last_seq FROM batches WHERE id = ?")
            .bind(batch.0)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else { return Ok(0) };
        let key = Key(row.try_get("campaign")?);
        let seqs = row.try_get("first_seq")?..=row.try_get("last_seq")?;
        let mut ledger = Ledger::load(&mut tx, key).await?;
        let given_up = requeue(&mut tx, &mut ledger, key, batch, seqs, now).await?;
        ledger.trouble = None;
        close(&mut tx, batch).await?;
        let id = ledger.save(&mut tx).await?;
        tx.commit().await?;
        self.changes.announce(id);
        Ok(given_up)
    }
}

/// Moves the unconfirmed messages of a batch back.
async fn requeue(
    conn: &mut SqliteConnection,
    ledger: &mut Ledger,
    key: Key,
    batch: BatchId,
    seqs: RangeInclusive<u32>,
    now: Timestamp,
) -> Result<u32> {
    let to = ledger.state.given_back();
    let moved = sqlx::query(
        "UPDATE messages SET state = ?, updated_at = ?
         WHERE campaign = ? AND state = 'unconfirmed' AND seq BETWEEN ? AND ? AND batch = ?",
    )
    .bind(to.name())
    .bind(now.0)
    .bind(key.0)
    .bind(seqs.start())
    .bind(seqs.end())
    .bind(batch.0)
    .execute(conn)
    .await?;
    let moved = u32::try_from(moved.rows_affected()).unwrap_or(u32::MAX);
    ledger.shift(DeliveryState::Unconfirmed, to, moved);
    Ok(moved)
}

/// Forgets a batch when nothing of it is in doubt any more; whether it is so.
async fn close(conn: &mut SqliteConnection, batch: BatchId) -> Result<bool> {
    let closed = sqlx::query(
        "DELETE FROM batches WHERE id = ?1 AND NOT EXISTS (
            SELECT 1 FROM messages
            WHERE messages.campaign = batches.campaign AND state = 'unconfirmed'
              AND seq BETWEEN first_seq AND last_seq AND batch = ?1)",
    )
    .bind(batch.0)
    .execute(conn)
    .await?;
    Ok(closed.rows_affected() > 0)
}
