//! The dashboard around us, when the app is in its frame.
//!
//! `public/frame.js` speaks with the host's page: it checks where messages come from, asks for tokens,
//! and passes on what happens here. The app knows nothing of messages and origins.

use serde::Serialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "token", catch)]
    async fn ask_for_token(reason: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(thread_local_v2, js_namespace = smsSenderHost, js_name = "origin")]
    static ORIGIN: String;
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "emit")]
    fn pass_on(what: &str, json: &str);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "listen")]
    fn pass_to(callback: &JsValue);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "download")]
    fn fetch_file(url: &str, bearer: &str, name: &str);
}

/// Where the frame is found.
const FRAME: &str = "/embed";

/// Whether the app is in a host's frame.
pub fn is_around() -> bool {
    thread_local! {
        static IS_AROUND: bool = leptos::prelude::window()
            .location()
            .pathname()
            .is_ok_and(|path| path.starts_with(FRAME));
    }
    IS_AROUND.with(|is_around| *is_around)
}

/// The origin of the host's page.
pub fn origin() -> String {
    ORIGIN.with(String::clone)
}

/// A token for the user of the host's page, or why there is none, in the host's words.
pub async fn token(reason: &str) -> Result<String, String> {
    let words = |value: JsValue| value.as_string().unwrap_or_default();
    ask_for_token(reason).await.map(words).map_err(words)
}

/// Has the browser save what the API answers at `url`.
pub fn download(url: &str, bearer: &str, name: &str) {
    fetch_file(url, bearer, name);
}

/// What hosts are told. Never a number, a name or a text.
pub fn tell(what: &str, detail: &Value) {
    if is_around() {
        pass_on(what, &detail.to_string());
    }
}

/// Tells that something does not work.
pub fn tell_error(code: impl Serialize, message: &str) {
    tell("error", &json!({ "code": code, "message": message }));
}

/// Hears, as kind and JSON, what the host asks for: now and as long as the page is there.
pub fn listen(hear: impl Fn(String, String) + 'static) {
    let callback = Closure::<dyn Fn(String, String)>::new(hear);
    pass_to(callback.as_ref());
    callback.forget();
}
