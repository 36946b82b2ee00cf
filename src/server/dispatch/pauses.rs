//! Campaigns that have to wait: because the provider said "not now", refused our key, or did not
//! answer.
//!
//! Shared by everything in flight, since a campaign has to wait from before its messages are back in
//! the queue: they would else be taken again at once.

use crate::config::Timing;
use crate::store::Key;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// See the module's story.
#[derive(Debug, Default)]
pub struct Pauses(Mutex<HashMap<Key, Pause>>);

#[derive(Clone, Copy, Debug)]
struct Pause {
    until: Instant,
    /// How often in a row the provider said "not now".
    times: u32,
}

impl Pauses {
    /// The provider is not taking messages: wait as long as it asks for, or else twice as long each
    /// time.
    pub fn not_now(&self, key: Key, asked: Option<Duration>, timing: &Timing) {
        let mut pauses = self.lock();
        let times = pauses.get(&key).map_or(0, |pause| pause.times);
        let wait = asked.unwrap_or_else(|| {
            let doubled = timing.first_pause.saturating_mul(2_u32.saturating_pow(times));
            doubled.min(timing.longest_pause)
        });
        pauses.insert(key, Pause { until: Instant::now() + wait, times: times + 1 });
    }

    /// Somebody has to act: it is only tried now and then whether they have.
    pub fn denied(&self, key: Key, timing: &Timing) {
        let until = Instant::now() + timing.denied_pause;
        self.lock().insert(key, Pause { until, times: 0 });
    }

    /// The provider took something: go on.
    pub fn end(&self, key: Key) {
        self.lock().remove(&key);
    }

    /// Forgets campaigns that nothing is to be done for.
    pub fn retain(&self, has_work: impl Fn(Key) -> bool) {
        self.lock().retain(|key, _| has_work(*key));
    }

    /// Whether the campaign has to wait still.
    pub fn holds(&self, key: Key, now: Instant) -> bool {
        self.lock().get(&key).is_some_and(|pause| pause.until > now)
    }

    /// Whole at every moment, so that a panic elsewhere spoils nothing.
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Pause>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
