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
pub mod settle;

use crate::clock::Clock;
use crate::config::Timing;
use crate::metrics::Metrics;
use crate::store::outbox::{BatchId, Taken};
use crate::store::{Key, Result, Store};
use gateway::{Gateway, MAX_BATCH};
use hand_over::Landing;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
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
}

/// A campaign that has to wait.
#[derive(Clone, Copy, Debug)]
struct Pause {
    until: Instant,
    /// How often in a row the provider said "not now".
    times: u32,
}

/// What goes on between two rounds.
#[derive(Default)]
struct Round {
    flying: JoinSet<(Key, Landing)>,
    of_campaign: HashMap<Key, usize>,
    pauses: HashMap<Key, Pause>,
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
        let in_flight = Mutex::default();
        Self { store, gateway, timing, clock, metrics, receipts_url, wake, stopping, in_flight }
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
                Some(landed) = round.flying.join_next() => self.landed(&mut round, landed),
            }
        }
        while let Some(landed) = round.flying.join_next().await {
            self.landed(&mut round, landed);
        }
    }

    /// Fills the free places.
    async fn take_off(self: &Arc<Self>, round: &mut Round) -> Result<()> {
        self.store.start_due(self.clock.now()).await?;
        while round.flying.len() < IN_FLIGHT {
            let ready = self.store.ready().await?;
            round.pauses.retain(|key, _| ready.contains(key));
            let Some(key) = round.next(&ready, Instant::now()) else { break };
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

    async fn fly(self: Arc<Self>, taken: Taken) -> (Key, Landing) {
        let (key, batch) = (taken.key, taken.batch);
        let landing = self.hand_over(taken).await;
        self.in_flight.lock().await.remove(&batch);
        (key, landing)
    }

    fn landed(
        &self,
        round: &mut Round,
        landed: std::result::Result<(Key, Landing), tokio::task::JoinError>,
    ) {
        // A panic in flight leaves the batch in doubt, and its place taken: both are safe.
        let Ok((key, landing)) = landed else { return };
        if let Some(flying) = round.of_campaign.get_mut(&key) {
            *flying = flying.saturating_sub(1);
        }
        round.of_campaign.retain(|_, flying| *flying > 0);
        match landing {
            Landing::Through => {
                round.pauses.remove(&key);
            }
            Landing::NotNow(asked) => {
                let times = round.pauses.get(&key).map_or(0, |pause| pause.times);
                let wait = asked.unwrap_or_else(|| self.pause(times));
                let until = Instant::now() + wait;
                round.pauses.insert(key, Pause { until, times: times + 1 });
            }
            Landing::Denied => {
                let until = Instant::now() + self.timing.denied_pause;
                round.pauses.insert(key, Pause { until, times: 0 });
            }
        }
    }

    /// How long to wait after having waited so many times.
    fn pause(&self, times: u32) -> Duration {
        let doubled = self.timing.first_pause.saturating_mul(2_u32.saturating_pow(times));
        doubled.min(self.timing.longest_pause)
    }
}

impl Round {
    /// The next campaign after the last that may send now.
    fn next(&self, ready: &[Key], now: Instant) -> Option<Key> {
        let may = |key: &&Key| {
            let waits = self.pauses.get(key).is_some_and(|pause| pause.until > now);
            !waits && self.of_campaign.get(key).copied().unwrap_or_default() < OF_ONE
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
        let (mut round, now) = (Round::default(), Instant::now());
        let ready = [key(1), key(2), key(3)];
        let mut turns = Vec::new();
        for _ in 0..4 {
            round.last = round.next(&ready, now);
            turns.extend(round.last);
        }
        assert_eq!(turns, [key(1), key(2), key(3), key(1)]);
    }

    #[tokio::test]
    async fn one_campaign_never_has_all_the_places_and_a_pause_is_kept() {
        let (mut round, now) = (Round::default(), Instant::now());
        round.of_campaign.insert(key(1), OF_ONE);
        assert_eq!(round.next(&[key(1)], now), None);
        assert_eq!(round.next(&[key(1), key(2)], now), Some(key(2)));
        let until = now + Duration::from_secs(1);
        round.pauses.insert(key(2), Pause { until, times: 1 });
        assert_eq!(round.next(&[key(1), key(2)], now), None);
        assert_eq!(round.next(&[key(1), key(2)], until), Some(key(2)));
    }
}
