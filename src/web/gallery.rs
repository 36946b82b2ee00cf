//! Every part of the screens in every state it has, from made-up data: to look at them all at once, at any
//! width and in any colours, without having to bring a server into each state. Only in debug builds, at
//! `/gallery`.

mod steps;

use crate::campaigns::actions::Actions;
use crate::campaigns::delivery::Delivery;
use crate::campaigns::list::Empty;
use crate::campaigns::live::LiveCampaign;
use crate::campaigns::page::{NotShown, Overview};
use crate::campaigns::recipients::RecipientRows;
use crate::campaigns::table::{CampaignTable, State};
use crate::page::{Failure, Skeleton};
use crate::session::SignInCard;
use crate::ui::button::Button;
use crate::ui::dialog::Confirm;
use crate::ui::field::{Choice, Radios, Select, TextArea, TextField};
use crate::ui::note::{Note, Tone};
use crate::ui::problems::{ProblemLine, ProblemSummary, Problems};
use crate::ui::progress::ProgressBar;
use domain::campaign::delivery::DeliveryState;
use domain::campaign::{CampaignState, Counts};
use domain::price::money::{Amount, Cost, Currency};
use domain::problem::{ApiProblem, ProblemCode};
use domain::recipients::phone::E164;
use domain::time::Timestamp;
use domain::wire::{Campaign, Progress, RecipientStatus};
use leptos::prelude::*;
use uuid::Uuid;

/// `/gallery`; `?screen=send` shows a step of the wizard by itself, in one of its states.
#[component]
pub fn Gallery() -> impl IntoView {
    let query = leptos_router::hooks::use_query_map();
    let name = Memo::new(move |_| query.with(|query| query.get("screen").unwrap_or_default()));
    move || steps::screen(&name.get()).unwrap_or_else(|| view! { <Parts /> }.into_any())
}

/// Everything else, on one page.
#[component]
fn Parts() -> impl IntoView {
    let screen = |name: &'static str| {
        view! {
            <li>
                <a href=format!("/gallery?screen={name}")>{name}</a>
            </li>
        }
    };
    view! {
        <main class="gallery" id="main">
            <h1 class="heading">"Gallery"</h1>
            <nav aria-label="The wizard's steps">
                <ul class="gallery__screens">{steps::names().map(screen).collect_view()}</ul>
            </nav>
            <SignIn />
            <Controls />
            <Words />
            <Campaigns />
            <OneCampaign />
        </main>
    }
}

/// One state of a part.
#[component]
fn Specimen(
    /// What it is.
    name: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="gallery__specimen" aria-label=name>
            <p class="gallery__name">{name}</p>
            {children()}
        </section>
    }
}

#[component]
fn SignIn() -> impl IntoView {
    let card = |has_ended: bool, busy: bool, refusal: Option<ApiProblem>| {
        let refusal = Signal::stored(refusal);
        view! { <SignInCard has_ended=has_ended busy=busy refusal=refusal on_submit=|_| () /> }
    };
    let wrong = ApiProblem {
        status: 401,
        code: ProblemCode::WrongCredentials,
        detail: "The address or the password is not right.".into(),
        ..ApiProblem::offline()
    };
    view! {
        <Specimen name="Sign in">{card(false, false, None)}</Specimen>
        <Specimen name="Sign in: the session has ended">{card(true, false, None)}</Specimen>
        <Specimen name="Sign in: under way">{card(false, true, None)}</Specimen>
        <Specimen name="Sign in: refused">{card(false, false, Some(wrong))}</Specimen>
    }
}

