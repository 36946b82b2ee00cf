//! The dispatcher: hands messages to the provider, fairly and without ever sending one twice.
//!
//! One task. In each round it lets scheduled campaigns go whose time has come, takes batches out of
//! the outbox (see [`crate::store::outbox`]) and lets them fly; beside it, [`settle`] clears up what
//! became of those whose answer got lost. It sleeps until somebody wakes it: a submitted campaign,
//! a batch that has landed, or the clock.
//!
//! **Fair.** Campaigns take turns, a batch at a time. A few batches fly at once, and one campaign
//! cannot have all of these places: a single message submitted behind a million does not wait for
//! them.
//!
//! **Gentle.** When the provider says "not now" the campaign pauses as long as it asks for, or else
//! twice as long each time; when it refuses our key, somebody has to act, and it is only tried now and
//! then whether they have. Both are shown with the campaign.

mod hand_over;
mod pauses;
pub mod settle;

use crate::clock::Clock;
use crate::config::Timing;
use crate::metrics::Metrics;
use crate::store::outbox::{BatchId, Taken};
use crate::store::{Key, Result, Store};
use gateway::{Gateway, MAX_BATCH};
use pauses::Pauses;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Batches that fly at once.
const IN_FLIGHT: usize = 4;
/// Those of them that may be of one campaign.
const OF_ONE: usize = 3;

/// See the module's story.
pub struct Dispatcher {
    /// Where messages come from.
    pub store: Store,
    /// Where they go.
    pub gateway: Arc<dyn Gateway>,
    /// How patient it is.
    pub timing: Timing,
    /// The present.
    pub clock: Clock,
    /// What it counts.
    pub metrics: Arc<Metrics>,
    /// Where receipts are to be posted.
    pub receipts_url: String,
    /// Wakes it.
    pub wake: Arc<Notify>,
    /// Lets it come to an end: what flies lands, nothing more takes off.
    pub stopping: CancellationToken,
    /// Batches whose answer may still come. Held while one is taken, so that nobody sees a batch in
    /// the outbox and takes it for lost before it is in here.
    in_flight: Mutex<HashSet<BatchId>>,
    pauses: Pauses,
}

/// What goes on between two rounds.
#[derive(Default)]
struct Round {
    flying: JoinSet<Key>,
    of_campaign: HashMap<Key, usize>,
    /// Whose turn it was last.
    last: Option<Key>,
}

impl Dispatcher {
    /// Nothing in flight.
    #[expect(clippy::too_many_arguments, reason = "each is a part of its own, named at the call")]
    pub fn new(
        store: Store,
        gateway: Arc<dyn Gateway>,
        timing: Timing,
        clock: Clock,
        metrics: Arc<Metrics>,
        receipts_url: String,
        wake: Arc<Notify>,
        stopping: CancellationToken,
    ) -> Self {
        let (in_flight, pauses) = (Mutex::default(), Pauses::default());
        Self {
            store,
            gateway,
            timing,
            clock,
            metrics,
            receipts_url,
            wake,
            stopping,
            in_flight,
            pauses,
        }
    }

    /// Runs until it is told to stop, and everything in flight has landed.
    pub async fn run(self: Arc<Self>) {
        let settling = async {
            tokio::select! {
                () = self.stopping.cancelled() => {}
                () = self.keep_settling() => {}
            }
        };
        tokio::join!(Self::dispatch(Arc::clone(&self)), settling);
    }

    async fn dispatch(self: Arc<Self>) {
        let mut round = Round::default();
        while !self.stopping.is_cancelled() {
            if let Err(error) = self.take_off(&mut round).await {
                tracing::error!(%error, "the outbox cannot be read");
            }
            tokio::select! {
                () = self.stopping.cancelled() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(self.timing.tick) => {}
                Some(landed) = round.flying.join_next() => round.landed(landed),
            }
        }
        while let Some(landed) = round.flying.join_next().await {
            round.landed(landed);
        }
    }

    /// Fills the free places.
    async fn take_off(self: &Arc<Self>, round: &mut Round) -> Result<()> {
        self.store.start_due(self.clock.now()).await?;
        while round.flying.len() < IN_FLIGHT {
            let ready = self.store.ready().await?;
            let aloft = &round.of_campaign;
            self.pauses.retain(|key| ready.contains(&key) || aloft.contains_key(&key));
            let now = Instant::now();
            let waits = |key| self.pauses.holds(key, now);
            let Some(key) = round.next(&ready, waits) else { break };
            let mut in_flight = self.in_flight.lock().await;
            let taken = self.store.take(key, MAX_BATCH, self.clock.now()).await?;
            round.last = Some(key);
            let Some(taken) = taken else { continue };
            in_flight.insert(taken.batch);
            drop(in_flight);
            *round.of_campaign.entry(key).or_default() += 1;
            round.flying.spawn(Arc::clone(self).fly(taken));
        }
        Ok(())
    }

    async fn fly(self: Arc<Self>, taken: Taken) -> Key {
        let (key, batch) = (taken.key, taken.batch);
        self.hand_over(taken).await;
        self.in_flight.lock().await.remove(&batch);
        key
    }
}

impl Round {
    fn landed(&mut self, landed: std::result::Result<Key, tokio::task::JoinError>) {
        // A panic in flight leaves the batch in doubt, and its place taken: both are safe.
        let Ok(key) = landed else { return };
        if let Some(flying) = self.of_campaign.get_mut(&key) {
            *flying = flying.saturating_sub(1);
        }
        self.of_campaign.retain(|_, flying| *flying > 0);
    }

    /// The next campaign after the last that may send now.
    fn next(&self, ready: &[Key], waits: impl Fn(Key) -> bool) -> Option<Key> {
        let may = |key: &&Key| {
            !waits(**key) && self.of_campaign.get(key).copied().unwrap_or_default() < OF_ONE
        };
        let after = ready.iter().filter(|key| self.last.is_none_or(|last| **key > last));
        after.chain(ready).find(may).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Key;

    fn key(n: i64) -> Key {
        Key::for_tests(n)
    }

    #[tokio::test]
    async fn campaigns_take_turns() {
        let mut round = Round::default();
        let ready = [key(1), key(2), key(3)];
        let mut turns = Vec::new();
        for _ in 0..4 {
            round.last = round.next(&ready, |_| false);
            turns.extend(round.last);
        }
        assert_eq!(turns, [key(1), key(2), key(3), key(1)]);
    }

    #[tokio::test]
    async fn one_campaign_never_has_all_the_places_and_a_pause_is_kept() {
        let mut round = Round::default();
        round.of_campaign.insert(key(1), OF_ONE);
        assert_eq!(round.next(&[key(1)], |_| false), None);
        assert_eq!(round.next(&[key(1), key(2)], |_| false), Some(key(2)));
        assert_eq!(round.next(&[key(1), key(2)], |waits| waits == key(2)), None);
    }
}
