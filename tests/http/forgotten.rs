//! `DELETE /campaigns/{id}`: what was not submitted is forgotten, for good.

use crate::site::{Site, eventually, submission};
use axum::http::StatusCode;
use domain::campaign::Counts;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const TO: [&str; 2] = ["+6591234567", "+6281234567890"];
const HOUR: Duration = Duration::from_secs(3_600);

fn id(submission: &Value) -> Uuid {
    submission["id"].as_str().unwrap().parse().unwrap()
}

fn path(id: Uuid) -> String {
    format!("/api/v1/campaigns/{id}")
}

/// What the requests that put a campaign together come to: create, chunk, submit.
async fn all_of(site: &Site, submission: &Value) -> [(u16, String); 3] {
    let path = path(id(submission));
    let answers = [
        site.post("/api/v1/campaigns", submission).await,
        site.put(&format!("{path}/recipients/0"), &json!({"to": TO})).await,
        site.post(&format!("{path}/submit"), &Value::Null).await,
    ];
    answers.map(|answer| {
        let code = if answer.status.is_success() { String::new() } else { answer.code() };
        (answer.status.as_u16(), code)
    })
}

fn gone() -> [(u16, String); 3] {
    std::array::from_fn(|_| (410, "forgotten".to_owned()))
}

#[tokio::test]
async fn a_stopped_campaign_is_gone_and_nothing_brings_it_back() {
    let site = Site::new().await;
    let submission = submission(&TO);
    site.upload(&submission, &TO).await;
    let path = path(id(&submission));
    for _ in 0..2 {
        let answer = site.delete(&path).await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
    }
    for _ in 0..2 {
        assert_eq!(all_of(&site, &submission).await, gone());
    }
    insta::assert_json_snapshot!(site.get(&path).await.problem(), @r#"
    {
      "code": "forgotten",
      "detail": "This campaign was stopped before it was submitted. Nothing of it was sent.",
      "status": 410,
      "title": "Stopped before it was submitted"
    }
    "#);
    for rest in ["events", "recipients", "report.csv"] {
        assert_eq!(site.get(&format!("{path}/{rest}")).await.code(), "forgotten", "{rest}");
    }
    assert_eq!(site.post(&format!("{path}/cancel"), &Value::Null).await.code(), "forgotten");
    assert!(site.fake.batches().is_empty());
}

#[tokio::test]
async fn its_recipients_are_erased_soon_after() {
    let site = Site::new().await;
    let numbers: Vec<String> = (0..12_001).map(|n| format!("+65{}", 90_000_000 + n)).collect();
    let to: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let submission = submission(&to);
    site.post("/api/v1/campaigns", &submission).await;
    let path = path(id(&submission));
    for (chunk, to) in to.chunks(5_000).enumerate() {
        site.put(&format!("{path}/recipients/{chunk}"), &json!({"to": to})).await;
    }
    assert_eq!(site.server.store().size().await.unwrap(), (1, 3, 12_001));
    assert_eq!(site.delete(&path).await.status, StatusCode::NO_CONTENT);
    eventually(async || site.server.store().size().await.unwrap() == (0, 0, 0)).await;
}

#[tokio::test]
async fn what_a_killed_process_has_not_erased_goes_with_the_next_one() {
    let site = Site::new().await;
    let id = site.uploaded(&TO).await;
    let user = site.server.store().users().await.unwrap()[0].id;
    let forgot = site.server.store().forget(id, user, None, site.now()).await.unwrap();
    assert_eq!(forgot, server::store::forgotten::Forgot::Done);
    assert_eq!(site.server.store().size().await.unwrap(), (1, 1, 2), "hidden, and still there");
    let site = site.killed_and_restarted().await;
    eventually(async || site.server.store().size().await.unwrap() == (0, 0, 0)).await;
    assert_eq!(site.get(&path(id)).await.code(), "forgotten");
}

#[tokio::test]
async fn a_campaign_can_be_stopped_before_it_has_arrived() {
    let site = Site::new().await;
    let submission = submission(&TO);
    assert_eq!(site.delete(&path(id(&submission))).await.status, StatusCode::NO_CONTENT);
    assert_eq!(all_of(&site, &submission).await, gone());
    // What is wrong with it is no matter any more.
    let mut late = submission.clone();
    late["due_at"] = json!(site.now().0 - 1);
    late["subaccount"] = "other".into();
    assert_eq!(site.post("/api/v1/campaigns", &late).await.code(), "forgotten");
}

#[tokio::test]
async fn a_submitted_campaign_stays() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    insta::assert_json_snapshot!(site.delete(&path(id)).await.problem(), @r#"
    {
      "code": "already_submitted",
      "detail": "This campaign was submitted already. What of it was not sent yet can be stopped on its page, with Cancel.",
      "status": 409,
      "title": "Submitted already"
    }
    "#);
    site.until_counts(id, Counts { sent: 2, ..Counts::default() }).await;
    assert_eq!(site.delete(&path(id)).await.code(), "already_submitted");
}

#[tokio::test]
async fn what_is_no_id_is_no_campaign_and_nobody_forgets_without_signing_in() {
    let mut site = Site::new().await;
    assert_eq!(site.delete("/api/v1/campaigns/nonsense").await.code(), "not_found");
    site.cookie = None;
    assert_eq!(site.delete(&path(Uuid::new_v4())).await.code(), "signed_out");
}

/// Signs in somebody else of this installation.
async fn as_bob(site: &mut Site) {
    let hash = site.server.store().user(crate::site::EMAIL).await.unwrap().unwrap().password;
    let now = site.now();
    site.server.store().add_user("bob@example.com", "Bob", &hash, now).await.unwrap();
    // Whoever signs in leaves the session that the cookie names.
    site.cookie = None;
    let answer = site.try_sign_in("bob@example.com", crate::site::PASSWORD).await;
    site.cookie = Some(answer.cookie().split(';').next().unwrap().to_owned());
}

#[tokio::test]
async fn only_who_created_it_may_forget_it() {
    let mut site = Site::new().await;
    let [mut kept, stopped] = [submission(&TO), submission(&TO)];
    kept["name"] = "Kept".into();
    site.upload(&kept, &TO).await;
    site.upload(&stopped, &TO).await;
    site.delete(&path(id(&stopped))).await;
    as_bob(&mut site).await;
    assert_eq!(site.delete(&path(id(&kept))).await.code(), "not_found");
    // Nor can anybody take the place of what was stopped: another's requests may run under one's name.
    assert_eq!(site.post("/api/v1/campaigns", &stopped).await.code(), "different_campaign");
    assert_eq!(site.get(&path(id(&stopped))).await.code(), "not_found");
    site.sign_in().await;
    assert_eq!(site.progress(id(&kept)).await.counts.queued, 2);
}

#[tokio::test]
async fn an_unknown_id_is_taken_from_nobody_else() {
    let mut site = Site::new().await;
    let submission = submission(&TO);
    let ann = site.cookie.clone();
    as_bob(&mut site).await;
    assert_eq!(site.delete(&path(id(&submission))).await.status, StatusCode::NO_CONTENT);
    site.cookie = ann;
    site.upload(&submission, &TO).await;
}

#[tokio::test]
async fn unknown_ids_are_limited_and_known_ones_are_not() {
    let site = Site::new().await;
    for _ in 0..1_000 {
        assert_eq!(site.delete(&path(Uuid::new_v4())).await.status, StatusCode::NO_CONTENT);
    }
    site.pass(HOUR);
    let refused = site.delete(&path(Uuid::new_v4())).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.code(), "too_many_tries");
    assert_eq!(refused.header("retry-after"), "82800", "23 hours");
    let known = site.uploaded(&TO).await;
    for _ in 0..2 {
        assert_eq!(site.delete(&path(known)).await.status, StatusCode::NO_CONTENT);
    }
    let mut site = site;
    site.pass(HOUR * 23);
    site.sign_in().await;
    assert_eq!(site.delete(&path(Uuid::new_v4())).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn it_is_remembered_for_eight_days() {
    let mut site = Site::new().await;
    let submission = submission(&TO);
    site.upload(&submission, &TO).await;
    site.delete(&path(id(&submission))).await;
    site.pass(HOUR * 24 * 8);
    site.server.keep_house().await;
    site.sign_in().await;
    assert_eq!(site.post("/api/v1/campaigns", &submission).await.code(), "forgotten");
    site.pass(HOUR);
    site.server.keep_house().await;
    assert_eq!(site.post("/api/v1/campaigns", &submission).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_was_not_submitted_within_a_day_is_forgotten() {
    let mut site = Site::new().await;
    let dropped = submission(&TO);
    site.upload(&dropped, &TO).await;
    let kept = site.submitted(&TO).await;
    site.pass(HOUR * 23);
    site.server.keep_house().await;
    site.sign_in().await;
    assert_eq!(site.progress(id(&dropped)).await.counts.queued, 2);
    site.pass(HOUR * 2);
    site.server.keep_house().await;
    assert_eq!(site.server.store().size().await.unwrap(), (1, 1, 2), "nobody's numbers stay");
    assert_eq!(site.get(&path(id(&dropped))).await.code(), "forgotten");
    assert_eq!(all_of(&site, &dropped).await, gone());
    assert_eq!(site.get(&path(kept)).await.status, StatusCode::OK);
}