#[component]
fn Controls() -> impl IntoView {
    let wrong = || Signal::stored(Some("Enter a campaign name".to_owned()));
    let fine = || Signal::stored(None::<String>);
    let choices = || {
        vec![
            Choice::new("one", "acme-marketing").about("USD, prices for 214 countries".to_owned()),
            Choice::new("two", "acme-transactional"),
        ]
    };
    let fields = move || {
        view! {
            <TextField id="g-text" label="Campaign name" hint="For you to find it again." problem=fine() value="Spring sale" on_input=|_| () />
            <TextField id="g-wrong" label="Campaign name" problem=wrong() value="" on_input=|_| () />
            <TextArea id="g-area" label="Message" problem=fine() value="Your table is ready." rows=3 on_input=|_| () />
            <TextArea id="g-rtl" label="Message, from right to left" problem=fine() value="الطاولة جاهزة" rows=3 on_input=|_| () />
            <Radios id="g-radios" legend="Subaccount" problem=fine() options=choices() value="one" on_choose=|_| () />
            <Select id="g-select" label="Subaccount" hint="Its prices are shown before you send." problem=fine() options=choices() value="two" on_choose=|_| () />
        }
    };
    let asking = RwSignal::new(false);
    view! {
        <Specimen name="Fields">{fields()}</Specimen>
        <Specimen name="Fields that cannot be changed">
            <fieldset class="step__fields" disabled>
                <TextField id="g-off" label="Campaign name" problem=fine() value="Spring sale" on_input=|_| () />
                <Radios id="g-off-radios" legend="Subaccount" problem=fine() options=choices() value="one" on_choose=|_| () />
            </fieldset>
        </Specimen>
        <Specimen name="Buttons">
            <div class="campaign__actions">
                <Button class="button button--primary" on_press=|()| ()>"Primary"</Button>
                <Button on_press=|()| ()>"Plain"</Button>
                <Button busy=true on_press=|()| ()>"Pausing …"</Button>
                <Button class="button button--danger" on_press=|()| ()>"Danger"</Button>
                <Button class="button button--quiet" on_press=|()| ()>"Quiet"</Button>
                <Button on_press=move |()| asking.set(true)>"Ask"</Button>
            </div>
            <Confirm id="g-ask" open=asking title="Cancel this campaign?" text="Messages that are still queued will never be sent." yes="Cancel campaign" no="Go on sending" on_yes=|()| () />
        </Specimen>
        <Specimen name="Progress">
            <ProgressBar label="Uploading recipients" done=412_000 total=1_000_000 words="412,000 of 1,000,000, about 40 s left" />
            <ProgressBar label="Reading people.csv" done=0 total=0 />
        </Specimen>
    }
}

#[component]
fn Words() -> impl IntoView {
    let problems = Problems::new();
    problems.show([
        ProblemLine::at("g-wrong", "Enter a campaign name"),
        ProblemLine::elsewhere("2 of the recipients cannot get this message", || ()),
        ProblemLine::new("The server did not answer. Check your connection and try again"),
    ]);
    let retry = Callback::new(|()| ());
    view! {
        <Specimen name="Problems"><ProblemSummary problems=problems /></Specimen>
        <Specimen name="Notes">
            <div class="notes">
                <Note tone=Tone::Info><p>"The live connection is interrupted; the figures may be old."</p></Note>
                <Note tone=Tone::Warn><p>"12 recipients in India: a Sender ID must be registered there."</p></Note>
                <Failure problem=ApiProblem::offline() on_retry=retry />
            </div>
        </Specimen>
        <Specimen name="Waiting"><Skeleton lines=4 /></Specimen>
    }
}

#[component]
fn Campaigns() -> impl IntoView {
    let all: Vec<Campaign> = CampaignState::ALL.into_iter().map(campaign).collect();
    view! {
        <Specimen name="Campaigns"><CampaignTable campaigns=Signal::stored(all) /></Specimen>
        <Specimen name="Campaigns: none"><Empty searched=false /></Specimen>
        <Specimen name="Campaigns: none found"><Empty searched=true /></Specimen>
    }
}

