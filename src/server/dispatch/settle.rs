//! How doubt ends: messages whose answer got lost, or that were being handed over when the server was
//! killed, may have been sent or not. The provider has no idempotency key: sending again on suspicion
//! would text people twice, never sending again would forget them.
//!
//! 1. A **receipt** with our reference settles it at once: the provider has the message.
//! 2. Otherwise, after the settle time, the provider is asked for **its own log**
//!    ([`Gateway::sent_since`](gateway::Gateway::sent_since)). What is in there was sent.
//! 3. What is not in there is **asked for again**, no sooner than the settle time later. Only what two
//!    looks did not find goes back to the queue, under a new attempt number.
//!
//! Why that is the best there is: a provider that is merely slow has had twice the settle time to show
//! the message, and one that shows it even later still tells the old attempt's reference. Unless the
//! new attempt was accepted by then, that news settles the message after all, and it leaves the queue.
//! What remains is a provider that accepts a message and hides it until we have sent another; against
//! that, only forgetting people would help.
//!
//! The log is also applied as a whole: it holds news of messages whose receipts never reached us.

use super::Dispatcher;
use crate::store::Result;
use crate::store::outbox::Doubt;
use domain::time::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// The provider's clock may be behind ours.
const CLOCK_SKEW: i64 = 5 * Timestamp::MINUTE;
/// News in one transaction.
const AT_ONCE: usize = 1_000;

impl Dispatcher {
    /// Looks at the doubts again and again. Never returns.
    pub(super) async fn keep_settling(&self) {
        loop {
            if let Err(error) = self.settle().await {
                tracing::error!(%error, "the outbox cannot be read");
            }
            tokio::time::sleep(self.timing.tick).await;
        }
    }

    /// Looks at all doubts that are old enough, once.
    async fn settle(&self) -> Result<()> {
        let mut due: BTreeMap<String, Vec<Doubt>> = BTreeMap::new();
        for doubt in self.doubts().await? {
            let since = doubt.missed_at.unwrap_or(doubt.since);
            let is_due = self.clock.now() - since >= millis(self.timing.settle);
            // Asked last, since it may forget the batch: receipts have settled it.
            if is_due && self.store.is_in_doubt(doubt.batch).await? {
                due.entry(doubt.subaccount.clone()).or_default().push(doubt);
            }
        }
        for (subaccount, doubts) in due {
            self.ask(&subaccount, &doubts).await?;
        }
        Ok(())
    }

    /// The hand-overs without an answer, but for those that may still get one.
    async fn doubts(&self) -> Result<Vec<Doubt>> {
        let in_flight = self.in_flight.lock().await;
        let mut doubts = self.store.doubts().await?;
        doubts.retain(|doubt| !in_flight.contains(&doubt.batch));
        Ok(doubts)
    }

    async fn ask(&self, subaccount: &str, doubts: &[Doubt]) -> Result<()> {
        let Some(from) = doubts.iter().map(|doubt| doubt.handed_at).min() else { return Ok(()) };
        let asked_at = self.clock.now();
        let news = match self.gateway.sent_since(subaccount, from + -CLOCK_SKEW).await {
            Ok(news) => news,
            Err(error) => {
                // Not knowing is no reason to send again.
                tracing::warn!(%error, "the provider does not say what it has sent");
                tokio::time::sleep(self.timing.settle / 10).await;
                return Ok(());
            }
        };
        for some in news.chunks(AT_ONCE) {
            self.store.apply_receipts(some, self.clock.now()).await?;
        }
        for doubt in doubts {
            if !self.store.is_in_doubt(doubt.batch).await? {
                tracing::info!(batch = doubt.batch.reference(), "a lost answer was cleared up");
            } else if doubt.missed_at.is_none() {
                self.store.miss(doubt.batch, asked_at).await?;
            } else {
                let messages = self.store.give_up(doubt.batch, self.clock.now()).await?;
                tracing::warn!(
                    batch = doubt.batch.reference(),
                    messages,
                    "messages were not sent and are queued again"
                );
                self.wake.notify_one();
            }
        }
        Ok(())
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
