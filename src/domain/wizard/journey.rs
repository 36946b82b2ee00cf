//! The way through the steps. Nothing here is stored: which steps are done and which may be visited
//! follows from the draft, and the current one is the page's URL.

use crate::problem::{Field, FieldError};
use crate::wizard::draft::{Draft, When};
use serde::{Deserialize, Serialize};

/// A step of the wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Whose account pays.
    Subaccount,
    /// Who gets the message.
    Recipients,
    /// What it says and who it is from.
    Compose,
    /// Check, name and submit.
    Send,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Subaccount, Self::Recipients, Self::Compose, Self::Send];

    /// Its place, from 1.
    pub const fn number(self) -> usize {
        self as usize + 1
    }

    /// The last part of its URL.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Subaccount => "subaccount",
            Self::Recipients => "recipients",
            Self::Compose => "compose",
            Self::Send => "send",
        }
    }

    /// The heading of its page.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Subaccount => "Select a subaccount",
            Self::Recipients => "Add recipients",
            Self::Compose => "Compose a message",
            Self::Send => "Send your message(s)",
        }
    }

    /// Its name in the list of steps.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subaccount => "Subaccount",
            Self::Recipients => "Recipients",
            Self::Compose => "Message",
            Self::Send => "Send",
        }
    }

    /// Where a field is to be found; `None` for those of the sign-in.
    pub const fn of(field: Field) -> Option<Self> {
        match field {
            Field::Subaccount => Some(Self::Subaccount),
            Field::Numbers => Some(Self::Recipients),
            Field::SenderId | Field::Message => Some(Self::Compose),
            Field::Name | Field::When | Field::Count => Some(Self::Send),
            Field::Email | Field::Password | Field::NewPassword => None,
        }
    }

    /// The one after it.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }

    /// The one before it.
    pub fn previous(self) -> Option<Self> {
        Self::ALL.get((self as usize).checked_sub(1)?).copied()
    }
}

/// How far a draft has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Journey {
    /// The first step that is not done; the last one never is.
    first_open: Step,
}

impl Journey {
    /// Walks the steps while each is done.
    pub fn of(draft: &Draft) -> Self {
        let open = Step::ALL.into_iter().find(|step| !errors(draft, *step).is_empty());
        Self { first_open: open.unwrap_or(Step::Send) }
    }

    /// Whether every step before this one is done.
    pub fn can_visit(self, step: Step) -> bool {
        step <= self.first_open
    }

    /// Where to go on.
    pub const fn first_open(self) -> Step {
        self.first_open
    }
}

/// What keeps `step` from being done. The times of the last step are judged when submitting.
pub fn errors(draft: &Draft, step: Step) -> Vec<FieldError> {
    match step {
        Step::Subaccount => draft.parse_subaccount().err().into_iter().collect(),
        Step::Recipients => draft.parse_recipients().err().into_iter().collect(),
        Step::Compose => {
            let sender = draft.parse_sender_id().err();
            sender.into_iter().chain(draft.parse_message().err()).collect()
        }
        Step::Send => {
            let name = draft.parse_name().err();
            let no_time = match &draft.when {
                When::Later(local) if local.is_empty() => Some(FieldError::new(
                    crate::problem::Field::When,
                    crate::problem::Problem::NoTime,
                )),
                _ => None,
            };
            name.into_iter().chain(no_time).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipients::Summary;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn filled(upto: usize) -> Draft {
        let mut draft = Draft::new(Uuid::nil());
        if upto > 0 {
            draft.subaccount = "acme_hq".into();
        }
        if upto > 1 {
            draft.numbers = "+6591234567".into();
            draft.processed = Some(Summary { total: 1, valid: 1, ..Summary::default() });
        }
        if upto > 2 {
            draft.sender_id = "Acme".into();
            draft.message = "Hello".into();
        }
        draft
    }

    #[test]
    fn each_answer_opens_the_next_step() {
        for done in 0..4 {
            assert_eq!(Journey::of(&filled(done)).first_open(), Step::ALL[done]);
        }
    }

    #[test]
    fn emptying_an_early_answer_closes_the_later_steps() {
        let mut draft = filled(3);
        draft.set_numbers(String::new());
        let journey = Journey::of(&draft);
        assert!(journey.can_visit(Step::Recipients));
        assert!(!journey.can_visit(Step::Compose));
    }

    #[test]
    fn steps_know_their_neighbours() {
        assert_eq!(Step::Subaccount.previous(), None);
        assert_eq!(Step::Send.next(), None);
        for pair in Step::ALL.windows(2) {
            assert_eq!(pair[0].next(), Some(pair[1]));
            assert_eq!(pair[1].previous(), Some(pair[0]));
        }
    }

    proptest! {
        /// Whatever was typed: the open steps are a beginning of the list, never with a gap.
        #[test]
        fn open_steps_have_no_gaps(subaccount in "[a-z]{0,2}", sender in "\\PC{0,13}", message in "[a{}]{0,5}", valid in 0_u32..2) {
            let mut draft = filled(0);
            draft.subaccount = subaccount;
            draft.numbers = "1".into();
            draft.processed = Some(Summary { total: 1, valid, unable: 1 - valid, ..Summary::default() });
            draft.sender_id = sender;
            draft.message = message;
            let journey = Journey::of(&draft);
            for pair in Step::ALL.windows(2) {
                prop_assert!(journey.can_visit(pair[0]) || !journey.can_visit(pair[1]));
            }
            prop_assert!(journey.can_visit(Step::Subaccount));
        }
    }
}
