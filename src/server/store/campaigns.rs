//! Campaigns: stored, listed, submitted, and what the user does to them.

use super::forgotten::{LONG_AGO, Mark, mark};
use super::ledger::{Ledger, progress};
use super::sessions::{self, TokenHash};
use super::{Key, Result, Store, StoreError, cost, currency};
use crate::embed::Granted;
use domain::campaign::delivery::DeliveryState;
use domain::campaign::grant::Beyond;
use domain::campaign::grant::Scope;
use domain::campaign::{Action, CampaignState, Counts};
use domain::price::quote::{CountryQuote, PriceList, Quote, Quoting};
use domain::recipients::chunks;
use domain::recipients::phone::Country;
use domain::time::Timestamp;
use domain::wire::{Campaign, CampaignList, Progress};
use domain::wizard::submission::{Expected, Submission};
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use std::collections::HashSet;
use uuid::Uuid;

/// What storing a campaign came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is new.
    New,
    /// It was there already, word for word.
    Replay,
    /// There is another one of this id.
    Different,
    /// This user had it forgotten before it came.
    Forgotten,
    /// This user has begun too many that are not submitted.
    TooMany,
}

/// Campaigns that a user may have begun and not submitted.
const MOST_UNSUBMITTED: u32 = 50;

/// What submitting a campaign came to.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// It will be sent, or was submitted before.
    Accepted,
    /// There is no such campaign.
    Unknown,
    /// Not all of its recipients are here.
    Incomplete {
        /// Chunks that are.
        stored: u32,
        /// Chunks it comes in.
        of: u32,
    },
    /// What is here adds up to something else than was announced.
    Different(Box<Quote>),
    /// It is more than the sign-in allows.
    BeyondLimits(Vec<Beyond>),
    /// The sign-in has ended.
    SignedOut,
}

/// What an action came to.
#[derive(Clone, Debug)]
pub enum Acted {
    /// It was done.
    Done,
    /// There is no such campaign.
    Unknown,
    /// It is not allowed in this state.
    NotNow(CampaignState),
    /// It may cost more than the sign-in allows.
    BeyondLimits(Vec<Beyond>),
    /// The sign-in has ended.
    SignedOut,
}

/// Chunks are only counted while they arrive: afterwards all are there, and the list need not look for
/// them. Those before the first gap are the ones whose number is their place among the stored.
const SELECT: &str = "
    SELECT campaigns.*, users.name AS creator,
           CASE state WHEN 'uploading' THEN
               (SELECT count(*) FROM chunks WHERE campaign = campaigns.key)
           END AS chunks_stored,
           CASE state WHEN 'uploading' THEN
               (SELECT count(*) FROM
                   (SELECT number, row_number() OVER (ORDER BY number) AS place
                    FROM chunks WHERE campaign = campaigns.key)
                WHERE number = place - 1)
           END AS next_chunk
    FROM campaigns JOIN users ON users.id = campaigns.created_by ";

fn campaign(row: &SqliteRow) -> Result<Campaign> {
    let moment = |name| -> Result<Option<Timestamp>> {
        Ok(row.try_get::<Option<i64>, _>(name)?.map(Timestamp))
    };
    let recipients = row.try_get("recipients")?;
    let chunks = |name| -> Result<u32> {
        Ok(row.try_get::<Option<u32>, _>(name)?.unwrap_or_else(|| chunks(recipients)))
    };
    Ok(Campaign {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        subaccount: row.try_get("subaccount")?,
        sender_id: row.try_get("sender_id")?,
        message: row.try_get("message")?,
        created_by: row.try_get("creator")?,
        created_at: Timestamp(row.try_get("created_at")?),
        submitted_at: moment("submitted_at")?,
        due_at: moment("due_at")?,
        recipients,
        segments: row.try_get::<i64, _>("segments")?.unsigned_abs(),
        currency: currency(row.try_get("currency")?)?,
        cost: cost(row.try_get("cost_low")?, row.try_get("cost_high")?)?,
        chunks_stored: chunks("chunks_stored")?,
        next_chunk: chunks("next_chunk")?,
        progress: progress(row)?,
    })
}

