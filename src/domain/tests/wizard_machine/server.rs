//! The model of the server.

use domain::price::money::{Cost, Currency};
use domain::price::quote::{Quote, Quoting};
use domain::problem::ProblemCode;
use domain::recipients::phone::Country;
use domain::sender::rules::{Alphanumeric, SenderRule};
use domain::wire::{DestinationInfo, Destinations};
use domain::wizard::submission::{Expected, Submission};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub enum Op {
    Create(Box<Submission>),
    /// Each recipient is a chunk of its own here, and says how many there are.
    Chunk(Uuid, u32, u32),
    Submit(Uuid),
    Forget(Uuid),
}

#[derive(Clone, Debug)]
pub enum Answer {
    Stored { next_chunk: u32, submitted: bool },
    Done,
    Submitted,
    Gone,
    Refused(ProblemCode),
}

pub struct Campaign {
    pub expected: Expected,
    pub message: String,
    pub chunks: BTreeSet<u32>,
    /// Of how many recipients the chunks are.
    pub of: BTreeSet<u32>,
    pub submitted: bool,
}

/// What the product's server does, in a few lines.
#[derive(Default)]
pub struct Server {
    pub campaigns: HashMap<Uuid, Campaign>,
    pub forgotten: HashSet<Uuid>,
    pub price: u32,
}

impl Server {
    pub fn handle(&mut self, op: &Op) -> Answer {
        let id = match op {
            Op::Create(submission) => submission.id(),
            Op::Chunk(id, _, _) | Op::Submit(id) | Op::Forget(id) => *id,
        };
        if self.forgotten.contains(&id) {
            return if let Op::Forget(_) = op { Answer::Done } else { Answer::Gone };
        }
        if let Op::Create(submission) = op {
            let message = submission.message().template().source().to_owned();
            let expected = *submission.expected();
            let stored = self.campaigns.entry(id).or_insert_with(|| Campaign {
                expected,
                message: message.clone(),
                chunks: BTreeSet::new(),
                of: BTreeSet::new(),
                submitted: false,
            });
            if (stored.expected, &stored.message) != (expected, &message) {
                return Answer::Refused(ProblemCode::DifferentCampaign);
            }
            let next_chunk = (0..).find(|n| !stored.chunks.contains(n)).unwrap_or_default();
            return Answer::Stored { next_chunk, submitted: stored.submitted };
        }
        if let Op::Forget(_) = op {
            if self.campaigns.get(&id).is_some_and(|campaign| campaign.submitted) {
                return Answer::Submitted;
            }
            self.campaigns.remove(&id);
            self.forgotten.insert(id);
            return Answer::Done;
        }
        let price = self.price;
        let Some(campaign) = self.campaigns.get_mut(&id) else {
            return Answer::Refused(ProblemCode::NotFound);
        };
        match op {
            Op::Chunk(_, n, of) if !campaign.submitted => {
                campaign.chunks.insert(*n);
                campaign.of.insert(*of);
                Answer::Done
            }
            Op::Chunk(..) => Answer::Done,
            _ if campaign.submitted => Answer::Submitted,
            _ if (campaign.chunks.len() as u32) < campaign.expected.recipients => {
                Answer::Refused(ProblemCode::RecipientsIncomplete)
            }
            _ => {
                let now = quote(&campaign.message, campaign.expected.recipients, price);
                if Expected::from(&now) != campaign.expected {
                    return Answer::Refused(ProblemCode::CostChanged);
                }
                campaign.submitted = true;
                Answer::Submitted
            }
        }
    }
}

pub fn quote(message: &str, recipients: u32, price: u32) -> Quote {
    let destinations = destinations(price);
    let prices = domain::wizard::machine::price_list(&destinations);
    let mut quoting = Quoting::new(&prices);
    for _ in 0..recipients {
        quoting.add(Country::parse("SG"), message);
    }
    quoting.finish()
}

pub fn destinations(price: u32) -> Destinations {
    let amount = domain::price::money::Amount::parse(&format!("0.0{price}")).unwrap();
    Destinations {
        currency: Currency::USD,
        countries: vec![DestinationInfo {
            country: Country::parse("SG").unwrap(),
            name: "Singapore".into(),
            dialing_code: Some(65),
            price: Some(Cost { low: amount, high: amount }),
            sender_rule: SenderRule {
                alphanumeric: Alphanumeric::Yes,
                two_way: false,
                disputed: false,
            },
        }],
        sender_ids: Vec::new(),
        confirm_from: 3,
    }
}
