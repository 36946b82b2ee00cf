//! Who did what: each act leaves its entry, and none holds what it must not.

use crate::fake::Fake;
use crate::site::{EMAIL, PASSWORD, Site};
use domain::time::Timestamp;
use serde_json::{Value, json};

const TO: &str = "+6591234561";

#[tokio::test]
async fn every_act_leaves_an_entry() {
    let mut site = Site::closed(|_| {}, Fake::default()).await;
    site.try_sign_in(EMAIL, "wrong").await;
    site.try_sign_in("a password typed into the wrong field", "wrong").await;
    site.sign_in().await;
    let id = site.submitted(&[TO]).await;
    site.get(&format!("/api/v1/campaigns/{id}/report.csv")).await;
    let stopped = site.uploaded(&[TO]).await;
    site.delete(&format!("/api/v1/campaigns/{stopped}")).await;
    let later = site.submitted(&[TO]).await;
    for action in ["pause", "resume", "cancel"] {
        site.post(&format!("/api/v1/campaigns/{later}/{action}"), &json!({})).await;
    }
    let change = json!({"password": PASSWORD, "new_password": "a sentence of my own"});
    site.put("/api/v1/session/password", &change).await;
    site.try_sign_in(EMAIL, "a sentence of my own").await;

    let entries = site.server.store().audit(Timestamp(0), 0, 100).await.unwrap();
    let lines = serde_json::to_string(&entries).unwrap();
    for secret in [PASSWORD, "wrong", TO, &TO[1..], "a sentence of my own", "wrong field", "Hello"]
    {
        assert!(!lines.contains(secret), "{secret} is in {lines}");
    }
    let acts: Vec<_> = entries
        .iter()
        .map(|entry| (entry.action.as_str(), entry.campaign, entry.name.as_deref()))
        .collect();
    let ann = Some(EMAIL);
    let done: Vec<_> = acts
        .iter()
        .filter(|(action, ..)| !matches!(*action, "pause" | "resume" | "cancel"))
        .copied()
        .collect();
    assert_eq!(
        done,
        [
            ("sign_in_failed", None, ann),
            ("sign_in_failed", None, None),
            ("signed_in", None, ann),
            ("submitted", Some(id), ann),
            ("exported", Some(id), ann),
            ("forgotten", Some(stopped), ann),
            ("submitted", Some(later), ann),
            ("password_changed", None, ann),
            ("signed_in", None, ann),
        ]
    );
    let line: Value = serde_json::to_value(&entries[2]).unwrap();
    assert_eq!(line["at"], "2026-11-22T14:05:00Z");
    assert_eq!(line["address"], "0.0.0.0");
}
