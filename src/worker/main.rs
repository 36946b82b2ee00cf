//! The Web Worker: it keeps the files and the recipients, away from the page's thread, and answers the
//! page's questions about them (see [`domain::worker_protocol`]).

mod blob;
mod files;
mod keep;
mod line;
mod reading;
mod scope;
mod state;
mod upload;

use contacts::Contacts;
use domain::campaign::grant::Grant;
use domain::message::Message;
use domain::upload::End;
use domain::worker_protocol::{Call, Event, Processed, Quoted, Request, Response, VERSION};
use js_sys::Array;
use reading::Reading;
use scope::{now, pause, say, scope};
use serde::Deserialize;
use state::Held;
use std::rc::Rc;
use upload::Outcome;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, MessageEvent};

fn main() {
    // Thrown, it gets to the page as well, which then knows that this worker is lost.
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        wasm_bindgen::throw_str(&info.to_string());
    }));
    let held = Held::default();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        hear(&event.data(), &held);
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let on_garbage = Closure::<dyn Fn()>::new(|| wasm_bindgen::throw_str(UNREADABLE));
    scope().set_onmessageerror(Some(on_garbage.as_ref().unchecked_ref()));
    on_garbage.forget();
    say(&Event::Ready { version: VERSION });
    // Questions that are waiting come first.
    spawn_local(async {
        pause().await;
        reading::warm_up();
    });
}

const UNREADABLE: &str = "The worker cannot read what the page says";

/// The part of a [`Call`] that needs no understanding.
#[derive(Deserialize)]
struct Numbered {
    id: u32,
}

/// Takes a message of the page: a request, or a request and a file.
fn hear(data: &JsValue, held: &Held) {
    let (text, file) = match data.dyn_ref::<Array>() {
        Some(both) => (both.get(0).as_string(), both.get(1).dyn_into().ok()),
        None => (data.as_string(), None),
    };
    let text = text.unwrap_or_default();
    // Versions have been compared at `Ready`: this is for mistakes of our own.
    match (serde_json::from_str::<Call>(&text), serde_json::from_str::<Numbered>(&text)) {
        (Ok(call), _) => answer(call, file, held),
        (Err(_), Ok(Numbered { id })) => {
            let response = failed("Something went wrong in this page. Load it again.");
            say(&Event::Response { id, response });
        }
        (Err(_), Err(_)) => wasm_bindgen::throw_str(UNREADABLE),
    }
}

fn answer(Call { id, request }: Call, file: Option<Blob>, held: &Held) {
    let reply = move |response| say(&Event::Response { id, response });
    let held = Rc::clone(held);
    match request {
        Request::Keep(keeping) => {
            held.borrow_mut().settling += 1;
            spawn_local(async move {
                files::change_keeping(&held, keeping).await;
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
                let view = files::open(&held, source, &name, &chosen, file).await;
                held.borrow_mut().opening -= 1;
                reply(Response::Source(Box::new(view)));
            });
        }
        Request::Choose { source, chosen } => {
            let view = files::choose(&held, source, &chosen);
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
                Reading::Canceled => Response::Canceled,
                Reading::Unreadable(unreadable) => {
                    Response::Unreadable { source: unreadable.source, words: unreadable.words }
                }
                Reading::Read(contacts) => {
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
            let mut state = held.borrow_mut();
            let Some(contacts) = Rc::get_mut(&mut state.contacts) else {
                // What is uploaded stays as it is.
                let words = "The recipients are on their way to the server. Stop that first.";
                return reply(Response::NotCorrected(words.to_owned()));
            };
            reply(match contacts.correct(&correction) {
                Ok(()) => Response::Processed(Box::new(processed(contacts, None))),
                Err(problem) => Response::NotCorrected(problem.map_or_else(
                    || "This row is not there any more. Process the contacts again.".to_owned(),
                    |problem| format!("Check the number: {problem}"),
                )),
            });
        }
        Request::Quote { message, prices, grant } => {
            // What cannot be read allows nothing.
            let Ok(grant) = grant.map(|json| serde_json::from_str::<Grant>(&json)).transpose()
            else {
                return reply(failed("What your sign-in allows cannot be read. Sign in again."));
            };
            let quoted = Message::parse(&message).ok().map(|message| {
                let quote = held.borrow().contacts.quote(&message, &prices);
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
            reply(address.map_or_else(
                || failed("There is no room for the file. Close other tabs and try again."),
                Response::Csv,
            ));
        }
        Request::Upload { attempt, submission, by } => {
            let line = held.borrow_mut().new_line();
            let contacts = Rc::clone(&held.borrow().contacts);
            spawn_local(async move {
                let progress = |done| reply(Response::Uploading { attempt, done });
                let outcome = upload::upload(&submission, &contacts, &by, &line, progress).await;
                reply(match outcome {
                    Outcome::Stored => Response::Uploaded { attempt },
                    Outcome::Canceled => Response::Canceled,
                    Outcome::Ended(End::AlreadySubmitted(campaign)) => {
                        Response::AlreadySubmitted { attempt, campaign }
                    }
                    Outcome::Ended(End::Interrupted(problem)) => {
                        Response::Interrupted { attempt, problem }
                    }
                    Outcome::Ended(End::Refused(problem)) => {
                        Response::UploadRefused { attempt, problem }
                    }
                });
            });
        }
        Request::StopUpload => {
            held.borrow_mut().new_line();
            reply(Response::Done);
        }
    }
}

fn failed(words: &str) -> Response {
    Response::Failed(words.to_owned())
}

fn processed(contacts: &Contacts, millis: Option<f64>) -> Processed {
    Processed {
        summary: contacts.summary().clone(),
        repairs: contacts.repairs(),
        notes: contacts.notes().to_vec(),
        words: contacts.words(millis.map(|millis| millis as u32)),
    }
}
