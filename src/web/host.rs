//! The dashboard around us, when the app is in its frame.
//!
//! `public/frame.js` speaks with the host's page: it checks where messages come from, asks for tokens, passes
//! on what happens here and sees to it that it can be seen; `public/bearer.js` swaps tokens for bearers. Both
//! give the app what it needs as methods of `smsSenderHost`, which are called here and nowhere else. The app
//! knows nothing of messages and tokens.

use crate::json;
use domain::campaign::grant::Scope;
use domain::problem::ApiProblem;
use leptos::prelude::window;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use web_sys::{Element, EventSource, HtmlDialogElement};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "emit")]
    fn pass_on(what: &str, json: &str);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "hear")]
    fn pass_to(callback: &JsValue);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "grant")]
    fn current_grant() -> Option<String>;
    #[wasm_bindgen(js_namespace = smsSenderHost)]
    fn weigh();
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "bearer", catch)]
    async fn current_bearer() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "renew", catch)]
    async fn another_bearer(refused: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = smsSenderHost)]
    fn events(url: &str) -> JsValue;
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "download")]
    fn fetch_file(url: &str, name: &str);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "reveal")]
    fn bring_into_view(element: &Element);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "openDialog")]
    fn open_in_view(dialog: &HtmlDialogElement);
    #[wasm_bindgen(js_namespace = smsSenderHost, js_name = "closeDialog")]
    fn close_in_view(dialog: &HtmlDialogElement);
}

pub use domain::pages::FRAME;

thread_local! {
    /// What the address asked when the page was loaded, if it is a frame's: `?origin=…`.
    static QUESTION: Option<String> = {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        domain::pages::within_frame(&path).map(|_| location.search().unwrap_or_default())
    };
}

/// Whether the app is in a host's frame.
pub fn is_embedded() -> bool {
    QUESTION.with(Option::is_some)
}

/// What every address in the frame ends with, for it says who is around: a frame that is loaded again must
/// find that there.
pub fn question() -> String {
    QUESTION.with(Clone::clone).unwrap_or_default()
}

/// Who asks, as a request says it: none outside of a frame. Waits for the host where there is no bearer yet or
/// the last one has ended.
pub async fn bearer() -> Result<Option<String>, ApiProblem> {
    if !is_embedded() {
        return Ok(None);
    }
    current_bearer().await.map(|bearer| bearer.as_string()).map_err(problem)
}

/// The same after the server has refused `bearer`.
pub async fn renew(bearer: &str) -> Result<Option<String>, ApiProblem> {
    another_bearer(bearer).await.map(|bearer| bearer.as_string()).map_err(problem)
}

fn problem(why: JsValue) -> ApiProblem {
    let json = js_sys::JSON::stringify(&why).ok().and_then(|json| json.as_string());
    json.and_then(|json| json::read(&json)).unwrap_or_else(ApiProblem::offline)
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
    json::read::<Scopes>(&grant).is_some_and(|grant| grant.scopes.contains(&scope))
}

/// Has it found out what is left: messages were submitted, or are sent again.
pub fn spent() {
    if is_embedded() {
        weigh();
    }
}

/// Server-sent events from `url`. In a frame it is no `EventSource`, and has what the app uses of one.
///
/// # Errors
/// When there can be none.
pub fn open_events(url: &str) -> Result<EventSource, JsValue> {
    if is_embedded() { Ok(events(url).unchecked_into()) } else { EventSource::new(url) }
}

/// Has the browser save what the API answers at `url`.
pub fn download(url: &str, name: &str) {
    fetch_file(url, name);
}

/// Brings an element into view: what scrolls is the host's page.
pub fn reveal(element: &Element) {
    bring_into_view(element);
}

/// Opens a dialog where it can be seen, which takes a moment.
pub fn open_dialog(dialog: &HtmlDialogElement) {
    open_in_view(dialog);
}

/// Closes a dialog, also one that is about to open.
pub fn close_dialog(dialog: &HtmlDialogElement) {
    close_in_view(dialog);
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
