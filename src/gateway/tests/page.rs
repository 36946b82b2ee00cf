//! What people and tests see of the simulator.

use super::support::{Served, batch, fast};
use gateway::Gateway as _;

#[tokio::test]
async fn the_page_shows_messages_as_text() {
    let served = Served::sandbox(fast()).await;
    let fetch = |path: &'static str| {
        let url = served.url() + path;
        async move { reqwest::get(url).await.unwrap() }
    };
    let empty = fetch("/sandbox").await.text().await.unwrap();
    assert!(empty.contains("No messages yet"));
    let mut batch = batch(&["+6591212345", "+6591212346"], "http://127.0.0.1:9/");
    batch.messages[0].text = "<script>alert('x')</script> {{figures}}".to_owned();
    batch.messages[1].text = "жук".repeat(50);
    served.client().send(&batch).await.unwrap();
    let page = fetch("/sandbox").await.text().await.unwrap();
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; {{figures}}"));
    assert!(page.contains("+6591212345") && page.contains("Acme"));
    assert!(page.contains("3 segments, UCS-2"));
    // A strict content security policy allows neither.
    assert!(!page.contains("<script>") && !page.contains("style=") && !page.contains("<style"));
    assert!(!page.contains("onclick"));
    for (path, kind) in [
        ("/sandbox", "text/html; charset=utf-8"),
        ("/sandbox/sandbox.css", "text/css; charset=utf-8"),
        ("/sandbox/sandbox.js", "text/javascript; charset=utf-8"),
    ] {
        assert_eq!(fetch(path).await.headers()["content-type"], kind);
    }
}

#[tokio::test]
async fn counters_and_lists() {
    let served = Served::sandbox(fast()).await;
    for _ in 0..2 {
        let batch = batch(&["+6591212345", "+6595500001", "+6591212346"], "http://127.0.0.1:9/");
        served.client().send(&batch).await.unwrap();
    }
    let counters = served.get("/sandbox/api/counters").await;
    assert_eq!(
        counters,
        serde_json::json!({
            "accepted": 4,
            "unique_client_message_ids": 2,
            "unique_destinations": 2,
            "requests": 2
        })
    );
    let all = served.get("/sandbox/api/messages").await;
    let references: Vec<_> =
        all.as_array().unwrap().iter().map(|m| m["clientMessageId"].clone()).collect();
    assert_eq!(references, ["r2", "r0", "r2", "r0"]);
    assert_eq!(all[0]["text"], "Hello 2");
    assert_eq!(all[0]["source"], "Acme");
    assert_eq!(all[0]["smsCount"], 1);
    for query in ["+6591212345", "%2B6591212345", "6591212345"] {
        let list = served.get(&format!("/sandbox/api/messages?destination={query}")).await;
        assert_eq!(list.as_array().unwrap().len(), 2, "{query}");
        assert_eq!(list[0]["destination"], "+6591212345");
    }
    let nobody = served.get("/sandbox/api/messages?destination=nobody").await;
    assert_eq!(nobody, serde_json::json!([]));
    let one = served.get("/sandbox/api/messages?limit=1").await;
    assert_eq!(one.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn unknown_paths_are_answered_in_8x8_s_form() {
    let served = Served::sandbox(fast()).await;
    assert_eq!(served.get("/api/v2/nothing").await["code"], 1300);
}
