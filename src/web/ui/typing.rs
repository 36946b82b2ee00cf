//! Text that a button puts into a control as if it was typed, so that the browser's Undo takes it back. The
//! cursor is behind it then, and the control has the focus.

use crate::browser;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventInit, HtmlDocument, HtmlTextAreaElement};

/// Puts `text` where the cursor is, in the place of what is selected.
pub fn insert(area: &HtmlTextAreaElement, text: &str) {
    browser::focus(area);
    // Out of use in documents, but nothing else writes into the history of Undo.
    let document: HtmlDocument = document().unchecked_into();
    let typed = document.exec_command_with_show_ui_and_value("insertText", false, text);
    if typed != Ok(true) {
        put(area, text);
    }
}

/// Puts `text` in the place of everything.
pub fn replace(area: &HtmlTextAreaElement, text: &str) {
    browser::focus(area);
    area.select();
    insert(area, text);
}

/// The same where the browser types for nobody; there Undo knows nothing of it.
fn put(area: &HtmlTextAreaElement, text: &str) {
    let at = |position: Result<Option<u32>, _>| position.ok().flatten().unwrap_or_default();
    let start = at(area.selection_start());
    let cursor = start + u32::try_from(text.encode_utf16().count()).unwrap_or_default();
    // These fail only for controls without text.
    let _ = area.set_range_text(text);
    let _ = area.set_selection_range(cursor, cursor);
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        let _ = area.dispatch_event(&event);
    }
}
