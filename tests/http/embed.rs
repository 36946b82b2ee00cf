//! Hosts' users: `/session/embed`, what a bearer may do, and who may frame us.

use crate::fake::Fake;
use crate::site::{Answer, EMAIL, PASSWORD, Site, delivered, submission, undelivered};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use domain::campaign::Counts;
use domain::price::money::{Amount, Cost, Currency};
use domain::price::quote::PriceList;
use domain::recipients::phone::Country;
use futures_util::StreamExt as _;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde_json::{Value, json};
use server::assets::Assets;
use server::config::Config;
use server::embed::{Hosts, Key, Origin, Tenant};
use server::store::campaigns::{Acted, Submitted};
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_subscriber::util::SubscriberInitExt as _;
use uuid::Uuid;

const US: &str = "http://sms.example.com";
const ACME: &str = "https://dashboard.acme.example";
const ACME_TOO: &str = "http://localhost:8090";
const GLOBEX: &str = "https://portal.globex.example";

/// Made for these tests alone.
const ACME_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIPTAV08Bg2EQLaDgLzYgagpnxq2D3PmEK3LDh3ppP5QE\n\
    -----END PRIVATE KEY-----\n";
const ACME_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEAJjwlI+usbEGOYIeO93UpP5FCexn+ZI/ETEWJ1BfkZd8=\n\
    -----END PUBLIC KEY-----\n";
const OTHER_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINmtONClfvcBlfAuKy/nk9ctZ1lSdJxH37zhFaGxW70i\n\
    -----END PRIVATE KEY-----\n";
const ACME_SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const GLOBEX_SECRET: &[u8] = b"fedcba9876543210fedcba9876543210";

const SG: [&str; 2] = ["+6591234561", "+6591234562"];
const ID: &str = "+6281234567890";
const FR: &str = "+33612345678";

fn hosts() -> Hosts {
    let origin = |text| Origin::parse(text).unwrap();
    let secret = |kid: &str, secret| Key {
        kid: kid.to_owned(),
        algorithm: Algorithm::HS256,
        key: DecodingKey::from_secret(secret),
    };
    let public = Key {
        kid: "acme-ed".to_owned(),
        algorithm: Algorithm::EdDSA,
        key: DecodingKey::from_ed_pem(ACME_PUBLIC.as_bytes()).unwrap(),
    };
    let acme = Tenant {
        id: "acme".to_owned(),
        origins: vec![origin(ACME), origin(ACME_TOO)],
        subaccounts: None,
        keys: vec![public, secret("acme-hs", ACME_SECRET)],
    };
    let globex = Tenant {
        id: "globex".to_owned(),
        origins: vec![origin(GLOBEX)],
        subaccounts: Some(vec!["acme_hq".to_owned()]),
        keys: vec![secret("globex-hs", GLOBEX_SECRET)],
    };
    Hosts { session: Duration::from_secs(900), tenants: vec![acme, globex] }
}

/// Two hosts, and two subaccounts that can be sent from: one in dollars, one in euros.
fn embedded(config: &mut Config) {
    config.hosts = hosts();
    let price = Cost::exactly(Amount::parse("0.07").unwrap());
    let countries = [(Country::parse("FR").unwrap(), price)].into();
    config.prices = Some(PriceList { currency: Currency::parse("EUR").unwrap(), countries });
}

async fn site() -> Site {
    Site::closed(embedded, Fake::default()).await
}

/// What Acme says of its user, with these claims instead; null takes one away.
fn claims(site: &Site, changes: Value) -> Value {
    let now = site.now().0 / 1_000;
    let mut claims = json!({
        "iss": "acme",
        "sub": "u-1",
        "name": "Bo",
        "aud": US,
        "iat": now,
        "exp": now + 60,
        "jti": Uuid::new_v4(),
        "origin": ACME,
        "scopes": ["compose", "submit", "view"],
    });
    for (name, value) in changes.as_object().unwrap().clone() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(&name);
        } else {
            claims[name] = value;
        }
    }
    claims
}

fn head(algorithm: Algorithm, kid: &str) -> Header {
    Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) }
}

fn ed(pem: &str) -> EncodingKey {
    EncodingKey::from_ed_pem(pem.as_bytes()).unwrap()
}

/// By Acme's Ed25519 key.
fn signed(claims: &Value) -> String {
    encode(&head(Algorithm::EdDSA, "acme-ed"), claims, &ed(ACME_PRIVATE)).unwrap()
}

/// By a shared secret.
fn sealed(kid: &str, secret: &[u8], claims: &Value) -> String {
    encode(&head(Algorithm::HS256, kid), claims, &EncodingKey::from_secret(secret)).unwrap()
}

/// Another host's user.
fn of_globex(site: &Site, changes: Value) -> String {
    let mut of_globex = json!({"iss": "globex", "origin": GLOBEX});
    of_globex.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    sealed("globex-hs", GLOBEX_SECRET, &claims(site, of_globex))
}

async fn swap(site: &Site, token: &str, origin: &str) -> Answer {
    site.post("/api/v1/session/embed", &json!({"token": token, "origin": origin})).await
}

/// Swaps a token of Acme's with these claims; what came back.
async fn session(site: &Site, changes: Value) -> Value {
    let answer = swap(site, &signed(&claims(site, changes)), ACME).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

/// The same; its bearer.
async fn bearer(site: &Site, changes: Value) -> Option<String> {
    Some(session(site, changes).await["bearer"].as_str().unwrap().to_owned())
}

/// With these limits.
async fn limited(site: &Site, limits: Value) -> Option<String> {
    bearer(site, json!({"limits": limits})).await
}

/// A site visited by a user of Acme's whose sign-in has these claims.
async fn visited(changes: Value) -> Site {
    let mut site = site().await;
    site.bearer = bearer(&site, changes).await;
    site
}

async fn act(site: &Site, id: Uuid, action: &str) -> Answer {
    site.post(&format!("/api/v1/campaigns/{id}/{action}"), &Value::Null).await
}

/// What is left of the limits.
async fn left(site: &Site) -> Value {
    let mut grant = site.user().await["grant"].take();
    grant.as_object_mut().unwrap().remove("scopes");
    grant
}

/// What is said at the limit.
fn limit(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer:?}");
    let problem = answer.problem();
    assert_eq!(problem["code"], "invalid");
    assert_eq!(problem["fields"].as_object().unwrap().len(), 1);
    problem["fields"]["limit"].as_str().unwrap().to_owned()
}

/// A campaign to France from the subaccount that is charged in euros.
fn french() -> Value {
    let mut french = submission(&SG[..1]);
    french["subaccount"] = "acme_otp".into();
    french["expected"]["currency"] = "EUR".into();
    french["expected"]["cost"] = json!({"low": "0.07", "high": "0.07"});
    french
}

fn id(submission: &Value) -> Uuid {
    submission["id"].as_str().unwrap().parse().unwrap()
}

// Who it is.

#[tokio::test]
async fn a_token_of_either_kind_is_swapped_for_a_bearer() {
    let mut site = site().await;
    for token in [
        signed(&claims(&site, json!({}))),
        sealed("acme-hs", ACME_SECRET, &claims(&site, json!({}))),
    ] {
        let answer = swap(&site, &token, ACME).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(answer.cookie(), "");
        assert_eq!(answer.header("cache-control"), "no-store");
        let mut session = answer.json();
        site.bearer = Some(session["bearer"].as_str().unwrap().to_owned());
        assert_eq!(site.user().await, session["session"]);
        session["bearer"] = "[64 digits]".into();
        session["session"]["user_id"] = "[uuid]".into();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(session, @r#"
            {
              "bearer": "[64 digits]",
              "expires_at": 1795357200000,
              "session": {
                "email": "",
                "grant": {
                  "scopes": [
                    "compose",
                    "submit",
                    "view"
                  ]
                },
                "name": "Bo",
                "user_id": "[uuid]"
              }
            }
            "#);
        }
    }
}

#[tokio::test]
async fn a_user_is_made_on_first_sight_and_keeps_the_id_when_the_name_changes() {
    let mut site = site().await;
    let mut ids = Vec::new();
    for (name, kept) in [
        (json!(" Bo "), "Bo".to_owned()),
        (json!("Bo Li"), "Bo Li".to_owned()),
        // What the host calls them, for want of a name.
        (Value::Null, "u-1".to_owned()),
        (json!(" "), "u-1".to_owned()),
        (json!("ö".repeat(101)), "ö".repeat(100)),
    ] {
        let opened = session(&site, json!({"name": name})).await;
        assert_eq!(opened["session"]["name"], kept);
        site.bearer = Some(opened["bearer"].as_str().unwrap().to_owned());
        let shown = site.user().await;
        assert_eq!(shown, opened["session"]);
        ids.push(shown["user_id"].clone());
    }
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(site.server.store().users().await.unwrap().len(), 2, "and Ann");
}

