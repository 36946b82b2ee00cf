//! The wizard's steps in the states of its machine, one at a time: the machine is driven there by the events that a
//! browser would send it, with made-up answers.

use crate::api::Api;
use crate::routes::Navigate;
use crate::wizard::{
    ComposeStep, Frame, OpenFile, RecipientsStep, SendStep, SubaccountStep, UploadBar,
    WizardContext,
};
use domain::price::money::{Amount, Cost, Currency};
use domain::price::quote::{Quote, Quoting};
use domain::problem::{ApiProblem, ProblemCode};
use domain::recipients::phone::Country;
use domain::recipients::{Destination, RepairKind, Summary};
use domain::sender::rules::{Alphanumeric, SenderRule};
use domain::wire::{DestinationInfo, Destinations};
use domain::wizard::draft::Draft;
use domain::wizard::machine::{Effect, Event, Trouble, Wizard, price_list};
use domain::worker_protocol::{Choice, Processed, Progress, Quoted, Repaired, Source};
use leptos::prelude::*;
use uuid::Uuid;

/// A step in a state: its name, the page, and how the machine got there.
type Screen = (&'static str, fn() -> AnyView, fn(&mut Wizard));

/// All of them.
const SCREENS: [Screen; 18] = [
    ("subaccount", subaccount, |_| ()),
    ("recipients", recipients, chosen),
    ("recipients-reading", recipients, |wizard| {
        typed(wizard);
        let effects = wizard.on(Event::Process);
        let words = "412,000 of about 1,000,000 rows, 310,000 a second, about 2 s left".to_owned();
        let run = asked(&effects, |effect| match effect {
            Effect::Process { run } => Some(*run),
            _ => None,
        });
        wizard.on(Event::Progress { run, progress: Progress { done: 412, words } });
    }),
    ("recipients-unreadable", recipients, |wizard| {
        typed(wizard);
        let effects = wizard.on(Event::Process);
        let run = asked(&effects, |effect| match effect {
            Effect::Process { run } => Some(*run),
            _ => None,
        });
        let words = "“people.xlsx” is locked with a password. Save a copy without one".to_owned();
        wizard.on(Event::NotProcessed { run, trouble: Some(Trouble::Unreadable(words)) });
    }),
    ("recipients-worker-lost", recipients, |wizard| {
        typed(wizard);
        wizard.on(Event::Process);
        wizard.on(Event::WorkerLost);
    }),
    ("recipients-processed", recipients, processed),
    ("recipients-none-valid", recipients, |wizard| {
        typed(wizard);
        read(wizard, Summary { total: 3, unable: 3, ..Summary::default() });
    }),
    ("compose", compose, processed),
    ("compose-counting", compose, |wizard| {
        processed(wizard);
        written(wizard);
    }),
    ("compose-counted", compose, ready),
    ("compose-without-prices", compose, |wizard| {
        processed(wizard);
        written(wizard);
        let effects = wizard.on(Event::ReloadPrices);
        let load = asked(&effects, |effect| match effect {
            Effect::LoadPrices { load, .. } => Some(*load),
            _ => None,
        });
        wizard.on(Event::PricesLoaded { load, answer: Err(ApiProblem::offline()) });
    }),
    ("send", send, ready),
    ("send-counting-again", send, |wizard| {
        ready(wizard);
        wizard.edit(|draft| draft.message.push_str(" Until Sunday."));
    }),
    ("send-uploading", send, uploading),
    ("send-interrupted", send, |wizard| {
        uploading(wizard);
        let attempt = attempt(wizard);
        wizard.on(Event::Interrupted { attempt, problem: ApiProblem::offline() });
    }),
    ("send-submitting", send, |wizard| {
        uploading(wizard);
        let attempt = attempt(wizard);
        wizard.on(Event::Uploaded { attempt });
    }),
    ("send-stopped", send, |wizard| {
        uploading(wizard);
        wizard.on(Event::Stop);
        counted(wizard);
    }),
    ("send-refused", send, |wizard| {
        uploading(wizard);
        let attempt = attempt(wizard);
        let problem = ApiProblem {
            status: 409,
            code: ProblemCode::CostChanged,
            detail: "The prices have changed since the cost was shown.".into(),
            ..ApiProblem::offline()
        };
        wizard.on(Event::Refused { attempt, problem });
    }),
];

/// The names, for links to them.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCREENS.iter().map(|(name, ..)| *name)
}