#[component]
fn OneCampaign() -> impl IntoView {
    let not_shown = |status: u16, code: ProblemCode| {
        let problem = ApiProblem { status, code, ..ApiProblem::offline() };
        view! { <NotShown problem=problem retry=Callback::new(|()| ()) /> }
    };
    let states = CampaignState::ALL.map(|state| {
        let campaign = campaign(state);
        let live = LiveCampaign::at_rest(&campaign);
        view! {
            <div class="gallery__row">
                <p class="status"><State state=state /></p>
                <Actions live=live problems=Problems::new() />
            </div>
        }
    });
    let whole = campaign(CampaignState::Sending);
    let failed = campaign(CampaignState::Canceled);
    let (whole_live, failed_live) = (LiveCampaign::at_rest(&whole), LiveCampaign::at_rest(&failed));
    view! {
        <Specimen name="A campaign">
            <Overview campaign=whole live=whole_live>
                <section class="panel">
                    <RecipientRows shown=Signal::stored(Some(recipients())) />
                </section>
                <section class="panel">
                    <RecipientRows shown=Signal::stored(Some(Vec::new())) />
                </section>
            </Overview>
        </Specimen>
        <Specimen name="Delivery with everything there is">
            <Delivery campaign=failed live=failed_live />
        </Specimen>
        <Specimen name="States and their buttons">{states.into_iter().collect_view()}</Specimen>
        <Specimen name="Recipients: on their way">
            <section class="panel"><RecipientRows shown=Signal::stored(None) /></section>
        </Specimen>
        <Specimen name="No such campaign">{not_shown(404, ProblemCode::NotFound)}</Specimen>
        <Specimen name="A campaign that may not be seen">{not_shown(403, ProblemCode::NotPermitted)}</Specimen>
        <Specimen name="A campaign that did not arrive">{not_shown(0, ProblemCode::Offline)}</Specimen>
    }
}

fn campaign(state: CampaignState) -> Campaign {
    let now = Timestamp(1_795_356_305_000);
    let is_long = state == CampaignState::Scheduled;
    let name = if is_long {
        "A name as long as a name can be, with every word that somebody might want in it to find it again"
    } else {
        "Spring sale"
    };
    let all = state == CampaignState::Canceled;
    let counts = Counts {
        queued: 214_310,
        sent: 12_004,
        delivered_to_operator: 98_000,
        delivered: 671_220,
        undelivered: 3_120,
        rejected: 1_346,
        unconfirmed: if all { 12 } else { 0 },
        canceled: if all { 40_120 } else { 0 },
    };
    Campaign {
        id: Uuid::from_u128(state as u128),
        name: name.to_owned(),
        subaccount: "acme-marketing".into(),
        sender_id: "Acme".into(),
        message: "Hello {{FirstName}}, everything is 20 % off until Sunday.".into(),
        created_by: "Ada Lovelace".into(),
        created_at: now,
        submitted_at: Some(now),
        due_at: is_long.then_some(now),
        recipients: counts.total(),
        segments: u64::from(counts.total()),
        currency: Currency::USD,
        cost: money(21_180),
        chunks_stored: 1,
        next_chunk: 1,
        progress: Progress {
            revision: 1,
            state,
            counts,
            spent: money(16_302),
            trouble: (state == CampaignState::Sending)
                .then(|| "The provider is not taking messages. Sending goes on by itself.".into()),
        },
    }
}

fn money(units: u32) -> Cost {
    Cost::exactly(Amount::from_nanos(1_000_000_000)) * units
}

fn recipients() -> Vec<RecipientStatus> {
    let states = DeliveryState::ALL.into_iter().zip(0_u32..);
    states
        .filter_map(|(state, seq)| {
            let reason = state
                .can_be_retried()
                .then(|| "The operator does not know this number. Check the number.".to_owned());
            let to = E164::from_digits(6_591_234_560 + u64::from(seq))?;
            Some(RecipientStatus { seq, to, state, reason, updated_at: Timestamp(0) })
        })
        .collect()
}
