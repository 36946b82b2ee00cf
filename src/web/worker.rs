//! The page's side of the Web Worker (see [`domain::worker_protocol`]): starting it when it is first needed,
//! the handshake, and requests with their responses.

use crate::browser;
use crate::json;
use domain::worker_protocol::{Call, Event, Request, Response, VERSION};
use futures_channel::oneshot;
use leptos::ev;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, WorkerOptions, WorkerType};

const SCRIPT: &str = "/worker_loader.js";
/// After this long without a word from a new worker, it is given up.
const START: Duration = Duration::from_secs(30);
/// For so long after the browser asked whether the page may be left, its worker's end is not believed.
const LEAVING: Duration = Duration::from_secs(5);
const RELOADED: &str = "reloaded-for-worker";

/// Whether the worker can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// Nobody has asked it anything yet.
    NotStarted,
    /// Its files are on their way; requests wait.
    Starting,
    /// It answers.
    Ready,
    /// It could not be started, or it ended.
    Failed,
}

/// The worker of a wizard.
#[derive(Clone, Copy)]
pub struct Worker {
    state: RwSignal<WorkerState>,
    inner: StoredValue<Inner, LocalStorage>,
    on_lost: StoredValue<Option<Callback<()>>>,
    /// How often the page was about to be left, less how often it turned out to stay.
    is_leaving: StoredValue<u32>,
}

type OnResponse = Box<dyn Fn(Response)>;

#[derive(Default)]
struct Inner {
    worker: Option<web_sys::Worker>,
    /// Posted before the worker was ready, where they would be lost.
    queue: Vec<JsValue>,
    /// Who waits for responses, by the number of the call.
    waiting: Vec<(u32, OnResponse)>,
    next_id: u32,
}

/// The worker is gone: whoever asked must ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerLost;

impl Worker {
    /// Not started; it ends with the owner of this call.
    pub fn new() -> Self {
        let worker = Self {
            state: RwSignal::new(WorkerState::NotStarted),
            inner: StoredValue::new_local(Inner::default()),
            on_lost: StoredValue::new(None),
            is_leaving: StoredValue::new(0),
        };
        let leaving = window_event_listener(ev::beforeunload, move |_| {
            worker.is_leaving.try_update_value(|times| *times += 1);
            let stays = move || {
                worker.is_leaving.try_update_value(|times| *times -= 1);
            };
            set_timeout(stays, LEAVING);
        });
        on_cleanup(move || {
            leaving.remove();
            worker.end();
        });
        worker
    }

    /// Calls `lost` when the worker fails.
    pub fn on_lost(self, lost: impl Fn() + Send + Sync + 'static) {
        self.on_lost.set_value(Some(Callback::new(move |()| lost())));
    }

    /// Starts it again.
    pub fn restart(self) {
        self.end();
        self.state.set(WorkerState::NotStarted);
    }

    /// Whether it can be asked; follows its changes.
    pub fn state(self) -> WorkerState {
        self.state.get()
    }

    /// Asks, and waits for the last response.
    pub async fn ask(self, request: Request) -> Result<Response, WorkerLost> {
        self.ask_with(request, None, |_| ()).await
    }

    /// Asks, with a file beside the request; `hear` gets the responses before the last one.
    pub async fn ask_with(
        self,
        request: Request,
        file: Option<JsValue>,
        hear: impl Fn(Response) + 'static,
    ) -> Result<Response, WorkerLost> {
        let (last, response) = oneshot::channel();
        let last = std::cell::Cell::new(Some(last));
        let on_response = move |response: Response| {
            if !response.is_last() {
                hear(response);
            } else if let Some(last) = last.take() {
                // Nobody waits any more when the page has moved on.
                drop(last.send(response));
            }
        };
        self.post(request, file, Box::new(on_response));
        response.await.map_err(|_| WorkerLost)
    }

