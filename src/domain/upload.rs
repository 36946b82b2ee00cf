//! Storing a campaign and its recipients at the server, as a conversation: what to ask next, what the
//! answers mean, how long to wait for one, when to ask again and when to give up.
//!
//! Every request can be repeated without harm, so whatever is lost on the way is asked again. Whoever
//! carries the conversation on brings the line, the clock and the dice.

use crate::problem::{ApiProblem, ProblemCode};
use crate::recipients::{CHUNK_SIZE, chunk_len};
use crate::wire::Campaign;
use std::collections::BTreeMap;
use std::time::Duration;

/// How often in a row the server may fail to answer before the user is told.
const TRIES: u32 = 4;
/// The longest wait after the first failure; it grows fourfold with every other.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// A server that asks for more patience than this is left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// For an answer, beside what it takes to send the question.
const CREATE_DEADLINE: Duration = Duration::from_secs(15);
const STORE_DEADLINE: Duration = Duration::from_secs(30);
/// The slowest line that is worth waiting for, in bytes a second.
const SLOWEST: u64 = 4_000;

/// A question to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// `POST /campaigns`.
    Create,
    /// `PUT /campaigns/{id}/recipients/{chunk}`.
    Store(u32),
}

impl Ask {
    /// How long to wait for the answer when the question has so many bytes.
    pub fn deadline(self, bytes: usize) -> Duration {
        match self {
            Self::Create => CREATE_DEADLINE,
            Self::Store(_) => STORE_DEADLINE + Duration::from_secs(bytes as u64 / SLOWEST),
        }
    }

    /// What an answer means: its status, its body and its `Retry-After`.
    ///
    /// # Errors
    /// When it is not the answer that was hoped for.
    pub fn read(
        self,
        status: u16,
        body: &str,
        retry_after: Option<&str>,
    ) -> Result<Answer, Failure> {
        match (self, status) {
            (Self::Create, 200..=299) => {
                if let Ok(campaign) = serde_json::from_str(body) {
                    return Ok(Answer::Created(campaign));
                }
            }
            (Self::Store(_), 204) => return Ok(Answer::Stored),
            _ => {}
        }
        let problem = serde_json::from_str::<ApiProblem>(body);
        let problem = problem.unwrap_or_else(|_| ApiProblem::unreadable(status));
        // Of a hotel's network, say, which answers everything with a page of its own.
        let is_anothers = (200..=299).contains(&status) && !body.trim_start().starts_with('{');
        Err(Failure {
            problem: Box::new(ApiProblem { status, ..problem }),
            will_pass: is_anothers || matches!(status, 408 | 425 | 429 | 500..),
            // Also allowed are dates, which our server does not send.
            retry_after: retry_after.and_then(|s| s.trim().parse().ok()).map(Duration::from_secs),
        })
    }
}

/// An answer that was hoped for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The campaign is there, now or from before.
    Created(Box<Campaign>),
    /// The chunk is.
    Stored,
}

/// Another answer, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    problem: Box<ApiProblem>,
    /// Whether the same question may have a better answer later.
    will_pass: bool,
    /// What the server asks for.
    retry_after: Option<Duration>,
}

impl Failure {
    /// No answer, or none in time.
    pub fn silence() -> Self {
        let problem = Box::new(ApiProblem::offline());
        Self { problem, will_pass: true, retry_after: None }
    }
}

/// Why nothing more is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The campaign was submitted before.
    AlreadySubmitted(Box<Campaign>),
    /// The server does not answer, or has no time.
    Interrupted(Box<ApiProblem>),
    /// The server does not take it.
    Refused(Box<ApiProblem>),
}

/// The conversation.
#[derive(Clone, Debug)]
pub struct Upload {
    recipients: u32,
    /// The chunk that is next, once the campaign is there.
    next: Option<u32>,
    /// Failures since the last answer that was hoped for.
    failures: u32,
}

impl Upload {
    /// Of a campaign with so many recipients here.
    pub const fn new(recipients: u32) -> Self {
        Self { recipients, next: None, failures: 0 }
    }

    /// What to ask; `None` when the server has everything.
    pub fn ask(&self) -> Option<Ask> {
        match self.next {
            None => Some(Ask::Create),
            Some(chunk) => chunk_len(self.recipients, chunk).map(|_| Ask::Store(chunk)),
        }
    }

