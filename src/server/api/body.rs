//! Bodies of requests: JSON, with our own words for what is wrong with it.

use crate::App;
use crate::problem::Refusal;
use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::{FromRequest, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use domain::problem::ProblemCode;
use serde::de::DeserializeOwned;

/// JSON as it came, for types that say themselves what is wrong.
#[derive(Clone, Debug)]
pub struct JsonBytes(pub Bytes);

/// A value in JSON.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

/// The query of the address.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

impl FromRequest<App> for JsonBytes {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let mime = request.headers().get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok());
        let essence = mime.and_then(|mime| mime.split(';').next()).map(str::trim);
        if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
            return Err(Refusal::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = Bytes::from_request(request, app).await;
        bytes.map(Self).map_err(|rejection| Refusal::of_status(rejection.into_response().status()))
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, app).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| unreadable(&error))
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        let query = Query::try_from_uri(&parts.uri).map_err(|error| {
            Refusal::new(ProblemCode::BadRequest, format!("{}.", error.body_text()))
        })?;
        Ok(Self(query.0))
    }
}

/// JSON that is not of the shape asked for: the program at the other end has a mistake.
pub fn unreadable(error: &serde_json::Error) -> Refusal {
    Refusal::new(ProblemCode::BadRequest, format!("The request cannot be read: {error}."))
}
