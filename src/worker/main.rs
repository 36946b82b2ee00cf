//! The Web Worker: it keeps the files and the recipients, away from the page's thread, and answers the
//! page's questions about them (see [`domain::worker_protocol`]).

mod blob;
mod keep;
mod reading;
mod upload;

use blob::BlobBytes;
use contacts::{Contacts, Source};
use domain::campaign::grant::Grant;
use domain::message::Message;
use domain::recipients::input::Chosen;
use domain::worker_protocol::{
    self as protocol, Call, Event, Keeping, Processed, Quoted, Request, Response, VERSION,
};
use js_sys::Array;
use reading::Outcome;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

type Held = Rc<RefCell<State>>;

/// What the worker keeps.
#[derive(Default)]
struct State {
    sources: Vec<Source>,
    /// The files themselves.
    files: Vec<File>,
    contacts: Rc<Contacts>,
    keeping: Keeping,
    /// What the columns of known files are.
    shapes: keep::Shapes,
    /// Files that are being looked into.
    opening: u32,
    /// What may be kept is being changed.
    settling: u32,
    /// The files that the page has not removed.
    wanted: Vec<u32>,
    /// Counts whatever makes what is being read out of date.
    turn: u32,
    /// Counts whatever ends what is being submitted.
    submission: u32,
}

/// A file that was chosen, or the copy of one that is kept.
#[derive(Clone)]
struct File {
    source: u32,
    blob: Blob,
    is_copy: bool,
}

impl State {
    /// Stops what is being read.
    fn new_turn(&mut self) -> u32 {
        self.turn += 1;
        self.turn
    }

    /// Takes a source in, in the order of their numbers.
    fn insert(&mut self, source: Source, file: File) {
        self.files.retain(|other| other.source != file.source);
        self.files.push(file);
        self.sources.retain(|other| other.id() != source.id());
        let at = self.sources.partition_point(|other| other.id() < source.id());
        self.sources.insert(at, source);
    }
}