/// One of them, if there is one of that name.
pub fn screen(name: &str) -> Option<AnyView> {
    let (_, page, drive) = SCREENS.iter().find(|(known, ..)| *known == name)?;
    let mut wizard = Wizard::new(Uuid::from_u128(1));
    drive(&mut wizard);
    let files = if name == "recipients-processed" { vec![file()] } else { Vec::new() };
    let context = WizardContext::new(expect_context::<Api>(), Navigate::new(), None);
    provide_context(context.showing(wizard, files));
    let page = page();
    Some(
        view! {
            <main class="shell__main" id="main" tabindex="-1">
                <UploadBar />
                <Frame>{page}</Frame>
            </main>
        }
        .into_any(),
    )
}

fn subaccount() -> AnyView {
    view! { <SubaccountStep /> }.into_any()
}

fn recipients() -> AnyView {
    view! { <RecipientsStep /> }.into_any()
}

fn compose() -> AnyView {
    view! { <ComposeStep /> }.into_any()
}

fn send() -> AnyView {
    view! { <SendStep /> }.into_any()
}

/// A subaccount is chosen, and its prices are here.
fn chosen(wizard: &mut Wizard) {
    let effects = wizard.edit(|draft| draft.subaccount = "acme-marketing".into());
    let load = asked(&effects, |effect| match effect {
        Effect::LoadPrices { load, .. } => Some(*load),
        _ => None,
    });
    wizard.on(Event::PricesLoaded { load, answer: Ok(Box::new(destinations())) });
}

fn typed(wizard: &mut Wizard) {
    chosen(wizard);
    wizard.edit(|draft| draft.set_numbers("+6591234567\n91234568\n0065 9123 4569".to_owned()));
}

fn processed(wizard: &mut Wizard) {
    typed(wizard);
    wizard.edit(|draft| {
        draft.add_file("people.csv".to_owned());
    });
    read(wizard, summary());
}

fn written(wizard: &mut Wizard) {
    wizard.edit(|draft: &mut Draft| {
        draft.sender_id = "Acme".into();
        draft.message = "Hello {{FirstName}}, everything is 20 % off until Sunday.".into();
        draft.name = "Spring sale".into();
    });
}

fn ready(wizard: &mut Wizard) {
    processed(wizard);
    written(wizard);
    counted(wizard);
}

fn uploading(wizard: &mut Wizard) {
    ready(wizard);
    let typed_count = summary().valid.to_string();
    wizard.on(Event::Submit { due: Ok(None), typed_count });
    let attempt = attempt(wizard);
    wizard.on(Event::UploadProgress { attempt, done: 125_000 });
}

/// Answers the request to read the recipients.
fn read(wizard: &mut Wizard, summary: Summary) {
    let effects = wizard.on(Event::Process);
    let run = asked(&effects, |effect| match effect {
        Effect::Process { run } => Some(*run),
        _ => None,
    });
    let repairs = vec![
        repaired(RepairKind::MissingPlus, 12_400, false, "6591234568", "+6591234568"),
        repaired(RepairKind::InternationalPrefix, 310, true, "0065 9123 4569", "+6591234569"),
    ];
    let processed = Processed {
        summary,
        repairs,
        notes: vec!["“people.csv”: 2 rows have more cells than there are columns.".into()],
        words: "312,410 rows in 1.1 s".into(),
    };
    wizard.on(Event::Processed { run, processed: Box::new(processed) });
}

/// Answers the latest request to count.
fn counted(wizard: &mut Wizard) {
    // Another pass over the same draft: what it asks for is what is answered.
    let effects = wizard.on(Event::ReloadPrices);
    let load = asked(&effects, |effect| match effect {
        Effect::LoadPrices { load, .. } => Some(*load),
        _ => None,
    });
    let effects = wizard.on(Event::PricesLoaded { load, answer: Ok(Box::new(destinations())) });
    let count = asked(&effects, |effect| match effect {
        Effect::Count { count, .. } => Some(*count),
        _ => None,
    });
    let quoted = Quoted { quote: quote(), objections: Vec::new() };
    wizard.on(Event::Counted { count, quoted: Some(Box::new(quoted)) });
}