#[tokio::test]
async fn users_are_told_apart_by_tenant_and_by_every_letter() {
    let mut site = site().await;
    let mut ids = Vec::new();
    for token in [
        signed(&claims(&site, json!({"sub": "bo"}))),
        signed(&claims(&site, json!({"sub": "Bo"}))),
        signed(&claims(&site, json!({"sub": " bo"}))),
        of_globex(&site, json!({"sub": "bo"})),
        // The same user on another of the tenant's pages.
        signed(&claims(&site, json!({"sub": "bo", "origin": ACME_TOO}))),
    ] {
        let origin = [ACME, ACME, ACME, GLOBEX, ACME_TOO][ids.len()];
        let answer = swap(&site, &token, origin).await.json();
        site.bearer = Some(answer["bearer"].as_str().unwrap().to_owned());
        ids.push(answer["session"]["user_id"].clone());
    }
    assert_eq!(ids.pop().unwrap(), ids[0]);
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn our_own_user_of_the_same_address_is_never_touched() {
    let mut site = site().await;
    let before = format!("{:?}", site.server.store().user(EMAIL).await.unwrap().unwrap());
    let guest = session(&site, json!({"sub": EMAIL, "name": EMAIL})).await;
    let after = site.server.store().user(EMAIL).await.unwrap().unwrap();
    assert_eq!(format!("{after:?}"), before);
    assert_ne!(guest["session"]["user_id"], json!(after.id));
    site.sign_in().await;
    let ann = site.user().await;
    assert_eq!((&ann["name"], &ann["email"]), (&json!("Ann"), &json!(EMAIL)));
    assert_eq!(ann["grant"], Value::Null);
}

/// What our database calls a host's user.
async fn stored_name(site: &Site) -> String {
    let users = site.server.store().users().await.unwrap();
    users.into_iter().find(|user| user.host.is_some()).unwrap().email
}

#[tokio::test]
async fn a_hosts_user_has_no_password_and_cannot_be_given_one() {
    let site = site().await;
    session(&site, json!({})).await;
    let name = stored_name(&site).await;
    let store = site.server.store();
    let hash = store.user(EMAIL).await.unwrap().unwrap().password;
    for password in ["", " ", PASSWORD] {
        let refused = site.try_sign_in(&name, password).await;
        assert_ne!(refused.status, StatusCode::OK, "{password}");
    }
    assert!(!store.set_password(&name, &hash).await.unwrap());
    assert_eq!(site.try_sign_in(&name, PASSWORD).await.code(), "wrong_credentials");
}

#[tokio::test]
async fn a_disabled_user_is_refused_and_signed_out() {
    let site = visited(json!({})).await;
    assert_eq!(site.get("/api/v1/session").await.status, StatusCode::OK);
    let name = stored_name(&site).await;
    assert!(site.server.store().disable_user(&name, site.now()).await.unwrap());
    assert_eq!(site.get("/api/v1/session").await.code(), "signed_out");
    let refused = swap(&site, &signed(&claims(&site, json!({}))), ACME).await;
    insta::assert_json_snapshot!(refused.problem(), @r#"
    {
      "code": "token_not_allowed",
      "detail": "This user may not sign in here any more.",
      "status": 403,
      "title": "The token grants too much"
    }
    "#);
    let other = swap(&site, &signed(&claims(&site, json!({"sub": "u-2"}))), ACME).await;
    assert_eq!(other.status, StatusCode::OK);
}

// Bad tokens.

/// `{"alg":"none","kid":"acme-ed"}`.
const UNSIGNED: &str = "eyJhbGciOiJub25lIiwia2lkIjoiYWNtZS1lZCJ9";

fn part(token: &str, n: usize) -> &str {
    token.split('.').nth(n).unwrap()
}

#[tokio::test]
async fn every_bad_token_is_refused_with_its_own_words() {
    let site = site().await;
    let now = site.now().0 / 1_000;
    let good = signed(&claims(&site, json!({})));
    let other = signed(&claims(&site, json!({"sub": "somebody else"})));
    let with = |changes: Value| signed(&claims(&site, changes));
    let all = claims(&site, json!({}));
    let critical =
        Header { crit: Some(vec!["exp".to_owned()]), ..head(Algorithm::EdDSA, "acme-ed") };
    let hs512 =
        encode(&head(Algorithm::HS512, "acme-hs"), &all, &EncodingKey::from_secret(ACME_SECRET));
    let mut bad = vec![
        ("empty", String::new()),
        ("no token", "x".to_owned()),
        ("five parts, encrypted", "a.b.c.d.e".to_owned()),
        ("not signed", format!("{UNSIGNED}.{}.", part(&good, 1))),
        (
            "not signed, with a signature",
            format!("{UNSIGNED}.{}.{}", part(&good, 1), part(&good, 2)),
        ),
        ("signature cut off", format!("{}.{}.", part(&good, 0), part(&good, 1))),
        ("public key as secret", sealed("acme-ed", ACME_PUBLIC.as_bytes(), &all)),
        ("public key as secret of a name", sealed("acme-hs", ACME_PUBLIC.as_bytes(), &all)),
        ("another algorithm of the family", hs512.unwrap()),
        (
            "unknown key",
            encode(&head(Algorithm::EdDSA, "acme-old"), &all, &ed(ACME_PRIVATE)).unwrap(),
        ),
        ("forged", encode(&head(Algorithm::EdDSA, "acme-ed"), &all, &ed(OTHER_PRIVATE)).unwrap()),
        ("no key named", encode(&Header::new(Algorithm::EdDSA), &all, &ed(ACME_PRIVATE)).unwrap()),
        ("changed payload", format!("{}.{}.{}", part(&good, 0), part(&other, 1), part(&good, 2))),
        ("critical extension", encode(&critical, &all, &ed(ACME_PRIVATE)).unwrap()),
        ("another tenant's issuer", sealed("globex-hs", GLOBEX_SECRET, &all)),
        ("wrong audience", with(json!({"aud": "https://sms.example.com"}))),
        ("audience with a slash", with(json!({"aud": format!("{US}/")}))),
        ("several wrong audiences", with(json!({"aud": ["https://a.example", "b"]}))),
        ("no audience in the list", with(json!({"aud": []}))),
        ("no subject", with(json!({"sub": ""}))),
        ("long subject", with(json!({"sub": "é".repeat(201)}))),
        ("no id", with(json!({"jti": ""}))),
        ("long id", with(json!({"jti": "x".repeat(201)}))),
        ("valid for too long", with(json!({"exp": now + 301}))),
        ("valid for ever", with(json!({"exp": i64::MAX, "iat": i64::MIN}))),
        ("from the future", with(json!({"iat": now + 61, "exp": now + 361}))),
        ("not to be taken yet", with(json!({"nbf": now + 61}))),
        ("over before it was made", with(json!({"iat": now + 30, "exp": now + 20}))),
        ("over as it was made", with(json!({"iat": now + 30, "exp": now + 30}))),
        ("expired this very second", with(json!({"iat": now - 60, "exp": now}))),
        ("expired an hour ago", with(json!({"iat": now - 3_660, "exp": now - 3_600}))),
        ("for another page", with(json!({"origin": ACME_TOO}))),
        ("origin with a slash", with(json!({"origin": format!("{ACME}/")}))),
        ("unknown scope", with(json!({"scopes": ["compose", "admin"]}))),
        ("no scopes", with(json!({"scopes": []}))),
        ("scopes in a string", with(json!({"scopes": "compose submit"}))),
        ("unknown limit", with(json!({"limits": {"segments": 1}}))),
        ("negative limit", with(json!({"limits": {"recipients": -1}}))),
        (
            "limit that is no amount",
            with(json!({"limits": {"spend": {"amount": "-1", "currency": "USD"}}})),
        ),
    ];
    for name in ["iss", "sub", "aud", "iat", "exp", "jti", "origin", "scopes"] {
        let mut claims = json!({});
        claims[name] = Value::Null;
        bad.push((name, with(claims)));
    }
    let mut answers = String::new();
    for (name, token) in bad {
        let answer = swap(&site, &token, ACME).await;
        let problem = answer.problem();
        let detail = problem["detail"].as_str().unwrap();
        // Where in the text something is missing is no matter.
        let (code, detail) = (answer.code(), detail.split(" at line").next().unwrap());
        writeln!(answers, "{name}: {} {code}\n  {detail}", answer.status.as_u16()).unwrap();
    }
    insta::assert_snapshot!(answers, @r#"
    empty: 401 token_invalid
      This is not a signed token (a JWT).
    no token: 401 token_invalid
      This is not a signed token (a JWT).
    five parts, encrypted: 401 token_invalid
      This is not a signed token (a JWT).
    not signed: 401 token_invalid
      This is not a signed token (a JWT).
    not signed, with a signature: 401 token_invalid
      This is not a signed token (a JWT).
    signature cut off: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    public key as secret: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    public key as secret of a name: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    another algorithm of the family: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    unknown key: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    forged: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    no key named: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    changed payload: 401 token_invalid
      The signature is not one that this server trusts. Compare “kid”, “alg” and the key with the server's embed file; its log says more.
    critical extension: 401 token_invalid
      A claim is missing or cannot be read: “crit” asks for what is not understood here.
    another tenant's issuer: 401 token_invalid
      “iss” is “acme”, and the key belongs to another.
    wrong audience: 401 token_invalid
      “aud” must be “http://sms.example.com”, which is where this server is reached.
    audience with a slash: 401 token_invalid
      “aud” must be “http://sms.example.com”, which is where this server is reached.
    several wrong audiences: 401 token_invalid
      “aud” must be “http://sms.example.com”, which is where this server is reached.
    no audience in the list: 401 token_invalid
      “aud” must be “http://sms.example.com”, which is where this server is reached.
    no subject: 401 token_invalid
      A claim is missing or cannot be read: “sub” must have 1 to 200 characters.
    long subject: 401 token_invalid
      A claim is missing or cannot be read: “sub” must have 1 to 200 characters.
    no id: 401 token_invalid
      A claim is missing or cannot be read: “jti” must have 1 to 200 characters.
    long id: 401 token_invalid
      A claim is missing or cannot be read: “jti” must have 1 to 200 characters.
    valid for too long: 401 token_invalid
      The token is valid for 301 seconds, and at most 300 are taken. Set “exp” closer to “iat”.
    valid for ever: 401 token_invalid
      The token is valid for 9223372036854775807 seconds, and at most 300 are taken. Set “exp” closer to “iat”.
    from the future: 401 token_invalid
      “iat” or “nbf” is 61 seconds ahead of this server's clock. Set the clock of your server.
    not to be taken yet: 401 token_invalid
      “iat” or “nbf” is 61 seconds ahead of this server's clock. Set the clock of your server.
    over before it was made: 401 token_invalid
      A claim is missing or cannot be read: “exp” must come after “iat”.
    over as it was made: 401 token_invalid
      A claim is missing or cannot be read: “exp” must come after “iat”.
    expired this very second: 401 token_expired
      The token expired 0 seconds ago. Make one when it is asked for; if it was new, set the clock of your server.
    expired an hour ago: 401 token_expired
      The token expired 3600 seconds ago. Make one when it is asked for; if it was new, set the clock of your server.
    for another page: 403 token_wrong_origin
      The token is for pages of http://localhost:8090, and this page is https://dashboard.acme.example.
    origin with a slash: 403 token_wrong_origin
      The token is for pages of https://dashboard.acme.example/, and this page is https://dashboard.acme.example.
    unknown scope: 403 token_not_allowed
      The token grants the scope “admin”, which “acme” may not hand on. Compare with the server's embed file.
    no scopes: 401 token_invalid
      A claim is missing or cannot be read: “scopes” is empty: name some of compose, submit and view.
    scopes in a string: 401 token_invalid
      A claim is missing or cannot be read: invalid type: string "compose submit", expected a sequence
    unknown limit: 401 token_invalid
      A claim is missing or cannot be read: unknown field `segments`, expected `recipients` or `spend`
    negative limit: 401 token_invalid
      A claim is missing or cannot be read: invalid value: integer `-1`, expected u32
    limit that is no amount: 401 token_invalid
      A claim is missing or cannot be read: not an amount: expected digits and at most nine decimals
    iss: 401 token_invalid
      A claim is missing or cannot be read: missing field `iss`
    sub: 401 token_invalid
      A claim is missing or cannot be read: missing field `sub`
    aud: 401 token_invalid
      A claim is missing or cannot be read: missing field `aud`
    iat: 401 token_invalid
      A claim is missing or cannot be read: missing field `iat`
    exp: 401 token_invalid
      A claim is missing or cannot be read: missing field `exp`
    jti: 401 token_invalid
      A claim is missing or cannot be read: missing field `jti`
    origin: 401 token_invalid
      A claim is missing or cannot be read: missing field `origin`
    scopes: 401 token_invalid
      A claim is missing or cannot be read: missing field `scopes`
    "#);
    let guests = site.server.store().users().await.unwrap();
    assert!(guests.iter().all(|user| user.host.is_none()), "nobody was let in");
}

#[tokio::test]
async fn a_token_of_one_tenant_is_worth_nothing_on_anothers_pages_or_subaccounts() {
    let site = site().await;
    let mut answers = String::new();
    for (token, origin) in [
        (signed(&claims(&site, json!({"origin": GLOBEX}))), GLOBEX),
        (signed(&claims(&site, json!({"origin": "null"}))), "null"),
        (of_globex(&site, json!({"subaccounts": ["acme_hq", "acme_otp"]})), GLOBEX),
    ] {
        let problem = swap(&site, &token, origin).await.problem();
        let text = |name: &str| problem[name].to_string();
        writeln!(answers, "{} {} {}", text("status"), text("code"), text("detail")).unwrap();
    }
    insta::assert_snapshot!(answers, @r#"
    403 "token_wrong_origin" "https://portal.globex.example is not among the origins of “acme” in the server's embed file."
    403 "token_wrong_origin" "null is not among the origins of “acme” in the server's embed file."
    403 "token_not_allowed" "The token grants the subaccount “acme_otp”, which “globex” may not hand on. Compare with the server's embed file."
    "#);
}

#[tokio::test]
async fn what_is_just_right_is_taken() {
    let site = site().await;
    let now = site.now().0 / 1_000;
    for changes in [
        json!({"aud": ["https://other.example", US]}),
        json!({"exp": now + 300}),
        json!({"iat": now + 60, "exp": now + 360}),
        json!({"iat": now - 299, "exp": now + 1}),
        json!({"sub": "é".repeat(200), "jti": "é".repeat(200)}),
        json!({"subaccounts": ["acme_hq"], "limits": {}}),
    ] {
        let answer = swap(&site, &signed(&claims(&site, changes.clone())), ACME).await;
        assert_eq!(answer.status, StatusCode::OK, "{changes} {answer:?}");
    }
    let token = signed(&claims(&site, json!({"exp": now + 60})));
    site.pass(Duration::from_millis(59_999));
    assert_eq!(swap(&site, &token, ACME).await.status, StatusCode::OK);
    let token = signed(&claims(&site, json!({"exp": now + 60})));
    site.pass(Duration::from_millis(1));
    assert_eq!(swap(&site, &token, ACME).await.code(), "token_expired");
}

#[tokio::test]
async fn a_token_is_taken_once() {
    let site = site().await;
    let token = signed(&claims(&site, json!({"jti": "7"})));
    // To be refused on another page does not use it up.
    assert_eq!(swap(&site, &token, ACME_TOO).await.code(), "token_wrong_origin");
    assert_eq!(swap(&site, &token, ACME).await.status, StatusCode::OK);
    insta::assert_json_snapshot!(swap(&site, &token, ACME).await.problem(), @r#"
    {
      "code": "token_used",
      "detail": "The token was used before. Make a new one, with a new “jti”, each time one is asked for.",
      "status": 401,
      "title": "The token was used before"
    }
    "#);
    assert_eq!(swap(&site, &token, ACME_TOO).await.code(), "token_wrong_origin");
    // The id is what counts, whatever else is in it, and each tenant has its own.
    let same = signed(&claims(&site, json!({"jti": "7", "sub": "u-2", "origin": ACME_TOO})));
    assert_eq!(swap(&site, &same, ACME_TOO).await.code(), "token_used");
    let theirs = of_globex(&site, json!({"jti": "7"}));
    assert_eq!(swap(&site, &theirs, GLOBEX).await.status, StatusCode::OK);
    // Nor does it help to kill the server, or to let it clean up.
    let site = site.killed_and_restarted().await;
    site.server.keep_house().await;
    assert_eq!(swap(&site, &token, ACME).await.code(), "token_used");
    site.pass(Duration::from_secs(60));
    site.server.keep_house().await;
    assert_eq!(swap(&site, &token, ACME).await.code(), "token_expired");
}

#[tokio::test]
async fn of_those_who_come_with_one_token_at_once_exactly_one_gets_in() {
    let site = site().await;
    let token = signed(&claims(&site, json!({})));
    let all = (0..8).map(|_| swap(&site, &token, ACME));
    let answers = futures_util::future::join_all(all).await;
    let won = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(won, 1);
    let lost = answers.iter().filter(|answer| answer.status != StatusCode::OK);
    assert!(lost.into_iter().all(|answer| answer.code() == "token_used"));
}

#[tokio::test]
async fn without_hosts_no_token_is_taken() {
    let site = Site::closed(|_| {}, Fake::default()).await;
    let answer = swap(&site, &signed(&claims(&site, json!({}))), ACME).await;
    insta::assert_json_snapshot!(answer.problem(), @r#"
    {
      "code": "token_invalid",
      "detail": "This server takes no tokens of dashboards: start it with --embed-file.",
      "status": 401,
      "title": "Not a token to trust"
    }
    "#);
}

#[tokio::test]
async fn what_is_no_sign_in_is_refused_and_so_is_what_comes_from_another_site() {
    let site = site().await;
    let answer = site.post("/api/v1/session/embed", &json!({"token": 1})).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "bad_request"));
    for path in ["/api/v1/session/embed", "/api/v1/embed/check"] {
        let request = axum::http::Request::post(path)
            .header("host", "sms.example.com")
            .header("origin", ACME)
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/json");
        let body = json!({"token": signed(&claims(&site, json!({}))), "origin": ACME});
        let answer = site.send(request.body(Body::from(body.to_string())).unwrap()).await;
        assert_eq!(answer.code(), "cross_site");
    }
}

// Bearer and cookie.

/// Who a request with these headers is by: a name, nobody, or the code of the refusal.
async fn who(site: &Site, cookie: Option<&str>, authorization: Option<&str>) -> String {
    let mut request = axum::http::Request::get("/api/v1/session").header("host", "sms.example.com");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, format!("sms_sender={cookie}"));
    }
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    let answer = site.send(request.body(Body::empty()).unwrap()).await;
    if answer.status == StatusCode::UNAUTHORIZED {
        return answer.code();
    }
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["user"]["name"].as_str().unwrap_or("nobody").to_owned()
}

#[tokio::test]
async fn a_bearer_is_no_cookie_and_a_cookie_no_bearer() {
    let mut site = Site::with(embedded).await;
    let cookie = site.cookie.take().unwrap().strip_prefix("sms_sender=").unwrap().to_owned();
    let bearer = bearer(&site, json!({})).await.unwrap();
    let with = |token: &str| format!("Bearer {token}");
    let (good, ann) = (with(&bearer), Some(cookie.as_str()));
    assert_eq!(who(&site, None, Some(&good)).await, "Bo");
    assert_eq!(who(&site, None, Some(&format!("bearer   {bearer} "))).await, "Bo");
    assert_eq!(who(&site, ann, None).await, "Ann");
    assert_eq!(who(&site, Some(&bearer), None).await, "nobody");
    assert_eq!(who(&site, None, Some(&with(&cookie))).await, "signed_out");
    // Whoever shows a bearer is that user or nobody.
    assert_eq!(who(&site, ann, Some(&good)).await, "Bo");
    for wrong in [
        with(&"0".repeat(64)),
        with(&cookie),
        with(""),
        with("x"),
        "Bearer".to_owned(),
        format!("Bearer{bearer}"),
        format!("Bearer {bearer} {bearer}"),
    ] {
        let is_bearer = wrong.starts_with("Bearer ") || wrong == "Bearer";
        let (expected, alone) =
            if is_bearer { ("signed_out", "signed_out") } else { ("Ann", "nobody") };
        assert_eq!(who(&site, ann, Some(&wrong)).await, expected, "{wrong}");
        assert_eq!(who(&site, None, Some(&wrong)).await, alone, "{wrong}");
    }
    // What a proxy in front of us asks for is no matter of ours.
    assert_eq!(who(&site, ann, Some("Basic YW5uOmFubg==")).await, "Ann");
}

#[tokio::test]
async fn a_bearer_ends_when_it_said_so_however_much_it_is_used() {
    let mut site = site().await;
    let session = session(&site, json!({})).await;
    assert_eq!(session["expires_at"], json!(site.now().0 + 900_000));
    site.bearer = Some(session["bearer"].as_str().unwrap().to_owned());
    for _ in 0..9 {
        assert_eq!(site.get("/api/v1/session").await.status, StatusCode::OK);
        site.pass(Duration::from_secs(99));
    }
    site.pass(Duration::from_millis(8_999));
    assert_eq!(site.get("/api/v1/session").await.status, StatusCode::OK);
    site.pass(Duration::from_millis(1));
    assert_eq!(site.get("/api/v1/session").await.code(), "signed_out");
    assert_eq!(site.post("/api/v1/campaigns", &submission(&SG)).await.code(), "signed_out");
}

#[tokio::test]
async fn how_long_a_bearer_lives_is_configured() {
    let short = |config: &mut Config| {
        embedded(config);
        config.hosts.session = Duration::from_secs(30);
    };
    let site = Site::closed(short, Fake::default()).await;
    let session = session(&site, json!({})).await;
    assert_eq!(session["expires_at"], json!(site.now().0 + 30_000));
}

#[tokio::test]
async fn signing_out_by_bearer_ends_it_and_nothing_else() {
    let mut site = Site::with(embedded).await;
    site.bearer = bearer(&site, json!({})).await;
    let answer = site.delete("/api/v1/session").await;
    assert_eq!((answer.status, answer.cookie()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(site.get("/api/v1/session").await.code(), "signed_out");
    for wrong in ["x".to_owned(), "0".repeat(64)] {
        site.bearer = Some(wrong);
        let answer = site.delete("/api/v1/session").await;
        assert_eq!((answer.status, answer.cookie()), (StatusCode::NO_CONTENT, ""));
    }
    site.bearer = None;
    assert_eq!(site.user().await["name"], "Ann");
}

#[tokio::test]
async fn a_bearer_lives_on_through_a_restart() {
    let site = visited(json!({"limits": {"recipients": 3}})).await;
    site.submitted(&SG).await;
    let site = site.killed_and_restarted().await;
    assert_eq!(left(&site).await, json!({"recipients": 1}));
}

// Scopes.

/// Every request on a campaign, with the scope it needs.
fn requests(id: Uuid) -> Vec<(Method, String, &'static str)> {
    let mut requests = Vec::new();
    for rest in ["", "/events", "/recipients", "/report.csv"] {
        requests.push((Method::GET, rest, "view"));
    }
    for rest in ["/submit", "/pause", "/resume", "/cancel", "/retry"] {
        requests.push((Method::POST, rest, "submit"));
    }
    requests.push((Method::PUT, "/recipients/0", "submit"));
    let path = |rest| format!("/api/v1/campaigns/{id}{rest}");
    requests.into_iter().map(|(method, rest, scope)| (method, path(rest), scope)).collect()
}

async fn request(site: &Site, method: Method, path: &str) -> Answer {
    let request = site.request(method, path).header("content-type", "application/json");
    site.send(request.body(Body::from(json!({"to": SG}).to_string())).unwrap()).await
}

#[tokio::test]
async fn without_its_scope_nothing_is_permitted() {
    let mut site = site().await;
    site.bearer = bearer(&site, json!({})).await;
    let id = site.submitted(&SG).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    for scope in ["compose", "submit", "view"] {
        site.bearer = bearer(&site, json!({"scopes": [scope]})).await;
        let mut all = requests(id);
        let others = [
            (Method::GET, "/api/v1/subaccounts", "compose"),
            (Method::GET, "/api/v1/destinations?subaccount=acme_hq", "compose"),
            (Method::GET, "/api/v1/campaigns", "view"),
            (Method::POST, "/api/v1/campaigns", "submit"),
        ];
        all.extend(others.map(|(method, path, needs)| (method, path.to_owned(), needs)));
        for (method, path, needs) in all {
            if needs == scope && path.ends_with("/events") {
                assert_eq!(site.open(&path).await.status(), StatusCode::OK);
                continue;
            }
            let answer = request(&site, method, &path).await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, needs != scope, "{scope} {path} {answer:?}");
            if refused {
                assert_eq!(answer.code(), "not_permitted");
            } else {
                // What is asked may be impossible; it is permitted.
                assert!(answer.status != StatusCode::UNAUTHORIZED, "{answer:?}");
                assert!(answer.status != StatusCode::NOT_FOUND, "{answer:?}");
            }
        }
        assert_eq!(site.user().await["grant"]["scopes"], json!([scope]));
    }
    let problem = site.post("/api/v1/campaigns", &submission(&SG)).await.problem();
    insta::assert_json_snapshot!(problem, @r#"
    {
      "code": "not_permitted",
      "detail": "Your sign-in does not allow sending messages.",
      "status": 403,
      "title": "Not permitted"
    }
    "#);
    assert_eq!(site.fake.messages().len(), 2);
}

#[tokio::test]
async fn who_may_submit_only_can_do_so() {
    let mut site = visited(json!({"scopes": ["submit"]})).await;
    let id = site.submitted(&SG).await;
    site.bearer = bearer(&site, json!({"scopes": ["view"]})).await;
    site.until_counts(id, Counts { sent: 2, ..Counts::default() }).await;
}

// Reach.

/// Four campaigns: our own user's, two of Acme's from two subaccounts, and Globex'.
async fn peopled() -> (Site, [Value; 4]) {
    let mut site = Site::with(embedded).await;
    let mut campaigns = [submission(&SG), submission(&SG), french(), submission(&SG)];
    for (campaign, sender) in campaigns.iter_mut().zip(["Own", "Acme", "AcmeOtp", "Globex"]) {
        campaign["sender_id"] = sender.into();
        campaign["name"] = format!("Sale of {sender}").into();
    }
    let theirs = swap(&site, &of_globex(&site, json!({})), GLOBEX).await.json();
    let theirs = Some(theirs["bearer"].as_str().unwrap().to_owned());
    let acme = bearer(&site, json!({})).await;
    for (campaign, bearer) in campaigns.iter().zip([None, acme.clone(), acme, theirs]) {
        site.bearer = bearer;
        let to = if campaign["subaccount"] == "acme_otp" { &[FR][..] } else { &SG[..] };
        site.upload(campaign, to).await;
        let answer = act(&site, id(campaign), "submit").await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        site.pass(Duration::from_secs(1));
    }
    (site, campaigns)
}

async fn names(site: &Site, query: &str) -> Value {
    let list = site.get(&format!("/api/v1/campaigns{query}")).await.json();
    list["campaigns"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect()
}

async fn senders(site: &Site) -> Value {
    site.get("/api/v1/destinations?subaccount=acme_hq").await.json()["sender_ids"].take()
}

#[tokio::test]
async fn campaigns_of_others_do_not_exist_for_a_hosts_user() {
    let (mut site, campaigns) = peopled().await;
    site.bearer = bearer(&site, json!({"sub": "u-2", "subaccounts": ["acme_hq"]})).await;
    for foreign in [&campaigns[0], &campaigns[2], &campaigns[3]] {
        for (method, path, _) in requests(id(foreign)) {
            let answer = request(&site, method.clone(), &path).await;
            assert_eq!(answer.code(), "not_found", "{method} {path}");
            assert_eq!(answer.problem()["detail"], "There is no such campaign.");
        }
        // Not even that it is the same is told.
        if foreign["subaccount"] == "acme_hq" {
            let answer = site.post("/api/v1/campaigns", foreign).await;
            assert_eq!(answer.code(), "different_campaign");
        }
    }
    // A colleague's is there.
    let colleagues = id(&campaigns[1]);
    assert_eq!(site.get(&format!("/api/v1/campaigns/{colleagues}")).await.status, StatusCode::OK);
    assert_eq!(names(&site, "").await, json!(["Sale of Acme"]));
    assert_eq!(names(&site, "?search=sale").await, json!(["Sale of Acme"]));
    assert_eq!(names(&site, "?search=own").await, json!([]));
    let before = format!("?before={}", id(&campaigns[3]));
    assert_eq!(names(&site, &before).await, json!(["Sale of Acme"]));
    assert_eq!(senders(&site).await, json!(["Acme"]));
}

#[tokio::test]
async fn a_hosts_user_forgets_only_their_own_and_learns_nothing_of_others() {
    let mut site = Site::with(embedded).await;
    let [own, foreign, colleagues, mine] = [(); 4].map(|()| submission(&SG));
    site.upload(&own, &SG).await;
    let path = |campaign: &Value| format!("/api/v1/campaigns/{}", id(campaign));
    let of_globex = swap(&site, &of_globex(&site, json!({})), GLOBEX).await.json();
    site.bearer = Some(of_globex["bearer"].as_str().unwrap().to_owned());
    site.upload(&foreign, &SG).await;
    site.bearer = bearer(&site, json!({"sub": "u-2"})).await;
    site.upload(&colleagues, &SG).await;
    site.bearer = bearer(&site, json!({})).await;
    site.upload(&mine, &SG).await;
    let me = site.bearer.take();
    site.bearer = me.clone();

    // Theirs are as if there were none, and stay.
    for unknown in [&own, &foreign, &submission(&SG)] {
        for _ in 0..2 {
            assert_eq!(site.delete(&path(unknown)).await.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(site.get(&path(unknown)).await.code(), "forgotten");
    }
    assert_eq!(site.delete(&path(&colleagues)).await.code(), "not_found");
    // Not granted any more, and so not there.
    site.bearer = bearer(&site, json!({"subaccounts": ["acme_otp"]})).await;
    assert_eq!(site.delete(&path(&mine)).await.code(), "not_found");
    site.bearer = bearer(&site, json!({"scopes": ["compose", "view"]})).await;
    assert_eq!(site.delete(&path(&mine)).await.code(), "not_permitted");
    site.bearer = me;
    assert_eq!(site.delete(&path(&mine)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(act(&site, id(&mine), "submit").await.code(), "forgotten");

    site.bearer = None;
    for kept in [&own, &foreign, &colleagues] {
        assert_eq!(act(&site, id(kept), "submit").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn without_named_subaccounts_all_of_the_tenant_can_be_reached() {
    let (mut site, _) = peopled().await;
    site.bearer = bearer(&site, json!({})).await;
    assert_eq!(names(&site, "").await, json!(["Sale of AcmeOtp", "Sale of Acme"]));
    assert_eq!(senders(&site).await, json!(["AcmeOtp", "Acme"]));
    let theirs = swap(&site, &of_globex(&site, json!({})), GLOBEX).await.json();
    site.bearer = Some(theirs["bearer"].as_str().unwrap().to_owned());
    assert_eq!(names(&site, "").await, json!(["Sale of Globex"]));
    assert_eq!(senders(&site).await, json!(["Globex"]));
    let listed = site.get("/api/v1/subaccounts").await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1, "the configuration has one for them");
}

#[tokio::test]
async fn our_own_users_see_and_steer_all() {
    let (mut site, campaigns) = peopled().await;
    let all = ["Sale of Globex", "Sale of AcmeOtp", "Sale of Acme", "Sale of Own"];
    site.bearer = None;
    assert_eq!(names(&site, "").await, json!(all));
    assert_eq!(senders(&site).await, json!(["Globex", "AcmeOtp", "Acme", "Own"]));
    for campaign in &campaigns {
        let path = format!("/api/v1/campaigns/{}", id(campaign));
        assert_eq!(site.get(&path).await.status, StatusCode::OK);
        // It may have been sent by now, and then cannot be canceled; it is there all the same.
        let status = act(&site, id(campaign), "cancel").await.status;
        assert!(matches!(status, StatusCode::OK | StatusCode::CONFLICT), "{status}");
    }
    let globex = site.get(&format!("/api/v1/campaigns/{}", id(&campaigns[3]))).await.json();
    assert_eq!(globex["created_by"], "Bo");
}

#[tokio::test]
async fn subaccounts_that_were_not_granted_are_like_unknown_ones() {
    let site = visited(json!({"subaccounts": ["acme_hq"]})).await;
    let listed = site.get("/api/v1/subaccounts").await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["id"], "acme_hq");
    let destinations = |subaccount: &str| format!("/api/v1/destinations?subaccount={subaccount}");
    assert_eq!(site.get(&destinations("acme_hq")).await.status, StatusCode::OK);
    let (closed, unknown) =
        (site.get(&destinations("acme_otp")).await, site.get(&destinations("none")).await);
    assert_eq!(closed.code(), "not_found");
    assert_eq!(closed.problem(), unknown.problem());
    let french = french();
    let mut nowhere = french.clone();
    nowhere["subaccount"] = "none".into();
    let closed = site.post("/api/v1/campaigns", &french).await;
    let unknown = site.post("/api/v1/campaigns", &nowhere).await;
    assert_eq!(closed.code(), "invalid");
    let named = closed.text().replace("acme_otp", "none");
    let named: Value = serde_json::from_str(&named).unwrap();
    assert_eq!(named["fields"], unknown.problem()["fields"]);
    assert_eq!(named["detail"], unknown.problem()["detail"]);
}

#[tokio::test]
async fn no_subaccounts_are_none() {
    let site = visited(json!({"subaccounts": []})).await;
    assert_eq!(site.get("/api/v1/subaccounts").await.json(), json!([]));
    assert_eq!(site.post("/api/v1/campaigns", &submission(&SG)).await.code(), "invalid");
    assert_eq!(names(&site, "").await, json!([]));
}

// Limits.

#[tokio::test]
async fn recipients_count_to_the_limit_and_not_beyond_it() {
    let site = visited(json!({"limits": {"recipients": 3}})).await;
    assert_eq!(left(&site).await, json!({"recipients": 3}));
    let first = site.submitted(&SG).await;
    assert_eq!(left(&site).await, json!({"recipients": 1}));
    let second = site.uploaded(&SG).await;
    insta::assert_json_snapshot!(act(&site, second, "submit").await.problem(), @r#"
    {
      "code": "invalid",
      "detail": "Your sign-in allows 1 more message and these are 2. Remove 1 recipient.",
      "fields": {
        "limit": "Your sign-in allows 1 more message and these are 2. Remove 1 recipient."
      },
      "status": 422,
      "title": "There is a problem"
    }
    "#);
    assert_eq!(left(&site).await, json!({"recipients": 1}), "a refusal uses up nothing");
    let third = site.submitted(&SG[..1]).await;
    assert_eq!(left(&site).await, json!({"recipients": 0}));
    site.until(first, |progress| progress.counts.sent == 2).await;
    site.until(third, |progress| progress.counts.sent == 1).await;
    assert_eq!(site.fake.messages().len(), 3);
    let refused = site.get(&format!("/api/v1/campaigns/{second}")).await.json();
    assert_eq!(refused["progress"]["state"], "uploading");
    assert_eq!(refused["submitted_at"], Value::Null);
}

#[tokio::test]
async fn what_may_be_spent_counts_at_the_dearest_price() {
    let spend = json!({"amount": "0.74", "currency": "USD"});
    let site = visited(json!({"limits": {"spend": spend}})).await;
    site.submitted(&[ID]).await;
    assert_eq!(left(&site).await["spend"], json!({"amount": "0.39", "currency": "USD"}));
    let dear = site.uploaded(&[ID, SG[0], SG[1]]).await;
    insta::assert_snapshot!(limit(&act(&site, dear, "submit").await), @"Your sign-in allows USD 0.39 more and this may cost USD 0.43. Remove recipients or shorten the message.");
    site.submitted(&[ID, SG[0]]).await;
    assert_eq!(left(&site).await["spend"]["amount"], "0");
    let cheap = site.uploaded(&SG[..1]).await;
    insta::assert_snapshot!(limit(&act(&site, cheap, "submit").await), @"Your sign-in allows USD 0.00 more and this may cost USD 0.04. Remove recipients or shorten the message.");
}

#[tokio::test]
async fn with_both_limits_both_hold() {
    let spend = json!({"amount": "10", "currency": "USD"});
    let mut site = visited(json!({"limits": {"recipients": 1, "spend": spend}})).await;
    let id = site.uploaded(&SG).await;
    let refused = limit(&act(&site, id, "submit").await);
    assert!(refused.starts_with("Your sign-in allows 1 more message"), "{refused}");
    site.submitted(&[ID]).await;
    let spend = json!({"amount": "9.65", "currency": "USD"});
    assert_eq!(left(&site).await, json!({"recipients": 0, "spend": spend}));
    let spend = json!({"amount": "0.01", "currency": "USD"});
    site.bearer = limited(&site, json!({"recipients": 1, "spend": spend})).await;
    insta::assert_snapshot!(limit(&act(&site, id, "submit").await), @"Your sign-in allows 1 more message and these are 2. Remove 1 recipient. Your sign-in allows USD 0.01 more and this may cost USD 0.08. Remove recipients or shorten the message.");
}

#[tokio::test]
async fn submits_that_come_together_are_never_beyond_the_limit_together() {
    let site = visited(json!({"limits": {"recipients": 5}})).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(site.uploaded(&SG).await);
    }
    let all = ids.iter().map(|id| act(&site, *id, "submit"));
    let answers = futures_util::future::join_all(all).await;
    let gone = answers.iter().filter(|answer| answer.status == StatusCode::OK).count();
    assert_eq!(gone, 2);
    assert_eq!(left(&site).await, json!({"recipients": 1}));
    let refused = answers.iter().filter(|answer| answer.status != StatusCode::OK);
    refused.for_each(|answer| assert!(limit(answer).starts_with("Your sign-in allows 1 more")));
}

#[tokio::test]
async fn a_campaign_submitted_again_or_many_times_at_once_counts_once() {
    let spend = json!({"amount": "1", "currency": "USD"});
    let site = visited(json!({"limits": {"recipients": 4, "spend": spend}})).await;
    let id = site.uploaded(&SG).await;
    let answers = futures_util::future::join_all((0..4).map(|_| act(&site, id, "submit"))).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(act(&site, id, "submit").await.status, StatusCode::OK);
    let spend = json!({"amount": "0.92", "currency": "USD"});
    assert_eq!(left(&site).await, json!({"recipients": 2, "spend": spend}));
}

#[tokio::test]
async fn another_token_is_another_allowance() {
    let mut site = visited(json!({"limits": {"recipients": 2}})).await;
    site.submitted(&SG).await;
    let id = site.uploaded(&SG).await;
    assert_eq!(act(&site, id, "submit").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.bearer = limited(&site, json!({"recipients": 2})).await;
    assert_eq!(left(&site).await, json!({"recipients": 2}));
    assert_eq!(act(&site, id, "submit").await.status, StatusCode::OK);
    assert_eq!(left(&site).await, json!({"recipients": 0}));
    // And one without limits has none.
    site.bearer = bearer(&site, json!({})).await;
    assert_eq!(left(&site).await, json!({}));
    site.submitted(&SG).await;
}

#[tokio::test]
async fn nothing_at_all_is_a_limit() {
    let mut site = visited(json!({"limits": {"recipients": 0}})).await;
    let id = site.uploaded(&SG[..1]).await;
    insta::assert_snapshot!(limit(&act(&site, id, "submit").await), @"Your sign-in allows 0 more messages and these are 1. Remove 1 recipient.");
    site.bearer = limited(&site, json!({"spend": {"amount": "0", "currency": "USD"}})).await;
    assert_eq!(act(&site, id, "submit").await.code(), "invalid");
}

#[tokio::test]
async fn a_limit_in_another_currency_and_a_price_that_nobody_knows_are_no_way_around_it() {
    let mut site = visited(json!({})).await;
    let id_in_dollars = site.uploaded(&SG).await;
    let mut unpriced = submission(&SG);
    unpriced["expected"]["cost"] = json!({"low": "0.04", "high": "0.04"});
    site.upload(&unpriced, &[SG[0], FR]).await;
    let spend = |currency: &str| json!({"spend": {"amount": "100", "currency": currency}});
    site.bearer = limited(&site, spend("EUR")).await;
    insta::assert_snapshot!(limit(&act(&site, id_in_dollars, "submit").await), @"Your sign-in allows EUR 100.00 more, and this subaccount is charged in USD. Select another subaccount.");
    site.bearer = limited(&site, spend("USD")).await;
    insta::assert_snapshot!(limit(&act(&site, id(&unpriced), "submit").await), @"Your sign-in allows USD 100.00 more, and the price of 1 message is not known. Remove its recipient.");
    assert_eq!(site.fake.batches().len(), 0);
    // Without a limit of money both go.
    site.bearer = limited(&site, json!({"recipients": 4})).await;
    for id in [id_in_dollars, id(&unpriced)] {
        assert_eq!(act(&site, id, "submit").await.status, StatusCode::OK);
    }
}

/// A campaign to one number in Indonesia that was not delivered.
async fn failed(site: &Site) -> Uuid {
    let id = site.submitted(&[ID, SG[0]]).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    site.receipt(&format!("{id}.0.1"), 1, &undelivered(1)).await;
    site.receipt(&format!("{id}.1.1"), 2, &delivered()).await;
    let counts = Counts { delivered: 1, undelivered: 1, ..Counts::default() };
    site.until_counts(id, counts).await;
    id
}

#[tokio::test]
async fn to_send_again_what_failed_costs_again_and_is_no_further_recipient() {
    let spend = |amount: &str| json!({"amount": amount, "currency": "USD"});
    let mut site = visited(json!({"limits": {"recipients": 2, "spend": spend("0.73")}})).await;
    let id = failed(&site).await;
    assert_eq!(left(&site).await, json!({"recipients": 0, "spend": spend("0.34")}));
    insta::assert_snapshot!(limit(&act(&site, id, "retry").await), @"Your sign-in allows USD 0.34 more and this may cost USD 0.35. Remove recipients or shorten the message.");
    assert_eq!(site.progress(id).await.counts.undelivered, 1);
    assert_eq!(site.fake.messages().len(), 2);
    site.bearer = limited(&site, json!({"recipients": 0, "spend": spend("0.35")})).await;
    let answer = act(&site, id, "retry").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(left(&site).await, json!({"recipients": 0, "spend": spend("0")}));
    site.until(id, |progress| progress.counts.sent == 1).await;
    assert_eq!(site.fake.messages().len(), 3);
}

#[tokio::test]
async fn a_session_that_ends_on_the_way_allows_nothing() {
    let site = visited(json!({"limits": {"recipients": 2}})).await;
    let (failed, id) = (failed(&site).await, site.uploaded(&SG).await);
    let (store, now) = (site.server.store(), site.now());
    let cost = |text: &str| Cost::exactly(Amount::parse(text).unwrap());
    let countries = [(Country::parse("SG").unwrap(), cost("0.04"))].into();
    let prices = PriceList { currency: Currency::USD, countries };
    let gone = Some(&[7; 32]);
    let submitted = store.submit(id, &prices, gone, now).await.unwrap();
    assert!(matches!(submitted, Submitted::SignedOut), "{submitted:?}");
    let acted = store.act(failed, domain::campaign::Action::Retry, gone, now).await.unwrap();
    assert!(matches!(acted, Acted::SignedOut), "{acted:?}");
    assert_eq!(site.progress(failed).await.counts.undelivered, 1);
    assert_eq!(site.fake.messages().len(), 2);
}

#[tokio::test]
async fn our_own_users_have_no_limits_on_a_hosts_campaign() {
    let mut site = Site::with(embedded).await;
    site.bearer = limited(&site, json!({"recipients": 0})).await;
    let id = site.uploaded(&SG).await;
    assert_eq!(act(&site, id, "submit").await.code(), "invalid");
    site.bearer = None;
    assert_eq!(act(&site, id, "submit").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_host_that_is_taken_out_takes_its_users_with_it() {
    let site = visited(json!({})).await;
    assert_eq!(site.get("/api/v1/session").await.status, StatusCode::OK);
    let site = site.restarted_with(|_| {}).await;
    assert_eq!(site.get("/api/v1/session").await.status, StatusCode::OK);
    let gone = |config: &mut Config| config.hosts.tenants.retain(|tenant| tenant.id != "acme");
    let site = site.restarted_with(gone).await;
    assert_eq!(site.get("/api/v1/session").await.code(), "signed_out");
}

// Live.

#[tokio::test]
async fn a_bearer_hears_what_happens_until_it_ends() {
    let site = visited(json!({})).await;
    let id = site.submitted(&SG).await;
    site.until(id, |progress| progress.counts.sent == 2).await;
    let response = site.open(&format!("/api/v1/campaigns/{id}/events")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut events = response.into_body().into_data_stream();
    let first = events.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&first).contains("\"sent\":2"), "{first:?}");
    assert_eq!(site.delete("/api/v1/session").await.status, StatusCode::NO_CONTENT);
    site.receipt(&format!("{id}.0.1"), 1, &delivered()).await;
    assert!(events.next().await.is_none());
}

// Headers.

/// The element, as the build names it for those who pin it.
const PINNED: &str = "embed-0123456789abcdef.js";

async fn with_pages(change: impl FnOnce(&mut Config)) -> Site {
    let files = [
        "index.html",
        "embed-check.html",
        "embed-check.js",
        "embed.js",
        "embed.js.br",
        "embed.mjs",
        "embed.d.ts",
        "embed.json",
        PINNED,
        "frame.js",
        "worker.js",
        "embed/embed.js",
    ];
    let files = files.map(|path| (path.to_owned(), format!("this is {path}").into_bytes()));
    let config = |config: &mut Config| {
        config.assets = Assets::given(files);
        change(config);
    };
    Site::closed(config, Fake::default()).await
}

fn directive(answer: &Answer, name: &str) -> String {
    let policies = answer.headers.get_all("content-security-policy").iter().count();
    assert_eq!(policies, 1);
    let policy = answer.header("content-security-policy");
    let all: Vec<&str> = policy.split("; ").filter(|part| part.starts_with(name)).collect();
    assert_eq!(all.len(), 1, "{policy}");
    all[0].to_owned()
}

#[tokio::test]
async fn only_the_frame_can_be_framed_and_only_by_the_host_that_its_address_names() {
    let site = with_pages(embedded).await;
    let ancestors = format!("frame-ancestors {ACME}");
    let fonts = format!("font-src 'self' {ACME}");
    let of_acme = "origin=https%3A%2F%2Fdashboard.acme.example";
    for path in ["/embed", "/embed/", "/embed/sender/compose", "/embed/campaigns/x"] {
        let path = &format!("{path}?{of_acme}");
        let mut answer = site.get(path).await;
        assert!(answer.text().contains("index.html"), "{path}");
        for _ in 0..2 {
            assert_eq!(directive(&answer, "frame-ancestors"), ancestors, "{path}");
            assert_eq!(directive(&answer, "font-src"), fonts, "{path}");
            assert!(!answer.headers.contains_key("x-frame-options"), "{path}");
            let script = directive(&answer, "script-src");
            assert_eq!(script, "script-src 'self' 'wasm-unsafe-eval'");
            // And again from the browser's cache.
            let request = site.request(Method::GET, path);
            let request = request.header("if-none-match", answer.header("etag"));
            answer = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
        }
    }
    // Nobody else, and nobody learns who else there is.
    for path in [
        "/embed",
        "/embed?origin=https%3A%2F%2Fevil.example",
        "/embed?origin=https%3A%2F%2Fdashboard.acme.example.evil.example",
        "/embed?origin=*",
        "/embed?origin=null",
        "/embed?origin=https%3A%2F%2Fevil.example&origin=https%3A%2F%2Fdashboard.acme.example",
    ] {
        closed_to_frames(&site.get(path).await, path);
    }
    // What is not there is told within the frame, too.
    let nowhere = site.get(&format!("/embed/nowhere?{of_acme}")).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert_eq!(directive(&nowhere, "frame-ancestors"), ancestors);
    for path in [
        "/",
        "/login",
        "/sender/compose",
        "/campaigns/embed",
        "//embed",
        "///embed/x",
        "/embed/check",
        "/embed/check?origin=https%3A%2F%2Fdashboard.acme.example",
        "/embed-check.html",
        "/embedded",
        "/embed/none.js",
        "/embed.js",
        "/frame.js",
        "/api/v1/session",
        "/api/v1/embed/check",
        "/healthz",
        "/openapi.json",
    ] {
        closed_to_frames(&site.get(path).await, path);
    }
    assert!(site.get("/embed/check").await.text().contains("embed-check.html"));
}

fn closed_to_frames(answer: &Answer, path: &str) {
    assert_eq!(directive(answer, "frame-ancestors"), "frame-ancestors 'none'", "{path}");
    assert_eq!(directive(answer, "font-src"), "font-src 'self'", "{path}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
}

#[tokio::test]
async fn without_hosts_nothing_can_be_framed() {
    let site = with_pages(|_| {}).await;
    for path in ["/", "/embed", "/embed/", "/embed/sender/send", "/embed/check", "/login"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        closed_to_frames(&answer, path);
    }
}

#[tokio::test]
async fn pages_of_others_may_load_the_element_and_nothing_else() {
    let site = with_pages(embedded).await;
    for (path, mime) in [
        ("/embed.js", "text/javascript; charset=utf-8"),
        ("/embed.mjs", "text/javascript; charset=utf-8"),
        ("/embed.d.ts", "text/plain; charset=utf-8"),
        ("/embed.json", "application/json"),
        (&format!("/{PINNED}"), "text/javascript; charset=utf-8"),
    ] {
        let first = site.get(path).await;
        assert_eq!(first.header("content-type"), mime);
        // What is pinned never changes; what names it does.
        let is_pinned = path.contains(PINNED);
        let caching = if is_pinned { "public, max-age=31536000, immutable" } else { "no-cache" };
        assert_eq!(first.header("cache-control"), caching, "{path}");
        let request = site.request(Method::GET, path).header("if-none-match", first.header("etag"));
        let again = site.send(request.body(Body::empty()).unwrap()).await;
        let request = site.request(Method::GET, path).header("accept-encoding", "br");
        let packed = site.send(request.body(Body::empty()).unwrap()).await;
        for answer in [first, again, packed] {
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin", "{path}");
            assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        }
    }
    for path in [
        "/",
        "/embed",
        "/embed/check",
        "/embed/embed.js",
        "/embed-check.js",
        "/frame.js",
        "/worker.js",
        "/brand.css",
        "/none.js",
        "/api/v1/session",
    ] {
        let answer = site.get(path).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{path}");
        // A host may ask its frames to agree to being there (COEP); that loads nothing.
        let resource = if path == "/embed" { "cross-origin" } else { "same-origin" };
        assert_eq!(answer.header("cross-origin-resource-policy"), resource, "{path}");
        assert_eq!(answer.header("cross-origin-embedder-policy"), "require-corp", "{path}");
    }
}

#[tokio::test]
async fn whoever_may_only_submit_has_to_do_with_their_own_campaigns_alone() {
    let mut site = visited(json!({"sub": "u-1"})).await;
    let colleagues = site.submitted(&SG).await;
    let begun = site.uploaded(&SG).await;
    site.bearer = bearer(&site, json!({"sub": "u-2", "scopes": ["compose", "submit"]})).await;
    for action in ["pause", "resume", "cancel", "retry", "submit"] {
        for id in [colleagues, begun] {
            assert_eq!(act(&site, id, action).await.code(), "not_found", "{action}");
        }
    }
    let own = site.submitted(&SG).await;
    assert_ne!(act(&site, own, "pause").await.code(), "not_found");
    // Whoever may also see them may act on them.
    site.bearer = bearer(&site, json!({"sub": "u-3"})).await;
    assert_ne!(act(&site, colleagues, "pause").await.code(), "not_found");
}

#[tokio::test]
async fn a_token_that_is_shown_again_changes_nothing() {
    let site = site().await;
    let once = json!({"sub": "u-9", "jti": "once", "name": "First"});
    assert_eq!(swap(&site, &signed(&claims(&site, once)), ACME).await.status, StatusCode::OK);
    let again = json!({"sub": "u-10", "jti": "once", "name": "Second"});
    assert_eq!(swap(&site, &signed(&claims(&site, again)), ACME).await.code(), "token_used");
    let users = site.server.store().users().await.unwrap();
    assert!(users.iter().any(|user| user.name == "First"));
    assert!(!users.iter().any(|user| user.name == "Second"), "a user was made of it");
}

#[tokio::test]
async fn strangers_do_not_learn_who_is_a_customer() {
    let site = site().await;
    let of = |origin: &str, token: Option<String>| {
        let (site, origin) = (&site, origin.to_owned());
        async move { findings(site, &origin, token.as_deref()).await.replace(&origin, "ORIGIN") }
    };
    let forged = |kid: &str| {
        let claims = claims(&site, json!({}));
        encode(&head(Algorithm::EdDSA, kid), &claims, &ed(OTHER_PRIVATE)).unwrap()
    };
    // A customer's page, and one that is none: the same is told.
    let stranger = "https://dashboard.evil.example";
    assert_eq!(of(ACME, None).await, of(stranger, None).await);
    let known = of(ACME, Some(forged("acme-ed"))).await;
    assert_eq!(known, of(stranger, Some(forged("acme-ed"))).await);
    // A key that there is, and one that there is not.
    assert_eq!(known, of(ACME, Some(forged("none"))).await);
    let answers =
        [swap(&site, &forged("acme-ed"), ACME).await, swap(&site, &forged("none"), ACME).await];
    assert_eq!(answers[0].problem()["detail"], answers[1].problem()["detail"]);
}

// The check.

/// What is found, a line each.
async fn findings(site: &Site, origin: &str, token: Option<&str>) -> String {
    let body = json!({"origin": origin, "token": token});
    let answer = site.post("/api/v1/embed/check", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let mut lines = String::new();
    for finding in answer.json()["findings"].as_array().unwrap() {
        let sign = if finding["ok"] == true { '+' } else { '-' };
        let text = |name: &str| finding[name].as_str().unwrap().to_owned();
        writeln!(lines, "{sign} {} {}", text("title"), text("detail")).unwrap();
    }
    lines
}

#[tokio::test]
async fn the_check_says_what_is_wrong_and_uses_nothing_up() {
    let site = site().await;
    let token = signed(&claims(&site, json!({})));
    let mut found = String::new();
    let long = signed(&claims(&site, json!({"exp": site.now().0 / 1_000 + 3_600})));
    for (name, origin, token) in [
        ("all is well", ACME, Some(token.as_str())),
        (
            "with spaces around it",
            " https://dashboard.acme.example\n",
            Some(&format!(" {token}\n")),
        ),
        ("no token", ACME_TOO, None),
        ("an empty one", ACME, Some(" ")),
        ("no host's page", "https://evil.example", Some(&token)),
        ("an address", "https://dashboard.acme.example/page", Some(&token)),
        ("no scheme", "dashboard.acme.example", None),
        ("a sandbox", "null", None),
        ("nothing", "", None),
        ("a bad token", ACME, Some(&long)),
        ("no token at all", ACME, Some("hello")),
    ] {
        let lines = findings(&site, origin, token).await;
        writeln!(found, "# {name}\n{lines}").unwrap();
    }
    insta::assert_snapshot!(found, @r"
    # all is well
    + Is embedding switched on? Yes: the server has an embed file.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    + May your page frame us? Yes: https://dashboard.acme.example is among your origins in the server's embed file.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    + Would this token be taken? Yes, once, within the next 60 seconds: for the user “Bo” of “acme”.

    # with spaces around it
    + Is embedding switched on? Yes: the server has an embed file.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    + May your page frame us? Yes: https://dashboard.acme.example is among your origins in the server's embed file.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    + Would this token be taken? Yes, once, within the next 60 seconds: for the user “Bo” of “acme”.

    # no token
    + Is embedding switched on? Yes: the server has an embed file.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    + Can your page load us? Yes: it is no mixed content.
    - May your page frame us? That is told to who can sign for it: paste a token that your server has made for this page.

    # an empty one
    + Is embedding switched on? Yes: the server has an embed file.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    - May your page frame us? That is told to who can sign for it: paste a token that your server has made for this page.

    # no host's page
    + Is embedding switched on? Yes: the server has an embed file.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    - May your page frame us? No: https://evil.example is not among the “origins” of “acme” in the server's embed file. Browsers show an empty frame until it is; the server reads the file when it starts.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    - Would this token be taken? No. The token is for pages of https://dashboard.acme.example, and this page is https://evil.example.

    # an address
    + Is embedding switched on? Yes: the server has an embed file.
    - Is this an origin? “https://dashboard.acme.example/page” is none. Write https://dashboard.acme.example.
    - May your page frame us? No: https://dashboard.acme.example/page is not among the “origins” of “acme” in the server's embed file. Browsers show an empty frame until it is; the server reads the file when it starts.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    - Would this token be taken? No. The token is for pages of https://dashboard.acme.example, and this page is https://dashboard.acme.example/page.

    # no scheme
    + Is embedding switched on? Yes: the server has an embed file.
    - Is this an origin? “dashboard.acme.example” is none. Write it like https://dashboard.example, with the port if it is not the usual one.
    + Can your page load us? Yes: it is no mixed content.
    - May your page frame us? That is told to who can sign for it: paste a token that your server has made for this page.

    # a sandbox
    + Is embedding switched on? Yes: the server has an embed file.
    - Is this an origin? “null” is none. Pages in a sandbox without allow-same-origin and pages from files have none, and cannot embed us.
    + Can your page load us? Yes: it is no mixed content.
    - May your page frame us? That is told to who can sign for it: paste a token that your server has made for this page.

    # nothing
    + Is embedding switched on? Yes: the server has an embed file.
    - Is this an origin? “” is none. Write it like https://dashboard.example, with the port if it is not the usual one.
    + Can your page load us? Yes: it is no mixed content.
    - May your page frame us? That is told to who can sign for it: paste a token that your server has made for this page.

    # a bad token
    + Is embedding switched on? Yes: the server has an embed file.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    + May your page frame us? Yes: https://dashboard.acme.example is among your origins in the server's embed file.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    - Would this token be taken? No. The token is valid for 3600 seconds, and at most 300 are taken. Set “exp” closer to “iat”.

    # no token at all
    + Is embedding switched on? Yes: the server has an embed file.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    - Would this token be taken? No. This is not a signed token (a JWT).
    ");
    assert_eq!(swap(&site, &token, ACME).await.status, StatusCode::OK);
    let used = findings(&site, ACME, Some(&token)).await;
    insta::assert_snapshot!(used.lines().last().unwrap(), @"- Would this token be taken? No. The token was used before. Make a new one, with a new “jti”, each time one is asked for.");
}

#[tokio::test]
async fn the_check_tells_whether_embedding_is_on() {
    let site = Site::closed(|_| {}, Fake::default()).await;
    let token = signed(&claims(&site, json!({})));
    insta::assert_snapshot!(findings(&site, ACME, Some(&token)).await, @r"
    - Is embedding switched on? No: start the server with --embed-file, or set SMS_SENDER_EMBED_FILE.
    + Is this an origin? Yes: a scheme, a host and perhaps a port.
    - Can your page load us? No: your page is https and this server is reached by http, which browsers block as mixed content. Serve this server by https and set --public-url.
    - Would this token be taken? No. This server takes no tokens of dashboards: start it with --embed-file.
    ");
}

#[tokio::test]
async fn the_check_sees_mixed_content() {
    let secure = |config: &mut Config| {
        embedded(config);
        config.public_url = "https://sms.example.com".parse().unwrap();
    };
    let secure = Site::closed(secure, Fake::default()).await;
    for (site, origin, ok) in [
        (&secure, ACME, true),
        (&secure, ACME_TOO, true),
        (&site().await, ACME_TOO, true),
        (&site().await, ACME, false),
    ] {
        let found = findings(site, origin, None).await;
        assert_eq!(found.contains("+ Can your page load us?"), ok, "{origin} {found}");
    }
}

// What is written down.

/// A log that can be read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_tokens_nor_bearers_nor_secrets_are_logged_or_measured() {
    let log = Log::default();
    let listen = || {
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone());
        subscriber.finish().set_default()
    };
    // With one alone, what another test logs first would be switched off for all.
    let _guards = (listen(), listen());
    let mut site = site().await;
    let mut changes = json!({"sub": "subject-of-theirs", "name": "name-of-theirs"});
    let good = signed(&claims(&site, changes.clone()));
    changes["exp"] = json!(1);
    let expired = signed(&claims(&site, changes));
    let answer = swap(&site, &good, ACME).await.json();
    let bearer = answer["bearer"].as_str().unwrap().to_owned();
    site.bearer = Some(bearer.clone());
    site.submitted(&SG).await;
    assert_eq!(swap(&site, &good, ACME).await.code(), "token_used");
    assert_eq!(swap(&site, &expired, ACME).await.code(), "token_expired");
    findings(&site, ACME, Some(&good)).await;
    findings(&site, ACME, Some(&expired)).await;
    site.delete("/api/v1/session").await;
    assert_eq!(site.get("/api/v1/session").await.code(), "signed_out");
    let metrics = site.metrics().await;
    assert!(metrics.text().contains("outcome=\"token_refused\"} 2"), "{}", metrics.text());
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a host's token is not taken"), "{log}");
    assert!(log.contains("/api/v1/session/embed"), "{log}");
    let debugged = format!("{:?}", hosts());
    for text in [metrics.text(), &log, &debugged] {
        for secret in [
            bearer.as_str(),
            part(&good, 1),
            part(&good, 2),
            part(&expired, 2),
            "subject-of-theirs",
            "name-of-theirs",
            "0123456789abcdef0123",
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
