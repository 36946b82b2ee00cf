//! The way to the server, which can be cut: a request has a deadline, and whoever stops the upload ends
//! the request that is under way, or the wait for the next.

use crate::scope::{Timer, sleep};
use domain::upload::{Answer, Ask, Failure};
use domain::wire::MADE_FOR;
use domain::worker_protocol::By;
use gloo_net::http::{Method, RequestBuilder};
use js_sys::{Array, ArrayBuffer, Function, Reflect};
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, ReadableWritablePair, Response};

/// The way of one upload.
#[derive(Debug, Default)]
pub struct Line {
    is_stopped: Cell<bool>,
    /// Ends what is under way.
    step: RefCell<Option<AbortController>>,
}

/// A request, ready to be sent any number of times.
pub struct Question {
    method: Method,
    url: String,
    body: JsValue,
    bytes: usize,
    is_packed: bool,
}

impl Line {
    /// Ends it for good.
    pub fn stop(&self) {
        self.is_stopped.set(true);
        if let Some(step) = &*self.step.borrow() {
            step.abort();
        }
    }

    /// Whether somebody has ended it.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.get()
    }

    /// Asks once.
    pub async fn ask(&self, ask: Ask, question: &Question, by: &By) -> Result<Answer, Failure> {
        let silence = |_| Failure::silence();
        let step = self.step().ok_or_else(Failure::silence)?;
        let signal = step.signal();
        let _deadline = Timer::start(ask.deadline(question.bytes), move || step.abort());
        let mut request = RequestBuilder::new(&question.url)
            .method(question.method.clone())
            .abort_signal(Some(&signal))
            .header("Content-Type", "application/json");
        if question.is_packed {
            request = request.header("Content-Encoding", "gzip");
        }
        request = match by {
            By::User(id) => request.header(MADE_FOR, &id.to_string()),
            By::Bearer(bearer) => request.header("Authorization", &format!("Bearer {bearer}")),
        };
        let request = request.body(question.body.clone()).map_err(silence)?;
        let response = request.send().await.map_err(silence)?;
        // An answer cut short is no answer.
        let text = response.text().await.map_err(silence)?;
        let retry_after = response.headers().get("Retry-After");
        ask.read(response.status(), &text, retry_after.as_deref())
    }

    /// Waits before asking again.
    pub async fn rest(&self, time: Duration) {
        if !time.is_zero()
            && let Some(step) = self.step()
        {
            sleep(time, &step.signal()).await;
        }
    }

    fn step(&self) -> Option<AbortController> {
        let step = AbortController::new().ok().filter(|_| !self.is_stopped())?;
        self.step.replace(Some(step.clone()));
        Some(step)
    }
}

impl Question {
    /// As it stands.
    pub fn plain(method: Method, url: String, json: &str) -> Self {
        let body = JsValue::from_str(json);
        Self { method, url, body, bytes: json.len(), is_packed: false }
    }

    /// Compressed, where the browser can.
    pub async fn packed(method: Method, url: String, json: &str) -> Self {
        match gzip(json).await {
            Some(packed) => {
                let bytes = packed.byte_length() as usize;
                Self { method, url, body: packed.into(), bytes, is_packed: true }
            }
            None => Self::plain(method, url, json),
        }
    }
}

async fn gzip(text: &str) -> Option<ArrayBuffer> {
    let stream = Reflect::get(&js_sys::global(), &"CompressionStream".into()).ok()?;
    let stream: &Function = stream.dyn_ref()?;
    let gzip = Reflect::construct(stream, &Array::of1(&"gzip".into())).ok()?;
    let text = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    // It has the two ends that such a pair has.
    let packed = text.stream().pipe_through(gzip.unchecked_ref::<ReadableWritablePair>());
    let packed = Response::new_with_opt_readable_stream(Some(&packed)).ok()?;
    let packed = JsFuture::from(packed.array_buffer().ok()?).await.ok()?;
    packed.dyn_into().ok()
}
