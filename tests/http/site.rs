//! A server in process, its visitor, and what every test does with them.

use crate::fake::Fake;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::campaign::Counts;
use domain::time::Timestamp;
use domain::wire::Progress;
use gateway::Gateway;
use serde_json::{Value, json};
use server::assets::Assets;
use server::clock::Clock;
use server::config::{Config, Timing};
use server::passwords::{NewPassword, Passwords};
use server::{Server, start};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tower::ServiceExt as _;
use url::Url;
use uuid::Uuid;

pub const EMAIL: &str = "ann@example.com";
pub const PASSWORD: &str = "correct horse battery";
/// How long to wait for what must happen; far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// When the story begins: 2026-11-22T14:05:00Z.
pub const BEGIN: Timestamp = Timestamp(1_795_356_300_000);

/// A server, and the one who visits it.
pub struct Site {
    pub server: Server,
    pub fake: Arc<Fake>,
    pub cookie: Option<String>,
    /// What a host's user shows instead.
    pub bearer: Option<String>,
    router: Router,
    clock: Arc<AtomicI64>,
    config: Config,
    _folder: Option<TempDir>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The settings of a test: nothing waits for long, and the time is what the test says.
fn config(folder: &TempDir, clock: &Arc<AtomicI64>) -> Config {
    let file = folder.path().join("test.db");
    let url = Url::parse("http://sms.example.com").unwrap();
    let mut config = Config::new(format!("sqlite:{}", file.display()), url).unwrap();
    let moment = Arc::clone(clock);
    config.clock = Clock::new(move || Timestamp(moment.load(Ordering::SeqCst)));
    config.passwords = Passwords::quick().unwrap();
    config.assets = Assets::given([]);
    config.timing = Timing {
        tick: Duration::from_millis(5),
        settle: Duration::from_secs(600),
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(20),
        denied_pause: Duration::from_millis(20),
        refresh: Duration::from_secs(3_600),
    };
    config
}

impl Site {
    /// A new one, with a user who is signed in.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same, set up differently.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut site = Self::closed(change, Fake::default()).await;
        site.sign_in().await;
        site
    }

