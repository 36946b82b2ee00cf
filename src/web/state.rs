//! The draft, kept through reloads.
//!
//! It lives in the tab's own storage under the user's id: another tab has another draft, another user
//! never sees it, and it is gone with the tab.

use crate::browser;
use crate::json;
use crate::reactive::{Var, effect};
use domain::wizard::draft::Draft;
use std::cell::Cell;
use uuid::Uuid;

/// The draft of this tab. In the context below the sign-in.
#[derive(Clone, Copy)]
pub struct DraftState(Var<Draft>);

impl DraftState {
    /// Takes up the user's draft where it was left, and saves every change to it.
    pub fn open(user: Uuid) -> Self {
        let key = format!("draft:{user}");
        let saved =
            browser::tab_storage().and_then(|storage| storage.get_item(&key).ok().flatten());
        let draft = saved.and_then(|json| json::read(&json));
        let state = Self(Var::new(draft.unwrap_or_else(|| Draft::new(browser::new_id()))));
        // What was just taken up needs no saving.
        let is_first = Cell::new(true);
        effect(move || {
            state.read(|draft| {
                if is_first.replace(false) {
                    return;
                }
                if let (Some(storage), Ok(json)) =
                    (browser::tab_storage(), serde_json::to_string(draft))
                {
                    // A full storage costs the reload its draft, never the work at hand.
                    let _ = storage.set_item(&key, &json);
                }
            });
        });
        state
    }

    /// Reads it, and follows its changes.
    pub fn read<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.0.with(read)
    }

    /// Reads it once.
    pub fn peek<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.0.with_untracked(read)
    }

    /// Reads it once, unless it is gone: after waiting for something, nobody may be signed in any more.
    pub fn try_peek<T>(self, read: impl FnOnce(&Draft) -> T) -> Option<T> {
        self.0.try_with_untracked(read)
    }

    /// Changes it.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        self.0.update(change);
    }

    /// Throws it away and begins another.
    pub fn start_over(self) {
        self.0.set(Draft::new(browser::new_id()));
    }
}

/// Forgets every draft of this tab: on signing out.
pub fn forget_drafts() {
    browser::forget_files(None);
    if let Some(storage) = browser::tab_storage() {
        // Nothing to forget where nothing can be stored.
        let _ = storage.clear();
    }
}