async fn stored_content(conn: &mut SqliteConnection, id: Uuid) -> Result<Option<Vec<u8>>> {
    let hash = sqlx::query_scalar("SELECT content_hash FROM campaigns WHERE id = ?").bind(id);
    Ok(hash.fetch_optional(conn).await?)
}

/// The key of a campaign, if there is one of this id.
pub(super) async fn key(conn: &mut SqliteConnection, id: Uuid) -> Result<Option<Key>> {
    let key = sqlx::query_scalar("SELECT key FROM campaigns WHERE id = ?").bind(id);
    Ok(key.fetch_optional(conn).await?.map(Key))
}

impl Store {
    /// Stores a campaign without its recipients.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_campaign(
        &self,
        submission: &Submission,
        created_by: Uuid,
        now: Timestamp,
    ) -> Result<Created> {
        // Of the values as they were understood, so that spacing and order of the JSON are no matter.
        let content_hash = Sha256::digest(super::to_json(submission));
        let Expected { recipients, segments, currency, cost } = *submission.expected();
        let mut tx = self.write().await?;
        match mark(&mut tx, submission.id(), created_by).await? {
            Some(Mark::Theirs) => return Ok(Created::Forgotten),
            // Of what others have stopped nothing more is told than that the id is taken.
            Some(Mark::Others) => return Ok(Created::Different),
            None => {}
        }
        let is_new = stored_content(&mut tx, submission.id()).await?.is_none();
        if is_new && unsubmitted(&mut tx, created_by).await? >= MOST_UNSUBMITTED {
            return Ok(Created::TooMany);
        }
        let inserted = sqlx::query(
            "INSERT INTO campaigns
                (id, content_hash, name, subaccount, sender_id, message, due_at, recipients,
                 segments, currency, cost_low, cost_high, created_by, created_at, state)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(submission.id())
        .bind(content_hash.as_slice())
        .bind(submission.name())
        .bind(submission.subaccount())
        .bind(submission.sender_id().as_str())
        .bind(submission.message().template().source())
        .bind(submission.due_at().map(|at| at.0))
        .bind(recipients)
        .bind(i64::try_from(segments).unwrap_or(i64::MAX))
        .bind(currency.code())
        .bind(String::from(cost.low))
        .bind(String::from(cost.high))
        .bind(created_by)
        .bind(now.0)
        .bind(CampaignState::Uploading.name())
        .execute(&mut *tx)
        .await?;
        if inserted.rows_affected() > 0 {
            tx.commit().await?;
            return Ok(Created::New);
        }
        Ok(match stored_content(&mut tx, submission.id()).await? {
            Some(stored) if stored == content_hash.as_slice() => Created::Replay,
            _ => Created::Different,
        })
    }

    /// Whether exactly this was stored before: then it is answered again whatever the rules say
    /// now (its time may have passed since, say).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_created(&self, submission: &Submission) -> Result<bool> {
        let content_hash = Sha256::digest(super::to_json(submission));
        let mut conn = self.reader.acquire().await?;
        let stored = stored_content(&mut conn, submission.id()).await?;
        Ok(stored.is_some_and(|stored| stored == content_hash.as_slice()))
    }

    /// One campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn campaign(&self, id: Uuid) -> Result<Option<Campaign>> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE campaigns.id = ?")))
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(campaign).transpose()
    }

    /// The changing half of one campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progress(&self, id: Uuid) -> Result<Option<Progress>> {
        let row = sqlx::query("SELECT * FROM campaigns WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(progress).transpose()
    }

    /// Whether a host's user may know of a campaign: it is one of its tenant's, from a subaccount
    /// that was granted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reaches(&self, id: Uuid, user: Uuid, granted: &Granted) -> Result<bool> {
        // Who may not view campaigns has to do with their own alone.
        let sees_others = granted.scopes.contains(&Scope::View);
        let subaccount: Option<String> = sqlx::query_scalar(
            "SELECT subaccount FROM campaigns JOIN users ON users.id = campaigns.created_by
             WHERE campaigns.id = ? AND tenant = ? AND (? OR created_by = ?)",
        )
        .bind(id)
        .bind(&granted.tenant)
        .bind(sees_others)
        .bind(user)
        .fetch_optional(&self.reader)
        .await?;
        Ok(subaccount.is_some_and(|subaccount| granted.reaches(&subaccount)))
    }

    /// Submitted campaigns with `search` in their name, newest first; those after `before`, which `None`
    /// starts from the top; to a host's user only those they may know of. The case of A to Z does not matter, and an empty `search` is in every name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn campaigns(
        &self,
        search: &str,
        before: Option<Uuid>,
        limit: u32,
        granted: Option<&Granted>,
    ) -> Result<CampaignList> {
        let query = format!(
            "{SELECT} WHERE state <> 'uploading'
                AND (?1 IS NULL OR key < (SELECT key FROM campaigns WHERE id = ?1))
                AND (?3 = '' OR instr(lower(campaigns.name), lower(?3)) > 0)
                AND (?4 IS NULL OR tenant = ?4)
                AND (?5 IS NULL OR subaccount IN (SELECT value FROM json_each(?5)))
             ORDER BY key DESC LIMIT ?2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(before)
            // One more than asked for tells whether there is a next page.
            .bind(limit + 1)
            .bind(search)
            .bind(granted.map(|granted| granted.tenant.as_str()))
            .bind(subaccounts(granted))
            .fetch_all(&self.reader)
            .await?;
        let mut campaigns: Vec<Campaign> = rows.iter().map(campaign).collect::<Result<_>>()?;
        let more = campaigns.len() > limit as usize;
        campaigns.truncate(limit as usize);
        let next = campaigns.last().filter(|_| more).map(|campaign| campaign.id);
        Ok(CampaignList { campaigns, next })
    }

    /// The Sender IDs used last, latest first; for a host's user those of its tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sender_ids(&self, limit: u32, granted: Option<&Granted>) -> Result<Vec<String>> {
        let ids = sqlx::query_scalar(
            "SELECT sender_id FROM campaigns JOIN users ON users.id = campaigns.created_by
             WHERE submitted_at IS NOT NULL AND (?2 IS NULL OR tenant = ?2)
                AND (?3 IS NULL OR subaccount IN (SELECT value FROM json_each(?3)))
             GROUP BY sender_id ORDER BY max(submitted_at) DESC LIMIT ?1",
        );
        let ids = ids
            .bind(limit)
            .bind(granted.map(|granted| granted.tenant.as_str()))
            .bind(subaccounts(granted));
        Ok(ids.fetch_all(&self.reader).await?)
    }

    /// Counts everything once more and, when it is what was announced, lets the campaign go. `limited`
    /// is the session whose limits it must keep within, and is counted in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn submit(
        &self,
        id: Uuid,
        prices: &PriceList,
        limited: Option<&TokenHash>,
        now: Timestamp,
    ) -> Result<Submitted> {
        let mut tx = self.write().await?;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE campaigns.id = ?")))
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else { return Ok(Submitted::Unknown) };
        let (stored, key) = (campaign(&row)?, Key(row.try_get("key")?));
        if stored.progress.state != CampaignState::Uploading {
            return Ok(Submitted::Accepted);
        }
        let of = chunks(stored.recipients);
        if stored.chunks_stored < of {
            return Ok(Submitted::Incomplete { stored: stored.chunks_stored, of });
        }
        let Campaign { recipients, segments, currency, cost, .. } = stored;
        let expected = Expected { recipients, segments, currency, cost };
        let quote = quote(&mut tx, key, prices).await?;
        if Expected::from(&quote) != expected {
            return Ok(Submitted::Different(Box::new(quote)));
        }
        if let Some(token) = limited {
            match use_up(&mut tx, token, &quote, quote.recipients).await? {
                Used::Within => {}
                Used::Beyond(beyond) => return Ok(Submitted::BeyondLimits(beyond)),
                Used::Ended => return Ok(Submitted::SignedOut),
            }
        }
        let mut ledger = Ledger::load(&mut tx, key).await?;
        let used: HashSet<_> = quote.countries.iter().filter_map(|line| line.country).collect();
        let mut prices = prices.clone();
        prices.countries.retain(|country, _| used.contains(country));
        ledger.set_prices(&mut tx, prices).await?;
        ledger.state = match stored.due_at {
            Some(due) if due > now => CampaignState::Scheduled,
            _ => CampaignState::Submitted,
        };
        sqlx::query("UPDATE campaigns SET submitted_at = ? WHERE key = ?")
            .bind(now.0)
            .bind(key.0)
            .execute(&mut *tx)
            .await?;
        let id = ledger.save(&mut tx).await?;
        tx.commit().await?;
        self.changes.announce(id);
        Ok(Submitted::Accepted)
    }

    /// Does what the user asks for, if the campaign's state allows it, and so do the limits of the
    /// session `limited`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn act(
        &self,
        id: Uuid,
        action: Action,
        limited: Option<&TokenHash>,
        now: Timestamp,
    ) -> Result<Acted> {
        let mut tx = self.write().await?;
        let Some(key) = key(&mut tx, id).await? else { return Ok(Acted::Unknown) };
        let mut ledger = Ledger::load(&mut tx, key).await?;
        let Some(state) = ledger.state.after(action, &ledger.counts) else {
            return Ok(Acted::NotNow(ledger.state));
        };
        if let Some(token) = limited.filter(|_| action == Action::Retry) {
            // Who gets a message again is no further recipient; what it costs is spent again.
            let quote = quote_again(&mut tx, key, ledger.prices()).await?;
            match use_up(&mut tx, token, &quote, 0).await? {
                Used::Within => {}
                Used::Beyond(beyond) => return Ok(Acted::BeyondLimits(beyond)),
                Used::Ended => return Ok(Acted::SignedOut),
            }
        }
        for from in DeliveryState::ALL {
            let Some(to) = action.moves(from).filter(|_| ledger.counts.get(from) > 0) else {
                continue;
            };
            // To be queued again is to be tried anew: nothing of the last try counts any more. What
            // it cost stays in the sum.
            let moved = sqlx::query(
                "UPDATE messages SET state = ?1, updated_at = ?2, retried = attempt,
                    accepted = NULL, batch = NULL, umid = NULL, error_code = NULL, refusal = NULL,
                    charged = NULL
                 WHERE campaign = ?3 AND state = ?4",
            )
            .bind(to.name())
            .bind(now.0)
            .bind(key.0)
            .bind(from.name())
            .execute(&mut *tx)
            .await?;
            ledger.shift(from, to, u32::try_from(moved.rows_affected()).unwrap_or(u32::MAX));
        }
        ledger.state = state;
        ledger.trouble = None;
        let id = ledger.save(&mut tx).await?;
        tx.commit().await?;
        self.changes.announce(id);
        Ok(Acted::Done)
    }

    /// Finishes campaigns whose last receipts will never come: nothing is waiting, and nothing was
    /// handed over since `since`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_overdue(&self, since: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        let keys: Vec<i64> = sqlx::query_scalar(
            "SELECT key FROM campaigns
             WHERE state = 'sending' AND queued = 0 AND unconfirmed = 0 AND handed_at < ?",
        )
        .bind(since.0)
        .fetch_all(&mut *tx)
        .await?;
        let mut changed = Vec::with_capacity(keys.len());
        for key in keys {
            let mut ledger = Ledger::load(&mut tx, Key(key)).await?;
            ledger.state = CampaignState::Finished;
            ledger.trouble = None;
            changed.push(ledger.save(&mut tx).await?);
        }
        tx.commit().await?;
        changed.into_iter().for_each(|id| self.changes.announce(id));
        Ok(())
    }

    /// How many campaigns, chunks and messages there are, hidden ones among them: for tests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn size(&self) -> Result<(u64, u64, u64)> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM campaigns), (SELECT count(*) FROM chunks),
                    (SELECT count(*) FROM messages)",
        )
        .fetch_one(&self.reader)
        .await?;
        let n = |i| -> Result<u64> { Ok(row.try_get::<i64, usize>(i)?.unsigned_abs()) };
        Ok((n(0)?, n(1)?, n(2)?))
    }

    /// The counts of all campaigns together, for tests and tools that check the books.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recount(&self, id: Uuid) -> Result<Counts> {
        let rows = sqlx::query(
            "SELECT messages.state, count(*) AS n FROM messages
             JOIN campaigns ON campaigns.key = messages.campaign
             WHERE campaigns.id = ? GROUP BY messages.state",
        )
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        let mut counts = Counts::default();
        for row in rows {
            let state = super::delivery_state(row.try_get("state")?)?;
            *counts.get_mut(state) = row.try_get("n")?;
        }
        Ok(counts)
    }
}