    fn post(self, request: Request, file: Option<JsValue>, on_response: OnResponse) {
        // The wizard may be gone while somebody was still waiting to ask. A worker that failed is not
        // asked: dropping `on_response` says so at once.
        match self.state.try_get_untracked() {
            None | Some(WorkerState::Failed) => return,
            Some(WorkerState::NotStarted) => self.start(),
            Some(WorkerState::Starting | WorkerState::Ready) => {}
        }
        let is_ready = self.state.try_get_untracked() == Some(WorkerState::Ready);
        self.inner.try_update_value(|inner| {
            inner.next_id += 1;
            let id = inner.next_id;
            let Ok(text) = serde_json::to_string(&Call { id, request }) else { return };
            let text = JsValue::from(text);
            let message = match file {
                Some(file) => js_sys::Array::of2(&text, &file).into(),
                None => text,
            };
            inner.waiting.push((id, on_response));
            match &inner.worker {
                Some(worker) if is_ready => {
                    // Posting a string or a file fails only for lack of memory.
                    let _ = worker.post_message(&message);
                }
                _ => inner.queue.push(message),
            }
        });
    }

    fn start(self) {
        self.state.set(WorkerState::Starting);
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = web_sys::Worker::new_with_options(SCRIPT, &options) else {
            return self.fail();
        };
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            match json::read(&text) {
                Some(Event::Ready { version }) if version == VERSION => self.ready(),
                Some(Event::Response { id, response }) => self.responded(id, response),
                Some(Event::Ready { .. }) | None => self.replace_stale_page(),
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let failed = worker.clone();
        let on_error = Closure::<dyn Fn(JsValue)>::new(move |_| self.failed(&failed));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // They must live as long as the worker, which is as long as the page or shorter.
        on_message.forget();
        on_error.forget();
        self.inner.try_update_value(|inner| inner.worker = Some(worker));
        let give_up = move || {
            if self.state.try_get_untracked() == Some(WorkerState::Starting) {
                self.fail();
            }
        };
        set_timeout(give_up, START);
    }

    fn ready(self) {
        if let Some(storage) = browser::tab_storage() {
            // Worst case: one reload less next time.
            let _ = storage.remove_item(RELOADED);
        }
        self.inner.try_update_value(|inner| {
            if let Some(worker) = &inner.worker {
                for message in inner.queue.drain(..) {
                    // Posting a string or a file fails only for lack of memory.
                    let _ = worker.post_message(&message);
                }
            }
        });
        self.state.try_set(WorkerState::Ready);
    }

    fn responded(self, id: u32, response: Response) {
        let is_last = response.is_last();
        let taken = self.inner.try_update_value(|inner| {
            let at = inner.waiting.iter().position(|(waiting, _)| *waiting == id)?;
            Some(inner.waiting.swap_remove(at))
        });
        // Called outside of the update: it may ask the next thing.
        if let Some(waiting) = taken.flatten() {
            (waiting.1)(response);
            if !is_last {
                self.inner.try_update_value(|inner| inner.waiting.push(waiting));
            }
        }
    }

    /// The browser holds a worker of another release than the page: loading afresh mends it, once.
    fn replace_stale_page(self) {
        let storage = browser::tab_storage();
        let first = storage.as_ref().is_some_and(|s| matches!(s.get_item(RELOADED), Ok(None)));
        if first && storage.is_some_and(|s| s.set_item(RELOADED, "1").is_ok()) {
            browser::reload();
        } else {
            self.fail();
        }
    }

    /// Firefox ends the worker of a page that is being left as if it had failed, and the draft that is kept
    /// for the next page would say so. Should the page stay, it is told after all.
    fn failed(self, worker: &web_sys::Worker) {
        if self.is_leaving.try_get_value() == Some(0) {
            return self.fail();
        }
        let worker = worker.clone();
        let after_all = move || {
            let is_the_same =
                self.inner.try_with_value(|inner| inner.worker.as_ref() == Some(&worker));
            if is_the_same == Some(true) {
                self.fail();
            }
        };
        set_timeout(after_all, LEAVING);
    }

    fn fail(self) {
        self.end();
        self.state.try_set(WorkerState::Failed);
        if let Some(lost) = self.on_lost.try_get_value().flatten() {
            lost.run(());
        }
    }

    /// Whoever waits for a response hears that there will be none.
    fn end(self) {
        let waiting = self.inner.try_update_value(|inner| {
            if let Some(worker) = inner.worker.take() {
                worker.terminate();
            }
            inner.queue.clear();
            std::mem::take(&mut inner.waiting)
        });
        drop(waiting);
    }
}
