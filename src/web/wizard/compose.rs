//! Step 3: who the message is from, and what it says.

mod cost;
mod message;
mod meters;
mod preview;
mod sender;
mod settled;

use crate::routes::Navigate;
use crate::ui::problems::Problems;
use crate::wizard::context::WizardContext;
use crate::wizard::step_page::{StepPage, advance, gated};
use cost::{Cost, CostInBar};
use domain::wizard::journey::Step;
use leptos::prelude::*;
use message::MessageField;
use preview::MessagePreview;
use sender::SenderField;

/// `/sender/compose`.
#[component]
pub fn ComposeStep() -> impl IntoView {
    gated(Step::Compose, || view! { <Compose /> }.into_any())
}

#[component]
fn Compose() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let navigate = Navigate::new();
    let problems = Problems::new();
    let sender_id = Memo::new(move |_| context.draft(|draft| draft.sender_id.clone()));
    let message = Memo::new(move |_| context.draft(|draft| draft.message.clone()));
    let next = Callback::new(move |()| advance(context, navigate, Step::Compose, problems));
    view! {
        <StepPage
            step=Step::Compose
            problems=problems
            next="Next: Send your message(s)"
            on_next=next
            beside=|| view! { <CostInBar /> }
        >
            <div class="columns columns--phone">
                <div>
                    <SenderField sender_id=sender_id problems=problems />
                    <MessageField message=message problems=problems />
                </div>
                <aside class="compose__aside" aria-label="Preview and cost">
                    <MessagePreview sender_id=sender_id message=message />
                    <Cost />
                </aside>
            </div>
        </StepPage>
    }
}
