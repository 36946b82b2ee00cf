//! A provider that answers as it is told, and remembers what it was asked.

use async_trait::async_trait;
use domain::campaign::delivery::DeliveryState;
use domain::price::money::{Amount, Cost, Currency};
use domain::price::quote::PriceList;
use domain::recipients::phone::Country;
use domain::time::Timestamp;
use gateway::{
    Acceptance, Batch, Gateway, GatewayError, Outgoing, Receipt, SendError, SubaccountPrices,
};
use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

/// What becomes of one request to send.
#[derive(Clone, Debug)]
pub enum Reply {
    /// All accepted.
    Accept,
    /// All accepted, and the answer lost.
    AcceptAndLose,
    /// Nothing accepted, and the answer lost.
    Lose,
    /// Not now.
    NotNow(Option<Duration>),
    /// Our key is refused.
    Denied,
    /// All but the messages to this number are accepted.
    Reject(&'static str),
    /// All accepted, but nothing is said of the messages to this number.
    Forget(&'static str),
    /// One answer too few.
    OneShort,
    /// Never answered.
    Hang,
}

/// See the module's story.
#[derive(Default)]
pub struct Fake {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    poison: Option<&'static str>,
    batches: Vec<Batch>,
    accepted: Vec<Receipt>,
    asked: Vec<Timestamp>,
    silent: bool,
    closed: bool,
    raised: bool,
}

impl Fake {
    /// What the next requests come to; those after them are accepted.
    pub fn next(&self, replies: impl IntoIterator<Item = Reply>) {
        self.state.lock().unwrap().replies.extend(replies);
    }

    /// Any request with a message to this number is refused as a whole.
    pub fn poison(&self, number: &'static str) {
        self.state.lock().unwrap().poison = Some(number);
    }

    /// Neither prices nor the log are to be had.
    pub fn set_silent(&self, silent: bool) {
        self.state.lock().unwrap().silent = silent;
    }

    /// Our key is refused when prices are asked for.
    pub fn close(&self) {
        self.state.lock().unwrap().closed = true;
    }

    /// Everything costs twice as much.
    pub fn raise_prices(&self) {
        self.state.lock().unwrap().raised = true;
    }

    /// The requests so far.
    pub fn batches(&self) -> Vec<Batch> {
        self.state.lock().unwrap().batches.clone()
    }

    /// The messages of all requests so far.
    pub fn messages(&self) -> Vec<Outgoing> {
        self.batches().into_iter().flat_map(|batch| batch.messages).collect()
    }

    /// The references it accepted.
    pub fn accepted(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.accepted.iter().map(|receipt| receipt.reference.clone()).collect()
    }

    /// How often it was asked for its log.
    pub fn looks(&self) -> usize {
        self.state.lock().unwrap().asked.len()
    }

    /// Accepts a message as if a request with it had arrived only now.
    pub fn accept_late(&self, message: &Outgoing) {
        self.state.lock().unwrap().accept(message);
    }
}

impl State {
    fn accept(&mut self, message: &Outgoing) -> Uuid {
        let umid = Uuid::from_u128(self.accepted.len() as u128 + 1);
        let receipt = Receipt {
            umid,
            reference: message.reference.clone(),
            state: DeliveryState::Sent,
            error_code: None,
            happened_at: "2026-11-22T15:00:00Z".to_owned(),
            charged: None,
            segments: None,
        };
        self.accepted.push(receipt);
        umid
    }

    fn accept_all(&mut self, batch: &Batch) -> Vec<Acceptance> {
        batch.messages.iter().map(|message| Acceptance::Accepted(self.accept(message))).collect()
    }

    fn accept_but(&mut self, batch: &Batch, number: &str, answer: &Acceptance) -> Vec<Acceptance> {
        let answers = batch.messages.iter().map(|message| {
            if message.to.to_string() == number {
                answer.clone()
            } else {
                Acceptance::Accepted(self.accept(message))
            }
        });
        answers.collect()
    }
}

#[async_trait]
impl Gateway for Fake {
    async fn send(&self, batch: &Batch) -> Result<Vec<Acceptance>, SendError> {
        let hang = {
            let mut state = self.state.lock().unwrap();
            state.batches.push(batch.clone());
            if let Some(number) = state.poison
                && batch.messages.iter().any(|message| message.to.to_string() == number)
            {
                return Err(SendError::Refused("Invalid MSISDN".to_owned()));
            }
            match state.replies.pop_front().unwrap_or(Reply::Accept) {
                Reply::Accept => return Ok(state.accept_all(batch)),
                Reply::AcceptAndLose => {
                    state.accept_all(batch);
                    return Err(SendError::Lost("connection reset".to_owned()));
                }
                Reply::Lose => return Err(SendError::Lost("connection reset".to_owned())),
                Reply::NotNow(retry_after) => {
                    return Err(SendError::NotNow { retry_after, why: "429".to_owned() });
                }
                Reply::Denied => return Err(SendError::Denied("401".to_owned())),
                Reply::Reject(number) => {
                    let answer = Acceptance::Rejected("Invalid MSISDN".to_owned());
                    return Ok(state.accept_but(batch, number, &answer));
                }
                Reply::Forget(number) => {
                    return Ok(state.accept_but(batch, number, &Acceptance::Unknown));
                }
                Reply::OneShort => {
                    let mut answers = state.accept_all(batch);
                    answers.pop();
                    return Ok(answers);
                }
                Reply::Hang => std::future::pending::<()>(),
            }
        };
        hang.await;
        Ok(Vec::new())
    }

    async fn prices(&self) -> Result<Vec<SubaccountPrices>, GatewayError> {
        let state = self.state.lock().unwrap();
        if state.silent {
            return Err(GatewayError::Unreachable("no route to host".to_owned()));
        }
        if state.closed {
            return Err(GatewayError::Denied("401".to_owned()));
        }
        let times = if state.raised { 2 } else { 1 };
        let cost = |low: &str, high: &str| {
            let amount = |text| Amount::parse(text).unwrap() * times;
            Cost { low: amount(low), high: amount(high) }
        };
        let countries = [
            (Country::parse("SG").unwrap(), cost("0.04", "0.04")),
            (Country::parse("ID").unwrap(), cost("0.30", "0.35")),
        ];
        let prices = PriceList { currency: Currency::USD, countries: countries.into() };
        let subaccount = |name: &str, prices| SubaccountPrices {
            subaccount: name.to_owned(),
            prices,
            dialing_codes: Vec::new(),
        };
        Ok(vec![subaccount("acme_hq", Some(prices)), subaccount("acme_otp", None)])
    }

    async fn sent_since(
        &self,
        _subaccount: &str,
        from: Timestamp,
    ) -> Result<Vec<Receipt>, GatewayError> {
        let mut state = self.state.lock().unwrap();
        if state.silent {
            return Err(GatewayError::Unreachable("no route to host".to_owned()));
        }
        state.asked.push(from);
        Ok(state.accepted.clone())
    }
}

/// Counts how often each is there.
pub fn tally<T: std::hash::Hash + Eq>(items: impl IntoIterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    items.into_iter().for_each(|item| *counts.entry(item).or_default() += 1);
    counts
}
