//! Values that views follow, with one compiled form for all of them.
//!
//! The framework's signals, memos and effects are compiled once for each type they hold and each closure
//! they run, up to two kilobytes each time and a hundred in all, measured. Here the type is put aside
//! first, so that there is one machinery, and taken up again when the value is read.

use leptos::prelude::*;
use std::any::Any;
use std::cell::Cell;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;

/// A value of any type.
struct Held {
    value: Box<dyn Any + Send + Sync>,
    /// Whether another is the same, as far as anybody asks.
    is_same: fn(&Self, &Self) -> bool,
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        (self.is_same)(self, other)
    }
}

const OF_ITS_TYPE: &str = "what is held is of the type it was made with";

impl Held {
    fn new(value: impl Send + Sync + 'static) -> Self {
        Self { value: Box::new(value), is_same: |_, _| false }
    }

    fn comparable<T: PartialEq + Send + Sync + 'static>(value: T) -> Self {
        let is_same = |a: &Self, b: &Self| a.as_ref::<T>() == b.as_ref();
        Self { value: Box::new(value), is_same }
    }

    fn as_ref<T: 'static>(&self) -> &T {
        self.value.downcast_ref().expect(OF_ITS_TYPE)
    }

    fn as_mut<T: 'static>(&mut self) -> &mut T {
        self.value.downcast_mut().expect(OF_ITS_TYPE)
    }
}

/// A value that can be changed. It goes with the owner it was made under: then it can be neither read
/// nor changed any more.
pub struct Var<T> {
    held: RwSignal<Held>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Var<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Var<T> {}

impl<T: Send + Sync + 'static> Var<T> {
    /// Holds `value`.
    pub fn new(value: T) -> Self {
        Self { held: RwSignal::new(Held::new(value)), of: PhantomData }
    }

    /// Reads it, and follows its changes.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(self.held.read().as_ref())
    }

    /// Reads it once.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(self.held.read_untracked().as_ref())
    }

    /// Reads it once; `None` when it is gone.
    pub fn try_with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.held.try_read_untracked().map(|held| read(held.as_ref()))
    }

    /// Changes it; nothing happens when it is gone.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(mut held) = self.held.try_write() {
            change(held.as_mut());
        }
    }

    /// Holds `value` from now on; nothing happens when it is gone.
    pub fn set(self, value: T) {
        self.held.try_set(Held::new(value));
    }
}

impl<T: Clone + Send + Sync + 'static> Var<T> {
    /// The value; follows its changes.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    /// The value as it is now; `None` when it is gone.
    pub fn try_get_untracked(self) -> Option<T> {
        self.try_with_untracked(T::clone)
    }
}

impl<T: Clone + Send + Sync + 'static> From<Var<T>> for Signal<T> {
    fn from(var: Var<T>) -> Self {
        Signal::derive(move || var.get())
    }
}

/// A value that follows from others. Those who follow it hear only of real changes.
pub struct Computed<T> {
    held: Memo<Held>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Computed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Computed<T> {}

impl<T: PartialEq + Send + Sync + 'static> Computed<T> {
    /// What `compute` says.
    pub fn new(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let held = memo(Box::new(move || Held::comparable(compute())));
        Self { held, of: PhantomData }
    }

    /// Reads it, and follows its changes.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(self.held.read().as_ref())
    }

    /// Reads it once.
    pub fn with_untracked<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(self.held.read_untracked().as_ref())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Computed<T> {
    /// The value; follows its changes.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

fn memo(compute: Box<dyn Fn() -> Held + Send + Sync>) -> Memo<Held> {
    Memo::new(move |_| compute())
}

/// Runs `run` now, and whenever what it reads changes.
pub fn effect(run: impl Fn() + 'static) {
    fn erased(run: Box<dyn Fn()>) {
        Effect::new(run);
    }
    erased(Box::new(run));
}

/// Sees to it that `task` is done.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    fn erased(task: Pin<Box<dyn Future<Output = ()>>>) {
        wasm_bindgen_futures::spawn_local(task);
    }
    erased(Box::pin(task));
}

/// What `ask` comes to. It is asked anew whenever what it reads changes, one question at a time; until
/// there is an answer to the latest, the last one stands.
pub fn answer<T, A>(ask: impl Fn() -> A + 'static) -> Var<Option<T>>
where
    T: Send + Sync + 'static,
    A: Future<Output = Option<T>> + 'static,
{
    let answer = Var::new(None);
    let next = Rc::new(Cell::new(None));
    let is_asking = Rc::new(Cell::new(false));
    effect(move || {
        next.set(Some(ask()));
        if is_asking.replace(true) {
            return;
        }
        let (next, is_asking) = (next.clone(), is_asking.clone());
        spawn(async move {
            while let Some(asked) = next.take() {
                answer.set(asked.await);
            }
            is_asking.set(false);
        });
    });
    answer
}
