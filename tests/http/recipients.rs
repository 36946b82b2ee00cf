//! `/campaigns/{id}/recipients`: chunks come in, pages go out.

use crate::fake::Reply;
use crate::site::{Site, submission};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::campaign::Counts;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

const TO: [&str; 2] = ["+6591234567", "+6281234567890"];

/// A stored campaign that has nobody to go to yet, and where its first chunk goes.
async fn empty(site: &Site, change: impl FnOnce(&mut Value)) -> (Uuid, String) {
    let mut submission = submission(&TO);
    change(&mut submission);
    let answer = site.post("/api/v1/campaigns", &submission).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let id: Uuid = submission["id"].as_str().unwrap().parse().unwrap();
    (id, format!("/api/v1/campaigns/{id}/recipients/0"))
}

#[tokio::test]
async fn a_chunk_again_is_the_same_as_once_and_another_in_its_place_is_refused() {
    let site = Site::new().await;
    let (id, path) = empty(&site, |_| {}).await;
    for _ in 0..2 {
        let answer = site.put(&path, &json!({"to": TO})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(site.progress(id).await.counts.queued, 2);
    let answer = site.put(&path, &json!({"to": ["+6591234567", "+6591234568"]})).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::CONFLICT, "different_campaign")
    );
    site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    let answer = site.put(&path, &json!({"to": TO})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "after it was submitted, too");
}

#[tokio::test]
async fn a_chunk_must_be_as_long_as_announced_and_square() {
    let site = Site::new().await;
    let (_, path) = empty(&site, |_| {}).await;
    let answer = site.put(&path, &json!({"to": TO[..1]})).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        answer.problem()["detail"],
        "Part 0 must have 2 recipients, and every field as many values; it has 1."
    );
    let ragged = json!({"to": TO, "fields": {"Name": ["Ann"]}});
    assert_eq!(site.put(&path, &ragged).await.status, StatusCode::BAD_REQUEST);
    let wrong = json!({"to": ["+6591234567", "12"]});
    assert_eq!(site.put(&path, &wrong).await.status, StatusCode::BAD_REQUEST);
    for number in ["1", "-1", "x", "4294967295"] {
        let path = path.replace("recipients/0", &format!("recipients/{number}"));
        assert_eq!(site.put(&path, &json!({"to": TO})).await.code(), "not_found", "{number}");
    }
    let none = format!("/api/v1/campaigns/{}/recipients/0", Uuid::new_v4());
    assert_eq!(site.put(&none, &json!({"to": TO})).await.code(), "not_found");
}

#[tokio::test]
async fn a_field_that_the_recipients_lack_and_messages_that_cannot_be_sent_are_refused() {
    let site = Site::new().await;
    let (_, path) = empty(&site, |s| s["message"] = "Hi {{Name}}".into()).await;
    let lacking = site.put(&path, &json!({"to": TO})).await;
    assert_eq!(
        lacking.problem()["fields"]["message"],
        "Your recipients have no field “Name”. Use Mobile"
    );
    let (_, path) = empty(&site, |s| s["message"] = "{{Name}}".into()).await;
    let long = json!({"to": TO, "fields": {"Name": ["", "x".repeat(1_531)]}});
    assert_eq!(
        site.put(&path, &long).await.problem()["fields"]["message"],
        "2 messages would be empty or longer than 10 SMS parts. Shorten the message"
    );
}

#[tokio::test]
async fn each_gets_their_own_text_and_only_fields_of_the_message_are_kept() {
    let site = Site::new().await;
    let (id, path) = empty(&site, |s| s["message"] = "Hi {{name|you}}".into()).await;
    let fields = json!({"Name": ["Ann", ""], "Salary": ["90,000", "80,000"]});
    site.put(&path, &json!({"to": TO, "fields": fields})).await;
    site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    let texts: Vec<String> = site.fake.messages().into_iter().map(|m| m.text).collect();
    assert_eq!(texts, ["Hi Ann", "Hi you"]);
    let holds = |text: &str| {
        // What was written last is in the log beside the file.
        let log = site.database().with_extension("db-wal");
        let files = [site.database(), log].map(|path| std::fs::read(path).unwrap());
        files.concat().windows(text.len()).any(|bytes| bytes == text.as_bytes())
    };
    assert!(holds("Ann"));
    assert!(!holds("90,000"));
}

