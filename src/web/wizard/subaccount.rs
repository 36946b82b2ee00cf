//! Step 1: whose account pays.

use crate::api::Api;
use crate::host;
use crate::page::{Failure, Skeleton};
use crate::routes::Navigate;
use crate::ui::field::{Choice, Radios, Select};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::wizard::context::WizardContext;
use crate::wizard::step_page::{StepPage, advance, gated};
use domain::problem::Field;
use domain::wire::Subaccount as Offered;
use domain::wizard::draft::Draft;
use domain::wizard::journey::Step;
use domain::wizard::machine::Event;
use leptos::prelude::*;

/// More than this many are a list to open.
const MOST_RADIOS: usize = 6;

/// `/sender/subaccount`.
#[component]
pub fn SubaccountStep() -> impl IntoView {
    gated(Step::Subaccount, || view! { <Subaccount /> }.into_any())
}

#[component]
fn Subaccount() -> impl IntoView {
    let api = expect_context::<Api>();
    let context = expect_context::<WizardContext>();
    let navigate = Navigate::new();
    let problems = Problems::new();
    let subaccounts = LocalResource::new(move || async move {
        let answer = api.get::<Vec<Offered>>("/subaccounts").await;
        if let Ok(offered) = &answer {
            context.edit(|draft| preselect(draft, offered));
        }
        answer
    });
    let retry = Callback::new(move |()| {
        subaccounts.refetch();
        context.send(Event::ReloadPrices);
    });
    let content = move || {
        Some(match subaccounts.get()? {
            Err(problem) => view! { <Failure problem=problem on_retry=retry /> }.into_any(),
            Ok(offered) if offered.is_empty() => view! { <Nothing /> }.into_any(),
            Ok(offered) => view! { <Choices offered=offered problems=problems /> }.into_any(),
        })
    };
    let next = Callback::new(move |()| advance(context, navigate, Step::Subaccount, problems));
    view! {
        <StepPage step=Step::Subaccount problems=problems next="Next: Add recipients" on_next=next>
            <p class="lead">"Messages are billed to the subaccount you send from."</p>
            <Suspense fallback=|| view! { <Skeleton /> }>{content}</Suspense>
        </StepPage>
    }
}

/// The only one is chosen at once. A host may have preset one that is not there.
fn preselect(draft: &mut Draft, offered: &[Offered]) {
    match offered {
        [only] => draft.subaccount.clone_from(&only.id),
        _ if host::is_embedded() && !offered.iter().any(|one| one.id == draft.subaccount) => {
            draft.subaccount.clear();
        }
        _ => {}
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <Note tone=Tone::Warn>
            <p>
                "Your account has no subaccounts to send from. Ask your provider for one, or whoever runs this service to add it."
            </p>
        </Note>
    }
}

#[component]
fn Choices(offered: Vec<Offered>, problems: Problems) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let id = Field::Subaccount.id();
    let value = Memo::new(move |_| context.draft(|draft| draft.subaccount.clone()));
    let choose = Callback::new(move |chosen: String| {
        problems.clear();
        context.edit(|draft| draft.subaccount = chosen);
    });
    let choices =
        offered.iter().map(|one| Choice::new(one.id.clone(), one.id.clone()).about(prices_of(one)));
    if offered.len() <= MOST_RADIOS {
        let options: Vec<Choice> = choices.collect();
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
    let options: Vec<Choice> =
        std::iter::once(Choice::new("", "Select a subaccount")).chain(choices).collect();
    view! {
        <Select
            id=id
            label="Subaccount"
            hint="Its prices are shown before you send."
            problem=problems.of(id)
            options=options
            value=value
            on_choose=choose
        />
    }
    .into_any()
}

fn prices_of(one: &Offered) -> Option<String> {
    let currency = one.currency?;
    Some(format!("Prices in {currency} for {} countries", one.countries))
}
