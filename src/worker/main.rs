//! The Web Worker: it keeps the recipients, away from the page's thread, and answers the page's
//! questions about them (see [`domain::worker_protocol`]).

mod upload;

use contacts::Contacts;
use domain::grant::Grant;
use domain::message::Message;
use domain::worker_protocol::{Answer, Ask, Processed, Quoted, Request, Say, VERSION};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// How many rejected, repaired and doubtful rows the page is shown; the CSV has them all.
const SHOWN: usize = 200;

type Held = Rc<RefCell<Contacts>>;

fn main() {
    console_error_panic_hook::set_once();
    let held = Held::default();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        // The page speaks nothing else; a mismatch of versions was told apart at `Ready`.
        if let Ok(request) = serde_json::from_str::<Request>(&text) {
            answer(request, &held);
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    say(&Say::Ready { version: VERSION });
}

fn answer(Request { id, ask }: Request, held: &Held) {
    let reply = move |answer| say(&Say::Answer { id, answer });
    match ask {
        Ask::Process(input) => {
            let started = now();
            let contacts = Contacts::process(&input);
            let processed = Processed {
                summary: contacts.summary().clone(),
                rejects: first(contacts.rejects()),
                repairs: first(contacts.repairs()),
                doubts: first(contacts.doubts()),
                millis: (now() - started) as u32,
            };
            held.replace(contacts);
            reply(Answer::Processed(Box::new(processed)));
        }
        Ask::Quote { message, prices, grant } => {
            let quoted = Message::parse(&message).ok().map(|message| {
                let quote = held.borrow().quote(&message, &prices);
                let grant = grant.and_then(|json| serde_json::from_str::<Grant>(&json).ok());
                let objections = grant.map(|grant| grant.objections(&quote)).unwrap_or_default();
                Box::new(Quoted { quote, objections })
            });
            reply(Answer::Quoted(quoted));
        }
        Ask::Preview { message, at } => {
            let message = Message::parse(&message).ok();
            let preview = message.and_then(|m| held.borrow().preview(&m, at as usize));
            reply(Answer::Preview(preview));
        }
        Ask::RejectsCsv => reply(Answer::Csv(held.borrow().rejects_csv())),
        Ask::Submit { submission, bearer } => {
            let held = Rc::clone(held);
            wasm_bindgen_futures::spawn_local(async move {
                let chunks: Vec<_> = held.borrow().chunks().collect();
                let progress = |done| reply(Answer::Uploaded(done));
                reply(
                    match upload::submit(&submission, &chunks, bearer.as_deref(), progress).await {
                        Ok(campaign) => Answer::Submitted(Box::new(campaign)),
                        Err(problem) => Answer::Refused(Box::new(problem)),
                    },
                );
            });
        }
    }
}

fn first<T: Clone>(rows: &[T]) -> Vec<T> {
    rows.iter().take(SHOWN).cloned().collect()
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn say(say: &Say) {
    if let Ok(text) = serde_json::to_string(say) {
        // Posting a string cannot fail but for a lack of memory.
        let _ = scope().post_message(&JsValue::from_str(&text));
    }
}

fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}
