//! Answers that are no success, in 8x8's form (8x8 "API error codes").

use crate::clock;
use crate::eight::api::ErrorBody;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

/// A status, a code and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    pub code: i64,
    message: String,
}

impl Refusal {
    /// The request is wrong.
    pub fn bad(code: i64, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    pub fn not_found(code: i64, message: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, code, message: message.to_owned() }
    }

    pub fn unauthorized() -> Self {
        let message = "Request was not authenticated properly".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, code: 1200, message }
    }

    pub fn too_many_requests() -> Self {
        let message = "Quota exceeded. Please try again in 1 second(s).".to_owned();
        Self { status: StatusCode::TOO_MANY_REQUESTS, code: 429, message }
    }

    pub fn old_tls() -> Self {
        let message = "TLS 1.3 or newer is required. Detected: TLSv1.2".to_owned();
        Self { status: StatusCode::UPGRADE_REQUIRED, code: 1014, message }
    }

    pub fn internal() -> Self {
        let message = "Internal server error".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: 2000, message }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            code: self.code,
            message: Some(self.message),
            error_id: Some(Uuid::new_v4().to_string()),
            timestamp: Some(clock::to_the_millisecond(clock::now())),
        };
        let mut response = (self.status, Json(body)).into_response();
        let (name, value) = match self.status {
            StatusCode::TOO_MANY_REQUESTS => (header::RETRY_AFTER, "1"),
            StatusCode::UPGRADE_REQUIRED => (header::UPGRADE, "TLS/1.3"),
            StatusCode::UNAUTHORIZED => (header::WWW_AUTHENTICATE, "Bearer"),
            _ => return response,
        };
        response.headers_mut().insert(name, HeaderValue::from_static(value));
        response
    }
}
