//! What every answer has, and how requests fail that reach no handler.

use crate::fake::Fake;
use crate::site::Site;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn every_answer_tells_browsers_what_it_may_do() {
    let site = Site::new().await;
    for path in ["/", "/api/v1/session", "/api/v1/none", "/healthz", "/none.js"] {
        let answer = site.get(path).await;
        let names = [
            "content-security-policy",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "permissions-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "x-request-id",
        ];
        for name in names {
            assert!(!answer.header(name).is_empty(), "{path} {name}");
        }
        assert_eq!(answer.header("strict-transport-security"), "", "not over http");
    }
    let policy = site.get("/").await.header("content-security-policy").to_owned();
    insta::assert_snapshot!(policy.replace("; ", ";\n"), @r"
    default-src 'none';
    script-src 'self' 'wasm-unsafe-eval';
    style-src 'self';
    img-src 'self' data:;
    connect-src 'self';
    worker-src 'self';
    manifest-src 'self';
    base-uri 'none';
    form-action 'self';
    font-src 'self';
    frame-ancestors 'none'
    ");
    assert_eq!(site.get("/api/v1/session").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn requests_that_reach_no_handler_get_a_problem_too() {
    let site = Site::new().await;
    insta::assert_json_snapshot!(site.get("/api/v1/nothing").await.problem(), @r#"
    {
      "code": "not_found",
      "detail": "There is nothing at this address.",
      "status": 404,
      "title": "Not found"
    }
    "#);
    let wrong_method = site.put("/api/v1/session", &json!({})).await;
    assert_eq!(wrong_method.header("allow"), "POST,GET,HEAD,DELETE");
    insta::assert_json_snapshot!(wrong_method.problem(), @r#"
    {
      "code": "bad_request",
      "detail": "This address does not take this method.",
      "status": 405,
      "title": "Method Not Allowed"
    }
    "#);
    let send = |mime: &'static str, body: String| {
        let request = site.request(Method::POST, "/api/v1/session").header("content-type", mime);
        site.send(request.body(Body::from(body)).unwrap())
    };
    let form = send("application/x-www-form-urlencoded", "email=a".into()).await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(form.code(), "bad_request");
    let large = send("application/json", format!("\"{}\"", "x".repeat(1_048_577))).await;
    assert_eq!((large.status, large.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"));
    let garbage = send("application/json; charset=utf-8", "{".into()).await;
    assert_eq!((garbage.status, garbage.code().as_str()), (StatusCode::BAD_REQUEST, "bad_request"));
}

#[tokio::test]
async fn the_clients_own_request_id_is_not_taken() {
    let site = Site::new().await;
    let request = site.request(Method::GET, "/healthz").header("x-request-id", "forged");
    let answer = site.send(request.body(Body::empty()).unwrap()).await;
    assert_ne!(answer.header("x-request-id"), "forged");
}

#[tokio::test]
async fn probes_and_metrics_are_open_and_tell_nothing_but_counts() {
    let site = Site::closed(|_| {}, Fake::default()).await;
    assert_eq!(site.get("/healthz").await.text(), "ok\n");
    assert_eq!(site.get("/readyz").await.text(), "ready\n");
    site.try_sign_in("ann@example.com", "wrong").await;
    let metrics = site.metrics().await;
    assert!(metrics.text().contains("sms_sender_sign_ins_total{outcome=\"failed\"} 1"));
    assert!(metrics.text().contains("sms_sender_http_requests_total{status=\"4xx\"} 1"));
    assert!(!metrics.text().contains("example.com"));
    site.server.begin_to_stop()();
    assert_eq!(site.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
