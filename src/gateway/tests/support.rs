//! A simulator on a port of its own, a client for it, and somebody who takes its receipts.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use domain::recipients::phone::E164;
use domain::sender::id::SenderId;
use gateway::eight::receipts::{Posted, parse};
use gateway::eight::{EightClient, EightOptions};
use gateway::sandbox::{self, Options, Sandbox};
use gateway::{Acceptance, ApiKey, Batch, Gateway as _, Outgoing, Receipt, SendError};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const SUBACCOUNT: &str = "demo_hq";

/// A server that ends with its test.
pub struct Served {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Served {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The simulator on its own listener.
    pub async fn sandbox(options: Options) -> Self {
        let sandbox = Sandbox::start(options).unwrap();
        let (listener, address) = listener().await;
        let task = tokio::spawn(async move {
            sandbox::serve(listener, sandbox, std::future::pending()).await.unwrap();
        });
        Self { address, task }
    }

    /// Any router.
    pub async fn router(router: Router) -> Self {
        let (listener, address) = listener().await;
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, task }
    }

    pub fn client(&self) -> EightClient {
        EightClient::new(self.options()).unwrap()
    }

    pub fn options(&self) -> EightOptions {
        EightOptions {
            account: Some("00000000-0000-4000-8000-000000000000".to_owned()),
            export_poll: Duration::from_millis(10),
            ..EightOptions::new(self.url(), key())
        }
    }

    pub async fn get(&self, path: &str) -> Value {
        reqwest::get(self.url() + path).await.unwrap().json().await.unwrap()
    }

    pub async fn accepted(&self) -> u64 {
        self.get("/sandbox/api/counters").await["accepted"].as_u64().unwrap()
    }

    /// Sends one message to each number.
    pub async fn send(&self, numbers: &[&str]) -> Result<Vec<Acceptance>, SendError> {
        self.client().send(&batch(numbers, "http://127.0.0.1:9/")).await
    }
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Everything takes a fiftieth of the usual time.
pub fn fast() -> Options {
    Options { speed: 50.0, ..Options::default() }
}

pub fn key() -> ApiKey {
    ApiKey::new("test-key").unwrap()
}

/// A batch of messages with references `r0`, `r1` and so on.
pub fn batch(numbers: &[&str], receipts_url: &str) -> Batch {
    let message = |(n, to): (usize, &&str)| Outgoing {
        reference: format!("r{n}"),
        to: E164::parse(to).unwrap(),
        text: format!("Hello {n}"),
    };
    Batch {
        subaccount: SUBACCOUNT.to_owned(),
        sender_id: SenderId::parse("Acme").unwrap(),
        reference: "b1".to_owned(),
        receipts_url: receipts_url.to_owned(),
        messages: numbers.iter().enumerate().map(message).collect(),
    }
}

/// Takes receipts, in the order in which they come.
pub struct Mailbox {
    served: Served,
    posts: Arc<Posts>,
}

#[derive(Default)]
struct Posts {
    bodies: Mutex<Vec<String>>,
    /// So many posts are refused first.
    refusals: AtomicUsize,
}

impl Mailbox {
    pub async fn open() -> Self {
        Self::refusing(0).await
    }

    /// Refuses the first posts with a 503.
    pub async fn refusing(posts: usize) -> Self {
        let posts = Arc::new(Posts { refusals: AtomicUsize::new(posts), ..Posts::default() });
        let router = Router::new().route("/hook", post(take)).with_state(Arc::clone(&posts));
        Self { served: Served::router(router).await, posts }
    }

    pub fn url(&self) -> String {
        self.served.url() + "/hook"
    }

    pub fn bodies(&self) -> Vec<String> {
        self.posts.bodies.lock().unwrap().clone()
    }

    pub fn receipts(&self) -> Vec<Receipt> {
        let read = |body: String| match parse(body.as_bytes()).unwrap() {
            Posted::Receipt(receipt) => receipt,
            Posted::Ignored(why) => panic!("{why:?}"),
        };
        self.bodies().into_iter().map(read).collect()
    }

    /// Waits for so many receipts, and then a little for more that must not come.
    pub async fn wait_for(&self, n: usize) -> Vec<Receipt> {
        eventually(|| async { self.bodies().len() >= n }).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        let receipts = self.receipts();
        assert_eq!(receipts.len(), n, "{receipts:#?}");
        receipts
    }
}

async fn take(State(posts): State<Arc<Posts>>, body: String) -> StatusCode {
    let refused =
        posts.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
    if refused.is_ok() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    posts.bodies.lock().unwrap().push(body);
    StatusCode::OK
}

/// Waits until it is so; gives up after a time that no healthy machine needs.
pub async fn eventually<F: Future<Output = bool>>(is_so: impl Fn() -> F) {
    for _ in 0..3_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to be");
}
