//! The changing half of a campaign's row: loaded, changed and saved within one transaction.
//!
//! Whoever moves messages takes a ledger, tells it each move, and saves it. Saving lets the campaign's
//! own state follow from its counts (a rule of `domain`) and raises the revision, so that no change
//! of messages can be forgotten in the counts or stay hidden from the live streams.

use super::{Key, Result, StoreError, cost, currency, to_json};
use domain::campaign::delivery::DeliveryState;
use domain::campaign::{CampaignState, Counts};
use domain::price::money::{Amount, Cost, Currency};
use domain::price::quote::PriceList;
use domain::recipients::phone::Country;
use domain::time::Timestamp;
use domain::wire::Progress;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

/// See the module's story.
#[derive(Debug)]
pub(super) struct Ledger {
    key: Key,
    pub id: Uuid,
    pub state: CampaignState,
    pub counts: Counts,
    pub trouble: Option<String>,
    pub handed_at: Option<Timestamp>,
    currency: Currency,
    prices: PriceList,
    spent: Cost,
}

/// What one try of sending a message counts for in the campaign's spending.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charge {
    pub state: DeliveryState,
    pub country: Option<Country>,
    pub segments: u32,
    /// What a receipt said, in billionths.
    pub charged: Option<i64>,
}

impl Ledger {
    /// Loads the campaign's ledger.
    pub async fn load(conn: &mut SqliteConnection, key: Key) -> Result<Self> {
        let row = sqlx::query("SELECT * FROM campaigns WHERE key = ?")
            .bind(key.0)
            .fetch_one(conn)
            .await?;
        let currency = currency(row.try_get("currency")?)?;
        let prices = match row.try_get::<Option<&str>, _>("prices")? {
            Some(json) => serde_json::from_str(json).map_err(|_| StoreError::Corrupt("price"))?,
            None => PriceList { currency, countries: Default::default() },
        };
        let Progress { state, counts, spent, trouble, .. } = progress(&row)?;
        Ok(Self {
            key,
            id: row.try_get("id")?,
            state,
            counts,
            trouble,
            handed_at: row.try_get::<Option<i64>, _>("handed_at")?.map(Timestamp),
            currency,
            prices,
            spent,
        })
    }

    /// Whether charges of this currency can be added up here.
    pub fn counts_in(&self, currency: Currency) -> bool {
        self.currency == currency
    }

    /// What a segment cost when the campaign was submitted.
    pub fn prices(&self) -> &PriceList {
        &self.prices
    }

    /// `n` messages have moved.
    pub fn shift(&mut self, from: DeliveryState, to: DeliveryState, n: u32) {
        // The counts are those of the rows, so there is always something to take away; a table
        // edited by hand must not stop a campaign.
        let count = self.counts.get_mut(from);
        *count = count.saturating_sub(n);
        *self.counts.get_mut(to) += n;
    }

    /// What the message counted for before is replaced by what it counts for after.
    pub fn charge(&mut self, before: &Charge, after: &Charge) {
        let (before, after) = (self.value(before), self.value(after));
        let replaced = |sum: Amount, before: Amount, after: Amount| {
            Amount::from_nanos((sum + after).nanos().saturating_sub(before.nanos()))
        };
        self.spent = Cost {
            low: replaced(self.spent.low, before.low, after.low),
            high: replaced(self.spent.high, before.high, after.high),
        };
    }

    fn value(&self, charge: &Charge) -> Cost {
        match charge.charged {
            Some(nanos) => {
                Cost::exactly(Amount::from_nanos(u128::try_from(nanos).unwrap_or_default()))
            }
            None if charge.state.is_charged() => {
                self.prices.price(charge.country).unwrap_or_default() * charge.segments
            }
            None => Cost::default(),
        }
    }

    /// Keeps the prices that the campaign was submitted at.
    pub async fn set_prices(
        &mut self,
        conn: &mut SqliteConnection,
        prices: PriceList,
    ) -> Result<()> {
        sqlx::query("UPDATE campaigns SET prices = ? WHERE key = ?")
            .bind(to_json(&prices))
            .bind(self.key.0)
            .execute(conn)
            .await?;
        self.prices = prices;
        Ok(())
    }

    /// Writes it back, one revision later; the campaign's id, to be announced after the commit.
    pub async fn save(self, conn: &mut SqliteConnection) -> Result<Uuid> {
        let counts = &self.counts;
        let state = self.state.moved(counts);
        let trouble = self.trouble.filter(|_| state != CampaignState::Finished);
        sqlx::query(
            "UPDATE campaigns SET
                state = ?, trouble = ?, handed_at = ?, spent_low = ?, spent_high = ?,
                queued = ?, unconfirmed = ?, sent = ?, delivered_to_operator = ?,
                delivered = ?, undelivered = ?, rejected = ?, canceled = ?,
                revision = revision + 1
             WHERE key = ?",
        )
        .bind(state.name())
        .bind(trouble)
        .bind(self.handed_at.map(|at| at.0))
        .bind(String::from(self.spent.low))
        .bind(String::from(self.spent.high))
        .bind(counts.queued)
        .bind(counts.unconfirmed)
        .bind(counts.sent)
        .bind(counts.delivered_to_operator)
        .bind(counts.delivered)
        .bind(counts.undelivered)
        .bind(counts.rejected)
        .bind(counts.canceled)
        .bind(self.key.0)
        .execute(conn)
        .await?;
        Ok(self.id)
    }
}

/// The changing half as the API tells it.
pub(super) fn progress(row: &SqliteRow) -> Result<Progress> {
    let mut counts = Counts::default();
    for state in DeliveryState::ALL {
        *counts.get_mut(state) = row.try_get(state.name())?;
    }
    let state = CampaignState::from_name(row.try_get("state")?);
    Ok(Progress {
        revision: row.try_get::<i64, _>("revision")?.unsigned_abs(),
        state: state.ok_or(StoreError::Corrupt("campaign state"))?,
        counts,
        spent: cost(row.try_get("spent_low")?, row.try_get("spent_high")?)?,
        trouble: row.try_get("trouble")?,
    })
}