/// The subaccounts that were granted, as an array for SQLite; `None` for all.
fn subaccounts(granted: Option<&Granted>) -> Option<String> {
    granted?.subaccounts.as_ref().map(super::to_json)
}

/// What taking from a session's limits came to.
enum Used {
    /// There was enough, and it is counted.
    Within,
    /// There is not enough.
    Beyond(Vec<Beyond>),
    /// The session ended while the request was on its way: nothing says any more what it may do.
    Ended,
}

/// Takes a campaign from what a session may still send, if there is enough of it.
async fn use_up(
    conn: &mut SqliteConnection,
    token: &TokenHash,
    quote: &Quote,
    recipients: u32,
) -> Result<Used> {
    let row = sqlx::query("SELECT * FROM sessions WHERE token_hash = ?")
        .bind(token.as_slice())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(Used::Ended) };
    let Some((_, mut left)) = sessions::grant(&row)? else { return Ok(Used::Ended) };
    if recipients == 0 {
        left.recipients = None;
    }
    if let Err(beyond) = left.check(quote) {
        return Ok(Used::Beyond(beyond));
    }
    let used = sessions::spend_used(&row)? + quote.cost.high;
    sqlx::query(
        "UPDATE sessions SET recipients_used = recipients_used + ?, spend_used = ?
         WHERE token_hash = ?",
    )
    .bind(recipients)
    .bind(String::from(used))
    .bind(token.as_slice())
    .execute(conn)
    .await?;
    Ok(Used::Within)
}

