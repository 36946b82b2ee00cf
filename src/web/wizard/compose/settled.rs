//! What a value is once it has stood still for a moment. Screen readers say what changes in a live region,
//! and would speak at every key.

use crate::browser;
use leptos::prelude::*;

/// In milliseconds.
const PAUSE: i32 = 1_000;

/// The value as it was when nothing had happened to it for a second; the first second, none.
pub fn settled<T>(value: Memo<T>) -> Memo<T>
where
    T: Clone + Default + PartialEq + Send + Sync + 'static,
{
    let waited_for = LocalResource::new(move || {
        let mut last = value.get();
        async move {
            loop {
                browser::sleep(PAUSE).await;
                match value.try_get_untracked() {
                    Some(now) if now != last => last = now,
                    _ => return last,
                }
            }
        }
    });
    Memo::new(move |_| waited_for.get().unwrap_or_default())
}
