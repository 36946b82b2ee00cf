//! The life of a campaign after Submit: its states, its counts, and what may be done in each.

pub mod delivery;
pub mod grant;

use crate::campaign::delivery::DeliveryState;
use serde::{Deserialize, Serialize};

/// Where a campaign is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// Its recipients are still arriving; it was not submitted.
    Uploading,
    /// Submitted for a later time.
    Scheduled,
    /// Submitted; nothing was handed to the provider yet.
    Submitted,
    /// Being handed to the provider, or waiting for receipts.
    Sending,
    /// Held by the user; nothing more is handed over.
    Paused,
    /// Everything that could be learned is known.
    Finished,
    /// Stopped by the user; what was handed over before goes on.
    Canceled,
}

impl CampaignState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Uploading,
        Self::Scheduled,
        Self::Submitted,
        Self::Sending,
        Self::Paused,
        Self::Finished,
        Self::Canceled,
    ];

    /// The word for it on screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Uploading => "Uploading",
            Self::Scheduled => "Scheduled",
            Self::Submitted => "Submitted",
            Self::Sending => "Sending",
            Self::Paused => "Paused",
            Self::Finished => "Finished",
            Self::Canceled => "Canceled",
        }
    }

    /// The name in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Scheduled => "scheduled",
            Self::Submitted => "submitted",
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Finished => "finished",
            Self::Canceled => "canceled",
        }
    }

    /// The state of this [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether messages may be handed to the provider.
    pub const fn may_dispatch(self) -> bool {
        matches!(self, Self::Submitted | Self::Sending)
    }

    /// Whether nothing more is expected to change by itself: live streams end here. What was handed
    /// over before a campaign was canceled still goes on.
    pub fn is_over(self, counts: &Counts) -> bool {
        match self {
            Self::Finished => true,
            Self::Canceled => counts.settled() == counts.total(),
            _ => false,
        }
    }

    /// Where the campaign is once its messages are as `counts` say: under way as soon as one was
    /// handed over, finished when nothing more is expected of any.
    pub fn moved(self, counts: &Counts) -> Self {
        match self {
            Self::Submitted | Self::Sending if counts.settled() == counts.total() => Self::Finished,
            Self::Submitted if counts.queued < counts.total() => Self::Sending,
            state => state,
        }
    }

    /// Where `action` takes the campaign, if it is allowed now. What becomes of the messages is told
    /// by [`Action::moves`].
    pub fn after(self, action: Action, counts: &Counts) -> Option<Self> {
        let untouched = counts.queued == counts.total();
        self.actions(counts).contains(&action).then_some(match action {
            Action::Pause => Self::Paused,
            Action::Cancel => Self::Canceled,
            Action::Resume if untouched => Self::Submitted,
            Action::Resume | Action::Retry => Self::Sending,
        })
    }

    /// Where a message goes that comes back without having been sent.
    pub const fn given_back(self) -> DeliveryState {
        match self {
            Self::Canceled => DeliveryState::Canceled,
            _ => DeliveryState::Queued,
        }
    }

    /// What the user may do now.
    pub fn actions(self, counts: &Counts) -> Vec<Action> {
        let waiting = counts.get(DeliveryState::Queued) > 0;
        let failed = DeliveryState::ALL
            .into_iter()
            .any(|state| state.can_be_retried() && counts.get(state) > 0);
        let mut actions = Vec::new();
        match self {
            Self::Scheduled => actions.push(Action::Cancel),
            Self::Submitted | Self::Sending if waiting => {
                actions.extend([Action::Pause, Action::Cancel]);
            }
            Self::Paused => actions.extend([Action::Resume, Action::Cancel]),
            Self::Finished if failed => actions.push(Action::Retry),
            _ => {}
        }
        actions
    }
}

/// What the user can do to a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Hand nothing more to the provider for now.
    Pause,
    /// Go on.
    Resume,
    /// Hand nothing more to the provider, for good.
    Cancel,
    /// Send again what was rejected or not delivered.
    Retry,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pause, Self::Resume, Self::Cancel, Self::Retry];

    /// The words on its button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pause => "Pause",
            Self::Resume => "Resume",
            Self::Cancel => "Cancel",
            Self::Retry => "Retry failed",
        }
    }

    /// What it makes of a message in `state`, if anything.
    pub fn moves(self, state: DeliveryState) -> Option<DeliveryState> {
        match self {
            Self::Cancel if state == DeliveryState::Queued => Some(DeliveryState::Canceled),
            Self::Retry if state.can_be_retried() => Some(DeliveryState::Queued),
            _ => None,
        }
    }

    /// The last part of its URL.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::Retry => "retry",
        }
    }
}

/// How many messages of a campaign are in each state. They add up to its recipients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// See [`DeliveryState::Queued`].
    pub queued: u32,
    /// See [`DeliveryState::Unconfirmed`].
    pub unconfirmed: u32,
    /// See [`DeliveryState::Sent`].
    pub sent: u32,
    /// See [`DeliveryState::DeliveredToOperator`].
    pub delivered_to_operator: u32,
    /// See [`DeliveryState::Delivered`].
    pub delivered: u32,
    /// See [`DeliveryState::Undelivered`].
    pub undelivered: u32,
    /// See [`DeliveryState::Rejected`].
    pub rejected: u32,
    /// See [`DeliveryState::Canceled`].
    pub canceled: u32,
}

