//! Requests that change something must come from our own pages.
//!
//! The cookie is `SameSite=Strict` already; this is the second lock. Browsers say where a request
//! comes from in `Sec-Fetch-Site`, and on plain http, where they do not, in `Origin`, which all of them
//! send with every unsafe request. What has neither is a program and no browser: it has no cookie
//! that somebody else could misuse.

use crate::App;
use crate::problem::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::problem::ProblemCode;
use url::Url;

/// Refuses unsafe requests of other sites.
pub async fn only(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_same_site(request.headers(), &app.config.public_url) {
        return next.run(request).await;
    }
    let detail = "This request does not come from a page of this site. Reload the page.";
    Refusal::new(ProblemCode::CrossSite, detail).into_response()
}

fn is_same_site(headers: &HeaderMap, public_url: &Url) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    if origin == public_url.origin().ascii_serialization() {
        return true;
    }
    // `Origin: null`, which sandboxed frames send, has no host and so never equals one.
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some() && host == text(header::HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_same_site(&headers, &Url::parse("https://sms.example.com/").unwrap())
    }

    #[test]
    fn our_own_pages_pass_and_others_do_not() {
        assert!(passes(&[("sec-fetch-site", "same-origin")]));
        assert!(passes(&[("sec-fetch-site", "none")]));
        assert!(!passes(&[("sec-fetch-site", "same-site")]));
        assert!(!passes(&[("sec-fetch-site", "cross-site")]));
        // The newer header decides, whatever the older says.
        let forged = [("sec-fetch-site", "cross-site"), ("origin", "https://sms.example.com")];
        assert!(!passes(&forged));
    }

    #[test]
    fn without_the_newer_header_the_origin_must_be_the_host_or_the_public_one() {
        assert!(passes(&[("origin", "http://10.0.0.5:8080"), ("host", "10.0.0.5:8080")]));
        assert!(passes(&[("origin", "https://sms.example.com"), ("host", "backend:8080")]));
        assert!(!passes(&[("origin", "http://evil.example"), ("host", "10.0.0.5:8080")]));
        assert!(!passes(&[("origin", "null"), ("host", "10.0.0.5:8080")]));
    }

    #[test]
    fn programs_pass() {
        assert!(passes(&[("host", "10.0.0.5:8080")]));
    }
}
