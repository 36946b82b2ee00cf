//! How the server says no: every refusal becomes an RFC 9457 problem document.
//!
//! Handlers return [`Refusal`]s. What the person reads is in them; what only the log may know (an SQL
//! error, say) is logged where it happens. The document itself is written at the edge
//! ([`crate::edge`]), which knows the request's id and also turns axum's own refusals into documents.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::campaign::grant::Beyond;
use domain::problem::{ApiProblem, FieldError, Problem, ProblemCode};
use domain::wizard::submission::Invalid;
use std::collections::BTreeMap;
use std::time::Duration;

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    code: ProblemCode,
    detail: String,
    fields: BTreeMap<String, String>,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// With the status that belongs to the code.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let status = match code {
            ProblemCode::BadRequest => StatusCode::BAD_REQUEST,
            ProblemCode::SignedOut
            | ProblemCode::WrongCredentials
            | ProblemCode::TokenInvalid
            | ProblemCode::TokenExpired
            | ProblemCode::TokenUsed => StatusCode::UNAUTHORIZED,
            ProblemCode::CrossSite
            | ProblemCode::TokenWrongOrigin
            | ProblemCode::TokenNotAllowed
            | ProblemCode::NotPermitted => StatusCode::FORBIDDEN,
            ProblemCode::NotFound => StatusCode::NOT_FOUND,
            ProblemCode::DifferentCampaign
            | ProblemCode::OtherUser
            | ProblemCode::RecipientsIncomplete
            | ProblemCode::CostChanged
            | ProblemCode::NotAllowedNow
            | ProblemCode::AlreadySubmitted => StatusCode::CONFLICT,
            ProblemCode::Forgotten => StatusCode::GONE,
            ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ProblemCode::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ProblemCode::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            ProblemCode::ProviderUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            ProblemCode::Internal | ProblemCode::Offline => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let detail = detail.into();
        Self { status, code, detail, fields: BTreeMap::new(), retry_after: None }
    }

    /// For a response of axum's or tower's that has a status and nothing a person could read.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => (ProblemCode::NotFound, "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => {
                (ProblemCode::BadRequest, "This address does not take this method.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => (ProblemCode::TooLarge, "The request is too large."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                ProblemCode::BadRequest,
                "The request must be JSON (Content-Type: application/json), plain or gzip.",
            ),
            status if status.is_client_error() => {
                (ProblemCode::BadRequest, "The request cannot be understood.")
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                (ProblemCode::Internal, "The server took too long. Try again in a moment.")
            }
            _ => (ProblemCode::Internal, "Something went wrong on our side. Try again."),
        };
        Self { status, ..Self::new(code, detail) }
    }

    /// The same with another status.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// 404 for something that a user could have named.
    pub fn not_found(what: &str) -> Self {
        Self::new(ProblemCode::NotFound, format!("There is no such {what}."))
    }

    /// 410 for a campaign that was forgotten.
    pub fn forgotten() -> Self {
        Self::new(
            ProblemCode::Forgotten,
            "This campaign was stopped before it was submitted. Nothing of it was sent.",
        )
    }

    /// Whether it is for this reason.
    pub fn is(&self, code: ProblemCode) -> bool {
        self.code == code
    }

    /// 422 with a sentence at each field.
    pub fn invalid(errors: impl IntoIterator<Item = FieldError>) -> Self {
        // A field may have several problems; the first says enough to get going.
        let mut fields = BTreeMap::new();
        for error in errors {
            fields.entry(error.field.id().to_owned()).or_insert(error.problem.to_string());
        }
        let sentences: Vec<&str> = fields.values().map(String::as_str).collect();
        let detail = format!("{}.", sentences.join(". "));
        Self { fields, ..Self::new(ProblemCode::Invalid, detail) }
    }

    /// 422 for what a host's sign-in does not allow.
    pub fn limits(beyond: &[Beyond]) -> Self {
        let sentences: Vec<String> = beyond.iter().map(|beyond| format!("{beyond}.")).collect();
        let words = sentences.join(" ");
        let fields = [("limit".to_owned(), words.clone())].into();
        Self { fields, ..Self::new(ProblemCode::Invalid, words) }
    }

    /// 422 at one field.
    pub fn field(field: domain::problem::Field, problem: impl Into<Problem>) -> Self {
        Self::invalid([FieldError::new(field, problem)])
    }

    /// Tells when to come back.
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The document, for the request of this id.
    pub fn document(&self, request_id: &str) -> ApiProblem {
        ApiProblem {
            status: self.status.as_u16(),
            title: self.title().to_owned(),
            detail: self.detail.clone(),
            code: self.code,
            request_id: request_id.to_owned(),
            fields: self.fields.clone(),
        }
    }

    fn title(&self) -> &'static str {
        match self.code {
            ProblemCode::SignedOut => "Signed out",
            ProblemCode::WrongCredentials => "Not signed in",
            ProblemCode::CrossSite => "Not from this site",
            ProblemCode::TokenInvalid => "Not a token to trust",
            ProblemCode::TokenExpired => "The token has expired",
            ProblemCode::TokenUsed => "The token was used before",
            ProblemCode::TokenWrongOrigin => "The token is for another page",
            ProblemCode::TokenNotAllowed => "The token grants too much",
            ProblemCode::NotPermitted => "Not permitted",
            ProblemCode::OtherUser => "Somebody else is signed in",
            ProblemCode::NotFound => "Not found",
            ProblemCode::DifferentCampaign => "Another campaign has this id",
            ProblemCode::RecipientsIncomplete => "Recipients are missing",
            ProblemCode::CostChanged => "The cost has changed",
            ProblemCode::NotAllowedNow => "Not possible now",
            ProblemCode::AlreadySubmitted => "Submitted already",
            ProblemCode::Forgotten => "Stopped before it was submitted",
            ProblemCode::TooLarge => "Too large",
            ProblemCode::Invalid => "There is a problem",
            ProblemCode::TooManyTries => "Too many tries",
            ProblemCode::ProviderUnavailable => "The provider cannot be reached",
            ProblemCode::BadRequest => self.status.canonical_reason().unwrap_or("Bad request"),
            ProblemCode::Internal | ProblemCode::Offline => "Something went wrong",
        }
    }
}

/// Only the status and headers; the edge writes the body.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(wait) = self.retry_after {
            // Rounded up: coming back too early would be refused again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Invalid> for Refusal {
    fn from(Invalid(errors): Invalid) -> Self {
        Self::invalid(errors)
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::invalid([error])
    }
}

impl From<crate::store::StoreError> for Refusal {
    fn from(error: crate::store::StoreError) -> Self {
        tracing::error!(%error, "the database failed");
        Self::of_status(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::problem::Field;

    #[test]
    fn every_wrong_field_has_a_sentence_and_the_detail_has_them_all() {
        let refusal = Refusal::invalid([
            FieldError::new(Field::Email, Problem::NoEmail),
            FieldError::new(Field::Password, Problem::NoPassword),
        ]);
        let document = refusal.document("r");
        assert_eq!(document.status, 422);
        assert_eq!(document.fields["email"], "Enter your email address");
        assert_eq!(document.detail, "Enter your email address. Enter your password.");
    }

    #[test]
    fn retry_after_is_rounded_up() {
        let refusal = Refusal::new(ProblemCode::TooManyTries, "Wait.");
        let response = refusal.retry_after(Duration::from_millis(1_200)).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
    }
}
