//! The dashboard around us, when the app is in its frame.
//!
//! `public/frame.js` speaks with the host's page: it checks where messages come from, asks for tokens,
//! and passes on what happens here; `public/bearer.js` has every request carry the host's sign-in. The
//! app knows nothing of messages, origins and tokens.

use domain::campaign::grant::Scope;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "emit")]
    fn pass_on(what: &str, json: &str);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "hear")]
    fn pass_to(callback: &JsValue);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "grant")]
    fn current_grant() -> Option<String>;
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "bearer")]
    fn current_bearer() -> String;
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "download")]
    fn fetch_file(url: &str, name: &str);
}

pub use domain::pages::FRAME;

/// Whether the app is in a host's frame.
pub fn is_embedded() -> bool {
    thread_local! {
        static IS_EMBEDDED: bool = leptos::prelude::window()
            .location()
            .pathname()
            .is_ok_and(|path| domain::pages::within_frame(&path).is_some());
    }
    IS_EMBEDDED.with(|is_embedded| *is_embedded)
}

/// Who asks, for requests that are not made on this thread.
pub fn bearer() -> Option<String> {
    is_embedded().then(current_bearer)
}

/// What the host lets its user do and what is left of it, in JSON: the worker judges by it.
pub fn grant() -> Option<String> {
    if is_embedded() { current_grant() } else { None }
}

/// Whether the host lets its user do this; outside of a frame everything may be done.
pub fn allows(scope: Scope) -> bool {
    #[derive(Deserialize)]
    struct Scopes {
        scopes: Vec<Scope>,
    }
    let Some(grant) = grant() else { return true };
    serde_json::from_str::<Scopes>(&grant).is_ok_and(|grant| grant.scopes.contains(&scope))
}

/// Has the browser save what the API answers at `url`.
pub fn download(url: &str, name: &str) {
    fetch_file(url, name);
}

/// What hosts are told, with a detail in JSON. Never a number, a name or a text.
pub fn tell(what: &str, json: &str) {
    if is_embedded() {
        pass_on(what, json);
    }
}

/// Hears what the host presets, as names and values, now and as long as the page is there; `reset` has
/// no value.
pub fn hear(hear: impl Fn(String, String) + 'static) {
    let callback = Closure::<dyn Fn(String, String)>::new(hear);
    pass_to(callback.as_ref());
    callback.forget();
}
