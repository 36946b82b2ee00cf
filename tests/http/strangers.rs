//! What those get who have not said who they are, and those who come by another name.

use crate::fake::Fake;
use crate::site::Site;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use axum::routing::get;
use futures_util::future::join_all;
use server::hosts::OwnNames;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt as _;

#[tokio::test]
async fn only_names_of_ours_are_answered() {
    let site = Site::with(|config| {
        let listen = Some("127.0.0.1:8080".parse().unwrap());
        config.own_names = OwnNames::new(&config.public_url, listen, &["backend:9000".to_owned()]);
    })
    .await;
    let asked = |host: &'static str, path: &'static str| {
        let request = Request::get(path).header("host", host).body(Body::empty()).unwrap();
        site.send(request)
    };
    for host in ["sms.example.com", "127.0.0.1:8080", "localhost:8080", "backend:9000"] {
        assert_eq!(asked(host, "/api/v1/session").await.status, StatusCode::OK, "{host}");
    }
    for host in ["evil.example", "127.0.0.1:9999", "sms.example.com.evil.example", ""] {
        for path in ["/api/v1/session", "/", "/embed.js", "/openapi.json", "/none"] {
            let answer = asked(host, path).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host} {path}");
            assert!(!answer.header("x-request-id").is_empty());
        }
    }
    // Probes go by an address that changes with each start.
    assert_eq!(asked("10.1.2.3:8080", "/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_simulators_pages_are_for_users_and_for_whoever_sits_at_the_computer() {
    let site = Site::new().await;
    let pages = Router::new().route("/sandbox", get(|| async { "numbers and texts" }));
    let router = site.server.router_with(pages);
    let ask = async |host: &str, peer: Option<&str>, more: &[(&str, &str)]| {
        let mut request = Request::get("/sandbox").header("host", host);
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        if let Some(peer) = peer {
            request = request.extension(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
        }
        router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    };
    let cookie = site.cookie.clone().unwrap();
    let by_cookie: &[(&str, &str)] = &[("cookie", &cookie)];
    let ours = "sms.example.com";
    let outside = Some("192.0.2.1:5000");
    assert_eq!(ask(ours, outside, &[]).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(ask(ours, Some("127.0.0.1:5000"), &[]).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(ask(ours, None, &[]).await.status(), StatusCode::UNAUTHORIZED);
    let allowed = ask(ours, outside, by_cookie).await;
    assert_eq!(allowed.status(), StatusCode::OK);
    // Through the same middleware as everything else.
    assert!(allowed.headers().contains_key("content-security-policy"));
    assert!(allowed.headers().contains_key("x-request-id"));
    assert_eq!(
        ask("evil.example", outside, by_cookie).await.status(),
        StatusCode::MISDIRECTED_REQUEST
    );
}

#[tokio::test]
async fn whoever_sits_at_the_computer_of_a_local_server_sees_the_simulator() {
    let site = Site::closed(
        |config| {
            config.public_url = "http://127.0.0.1:8080".parse().unwrap();
            config.own_names = OwnNames::new(&config.public_url, None, &[]);
        },
        Fake::default(),
    )
    .await;
    let pages = Router::new().route("/sandbox", get(|| async { "numbers and texts" }));
    let router = site.server.router_with(pages);
    let ask = async |peer: &str, more: Option<&str>| {
        let mut request = Request::get("/sandbox").header("host", "127.0.0.1:8080");
        if let Some(name) = more {
            request = request.header(name, "192.0.2.1");
        }
        let request = request.extension(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
        router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
    };
    assert_eq!(ask("127.0.0.1:5000", None).await, StatusCode::OK);
    assert_eq!(ask("192.0.2.1:5000", None).await, StatusCode::UNAUTHORIZED);
    for proxied in ["x-real-ip", "via", "x-forwarded-for", "x-forwarded-proto", "forwarded"] {
        assert_eq!(
            ask("127.0.0.1:5000", Some(proxied)).await,
            StatusCode::UNAUTHORIZED,
            "{proxied}"
        );
    }
}

/// A body that counts how much of it was read.
fn counted(read: &Arc<AtomicUsize>) -> Body {
    let read = Arc::clone(read);
    let pieces = (0..1_000).map(move |_| {
        read.fetch_add(1_024, Ordering::SeqCst);
        Ok::<_, std::convert::Infallible>(vec![b' '; 1_024])
    });
    Body::from_stream(futures_util::stream::iter(pieces))
}

#[tokio::test]
async fn no_body_is_read_before_it_is_known_who_asks() {
    let site = Site::closed(|_| {}, Fake::default()).await;
    for (method, path, most) in [
        (Method::POST, "/hooks/8x8/wrong", 0),
        (Method::POST, "/api/v1/campaigns", 0),
        (Method::PUT, "/api/v1/campaigns/0190a1b2-0000-7000-8000-000000000001/recipients/0", 0),
        // Whoever signs in needs no more than this.
        (Method::POST, "/api/v1/session", 18 * 1_024),
        (Method::POST, "/api/v1/session/embed", 18 * 1_024),
        (Method::POST, "/api/v1/embed/check", 18 * 1_024),
    ] {
        let read = Arc::new(AtomicUsize::new(0));
        let request = site
            .request(method, path)
            .header("content-type", "application/json")
            .body(counted(&read))
            .unwrap();
        let answer = site.send(request).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        let read = read.load(Ordering::SeqCst);
        assert!(read <= most, "{path}: {read} bytes were read");
    }
}

#[tokio::test]
async fn nobody_begins_campaigns_without_end() {
    let site = Site::new().await;
    let mut last = uuid::Uuid::nil();
    for _ in 0..45 {
        last = site.uploaded(&["+6591234561"]).await;
    }
    // Also when they come all at once.
    let more: Vec<_> = (0..20).map(|_| crate::site::submission(&["+6591234561"])).collect();
    let answers = join_all(more.iter().map(|more| site.post("/api/v1/campaigns", more))).await;
    let taken = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert_eq!(taken, 5);
    let one_more = crate::site::submission(&["+6591234561"]);
    let answer = site.post("/api/v1/campaigns", &one_more).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.code(), "too_many_tries");
    // What is submitted or stopped makes room.
    site.delete(&format!("/api/v1/campaigns/{last}")).await;
    assert_eq!(site.post("/api/v1/campaigns", &one_more).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn nobody_holds_streams_without_end() {
    let site = Site::new().await;
    let id = site.submitted(&["+6591234561"]).await;
    let path = format!("/api/v1/campaigns/{id}/events");
    let mut open = Vec::new();
    for _ in 0..30 {
        open.push(site.open(&path).await);
    }
    assert!(open.iter().all(|stream| stream.status() == StatusCode::OK));
    assert_eq!(site.open(&path).await.status(), StatusCode::TOO_MANY_REQUESTS);
    drop(open.pop());
    assert_eq!(site.open(&path).await.status(), StatusCode::OK);
}