#[tokio::test]
async fn chunks_may_be_packed_and_only_up_to_their_limit() {
    let site = Site::new().await;
    let (_, path) = empty(&site, |_| {}).await;
    let send = |body: Vec<u8>, coding: &'static str| {
        let request = site
            .request(Method::PUT, &path)
            .header("content-type", "application/json")
            .header("content-encoding", coding);
        site.send(request.body(Body::from(body)).unwrap())
    };
    let bomb = send(packed(&vec![b' '; 5 * 1024 * 1024]), "gzip").await;
    assert_eq!((bomb.status, bomb.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
    let unknown = send(b"{}".to_vec(), "zstd").await;
    assert_eq!(unknown.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let garbage = send(b"not gzip".to_vec(), "gzip").await;
    assert_eq!(garbage.status, StatusCode::BAD_REQUEST);
    let chunk = json!({"to": TO}).to_string();
    assert_eq!(send(packed(chunk.as_bytes()), "gzip").await.status, StatusCode::NO_CONTENT);
}

/// Packed by gzip.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

#[tokio::test]
async fn the_limit_of_a_packed_chunk_is_that_of_what_is_in_it() {
    let site = Site::new().await;
    let (_, path) = empty(&site, |_| {}).await;
    let chunk = json!({"to": TO}).to_string();
    let mut sent = Vec::new();
    for over in [0, 1] {
        let padded = chunk.clone() + &" ".repeat(4 * 1024 * 1024 + over - chunk.len());
        for coding in ["identity", "gzip"] {
            let body =
                if coding == "gzip" { packed(padded.as_bytes()) } else { padded.clone().into() };
            let request = site
                .request(Method::PUT, &path)
                .header("content-type", "application/json")
                .header("content-encoding", coding);
            sent.push(site.send(request.body(Body::from(body)).unwrap()).await.status.as_u16());
        }
    }
    assert_eq!(sent, [204, 204, 413, 413]);
}

#[tokio::test]
async fn a_bomb_is_put_down_before_it_is_unpacked() {
    let site = Site::new().await;
    let (id, path) = empty(&site, |_| {}).await;
    let bomb = packed(&vec![0; 100 * 1024 * 1024]);
    let pieces: Vec<Vec<u8>> = bomb.chunks(512).map(<[u8]>::to_vec).collect();
    let (all, taken) = (pieces.len(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&taken);
    let body = futures_util::stream::iter(pieces.into_iter().map(move |piece| {
        counted.fetch_add(1, Ordering::SeqCst);
        Ok::<_, std::io::Error>(piece)
    }));
    let request = site
        .request(Method::PUT, &path)
        .header("content-type", "application/json")
        .header("content-encoding", "gzip");
    let answer = site.send(request.body(Body::from_stream(body)).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "too_large"));
    // Only as much was read as makes up the limit: so no more than that can have been in memory.
    let taken = taken.load(Ordering::SeqCst);
    assert!(taken * 20 < all, "{taken} of {all}");
    assert_eq!(site.progress(id).await.counts.queued, 0);
}

#[tokio::test]
async fn several_chunks_come_in_any_order() {
    let site = Site::new().await;
    let numbers: Vec<String> = (0..5_001).map(|n| format!("+65{}", 90_000_000 + n)).collect();
    let to: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let submission = submission(&to);
    site.post("/api/v1/campaigns", &submission).await;
    let id: Uuid = submission["id"].as_str().unwrap().parse().unwrap();
    for (chunk, to) in to.chunks(5_000).enumerate().collect::<Vec<_>>().into_iter().rev() {
        let path = format!("/api/v1/campaigns/{id}/recipients/{chunk}");
        assert_eq!(site.put(&path, &json!({"to": to})).await.status, StatusCode::NO_CONTENT);
    }
    site.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
    site.until_counts(id, Counts { sent: 5_001, ..Counts::default() }).await;
    let sent: Vec<String> = site.fake.messages().iter().map(|m| m.to.to_string()).collect();
    assert_eq!(sent, numbers);
}

#[tokio::test]
async fn pages_are_filtered_and_say_why() {
    let site = Site::new().await;
    site.fake.next([Reply::Reject("+6591234568")]);
    let to = ["+6591234567", "+6591234568", "+6591234569"];
    let id = site.submitted(&to).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    let path = format!("/api/v1/campaigns/{id}/recipients");
    insta::assert_json_snapshot!(site.get(&format!("{path}?state=rejected")).await.json(), @r#"
    {
      "next": null,
      "recipients": [
        {
          "reason": "The provider refused it: Invalid MSISDN",
          "seq": 1,
          "state": "rejected",
          "to": "+6591234568",
          "updated_at": 1795356300000
        }
      ]
    }
    "#);
    let first = site.get(&format!("{path}?state=sent&limit=1")).await.json();
    assert_eq!((&first["recipients"][0]["seq"], &first["next"]), (&json!(0), &json!(0)));
    let second = site.get(&format!("{path}?state=sent&limit=1&after=0")).await.json();
    assert_eq!((&second["recipients"][0]["seq"], &second["next"]), (&json!(2), &Value::Null));
    let all = site.get(&path).await.json();
    assert_eq!(all["recipients"].as_array().unwrap().len(), 3);
    let wrong = site.get(&format!("{path}?state=lost")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}