    /// Nobody is signed in.
    pub async fn closed(change: impl FnOnce(&mut Config), fake: Fake) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(BEGIN.0));
        let mut config = config(&folder, &clock);
        change(&mut config);
        let fake = Arc::new(fake);
        let server = start(config.clone(), Arc::clone(&fake) as Arc<dyn Gateway>).await.unwrap();
        let hash =
            config.passwords.hash(NewPassword::parse(PASSWORD.to_owned()).unwrap()).await.unwrap();
        assert!(server.store().add_user(EMAIL, "Ann", &hash, BEGIN).await.unwrap());
        let router = server.router();
        Self {
            server,
            fake,
            cookie: None,
            bearer: None,
            router,
            clock,
            config,
            _folder: Some(folder),
        }
    }

    /// What is left when the process is killed and started again: the database, and the provider.
    pub async fn killed_and_restarted(self) -> Self {
        let Self { server, fake, cookie, bearer, router, clock, config, _folder } = self;
        drop((router, server));
        let server = start(config.clone(), Arc::clone(&fake) as Arc<dyn Gateway>).await.unwrap();
        let router = server.router();
        Self { server, fake, cookie, bearer, router, clock, config, _folder }
    }

    /// The same after the process was asked to end, and did.
    pub async fn stopped_and_restarted(self) -> Self {
        let Self { server, fake, cookie, bearer, router, clock, config, _folder } = self;
        drop(router);
        server.stop().await;
        let server = start(config.clone(), Arc::clone(&fake) as Arc<dyn Gateway>).await.unwrap();
        let router = server.router();
        Self { server, fake, cookie, bearer, router, clock, config, _folder }
    }

    /// The same with other settings.
    pub async fn restarted_with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self.stopped_and_restarted().await
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        self.config.database.strip_prefix("sqlite:").unwrap().into()
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.clock.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::SeqCst))
    }

    /// Sends a request just as it is. What comes back must be as `openapi.json` says.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        crate::openapi::check(&method, &path, &answer);
        answer
    }

    /// A request of our own page, by whoever is signed in.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "sms.example.com")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        request
    }

    /// The figures, from the listener that they have for themselves.
    pub async fn metrics(&self) -> Answer {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let response = self.server.metrics().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.with_body(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.with_body(Method::PUT, path, body).await
    }

    async fn with_body(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The response with its body still coming: for live streams.
    pub async fn open(&self, path: &str) -> axum::http::Response<Body> {
        self.open_after(path, "").await
    }

    /// The same for a browser that comes back, having heard this event.
    pub async fn open_after(&self, path: &str, heard: &str) -> axum::http::Response<Body> {
        let request = self.request(Method::GET, path).header("last-event-id", heard);
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    pub async fn try_sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/api/v1/session", &json!({"email": email, "password": password})).await
    }

    /// Who is signed in; null for nobody.
    pub async fn user(&self) -> Value {
        let answer = self.get("/api/v1/session").await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()["user"].take()
    }

    pub async fn sign_in(&mut self) {
        let answer = self.try_sign_in(EMAIL, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK);
        self.cookie = Some(answer.cookie().split(';').next().unwrap().to_owned());
    }

    /// Stores, fills and submits a campaign of one segment to each of these numbers.
    pub async fn submitted(&self, to: &[&str]) -> Uuid {
        let id = self.uploaded(to).await;
        let answer = self.post(&format!("/api/v1/campaigns/{id}/submit"), &Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        id
    }

    /// The same, not submitted.
    pub async fn uploaded(&self, to: &[&str]) -> Uuid {
        let submission = submission(to);
        let id = submission["id"].as_str().unwrap().parse().unwrap();
        self.upload(&submission, to).await;
        id
    }

    /// Stores and fills a campaign.
    pub async fn upload(&self, submission: &Value, to: &[&str]) {
        let answer = self.post("/api/v1/campaigns", submission).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        let id = submission["id"].as_str().unwrap();
        let path = format!("/api/v1/campaigns/{id}/recipients/0");
        let answer = self.put(&path, &json!({"to": to})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    }

    pub async fn progress(&self, id: Uuid) -> Progress {
        let campaign = self.get(&format!("/api/v1/campaigns/{id}")).await.json();
        serde_json::from_value(campaign["progress"].clone()).unwrap()
    }

    /// Waits until the campaign is as wished, and checks the books.
    pub async fn until(&self, id: Uuid, wish: impl Fn(&Progress) -> bool) -> Progress {
        let begun = Instant::now();
        loop {
            let progress = self.progress(id).await;
            if wish(&progress) {
                return progress;
            }
            assert!(begun.elapsed() < PATIENCE, "still {progress:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the campaign's counts are these, and checks that they are those of its messages.
    pub async fn until_counts(&self, id: Uuid, counts: Counts) -> Progress {
        let progress = self.until(id, |progress| progress.counts == counts).await;
        assert_eq!(self.server.store().recount(id).await.unwrap(), counts);
        progress
    }

    /// Posts a receipt as 8x8 does.
    pub async fn receipt(&self, reference: &str, umid: u128, status: &Value) -> Answer {
        self.post(&self.hook(), &receipt(reference, umid, status)).await
    }

    /// The path that receipts are posted to.
    pub fn hook(&self) -> String {
        let url = Url::parse(&self.server.receipts_url()).unwrap();
        assert_eq!(url.host_str(), Some("sms.example.com"));
        url.path().to_owned()
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn cookie(&self) -> &str {
        self.header("set-cookie")
    }

    /// The problem, without what differs from one request to the next.
    pub fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let mut problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert_eq!(self.header("x-request-id").len(), 32);
        problem.as_object_mut().unwrap().remove("request_id");
        problem
    }

    /// Its code.
    pub fn code(&self) -> String {
        self.problem()["code"].as_str().unwrap().to_owned()
    }
}

/// Waits until it is so.
pub async fn eventually(mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "it has not come about");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A submission of one segment to each of these numbers.
pub fn submission(to: &[&str]) -> Value {
    let price = |number: &&str| match &number[..3] {
        "+65" => (40, 40),
        "+62" => (300, 350),
        other => panic!("no price for {other}"),
    };
    let (low, high) =
        to.iter().map(price).fold((0, 0), |sum, price| (sum.0 + price.0, sum.1 + price.1));
    let amount = |thousandths: i32| format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    json!({
        "id": Uuid::new_v4(),
        "subaccount": "acme_hq",
        "sender_id": "Acme",
        "message": "Hello {{Mobile}}",
        "name": "Spring sale",
        "due_at": null,
        "expected": {
            "recipients": to.len(),
            "segments": to.len(),
            "currency": "USD",
            "cost": {"low": amount(low), "high": amount(high)},
        },
    })
}

/// A receipt as 8x8 posts them.
pub fn receipt(reference: &str, umid: u128, status: &Value) -> Value {
    let mut status = status.clone();
    status["timestamp"] = json!("2026-11-22T15:00:00Z");
    let price = status.as_object_mut().unwrap().remove("price");
    let mut payload = json!({
        "umid": Uuid::from_u128(umid),
        "clientMessageId": reference,
        "subAccountId": "acme_hq",
        "destination": "+6591234567",
        "status": status,
        "smsCount": 1,
    });
    if let Some(price) = price {
        payload["price"] = json!({"total": price, "perSms": price, "currency": "USD"});
    }
    json!({
        "namespace": "SMS",
        "eventType": "outbound_message_status_changed",
        "description": "SMS outbound message delivery receipt",
        "payload": payload,
    })
}

/// On the phone.
pub fn delivered() -> Value {
    json!({"state": "delivered", "detail": "delivered_to_recipient"})
}

/// Refused by the operator.
pub fn undelivered(code: u16) -> Value {
    json!({"state": "undelivered", "detail": "rejected_by_operator", "errorCode": code})
}
