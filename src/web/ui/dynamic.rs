//! Parts of a page that change, with one compiled form for all of them.
//!
//! A bare `move || …` in a view is a type of its own, and the framework's machinery is compiled once
//! for each: half of the app's size, measured. These wrap the closure first, so that there is one
//! machinery for every text, one for every switch and one for every changing part.

use leptos::prelude::*;

/// What a part can be made of: a view, a view or nothing, several views.
pub trait Part {
    /// The part as a view of the one type.
    fn into_part(self) -> AnyView;
}

impl Part for AnyView {
    fn into_part(self) -> AnyView {
        self
    }
}

impl<V> Part for View<V>
where
    Self: IntoAny,
{
    fn into_part(self) -> AnyView {
        self.into_any()
    }
}

impl<P: Part> Part for Option<P> {
    fn into_part(self) -> AnyView {
        self.map_or_else(|| ().into_any(), Part::into_part)
    }
}

impl<P: Part> Part for Vec<P> {
    fn into_part(self) -> AnyView {
        each(self)
    }
}

/// Several views, one after the other.
pub fn each<P: Part>(views: impl IntoIterator<Item = P>) -> AnyView {
    views.into_iter().map(Part::into_part).collect_view().into_any()
}

/// A part that is made anew whenever what it reads changes.
pub fn dynamic<P: Part>(part: impl Fn() -> P + Send + 'static) -> AnyView {
    erased(Box::new(move || part().into_part()))
}

fn erased(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
    (move || view()).into_any()
}

/// A text that changes.
pub fn text<T: Into<String>>(text: impl Fn() -> T + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || text().into())
}

/// Something that is so or not.
pub fn flag(flag: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(flag)
}

/// The value of an attribute that is there only when it is so.
pub fn when(
    value: &'static str,
    is_so: impl Fn() -> bool + Send + Sync + 'static,
) -> Signal<Option<String>> {
    Signal::derive(move || is_so().then(|| value.to_owned()))
}
