//! Messages as users see them: a page of recipients, and the report.

use super::{Result, Store, StoreError, delivery_state};
use domain::campaign::delivery::{DeliveryState, reason};
use domain::recipients::phone::E164;
use domain::time::Timestamp;
use domain::wire::{RecipientList, RecipientStatus};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

/// One line of the report.
#[derive(Clone, Debug)]
pub struct ReportLine {
    /// What the recipients page shows.
    pub status: RecipientStatus,
    /// The number's country, when it tells.
    pub country: Option<String>,
    /// Of the text that was sent.
    pub segments: u32,
    /// How often it was tried.
    pub attempt: u32,
    /// The provider's id.
    pub umid: Option<Uuid>,
}

impl Store {
    /// A page of recipients, those after `after`, in `state` if given. `None` when there is no such
    /// campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recipients(
        &self,
        campaign: Uuid,
        state: Option<DeliveryState>,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Option<RecipientList>> {
        let Some(lines) = self.report(campaign, state, after, limit + 1).await? else {
            return Ok(None);
        };
        let mut recipients: Vec<_> = lines.into_iter().map(|line| line.status).collect();
        let more = recipients.len() > limit as usize;
        recipients.truncate(limit as usize);
        let next = recipients.last().filter(|_| more).map(|recipient| recipient.seq);
        Ok(Some(RecipientList { recipients, next }))
    }

    /// The same with all there is to know, for the report.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn report(
        &self,
        campaign: Uuid,
        state: Option<DeliveryState>,
        after: Option<u32>,
        limit: u32,
    ) -> Result<Option<Vec<ReportLine>>> {
        let mut conn = self.reader.acquire().await?;
        let Some(key) = super::campaigns::key(&mut conn, campaign).await? else { return Ok(None) };
        // Two statements and not an "or": each walks the one index that fits.
        let query = match state {
            None => "SELECT * FROM messages WHERE campaign = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            Some(_) => {
                "SELECT * FROM messages WHERE campaign = ?1 AND seq > ?2 AND state = ?4
                 ORDER BY seq LIMIT ?3"
            }
        };
        let rows = sqlx::query(query)
            .bind(key.0)
            .bind(after.map_or(-1, i64::from))
            .bind(limit)
            .bind(state.map(DeliveryState::name))
            .fetch_all(&mut *conn)
            .await?;
        rows.iter().map(line).collect::<Result<_>>().map(Some)
    }
}

fn line(row: &SqliteRow) -> Result<ReportLine> {
    let state = delivery_state(row.try_get("state")?)?;
    let status = RecipientStatus {
        seq: row.try_get("seq")?,
        to: destination(row)?,
        state,
        reason: why(state, row.try_get("error_code")?, row.try_get("refusal")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    };
    Ok(ReportLine {
        status,
        country: row.try_get("country")?,
        segments: row.try_get("segments")?,
        attempt: row.try_get("attempt")?,
        umid: row.try_get("umid")?,
    })
}

/// The number a message goes to.
pub(super) fn destination(row: &SqliteRow) -> Result<E164> {
    let digits: i64 = row.try_get("destination")?;
    E164::from_digits(digits.unsigned_abs()).ok_or(StoreError::Corrupt("number"))
}

/// Why a message failed and what to do, in plain words.
fn why(state: DeliveryState, code: Option<u16>, refusal: Option<String>) -> Option<String> {
    if !state.can_be_retried() {
        return None;
    }
    match (code, refusal) {
        (_, Some(words)) => Some(format!("The provider refused it: {words}")),
        (code, None) => {
            let reason = reason(code.unwrap_or_default());
            Some(format!("{} {}", reason.what, reason.cure.sentence()))
        }
    }
}
