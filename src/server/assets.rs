//! The web app, embedded in the product's binary: pages, scripts, WebAssembly, styles.
//!
//! Files whose name has their hash in it never change and are cached for good; all others are asked
//! for again each time and answered with "not modified". Every file lies there as it is and, made
//! by the build, as `.br` and `.gz`: nothing is compressed while somebody waits. The app's one page is
//! served at each of its addresses (`domain::pages`), and, with 404, at any other that a person could
//! have typed: there the app says itself that there is no such page.

use crate::App;
use crate::config::{Brand, Config};
use crate::embed::{Hosts, Origin};
use crate::etag;
use crate::problem::Refusal;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use domain::pages;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

// Names a variable that changes with the web app, so that Cargo compiles this anew when it does.
const _: Option<&str> = option_env!("SMS_SENDER_WEB_APP");

// Compiles without a build of the web app, too.
#[cfg(not(debug_assertions))]
#[derive(rust_embed::RustEmbed)]
#[folder = "../../dist/release"]
#[allow_missing = true]
struct Dist;

#[cfg(not(debug_assertions))]
fn built(path: &str) -> Option<File> {
    let file = Dist::get(path)?;
    Some(File { hash: file.metadata.sha256_hash(), bytes: file.data })
}

/// A program to try out reads its files where they are, so that they can be built beside it.
#[cfg(debug_assertions)]
fn built(path: &str) -> Option<File> {
    use std::path::{Component, Path};
    let path = Path::new(path);
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist/dev"));
    let bytes = is_inside.then(|| std::fs::read(folder.join(path)).ok())??;
    Some(File::of(bytes))
}
const INDEX: &str = "index.html";

/// What pages of other sites may load: the element that puts us into them, its types, and the name
/// under which it can be pinned.
const FOR_HOSTS: [&str; 4] = ["embed.js", "embed.mjs", "embed.d.ts", "embed.json"];

/// Marks a page that a configured host may frame: the one whose origin the address names, for the origins of one
/// host are nothing that another need know. No other page can be framed by anybody.
#[derive(Clone, Debug)]
pub struct Framed(pub Option<Origin>);

/// Where the files are.
#[derive(Clone, Debug)]
pub struct Assets(Source);

#[derive(Clone, Debug)]
enum Source {
    Built,
    Given(Arc<HashMap<String, Vec<u8>>>),
}

struct File {
    bytes: Cow<'static, [u8]>,
    hash: [u8; 32],
}

impl Assets {
    /// Those of the build.
    pub fn embedded() -> Self {
        Self(Source::Built)
    }

    /// These, by path without the leading slash.
    pub fn given(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self(Source::Given(Arc::new(files.into_iter().collect())))
    }

    fn file(&self, path: &str) -> Option<File> {
        match &self.0 {
            Source::Built => built(path),
            Source::Given(files) => {
                let bytes = files.get(path)?;
                Some(File { hash: Sha256::digest(bytes).into(), bytes: bytes.clone().into() })
            }
        }
    }
}

/// Every address that is no route.
pub async fn serve(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_routed = ["api", "hooks"].iter().any(|root| path.split('/').next() == Some(root));
    if is_routed {
        return Refusal::of_status(StatusCode::NOT_FOUND).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        let mut refused = Refusal::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        return refused;
    }
    let brand = &app.config.brand;
    if path == "embed/check" {
        let page = asset(&app.config.assets, "embed-check.html", &headers);
        return page.unwrap_or_else(|| Refusal::of_status(StatusCode::NOT_FOUND).into_response());
    }
    if path == "brand.css" {
        let css = format!(":root{{--hue:{}}}\n", brand.hue).into_bytes();
        return answer(&headers, "text/css; charset=utf-8", File::of(css), None, "no-cache");
    }
    // Only the page has the brand in it.
    let file = if path == INDEX { None } else { asset(&app.config.assets, path, &headers) };
    if let Some(file) = file {
        return file;
    }
    // Which debug builds of the app have.
    let is_gallery = cfg!(debug_assertions) && uri.path() == "/gallery";
    let is_page = is_gallery || pages::is_page(uri.path());
    let names_a_file =
        path != INDEX && path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if (names_a_file && !is_page) || !accepts_html(&headers) {
        return Refusal::of_status(StatusCode::NOT_FOUND).into_response();
    }
    let mut page = if is_page { index(&app.config, &headers) } else { nowhere(&app.config) };
    if pages::within_frame(uri.path()).is_some() {
        page.extensions_mut().insert(Framed(framing_origin(&app.config.hosts, &uri)));
    }
    page
}

/// The origin that the frame's address names, if it is a host's.
fn framing_origin(hosts: &Hosts, uri: &Uri) -> Option<Origin> {
    let query = uri.query()?.as_bytes();
    let (_, named) = url::form_urlencoded::parse(query).find(|(name, _)| name == "origin")?;
    hosts.origins().find(|origin| origin.as_str() == named).cloned()
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else {
        return true;
    };
    accept.contains("text/html") || accept.contains("*/*")
}