    /// How many recipients the server has; `None` as long as that is not known.
    pub fn done(&self) -> Option<u32> {
        Some(self.next?.saturating_mul(CHUNK_SIZE).min(self.recipients))
    }

    /// Takes in what came of asking: how long to wait before asking on. `dice` is from 0 to 1.
    ///
    /// # Errors
    /// When there is nothing more to ask.
    pub fn hear(&mut self, answer: Result<Answer, Failure>, dice: f64) -> Result<Duration, End> {
        let failure = match answer {
            Ok(answer) => {
                self.failures = 0;
                return self.go_on(answer).map(|()| Duration::ZERO);
            }
            Err(failure) => failure,
        };
        self.failures += 1;
        let Failure { problem, will_pass, retry_after } = failure;
        let retry_after = retry_after.unwrap_or_default();
        match () {
            () if !will_pass => Err(End::Refused(problem)),
            () if self.failures >= TRIES || retry_after > LONGEST_WAIT => {
                Err(End::Interrupted(problem))
            }
            // Not all at the same time, when the server comes back.
            () => {
                let longest = FIRST_WAIT * 4_u32.pow(self.failures - 1);
                Ok(longest.mul_f64(0.5 + dice.clamp(0.0, 1.0) / 2.0).max(retry_after))
            }
        }
    }

    fn go_on(&mut self, answer: Answer) -> Result<(), End> {
        match answer {
            Answer::Created(campaign) if campaign.submitted_at.is_some() => {
                Err(End::AlreadySubmitted(campaign))
            }
            Answer::Created(campaign) if campaign.recipients != self.recipients => {
                Err(End::Refused(Box::new(others())))
            }
            Answer::Created(campaign) => {
                self.next = Some(campaign.next_chunk);
                Ok(())
            }
            Answer::Stored => {
                self.next = self.next.map(|chunk| chunk + 1);
                Ok(())
            }
        }
    }
}

