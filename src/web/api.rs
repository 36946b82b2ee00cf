//! The one way to the server: typed requests, and one funnel for everything that can go wrong.

use crate::browser;
use crate::host;
use crate::json;
use crate::reactive::{Var, spawn};
use domain::grant::Grant;
use domain::problem::{ApiProblem, ProblemCode};
use domain::wire::{API, EmbedSession, EmbedSignIn, Session, SignIn};
use gloo_net::http::{Method, Request, RequestBuilder};
use serde::de::DeserializeOwned;

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

/// The server, as the app sees it. In the context everywhere.
#[derive(Clone, Copy)]
pub struct Api {
    /// Kept current by every answer.
    pub signed_in: Var<SignedIn>,
    /// What a host's token was swapped for. Nowhere but here.
    bearer: Var<Option<String>>,
    swapping: Var<bool>,
}

impl Api {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self {
            signed_in: Var::new(SignedIn::Asking),
            bearer: Var::new(None),
            swapping: Var::new(false),
        }
    }

    /// What the host lets its user do; `None` for everybody else.
    pub fn grant(self) -> Option<Grant> {
        match self.signed_in.get() {
            SignedIn::Yes(session) => session.grant,
            _ => None,
        }
    }

    /// The same, once.
    pub fn grant_now(self) -> Option<Grant> {
        match self.signed_in.get_untracked() {
            SignedIn::Yes(session) => session.grant,
            _ => None,
        }
    }

    /// For requests that are not made here.
    pub fn bearer(self) -> Option<String> {
        self.bearer.get_untracked()
    }

    /// Asks who is signed in; in a frame, the host.
    pub async fn refresh_session(self) {
        let answer = match self.bearer() {
            None if host::is_around() => self.swap("start").await,
            _ => self.send(Method::GET, "/session").await.and_then(Answer::read),
        };
        self.signed_in.set(match answer {
            Ok(session) => SignedIn::Yes(session),
            Err(problem) if host::is_around() => SignedIn::Unreachable(problem),
            Err(problem) if problem.status == 401 => SignedIn::No,
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
        self.ask(Method::GET, path).await?.read()
    }

    /// Posts nothing to `path`.
    pub async fn post<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiProblem> {
        self.ask(Method::POST, path).await?.read()
    }

    async fn ask(self, method: Method, path: &str) -> Result<Answer, ApiProblem> {
        let bearer = self.bearer();
        let mut answer = self.send(method.clone(), path).await;
        if let Err(problem) = &answer
            && problem.code == ProblemCode::SignedOut
            && bearer.is_some()
        {
            self.renew(&bearer).await?;
            answer = self.send(method, path).await;
        }
        self.judge(answer)
    }

    async fn send(self, method: Method, path: &str) -> Result<Answer, ApiProblem> {
        let request = RequestBuilder::new(&url(path)).method(method);
        let request = match self.bearer() {
            Some(bearer) => request.header("Authorization", &format!("Bearer {bearer}")),
            None => request,
        };
        send(request.build()).await
    }

    /// A new bearer in place of one that is not taken any more. Several may ask at once.
    pub async fn renew(self, old: &Option<String>) -> Result<(), ApiProblem> {
        while self.swapping.get_untracked() {
            browser::sleep(50).await;
        }
        if self.bearer() != *old {
            return Ok(());
        }
        let session = self.swap("expired").await?;
        self.signed_in.set(SignedIn::Yes(session));
        Ok(())
    }

    /// Swaps a token of the host's for a bearer, and does so again before that ends.
    async fn swap(self, reason: &str) -> Result<Session, ApiProblem> {
        self.swapping.set(true);
        let swapped = async {
            let origin = host::origin();
            let token = host::token(reason).await.map_err(|detail| ApiProblem {
                detail,
                code: ProblemCode::SignedOut,
                ..ApiProblem::offline()
            })?;
            let json = serde_json::to_string(&EmbedSignIn { token, origin });
            let request = Request::post(&url("/session/embed"))
                .header("Content-Type", "application/json")
                .body(json.map_err(|_| ApiProblem::offline())?);
            send(request).await?.read::<EmbedSession>()
        }
        .await;
        self.swapping.set(false);
        let EmbedSession { bearer, expires_at, session } = swapped.inspect_err(|problem| {
            host::tell_error(problem.code, &problem.detail);
        })?;
        self.bearer.set(Some(bearer.clone()));
        let life = expires_at - browser::now();
        spawn(async move {
            browser::sleep(i32::try_from(life - life / 5).unwrap_or(i32::MAX)).await;
            if self.bearer().as_ref() == Some(&bearer) && !self.swapping.get_untracked() {
                // Should it fail, the next request that is refused tries again, and tells.
                if let Ok(session) = Box::pin(self.swap("expiring")).await {
                    self.signed_in.set(SignedIn::Yes(session));
                }
            }
        });
        Ok(session)
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