impl Counts {
    /// Messages in `state`.
    pub fn get(&self, state: DeliveryState) -> u32 {
        match state {
            DeliveryState::Queued => self.queued,
            DeliveryState::Unconfirmed => self.unconfirmed,
            DeliveryState::Sent => self.sent,
            DeliveryState::DeliveredToOperator => self.delivered_to_operator,
            DeliveryState::Delivered => self.delivered,
            DeliveryState::Undelivered => self.undelivered,
            DeliveryState::Rejected => self.rejected,
            DeliveryState::Canceled => self.canceled,
        }
    }

    /// The count of `state`, to be changed.
    pub fn get_mut(&mut self, state: DeliveryState) -> &mut u32 {
        match state {
            DeliveryState::Queued => &mut self.queued,
            DeliveryState::Unconfirmed => &mut self.unconfirmed,
            DeliveryState::Sent => &mut self.sent,
            DeliveryState::DeliveredToOperator => &mut self.delivered_to_operator,
            DeliveryState::Delivered => &mut self.delivered,
            DeliveryState::Undelivered => &mut self.undelivered,
            DeliveryState::Rejected => &mut self.rejected,
            DeliveryState::Canceled => &mut self.canceled,
        }
    }

    /// All messages.
    pub fn total(&self) -> u32 {
        DeliveryState::ALL.into_iter().map(|state| self.get(state)).sum()
    }

    /// Messages that nothing more is expected of.
    pub fn settled(&self) -> u32 {
        let settled = DeliveryState::ALL.into_iter().filter(|state| state.is_settled());
        settled.map(|state| self.get(state)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_json() {
        for state in CampaignState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
            assert_eq!(CampaignState::from_name(state.name()), Some(state));
        }
    }

    #[test]
    fn buttons_follow_from_state_and_counts() {
        use Action::*;
        let waiting = Counts { queued: 1, sent: 2, ..Counts::default() };
        let failed = Counts { delivered: 1, undelivered: 1, ..Counts::default() };
        assert_eq!(CampaignState::Sending.actions(&waiting), [Pause, Cancel]);
        assert_eq!(CampaignState::Sending.actions(&failed), []);
        assert_eq!(CampaignState::Paused.actions(&waiting), [Resume, Cancel]);
        assert_eq!(CampaignState::Finished.actions(&failed), [Retry]);
        assert_eq!(CampaignState::Finished.actions(&Counts::default()), []);
        assert_eq!(CampaignState::Scheduled.actions(&waiting), [Cancel]);
    }

    #[test]
    fn a_campaign_moves_with_its_messages() {
        use CampaignState::*;
        let waiting = Counts { queued: 2, ..Counts::default() };
        let begun = Counts { queued: 1, unconfirmed: 1, ..Counts::default() };
        let done = Counts { delivered: 1, delivered_to_operator: 1, ..Counts::default() };
        assert_eq!(Submitted.moved(&waiting), Submitted);
        assert_eq!(Submitted.moved(&begun), Sending);
        assert_eq!(Sending.moved(&begun), Sending);
        assert_eq!(Sending.moved(&done), Finished);
        for state in [Scheduled, Paused, Canceled, Finished, Uploading] {
            assert_eq!(state.moved(&done), state);
        }
    }

    #[test]
    fn a_canceled_campaign_is_over_once_the_last_of_it_is_known() {
        let begun = Counts { canceled: 1, sent: 1, ..Counts::default() };
        let settled = Counts { canceled: 1, delivered: 1, ..Counts::default() };
        assert!(!CampaignState::Canceled.is_over(&begun));
        assert!(CampaignState::Canceled.is_over(&settled));
        // Receipts that were waited for in vain.
        assert!(CampaignState::Finished.is_over(&begun));
        assert!(!CampaignState::Paused.is_over(&settled));
    }

    #[test]
    fn actions_lead_somewhere_or_are_refused() {
        let waiting = Counts { queued: 2, ..Counts::default() };
        let begun = Counts { queued: 1, sent: 1, ..Counts::default() };
        let paused = CampaignState::Sending.after(Action::Pause, &begun);
        assert_eq!(paused, Some(CampaignState::Paused));
        assert_eq!(
            CampaignState::Paused.after(Action::Resume, &waiting),
            Some(CampaignState::Submitted)
        );
        assert_eq!(
            CampaignState::Paused.after(Action::Resume, &begun),
            Some(CampaignState::Sending)
        );
        assert_eq!(CampaignState::Finished.after(Action::Retry, &begun), None);
        assert_eq!(Action::Retry.moves(DeliveryState::Undelivered), Some(DeliveryState::Queued));
        assert_eq!(Action::Retry.moves(DeliveryState::Delivered), None);
        assert_eq!(Action::Cancel.moves(DeliveryState::Sent), None);
    }

    #[test]
    fn counts_add_up() {
        let mut counts = Counts::default();
        for (n, state) in (1..).zip(DeliveryState::ALL) {
            *counts.get_mut(state) = n;
        }
        assert_eq!(counts.total(), (1..=8).sum::<u32>());
        assert_eq!(counts.settled(), 4 + 5 + 6 + 7 + 8);
    }
}
