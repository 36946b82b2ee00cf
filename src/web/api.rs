//! The one way to the server: typed requests, each with a deadline, and one funnel for everything that can
//! go wrong.

use crate::browser;
use crate::host;
use crate::json;
use crate::session::{CurrentUser, SignedIn, User};
use domain::problem::{ApiProblem, ProblemCode};
use domain::wire::{API, MADE_FOR, SignIn};
use gloo_net::http::{Method, RequestBuilder, Response};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use web_sys::AbortSignal;

/// How long an answer may take, in milliseconds.
const DEADLINE: u32 = 20_000;

/// The server, as the app sees it. In the context everywhere.
#[derive(Clone, Copy)]
pub struct Api {
    /// Kept current by every answer.
    pub signed_in: RwSignal<SignedIn>,
    /// For whom requests are made; the server refuses them once somebody else is signed in.
    user: Option<Uuid>,
}

/// Tells the other tabs of this browser that somebody has signed in or out.
const SESSION_CHANGED: &str = "session";

impl Api {
    /// Nothing asked yet.
    pub fn new() -> Self {
        let api = Self { signed_in: RwSignal::new(SignedIn::Asking), user: None };
        if !host::is_embedded() {
            browser::hear_tabs(SESSION_CHANGED, move || api.check_session());
        }
        api
    }

    /// For requests that are made for this user.
    pub fn made_for(self, user: Uuid) -> Self {
        Self { user: Some(user), ..self }
    }

    /// Asks who is signed in.
    pub fn refresh_session(self) {
        spawn_local(async move { self.signed_in.set(current_user().await) });
    }

    /// Asks again who is signed in, while the page goes on: an answer that tells nothing new changes nothing.
    fn check_session(self) {
        spawn_local(async move {
            let now = current_user().await;
            let is_news = self.signed_in.try_with_untracked(|known| *known != now);
            if is_news == Some(true) && !matches!(now, SignedIn::Unreachable(_)) {
                self.signed_in.set(now);
            }
        });
    }

    /// Signs in.
    pub async fn sign_in(self, credentials: &SignIn) -> Result<(), ApiProblem> {
        let response = send(None, Method::POST, "/session", Some(credentials)).await?;
        let user = read::<User>(response).await?;
        self.signed_in.set(SignedIn::Yes(user));
        browser::tell_tabs(SESSION_CHANGED);
        Ok(())
    }

    /// Signs out, here in any case: should the server not hear it, its session ends by itself.
    pub async fn sign_out(self) {
        drop(send(None, Method::DELETE, "/session", None::<&()>).await);
        self.signed_in.set(SignedIn::No);
        browser::tell_tabs(SESSION_CHANGED);
    }

    /// Fetches `path`.
    pub async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiProblem> {
        self.ask(Method::GET, path).await
    }

    /// Posts nothing to `path`.
    pub async fn post<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiProblem> {
        self.ask(Method::POST, path).await
    }

    /// Puts `body` to `path`.
    pub async fn put(self, path: &str, body: &impl Serialize) -> Result<(), ApiProblem> {
        self.judge(send(self.user, Method::PUT, path, Some(body)).await).map(drop)
    }

    /// Signs out, wherever this user is signed in.
    pub async fn sign_out_everywhere(self) -> Result<(), ApiProblem> {
        self.delete("/session/everywhere").await?;
        self.signed_in.set(SignedIn::No);
        browser::tell_tabs(SESSION_CHANGED);
        Ok(())
    }

    /// Deletes `path`.
    pub async fn delete(self, path: &str) -> Result<(), ApiProblem> {
        self.judge(send(self.user, Method::DELETE, path, None::<&()>).await).map(drop)
    }

    async fn ask<T: DeserializeOwned>(self, method: Method, path: &str) -> Result<T, ApiProblem> {
        let response = self.judge(send(self.user, method, path, None::<&()>).await)?;
        read(response).await
    }

    /// Notices, in any answer, that nobody is signed in any more. In a frame the app stays as it is:
    /// the draft lives in it, and the next request asks the host again.
    pub fn judge<T>(self, answer: Result<T, ApiProblem>) -> Result<T, ApiProblem> {
        match &answer {
            Err(problem) if problem.code == ProblemCode::SignedOut && !host::is_embedded() => {
                self.signed_in.set(SignedIn::Expired);
            }
            Err(problem) if problem.code == ProblemCode::OtherUser => self.check_session(),
            _ => {}
        }
        answer
    }
}

async fn current_user() -> SignedIn {
    let answer = send(None, Method::GET, "/session", None::<&()>).await;
    let current = match answer {
        Ok(response) => read::<CurrentUser>(response).await,
        Err(problem) => Err(problem),
    };
    match current {
        Ok(CurrentUser { user: Some(user) }) => SignedIn::Yes(user),
        Ok(CurrentUser { user: None }) => SignedIn::No,
        Err(problem) => SignedIn::Unreachable(problem),
    }
}

/// The address of an API path.
pub fn url(path: &str) -> String {
    format!("{API}{path}")
}

/// Asks, in a host's frame with the bearer of its sign-in; once more with another one where the server has
/// refused that.
async fn send(
    user: Option<Uuid>,
    method: Method,
    path: &str,
    body: Option<&impl Serialize>,
) -> Result<Response, ApiProblem> {
    let body = body.map(serde_json::to_string).transpose().map_err(|_| ApiProblem::offline())?;
    let bearer = host::bearer().await?;
    let answer = send_once(user, &method, path, body.as_deref(), bearer.as_deref()).await;
    match (bearer, answer) {
        (Some(bearer), Err(problem)) if problem.code == ProblemCode::SignedOut => {
            let bearer = host::renew(&bearer).await?;
            send_once(user, &method, path, body.as_deref(), bearer.as_deref()).await
        }
        (_, answer) => answer,
    }
}

async fn send_once(
    user: Option<Uuid>,
    method: &Method,
    path: &str,
    body: Option<&str>,
    bearer: Option<&str>,
) -> Result<Response, ApiProblem> {
    let offline = |_| ApiProblem::offline();
    let deadline = AbortSignal::timeout_with_u32(DEADLINE);
    let mut builder =
        RequestBuilder::new(&url(path)).method(method.clone()).abort_signal(Some(&deadline));
    if let Some(bearer) = bearer {
        builder = builder.header("Authorization", &format!("Bearer {bearer}"));
    } else if let Some(user) = user {
        builder = builder.header(MADE_FOR, &user.to_string());
    }
    let request = match body {
        Some(body) => builder.header("Content-Type", "application/json").body(body),
        None => builder.build(),
    };
    let response = request.map_err(offline)?.send().await.map_err(offline)?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    Err(read(response).await.unwrap_or_else(|_| ApiProblem::unreadable(status)))
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ApiProblem> {
    let status = response.status();
    let text = response.text().await.map_err(|_| ApiProblem::unreadable(status))?;
    json::read(&text).ok_or_else(|| ApiProblem::unreadable(status))
}
