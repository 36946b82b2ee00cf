//! Requests that are late, come twice, never, out of order, or two at once: what is sent is sent once,
//! and what was stopped never.

use crate::fake::tally;
use crate::site::{Answer, Site, eventually, submission, undelivered};
use axum::http::StatusCode;
use domain::campaign::Counts;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

const TO: [&str; 2] = ["+6591234567", "+6281234567890"];

/// A request as a page sends it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ask {
    Create,
    Chunk,
    Submit,
    Forget,
}

async fn ask(site: &Site, submission: &Value, ask: Ask) -> Answer {
    let path = format!("/api/v1/campaigns/{}", submission["id"].as_str().unwrap());
    match ask {
        Ask::Create => site.post("/api/v1/campaigns", submission).await,
        Ask::Chunk => site.put(&format!("{path}/recipients/0"), &json!({"to": TO})).await,
        Ask::Submit => site.post(&format!("{path}/submit"), &Value::Null).await,
        Ask::Forget => site.delete(&path).await,
    }
}

/// Sends them all at once, each in a task of its own; the answers in the same order.
async fn together(site: &Arc<Site>, submission: &Value, asks: &[Ask]) -> Vec<Answer> {
    let tasks = asks.iter().map(|what| {
        let (site, submission, what) = (Arc::clone(site), submission.clone(), *what);
        tokio::spawn(async move { ask(&site, &submission, what).await })
    });
    // All are begun before the first is waited for.
    let tasks: Vec<_> = tasks.collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    statuses
}