/// What it adds up to when everything that a retry moves is sent again.
async fn quote_again(conn: &mut SqliteConnection, key: Key, prices: &PriceList) -> Result<Quote> {
    let moved: Vec<&str> = DeliveryState::ALL
        .into_iter()
        .filter(|state| Action::Retry.moves(*state).is_some())
        .map(DeliveryState::name)
        .collect();
    let rows = sqlx::query(
        "SELECT country, count(*) AS recipients, sum(segments) AS segments FROM messages
         WHERE campaign = ? AND state IN (SELECT value FROM json_each(?)) GROUP BY country",
    )
    .bind(key.0)
    .bind(super::to_json(&moved))
    .fetch_all(conn)
    .await?;
    let mut quoting = Quoting::new(prices);
    for row in rows {
        quoting.add_counted(&CountryQuote {
            country: row.try_get::<Option<&str>, _>("country")?.and_then(Country::parse),
            recipients: row.try_get("recipients")?,
            segments: row.try_get::<i64, _>("segments")?.unsigned_abs(),
            cost: None,
        });
    }
    Ok(quoting.finish())
}

/// The sums over the chunks at today's prices.
async fn quote(conn: &mut SqliteConnection, key: Key, prices: &PriceList) -> Result<Quote> {
    let chunks: Vec<String> = sqlx::query_scalar("SELECT countries FROM chunks WHERE campaign = ?")
        .bind(key.0)
        .fetch_all(conn)
        .await?;
    let mut quoting = Quoting::new(prices);
    for chunk in chunks {
        let lines: Vec<CountryQuote> =
            serde_json::from_str(&chunk).map_err(|_| StoreError::Corrupt("count"))?;
        lines.iter().for_each(|line| quoting.add_counted(line));
    }
    Ok(quoting.finish())
}

/// How many campaigns a user has begun and neither submitted nor had forgotten.
async fn unsubmitted(conn: &mut SqliteConnection, user: Uuid) -> Result<u32> {
    let count = sqlx::query_scalar(
        "SELECT COUNT(*) FROM campaigns
         WHERE submitted_at IS NULL AND created_by = ? AND created_at > ?",
    );
    Ok(count.bind(user).bind(LONG_AGO.0).fetch_one(conn).await?)
}
