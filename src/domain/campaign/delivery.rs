//! The life of one message: its states, how a receipt moves it, and what an error code means.

use serde::{Deserialize, Serialize};

/// Where a message is. Ordered by how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waiting here.
    Queued,
    /// Handed to the provider, whose answer got lost. Not sent again until that is settled.
    Unconfirmed,
    /// The provider accepted it.
    Sent,
    /// The operator has it; whether the phone has, nobody said.
    DeliveredToOperator,
    /// On the phone.
    Delivered,
    /// Accepted, and then not delivered.
    Undelivered,
    /// Not accepted; not charged.
    Rejected,
    /// Canceled before it was handed over; not charged.
    Canceled,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Unconfirmed,
        Self::Sent,
        Self::DeliveredToOperator,
        Self::Delivered,
        Self::Undelivered,
        Self::Rejected,
        Self::Canceled,
    ];

    /// The word for it on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Unconfirmed => "Unconfirmed",
            Self::Sent => "Sent",
            Self::DeliveredToOperator => "Delivered to operator",
            Self::Delivered => "Delivered",
            Self::Undelivered => "Undelivered",
            Self::Rejected => "Rejected",
            Self::Canceled => "Canceled",
        }
    }

    /// The name in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Unconfirmed => "unconfirmed",
            Self::Sent => "sent",
            Self::DeliveredToOperator => "delivered_to_operator",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Rejected => "rejected",
            Self::Canceled => "canceled",
        }
    }

    /// The state of this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing can change it any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Undelivered | Self::Rejected | Self::Canceled)
    }

    /// Whether there is nothing more to wait for: final, or with an operator that may never say more.
    pub const fn is_settled(self) -> bool {
        self.is_final() || matches!(self, Self::DeliveredToOperator)
    }

    /// Whether the provider charges for it by its price list; a receipt may say otherwise.
    pub const fn is_charged(self) -> bool {
        matches!(self, Self::Sent | Self::DeliveredToOperator | Self::Delivered | Self::Undelivered)
    }

    /// Whether it can be sent again: the provider or the operator said no.
    pub const fn can_be_retried(self) -> bool {
        matches!(self, Self::Undelivered | Self::Rejected)
    }

    /// Where a receipt moves a message. Receipts come late, twice and in any order: a message only
    /// ever moves forward, and never out of a final state.
    pub fn advance(self, receipt: Self) -> Self {
        if self.is_final() { self } else { self.max(receipt) }
    }
}

/// What an error code of a receipt means to the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What happened, as a sentence.
    pub what: &'static str,
    /// What to do about it.
    pub cure: Cure,
}

/// What to do about a message that was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Try again later: the phone or a network was out of reach.
    RetryLater,
    /// The number is wrong, or cannot get an SMS.
    FixNumber,
    /// The text was refused.
    FixMessage,
    /// The Sender ID was refused.
    FixSender,
    /// The account lacks credit or permission.
    CheckAccount,
    /// Nobody can say.
    Unknown,
}

impl Cure {
    /// The advice as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::RetryLater => "Try again later.",
            Self::FixNumber => "Check the number.",
            Self::FixMessage => "Change the message.",
            Self::FixSender => "Use another Sender ID, or register this one.",
            Self::CheckAccount => "Check the account with the provider.",
            Self::Unknown => "Ask the provider if it happens often.",
        }
    }
}

/// What 8x8's delivery error codes mean (8x8 "Delivery receipts error codes", 0-61 and 99), in plain
/// words. Which cure fits which code is our own grouping.
pub const fn reason(code: u16) -> Reason {
    use Cure::{CheckAccount, FixMessage, FixNumber, FixSender, RetryLater, Unknown};
    let (what, cure) = match code {
        1 | 46 => ("The phone was switched off or out of reach.", RetryLater),
        2 | 60 => ("The operator refused the content of the message.", FixMessage),
        3 | 9 | 10 | 14 | 18 | 40 | 48 | 49 | 52..=54 => {
            ("A technical error at the operator.", RetryLater)
        }
        4 | 5 | 22 => ("The operator put the delivery off and never finished it.", RetryLater),
        8 | 34 => ("The operator refused this Sender ID.", FixSender),
        11 | 50 => ("Too many messages to this number or operator at once.", RetryLater),
        12 | 23 | 33 | 35 | 47 | 51 | 61 => {
            ("The operator's network had a fault or was too busy.", RetryLater)
        }
        13 | 55 | 59 => ("The operator does not know this number.", FixNumber),
        15 => ("The number cannot get messages, or is on a block list.", FixNumber),
        16 | 17 | 38 => ("The message was not in a form the operator takes.", FixMessage),
        19 => ("The Sender ID is not valid there.", FixSender),
        20 | 25 | 39 => ("The message was canceled on its way.", Unknown),
        21 => ("The phone's memory was full.", RetryLater),
        24 => ("The operator asks for proof of age for such messages.", FixNumber),
        26 | 44 => ("The owner of the number may not get such messages.", FixNumber),
        28 | 29 => ("The phone refused the message.", FixNumber),
        30 => ("The number has moved to another operator.", FixNumber),
        31 => ("The operator does not deliver premium messages to it.", FixNumber),
        32 => ("The phone was abroad and could not be reached.", RetryLater),
        36 => ("The phone could not be reached until the message expired.", RetryLater),
        37 => ("This phone or number cannot get SMS.", FixNumber),
        42 => ("The account with the provider lacks credit.", CheckAccount),
        43 => ("A spam filter stopped the message.", FixMessage),
        45 => ("The phone was busy.", RetryLater),
        58 => ("The operator's message centre is not known.", Unknown),
        99 => ("The provider's fraud protection stopped the message.", CheckAccount),
        7 | 27 | 41 => ("The operator refused the message.", Unknown),
        _ => ("The operator gave no reason.", Unknown),
    };
    Reason { what, cure }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn state() -> impl Strategy<Value = DeliveryState> {
        proptest::sample::select(DeliveryState::ALL.to_vec())
    }

    #[test]
    fn an_operator_receipt_may_still_become_a_delivery() {
        use DeliveryState::*;
        assert_eq!(DeliveredToOperator.advance(Delivered), Delivered);
        assert_eq!(DeliveredToOperator.advance(Undelivered), Undelivered);
        assert_eq!(DeliveredToOperator.advance(Sent), DeliveredToOperator);
        assert_eq!(Delivered.advance(Undelivered), Delivered);
    }

    #[test]
    fn names_are_those_of_json() {
        for state in DeliveryState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
            assert_eq!(DeliveryState::from_name(state.name()), Some(state));
        }
    }

    proptest! {
        /// Receipts of one story (at most one final state), shuffled and repeated, end the same.
        #[test]
        fn the_order_of_receipts_does_not_matter(
            last in state(),
            order in Just([DeliveryState::Queued, DeliveryState::Sent, DeliveryState::DeliveredToOperator]).prop_shuffle(),
            at in 0_usize..4,
        ) {
            let mut receipts = order.to_vec();
            receipts.insert(at, last);
            let end = receipts.iter().fold(DeliveryState::Queued, |s, r| s.advance(*r));
            prop_assert_eq!(end, last.max(DeliveryState::DeliveredToOperator));
        }

        #[test]
        fn final_states_never_move(state in state(), receipts in prop::collection::vec(state(), 0..10)) {
            prop_assume!(state.is_final());
            prop_assert_eq!(receipts.iter().fold(state, |s, r| s.advance(*r)), state);
        }
    }
}
