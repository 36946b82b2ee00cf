//! `/session`: signing in, who is signed in, signing out.

use super::body::Json;
use crate::App;
use crate::problem::Refusal;
use crate::session::{SignedIn, Token, no_cookie};
use crate::store::users::normalized;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::problem::{Field, FieldError, Problem, ProblemCode};
use domain::wire::{Session, SignIn};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Where a request comes from.
pub struct Address(IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        // The last one is what our own proxy saw; those before it are what it was told.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        let forwarded = forwarded
            .filter(|_| app.config.trust_forwarded_for)
            .and_then(|address| address.trim().parse().ok());
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        // Without a socket, as in tests, everybody is one.
        Ok(Self(forwarded.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// `POST /session`. Whatever is wrong (no such user, disabled, wrong password), the answer is the
/// same, after the same work.
pub async fn open(
    State(app): State<App>,
    Address(address): Address,
    headers: HeaderMap,
    Json(SignIn { email, password }): Json<SignIn>,
) -> Result<Response, Refusal> {
    let mut missing = Vec::new();
    if email.trim().is_empty() {
        missing.push(FieldError::new(Field::Email, Problem::NoEmail));
    }
    if password.is_empty() {
        missing.push(FieldError::new(Field::Password, Problem::NoPassword));
    }
    if !missing.is_empty() {
        return Err(Refusal::invalid(missing));
    }
    let (account, now) = (normalized(&email), app.clock().now());
    if let Some(wait) = app.throttle.wait(&account, address, now) {
        app.metrics.sign_in("throttled");
        return Err(too_many_tries(wait));
    }

    let user = app.store.user(&account).await?.filter(|user| !user.disabled);
    let hash = user.as_ref().map_or(app.config.passwords.decoy(), |user| &user.password);
    let matches = app.config.passwords.verify(password, hash.to_owned()).await;
    let Some(user) = user.filter(|_| matches.as_ref().is_ok_and(|matches| *matches)) else {
        if let Err(error) = matches {
            return Err(broken(&error));
        }
        app.metrics.sign_in("failed");
        return Err(match app.throttle.failed(&account, address, now) {
            Some(wait) => too_many_tries(wait),
            None => Refusal::new(
                ProblemCode::WrongCredentials,
                "The email address or the password is wrong.",
            ),
        });
    };

    // Whoever signs in again leaves the session before, if the cookie names one.
    if let Some(before) = Token::of(&headers, app.config.https()) {
        app.store.close_session(&before.hash()).await?;
    }
    let token = Token::random().map_err(|error| broken(&error))?;
    let expires_at = now + app.config.session_millis();
    app.store.open_session(&token.hash(), user.id, expires_at).await?;
    app.metrics.sign_in("succeeded");
    let session = Session { user_id: user.id, name: user.name, email: user.email };
    Ok((with_cookie(token.cookie(app.config.https())), axum::Json(session)).into_response())
}

/// `GET /session`.
pub async fn show(signed_in: SignedIn) -> axum::Json<Session> {
    axum::Json(signed_in.session)
}

/// `DELETE /session`. Also takes away a cookie that means nothing any more.
pub async fn close(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(token) = Token::of(&headers, app.config.https()) {
        app.store.close_session(&token.hash()).await?;
    }
    Ok((StatusCode::NO_CONTENT, with_cookie(no_cookie(app.config.https()))).into_response())
}

fn with_cookie(cookie: Option<axum::http::HeaderValue>) -> HeaderMap {
    cookie.into_iter().map(|cookie| (header::SET_COOKIE, cookie)).collect()
}

fn too_many_tries(wait: Duration) -> Refusal {
    let detail = "Too many tries to log in. Wait a moment, then try again.";
    Refusal::new(ProblemCode::TooManyTries, detail).retry_after(wait)
}

fn broken(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(%error, "nobody can sign in");
    Refusal::of_status(StatusCode::INTERNAL_SERVER_ERROR)
}
