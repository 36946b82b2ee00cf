//! The upload: carries on the conversation that [`domain::upload`] leads.

use crate::line::{Line, Question};
use contacts::Contacts;
use domain::upload::{Ask, End, Upload};
use domain::wire::API;
use domain::wizard::submission::Submission;
use domain::worker_protocol::By;
use gloo_net::http::Method;
use js_sys::Math;

/// What came of it.
pub enum Outcome {
    /// The server has every recipient.
    Stored,
    /// Somebody stopped it.
    Canceled,
    /// There is nothing more to ask.
    Ended(End),
}

/// Hands over what the server lacks. `progress` hears how many recipients it has.
pub async fn upload(
    submission: &Submission,
    contacts: &Contacts,
    by: &By,
    line: &Line,
    progress: impl Fn(u32),
) -> Outcome {
    let mut upload = Upload::new(contacts.summary().valid);
    let mut asked = None;
    while let Some(ask) = upload.ask() {
        // One at a time: all of them together would be as large as the files.
        let question = match asked.take() {
            Some((same, question)) if same == ask => question,
            _ => question(ask, submission, contacts).await,
        };
        if line.is_stopped() {
            return Outcome::Canceled;
        }
        let answer = line.ask(ask, &question, by).await;
        if line.is_stopped() {
            return Outcome::Canceled;
        }
        let before = upload.done();
        let wait = match upload.hear(answer, Math::random()) {
            Ok(wait) => wait,
            Err(end) => return Outcome::Ended(end),
        };
        if let Some(done) = upload.done().filter(|done| Some(*done) != before) {
            progress(done);
        }
        line.rest(wait).await;
        asked = Some((ask, question));
    }
    if line.is_stopped() { Outcome::Canceled } else { Outcome::Stored }
}

async fn question(ask: Ask, submission: &Submission, contacts: &Contacts) -> Question {
    // None of the two can fail to be written.
    match ask {
        Ask::Create => {
            let json = serde_json::to_string(submission).unwrap_or_default();
            Question::plain(Method::POST, format!("{API}/campaigns"), &json)
        }
        Ask::Store(n) => {
            let url = format!("{API}/campaigns/{}/recipients/{n}", submission.id());
            let chunk = contacts.chunk(n as usize, submission.message());
            let json = serde_json::to_string(&chunk).unwrap_or_default();
            Question::packed(Method::PUT, url, &json).await
        }
    }
}
