//! Posts the receipts: one task that knows what is due, and a bounded number of posts under way.
//!
//! Of each message only the next receipt waits in the queue, so a million messages are a million
//! small entries and no sleeping tasks. The next receipt is due only after the first try of the one
//! before has ended: receipts arrive in order unless posts fail or a magic number wants otherwise.

use super::Options;
use super::magic::{Report, Step};
use super::prices::CURRENCY;
use super::store::{Message, Store};
use crate::clock;
use crate::eight::api::{Envelope, ReceiptPayload, ReceiptPrice, ReceiptStatus, number};
use domain::campaign::delivery::reason;
use reqwest::{Client, Url, header, redirect};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// Posts under way at once, each on its own kept connection.
const AT_ONCE: usize = 64;
/// Due receipts handled before the task looks around again.
const IN_A_ROW: usize = 1_024;
/// When a failed post is tried again (8x8 "Delivery receipts for outbound SMS").
const RETRIES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(90),
];

/// Makes posting begin. The messages whose indices are sent get their receipts; when the sender is
/// dropped, everything stops.
pub(super) fn start(
    store: Arc<Mutex<Store>>,
    options: &Options,
) -> reqwest::Result<mpsc::UnboundedSender<Range<u32>>> {
    let http = Client::builder()
        .user_agent("8x8-sandbox")
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(10))
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(AT_ONCE)
        .build()?;
    let (sender, accepted) = mpsc::unbounded_channel();
    let courier = Courier {
        store,
        http,
        speed: options.speed(),
        delay: options.receipt_delay,
        queue: BinaryHeap::new(),
        posts: JoinSet::new(),
    };
    tokio::spawn(courier.run(accepted));
    Ok(sender)
}

/// A receipt that waits for its time. Ordered by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Instant,
    message: u32,
    step: u8,
    failures: u8,
}

struct Courier {
    store: Arc<Mutex<Store>>,
    http: Client,
    speed: f64,
    delay: Duration,
    queue: BinaryHeap<Reverse<Due>>,
    posts: JoinSet<(Due, bool)>,
}

impl Courier {
    async fn run(mut self, mut accepted: mpsc::UnboundedReceiver<Range<u32>>) {
        loop {
            for _ in 0..IN_A_ROW {
                if self.posts.len() == AT_ONCE || !self.begin_next() {
                    break;
                }
            }
            let free = self.posts.len() < AT_ONCE;
            let next = self.queue.peek().filter(|_| free).map(|Reverse(due)| due.at);
            tokio::select! {
                news = accepted.recv() => match news {
                    Some(messages) => messages.for_each(|message| self.enqueue(message, 0)),
                    None => return,
                },
                Some(done) = self.posts.join_next(), if !self.posts.is_empty() => {
                    // A post that panicked is as good as none.
                    if let Ok((due, arrived)) = done {
                        self.end(due, arrived);
                    }
                }
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
            }
        }
    }

    /// Puts the next receipt of a message, from this step on, into the queue.
    fn enqueue(&mut self, message: u32, from: u8) {
        let (store, now) = (lock(&self.store), clock::now());
        let Some(known) = store.messages.get(message as usize) else { return };
        let Some((step, what)) = known.next_step(from) else { return };
        let moment =
            known.starts_at + (what.posted.div_f64(self.speed) + self.delay).as_millis() as i64;
        let wait = Duration::from_millis(u64::try_from(moment - now).unwrap_or(0));
        self.queue.push(Reverse(Due { at: Instant::now() + wait, message, step, failures: 0 }));
    }

    /// Begins to post the first receipt in the queue, if it is due.
    fn begin_next(&mut self) -> bool {
        let due = match self.queue.peek() {
            Some(Reverse(due)) if due.at <= Instant::now() => *due,
            _ => return false,
        };
        self.queue.pop();
        let post = {
            let mut store = lock(&self.store);
            store.reach(due.message, due.step);
            let message = store.messages.get(due.message as usize);
            message.and_then(|message| self.post(message, due.step))
        };
        match post {
            Some((step, url, body)) => {
                let http = self.http.clone();
                self.posts.spawn(async move {
                    let mut arrived = true;
                    for _ in 0..step.times {
                        arrived &= post_to(&http, url.clone(), body.clone()).await;
                    }
                    (due, arrived)
                });
            }
            // Nobody wants to know.
            None => self.end(due, true),
        }
        true
    }

    fn post(&self, message: &Message, step: u8) -> Option<(Step, Url, String)> {
        let url = message.common.callback.clone()?;
        let step = *message.steps().get(usize::from(step))?;
        Some((step, url, receipt(message, &step, self.speed)?))
    }

    /// A try has ended.
    fn end(&mut self, due: Due, arrived: bool) {
        match RETRIES.get(usize::from(due.failures)) {
            Some(wait) if !arrived => {
                let at = Instant::now() + wait.div_f64(self.speed);
                self.queue.push(Reverse(Due { at, failures: due.failures + 1, ..due }));
            }
            _ => lock(&self.store).posted(due.message, due.step),
        }
        if due.failures == 0 {
            self.enqueue(due.message, due.step + 1);
        }
    }
}

fn lock(store: &Mutex<Store>) -> std::sync::MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the other side took it.
async fn post_to(http: &Client, url: Url, body: String) -> bool {
    let post = http.post(url).header(header::CONTENT_TYPE, "application/json").body(body);
    match post.send().await {
        Ok(response) => {
            let arrived = response.status().is_success();
            // Read to its end, so that the connection can be used again.
            arrived && response.bytes().await.is_ok()
        }
        Err(_) => false,
    }
}

/// The body of a receipt.
fn receipt(message: &Message, step: &Step, speed: f64) -> Option<String> {
    let report = step.report;
    let price = message.price().filter(|_| report.is_charged());
    serde_json::to_string(&Envelope {
        namespace: "SMS".to_owned(),
        event_type: "outbound_message_status_changed".to_owned(),
        description: Some("SMS outbound message delivery receipt".to_owned()),
        payload: ReceiptPayload {
            umid: message.umid.to_string(),
            batch_id: message.common.batch.map(|id| id.to_string()),
            client_message_id: message.reference.as_deref().map(str::to_owned),
            client_batch_id: message.common.batch_reference.clone(),
            sub_account_id: Some(message.common.subaccount.clone()),
            source: message.common.source.clone(),
            destination: Some(message.to.to_string()),
            status: status(report, clock::to_the_millisecond(message.happened_at(step, speed))),
            price: price.map(|(one, all)| ReceiptPrice {
                total: number(all),
                per_sms: number(one),
                currency: Some(CURRENCY.to_owned()),
            }),
            sms_count: Some(message.segments),
        },
    })
    .ok()
}

/// A report in 8x8's words.
pub(super) fn status(report: Report, timestamp: String) -> ReceiptStatus {
    let code = report.error_code();
    ReceiptStatus {
        state: report.state().to_owned(),
        detail: report.detail().map(str::to_owned),
        timestamp,
        error_code: code.map(i64::from),
        error_message: code.map(|code| reason(code).what.to_owned()),
    }
}
