//! Step 4: everything together, a name, a time, and Submit.

use super::compose::how_exact;
use crate::api::{Api, Session};
use crate::browser;
use crate::host;
use crate::reactive::{Computed, Var, spawn};
use crate::routes::{self, Here};
use crate::ui::bar_chart::Progress;
use crate::ui::dynamic::{dynamic, each, text};
use crate::ui::field::{Radios, TextField};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::Problems;
use crate::wizard::{Shared, StepPage, lines, price_list, recipients_in_words, refusal};
use domain::problem::{ApiProblem, Field, ProblemCode};
use domain::wire::Campaign;
use domain::wizard::draft::When;
use domain::wizard::journey::Step;
use domain::wizard::submission::{Invalid, Submission};
use domain::worker_protocol::{Quoted, Request, Response};
use leptos::prelude::*;

/// How far submitting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Submitting {
    No,
    /// Recipients the server has.
    Yes(u32),
}

/// `/sender/send`.
#[component]
pub fn Send() -> impl IntoView {
    let api = expect_context::<Api>();
    let shared = expect_context::<Shared>();
    let problems = Problems::new();
    let submitting = Var::new(Submitting::No);
    if shared.draft.peek(|draft| draft.name.is_empty()) {
        shared.draft.change(|draft| {
            let sender = draft.sender_id.trim();
            draft.name = format!("{} {sender}", browser::local_now().replace('T', " "));
        });
    }
    let here = expect_context::<Here>();
    // Whoever leaves the step has changed their mind: nothing is submitted, and another try is another campaign.
    on_cleanup(move || {
        if matches!(submitting.try_get_untracked(), Some(Submitting::Yes(_))) {
            renew(shared);
            spawn(async move {
                // Without a worker nothing is being submitted.
                let _ = shared.worker.ask(Request::StopSubmitting).await;
            });
        }
    });
    let submit = Callback::new(move |()| {
        if submitting.get_untracked() != Submitting::No {
            return;
        }
        submitting.set(Submitting::Yes(0));
        problems.clear();
        spawn(async move {
            // While it is processed again, the worker still has what it had before.
            while shared.processing.try_get_untracked() == Some(true) {
                browser::sleep(50).await;
            }
            let outcome = hand_over_as_it_is_now(api, shared, submitting).await;
            submitting.set(Submitting::No);
            match outcome {
                Ok(None) => {}
                Ok(Some(campaign)) => {
                    host::tell("submitted", &format!("{{\"campaignId\":\"{}\"}}", campaign.id));
                    here.replace(&routes::campaign(campaign.id));
                }
                Err(Stopped::Invalid(Invalid(errors))) => problems.show(lines(&errors)),
                Err(Stopped::Refused(problem)) => {
                    let _: Result<(), ApiProblem> = api.judge(Err(problem.clone()));
                    if problem.code == ProblemCode::CostChanged {
                        shared.load_destinations(api);
                        renew(shared);
                    }
                    problems.show(refusal(&problem));
                }
            }
        });
    });
    let name = Signal::derive(move || shared.draft.read(|draft| draft.name.clone()));
    let later =
        Computed::new(move || shared.draft.read(|draft| matches!(draft.when, When::Later(_))));
    let busy = Signal::derive(move || submitting.get() != Submitting::No);
    view! {
        <StepPage step=Step::Send problems=problems next="Submit" on_next=submit busy=busy>
            <Review />
            <Limits />
            <TextField
                id=Field::Name.id()
                label="Campaign name"
                hint="For you to find it again; recipients never see it."
                width=48
                problem=problems.of(Field::Name.id())
                value=name
                on_input=Callback::new(move |text| {
                    problems.clear_field(Field::Name.id());
                    shared.draft.change(|draft| draft.name = text);
                })
            />
            <Radios
                id="schedule"
                legend="When"
                problem=problems.of("schedule")
                options=vec![
                    ("now".to_owned(), "Send now".to_owned(), None),
                    ("later".to_owned(), "Schedule for later".to_owned(), None),
                ]
                value=Signal::derive(move || if later.get() { "later" } else { "now" }.to_owned())
                on_choose=Callback::new(move |choice: String| {
                    problems.clear_field(Field::When.id());
                    shared.draft.change(|draft| {
                        draft.when =
                            if choice == "later" { When::Later(String::new()) } else { When::Now };
                    });
                })
            />
            {dynamic(move || later.get().then(|| view! { <Schedule problems=problems /> }))}
            {dynamic(move || match submitting.get() {
                Submitting::No => None,
                Submitting::Yes(_) => {
                    let done = move || match submitting.get() {
                        Submitting::Yes(done) => done,
                        Submitting::No => 0,
                    };
                    let total = shared
                        .draft
                        .peek(|draft| draft.processed.as_ref().map_or(1, |summary| summary.valid));
                    Some(
                        view! {
                            <Progress
                                label="Handing the recipients over"
                                done=Computed::new(done)
                                total=total
                            />
                        },
                    )
                }
            })}
        </StepPage>
    }
}

