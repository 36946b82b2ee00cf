//! `/session`: signing in, by oneself or through a host, who is signed in, signing out.

use super::body::Json;
use crate::App;
use crate::audit::{Act, Audit};
use crate::embed::token::{self, TokenError, Vouched};
use crate::embed::{Granted, check};
use crate::passwords::{HashError, NewPassword};
use crate::problem::Refusal;
use crate::session::{SignedIn, Token, no_cookie};
use crate::store::users::{LONGEST_ADDRESS, normalized};
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::campaign::grant::Grant;
use domain::problem::{Field, FieldError, Problem, ProblemCode};
use domain::wire::{
    CurrentSession, EmbedCheck, EmbedFindings, EmbedSession, EmbedSignIn, PasswordChange, Session,
    SignIn,
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// How long to wait when too many sign in at once.
const BUSY: Duration = Duration::from_secs(1);

/// Where a request comes from.
pub struct Address(pub IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        // The last one is what our own proxy saw; those before it are what it was told.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        let forwarded =
            forwarded.filter(|_| app.config.trust_forwarded_for).and_then(forwarded_address);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        // Without a socket, as in tests, everybody is one.
        Ok(Self(forwarded.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// An address as proxies write it: with a port or without, in brackets or without.
fn forwarded_address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

/// `POST /session`. Whatever is wrong (no such user, disabled, wrong password), the answer is the
/// same, after the same work.
pub async fn open(
    State(app): State<App>,
    Address(address): Address,
    audit: Audit,
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
    if account.len() > LONGEST_ADDRESS {
        return Err(wrong_credentials());
    }
    let device = app.devices.known(&headers, &account);
    let place = app.throttle.take(&account, address, device, now).map_err(|wait| {
        app.metrics.sign_in("throttled");
        too_many_tries(wait)
    })?;

    // A host's user has no password to try.
    let known = app.store.user(&account).await?;
    let tried = known.as_ref().map(|user| (user.id, user.email.clone()));
    let user = known.filter(|user| !user.disabled && user.host.is_none());
    let hash = user.as_ref().map_or(app.config.passwords.decoy(), |user| &user.password);
    let matches = app.config.passwords.verify(password, hash.to_owned(), device.is_some()).await;
    let Some(user) = user.filter(|_| matches.as_ref().is_ok_and(|matches| *matches)) else {
        return Err(match matches {
            Err(HashError::Busy) => {
                app.throttle.give_back(place);
                app.metrics.sign_in("busy");
                too_many_tries(BUSY)
            }
            Err(error) => broken(&error),
            Ok(_) => {
                app.metrics.sign_in("failed");
                let account = tried.as_ref().map(|(id, email)| (*id, email.as_str()));
                audit.stranger(Act::SignInFailed, account, None).await;
                wrong_credentials()
            }
        });
    };
    app.throttle.give_back(place);

    // Whoever signs in again leaves the session before, if the cookie names one.
    if let Some(before) = Token::of(&headers, app.config.https()) {
        app.store.close_session(&before.hash()).await?;
    }
    let token = Token::random().map_err(|error| broken(&error))?;
    let expires_at = now + app.config.session_millis();
    let checked = (user.id, user.password.as_str());
    if !app.store.open_session(&token.hash(), checked, now, expires_at).await? {
        return Err(wrong_credentials());
    }
    app.metrics.sign_in("succeeded");
    let session = Session { user_id: user.id, name: user.name, email: user.email, grant: None };
    audit.user(Act::SignedIn, &session, None).await;
    let mut cookies = with_cookie(token.cookie(app.config.https()));
    if let Some(cookie) = app.devices.cookie(&account).filter(|_| device.is_none()) {
        cookies.append(header::SET_COOKIE, cookie);
    }
    Ok((cookies, axum::Json(session)).into_response())
}

/// `POST /session/embed`: a host's token for a bearer. Each token is taken once.
pub async fn open_embedded(
    State(app): State<App>,
    audit: Audit,
    Json(EmbedSignIn { token, origin }): Json<EmbedSignIn>,
) -> Result<axum::Json<EmbedSession>, Refusal> {
    let refused = |error: TokenError| {
        app.metrics.sign_in("token_refused");
        tracing::warn!(code = ?error.code(), why = error.for_log(), "a host's token is not taken");
        Refusal::new(error.code(), format!("{}.", error.told()))
    };
    let (hosts, now) = (&app.config.hosts, app.clock().now());
    let audience = app.config.public_url.origin().ascii_serialization();
    let vouched = token::check(hosts, &token, &origin, &audience, now).map_err(refused)?;
    let Vouched { subject, name, granted, once, expires_at } = vouched;
    // Before anything is written: a token that is shown again makes no user and changes no name.
    if app.store.was_swapped(&once).await? {
        return Err(refused(TokenError::Used));
    }
    let user = app.store.hosts_user(&granted.tenant, &subject, &name, now).await?;
    let Some(user_id) = user else {
        app.metrics.sign_in("token_refused");
        let detail = "This user may not sign in here any more.";
        return Err(Refusal::new(ProblemCode::TokenNotAllowed, detail));
    };
    let bearer = Token::random().map_err(|error| broken(&error))?;
    let ends = now + app.config.hosts.session_millis();
    let once = (&once, expires_at);
    if !app.store.open_granted_session(&bearer.hash(), user_id, &granted, ends, once).await? {
        return Err(refused(TokenError::Used));
    }
    app.metrics.sign_in("succeeded");
    let Granted { tenant, scopes, recipients, spend, .. } = granted;
    let grant = Some(Grant { scopes, recipients, spend });
    let session = Session { user_id, name, email: String::new(), grant };
    audit.user(Act::SignedIn, &session, Some(&format!("through {tenant}"))).await;
    Ok(axum::Json(EmbedSession { bearer: bearer.reveal(), expires_at: ends, session }))
}

/// `POST /embed/check`. The token is not used up.
pub async fn check_embedding(
    State(app): State<App>,
    Json(EmbedCheck { origin, token }): Json<EmbedCheck>,
) -> Result<axum::Json<EmbedFindings>, Refusal> {
    let (hosts, now) = (&app.config.hosts, app.clock().now());
    let (url, origin) = (&app.config.public_url, origin.trim());
    let audience = url.origin().ascii_serialization();
    let token = token.as_deref().map(str::trim).filter(|token| !token.is_empty());
    let mut checked = token.map(|token| token::check(hosts, token, origin, &audience, now));
    if let Some(Ok(vouched)) = &checked
        && app.store.was_swapped(&vouched.once).await?
    {
        checked = Some(Err(TokenError::Used));
    }
    let signer = token.and_then(|token| token::signer(hosts, token));
    let findings = check::findings(hosts, signer, origin, checked, url, now);
    Ok(axum::Json(EmbedFindings { findings }))
}

/// `GET /session`. That nobody is signed in is an answer like any other. A bearer is refused when it
/// means nothing any more: who shows one has to be told that it must be renewed.
pub async fn show(
    headers: HeaderMap,
    signed_in: Result<SignedIn, Refusal>,
) -> Result<axum::Json<CurrentSession>, Refusal> {
    let user = match signed_in {
        Ok(signed_in) => Some(signed_in.session),
        Err(refusal)
            if refusal.is(ProblemCode::SignedOut) && Token::of_bearer(&headers).is_none() =>
        {
            None
        }
        Err(refusal) => return Err(refusal),
    };
    Ok(axum::Json(CurrentSession { user }))
}

/// `DELETE /session`. Also takes away a cookie that means nothing any more.
pub async fn close(
    State(app): State<App>,
    audit: Audit,
    signed_in: Result<SignedIn, Refusal>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    match signed_in {
        Ok(signed_in) => audit.user(Act::SignedOut, &signed_in.session, None).await,
        // A page of somebody else's signs nobody out.
        Err(refusal) if refusal.is(ProblemCode::OtherUser) => return Err(refusal),
        Err(_) => {}
    }
    if let Some(bearer) = Token::of_bearer(&headers) {
        // Whoever shows a bearer does not act for the owner of a cookie, be it good or not.
        if let Some(bearer) = bearer {
            app.store.close_session(&bearer.hash()).await?;
        }
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if let Some(token) = Token::of(&headers, app.config.https()) {
        app.store.close_session(&token.hash()).await?;
    }
    Ok((StatusCode::NO_CONTENT, with_cookie(no_cookie(app.config.https()))).into_response())
}

/// `DELETE /session/everywhere`: signs out, wherever this user is signed in.
pub async fn close_everywhere(
    State(app): State<App>,
    audit: Audit,
    signed_in: SignedIn,
) -> Result<Response, Refusal> {
    app.store.close_sessions_of(signed_in.session.user_id).await?;
    audit.user(Act::SignedOut, &signed_in.session, Some("everywhere")).await;
    Ok((StatusCode::NO_CONTENT, with_cookie(no_cookie(app.config.https()))).into_response())
}

/// `PUT /session/password`: changes one's own password. Whoever is signed in with the old one elsewhere is signed out.
pub async fn change_password(
    State(app): State<App>,
    Address(address): Address,
    audit: Audit,
    signed_in: SignedIn,
    Json(PasswordChange { password, new_password }): Json<PasswordChange>,
) -> Result<Response, Refusal> {
    let session = &signed_in.session;
    let (account, now) = (normalized(&session.email), app.clock().now());
    let Some(user) = app.store.user(&account).await?.filter(|_| signed_in.granted.is_none()) else {
        let detail = "You sign in through another page, and have no password here.";
        return Err(Refusal::new(ProblemCode::NotPermitted, detail));
    };
    let new = NewPassword::parse(new_password)
        .map_err(|problem| Refusal::field(Field::NewPassword, problem))?;
    // Whoever sits down at somebody's browser can guess as little as anybody else.
    let place = app.throttle.take(&account, address, None, now).map_err(too_many_tries)?;
    let hashed = async {
        let matches = app.config.passwords.verify(password, user.password.clone(), true).await?;
        Ok(if matches { Some(app.config.passwords.hash(new).await?) } else { None })
    };
    let hash = match hashed.await {
        Ok(Some(hash)) => hash,
        Ok(None) => {
            audit.user(Act::SignInFailed, session, Some("to change the password")).await;
            return Err(Refusal::field(Field::Password, Problem::WrongPassword));
        }
        Err(HashError::Busy) => {
            app.throttle.give_back(place);
            return Err(too_many_tries(BUSY));
        }
        Err(error) => return Err(broken(&error)),
    };
    app.throttle.give_back(place);
    let token = Token::random().map_err(|error| broken(&error))?;
    let opened = (&token.hash(), now, now + app.config.session_millis());
    // Of several changes at once, one is made.
    if !app.store.change_password((user.id, &user.password), &hash, opened).await? {
        return Err(Refusal::field(Field::Password, Problem::WrongPassword));
    }
    audit.user(Act::PasswordChanged, session, None).await;
    Ok((StatusCode::NO_CONTENT, with_cookie(token.cookie(app.config.https()))).into_response())
}

fn wrong_credentials() -> Refusal {
    Refusal::new(ProblemCode::WrongCredentials, "The email address or the password is wrong.")
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
