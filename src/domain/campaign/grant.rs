//! What a host's dashboard lets its user do in the embedded wizard: scopes, and limits on what may be
//! sent with one sign-in. Browser and server judge by the same rules: the one to explain, the other
//! to enforce.

use crate::digits::{grouped, plural};
use crate::price::money::{Amount, Currency};
use crate::price::quote::Quote;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Something that can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Walk through the wizard.
    Compose,
    /// Submit campaigns; pause, resume, cancel and retry them.
    Submit,
    /// See campaigns, their status, recipients and reports.
    View,
}

/// What a sign-in by a host allows, and how much of it is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What may be done.
    pub scopes: Vec<Scope>,
    /// Messages that may still be submitted; `None` without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipients: Option<u32>,
    /// Money that may still be spent; `None` without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<Spend>,
}

/// An amount in its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

impl Spend {
    /// What is left after spending some of it.
    pub fn minus(self, spent: Amount) -> Self {
        let left = self.amount.nanos().saturating_sub(spent.nanos());
        Self { amount: Amount::from_nanos(left), ..self }
    }
}

/// `USD 25.00`.
impl std::fmt::Display for Spend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.currency.code(), self.amount)
    }
}

/// A limit that a campaign goes beyond. Not among the [problems](crate::problem::Problem) of the wizard's
/// fields: the page leaves it to its worker.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Beyond {
    /// Too many messages.
    #[error("Your sign-in allows {} and these are {}. Remove {}", counted(*.left, "more message"), grouped(*.asked), counted(asked - left, "recipient"))]
    Recipients {
        /// What it still allows.
        left: u32,
        /// What there is.
        asked: u32,
    },
    /// Too much money.
    #[error(
        "Your sign-in allows {left} more and this may cost {asked}. Remove recipients or shorten the message"
    )]
    Spend {
        /// What it still allows.
        left: Spend,
        /// What it may cost at most.
        asked: Spend,
    },
    /// The limit is in another currency than the prices.
    #[error("Your sign-in allows {left} more, and this subaccount is charged in {}. Select another subaccount", .currency.code())]
    OtherCurrency {
        /// What it still allows.
        left: Spend,
        /// Of the prices.
        currency: Currency,
    },
    /// There are messages whose price nobody knows.
    #[error("Your sign-in allows {left} more, and the price of {} is not known. Remove {}", counted(*.unpriced, "message"), plural(u64::from(*.unpriced), "its recipient", "their recipients"))]
    Unpriced {
        /// What it still allows.
        left: Spend,
        /// Messages without a price.
        unpriced: u32,
    },
}

fn counted(n: u32, one: &str) -> String {
    format!("{} {one}{}", grouped(n), plural(u64::from(n), "", "s"))
}

impl Grant {
    /// Whether this may be done.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether a campaign that adds up to `quote` may be submitted. Where prices differ between a
    /// country's operators the highest counts, and what has no price cannot be within a limit.
    ///
    /// # Errors
    /// Every limit it goes beyond.
    pub fn check(&self, quote: &Quote) -> Result<(), Vec<Beyond>> {
        let mut beyond = Vec::new();
        if let Some(left) = self.recipients.filter(|left| quote.recipients > *left) {
            beyond.push(Beyond::Recipients { left, asked: quote.recipients });
        }
        if let Some(left) = self.spend {
            let asked = Spend { amount: quote.cost.high, currency: quote.currency };
            if asked.currency != left.currency {
                beyond.push(Beyond::OtherCurrency { left, currency: asked.currency });
            } else if asked.amount > left.amount {
                beyond.push(Beyond::Spend { left, asked });
            } else if quote.unpriced > 0 {
                beyond.push(Beyond::Unpriced { left, unpriced: quote.unpriced });
            }
        }
        if beyond.is_empty() { Ok(()) } else { Err(beyond) }
    }

    /// Everything that keeps a campaign from being submitted, in sentences.
    pub fn objections(&self, quote: &Quote) -> Vec<String> {
        let beyond = self.check(quote).err().into_iter().flatten();
        let mut words: Vec<String> = beyond.map(|beyond| format!("{beyond}.")).collect();
        if !self.allows(Scope::Submit) {
            words.push("Your sign-in does not allow sending messages.".to_owned());
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::money::Cost;
    use crate::price::quote::{PriceList, Quoting};
    use crate::recipients::phone::Country;

    fn quote(messages: u32) -> Quote {
        let amount = |text| Amount::parse(text).unwrap();
        let price = Cost { low: amount("0.04"), high: amount("0.05") };
        let singapore = Country::parse("SG").unwrap();
        let prices = PriceList { currency: Currency::USD, countries: [(singapore, price)].into() };
        let mut quoting = Quoting::new(&prices);
        for _ in 0..messages {
            quoting.add(Some(singapore), "Hello");
        }
        quoting.finish()
    }

    fn grant(recipients: Option<u32>, spend: Option<(&str, &str)>) -> Grant {
        let spend = spend.map(|(amount, currency)| Spend {
            amount: Amount::parse(amount).unwrap(),
            currency: Currency::parse(currency).unwrap(),
        });
        Grant { scopes: vec![Scope::Compose], recipients, spend }
    }

    fn said(grant: &Grant, quote: &Quote) -> Vec<String> {
        let beyond = grant.check(quote).err().unwrap_or_default();
        beyond.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn within_the_limits_nothing_is_said() {
        assert_eq!(grant(None, None).check(&quote(3)), Ok(()));
        // The dearest operator's price counts, and the limit itself is within the limit.
        assert_eq!(grant(Some(3), Some(("0.15", "USD"))).check(&quote(3)), Ok(()));
    }

    #[test]
    fn every_limit_is_said_in_words() {
        assert_eq!(
            said(&grant(Some(2), Some(("0.149", "USD"))), &quote(3)),
            [
                "Your sign-in allows 2 more messages and these are 3. Remove 1 recipient",
                "Your sign-in allows USD 0.149 more and this may cost USD 0.15. \
                 Remove recipients or shorten the message",
            ]
        );
        assert_eq!(
            said(&grant(None, Some(("1", "SGD"))), &quote(3)),
            ["Your sign-in allows SGD 1.00 more, and this subaccount is charged in USD. \
              Select another subaccount"]
        );
    }

    #[test]
    fn what_has_no_price_is_not_within_a_limit() {
        let prices = PriceList { currency: Currency::USD, countries: Default::default() };
        let mut quoting = Quoting::new(&prices);
        quoting.add(Country::parse("SG"), "Hello");
        assert_eq!(
            said(&grant(None, Some(("1", "USD"))), &quoting.finish()),
            ["Your sign-in allows USD 1.00 more, and the price of 1 message is not known. \
              Remove its recipient"]
        );
    }

    #[test]
    fn whoever_may_only_compose_is_told_so() {
        let objections = grant(Some(2), None).objections(&quote(3));
        assert_eq!(objections.len(), 2);
        assert_eq!(objections[1], "Your sign-in does not allow sending messages.");
    }

    #[test]
    fn spending_never_goes_below_nothing() {
        let spend = Spend { amount: Amount::parse("1").unwrap(), currency: Currency::USD };
        assert_eq!(spend.minus(Amount::parse("0.4").unwrap()).to_string(), "USD 0.60");
        assert_eq!(spend.minus(Amount::parse("2").unwrap()).to_string(), "USD 0.00");
    }
}
