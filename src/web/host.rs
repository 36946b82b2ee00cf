//! The dashboard around us, when the app is in its frame.
//!
//! `public/frame.js` speaks with the host's page: it checks where messages come from, asks for tokens,
//! and passes on what happens here; `public/bearer.js` has every request carry the host's sign-in. The
//! app knows nothing of messages, origins and tokens.

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

/// Who asks, for requests that are not made on this thread.
pub fn bearer() -> Option<String> {
    is_around().then(current_bearer)
}

/// What the host lets its user do and what is left of it, in JSON: the worker judges by it.
pub fn grant() -> Option<String> {
    if is_around() { current_grant() } else { None }
}

/// Whether there is more to do than to look.
pub fn lets_compose() -> bool {
    lets("\"compose\"")
}

/// Whether campaigns may be looked at.
pub fn lets_view() -> bool {
    lets("\"view\"")
}

fn lets(scope: &str) -> bool {
    grant().is_none_or(|grant| grant.contains(scope))
}

/// Has the browser save what the API answers at `url`.
pub fn download(url: &str, name: &str) {
    fetch_file(url, name);
}

/// What hosts are told, with a detail in JSON. Never a number, a name or a text.
pub fn tell(what: &str, json: &str) {
    if is_around() {
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
