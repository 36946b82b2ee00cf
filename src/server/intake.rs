//! Receipts come one by one and are written many at a time.
//!
//! The provider posts each receipt in a request of its own, thousands a second after a big campaign,
//! and wants a quick answer; the disk takes a few hundred flushes a second. So requests put their
//! receipt into a line and wait; one task takes all that stand in line, writes them in one
//! transaction, and then lets all of them answer. A receipt is on the disk before it is answered.

use crate::clock::Clock;
use crate::store::Store;
use gateway::Receipt;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// The most receipts in one transaction: about 20 ms of writing.
const AT_ONCE: usize = 1_000;
/// The most that stand in line; those after them wait for a place.
const LINE: usize = 4_000;

/// The line.
#[derive(Clone, Debug)]
pub struct Intake(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    receipt: Receipt,
    stored: oneshot::Sender<()>,
}

/// A receipt could not be stored. The provider posts it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the receipt could not be stored")]
pub struct NotStored;

impl Intake {
    /// The line, and the task at its end, which runs until it is told to stop and the line is empty.
    pub fn new(
        store: Store,
        clock: Clock,
        stopping: CancellationToken,
    ) -> (Self, impl Future<Output = ()>) {
        let (line, end) = mpsc::channel(LINE);
        (Self(line), write(store, clock, stopping, end))
    }

    /// Returns when the receipt is stored.
    ///
    /// # Errors
    /// When it is not.
    pub async fn store(&self, receipt: Receipt) -> Result<(), NotStored> {
        let (stored, done) = oneshot::channel();
        self.0.send(Waiting { receipt, stored }).await.map_err(|_| NotStored)?;
        done.await.map_err(|_| NotStored)
    }
}

async fn write(
    store: Store,
    clock: Clock,
    stopping: CancellationToken,
    mut line: mpsc::Receiver<Waiting>,
) {
    let mut waiting = Vec::with_capacity(AT_ONCE);
    loop {
        tokio::select! {
            biased;
            // Those in line are still served; nobody else is let in.
            () = stopping.cancelled(), if !line.is_closed() => line.close(),
            taken = line.recv_many(&mut waiting, AT_ONCE) => if taken == 0 { return },
        }
        if waiting.is_empty() {
            continue;
        }
        let (receipts, stored): (Vec<_>, Vec<_>) =
            waiting.drain(..).map(|w| (w.receipt, w.stored)).unzip();
        match store.apply_receipts(&receipts, clock.now()).await {
            Ok(_) => {
                for stored in stored {
                    // Whoever hung up meanwhile posts it again, and that is no harm.
                    let _ = stored.send(());
                }
            }
            Err(error) => tracing::error!(%error, "receipts could not be stored"),
        }
    }
}