/// The recipients here are not those of the campaign.
fn others() -> ApiProblem {
    ApiProblem {
        status: 409,
        title: "Recipients are missing".to_owned(),
        detail:
            "The contacts are not those that the campaign was checked with. Process them again."
                .to_owned(),
        code: ProblemCode::RecipientsIncomplete,
        request_id: String::new(),
        fields: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// With these chunks at the server, and one after the gap that follows them.
    fn campaign(recipients: u32, stored: u32) -> Value {
        json!({
            "id": "00000000-0000-0000-0000-000000000001", "name": "May", "subaccount": "demo",
            "sender_id": "ACME", "message": "Hi", "created_by": "Ann", "created_at": 0,
            "submitted_at": null, "due_at": null, "recipients": recipients, "segments": recipients,
            "currency": "USD", "cost": {"low": "1", "high": "1"}, "chunks_stored": stored + 1,
            "next_chunk": stored,
            "progress": {
                "revision": 1, "state": "uploading", "counts": serde_json::to_value(crate::campaign::Counts::default()).unwrap(),
                "spent": {"low": "0", "high": "0"}, "trouble": null,
            },
        })
    }

    fn created(recipients: u32, stored: u32) -> Result<Answer, Failure> {
        Ask::Create.read(201, &campaign(recipients, stored).to_string(), None)
    }

    fn stored() -> Result<Answer, Failure> {
        Ask::Store(0).read(204, "", None)
    }

    #[test]
    fn it_begins_with_what_the_server_lacks_and_ends_when_nothing_is_missing() {
        let mut upload = Upload::new(12_000);
        assert_eq!((upload.ask(), upload.done()), (Some(Ask::Create), None));
        upload.hear(created(12_000, 1), 0.0).unwrap();
        assert_eq!((upload.ask(), upload.done()), (Some(Ask::Store(1)), Some(5_000)));
        upload.hear(stored(), 0.0).unwrap();
        assert_eq!((upload.ask(), upload.done()), (Some(Ask::Store(2)), Some(10_000)));
        upload.hear(stored(), 0.0).unwrap();
        assert_eq!((upload.ask(), upload.done()), (None, Some(12_000)));
        let mut again = Upload::new(10_000);
        again.hear(created(10_000, 2), 0.0).unwrap();
        assert_eq!((again.ask(), again.done()), (None, Some(10_000)));
    }

    #[test]
    fn what_was_submitted_before_needs_nothing() {
        let mut json = campaign(3, 0);
        json["submitted_at"] = 1.into();
        // Whatever is held here by now.
        let answer = Ask::Create.read(200, &json.to_string(), None);
        let end = Upload::new(0).hear(answer, 0.0).unwrap_err();
        assert!(matches!(end, End::AlreadySubmitted(_)), "{end:?}");
    }

    #[test]
    fn other_recipients_are_not_stored() {
        let end = Upload::new(4).hear(created(3, 0), 0.0).unwrap_err();
        let End::Refused(problem) = end else { panic!("{end:?}") };
        assert_eq!(problem.code, ProblemCode::RecipientsIncomplete);
    }

    #[test]
    fn a_silent_server_is_asked_four_times_at_growing_distances() {
        let mut upload = Upload::new(3);
        let waits = [0.0, 0.5, 1.0].map(|dice| upload.hear(Err(Failure::silence()), dice));
        assert_eq!(waits.map(|wait| wait.unwrap().as_millis()), [250, 1_500, 8_000]);
        let end = upload.hear(Err(Failure::silence()), 0.0).unwrap_err();
        assert_eq!(end, End::Interrupted(Box::new(ApiProblem::offline())));
    }

    #[test]
    fn whatever_was_answered_begins_the_count_anew() {
        let mut upload = Upload::new(10_000);
        let fail_thrice = |upload: &mut Upload| {
            for _ in 0..3 {
                upload.hear(Err(Failure::silence()), 0.0).unwrap();
            }
        };
        fail_thrice(&mut upload);
        upload.hear(created(10_000, 0), 0.0).unwrap();
        fail_thrice(&mut upload);
        upload.hear(stored(), 0.0).unwrap();
        fail_thrice(&mut upload);
        assert_eq!(upload.ask(), Some(Ask::Store(1)));
        assert!(upload.hear(Err(Failure::silence()), 0.0).is_err());
    }

    #[test]
    fn only_what_will_pass_is_asked_again() {
        let heard =
            |status, body: &str| Upload::new(3).hear(Ask::Create.read(status, body, None), 0.0);
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(heard(status, "busy").is_ok(), "{status}");
        }
        for status in [400, 401, 403, 404, 409, 413, 415, 422] {
            let end = heard(status, "no").unwrap_err();
            assert!(matches!(end, End::Refused(_)), "{status}: {end:?}");
        }
        // A page of somebody else's passes, an answer of another release does not.
        assert!(heard(200, "<html>Welcome to our hotel</html>").is_ok());
        assert!(Upload::new(3).hear(Ask::Store(0).read(200, "<html>", None), 0.0).is_ok());
        assert!(matches!(heard(200, "{\"id\": 1}"), Err(End::Refused(_))));
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_the_server() {
        let body = r#"{"status": 409, "title": "t", "detail": "Other recipients.", "code": "different_campaign"}"#;
        let end = Upload::new(3).hear(Ask::Store(0).read(409, body, None), 0.0).unwrap_err();
        let End::Refused(problem) = end else { panic!("{end:?}") };
        assert_eq!(
            (problem.code, problem.detail.as_str()),
            (ProblemCode::DifferentCampaign, "Other recipients.")
        );
    }

    #[test]
    fn the_server_may_ask_for_half_a_minute() {
        let wait = |retry_after| {
            let answer = Ask::Create.read(429, "", Some(retry_after));
            Upload::new(3).hear(answer, 0.0).map(|wait| wait.as_millis())
        };
        assert_eq!(wait("7"), Ok(7_000));
        assert_eq!(wait("30"), Ok(30_000));
        // Never sooner than without being asked.
        assert_eq!(wait("0"), Ok(250));
        assert_eq!(wait("Wed, 21 Oct 2026 07:28:00 GMT"), Ok(250));
        assert!(matches!(wait("31"), Err(End::Interrupted(_))));
    }

    #[test]
    fn large_chunks_may_take_longer() {
        assert_eq!(Ask::Create.deadline(1_000_000).as_secs(), 15);
        assert_eq!(Ask::Store(0).deadline(0).as_secs(), 30);
        assert_eq!(Ask::Store(0).deadline(400_000).as_secs(), 130);
    }
}
