//! `/session`: signing in, out, and being kept out.

use crate::fake::Fake;
use crate::site::{Answer, EMAIL, PASSWORD, Site};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;

async fn closed() -> Site {
    Site::closed(|_| {}, Fake::default()).await
}

#[tokio::test]
async fn signing_in_tells_who_it_is_and_sets_a_cookie_that_scripts_cannot_read() {
    let site = closed().await;
    let answer = site.try_sign_in(" Ann@Example.com ", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut session = answer.json();
    session["user_id"] = "[uuid]".into();
    insta::assert_json_snapshot!(session, @r#"
    {
      "email": "ann@example.com",
      "name": "Ann",
      "user_id": "[uuid]"
    }
    "#);
    let cookie = answer.cookie();
    assert!(cookie.starts_with("sms_sender="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let https = |config: &mut server::config::Config| {
        config.public_url = "https://sms.example.com".parse().unwrap();
    };
    let mut site = Site::closed(https, Fake::default()).await;
    let answer = site.try_sign_in(EMAIL, PASSWORD).await;
    assert!(answer.cookie().starts_with("__Host-sms_sender="));
    assert!(answer.cookie().ends_with("; Secure"));
    assert!(answer.header("strict-transport-security").starts_with("max-age=31536000"));
    site.sign_in().await;
    assert_eq!(site.user().await["name"], "Ann");
}

#[tokio::test]
async fn without_a_cookie_or_with_a_wrong_one_everything_is_closed() {
    let mut site = closed().await;
    for cookie in [None, Some(format!("sms_sender={}", "0".repeat(64)))] {
        site.cookie = cookie;
        for path in ["campaigns/x", "subaccounts", "destinations?subaccount=acme_hq", "campaigns"] {
            let answer = site.get(&format!("/api/v1/{path}")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(answer.code(), "signed_out");
        }
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_away() {
    let site = Site::new().await;
    let answer = site.delete("/api/v1/session").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.cookie().starts_with("sms_sender=; "));
    assert!(answer.cookie().ends_with("; Max-Age=0"));
    assert_eq!(site.user().await, Value::Null);
}

#[tokio::test]
async fn a_session_lives_on_while_it_is_used_and_ends_when_it_is_not() {
    let site = Site::new().await;
    for _ in 0..3 {
        site.pass(Duration::from_secs(11 * 3_600));
        assert_eq!(site.user().await["name"], "Ann");
    }
    site.pass(Duration::from_secs(12 * 3_600));
    assert_eq!(site.user().await, Value::Null);
}

#[tokio::test]
async fn an_unknown_address_a_wrong_password_and_a_disabled_user_get_the_same_answer() {
    let site = closed().await;
    let without_id = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        (answer.status, answer.problem(), headers)
    };
    let unknown = without_id(&site.try_sign_in("nobody@example.com", PASSWORD).await);
    let wrong = without_id(&site.try_sign_in(EMAIL, "wrong").await);
    assert!(site.server.store().disable_user(EMAIL, site.now()).await.unwrap());
    let disabled = without_id(&site.try_sign_in(EMAIL, PASSWORD).await);
    assert_eq!(unknown, wrong);
    assert_eq!(unknown, disabled);
    insta::assert_json_snapshot!(unknown.1, @r#"
    {
      "code": "wrong_credentials",
      "detail": "The email address or the password is wrong.",
      "status": 401,
      "title": "Not signed in"
    }
    "#);
}

#[tokio::test]
async fn disabling_a_user_or_changing_the_password_signs_them_out() {
    let mut site = Site::new().await;
    let store = site.server.store().clone();
    let hash = store.user(EMAIL).await.unwrap().unwrap().password;
    assert!(store.set_password(EMAIL, &hash).await.unwrap());
    assert_eq!(site.user().await, Value::Null);
    site.sign_in().await;
    assert!(store.disable_user(EMAIL, site.now()).await.unwrap());
    assert_eq!(site.user().await, Value::Null);
}

#[tokio::test]
async fn what_is_missing_is_said_at_its_field() {
    let site = closed().await;
    let answer = site.try_sign_in(" ", "").await;
    insta::assert_json_snapshot!(answer.problem(), @r#"
    {
      "code": "invalid",
      "detail": "Enter your email address. Enter your password.",
      "fields": {
        "email": "Enter your email address",
        "password": "Enter your password"
      },
      "status": 422,
      "title": "There is a problem"
    }
    "#);
}

#[tokio::test]
async fn a_dozen_sign_ins_pass_and_the_eleventh_failure_has_to_wait() {
    let site = closed().await;
    for _ in 0..12 {
        assert_eq!(site.try_sign_in(EMAIL, PASSWORD).await.status, StatusCode::OK);
    }
    for _ in 0..10 {
        assert_eq!(site.try_sign_in(EMAIL, "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    let answer = site.try_sign_in(EMAIL, "wrong").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.code(), "too_many_tries");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // Then the right password has to wait, too: else its rightness could be told.
    assert_eq!(site.try_sign_in(EMAIL, PASSWORD).await.code(), "too_many_tries");
    assert_eq!(site.try_sign_in("bob@example.com", "wrong").await.code(), "wrong_credentials");
    site.pass(Duration::from_secs(wait));
    assert_eq!(site.try_sign_in(EMAIL, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn addresses_are_told_apart_only_by_a_trusted_proxy() {
    let trusting = |config: &mut server::config::Config| config.trust_forwarded_for = true;
    for (site, blocked) in
        [(Site::closed(trusting, Fake::default()).await, false), (closed().await, true)]
    {
        let attempt = |n: usize, forwarded: &'static str| {
            let body = json!({"email": format!("{n}@example.com"), "password": "wrong"});
            let request = site
                .request(Method::POST, "/api/v1/session")
                .header("content-type", "application/json")
                // Only the last one is the proxy's word.
                .header("x-forwarded-for", format!("192.0.2.{n}, {forwarded}"));
            site.send(request.body(Body::from(body.to_string())).unwrap())
        };
        for n in 0..31 {
            attempt(n, "198.51.100.1").await;
        }
        assert_eq!(attempt(99, "198.51.100.1").await.code(), "too_many_tries");
        let other = attempt(99, "198.51.100.2").await.code();
        assert_eq!(other == "too_many_tries", blocked, "{other}");
    }
}

#[tokio::test]
async fn other_sites_cannot_act_for_the_user() {
    let site = Site::new().await;
    let attempt = |headers: Vec<(&'static str, &'static str)>| {
        let mut request = axum::http::Request::builder()
            .method(Method::DELETE)
            .uri("/api/v1/session")
            .header("host", "sms.example.com")
            .header("cookie", site.cookie.clone().unwrap());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        site.send(request.body(Body::empty()).unwrap())
    };
    for headers in [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "http://evil.example.com")],
        vec![("origin", "null")],
        vec![("sec-fetch-site", "cross-site"), ("origin", "http://sms.example.com")],
    ] {
        let answer = attempt(headers.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(answer.code(), "cross_site");
    }
    assert_eq!(site.user().await["name"], "Ann", "still signed in");
    // A program that is no browser, and our own page.
    for headers in [vec![], vec![("origin", "http://sms.example.com")]] {
        assert_eq!(attempt(headers).await.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let mut site = Site::new().await;
    let before = site.cookie.clone();
    site.sign_in().await;
    assert_ne!(site.cookie, before);
    site.cookie = before;
    assert_eq!(site.user().await, Value::Null);
}

#[tokio::test]
async fn that_nobody_is_signed_in_is_an_answer() {
    let mut site = closed().await;
    for cookie in
        [None, Some("sms_sender=x".to_owned()), Some(format!("sms_sender={}", "0".repeat(64)))]
    {
        site.cookie = cookie;
        let answer = site.get("/api/v1/session").await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"user": null})));
    }
    let signed_in = site.try_sign_in(EMAIL, PASSWORD).await;
    site.cookie = Some(signed_in.cookie().split(';').next().unwrap().to_owned());
    let answer = site.get("/api/v1/session").await;
    assert_eq!(answer.json(), json!({"user": signed_in.json()}));
}

#[tokio::test]
async fn what_a_page_asks_for_one_user_is_not_done_for_another() {
    let site = Site::new().await;
    let ann = site.user().await["user_id"].as_str().unwrap().to_owned();
    let id = site.uploaded(&["+6591234561"]).await;
    let ask = |user: &str, method: Method, path: String| {
        let request = site.request(method, &path).header("x-sms-sender-user", user);
        site.send(request.body(Body::empty()).unwrap())
    };
    for user in ["0190a1b2-0000-7000-8000-000000000001", "", "ann@example.com"] {
        for (method, path) in [
            (Method::POST, format!("/api/v1/campaigns/{id}/submit")),
            (Method::DELETE, format!("/api/v1/campaigns/{id}")),
            (Method::GET, "/api/v1/campaigns".to_owned()),
        ] {
            let answer = ask(user, method, path).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::CONFLICT, "other_user")
            );
        }
    }
    let submitted = ask(&ann, Method::POST, format!("/api/v1/campaigns/{id}/submit")).await;
    assert_eq!(submitted.status, StatusCode::OK, "{submitted:?}");
}

#[tokio::test]
async fn a_session_ends_for_good_after_a_week_however_much_it_is_used() {
    let site = Site::new().await;
    for hour in 0..7 * 24 - 1 {
        site.pass(Duration::from_secs(3_600));
        assert_eq!(site.user().await["name"], "Ann", "after {hour} hours");
    }
    site.pass(Duration::from_secs(3_601));
    assert_eq!(site.user().await, Value::Null);
}

#[tokio::test]
async fn changing_the_password_signs_out_everywhere_else() {
    let mut site = Site::new().await;
    let elsewhere = site.cookie.clone();
    site.cookie = None;
    site.sign_in().await;
    let change = |password: &str, new: &str| json!({"password": password, "new_password": new});
    let path = "/api/v1/session/password";
    let new = "a sentence of my own";
    for (password, wanted, field) in [
        ("wrong", new, "password"),
        (PASSWORD, "too short", "new_password"),
        (PASSWORD, "qwerty123456", "new_password"),
        (PASSWORD, &"x".repeat(129), "new_password"),
    ] {
        let answer = site.put(path, &change(password, wanted)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wanted}");
        assert!(answer.problem()["fields"][field].is_string(), "{wanted}: {:?}", answer.problem());
    }
    let answer = site.put(path, &change(PASSWORD, new)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    assert_eq!(site.user().await, Value::Null, "the session before is over");
    site.cookie = Some(answer.cookie().split(';').next().unwrap().to_owned());
    assert_eq!(site.user().await["name"], "Ann");
    site.cookie = elsewhere;
    assert_eq!(site.user().await, Value::Null);
    assert_eq!(site.try_sign_in(EMAIL, PASSWORD).await.code(), "wrong_credentials");
    assert_eq!(site.try_sign_in(EMAIL, new).await.status, StatusCode::OK);
}

#[tokio::test]
async fn of_several_changes_at_once_one_is_made() {
    let site = Site::new().await;
    let changes: Vec<_> = (0..6)
        .map(|n| json!({"password": PASSWORD, "new_password": format!("a sentence of my own {n}")}))
        .collect();
    let path = "/api/v1/session/password";
    let answers = join_all(changes.iter().map(|change| site.put(path, change))).await;
    let made = answers.iter().filter(|answer| answer.status == StatusCode::NO_CONTENT).count();
    assert_eq!(made, 1, "{answers:?}");
}

#[tokio::test]
async fn a_sign_in_that_was_under_way_does_not_outlive_the_password() {
    let site = Site::new().await;
    let store = site.server.store();
    let user = store.user(EMAIL).await.unwrap().unwrap();
    // Its password was found right, and is changed before the session is opened.
    store.set_password(EMAIL, "another hash").await.unwrap();
    let (token, now) = ([7; 32], site.now());
    let checked = (user.id, user.password.as_str());
    assert!(!store.open_session(&token, checked, now, now + 1_000).await.unwrap());
}

#[tokio::test]
async fn a_page_of_another_user_signs_nobody_out() {
    let site = Site::new().await;
    let request = site
        .request(Method::DELETE, "/api/v1/session")
        .header("x-sms-sender-user", "0190a1b2-0000-7000-8000-000000000001");
    let answer = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.code(), "other_user");
    assert_eq!(site.user().await["name"], "Ann");
}

#[tokio::test]
async fn whoever_changes_a_password_cannot_guess_the_present_one() {
    let site = Site::new().await;
    let guess = json!({"password": "wrong", "new_password": "a sentence of my own"});
    for _ in 0..10 {
        let answer = site.put("/api/v1/session/password", &guess).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(site.put("/api/v1/session/password", &guess).await.code(), "too_many_tries");
}

#[tokio::test]
async fn one_can_log_out_everywhere_at_once() {
    let mut site = Site::new().await;
    let elsewhere = site.cookie.clone();
    site.cookie = None;
    site.sign_in().await;
    let answer = site.delete("/api/v1/session/everywhere").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(site.user().await, Value::Null);
    site.cookie = elsewhere;
    assert_eq!(site.user().await, Value::Null);
}