fn main() {
    console_error_panic_hook::set_once();
    let held = Held::default();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        // A question, or a question and a file.
        let data = event.data();
        let (text, file) = match data.dyn_ref::<Array>() {
            Some(both) => (both.get(0).as_string(), both.get(1).dyn_into().ok()),
            None => (data.as_string(), None),
        };
        // The page speaks nothing else; a mismatch of versions was told apart at `Ready`.
        if let Ok(request) = serde_json::from_str::<Call>(&text.unwrap_or_default()) {
            answer(request, file, &held);
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    say(&Event::Ready { version: VERSION });
    // Questions that are waiting come first.
    spawn_local(async {
        reading::pause().await;
        reading::warm_up();
    });
}

fn answer(Call { id, request }: Call, file: Option<Blob>, held: &Held) {
    let reply = move |response| say(&Event::Response { id, response });
    let held = Rc::clone(held);
    match request {
        Request::Keep(keeping) => {
            held.borrow_mut().settling += 1;
            spawn_local(async move {
                change_keeping(&held, keeping).await;
                held.borrow_mut().settling -= 1;
                reply(Response::Done);
            });
        }
        Request::Open { source, name, chosen } => {
            let mut state = held.borrow_mut();
            state.opening += 1;
            state.wanted.push(source);
            state.new_turn();
            drop(state);
            spawn_local(async move {
                let view = open(&held, source, &name, &chosen, file).await;
                held.borrow_mut().opening -= 1;
                reply(Response::Source(Box::new(view)));
            });
        }
        Request::Choose { source, chosen } => {
            let view = choose(&held, source, &chosen);
            reply(Response::Source(Box::new(view)));
        }
        Request::Remove { source } => {
            let mut state = held.borrow_mut();
            state.new_turn();
            state.sources.retain(|other| other.id() != source);
            state.files.retain(|file| file.source != source);
            state.wanted.retain(|id| *id != source);
            let keeping = state.keeping;
            spawn_local(async move { keep::erase(keeping, source).await });
            reply(Response::Done);
        }
        Request::Process(input) => spawn_local(async move {
            let started = now();
            reply(match reading::read(&held, input, reply).await {
                Outcome::Canceled => Response::Canceled,
                Outcome::Unreadable(unreadable) => {
                    Response::Unreadable { source: unreadable.source, words: unreadable.words }
                }
                Outcome::Read(contacts) => {
                    let processed = processed(&contacts, Some(now() - started));
                    held.borrow_mut().contacts = Rc::new(*contacts);
                    Response::Processed(Box::new(processed))
                }
            });
        }),
        Request::Cancel => {
            held.borrow_mut().new_turn();
            reply(Response::Done);
        }
        Request::Rows(asked) => {
            let contacts = Rc::clone(&held.borrow().contacts);
            reply(Response::Rows(Box::new(contacts.rows(&asked))));
        }
        Request::Correct(correction) => {
            // While recipients are on their way to the server, nothing changes.
            let mut state = held.borrow_mut();
            let corrected =
                Rc::get_mut(&mut state.contacts).map_or(Err(None), |c| c.correct(&correction));
            reply(match corrected {
                Ok(()) => Response::Processed(Box::new(processed(&state.contacts, None))),
                Err(problem) => Response::NotCorrected(problem.map_or_else(
                    || "This row is not there any more. Process the contacts again.".to_owned(),
                    |problem| format!("Check the number: {problem}"),
                )),
            });
        }
        Request::Quote { message, prices, grant } => {
            let quoted = Message::parse(&message).ok().map(|message| {
                let quote = held.borrow().contacts.quote(&message, &prices);
                let grant = grant.and_then(|json| serde_json::from_str::<Grant>(&json).ok());
                let objections = grant.map(|grant| grant.objections(&quote)).unwrap_or_default();
                Box::new(Quoted { quote, objections })
            });
            reply(Response::Quoted(quoted));
        }
        Request::Preview { message, at } => {
            let message = Message::parse(&message).ok();
            let preview = message.and_then(|m| held.borrow().contacts.preview(&m, at as usize));
            reply(Response::Preview(preview));
        }
        Request::RejectsCsv => {
            let address = keep::address_of(&held.borrow().contacts.rejects_csv());
            reply(Response::Csv(address.unwrap_or_default()));
        }
        Request::Submit { submission, bearer } => spawn_local(async move {
            let this = held.borrow().submission + 1;
            held.borrow_mut().submission = this;
            let is_wanted = || held.borrow().submission == this;
            let contacts = Rc::clone(&held.borrow().contacts);
            let progress = |done| reply(Response::Uploading { attempt: 0, done });
            let submitted =
                upload::submit(&submission, &contacts, bearer.as_deref(), progress, is_wanted)
                    .await;
            reply(match submitted {
                Ok(None) => Response::Canceled,
                Ok(Some(campaign)) => {
                    let keeping = held.borrow().keeping;
                    keep::erase_all(keeping).await;
                    Response::Submitted(Box::new(campaign))
                }
                Err(problem) => Response::Refused(Box::new(problem)),
            });
        }),
        Request::Upload { .. } | Request::StopUpload => {
            reply(Response::Failed("This cannot be done yet.".to_owned()));
        }
        Request::StopSubmitting => {
            held.borrow_mut().submission += 1;
            reply(Response::Done);
        }
    }
}

/// Looks into a file, or into what was kept of it.
async fn open(
    held: &Held,
    id: u32,
    name: &str,
    chosen: &[Chosen],
    file: Option<Blob>,
) -> protocol::Source {
    // What is known of files of its shape may still be on its way.
    while held.borrow().settling > 0 {
        reading::pause().await;
    }
    let keeping = held.borrow().keeping;
    let is_new = file.is_some();
    let known = held.borrow().files.iter().find(|file| file.source == id && !file.is_copy).cloned();
    let file = match file.or(known.map(|known| known.blob)) {
        Some(blob) => Some(File { source: id, blob, is_copy: false }),
        None => keep::kept(keeping, id).await.map(|blob| File { source: id, blob, is_copy: true }),
    };
    let Some(file) = file else {
        return protocol::Source { id, is_gone: true, ..protocol::Source::default() };
    };
    let bytes = Box::new(BlobBytes::new(file.blob.clone()));
    let mut source = match Source::open(id, name, bytes) {
        Ok(source) => source,
        Err(problem) => return refused(id, &problem.to_string()),
    };
    let shape = source.shape();
    if let Some(labels) = shape.and_then(|shape| held.borrow().shapes.columns(&shape)) {
        source.set_labels(&labels);
    }
    for chosen in chosen {
        if let Err(problem) = source.choose(chosen) {
            return refused(id, &problem.to_string());
        }
    }
    let mut view = source.view();
    // It may have been removed meanwhile.
    if !held.borrow().wanted.contains(&id) {
        return view;
    }
    held.borrow_mut().insert(source, file.clone());
    if is_new && !copy(held, keeping, &file).await {
        view.notes.push(NOT_KEPT.to_owned());
    }
    view
}

const NOT_KEPT: &str =
    "There is no room to keep this file on this device: after a reload it has to be chosen again.";

fn choose(held: &Held, id: u32, chosen: &Chosen) -> protocol::Source {
    let mut state = held.borrow_mut();
    state.new_turn();
    let keeping = state.keeping;
    let Some(source) = state.sources.iter_mut().find(|source| source.id() == id) else {
        return protocol::Source { id, is_gone: true, ..protocol::Source::default() };
    };
    if let Err(problem) = source.choose(chosen) {
        // With what was chosen before still to be chosen.
        return protocol::Source { problem: Some(problem.to_string()), ..source.view() };
    }
    let labels: Vec<String> = source.labels().iter().map(ToString::to_string).collect();
    let view = source.view();
    if chosen.id.starts_with("column-")
        && let Some(shape) = source.shape()
        && !labels.iter().any(|label| looks_personal(label))
    {
        let text = state.shapes.learn(shape, labels);
        // Where it cannot be saved, it is found out again the next time.
        spawn_local(async move { keep::save(keeping, text).await.unwrap_or_default() });
    }
    view
}

/// Whether a label is more likely from a contact's row than the name of a column: such are not remembered.
fn looks_personal(label: &str) -> bool {
    label.contains('@') || label.bytes().filter(u8::is_ascii_digit).count() > 4
}

fn refused(id: u32, words: &str) -> protocol::Source {
    protocol::Source { id, problem: Some(words.to_owned()), ..protocol::Source::default() }
}

async fn change_keeping(held: &Held, keeping: Keeping) {
    let before = std::mem::replace(&mut held.borrow_mut().keeping, keeping);
    if before == Keeping::Nothing && keeping != Keeping::Nothing {
        let shapes = keep::Shapes::load(keeping).await;
        held.borrow_mut().shapes = shapes;
        keep::tidy().await;
    }
    if let Keeping::Files(_) = keeping {
        let files = held.borrow().files.clone();
        for file in files.iter().filter(|file| !file.is_copy) {
            copy(held, keeping, file).await;
        }
    } else {
        keep::erase_all(before).await;
        // What was read from a copy cannot be read any more.
        let mut state = held.borrow_mut();
        let State { files, sources, .. } = &mut *state;
        sources.retain(|source| !files.iter().any(|f| f.is_copy && f.source == source.id()));
        files.retain(|file| !file.is_copy);
    }
}

/// Keeps a file where that is agreed, and erases the copy again when it is not wanted any more once it is
/// made. Whether there is no trouble.
async fn copy(held: &Held, keeping: Keeping, file: &File) -> bool {
    let is_wanted = || {
        let state = held.borrow();
        state.keeping == keeping && state.wanted.contains(&file.source)
    };
    if !matches!(keeping, Keeping::Files(_)) || !is_wanted() {
        return true;
    }
    let is_kept = keep::keep(keeping, file.source, &file.blob).await;
    if !is_wanted() {
        keep::erase(keeping, file.source).await;
        return true;
    }
    is_kept
}

fn processed(contacts: &Contacts, millis: Option<f64>) -> Processed {
    Processed {
        summary: contacts.summary().clone(),
        repairs: contacts.repairs(),
        notes: contacts.notes().to_vec(),
        words: contacts.words(millis.map(|millis| millis as u32)),
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn say(say: &Event) {
    if let Ok(text) = serde_json::to_string(say) {
        // Posting a string cannot fail but for a lack of memory.
        let _ = scope().post_message(&JsValue::from_str(&text));
    }
}

fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}
