//! Who wants to know when a campaign changes: the live streams.
//!
//! Nothing but "something changed" is passed on; whoever listens reads the present state from the
//! store. So a change that is missed or seen twice does no harm, and a slow listener holds nobody up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use uuid::Uuid;

/// The listeners, by campaign.
#[derive(Clone, Debug, Default)]
pub struct Changes(Arc<Mutex<HashMap<Uuid, watch::Sender<()>>>>);

impl Changes {
    /// Listens to a campaign from now on.
    pub fn subscribe(&self, campaign: Uuid) -> watch::Receiver<()> {
        self.lock().entry(campaign).or_default().subscribe()
    }

    /// Tells that a campaign has changed. Only once the change is committed.
    pub fn announce(&self, campaign: Uuid) {
        let mut listeners = self.lock();
        let gone = listeners.get(&campaign).is_some_and(|sender| sender.send(()).is_err());
        if gone {
            listeners.remove(&campaign);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, watch::Sender<()>>> {
        // Every hold of the lock is one operation on the map: it cannot be left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listeners_hear_of_their_campaign_and_leave_nothing_behind() {
        let (changes, mine, other) = (Changes::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        let mut listener = changes.subscribe(mine);
        changes.announce(other);
        assert!(!listener.has_changed().unwrap());
        changes.announce(mine);
        listener.changed().await.unwrap();
        drop(listener);
        changes.announce(mine);
        assert!(changes.lock().is_empty());
    }
}
