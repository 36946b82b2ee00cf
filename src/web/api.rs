//! The one way to the server: typed requests, and one funnel for everything that can go wrong.

use crate::host;
use crate::json;
use crate::reactive::Var;
use domain::problem::{ApiProblem, ProblemCode};
use domain::wire::{API, SignIn};
use gloo_net::http::{Request, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Whether somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedIn {
    /// Not known yet.
    Asking,
    /// Nobody.
    No,
    /// Nobody any more: the session has ended while it was used.
    Expired,
    /// Somebody.
    Yes(Session),
    /// The server does not say.
    Unreachable(ApiProblem),
}

/// Who is signed in: [`domain::wire::Session`], as far as the app shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// Tells one user's drafts from another's.
    pub user_id: Uuid,
    /// What to call them.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// The server, as the app sees it. In the context everywhere.
#[derive(Clone, Copy)]
pub struct Api {
    /// Kept current by every answer.
    pub signed_in: Var<SignedIn>,
}

impl Api {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self { signed_in: Var::new(SignedIn::Asking) }
    }

    /// Asks who is signed in.
    pub async fn refresh_session(self) {
        let answer = send(Request::get(&url("/session")).build()).await;
        self.signed_in.set(match answer.and_then(|answer| answer.read()) {
            Ok(session) => SignedIn::Yes(session),
            Err(problem) if problem.status == 401 && !host::is_around() => SignedIn::No,
            Err(problem) => SignedIn::Unreachable(problem),
        });
    }

    /// Signs in.
    pub async fn sign_in(self, credentials: &SignIn) -> Result<(), ApiProblem> {
        let json = serde_json::to_string(credentials).map_err(|_| ApiProblem::offline())?;
        let request = Request::post(&url("/session")).header("Content-Type", "application/json");
        let session = send(request.body(json)).await?.read()?;
        self.signed_in.set(SignedIn::Yes(session));
        Ok(())
    }

    /// Signs out, here in any case.
    pub async fn sign_out(self) {
        // Should the server not hear it, its session ends by itself.
        let _ = Request::delete(&url("/session")).send().await;
        self.signed_in.set(SignedIn::No);
    }

    /// Fetches `path`.
    pub async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiProblem> {
        self.ask(Request::get(&url(path))).await?.read()
    }

    /// Posts nothing to `path`.
    pub async fn post<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiProblem> {
        self.ask(Request::post(&url(path))).await?.read()
    }

    async fn ask(self, request: RequestBuilder) -> Result<Answer, ApiProblem> {
        self.judge(send(request.build()).await)
    }

    /// Notices, in any answer, that nobody is signed in any more. In a frame the app stays as it is:
    /// the draft lives in it, and the next request asks the host again.
    pub fn judge<T>(self, answer: Result<T, ApiProblem>) -> Result<T, ApiProblem> {
        if let Err(problem) = &answer
            && problem.code == ProblemCode::SignedOut
            && !host::is_around()
        {
            self.signed_in.set(SignedIn::Expired);
        }
        answer
    }
}

/// The address of an API path.
pub fn url(path: &str) -> String {
    format!("{API}{path}")
}

/// What the server says when it does not refuse.
struct Answer {
    status: u16,
    json: String,
}

impl Answer {
    fn read<T: DeserializeOwned>(self) -> Result<T, ApiProblem> {
        json::read(&self.json).ok_or_else(|| ApiProblem::unreadable(self.status))
    }
}

async fn send(request: Result<Request, gloo_net::Error>) -> Result<Answer, ApiProblem> {
    let offline = |_| ApiProblem::offline();
    let response = request.map_err(offline)?.send().await.map_err(offline)?;
    let status = response.status();
    let json = response.text().await.map_err(|_| ApiProblem::unreadable(status))?;
    if response.ok() {
        return Ok(Answer { status, json });
    }
    Err(json::read(&json).unwrap_or_else(|| ApiProblem::unreadable(status)))
}
