//! The whole way, over real HTTP on both sides: our server, the 8x8 client, the simulator, and the
//! receipts it posts.

use crate::site::{PASSWORD, submission};
use axum::http::{Method, Request};
use domain::campaign::{CampaignState, Counts};
use domain::wire::Campaign;
use gateway::ApiKey;
use gateway::eight::{EightClient, EightOptions};
use gateway::sandbox::{Options, Sandbox, serve};
use serde_json::{Value, json};
use server::assets::Assets;
use server::config::{Config, Timing};
use server::passwords::{NewPassword, Passwords};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use uuid::Uuid;

/// One number for each story the simulator knows that ends by itself.
const TO: [&str; 8] = [
    "+6591234567", // delivered
    "+6595500002", // undelivered, error 15
    "+6595500006", // the operator has it
    "+6595500008", // delivered, every receipt three times
    "+6595500009", // delivered, receipts in reverse order
    "+6595500013", // answered 500, all accepted
    "+6595500015", // the connection is cut, all accepted
    "+6595500018", // rejected later on
];

#[tokio::test(flavor = "multi_thread")]
async fn each_number_ends_as_its_story_says_and_is_sent_to_once() {
    let upstream = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = Options { speed: 50.0, ..Options::default() };
    let mut client = EightOptions::new(
        format!("http://{}", upstream.local_addr().unwrap()),
        ApiKey::new("any").unwrap(),
    );
    client.account = Some("sandbox".to_owned());
    client.export_poll = Duration::from_millis(20);
    tokio::spawn(serve(upstream, Sandbox::start(options).unwrap(), std::future::pending()));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = format!("http://{}", listener.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("test.db").display());
    let mut config = Config::new(database, here.parse().unwrap()).unwrap();
    config.passwords = Passwords::quick().unwrap();
    config.assets = Assets::given([]);
    config.timing = Timing {
        tick: Duration::from_millis(10),
        settle: Duration::from_millis(500),
        first_pause: Duration::from_millis(10),
        ..Timing::sandbox()
    };
    let hash =
        config.passwords.hash(NewPassword::parse(PASSWORD.to_owned()).unwrap()).await.unwrap();
    let now = config.clock.now();
    let gateway = Arc::new(EightClient::new(client).unwrap());
    let server = server::start(config, gateway).await.unwrap();
    server.store().add_user("ann@example.com", "Ann", &hash, now).await.unwrap();
    let router = server.router();
    tokio::spawn(axum::serve(listener, router.clone()).into_future());

    let send = |method: Method, path: String, cookie: String, body: Value| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "none")
            .header("cookie", cookie)
            .header("content-type", "application/json");
        router.clone().oneshot(request.body(axum::body::Body::from(body.to_string())).unwrap())
    };
    let user = json!({"email": "ann@example.com", "password": PASSWORD});
    let signed_in =
        send(Method::POST, "/api/v1/session".into(), String::new(), user).await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let call = async |method: Method, path: String, body: Value| {
        let response = send(method, path, cookie.clone(), body).await.unwrap();
        assert!(response.status().is_success(), "{response:?}");
        axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap()
    };
    let path = "/api/v1/destinations?subaccount=demo_hq".to_owned();
    let destinations = call(Method::GET, path, Value::Null).await;
    let destinations: domain::wire::Destinations = serde_json::from_slice(&destinations).unwrap();
    let singapore = destinations.countries.iter().find(|info| info.country.code() == "SG").unwrap();

    let mut submission = submission(&TO);
    submission["subaccount"] = "demo_hq".into();
    submission["expected"]["cost"] = json!(singapore.price.unwrap() * TO.len() as u32);
    let id: Uuid = submission["id"].as_str().unwrap().parse().unwrap();
    call(Method::POST, "/api/v1/campaigns".into(), submission).await;
    let chunk = format!("/api/v1/campaigns/{id}/recipients/0");
    call(Method::PUT, chunk, json!({"to": TO})).await;
    call(Method::POST, format!("/api/v1/campaigns/{id}/submit"), Value::Null).await;

    let begun = Instant::now();
    let end = Counts {
        delivered: 5,
        undelivered: 1,
        delivered_to_operator: 1,
        rejected: 1,
        ..Counts::default()
    };
    loop {
        let campaign = call(Method::GET, format!("/api/v1/campaigns/{id}"), Value::Null).await;
        let campaign: Campaign = serde_json::from_slice(&campaign).unwrap();
        if campaign.progress.counts == end {
            assert_eq!(campaign.progress.state, CampaignState::Finished);
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", campaign.progress);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.stop().await;
}
