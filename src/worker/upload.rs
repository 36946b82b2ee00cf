//! Submitting a campaign: store it, store its recipients chunk by chunk, then submit. Every request
//! can be repeated without harm, so whatever gets lost on the way is simply asked again.

use contacts::Contacts;
use domain::problem::{ApiProblem, ProblemCode};
use domain::wire::{API, Campaign};
use domain::wizard::submission::Submission;
use gloo_net::http::{Request, Response};
use serde::Serialize;
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;

/// How often a request without an answer is repeated before the user is asked.
const TRIES: u32 = 4;

/// Hands over the campaign. `progress` hears how many recipients the server has. `None` when it is not
/// wanted any more before it was submitted.
pub async fn submit(
    submission: &Submission,
    contacts: &Contacts,
    bearer: Option<&str>,
    progress: impl Fn(u32),
    is_wanted: impl Fn() -> bool,
) -> Result<Option<Campaign>, ApiProblem> {
    let path = format!("{API}/campaigns/{}", submission.id());
    let stored = campaign(&send("POST", &format!("{API}/campaigns"), bearer, submission).await?)?;
    if stored.submitted_at.is_some() {
        return Ok(Some(stored));
    }
    let mut done = 0;
    for n in 0..contacts.chunks() {
        if !is_wanted() {
            return Ok(None);
        }
        // One at a time: all of them together would be as large as the files.
        let chunk = contacts.chunk(n, submission.message());
        send("PUT", &format!("{path}/recipients/{n}"), bearer, &chunk).await?;
        done += chunk.to.len() as u32;
        progress(done);
    }
    if !is_wanted() {
        return Ok(None);
    }
    campaign(&send("POST", &format!("{path}/submit"), bearer, &()).await?).map(Some)
}

fn campaign(json: &str) -> Result<Campaign, ApiProblem> {
    serde_json::from_str(json).map_err(|_| ApiProblem::unreadable(200))
}

/// The body of the answer.
async fn send(
    method: &str,
    url: &str,
    bearer: Option<&str>,
    body: &impl Serialize,
) -> Result<String, ApiProblem> {
    let mut tries = 0;
    loop {
        tries += 1;
        match send_once(method, url, bearer, body).await {
            Err(problem) if problem.code == ProblemCode::Offline && tries < TRIES => {
                sleep(Duration::from_millis(250 << tries)).await;
            }
            other => return other,
        }
    }
}

async fn send_once(
    method: &str,
    url: &str,
    bearer: Option<&str>,
    body: &impl Serialize,
) -> Result<String, ApiProblem> {
    let mut builder = if method == "PUT" { Request::put(url) } else { Request::post(url) };
    if let Some(bearer) = bearer {
        builder = builder.header("Authorization", &format!("Bearer {bearer}"));
    }
    let request = builder.json(body).map_err(|_| ApiProblem::offline())?;
    let response: Response = request.send().await.map_err(|_| ApiProblem::offline())?;
    // An answer cut short is no answer.
    let text = response.text().await.map_err(|_| ApiProblem::offline())?;
    if response.ok() {
        return Ok(text);
    }
    Err(serde_json::from_str(&text).unwrap_or_else(|_| ApiProblem::unreadable(response.status())))
}

async fn sleep(time: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
        let millis = time.as_millis() as i32;
        // Without a timer the promise never resolves; every worker has one.
        let _ = scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    let _: Result<JsValue, JsValue> = wasm_bindgen_futures::JsFuture::from(promise).await;
}