fn id(submission: &Value) -> Uuid {
    submission["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_request_four_times_at_once_is_the_same_as_once() {
    let site = Arc::new(Site::new().await);
    for _ in 0..20 {
        let submission = submission(&TO);
        let created = together(&site, &submission, &[Ask::Create; 4]).await;
        assert_eq!(statuses(&created), [200, 200, 200, 201]);
        let stored = together(&site, &submission, &[Ask::Chunk; 4]).await;
        assert_eq!(statuses(&stored), [204; 4]);
        assert_eq!(site.progress(id(&submission)).await.counts.queued, 2);
        let submitted = together(&site, &submission, &[Ask::Submit; 4]).await;
        assert_eq!(statuses(&submitted), [200; 4]);
        let counts = Counts { sent: 2, ..Counts::default() };
        site.until_counts(id(&submission), counts).await;
        let forgotten = together(&site, &submission, &[Ask::Forget; 4]).await;
        assert_eq!(statuses(&forgotten), [409; 4]);
    }
    let references = tally(site.fake.messages().into_iter().map(|message| message.reference));
    assert_eq!(references.len(), 40);
    assert!(references.values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stopped_or_submitted_exactly_one_of_the_two() {
    let site = Arc::new(Site::new().await);
    let mut ends = Vec::new();
    for round in 0..200 {
        let submission = submission(&TO);
        site.upload(&submission, &TO).await;
        let mut asks = [Ask::Submit, Ask::Forget];
        asks.rotate_left(round % 2);
        let mut answers = together(&site, &submission, &asks).await;
        answers.rotate_left(round % 2);
        let [submitted, forgotten] = &answers[..] else { panic!("two were asked") };
        if submitted.status == StatusCode::OK {
            assert_eq!(forgotten.code(), "already_submitted");
            let counts = Counts { sent: 2, ..Counts::default() };
            site.until_counts(id(&submission), counts).await;
        } else {
            assert_eq!(forgotten.status, StatusCode::NO_CONTENT);
            assert_eq!((submitted.status.as_u16(), submitted.code().as_str()), (410, "forgotten"));
        }
        ends.push(submitted.status.is_success());
    }
    let sent = ends.iter().filter(|sent| **sent).count();
    assert!(sent > 0 && sent < 200, "each has won at times: {sent}");
    assert_eq!(site.fake.messages().len(), 2 * sent);
    let store = site.server.store();
    eventually(async || store.size().await.unwrap() == (sent as u64, sent as u64, 2 * sent as u64))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn once_stopped_nothing_is_left_whatever_is_on_its_way() {
    let site = Arc::new(Site::new().await);
    for round in 0..100 {
        let submission = submission(&TO);
        let mut asks = [Ask::Create, Ask::Chunk, Ask::Chunk, Ask::Create, Ask::Forget];
        asks.rotate_left(round % 5);
        let answers = together(&site, &submission, &asks).await;
        for (ask, answer) in asks.into_iter().zip(&answers) {
            let status = answer.status.as_u16();
            let fits = match ask {
                Ask::Create => matches!(status, 200 | 201 | 410),
                Ask::Chunk => matches!(status, 204 | 404 | 410),
                _ => status == 204,
            };
            assert!(fits, "{ask:?} {answer:?}");
        }
        for late in [Ask::Create, Ask::Chunk, Ask::Submit] {
            assert_eq!(ask(&site, &submission, late).await.code(), "forgotten", "{late:?}");
        }
    }
    eventually(async || site.server.store().size().await.unwrap() == (0, 0, 0)).await;
    assert!(site.fake.batches().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_the_same_action_twice_at_once_one_is_done() {
    let site = Arc::new(Site::new().await);
    let act = |id: Uuid, action: &'static str| {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            site.post(&format!("/api/v1/campaigns/{id}/{action}"), &Value::Null).await
        })
    };
    for round in 0..10 {
        let mut later = submission(&TO);
        later["due_at"] = json!(site.now().0 + 3_600_000);
        site.upload(&later, &TO).await;
        ask(&site, &later, Ask::Submit).await;
        let failed = site.submitted(&TO).await;
        site.until(failed, |progress| progress.counts.sent == 2).await;
        for seq in 0..2 {
            site.receipt(&format!("{failed}.{seq}.1"), round * 2 + seq, &undelivered(1)).await;
        }
        for (id, action) in [(id(&later), "cancel"), (failed, "retry")] {
            let (one, other) = tokio::join!(act(id, action), act(id, action));
            assert_eq!(statuses(&[one.unwrap(), other.unwrap()]), [200, 409], "{action}");
        }
        site.until_counts(failed, Counts { sent: 2, ..Counts::default() }).await;
    }
    let references = tally(site.fake.accepted());
    assert_eq!(references.len(), 40);
    assert!(references.values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_late_chunk_changes_nothing_of_what_was_submitted_or_stopped() {
    let site = Site::new().await;
    let [sent, stopped] = [submission(&TO), submission(&TO)];
    for submission in [&sent, &stopped] {
        site.upload(submission, &TO).await;
    }
    ask(&site, &sent, Ask::Submit).await;
    ask(&site, &stopped, Ask::Forget).await;
    assert_eq!(ask(&site, &sent, Ask::Chunk).await.status, StatusCode::NO_CONTENT);
    let other = json!({"to": ["+6591234567", "+6591234568"]});
    let path = format!("/api/v1/campaigns/{}/recipients/0", id(&sent));
    assert_eq!(site.put(&path, &other).await.code(), "different_campaign");
    assert_eq!(ask(&site, &stopped, Ask::Chunk).await.code(), "forgotten");
    site.until_counts(id(&sent), Counts { sent: 2, ..Counts::default() }).await;
}

#[tokio::test]
async fn what_comes_too_early_is_refused_and_spoils_nothing() {
    let site = Site::new().await;
    let submission = submission(&TO);
    for early in [Ask::Submit, Ask::Chunk] {
        assert_eq!(ask(&site, &submission, early).await.code(), "not_found", "{early:?}");
    }
    ask(&site, &submission, Ask::Create).await;
    assert_eq!(ask(&site, &submission, Ask::Submit).await.code(), "recipients_incomplete");
    ask(&site, &submission, Ask::Chunk).await;
    assert_eq!(ask(&site, &submission, Ask::Submit).await.status, StatusCode::OK);
    // The answer to each may have been lost.
    for (again, status) in [(Ask::Create, 200), (Ask::Chunk, 204), (Ask::Submit, 200)] {
        assert_eq!(ask(&site, &submission, again).await.status.as_u16(), status, "{again:?}");
    }
    site.until_counts(id(&submission), Counts { sent: 2, ..Counts::default() }).await;
    assert_eq!(site.fake.messages().len(), 2);
}
