//! Step 1: whose account pays.

use crate::api::Api;
use crate::load::Load;
use crate::page::{Failure, Skeleton};
use crate::reactive::Computed;
use crate::routes::Here;
use crate::ui::dynamic::dynamic;
use crate::ui::field::{Radios, Select};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::wizard::{Shared, StepPage, advance};
use domain::problem::Field;
use domain::wire::Subaccount as Choice;
use domain::wizard::journey::Step;
use leptos::prelude::*;

/// More than this many are a list to open.
const MOST_RADIOS: usize = 6;

/// `/sender/subaccount`.
#[component]
pub fn Subaccount() -> impl IntoView {
    let api = expect_context::<Api>();
    let shared = expect_context::<Shared>();
    let problems = Problems::new();
    let here = expect_context::<Here>();
    let next = Callback::new(move |()| advance(shared, here, Step::Subaccount, problems));
    let content = dynamic(move || {
        match shared.subaccounts.get() {
        Load::Waiting => view! { <Skeleton /> }.into_any(),
        Load::Failed(problem) => {
            let retry = Callback::new(move |()| {
                shared.load_subaccounts(api);
                shared.load_destinations(api);
            });
            view! { <Failure problem=problem on_retry=retry /> }.into_any()
        }
        Load::Done(choices) if choices.is_empty() => view! {
            <Note tone=Tone::Warn>
                <p>
                    "Your account has no subaccounts to send from. Ask your provider for one, or whoever runs this service to add it."
                </p>
            </Note>
        }
        .into_any(),
        Load::Done(choices) => view! { <Choices choices=choices problems=problems /> }.into_any(),
    }
    });
    view! {
        <StepPage step=Step::Subaccount problems=problems next="Next: Add recipients" on_next=next>
            <p class="lead">"Messages are billed to the subaccount you send from."</p>
            {content}
        </StepPage>
    }
}

#[component]
fn Choices(choices: Vec<Choice>, problems: Problems) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let value = Signal::derive(move || shared.draft.read(|draft| draft.subaccount.clone()));
    let choose = Callback::new(move |id: String| {
        problems.clear();
        shared.draft.change(|draft| draft.subaccount = id);
    });
    let id = Field::Subaccount.id();
    if choices.len() <= MOST_RADIOS {
        let options: Vec<_> = choices
            .into_iter()
            .map(|choice| (choice.id.clone(), choice.id.clone(), about(&choice)))
            .collect();
        return view! {
            <Radios
                id=id
                legend="Subaccount"
                problem=problems.of(id)
                options=options
                value=value
                on_choose=choose
            />
        }
        .into_any();
    }
    let mut options = vec![(String::new(), "Select a subaccount".to_owned())];
    options.extend(choices.into_iter().map(|choice| (choice.id.clone(), choice.id)));
    view! {
        <Select
            id=id
            label="Subaccount"
            hint="Its prices are shown before you send."
            problem=problems.of(id)
            options=Computed::new(move || options.clone())
            value=value
            on_choose=choose
        />
    }
    .into_any()
}

fn about(choice: &Choice) -> Option<String> {
    let currency = choice.currency?;
    Some(format!("Prices in {currency} for {} countries", choice.countries))
}