/// Why nothing was submitted.
enum Stopped {
    Invalid(Invalid),
    Refused(ApiProblem),
}

/// Another try is another campaign: what the server has under the old id is not what is sent now.
fn renew(shared: Shared) {
    shared.draft.change(|draft| draft.id = browser::new_id());
}

/// Hands the draft over, also when the server keeps an earlier version of it that never got through.
async fn hand_over_as_it_is_now(
    api: Api,
    shared: Shared,
    submitting: Var<Submitting>,
) -> Result<Option<Campaign>, Stopped> {
    let mut outcome = hand_over(shared, submitting).await;
    if let Err(Stopped::Refused(problem)) = &outcome
        && problem.code == ProblemCode::SignedOut
        && host::is_around()
    {
        // A long upload can outlive the bearer. What has arrived is not stored twice.
        api.get::<Session>("/session").await.map_err(Stopped::Refused)?;
        outcome = hand_over(shared, submitting).await;
    }
    let refused = match outcome {
        Err(Stopped::Refused(problem)) if problem.code == ProblemCode::DifferentCampaign => problem,
        outcome => return outcome,
    };
    let id = shared.draft.peek(|draft| draft.id);
    match api.get::<Campaign>(&format!("/campaigns/{id}")).await {
        Ok(earlier) if earlier.submitted_at.is_none() => {
            renew(shared);
            hand_over(shared, submitting).await
        }
        // Its answer got lost, or may not be looked at, and then the draft was changed: sending that as
        // well is for the user to decide.
        Err(problem) if problem.code != ProblemCode::NotPermitted => Err(Stopped::Refused(problem)),
        _ => {
            renew(shared);
            let detail =
                "An earlier version of this draft may have been submitted already: see your \
                campaigns. Press Submit again only if this version is to be sent as well."
                    .to_owned();
            Err(Stopped::Refused(ApiProblem { detail, ..refused }))
        }
    }
}

/// Counts once more, makes the submission, and has the worker hand it over; `None` when it was stopped.
async fn hand_over(
    shared: Shared,
    submitting: Var<Submitting>,
) -> Result<Option<Campaign>, Stopped> {
    let lost = || Stopped::Refused(ApiProblem::offline());
    let draft = shared.draft.peek(Clone::clone);
    let prices =
        shared.destinations.with_untracked(|d| d.done().map(price_list)).ok_or_else(lost)?;
    let ask = Request::Quote { message: draft.message.clone(), prices, grant: host::grant() };
    let Ok(Response::Quoted(Some(quoted))) = shared.worker.ask(ask).await else {
        // No quote for a message that is none: the draft's own problems say which.
        let errors =
            Step::ALL.into_iter().flat_map(|step| domain::wizard::journey::errors(&draft, step));
        let errors: Vec<_> = errors.collect();
        return Err(if errors.is_empty() { lost() } else { Stopped::Invalid(Invalid(errors)) });
    };
    let Quoted { quote, objections } = *quoted;
    if !objections.is_empty() {
        let detail = objections.join(" ");
        return Err(Stopped::Refused(ApiProblem { detail, ..ApiProblem::offline() }));
    }
    let due = draft.parse_when(browser::now(), browser::instant_of_local);
    let submission = match (due, &quote) {
        (Ok(due), quote) => Submission::from_draft(&draft, due, quote),
        (Err(error), quote) => {
            let mut errors = vec![error];
            errors.extend(
                Submission::from_draft(&draft, None, quote).err().into_iter().flat_map(|e| e.0),
            );
            Err(Invalid(errors))
        }
    };
    let submission = submission.map_err(Stopped::Invalid)?;
    let hear = move |answer| {
        if let Response::Uploaded(done) = answer {
            submitting.set(Submitting::Yes(done));
        }
    };
    let submit = Request::Submit { submission: Box::new(submission), bearer: host::bearer() };
    match shared.worker.ask_with(submit, None, hear).await {
        Ok(Response::Submitted(campaign)) => Ok(Some(*campaign)),
        Ok(Response::Canceled) => Ok(None),
        Ok(Response::Refused(problem)) => Err(Stopped::Refused(*problem)),
        _ => Err(lost()),
    }
}

