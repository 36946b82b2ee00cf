//! What Cancel does in a host's frame.

use leptos::prelude::*;

/// Throws away what is on the screen in a host's frame and begins anew. In the context there.
#[derive(Clone, Copy)]
pub struct BeginAgain(pub Callback<()>);
