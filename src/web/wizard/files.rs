//! The files of the draft as the worker sees them: one story for each, from being chosen to being removed.

use super::context::{OpenFile, WizardContext};
use domain::recipients::input::Chosen;
use domain::wizard::machine::{Event, Wizard};
use domain::worker_protocol::{Keeping, Request, Response, Source};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

impl WizardContext {
    /// Has the worker look into all files again: into what it or this device still has of them.
    pub fn reopen_files(self) {
        self.tell_keeping();
        self.files.try_set(Vec::new());
        for file in self.peek_draft(|draft| draft.files.clone()) {
            self.look_into(file.id, file.name, file.chosen, None);
        }
    }

    /// The worker ended with everything it held: the files are asked for again once there is another.
    pub(super) fn reopen_files_later(self) {
        self.files.try_set(Vec::new());
    }

    /// Takes a file that was chosen or dropped; it takes the place of one of that name that is gone.
    pub fn add_file(self, file: &web_sys::File) {
        if self.peek(Wizard::is_frozen) {
            return;
        }
        if self.files.with_untracked(Vec::is_empty) {
            // In a new tab nothing was read from the last page, and the worker was not told.
            self.tell_keeping();
        }
        let name = file.name();
        let gone = self.files.with_untracked(|open| {
            let is_gone = |id| {
                let file = open.iter().find(|file| file.id == id);
                file.is_none_or(|file| file.source.as_ref().is_some_and(|source| source.is_gone))
            };
            self.peek_draft(|draft| {
                let mut files = draft.files.iter();
                files.find(|known| known.name == name && is_gone(known.id)).cloned()
            })
        });
        let (id, chosen) = match gone {
            Some(gone) => {
                self.edit(|draft| draft.replace_file(gone.id));
                (gone.id, gone.chosen)
            }
            None => {
                let mut id = 0;
                self.edit(|draft| id = draft.add_file(name.clone()));
                (id, Vec::new())
            }
        };
        self.look_into(id, name, chosen, Some(file.into()));
    }

    /// Forgets a file.
    pub fn remove_file(self, id: u32) {
        if self.peek(Wizard::is_frozen) {
            return;
        }
        self.files.update(|open| open.retain(|file| file.id != id));
        self.edit(|draft| draft.remove_file(id));
        self.tell_worker(Request::Remove { source: id });
    }

    /// Has a file read in another way.
    pub fn choose(self, id: u32, chosen: Chosen) {
        if self.peek(Wizard::is_frozen) {
            return;
        }
        self.edit(|draft| draft.choose(id, chosen.clone()));
        spawn_local(async move {
            let response = self.worker.ask(Request::Choose { source: id, chosen }).await.ok();
            let is_refused = matches!(&response, Some(Response::Source(s)) if s.problem.is_some());
            self.heard(id, response);
            if is_refused {
                // After a reload the file would else be refused for ever.
                self.edit(|draft| draft.take_back_choice(id));
            }
        });
    }

    /// Whether the user agrees that files are kept on this device.
    pub fn agree_to_keep(self, agreed: bool) {
        self.edit(|draft| draft.keep_files = agreed);
        if agreed {
            self.tell_keeping();
        } else {
            // Those that are read from the copies are gone with them.
            self.reopen_files();
        }
    }

    /// The first file that cannot be read as it is, and what to do about it.
    pub fn file_problem(self) -> Option<String> {
        let names = self.machine.try_with_untracked(|wizard| wizard.draft().files.clone())?;
        self.files.try_with_untracked(|open| {
            open.iter().find_map(|file| {
                let name = &names.iter().find(|known| known.id == file.id)?.name;
                match &file.source {
                    Some(Source { is_gone: true, .. }) => {
                        Some(format!("Choose {name} again, or remove it"))
                    }
                    Some(Source { problem: Some(words), .. }) => {
                        Some(format!("Remove {name} or choose another file. {words}"))
                    }
                    _ => None,
                }
            })
        })?
    }

    fn look_into(self, id: u32, name: String, chosen: Vec<Chosen>, file: Option<JsValue>) {
        self.files.update(|open| match open.iter_mut().find(|file| file.id == id) {
            Some(known) => known.source = None,
            None => open.push(OpenFile { id, source: None }),
        });
        spawn_local(async move {
            let request = Request::Open { source: id, name, chosen };
            let response = self.worker.ask_with(request, file, |_| ()).await;
            self.heard(id, response.ok());
        });
    }

    fn heard(self, id: u32, response: Option<Response>) {
        let source = match response {
            Some(Response::Source(source)) => *source,
            Some(Response::Failed(words)) => {
                Source { id, problem: Some(words), ..Source::default() }
            }
            // The worker is gone, and what it held.
            _ => Source { id, is_gone: true, ..Source::default() },
        };
        let is_lost = source.is_gone || source.problem.is_some();
        let is_known = self.files.try_update(|open| {
            let file = open.iter_mut().find(|file| file.id == id);
            file.map(|file| file.source = Some(source)).is_some()
        });
        if is_lost && is_known == Some(true) {
            self.send(Event::SourceLost);
        }
    }

    fn tell_keeping(self) {
        let keeping = self.peek_draft(|draft| match self.user {
            None => Keeping::Nothing,
            Some(user) if draft.keep_files => Keeping::Files { user, draft: draft.kept_under },
            Some(user) => Keeping::Columns(user),
        });
        self.tell_worker(Request::Keep(keeping));
    }
}
