//! One step: problems, heading, content and the bar at its foot; who may be there, and how one leaves.

use super::begin_again::BeginAgain;
use super::context::{WizardContext, lines};
use super::stop_upload::StopUpload;
use crate::host;
use crate::page::PageHeading;
use crate::routes::{self, CAMPAIGNS, Navigate};
use crate::ui::control_flow::Show;
use crate::ui::dialog::Confirm;
use crate::ui::problems::{ProblemSummary, Problems};
use domain::wizard::draft::Draft;
use domain::wizard::journey::{self, Journey, Step};
use domain::wizard::machine::{Event, State, Wizard};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// A step's page, for those who may be there; others are led to the first step that is open.
pub fn gated(step: Step, page: fn() -> AnyView) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let navigate = Navigate::new();
    let accepted = context.peek(|wizard| match wizard.state() {
        State::Accepted { campaign } => Some(*campaign),
        _ => None,
    });
    match accepted {
        // Coming back after a campaign was submitted begins the next one.
        Some(_) if step == Step::Subaccount => context.edit(|_| ()),
        // A reload just after the last answer.
        Some(campaign) => navigate.replace(&routes::campaign(campaign)),
        None => {}
    }
    let path = routes::use_path();
    let may_visit = Memo::new(move |_| context.draft(|draft| Journey::of(draft).can_visit(step)));
    Effect::new(move |_| {
        let is_accepted = context.with(|wizard| matches!(wizard.state(), State::Accepted { .. }));
        // Whoever is on the way to elsewhere goes there.
        let is_here = routes::step_at(&path.get_untracked()) == Some(step);
        if !may_visit.get() && !is_accepted && is_here {
            let first_open = context.peek_draft(|draft| Journey::of(draft).first_open());
            navigate.replace(&routes::step(first_open));
        }
    });
    view! { <Show when=move || may_visit.get()>{page()}</Show> }
}

/// What a user who is asked has wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Back,
    Discard,
}

/// One step: problems, heading, content and the bar.
#[component]
pub fn StepPage(
    /// Which.
    step: Step,
    /// Shown at the top.
    problems: Problems,
    /// The words on the button that goes on.
    #[prop(into)]
    next: Signal<String>,
    /// Goes on, or shows what keeps it from going on.
    on_next: Callback<()>,
    /// Whether going on is on its way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Stands beside the button.
    #[prop(optional, into)]
    beside: ViewFn,
    children: Children,
) -> impl IntoView {
    let context = expect_context::<WizardContext>();
    let navigate = Navigate::new();
    let begin_again = use_context::<BeginAgain>();
    let is_frozen = Memo::new(move |_| context.is_frozen());
    let asking_to_stop = RwSignal::new(false);
    let asking_to_discard = RwSignal::new(false);
    let wanted = RwSignal::new(Wanted::Back);
    let discard = Callback::new(move |()| {
        asking_to_discard.set(false);
        if let Some(BeginAgain(begin_again)) = begin_again {
            host::tell("close", "{\"reason\":\"canceled\"}");
            return begin_again.run(());
        }
        context.send(Event::Discard);
        navigate.to(CAMPAIGNS);
    });
    let go_back = move || {
        if let Some(previous) = step.previous() {
            navigate.to(&routes::step(previous));
        }
    };
    let ask_to_stop = move |why: Wanted| {
        wanted.set(why);
        asking_to_stop.set(true);
    };
    let back = move |_| {
        if is_frozen.get_untracked() { ask_to_stop(Wanted::Back) } else { go_back() }
    };
    let cancel = move |_| {
        if is_frozen.get_untracked() {
            ask_to_stop(Wanted::Discard);
        } else if context.peek_draft(Draft::has_something_to_lose) {
            asking_to_discard.set(true);
        } else {
            discard.run(());
        }
    };
    let stopped = Callback::new(move |()| match wanted.get_untracked() {
        Wanted::Back => go_back(),
        // The draft is as it was; whoever wants to lose it as well is asked that.
        Wanted::Discard => {
            if !context.peek(Wizard::is_frozen) {
                asking_to_discard.set(true);
            }
        }
    });
    // Enter in a field of the last step must not send anything.
    let on_key = move |event: KeyboardEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_input = target.is_some_and(|target| target.tag_name() == "INPUT");
        if step == Step::Send && event.key() == "Enter" && is_input {
            event.prevent_default();
        }
    };
    let is_busy = move || busy.get() || is_frozen.get();
    view! {
        <form
            class="step"
            novalidate
            on:keydown=on_key
            on:submit=move |event| {
                event.prevent_default();
                if is_frozen.get_untracked() && step != Step::Send {
                    // What is being sent can be looked at.
                    if let Some(next) = step.next() {
                        navigate.to(&routes::step(next));
                    }
                } else if !busy.get_untracked() && !is_frozen.get_untracked() {
                    on_next.run(());
                }
            }
        >
            <div class="step__content">
                <ProblemSummary problems=problems />
                <PageHeading
                    text=step.heading()
                    aside=format!("Step {} of 4", step.number())
                    has_problems=problems.any()
                />
                <Show when=move || is_frozen.get()>
                    <p class="hint step__frozen">
                        "This is being sent, as it is here. Stop the upload to change it."
                    </p>
                </Show>
                <fieldset class="step__fields" disabled=move || is_frozen.get()>
                    {children()}
                </fieldset>
            </div>
            <div class="step__bar">
                {step
                    .previous()
                    .map(|_| {
                        view! {
                            <button type="button" class="button" on:click=back>
                                "Back"
                            </button>
                        }
                    })}
                <button type="button" class="button button--quiet" on:click=cancel>
                    "Cancel"
                </button>
                <span class="step__gap"></span>
                {beside.run()}
                <button
                    type="submit"
                    class="button button--primary"
                    aria-disabled=move || is_busy().then_some("true")
                >
                    {next}
                </button>
            </div>
        </form>
        <Confirm
            id="discard"
            open=asking_to_discard
            on_no=move || asking_to_discard.set(false)
            title="Discard this draft?"
            text="The numbers, the Sender ID and the message you entered will be lost. Nothing has been sent."
            yes="Discard draft"
            no="Keep editing"
            on_yes=discard
        />
        <StopUpload id="stop" open=asking_to_stop on_stop=stopped />
    }
}

/// Goes to the step after `step` when it is done; else shows what is missing.
pub fn advance(context: WizardContext, navigate: Navigate, step: Step, problems: Problems) {
    let errors = context.peek_draft(|draft| journey::errors(draft, step));
    match step.next() {
        Some(next) if errors.is_empty() => navigate.to(&routes::step(next)),
        _ => problems.show(lines(&errors)),
    }
}
