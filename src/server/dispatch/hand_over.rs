//! One batch on its way: what is made of each answer the provider can give.

use super::Dispatcher;
use crate::store::outbox::Taken;
use domain::price::quote::render;
use gateway::{Acceptance, Batch, Outgoing, SendError};
use std::ops::Range;

/// What is said to the person who watches the campaign.
const BUSY: &str =
    "The provider is not taking messages just now. Sending goes on by itself as soon as it does.";
const LOST: &str = "The provider's answer to some messages got lost. They are not sent again before \
    it is clear that they were not sent; that can take a few minutes.";

fn denied(why: &str) -> String {
    format!(
        "The provider refuses this installation: {why}. Nothing is lost: once the key or the account \
         is put right, sending goes on by itself."
    )
}

impl Dispatcher {
    /// Hands the messages over, in halves and halves of halves where the provider refuses the whole:
    /// one bad message does not sink the others.
    pub(super) async fn hand_over(&self, taken: Taken) {
        let whole: Range<usize> = 0..taken.references.len();
        let mut parts = Vec::from([whole]);
        while let Some(part) = parts.pop() {
            let outcome = self.gateway.send(&self.batch(&taken, part.clone())).await;
            match outcome {
                Ok(answers) if answers.len() == part.len() => {
                    self.metrics.hand_over("accepted");
                    let lost = answers.contains(&Acceptance::Unknown);
                    self.record(&taken, part, answers).await;
                    if lost {
                        self.lose(&taken).await;
                    }
                }
                Err(SendError::Refused(why)) if part.len() > 1 => {
                    self.metrics.hand_over("refused");
                    tracing::warn!(messages = part.len(), %why, "the provider refuses a batch");
                    let middle = part.start + part.len() / 2;
                    parts.push(middle..part.end);
                    parts.push(part.start..middle);
                }
                Err(SendError::Refused(why)) => {
                    self.metrics.hand_over("refused");
                    self.record(&taken, part, vec![Acceptance::Rejected(why)]).await;
                }
                Err(SendError::NotNow { retry_after, why }) => {
                    self.metrics.hand_over("not_now");
                    tracing::warn!(%why, "the provider is not taking messages");
                    self.pauses.not_now(taken.key, retry_after, &self.timing);
                    self.give_back(&taken, part.start, BUSY).await;
                    return;
                }
                Err(SendError::Denied(why)) => {
                    self.metrics.hand_over("denied");
                    tracing::error!(%why, "the provider refuses us");
                    self.pauses.denied(taken.key, &self.timing);
                    self.give_back(&taken, part.start, &denied(&why)).await;
                    return;
                }
                // As many answers as messages, or nobody can tell which is whose.
                lost @ (Ok(_) | Err(SendError::Lost(_))) => {
                    self.metrics.hand_over("lost");
                    let why = lost.err().map_or("too few answers".into(), |why| why.to_string());
                    tracing::warn!(%why, "an answer of the provider got lost");
                    self.pauses.not_now(taken.key, None, &self.timing);
                    // The parts that had not left yet are not in doubt.
                    self.give_back(&taken, part.end, LOST).await;
                    self.lose(&taken).await;
                    return;
                }
            }
        }
        self.pauses.end(taken.key);
    }

    fn batch(&self, taken: &Taken, part: Range<usize>) -> Batch {
        let mut text = String::new();
        let messages = part.filter_map(|i| {
            let reference = taken.references.get(i)?.to_string();
            let to = *taken.recipients.to.get(i)?;
            render(taken.message.template(), &taken.recipients, i, &mut text);
            Some(Outgoing { reference, to, text: text.clone() })
        });
        Batch {
            messages: messages.collect(),
            subaccount: taken.subaccount.clone(),
            sender_id: taken.sender_id.clone(),
            reference: taken.batch.reference(),
            receipts_url: self.receipts_url.clone(),
        }
    }

    // When one of these three fails, the messages are in doubt, which is always safe.

    async fn record(&self, taken: &Taken, part: Range<usize>, answers: Vec<Acceptance>) {
        for answer in &answers {
            self.metrics.message(match answer {
                Acceptance::Accepted(_) => "accepted",
                Acceptance::Rejected(_) => "rejected",
                Acceptance::Unknown => "unknown",
            });
        }
        let references = taken.references.get(part).unwrap_or_default();
        let answers: Vec<_> = references.iter().copied().zip(answers).collect();
        let now = self.clock.now();
        let recorded = self.store.record(taken.key, taken.batch, &answers, now).await;
        if let Err(error) = recorded {
            tracing::error!(%error, "the provider's answer could not be stored");
        }
    }

    /// Gives back everything from the message at `from` on.
    async fn give_back(&self, taken: &Taken, from: usize, trouble: &str) {
        let first = taken.references.get(from).map(|reference| reference.seq);
        let (Some(first), Some(last)) = (first, taken.references.last()) else { return };
        let (store, now) = (&self.store, self.clock.now());
        let given = store.give_back(taken.key, taken.batch, first..=last.seq, trouble, now).await;
        if let Err(error) = given {
            tracing::error!(%error, "messages could not be put back into the queue");
        }
    }

    async fn lose(&self, taken: &Taken) {
        if let Err(error) = self.store.lose(taken.key, taken.batch, LOST, self.clock.now()).await {
            tracing::error!(%error, "it could not be noted that an answer got lost");
        }
    }
}
