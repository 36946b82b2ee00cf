//! Pages that are only for users of this installation, and for whoever sits at the computer: those of the simulator,
//! which show numbers and texts.

use crate::App;
use crate::hosts;
use crate::problem::Refusal;
use crate::session::SignedIn;
use axum::extract::{ConnectInfo, FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::SocketAddr;

/// Refuses everybody else.
pub async fn only(State(app): State<App>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    // Where there is a proxy in front, everybody comes from this computer.
    let is_local = hosts::is_loopback(&app.config.public_url);
    if is_local && hosts::is_from_here(request.headers(), request.uri(), peer) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match SignedIn::from_request_parts(&mut parts, &app).await {
        // A host's users see no more than what their host shows them.
        Ok(SignedIn { granted: None, .. }) => next.run(Request::from_parts(parts, body)).await,
        Ok(_) => SignedIn::missing().into_response(),
        Err(refusal) => Refusal::into_response(refusal),
    }
}
