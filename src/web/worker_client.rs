//! The page's side of the Web Worker (see [`domain::worker_protocol`]): starting it, the handshake, and
//! questions with their answers.

use crate::browser;
use crate::json;
use crate::reactive::Var;
use domain::worker_protocol::{Call, Event, Request, Response, VERSION};
use futures_channel::oneshot;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

const SCRIPT: &str = "/worker_loader.js";
/// After this long without a word, the worker is given up.
const PATIENCE_MS: u64 = 30_000;
const RELOADED: &str = "reloaded-for-worker";

/// Whether the worker can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// Its files are on their way; questions wait.
    Starting,
    /// It answers.
    Ready,
    /// It could not be started.
    Failed,
}

/// The worker. In the context of the wizard.
#[derive(Clone, Copy)]
pub struct WorkerClient {
    state: Var<WorkerState>,
    line: StoredValue<Line, LocalStorage>,
}

type OnAnswer = Box<dyn Fn(Response) -> Option<()>>;

#[derive(Default)]
struct Line {
    worker: Option<Worker>,
    /// Asked before the worker was ready; what is posted to it then is lost.
    queue: Vec<JsValue>,
    /// Who asked, by the number of the question.
    waiting: Vec<(u32, OnAnswer)>,
    next_id: u32,
}

/// The worker is gone: whoever asked must ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerLost;

impl WorkerClient {
    /// Starts a worker; it ends with the owner of this call.
    pub fn start() -> Self {
        let client = Self {
            state: Var::new(WorkerState::Starting),
            line: StoredValue::new_local(Line::default()),
        };
        client.spawn();
        on_cleanup(move || client.stop());
        client
    }

    /// Starts it again after it failed.
    pub fn restart(self) {
        self.stop();
        self.state.set(WorkerState::Starting);
        self.spawn();
    }

    /// Whether it can be asked.
    pub fn state(self) -> WorkerState {
        self.state.get()
    }

    /// Asks, and waits for the last answer.
    pub async fn ask(self, ask: Request) -> Result<Response, WorkerLost> {
        self.ask_with(ask, None, |_| ()).await
    }

    /// Asks, with a file beside the question; `hear` gets the answers before the last one.
    pub async fn ask_with(
        self,
        ask: Request,
        file: Option<JsValue>,
        hear: impl Fn(Response) + 'static,
    ) -> Result<Response, WorkerLost> {
        let (done, answer) = oneshot::channel();
        let done = std::cell::Cell::new(Some(done));
        let on_answer = move |answer: Response| {
            if !answer.is_last() {
                hear(answer);
                return None;
            }
            // Nobody waits any more when the page has moved on.
            done.take().and_then(|done| done.send(answer).ok())
        };
        self.post(ask, file, Box::new(on_answer));
        answer.await.map_err(|_| WorkerLost)
    }

    fn post(self, ask: Request, file: Option<JsValue>, on_answer: OnAnswer) {
        // The wizard may have been left while somebody was still waiting to ask.
        let Some(state) = self.state.try_get_untracked() else { return };
        // Nobody would answer: whoever asked hears that at once.
        if state == WorkerState::Failed {
            return;
        }
        let ready = state == WorkerState::Ready;
        self.line.try_update_value(|line| {
            line.next_id += 1;
            let id = line.next_id;
            let Ok(text) = serde_json::to_string(&Call { id, request: ask }) else { return };
            let text = JsValue::from(text);
            let message = match file {
                Some(file) => js_sys::Array::of2(&text, &file).into(),
                None => text,
            };
            line.waiting.push((id, on_answer));
            match &line.worker {
                Some(worker) if ready => {
                    // Posting a string or a file fails only for lack of memory.
                    let _ = worker.post_message(&message);
                }
                _ => line.queue.push(message),
            }
        });
    }

    fn spawn(self) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = Worker::new_with_options(SCRIPT, &options) else {
            return self.fail();
        };
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            match json::read(&text) {
                Some(Event::Ready { version: VERSION }) => self.ready(),
                Some(Event::Response { id, response }) => self.answered(id, response),
                Some(Event::Ready { .. }) | None => self.replace_stale_page(),
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = Closure::<dyn Fn(JsValue)>::new(move |_| self.fail());
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // They must live as long as the worker, which is as long as the page or shorter.
        on_message.forget();
        on_error.forget();
        self.line.try_update_value(|line| line.worker = Some(worker));
        set_timeout(
            move || {
                if self.state.try_get_untracked() == Some(WorkerState::Starting) {
                    self.fail();
                }
            },
            std::time::Duration::from_millis(PATIENCE_MS),
        );
    }

    fn ready(self) {
        if let Some(storage) = browser::tab_storage() {
            // Worst case: one reload less next time.
            let _ = storage.remove_item(RELOADED);
        }
        self.line.try_update_value(|line| {
            if let Some(worker) = &line.worker {
                for message in line.queue.drain(..) {
                    // Posting a string or a file fails only for lack of memory.
                    let _ = worker.post_message(&message);
                }
            }
        });
        self.state.set(WorkerState::Ready);
    }

    fn answered(self, id: u32, answer: Response) {
        let last = answer.is_last();
        let take = |line: &mut Line| {
            let at = line.waiting.iter().position(|(asked, _)| *asked == id)?;
            Some(line.waiting.swap_remove(at))
        };
        if let Some(asker) = self.line.try_update_value(take).flatten() {
            (asker.1)(answer);
            if !last {
                self.line.try_update_value(|line| line.waiting.push(asker));
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

    fn fail(self) {
        self.stop();
        self.state.set(WorkerState::Failed);
    }

    /// Whoever waits for an answer hears that there will be none.
    fn stop(self) {
        self.line.try_update_value(|line| {
            if let Some(worker) = line.worker.take() {
                worker.terminate();
            }
            line.queue.clear();
            line.waiting.clear();
        });
    }
}
