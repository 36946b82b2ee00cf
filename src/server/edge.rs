//! The outermost layer: what every answer has, whatever made it.
//!
//! Each request gets an id (never the client's own, which could be forged into the log), one line in
//! the log, its count in the metrics, and headers that tell browsers what pages of ours may do. And
//! every refusal, be it a handler's or axum's own, becomes a problem document here.
//!
//! Logged is the route (`/hooks/8x8/{secret}`) and never the path: paths hold secrets and ids.

use crate::App;
use crate::api::Address;
use crate::assets::Framed;
use crate::problem::Refusal;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument as _;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// `wasm-unsafe-eval` lets the browser compile our WebAssembly, and no script from text.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'self'; font-src 'self'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Addresses of campaigns are nobody else's business.
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    // Ours load nothing of others' anyway, and a host that asks this of its frames gets it.
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Wraps everything.
pub async fn edge(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Uuid::new_v4().simple().to_string();
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let route = route.as_deref().unwrap_or("-").to_owned();
    let is_api = request.uri().path().starts_with("/api");
    let (mut parts, body) = request.into_parts();
    let Ok(Address(address)) = Address::from_request_parts(&mut parts, &app).await;
    let user = tracing::field::Empty;
    let span = tracing::info_span!("request", %id, method = %parts.method, %route, %address, user);
    let request = Request::from_parts(parts, body);

    let mut response = next.run(request).instrument(span.clone()).await;

    let status = response.status();
    if let Some(refusal) = refusal(&mut response) {
        problem(&mut response, &refusal, &id);
    }
    let framed = response.extensions_mut().remove::<Framed>();
    let headers = response.headers_mut();
    frame(headers, framed);
    guard(headers, app.config.https());
    if is_api {
        // Answers hold phone numbers; no cache between here and the page has to keep them.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::try_from(&id) {
        headers.insert(REQUEST_ID, id);
    }
    app.metrics.request(status.as_u16());
    let millis = started.elapsed().as_millis();
    // Probes ask all day long, and receipts come by the thousand.
    if matches!(route.as_str(), "/healthz" | "/readyz" | crate::api::RECEIPTS) {
        tracing::debug!(parent: &span, status = status.as_u16(), millis, "answered");
    } else {
        tracing::info!(parent: &span, status = status.as_u16(), millis, "answered");
    }
    response
}

/// The refusal in a response, or one for its status if nobody gave it words.
fn refusal(response: &mut Response) -> Option<Refusal> {
    let status = response.status();
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|mime| {
        mime.as_bytes().starts_with(b"text/html")
            || mime.as_bytes().starts_with(b"application/json")
    });
    let wordless = (status.is_client_error() || status.is_server_error()) && !is_page;
    let given = response.extensions_mut().remove::<Refusal>();
    given.or_else(|| wordless.then(|| Refusal::of_status(status)))
}

fn problem(response: &mut Response, refusal: &Refusal, id: &str) {
    let document = serde_json::to_vec(&refusal.document(id)).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(document);
}

/// Says who may put a page into a frame: nobody, but for the one page that is made for it, which may
/// also use that host's fonts. A page that has said so itself (the sandbox's) is left alone.
fn frame(headers: &mut HeaderMap, framed: Option<Framed>) {
    if framed.is_some() {
        let anywhere = HeaderValue::from_static("cross-origin");
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), anywhere);
    }
    let origin = framed.and_then(|Framed(origin)| origin);
    let origins = origin.map(|origin| format!(" {}", origin.as_str())).unwrap_or_default();
    let ancestors = if origins.is_empty() { " 'none'" } else { &origins };
    if origins.is_empty() {
        let deny = HeaderValue::from_static("DENY");
        headers.entry(header::X_FRAME_OPTIONS).or_insert(deny);
    }
    let policy = format!("{CONTENT_SECURITY_POLICY}{origins}; frame-ancestors{ancestors}");
    // An origin is ASCII, so this is always a header.
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
}

/// Adds what is not there: a page with other needs (the sandbox's) says so itself.
fn guard(headers: &mut HeaderMap, https: bool) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(year);
    }
}

/// What a request gets whose handler panicked. The panic itself is in the log.
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    use axum::response::IntoResponse as _;
    Refusal::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
