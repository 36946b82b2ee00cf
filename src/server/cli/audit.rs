//! `sms-sender audit`: who did what, as lines of JSON.

use super::user::Database;
use super::{Result, say};
use crate::clock::Clock;
use clap::Args;
use domain::time::Timestamp;

/// Entries read at once.
const PAGE: u32 = 1_000;

/// See the module's story.
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Only what was done in so many days
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    #[command(flatten)]
    database: Database,
}

impl Audit {
    /// Prints it, the oldest first.
    pub(super) async fn run(self) -> Result<()> {
        let store = self.database.open().await?;
        let now = Clock::system().now();
        let since = self.days.map_or(Timestamp(0), |days| now + -i64::from(days) * Timestamp::DAY);
        let mut skip = 0;
        loop {
            let entries = store.audit(since, skip, PAGE).await?;
            for entry in &entries {
                say(serde_json::to_string(entry)?);
            }
            if entries.len() < PAGE as usize {
                break;
            }
            skip += PAGE;
        }
        store.close().await;
        Ok(())
    }
}
