//! The browser's own services, each behind a function that says what we want of it.

use crate::host;
use domain::time::Timestamp;
use domain::worker_protocol::columns_file;
use js_sys::{Array, Date, Object, Reflect};
use leptos::prelude::{
    RwSignal, Set as _, Signal, document, on_cleanup, window, window_event_listener_untyped,
};
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::BTreeSet;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, Element, FocusOptions, HtmlDialogElement, HtmlElement, Storage};

/// Where the app is put.
pub fn app_root() -> HtmlElement {
    document().get_element_by_id("app").map_or_else(
        || document().body().expect("the page has a body when its script runs"),
        JsCast::unchecked_into,
    )
}

/// What the product is called here, as configured on the server.
pub fn brand_name() -> String {
    let meta = document().query_selector("meta[name=brand-name]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| "Sender".into())
}

/// Whether messages go to a simulator and reach nobody, as the server says in the page.
pub fn is_simulated() -> bool {
    document().query_selector("meta[name=simulated]").is_ok_and(|meta| meta.is_some())
}

/// A random id; becomes a campaign's.
pub fn new_id() -> Uuid {
    let text = window().crypto().map(|crypto| crypto.random_uuid()).unwrap_or_default();
    Uuid::parse_str(&text).unwrap_or_default()
}

/// The present.
pub fn now() -> Timestamp {
    Timestamp(Date::now() as i64)
}

/// What a local date and time, as a control spells it, is in this time zone.
pub fn instant_of_local(local: &str) -> Option<Timestamp> {
    let millis = Date::new(&JsValue::from_str(local)).get_time();
    (!millis.is_nan()).then_some(Timestamp(millis as i64))
}

/// The present as a date-and-time control spells it, to the minute: `2026-11-22T14:05`.
pub fn local_now() -> String {
    let date = Date::new_0();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// The name of this time zone: `Asia/Singapore`.
pub fn time_zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let options = format.resolved_options();
    let zone = Reflect::get(&options, &"timeZone".into()).ok().and_then(|zone| zone.as_string());
    zone.unwrap_or_else(|| "local time".into())
}

/// A moment for people, in this time zone: `22 Nov 2026, 14:05`.
pub fn moment(at: Timestamp) -> String {
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    let _ = Reflect::set(&options, &"timeStyle".into(), &"short".into());
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    // A host may have asked for another.
    let root = document().document_element();
    let locale = root.and_then(|root| root.get_attribute("data-locale"));
    date.to_locale_string(locale.as_deref().unwrap_or("en-GB"), &options).into()
}

/// Storage that lasts as long as the tab. None in a host's frame, which is to leave nothing behind.
pub fn tab_storage() -> Option<Storage> {
    if host::is_embedded() {
        return None;
    }
    window().session_storage().ok().flatten()
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Moves focus to the element of this id, with its label in view: screen readers then say the
/// label and not just "edit".
pub fn focus_field(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let label = document().query_selector(&format!("label[for='{id}'], [data-label-of='{id}']"));
    reveal(label.ok().flatten().as_ref().unwrap_or(&element));
    focus(element.unchecked_ref());
}

/// Scrolls until this element is in view.
pub fn reveal(element: &Element) {
    if host::is_embedded() {
        host::reveal(element);
    } else {
        element.scroll_into_view();
    }
}

/// Scrolls to where the page begins.
pub fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Opens a modal dialog, unless it is open.
pub fn open_dialog(dialog: &HtmlDialogElement) {
    if host::is_embedded() {
        host::open_dialog(dialog);
    } else if !dialog.open() {
        // Fails only when the page has just taken the dialog away.
        drop(dialog.show_modal());
    }
}

/// Closes a dialog, if it is open or about to be.
pub fn close_dialog(dialog: &HtmlDialogElement) {
    if host::is_embedded() {
        host::close_dialog(dialog);
    } else {
        dialog.close();
    }
}

/// Tells the other tabs of this browser that have the app open. Each channel is for one thing and carries no words.
pub fn tell_tabs(channel: &str) {
    if let Ok(channel) = BroadcastChannel::new(channel) {
        // What cannot be told, the server refuses.
        let _ = channel.post_message(&JsValue::NULL);
        channel.close();
    }
}

/// Hears what the other tabs tell, as long as the page is there.
pub fn hear_tabs(channel: &str, hear: impl Fn() + 'static) {
    if let Ok(channel) = BroadcastChannel::new(channel) {
        let hear = Closure::<dyn Fn()>::new(hear).into_js_value();
        channel.set_onmessage(Some(hear.unchecked_ref()));
        // The browser keeps a channel that somebody listens to.
        std::mem::forget(channel);
    }
}

/// Moves focus without scrolling.
pub fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails only for elements that cannot have focus.
    let _ = element.focus_with_options(&options);
}

/// What is kept in the browser's private folder (see the worker's `keep`).
pub enum Kept {
    /// The files of a draft.
    Draft(Uuid),
    /// The files of all drafts.
    Files,
    /// What the columns of a user's files are.
    Columns(Uuid),
}

/// Erases what is kept on this device.
pub fn erase(kept: Kept) {
    spawn_local(async move {
        // A copy that is just being made is locked until the worker has ended.
        for _ in 0..ERASE_TRIES {
            let Err(error) = erase_kept(&kept).await else { return };
            let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
            if name.as_deref() != Some("NoModificationAllowedError") {
                // Where nothing is kept, nothing is erased.
                return;
            }
            sleep(250).await;
        }
    });
}

const ERASE_TRIES: u32 = 40;

async fn erase_kept(kept: &Kept) -> Result<JsValue, JsValue> {
    let options = web_sys::FileSystemRemoveOptions::new();
    options.set_recursive(true);
    // There is no storage outside of secure contexts.
    let storage = Reflect::get(&window().navigator(), &"storage".into())?;
    let storage: web_sys::StorageManager = storage.dyn_into()?;
    let root = JsFuture::from(storage.get_directory()).await?;
    let root: web_sys::FileSystemDirectoryHandle = root.unchecked_into();
    let erased = match kept {
        Kept::Files => root.remove_entry_with_options("kept", &options),
        Kept::Columns(user) => root.remove_entry(&columns_file(*user)),
        Kept::Draft(draft) => {
            let kept = JsFuture::from(root.get_directory_handle("kept")).await?;
            let kept: web_sys::FileSystemDirectoryHandle = kept.unchecked_into();
            kept.remove_entry_with_options(&draft.to_string(), &options)
        }
    };
    JsFuture::from(erased).await
}

/// Moves focus to the element of this id once the page has it.
pub fn focus_when_there(id: String) {
    spawn_local(async move {
        sleep(0).await;
        if let Some(element) = document().get_element_by_id(&id) {
            focus(element.unchecked_ref());
        }
    });
}

/// Has the browser download what is at `url`.
pub fn follow_download(url: &str, name: &str) {
    let Ok(element) = document().create_element("a") else { return };
    let anchor: web_sys::HtmlAnchorElement = element.unchecked_into();
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.set_rel("external");
    anchor.click();
}

/// Has the browser save what the API answers at `url`.
pub fn download(url: &str, name: &str) {
    if host::is_embedded() {
        host::download(url, name);
    } else {
        follow_download(url, name);
    }
}

/// Loads the page afresh.
pub fn reload() {
    // Fails only while the page is going away.
    let _ = window().location().reload();
}

/// Waits.
pub async fn sleep(millis: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer the promise never resolves; every window has one.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
}

/// Takes the lock of this name for as long as the page stands; whether nobody else has it. A page that is
/// being loaded afresh may hold it for a moment longer.
pub async fn hold_lock(name: &str) -> bool {
    // Whoever signs in again is still on the same page, which would find its own lock taken.
    if HELD.with_borrow(|held| held.contains(name)) {
        return true;
    }
    for _ in 0..LOCK_TRIES {
        match try_lock(name).await {
            Ok(false) => sleep(100).await,
            Ok(true) => {
                HELD.with_borrow_mut(|held| held.insert(name.to_owned()));
                return true;
            }
            // Where there are no locks, nobody is known to have it.
            Err(_) => return true,
        }
    }
    false
}

const LOCK_TRIES: u32 = 6;

thread_local! {
    /// The locks of this page.
    static HELD: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

async fn try_lock(name: &str) -> Result<bool, JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let request: js_sys::Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &true.into())?;
    let (sender, receiver) = futures_channel::oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let is_ours = !lock.is_null();
        // Nobody waits any more when the page has gone.
        let _ = sender.send(is_ours);
        // A promise that is never kept holds the lock.
        let held = js_sys::Promise::new(&mut |_, _| ());
        if is_ours { held.into() } else { JsValue::UNDEFINED }
    });
    request.call3(&locks, &name.into(), &options, &granted)?;
    receiver.await.map_err(|_| JsValue::UNDEFINED)
}

/// Whether anybody can see the page: its tab is in front, its window is not put away.
pub fn use_visibility() -> Signal<bool> {
    let is_visible = || !document().hidden();
    let visible = RwSignal::new(is_visible());
    let listener =
        window_event_listener_untyped("visibilitychange", move |_| visible.set(is_visible()));
    on_cleanup(move || listener.remove());
    visible.into()
}

/// Whether the focus is nowhere, as after what had it was taken away.
pub fn focus_is_lost() -> bool {
    let active = document().active_element();
    active.is_none_or(|active| active.tag_name() == "BODY")
}
