//! The question before an upload is stopped, wherever that is wished.

use super::context::WizardContext;
use crate::ui::dialog::Confirm;
use domain::wizard::machine::{Event, State};
use leptos::prelude::*;

/// Asks, and stops.
#[component]
pub fn StopUpload(
    /// Tells this dialog's parts from those of others on the page.
    id: &'static str,
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// Runs after the upload was told to stop.
    #[prop(optional, into)]
    on_stop: Option<Callback<()>>,
) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let is_submitting = Memo::new(move |_| {
        context.with(|wizard| matches!(wizard.state(), State::Submitting { .. }))
    });
    let consequence = Signal::derive(move || {
        if is_submitting.get() {
            "The recipients have arrived and the campaign is being submitted. If it can still be stopped, nothing is \
             sent and your draft stays as it is. If it is too late, you are led to the campaign."
        } else {
            "Nothing has been sent yet. If you stop, nothing will be, and your draft stays as it is."
        }
        .to_owned()
    });
    let stop = Callback::new(move |()| {
        context.send(Event::Stop);
        if let Some(on_stop) = on_stop {
            on_stop.run(());
        }
    });
    view! {
        <Confirm
            id=id
            open=open
            title="Stop uploading?"
            text=consequence
            yes="Stop uploading"
            no="Keep uploading"
            on_yes=stop
        />
    }
}