fn asset(assets: &Assets, path: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = assets.file(path)?;
    let caching = if has_hash(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let packed = [("br", "br"), ("gz", "gzip")].into_iter().find_map(|(suffix, coding)| {
        let file =
            accepts_coding(headers, coding).then(|| assets.file(&format!("{path}.{suffix}")));
        Some((file??, coding))
    });
    let (file, coding) = packed.map_or((plain, None), |(file, coding)| (file, Some(coding)));
    let mut response = answer(headers, mime(path), file, coding, caching);
    if is_for_hosts(path) {
        let out = response.headers_mut();
        let anyone = HeaderValue::from_static("*");
        out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
        let anywhere = HeaderValue::from_static("cross-origin");
        out.insert(HeaderName::from_static("cross-origin-resource-policy"), anywhere);
    }
    Some(response)
}

fn answer(
    headers: &HeaderMap,
    mime: &'static str,
    file: File,
    coding: Option<&'static str>,
    caching: &'static str,
) -> Response {
    let etag = etag::of(&file.hash);
    let known = etag::is_known(headers, &etag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = match file.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Body::from(bytes).into_response()
    };
    let out = response.headers_mut();
    if let Ok(etag) = HeaderValue::try_from(etag) {
        out.insert(header::ETAG, etag);
    }
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !known {
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
        if let Some(coding) = coding {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    response
}

/// The app's page, with the name of this installation in it, and whether nothing is really sent here.
fn index(config: &Config, headers: &HeaderMap) -> Response {
    let Config { assets, brand, simulated, .. } = config;
    let html = "text/html; charset=utf-8";
    let Some(page) = assets.file(INDEX) else {
        let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
            <title>SMS Sender</title><h1>The web app is not in this build</h1>\
            <p>Run <code>cargo xtask build</code> and start it again. The API is up.</p></html>";
        let mime = [(header::CONTENT_TYPE, html), (header::CACHE_CONTROL, "no-store")];
        return (StatusCode::SERVICE_UNAVAILABLE, mime, page).into_response();
    };
    let mut page = branded(&String::from_utf8_lossy(&page.bytes), brand);
    if *simulated {
        page = page.replacen("</head>", "<meta name=\"simulated\" content=\"yes\"></head>", 1);
    }
    answer(headers, html, File::of(page.into_bytes()), None, "no-cache")
}

/// The same at an address that is none of the app's. What is not there has no tag: a browser that has
/// the page already must be told 404 all the same.
fn nowhere(config: &Config) -> Response {
    let mut page = index(config, &HeaderMap::new());
    if page.status().is_success() {
        *page.status_mut() = StatusCode::NOT_FOUND;
        page.headers_mut().remove(header::ETAG);
    }
    page
}

fn branded(page: &str, brand: &Brand) -> String {
    let name = escaped(&brand.name);
    let page = replaced(page, "<title>", "</title>", &name);
    let page = replaced(&page, "<meta name=\"brand-name\" content=\"", "\"", &name);
    // The usual hue is in the app's own sheet, and nobody has to wait for a second one.
    if brand.hue == Brand::default().hue {
        return page;
    }
    page.replacen("</head>", "<link rel=\"stylesheet\" href=\"/brand.css\"></head>", 1)
}

/// `text` with what is between the first `before` and the `after` that follows it replaced.
fn replaced(text: &str, before: &str, after: &str, by: &str) -> String {
    let found = text.split_once(before).and_then(|(head, rest)| {
        let (_, tail) = rest.split_once(after)?;
        Some(format!("{head}{before}{by}{after}{tail}"))
    });
    found.unwrap_or_else(|| text.to_owned())
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// Whether pages of other sites may load it. A browser compares a hash (Subresource Integrity) only with
/// what it may read, so the element under its pinned name has to be among these.
fn is_for_hosts(path: &str) -> bool {
    let is_pinned = path.starts_with("embed-") && path.ends_with(".js") && has_hash(path);
    FOR_HOSTS.contains(&path) || is_pinned && !path.contains('/')
}

/// Whether the name has a hash in it: twelve hexadecimal digits in a row.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(|c: char| !c.is_ascii_hexdigit()).any(|run| run.len() >= 12)
}

/// Whether the client takes this coding: named, and not with a weight of zero.
fn accepts_coding(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, suffix)| suffix) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("ts" | "txt") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

impl File {
    fn of(bytes: Vec<u8>) -> Self {
        Self { hash: Sha256::digest(&bytes).into(), bytes: bytes.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_told_apart() {
        assert!(has_hash("web-0123456789abcdef_bg.wasm"));
        assert!(has_hash("assets/app-0123456789abcdef0123.css"));
        assert!(!has_hash("worker_bg.wasm"));
        assert!(!has_hash("0123456789abcdef/worker.js"));
        assert!(!has_hash("facade-decade.js"));
    }

    #[test]
    fn pages_of_others_get_the_element_under_its_pinned_name_too() {
        for path in ["embed.js", "embed.json", "embed-0123456789abcdef.js"] {
            assert!(is_for_hosts(path), "{path}");
        }
        for path in [
            "embed-check.js",
            "web-0123456789abcdef.js",
            "embed-0123456789abcdef.css",
            "embed-x/0123456789abcdef.js",
        ] {
            assert!(!is_for_hosts(path), "{path}");
        }
    }

    #[test]
    fn a_coding_with_no_weight_left_is_not_accepted() {
        let accepts = |line: &str, coding| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, line.parse().unwrap());
            accepts_coding(&headers, coding)
        };
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn the_name_of_the_installation_cannot_break_out() {
        let brand = |name: &str| Brand { name: name.to_owned(), ..Brand::default() };
        let page = "<title>x</title><meta name=\"brand-name\" content=\"x\"><p>x</p>";
        let page = branded(page, &brand("A&B \"<script>"));
        assert_eq!(
            page,
            "<title>A&amp;B &quot;&lt;script&gt;</title>\
             <meta name=\"brand-name\" content=\"A&amp;B &quot;&lt;script&gt;\"><p>x</p>"
        );
        assert_eq!(branded("<p>nothing to replace</p>", &brand("x")), "<p>nothing to replace</p>");
    }

    #[test]
    fn only_a_hue_of_ones_own_is_another_sheet_to_wait_for() {
        let page = "<head></head>";
        let of = |hue| branded(page, &Brand { hue, ..Brand::default() });
        assert_eq!(of(Brand::default().hue), page);
        assert!(of(20).contains("href=\"/brand.css\"></head>"));
    }
}
