//! The draft, kept through reloads in the tab's own storage under the user's id: another tab has another
//! draft, another user never sees it, and it is gone with the tab.

use crate::browser::{self, Kept};
use crate::json;
use domain::wizard::draft::Pasted;
use domain::wizard::machine::Saved;
use uuid::Uuid;

/// Tells this tab from the others.
const TAB: &str = "tab";

/// The browser has no room.
pub struct Full;

/// What was kept, if anything. A duplicated tab starts with a copy of the other's storage: its draft becomes
/// one of its own, and what the other is sending stays the other's.
pub async fn load(user: Uuid) -> Option<Saved> {
    let storage = browser::tab_storage()?;
    let get = |key: &str| storage.get_item(key).ok().flatten();
    let mut is_copy = false;
    match get(TAB) {
        Some(tab) => is_copy = !browser::hold_lock(&tab).await,
        None => rename_tab().await,
    }
    let mut saved: Saved = json::read(&get(&draft_key(user))?)?;
    let pasted = get(&pasted_key(user)).and_then(|json| json::read(&json));
    saved.draft.pasted = pasted.map(read_pasted).unwrap_or_default();
    if is_copy {
        rename_tab().await;
        saved.draft.id = browser::new_id();
        saved.draft.kept_under = saved.draft.id;
        saved.sending = None;
        saved.accepted = None;
    }
    Some(saved)
}

async fn rename_tab() {
    let tab = browser::new_id().to_string();
    if let Some(storage) = browser::tab_storage() {
        // Without room for it, a duplicate of this tab is not known as one.
        let _ = storage.set_item(TAB, &tab);
    }
    browser::hold_lock(&tab).await;
}

/// Keeps it. The pasted lists are long and seldom change, so that they are written only `with_pasted`.
pub fn save(user: Uuid, saved: &Saved, with_pasted: bool) -> Result<(), Full> {
    // In a host's frame and in a browser without storage nothing is kept, and nothing is missed.
    let Some(storage) = browser::tab_storage() else { return Ok(()) };
    let put = |key: String, json: serde_json::Result<String>| {
        storage.set_item(&key, &json.map_err(|_| Full)?).map_err(|_| Full)
    };
    if with_pasted {
        let pasted: Vec<_> =
            saved.draft.pasted.iter().map(|p| (p.id, &*p.text, p.numbers)).collect();
        if pasted.is_empty() {
            // Nothing to remove is as good.
            let _ = storage.remove_item(&pasted_key(user));
        } else {
            put(pasted_key(user), serde_json::to_string(&pasted))?;
        }
    }
    put(draft_key(user), serde_json::to_string(saved))
}

/// Forgets every draft of this tab, the files that are kept, and what the columns of this user's are: on signing out.
pub fn forget_drafts(user: Uuid) {
    browser::erase(Kept::Files);
    browser::erase(Kept::Columns(user));
    if let Some(storage) = browser::tab_storage() {
        // Nothing to forget where nothing can be stored.
        let _ = storage.clear();
    }
}

fn read_pasted(pasted: Vec<(u32, String, u32)>) -> Vec<Pasted> {
    let read = |(id, text, numbers): (u32, String, u32)| Pasted { id, text: text.into(), numbers };
    pasted.into_iter().map(read).collect()
}

fn draft_key(user: Uuid) -> String {
    format!("draft:{user}")
}

fn pasted_key(user: Uuid) -> String {
    format!("pasted:{user}")
}
