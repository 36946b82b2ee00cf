//! Guessing passwords: many at once, from many places, and beside the owner.

use crate::fake::Fake;
use crate::site::{Answer, EMAIL, PASSWORD, Site};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::json;

/// Behind a proxy, so that tries can come from anywhere.
async fn behind_a_proxy() -> Site {
    Site::closed(|config| config.trust_forwarded_for = true, Fake::default()).await
}

async fn try_from(site: &Site, address: &str, password: &str, cookie: Option<&str>) -> Answer {
    let mut request = site
        .request(Method::POST, "/api/v1/session")
        .header("content-type", "application/json")
        .header("x-forwarded-for", address);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    let body = json!({"email": EMAIL, "password": password}).to_string();
    site.send(request.body(Body::from(body)).unwrap()).await
}

/// The cookie that makes a browser known.
fn device(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let device = cookies.filter_map(|cookie| cookie.split(';').next());
    device.filter(|pair| pair.starts_with("sms_sender_device=")).map(str::to_owned).next()
}

#[tokio::test]
async fn guesses_at_once_are_no_more_than_guesses_one_after_the_other() {
    let site = behind_a_proxy().await;
    let passwords: Vec<_> = (0..500)
        .map(|n| if n == 480 { PASSWORD.to_owned() } else { format!("wrong number {n}") })
        .collect();
    let tries = passwords.iter().map(|password| try_from(&site, "192.0.2.1", password, None));
    let answers = join_all(tries).await;
    let with = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!(with(StatusCode::OK), 0, "nobody guessed it");
    assert_eq!(with(StatusCode::UNAUTHORIZED), 10, "ten were looked at");
    assert_eq!(with(StatusCode::TOO_MANY_REQUESTS), 490);
}

#[tokio::test]
async fn an_address_is_known_with_its_port_as_well() {
    let site = behind_a_proxy().await;
    for n in 0..10 {
        try_from(&site, &format!("192.0.2.1:{}", 4_000 + n), "wrong", None).await;
    }
    let same = try_from(&site, "192.0.2.1", PASSWORD, None).await;
    assert_eq!(same.code(), "too_many_tries");
    for other in ["192.0.2.2:4000", "[2001:db8::1]:4000", "[2001:db8:1::1]", "2001:db8:2::1"] {
        assert_eq!(try_from(&site, other, PASSWORD, None).await.status, StatusCode::OK, "{other}");
    }
}

#[tokio::test]
async fn a_stranger_who_fails_does_not_keep_the_owner_out() {
    let site = behind_a_proxy().await;
    for _ in 0..80 {
        try_from(&site, "192.0.2.66", "wrong", None).await;
    }
    for _ in 0..79 {
        let answer = try_from(&site, "198.51.100.1", PASSWORD, None).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn many_strangers_do_not_keep_a_known_device_out() {
    let site = behind_a_proxy().await;
    let first = try_from(&site, "198.51.100.1", PASSWORD, None).await;
    let device = device(&first).expect("the browser is known from now on");
    for n in 0..200 {
        try_from(&site, &format!("192.0.2.{n}"), "wrong", None).await;
    }
    let unknown = try_from(&site, "198.51.100.2", PASSWORD, None).await;
    assert_eq!(unknown.code(), "too_many_tries");
    let known = try_from(&site, "198.51.100.2", PASSWORD, Some(&device)).await;
    assert_eq!(known.status, StatusCode::OK);
    // It is known already.
    assert_eq!(self::device(&known), None);
    // Whoever has the cookie cannot guess without end either.
    for _ in 0..10 {
        try_from(&site, "198.51.100.2", "wrong", Some(&device)).await;
    }
    let guessed = try_from(&site, "198.51.100.2", PASSWORD, Some(&device)).await;
    assert_eq!(guessed.code(), "too_many_tries");
}
