//! `/campaigns`: stored once, listed, submitted once.

use crate::site::{Site, eventually, submission};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::time::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const TO: [&str; 2] = ["+6591234567", "+6281234567890"];

#[tokio::test]
async fn a_campaign_is_stored_as_it_was_sent() {
    let site = Site::new().await;
    let answer = site.post("/api/v1/campaigns", &submission(&TO)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let mut campaign = answer.json();
    campaign["id"] = "[uuid]".into();
    insta::assert_json_snapshot!(campaign, @r#"
    {
      "chunks_stored": 0,
      "cost": {
        "high": "0.39",
        "low": "0.34"
      },
      "created_at": 1795356300000,
      "created_by": "Ann",
      "currency": "USD",
      "due_at": null,
      "id": "[uuid]",
      "message": "Hello {{Mobile}}",
      "name": "Spring sale",
      "next_chunk": 0,
      "progress": {
        "counts": {
          "canceled": 0,
          "delivered": 0,
          "delivered_to_operator": 0,
          "queued": 0,
          "rejected": 0,
          "sent": 0,
          "unconfirmed": 0,
          "undelivered": 0
        },
        "revision": 1,
        "spent": {
          "high": "0",
          "low": "0"
        },
        "state": "uploading",
        "trouble": null
      },
      "recipients": 2,
      "segments": 2,
      "sender_id": "Acme",
      "subaccount": "acme_hq",
      "submitted_at": null
    }
    "#);
}

#[tokio::test]
async fn storing_it_again_is_the_same_as_once_and_another_of_its_id_is_refused() {
    let site = Site::new().await;
    let mut submission = submission(&TO);
    assert_eq!(site.post("/api/v1/campaigns", &submission).await.status, StatusCode::CREATED);
    submission["name"] = " Spring sale ".into();
    let replay = site.post("/api/v1/campaigns", &submission).await;
    assert_eq!(replay.status, StatusCode::OK, "the same once it is read");
    submission["message"] = "Something else".into();
    let other = site.post("/api/v1/campaigns", &submission).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(other.code(), "different_campaign");
}

#[tokio::test]
async fn everything_wrong_is_said_at_its_field() {
    let site = Site::new().await;
    let mut submission = submission(&TO);
    submission["sender_id"] = "TwelveChars1".into();
    submission["message"] = " ".into();
    submission["name"] = "".into();
    insta::assert_json_snapshot!(site.post("/api/v1/campaigns", &submission).await.problem(), @r#"
    {
      "code": "invalid",
      "detail": "Enter the message you want to send. Enter a campaign name. Sender ID has 12 characters and at most 11 fit.",
      "fields": {
        "message": "Enter the message you want to send",
        "name": "Enter a campaign name",
        "sender_id": "Sender ID has 12 characters and at most 11 fit"
      },
      "status": 422,
      "title": "There is a problem"
    }
    "#);
}

#[tokio::test]
async fn a_subaccount_that_is_not_offered_and_a_time_that_is_over_are_refused() {
    let site = Site::new().await;
    let mut elsewhere = submission(&TO);
    elsewhere["subaccount"] = "other".into();
    let fields = &site.post("/api/v1/campaigns", &elsewhere).await.problem()["fields"];
    assert!(fields["subaccount"].as_str().unwrap().contains("“other” is not available"));
    let mut late = submission(&TO);
    late["due_at"] = json!(site.now().0 - Timestamp::HOUR);
    let fields = &site.post("/api/v1/campaigns", &late).await.problem()["fields"];
    assert_eq!(fields["when"], "Choose a time that is still to come");
}

#[tokio::test]
async fn a_time_that_comes_while_it_is_uploaded_is_no_reason_to_refuse_it() {
    let site = Site::new().await;
    let mut submission = submission(&TO);
    submission["due_at"] = json!(site.now().0 + Timestamp::MINUTE);
    site.upload(&submission, &TO).await;
    site.pass(Duration::from_secs(120));
    assert_eq!(site.post("/api/v1/campaigns", &submission).await.status, StatusCode::OK);
    let id = submission["id"].as_str().unwrap();
    let campaign = site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await.json();
    assert_eq!(campaign["progress"]["state"], "submitted");
}

#[tokio::test]
async fn what_is_no_submission_is_no_campaign() {
    let site = Site::new().await;
    let answer = site.post("/api/v1/campaigns", &json!({"id": 1})).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "bad_request"));
    let none = Uuid::new_v4();
    for path in [format!("{none}"), "nonsense".to_owned()] {
        let answer = site.get(&format!("/api/v1/campaigns/{path}")).await;
        assert_eq!(answer.code(), "not_found");
        assert_eq!(answer.problem()["detail"], "There is no such campaign.");
    }
}

#[tokio::test]
async fn submitting_twice_is_the_same_as_once() {
    let site = Site::new().await;
    let id = site.submitted(&TO).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    let path = format!("/api/v1/campaigns/{id}/submit");
    let replay = site.post(&path, &Value::Null).await;
    assert_eq!(replay.status, StatusCode::OK);
    assert_eq!(replay.json()["progress"]["counts"]["sent"], 2);
    assert_eq!(site.fake.messages().len(), 2);
}

#[tokio::test]
async fn without_all_recipients_it_is_not_submitted() {
    let site = Site::new().await;
    let submission = submission(&TO);
    site.post("/api/v1/campaigns", &submission).await;
    let id = submission["id"].as_str().unwrap();
    let answer = site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    insta::assert_json_snapshot!(answer.problem(), @r#"
    {
      "code": "recipients_incomplete",
      "detail": "0 of 1 parts of the recipients have arrived.",
      "status": 409,
      "title": "Recipients are missing"
    }
    "#);
}

#[tokio::test]
async fn recipients_with_other_sums_than_announced_are_not_sent_to() {
    let site = Site::new().await;
    let mut submission = submission(&TO);
    submission["expected"]["segments"] = json!(3);
    site.upload(&submission, &TO).await;
    let id = submission["id"].as_str().unwrap();
    let answer = site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    assert_eq!(answer.code(), "recipients_incomplete");
    assert_eq!(
        answer.problem()["detail"],
        "2 recipients with 2 SMS parts have arrived, and 2 with 3 were announced."
    );
}

#[tokio::test]
async fn at_another_cost_than_was_shown_it_is_not_sent() {
    let site = Site::with(|config| config.timing.refresh = Duration::from_millis(10)).await;
    let id = site.uploaded(&TO).await;
    site.fake.raise_prices();
    let price = || async {
        let destinations = site.get("/api/v1/destinations?subaccount=acme_hq").await.json();
        destinations["countries"].as_array().unwrap().iter().find(|c| c["country"] == "SG").unwrap()
            ["price"]["low"]
            .clone()
    };
    eventually(async || price().await != "0.04").await;
    let answer = site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    insta::assert_json_snapshot!(answer.problem(), @r#"
    {
      "code": "cost_changed",
      "detail": "Prices have changed: the campaign now costs USD 0.68 to 0.78 instead of USD 0.34 to 0.39. Check it and submit it again.",
      "status": 409,
      "title": "The cost has changed"
    }
    "#);
    assert!(site.fake.batches().is_empty());
}

#[tokio::test]
async fn the_list_is_newest_first_in_pages_and_without_what_was_never_submitted() {
    let site = Site::new().await;
    let mut ids = Vec::new();
    for _ in 0..51 {
        ids.push(json!(site.submitted(&TO[..1]).await));
    }
    site.uploaded(&TO[..1]).await;
    ids.reverse();
    let of = |list: &Value| -> Vec<Value> {
        list["campaigns"].as_array().unwrap().iter().map(|c| c["id"].clone()).collect()
    };
    let first = site.get("/api/v1/campaigns").await.json();
    assert_eq!(of(&first), ids[..50]);
    let next = first["next"].as_str().unwrap();
    let second = site.get(&format!("/api/v1/campaigns?before={next}")).await.json();
    assert_eq!(of(&second), ids[50..]);
    assert_eq!(second["next"], Value::Null);
}

#[tokio::test]
async fn the_list_can_be_searched_by_name() {
    let site = Site::new().await;
    let name = |n: &str| {
        let mut submission = submission(&TO[..1]);
        submission["name"] = json!(n);
        submission
    };
    for n in ["Summer sale", "100 % off", "Winter sale"] {
        let submission = name(n);
        site.upload(&submission, &TO[..1]).await;
        let id = submission["id"].as_str().unwrap();
        site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await.json();
    }
    let mut found = Vec::new();
    for search in ["SALE", "%25", "_", "winter%20s"] {
        let list = site.get(&format!("/api/v1/campaigns?search={search}")).await.json();
        let names = list["campaigns"].as_array().unwrap().iter().map(|c| c["name"].clone());
        found.push(names.collect::<Vec<_>>());
    }
    assert_eq!(
        json!(found),
        json!([["Winter sale", "Summer sale"], ["100 % off"], [], ["Winter sale"]])
    );
}

#[tokio::test]
async fn a_scheduled_campaign_waits_for_its_time() {
    let site = Site::new().await;
    let mut submission = submission(&TO);
    submission["due_at"] = json!(site.now().0 + Timestamp::HOUR);
    site.upload(&submission, &TO).await;
    let id: Uuid = submission["id"].as_str().unwrap().parse().unwrap();
    let campaign = site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await.json();
    assert_eq!(campaign["progress"]["state"], "scheduled");
    // Another one that goes at once has gone, and this one still waits.
    let other = site.submitted(&TO[..1]).await;
    site.until(other, |progress| progress.counts.sent == 1).await;
    assert_eq!(site.progress(id).await.counts.queued, 2);
    site.pass(Duration::from_secs(3_600));
    site.until(id, |progress| progress.counts.sent == 2).await;
}

/// The list, as a page asks for it that has the answer of this tag.
async fn list(site: &Site, query: &str, tag: &str) -> crate::site::Answer {
    let path = format!("/api/v1/campaigns{query}");
    let request = site.request(Method::GET, &path).header("if-none-match", tag);
    site.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_list_is_not_sent_again_until_it_changes() {
    let site = Site::new().await;
    let mut tag = String::new();
    let mut told = Vec::new();
    let id = site.uploaded(&TO).await;
    for step in 0..4 {
        match step {
            0 => {}
            1 => {
                site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
                site.until(id, |progress| progress.counts.sent == 2).await;
            }
            2 => {
                site.receipt(&format!("{id}.0.1"), 1, &crate::site::delivered()).await;
                site.until(id, |progress| progress.counts.delivered == 1).await;
            }
            _ => {
                let other = site.submitted(&TO[..1]).await;
                site.until(other, |progress| progress.counts.sent == 1).await;
            }
        }
        let fresh = list(&site, "", &tag).await;
        assert_eq!(fresh.status, StatusCode::OK, "{step}");
        tag = fresh.header("etag").to_owned();
        let again = list(&site, "", &tag).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{step}");
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("cache-control"), "no-store");
        told.push(tag.clone());
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 4);
    // Another page of it is another.
    assert_eq!(list(&site, "?search=x", &tag).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_campaign_tells_where_its_upload_goes_on() {
    let site = Site::new().await;
    let numbers: Vec<String> = (0..17_000).map(|n| format!("+65{}", 90_000_000 + n)).collect();
    let to: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let submission = submission(&to);
    let id = submission["id"].as_str().unwrap();
    let created = site.post("/api/v1/campaigns", &submission).await.json();
    assert_eq!(created["next_chunk"], 0);
    for (number, stored, next) in [(1, 1, 0), (3, 2, 0), (0, 3, 2), (2, 4, 4)] {
        let chunk = &to[number * 5_000..to.len().min((number + 1) * 5_000)];
        let path = format!("/api/v1/campaigns/{id}/recipients/{number}");
        assert_eq!(site.put(&path, &json!({"to": chunk})).await.status, StatusCode::NO_CONTENT);
        let campaign = site.get(&format!("/api/v1/campaigns/{id}")).await.json();
        assert_eq!(
            (&campaign["chunks_stored"], &campaign["next_chunk"]),
            (&json!(stored), &json!(next))
        );
    }
    let sent = site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await.json();
    assert_eq!((&sent["chunks_stored"], &sent["next_chunk"]), (&json!(4), &json!(4)));
}
