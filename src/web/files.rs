//! The files of the draft as the worker sees them: one story for each, from being chosen to being removed.

use crate::host;
use crate::reactive::{Var, spawn};
use crate::state::DraftState;
use crate::worker_client::WorkerClient;
use domain::recipients::input::Chosen;
use domain::worker_protocol::{Keeping, Request, Response, Source};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// A file on the page.
#[derive(Clone, Copy)]
pub struct OpenFile {
    /// Its number in the draft.
    pub id: u32,
    /// What the worker knows of it; `None` until it has looked.
    pub source: Var<Option<Source>>,
}

/// The files. In the context of the wizard.
#[derive(Clone, Copy)]
pub struct Files {
    draft: DraftState,
    worker: WorkerClient,
    open: Var<Vec<OpenFile>>,
    /// Grows with whatever changes what there is to process.
    revision: Var<u32>,
    /// The wizard's, under which what is known of a file outlives the step in which it was chosen.
    owner: StoredValue<Option<Owner>>,
}

impl Files {
    /// Those of the draft, looked into again after a reload.
    pub fn of(draft: DraftState, worker: WorkerClient) -> Self {
        let files = Self {
            draft,
            worker,
            open: Var::new(Vec::new()),
            revision: Var::new(0),
            owner: StoredValue::new(Owner::current()),
        };
        files.reopen();
        files
    }

    /// Has the worker look into all of them again: into what it or this device still has of them.
    pub fn reopen(self) {
        self.tell_keeping();
        self.open.set(Vec::new());
        for file in self.draft.peek(|draft| draft.files.clone()) {
            self.look(file.id, file.name, file.chosen, None);
        }
    }

    /// What it is at. When it is another later, what was processed is not what there is.
    pub fn revision(self) -> u32 {
        self.revision.try_get_untracked().unwrap_or_default()
    }

    /// All of them, in the order in which they were chosen.
    pub fn all(self) -> Vec<OpenFile> {
        self.open.get()
    }

    /// Takes a file that was chosen or dropped; it takes the place of one of that name that is gone.
    pub fn add(self, file: &web_sys::File) {
        let name = file.name();
        let gone = self.draft.peek(|draft| {
            let files = draft.files.iter().filter(|known| known.name == name);
            files.map(|known| (known.id, known.chosen.clone())).collect::<Vec<_>>()
        });
        let gone = gone.into_iter().find(|(id, _)| {
            self.find(*id).is_none_or(|file| {
                file.source
                    .with_untracked(|source| source.as_ref().is_some_and(|source| source.is_gone))
            })
        });
        let mut taken = gone;
        if let Some((id, _)) = &taken {
            self.draft.change(|draft| draft.replace_file(*id));
        }
        if taken.is_none() {
            self.draft.change(|draft| taken = Some((draft.add_file(name.clone()), Vec::new())));
        }
        if let Some((id, chosen)) = taken {
            self.look(id, name, chosen, Some(file.into()));
        }
    }

    /// Forgets a file.
    pub fn remove(self, id: u32) {
        self.change();
        self.open.update(|open| open.retain(|file| file.id != id));
        self.draft.change(|draft| draft.remove_file(id));
        self.tell(Request::Remove { source: id });
    }

    /// Has a file read in another way.
    pub fn choose(self, id: u32, chosen: Chosen) {
        self.change();
        self.draft.change(|draft| draft.choose(id, chosen.clone()));
        spawn(async move {
            let answer = self.worker.ask(Request::Choose { source: id, chosen }).await;
            self.hear(id, answer.ok());
        });
    }

    /// Whether the user agrees that files are kept on this device.
    pub fn agree(self, agreed: bool) {
        self.draft.change(|draft| draft.keep_files = agreed);
        if agreed {
            self.tell_keeping();
        } else {
            // Those that are read from the copies are gone with them.
            self.reopen();
        }
    }

    /// The first that cannot be processed as it is, and what to do about it.
    pub fn problem(self) -> Option<String> {
        let names = self.draft.peek(|draft| draft.files.clone());
        self.open.with_untracked(|open| {
            open.iter().find_map(|file| {
                let name = &names.iter().find(|known| known.id == file.id)?.name;
                file.source.with_untracked(|source| match source {
                    Some(Source { is_gone: true, .. }) => {
                        Some(format!("Choose {name} again, or remove it"))
                    }
                    Some(Source { problem: Some(words), .. }) => {
                        Some(format!("Remove {name} or choose another file. {words}"))
                    }
                    _ => None,
                })
            })
        })
    }

    fn find(self, id: u32) -> Option<OpenFile> {
        self.open.with_untracked(|open| open.iter().find(|file| file.id == id).copied())
    }

    fn change(self) {
        self.revision.update(|revision| *revision += 1);
    }

    fn look(self, id: u32, name: String, chosen: Vec<Chosen>, file: Option<JsValue>) {
        self.change();
        match self.find(id) {
            Some(known) => known.source.set(None),
            None => {
                let owner = self.owner.try_get_value().flatten();
                let Some(source) = owner.map(|owner| owner.with(|| Var::new(None))) else { return };
                self.open.update(|open| open.push(OpenFile { id, source }));
            }
        }
        spawn(async move {
            let ask = Request::Open { source: id, name, chosen };
            let answer = self.worker.ask_with(ask, file, |_| ()).await;
            self.hear(id, answer.ok());
        });
    }

    fn hear(self, id: u32, answer: Option<Response>) {
        let source = match answer {
            Some(Response::Source(source)) => *source,
            // The worker is gone, and what it held.
            _ => Source { id, is_gone: true, ..Source::default() },
        };
        if source.is_gone || source.problem.is_some() {
            self.draft.change(|draft| draft.processed = None);
        }
        if let Some(file) =
            self.open.try_with_untracked(|open| open.iter().find(|f| f.id == id).copied()).flatten()
        {
            file.source.set(Some(source));
        }
    }

    fn tell_keeping(self) {
        let keeping = self.draft.peek(|draft| match draft.keep_files {
            _ if host::is_around() => Keeping::Nothing,
            true => Keeping::Files(draft.kept_under),
            false => Keeping::Columns,
        });
        self.tell(Request::Keep(keeping));
    }

    fn tell(self, ask: Request) {
        spawn(async move {
            // When the worker is gone, so is what it would forget.
            let _ = self.worker.ask(ask).await;
        });
    }
}