/// The number of what is under way.
fn attempt(wizard: &Wizard) -> u32 {
    use domain::wizard::machine::State;
    match wizard.state() {
        State::Uploading { attempt, .. }
        | State::Submitting { attempt, .. }
        | State::Stopping { attempt, .. } => *attempt,
        _ => 0,
    }
}

/// The number that an effect asks under; 0, which answers nothing, where it does not ask.
fn asked(effects: &[Effect], number: fn(&Effect) -> Option<u32>) -> u32 {
    effects.iter().find_map(number).unwrap_or_default()
}

fn repaired(kind: RepairKind, rows: u32, is_undone: bool, before: &str, after: &str) -> Repaired {
    let (before, after) = (before.to_owned(), after.to_owned());
    Repaired { kind, rows, is_undone, before, after, places: "people.csv, row 3".into() }
}

fn summary() -> Summary {
    let destination =
        |code: &str, recipients| Destination { country: Country::parse(code), recipients };
    Summary {
        total: 312_410,
        valid: 311_650,
        unable: 448,
        duplicates: 312,
        repaired: 12_400,
        doubtful: 1_204,
        destinations: vec![
            destination("SG", 280_000),
            destination("IN", 30_000),
            destination("DE", 1_650),
        ],
        fields: vec!["FirstName".into(), "City".into()],
        ..Summary::default()
    }
}

fn quote() -> Quote {
    let prices = price_list(&destinations());
    let mut quoting = Quoting::new(&prices);
    for Destination { country, recipients } in summary().destinations {
        for _ in 0..recipients {
            quoting.add(country, "Hello Grace, everything is 20 % off until Sunday.");
        }
    }
    quoting.finish()
}

fn destinations() -> Destinations {
    let price = |low: u128, high: u128| {
        let amount = |nanos: u128| Amount::from_nanos(nanos);
        Some(Cost { low: amount(low), high: amount(high) })
    };
    let country = |code: &str, name: &str, dialing_code, price, alphanumeric| {
        Some(DestinationInfo {
            country: Country::parse(code)?,
            name: name.to_owned(),
            dialing_code: Some(dialing_code),
            price,
            sender_rule: SenderRule { alphanumeric, two_way: false, disputed: false },
        })
    };
    Destinations {
        currency: Currency::USD,
        countries: [
            country("SG", "Singapore", 65, price(31_200_000, 31_200_000), Alphanumeric::Yes),
            country(
                "IN",
                "India",
                91,
                price(2_100_000, 4_700_000),
                Alphanumeric::RegistrationRequired,
            ),
            country("DE", "Germany", 49, None, Alphanumeric::Yes),
        ]
        .into_iter()
        .flatten()
        .collect(),
        sender_ids: vec!["Acme".into(), "AcmeShop".into()],
        confirm_from: 1_000,
    }
}

fn file() -> OpenFile {
    let choice = |id: &str, label: &str, value: &str, options: &[&str]| Choice {
        id: id.to_owned(),
        label: label.to_owned(),
        value: value.to_owned(),
        options: options
            .iter()
            .map(|option| ((*option).to_owned(), (*option).to_owned()))
            .collect(),
    };
    let parts = ["Mobile", "FirstName", "Not used"];
    OpenFile {
        id: 1,
        source: Some(Source {
            id: 1,
            facts: "36.0 MB · about 312,000 rows".into(),
            choices: vec![
                choice("encoding", "Encoding", "UTF-8", &["UTF-8", "Windows-1252"]),
                choice("delimiter", "Columns are separated by", "Comma", &["Comma", "Semicolon"]),
            ],
            columns: vec![
                choice("0", "Mobile", "Mobile", &parts),
                choice("1", "Name", "FirstName", &parts),
                choice(
                    "2",
                    "A column with a name as long as anybody might give it",
                    "Not used",
                    &parts,
                ),
            ],
            rows: vec![
                vec!["6591234568".into(), "Grace".into(), "yes".into()],
                vec!["0065 9123 4569".into(), "Ada".into(), String::new()],
            ],
            ..Source::default()
        }),
    }
}
