//! `LocalResource` as Leptos has it, compiled once.
//!
//! Leptos's own is compiled anew for every type it loads, and the app has eight. Here the answer is kept as `dyn Any`.
//! Measured with both parts of the app: FIGURE.

use leptos::prelude::*;
use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;

type Answer = Rc<dyn Any>;
type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Answer>>>>;

/// What is loaded while the page goes on, and loaded anew when a signal changes that the fetcher reads.
pub struct LocalResource<T> {
    erased: leptos::prelude::LocalResource<Answer>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for LocalResource<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for LocalResource<T> {}

impl<T: Clone + 'static> LocalResource<T> {
    /// Loads it at once.
    pub fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = T> + 'static,
    {
        let fetch: Fetch = Box::new(move || {
            let answer = fetch();
            Box::pin(async move { Rc::new(answer.await) as Answer })
        });
        Self { erased: leptos::prelude::LocalResource::new(fetch), of: PhantomData }
    }

    /// The latest answer, tracked; `None` until there is one.
    pub fn get(self) -> Option<T> {
        self.with(|answer| answer.cloned())
    }

    /// Reads the latest answer, tracked, without cloning it.
    pub fn with<U>(self, read: impl FnOnce(Option<&T>) -> U) -> U {
        let answer = self.erased.get();
        read(answer.as_deref().and_then(<dyn Any>::downcast_ref))
    }

    /// Loads it again.
    pub fn refetch(self) {
        self.erased.refetch();
    }

    /// Whether the view that it was made under is gone.
    pub fn is_disposed(self) -> bool {
        self.erased.is_disposed()
    }
}
