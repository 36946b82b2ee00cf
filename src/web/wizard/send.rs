//! Step 4: everything together, a name, a time, and Submit.

pub mod review;

use super::context::WizardContext;
use super::step_page::{StepPage, gated};
use crate::browser;
use crate::routes::{self, Navigate};
use crate::ui::control_flow::Show;
use crate::ui::field::{Choice, Radios, TextField};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::{ProblemLine, Problems};
use domain::problem::{Field, FieldError};
use domain::wizard::draft::When;
use domain::wizard::journey::Step;
use domain::wizard::machine::{Prices, Refusal, State, Wizard};
use leptos::prelude::*;
use review::{Review, price_in_words};

/// `/sender/send`.
#[component]
pub fn SendStep() -> impl IntoView {
    gated(Step::Send, || view! { <Send /> }.into_any())
}

#[component]
fn Send() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let problems = Problems::new();
    let count = RwSignal::new(String::new());
    let navigate = Navigate::new();
    if context.peek_draft(|draft| draft.name.is_empty()) {
        context.edit(|draft| {
            let sender = draft.sender_id.trim();
            draft.name = format!("{} {sender}", browser::local_now().replace('T', " "));
        });
    }
    let submit = Callback::new(move |()| {
        problems.clear();
        let due =
            context.peek_draft(|draft| draft.parse_when(browser::now(), browser::instant_of_local));
        if let Some(refusal) = context.submit(due, count.get_untracked()) {
            problems.show(refusal_lines(refusal, navigate));
        }
    });
    let asks_for_count = Memo::new(move |_| context.with(Wizard::asks_for_count));
    let is_later = Memo::new(move |_| context.draft(|d| matches!(d.when, When::Later(_))));
    view! {
        <StepPage
            step=Step::Send
            problems=problems
            next="Submit"
            on_next=submit
            busy=Signal::derive(move || !context.with(is_ready))
            beside=move || view! { <Sum /> }
        >
            <Review />
            <Limits />
            <TextField
                id=Field::Name.id()
                label="Campaign name"
                hint="For you to find it again; recipients never see it."
                width=48
                problem=problems.of(Field::Name.id())
                value=Signal::derive(move || context.draft(|draft| draft.name.clone()))
                on_input=Callback::new(move |text| {
                    problems.clear_field(Field::Name.id());
                    context.edit(|draft| draft.name = text);
                })
            />
            <Radios
                id="schedule"
                legend="When"
                problem=problems.of("schedule")
                options=vec![
                    Choice { value: "now".into(), label: "Send now".into(), about: None },
                    Choice { value: "later".into(), label: "Schedule for later".into(), about: None },
                ]
                value=Signal::derive(move || if is_later.get() { "later" } else { "now" }.to_owned())
                on_choose=Callback::new(move |choice: String| {
                    problems.clear_field(Field::When.id());
                    context.edit(|draft| {
                        draft.when =
                            if choice == "later" { When::Later(String::new()) } else { When::Now };
                    });
                })
            />
            <Show when=move || is_later.get()>
                <Schedule problems=problems />
            </Show>
            <Show when=move || asks_for_count.get()>
                <TextField
                    id=Field::Count.id()
                    label="Number of recipients"
                    hint="Many people will get this message. Type how many, to confirm."
                    width=16
                    problem=problems.of(Field::Count.id())
                    value=count
                    on_input=Callback::new(move |text| {
                        problems.clear_field(Field::Count.id());
                        count.set(text);
                    })
                />
            </Show>
        </StepPage>
    }
}

fn is_ready(wizard: &Wizard) -> bool {
    !matches!(wizard.state(), State::Counting { .. } | State::Processing { .. })
}

/// Why Submit did nothing, as the summary shows it; what is to be mended on another step leads there.
fn refusal_lines(refusal: Refusal, navigate: Navigate) -> Vec<ProblemLine> {
    let alone = |words: &str| vec![ProblemLine::new(words)];
    match refusal {
        Refusal::Fields(errors) => errors
            .into_iter()
            .map(|FieldError { field, problem }| match Step::of(field) {
                Some(step) if step != Step::Send => {
                    let lead = move || navigate.to(&routes::step(step));
                    ProblemLine::elsewhere(problem.to_string(), lead)
                }
                _ => ProblemLine::at(field.id(), problem.to_string()),
            })
            .collect(),
        Refusal::NotAllowed(objections) => objections.into_iter().map(ProblemLine::new).collect(),
        Refusal::Counting => alone("The cost is still being counted. Submit when it is there"),
        Refusal::NoFigures => alone(
            "The cost could not be counted. Load the prices again above, or process the contacts again",
        ),
    }
}

/// What pressing Submit does, beside the button.
#[component]
fn Sum() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let words = Memo::new(move |_| {
        context.with(|wizard| match wizard.figures() {
            Some((quoted, true)) => {
                let quote = &quoted.quote;
                let messages = match quote.recipients {
                    1 => "Send 1 message".to_owned(),
                    n => format!("Send {} messages", domain::grouped(n)),
                };
                format!("{messages} · {}", price_in_words(quote))
            }
            _ if is_ready(wizard) => String::new(),
            _ => "Counting …".to_owned(),
        })
    });
    view! { <p class="step__sum">{words}</p> }
}

/// What keeps it from being sent: limits of the host's sign-in, prices that are not here.
#[component]
fn Limits() -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let objections = Memo::new(move |_| {
        context.with(|wizard| {
            wizard.figures().map(|(quoted, _)| quoted.objections.clone()).unwrap_or_default()
        })
    });
    let no_prices = Memo::new(move |_| {
        context.with(|wizard| match wizard.prices() {
            Prices::Failed(problem) => Some(problem.detail.clone()),
            _ => None,
        })
    });
    view! {
        {move || {
            let words = objections.get();
            (!words.is_empty())
                .then(|| {
                    view! {
                        <Note tone=Tone::Warn>
                            {words.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
                        </Note>
                    }
                })
        }}
        {move || {
            no_prices
                .get()
                .map(|words| {
                    view! {
                        <Note tone=Tone::Bad alert=true>
                            <p>"The prices could not be loaded. " {words}</p>
                            <button
                                type="button"
                                class="button button--small"
                                on:click=move |_| context.send(domain::wizard::machine::Event::ReloadPrices)
                            >
                                "Try again"
                            </button>
                        </Note>
                    }
                })
        }}
    }
}

#[component]
fn Schedule(problems: Problems) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let value = Signal::derive(move || {
        context.draft(|draft| match &draft.when {
            When::Later(local) => local.clone(),
            When::Now => String::new(),
        })
    });
    view! {
        <TextField
            id=Field::When.id()
            label="Date and time"
            kind="datetime-local"
            width=24
            min=browser::local_now()
            problem=problems.of(Field::When.id())
            value=value
            on_input=Callback::new(move |local| {
                problems.clear_field(Field::When.id());
                context.edit(|draft| draft.when = When::Later(local));
            })
        />
        <p class="hint">{format!("In your time zone, {}. You can cancel it until then.", browser::time_zone())}</p>
    }
}
