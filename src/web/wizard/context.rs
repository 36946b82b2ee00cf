//! The wizard's state machine in the page, and everything that its effects need. It is made by the shell,
//! above all pages: leaving the steps ends nothing.

use crate::api::Api;
use crate::routes::Navigate;
use crate::worker::Worker;
use domain::problem::FieldError;
use domain::recipients::phone::Country;
use domain::time::Timestamp;
use domain::wire::DestinationInfo;
use domain::wizard::draft::Draft;
use domain::wizard::machine::{Effect, Event, Refusal, Wizard};
use domain::worker_protocol::Source;
use leptos::prelude::*;
use uuid::Uuid;

/// The wizard of this tab. In the context below the shell.
#[derive(Clone, Copy)]
pub struct WizardContext {
    pub(super) machine: RwSignal<Wizard>,
    /// What the worker knows of each file of the draft.
    pub(super) files: RwSignal<Vec<OpenFile>>,
    /// Keeps files and recipients.
    pub worker: Worker,
    /// Whether the browser has no room for the draft.
    pub storage_is_full: RwSignal<bool>,
    pub(super) api: Api,
    pub(super) navigate: Navigate,
    /// Under what the draft is kept for a reload; nothing in a host's frame.
    pub(super) user: Option<Uuid>,
    /// The latest thing to count, while something else is being counted.
    pub(super) to_count: StoredValue<ToCount>,
    /// Whether the machine waits to be woken.
    pub(super) is_waiting: StoredValue<bool>,
    /// The revision of the input whose pasted lists are kept.
    pub(super) kept_revision: StoredValue<Option<u32>>,
}

/// A file of the draft.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenFile {
    /// Its number in the draft.
    pub id: u32,
    /// What the worker knows of it; `None` until it has looked.
    pub source: Option<Source>,
}

/// What is to be counted.
#[derive(Default)]
pub struct ToCount {
    pub(super) is_counting: bool,
    pub(super) next: Option<(u32, String, domain::price::quote::PriceList)>,
}

impl WizardContext {
    /// With an empty draft. `user` is whose draft it is; `None` in a host's frame, where nothing is kept.
    pub fn new(api: Api, navigate: Navigate, user: Option<Uuid>) -> Self {
        let context = Self {
            machine: RwSignal::new(Wizard::new(crate::browser::new_id())),
            files: RwSignal::new(Vec::new()),
            worker: Worker::new(),
            storage_is_full: RwSignal::new(false),
            api,
            navigate,
            user,
            to_count: StoredValue::new(ToCount::default()),
            is_waiting: StoredValue::new(false),
            kept_revision: StoredValue::new(None),
        };
        context.worker.on_lost(move || {
            context.reopen_files_later();
            context.send(Event::WorkerLost);
        });
        context
    }

    /// The same in a state that somebody wants to look at.
    #[cfg(debug_assertions)]
    pub fn showing(self, wizard: Wizard, files: Vec<OpenFile>) -> Self {
        self.machine.set(wizard);
        self.files.set(files);
        self
    }

    /// Reads the machine, and follows its changes.
    pub fn with<T>(self, read: impl FnOnce(&Wizard) -> T) -> T {
        self.machine.with(read)
    }

    /// Reads the machine once.
    pub fn peek<T>(self, read: impl FnOnce(&Wizard) -> T) -> T {
        self.machine.with_untracked(read)
    }

    /// Reads the draft, and follows its changes.
    pub fn draft<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.machine.with(|wizard| read(wizard.draft()))
    }

    /// Reads the draft once.
    pub fn peek_draft<T>(self, read: impl FnOnce(&Draft) -> T) -> T {
        self.machine.with_untracked(|wizard| read(wizard.draft()))
    }

    /// Changes the draft, unless it is being sent.
    pub fn edit(self, change: impl FnOnce(&mut Draft)) {
        let effects = self.machine.try_update(|wizard| wizard.edit(change));
        self.carry_out(effects.unwrap_or_default());
    }

    /// Tells the machine what happened; nothing when the user is gone.
    pub fn send(self, event: Event) {
        let effects = self.machine.try_update(|wizard| wizard.on(event));
        self.carry_out(effects.unwrap_or_default());
    }

    /// Submit was pressed; why it does nothing, if so.
    pub fn submit(
        self,
        due: Result<Option<Timestamp>, FieldError>,
        typed_count: String,
    ) -> Option<Refusal> {
        let event = Event::Submit { due, typed_count };
        let effects = self.machine.try_update(|wizard| wizard.on(event)).unwrap_or_default();
        let refusal = effects.iter().find_map(|effect| match effect {
            Effect::Refuse(refusal) => Some(refusal.clone()),
            _ => None,
        });
        self.carry_out(effects);
        refusal
    }

    /// Whether the draft cannot be changed, because it is being sent; follows its changes.
    pub fn is_frozen(self) -> bool {
        self.with(Wizard::is_frozen)
    }

    /// The files, in the order in which they were chosen; follows their changes.
    pub fn files(self) -> Vec<OpenFile> {
        self.files.get()
    }

    /// What is known of a country, once the prices are here.
    pub fn country(self, country: Country) -> Option<DestinationInfo> {
        self.with(|wizard| {
            let countries = &wizard.destinations()?.countries;
            countries.iter().find(|info| info.country == country).cloned()
        })
    }

    /// A country's name; its code as long as the names are not here.
    pub fn country_name(self, country: Option<Country>) -> String {
        match country {
            None => "International services".to_owned(),
            Some(country) => {
                self.country(country).map_or_else(|| country.code().to_owned(), |info| info.name)
            }
        }
    }
}

/// Errors as a summary shows them.
pub fn lines(errors: &[FieldError]) -> Vec<(Option<&'static str>, String)> {
    errors.iter().map(|error| (Some(error.field.id()), error.problem.to_string())).collect()
}
