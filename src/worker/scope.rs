//! The worker as the browser made it: its clock, its timers, its way to the page.

use domain::worker_protocol::Event;
use js_sys::{Function, Promise};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, DedicatedWorkerGlobalScope, MessageChannel};

/// The worker.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Tells the page.
pub fn say(event: &Event) {
    let text = serde_json::to_string(event).ok();
    let said = text.and_then(|text| scope().post_message(&JsValue::from_str(&text)).ok());
    // It is for a lack of memory, and the page must not wait for ever.
    said.unwrap_or_else(|| wasm_bindgen::throw_str("The worker has no memory for its answer"));
}

/// Milliseconds since the worker began.
pub fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}

/// Lets messages in. A timer would do, but waits four milliseconds each time.
pub async fn pause() {
    let Ok(channel) = MessageChannel::new() else { return };
    let promise = Promise::new(&mut |resolve, _| {
        channel.port1().set_onmessage(Some(&resolve));
        // Posting nothing cannot fail.
        let _ = channel.port2().post_message(&JsValue::NULL);
    });
    // It never rejects.
    let _ = JsFuture::from(promise).await;
    channel.port1().close();
}

/// Waits, unless `signal` says before that it is over.
pub async fn sleep(time: Duration, signal: &AbortSignal) {
    let promise = Promise::new(&mut |resolve, _| {
        signal.set_onabort(Some(&resolve));
        // Every worker has timers.
        let _ = set_timeout(&resolve, time);
    });
    // It never rejects.
    let _ = JsFuture::from(promise).await;
}

/// Calls a function after a while, unless it is dropped before.
pub struct Timer {
    handle: Option<i32>,
    _call: Closure<dyn FnMut()>,
}

impl Timer {
    /// Begins to wait.
    pub fn start(time: Duration, call: impl FnMut() + 'static) -> Self {
        let call = Closure::<dyn FnMut()>::new(call);
        let handle = set_timeout(call.as_ref().unchecked_ref(), time).ok();
        Self { handle, _call: call }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(handle) = self.handle {
            scope().clear_timeout_with_handle(handle);
        }
    }
}

fn set_timeout(call: &Function, time: Duration) -> Result<i32, JsValue> {
    let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    scope().set_timeout_with_callback_and_timeout_and_arguments_0(call, millis)
}