/// What the host's sign-in does not allow: said before Submit is pressed.
#[component]
fn Limits() -> impl IntoView {
    let shared = expect_context::<Shared>();
    dynamic(move || {
        let words = shared.objections.get();
        (!words.is_empty()).then(|| {
            view! {
                <Note tone=Tone::Warn>
                    <div>{each(words.into_iter().map(|words| view! { <p>{words}</p> }))}</div>
                </Note>
            }
        })
    })
}

/// The answers so far, each with a way to change it.
#[component]
fn Review() -> impl IntoView {
    let shared = expect_context::<Shared>();
    let quote = move || shared.quote.get();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "Counting …".to_owned());
    let parts = text(move || {
        or_dash(quote().map(|quote| {
            let all = domain::grouped(quote.segments);
            match (quote.fewest, quote.most) {
                (1, 1) => format!("{all} in all, 1 for each message"),
                (a, b) if a == b => format!("{all} in all, {b} for each message"),
                (a, b) => format!("{all} in all, {a} to {b} for each message"),
            }
        }))
    });
    let cost = text(move || or_dash(quote().map(|quote| quote.cost.in_currency(quote.currency))));
    let when = text(move || {
        shared.draft.read(|draft| match &draft.when {
            When::Now => "Now".to_owned(),
            When::Later(local) => {
                browser::instant_of_local(local).map_or_else(|| "Later".to_owned(), browser::moment)
            }
        })
    });
    let typed = move |read: fn(&domain::wizard::draft::Draft) -> String| {
        text(move || shared.draft.read(read))
    };
    view! {
        <dl class="review">
            <Row term="Subaccount" change=Step::Subaccount>
                {typed(|draft| draft.subaccount.clone())}
            </Row>
            <Row term="Recipients" change=Step::Recipients>
                {typed(|draft| draft.processed.as_ref().map(recipients_in_words).unwrap_or_default())}
            </Row>
            <Row term="Sender ID" change=Step::Compose>
                {typed(|draft| draft.sender_id.trim().to_owned())}
            </Row>
            <Row term="Message" change=Step::Compose>
                <span class="review__message" dir="auto">{typed(|draft| draft.message.clone())}</span>
            </Row>
            <Row term="Parts" change=Step::Compose>
                {parts}
            </Row>
            <Row term="Cost" change=Step::Recipients>
                <strong class="review__cost">{cost}</strong>
            </Row>
            <div class="review__row">
                <dt>"When"</dt>
                <dd>{when}</dd>
                <dd class="review__change">
                    <a
                        href="#schedule"
                        on:click=move |event| {
                            event.prevent_default();
                            browser::focus_field("schedule");
                        }
                    >
                        "Change"
                        <span class="unseen">" when"</span>
                    </a>
                </dd>
            </div>
        </dl>
        <p class="hint">{text(move || quote().map(|quote| how_exact(&quote)).unwrap_or_default())}</p>
    }
}

#[component]
fn Row(term: &'static str, change: Step, children: Children) -> impl IntoView {
    view! {
        <div class="review__row">
            <dt>{term}</dt>
            <dd>{children()}</dd>
            <dd class="review__change">
                <a href=routes::step(change)>
                    "Change"
                    <span class="unseen">{format!(" {}", term.to_lowercase())}</span>
                </a>
            </dd>
        </div>
    }
}

#[component]
fn Schedule(problems: Problems) -> impl IntoView {
    let shared = expect_context::<Shared>();
    let value = Signal::derive(move || {
        shared.draft.read(|draft| match &draft.when {
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
                shared.draft.change(|draft| draft.when = When::Later(local));
            })
        />
        <p class="hint">{format!("In your time zone, {}. You can cancel it until then.", browser::time_zone())}</p>
    }
}
