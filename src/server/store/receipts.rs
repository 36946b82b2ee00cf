//! News of messages: from receipts that were posted to us, and from the provider's log.
//!
//! They come late, twice and in any order, and the result must not depend on it. Three things see to
//! that: a message only ever moves forward (a rule of `domain`), news of other attempts than the one
//! that was accepted are kept but move nothing, and what a message counts for in the spending is replaced, never added to.

use super::ledger::{Charge, Ledger};
use super::{Key, Result, Store, delivery_state, hex, to_json};
use crate::reference::Reference;
use domain::campaign::delivery::DeliveryState;
use domain::recipients::phone::Country;
use domain::time::Timestamp;
use gateway::Receipt;
use sqlx::{Row as _, SqliteConnection};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A message as far as a receipt can change it.
#[derive(Clone, Copy, Debug)]
struct Known {
    attempt: u32,
    retried: u32,
    accepted: Option<u32>,
    charge: Charge,
    error_code: Option<u16>,
    umid: Option<Uuid>,
    changed: bool,
}

impl Known {
    /// Whether news of this attempt are news of the message as it is now. While it is not known which
    /// hand-over the provider accepted, each of them may be the one: whoever got the message from an
    /// earlier one, whose answer was lost, must not get it again.
    fn cares_for(&self, attempt: u32) -> bool {
        match self.accepted {
            Some(accepted) => attempt == accepted,
            None => (self.retried + 1..=self.attempt).contains(&attempt),
        }
    }
}

impl Store {
    /// Takes in news; how many of them changed a message. References that are not ours are passed
    /// over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apply_receipts(&self, receipts: &[Receipt], now: Timestamp) -> Result<usize> {
        let mut news: BTreeMap<Uuid, Vec<(Reference, &Receipt)>> = BTreeMap::new();
        for receipt in receipts {
            if let Ok(reference) = receipt.reference.parse::<Reference>() {
                news.entry(reference.campaign).or_default().push((reference, receipt));
            }
        }
        if news.is_empty() {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        let (mut changed, mut announced) = (0, Vec::new());
        for (campaign, news) in news {
            let Some(key) = super::campaigns::key(&mut tx, campaign).await? else { continue };
            let moved = apply(&mut tx, key, &news, now).await?;
            if moved > 0 {
                changed += moved;
                announced.push(campaign);
            }
        }
        tx.commit().await?;
        announced.into_iter().for_each(|campaign| self.changes.announce(campaign));
        Ok(changed)
    }
}

/// The news of one campaign.
async fn apply(
    conn: &mut SqliteConnection,
    key: Key,
    news: &[(Reference, &Receipt)],
    now: Timestamp,
) -> Result<usize> {
    let mut known = load(conn, key, news).await?;
    keep(conn, key, news, &known, now).await?;
    let mut ledger = Ledger::load(conn, key).await?;
    let doubts = ledger.counts.unconfirmed;
    for (reference, receipt) in news {
        let Some(message) = known.get_mut(&reference.seq) else { continue };
        if !message.cares_for(reference.attempt) {
            continue;
        }
        let before = message.charge;
        // Any news at all means that the provider has it.
        let state = before.state.advance(receipt.state.max(DeliveryState::Sent));
        let moves = state != before.state;
        if moves && receipt.error_code.is_some() {
            message.error_code = receipt.error_code;
        }
        let charged = match receipt.charged {
            // Charges in another currency than the prices cannot be added up: the list counts.
            Some((cost, currency)) if ledger.counts_in(currency) && cost.is_exact() => {
                i64::try_from(cost.low.nanos()).ok()
            }
            _ => None,
        };
        // The highest told, so that the order does not matter here either.
        let after = Charge { state, charged: charged.max(before.charged), ..before };
        if !moves && after.charged == before.charged && message.umid.is_some() {
            continue;
        }
        message.umid = Some(receipt.umid);
        message.accepted = Some(reference.attempt);
        message.charge = after;
        message.changed = true;
        ledger.charge(&before, &after);
        ledger.shift(before.state, state, 1);
    }
    let rows: Vec<_> = known
        .iter()
        .filter(|(_, message)| message.changed)
        .map(|(seq, message)| {
            let Charge { state, charged, .. } = message.charge;
            (
                key.0,
                seq,
                state.name(),
                message.umid.map(hex),
                message.error_code,
                charged,
                message.accepted,
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(0);
    }
    sqlx::query(
        // The campaign is in each row for the sake of SQLite's planner, see `Store::record`.
        "UPDATE messages SET state = value ->> 2, umid = unhex(value ->> 3),
            error_code = value ->> 4, charged = value ->> 5, accepted = value ->> 6, updated_at = ?1
         FROM json_each(?2) WHERE campaign = value ->> 0 AND seq = value ->> 1",
    )
    .bind(now.0)
    .bind(to_json(&rows))
    .execute(&mut *conn)
    .await?;
    if ledger.counts.unconfirmed == 0 && doubts > 0 {
        ledger.trouble = None;
    }
    ledger.save(conn).await?;
    Ok(rows.len())
}

/// The messages that the news are about, by their place in the campaign.
async fn load(
    conn: &mut SqliteConnection,
    key: Key,
    news: &[(Reference, &Receipt)],
) -> Result<HashMap<u32, Known>> {
    let seqs: HashSet<u32> = news.iter().map(|(reference, _)| reference.seq).collect();
    let rows = sqlx::query(
        "SELECT messages.* FROM json_each(?) CROSS JOIN messages
         WHERE campaign = ? AND seq = json_each.value",
    )
    .bind(to_json(&seqs))
    .bind(key.0)
    .fetch_all(conn)
    .await?;
    let mut known = HashMap::with_capacity(rows.len());
    for row in rows {
        let charge = Charge {
            state: delivery_state(row.try_get("state")?)?,
            country: row.try_get::<Option<&str>, _>("country")?.and_then(Country::parse),
            segments: row.try_get("segments")?,
            charged: row.try_get("charged")?,
        };
        let message = Known {
            attempt: row.try_get("attempt")?,
            retried: row.try_get("retried")?,
            accepted: row.try_get("accepted")?,
            charge,
            error_code: row.try_get("error_code")?,
            umid: row.try_get("umid")?,
            changed: false,
        };
        known.insert(row.try_get("seq")?, message);
    }
    Ok(known)
}

/// Writes down what was told, each thing once.
async fn keep(
    conn: &mut SqliteConnection,
    key: Key,
    news: &[(Reference, &Receipt)],
    known: &HashMap<u32, Known>,
    now: Timestamp,
) -> Result<()> {
    let rows: Vec<_> = news
        .iter()
        .filter(|(reference, _)| known.contains_key(&reference.seq))
        .map(|(reference, receipt)| {
            let code = receipt.error_code.map_or(-1, i32::from);
            (reference.seq, hex(receipt.umid), receipt.state.name(), code, &receipt.happened_at)
        })
        .collect();
    sqlx::query(
        "INSERT OR IGNORE INTO receipts
            (campaign, seq, umid, state, error_code, happened_at, received_at)
         SELECT ?1, value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, ?2
         FROM json_each(?3)",
    )
    .bind(key.0)
    .bind(now.0)
    .bind(to_json(&rows))
    .execute(conn)
    .await?;
    Ok(())
}
