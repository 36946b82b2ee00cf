//! The web app's files, as the server hands them out.

use crate::fake::Fake;
use crate::site::{Answer, Site};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use server::assets::Assets;

const WASM: &str = "web-0123456789abcdef_bg.wasm";
const PAGE: &str = "<!doctype html><head><title>SMS Sender</title>\
    <meta name=\"brand-name\" content=\"SMS Sender\"></head><body></body>";

async fn site() -> Site {
    let files = [
        ("index.html", PAGE),
        (WASM, "plain"),
        (&format!("{WASM}.br"), "brotli"),
        (&format!("{WASM}.gz"), "gzip"),
        ("worker.js", "worker"),
        ("icons/logo.svg", "<svg/>"),
    ]
    .map(|(path, content)| (path.to_owned(), content.as_bytes().to_vec()));
    let branded = |config: &mut server::config::Config| {
        config.assets = Assets::given(files);
        config.brand.name = "Acme & Söhne".to_owned();
        config.brand.hue = 20;
    };
    Site::closed(branded, Fake::default()).await
}

async fn get(site: &Site, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = site.request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn pages_of_the_app_are_one_page_with_the_brand_in_it() {
    let site = site().await;
    for path in
        ["/", "/login", "/sender/compose", "/campaigns/3f8a", "/campaigns/x.js", "/embed/login"]
    {
        let answer = get(&site, path, &[("accept", "text/html,*/*;q=0.8")]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert!(answer.text().contains("<title>Acme &amp; Söhne</title>"));
        assert!(answer.text().contains("content=\"Acme &amp; Söhne\""));
        assert!(answer.text().contains("<link rel=\"stylesheet\" href=\"/brand.css\">"));
    }
    let css = get(&site, "/brand.css", &[]).await;
    assert_eq!(css.text(), ":root{--hue:20}\n");
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn packed_files_go_to_those_who_take_them() {
    let site = site().await;
    let path = format!("/{WASM}");
    for (accepts, content, coding) in [
        ("gzip, deflate, br", "brotli", "br"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", "gzip"),
        ("identity", "plain", ""),
    ] {
        let answer = get(&site, &path, &[("accept-encoding", accepts)]).await;
        assert_eq!((answer.text(), answer.header("content-encoding")), (content, coding));
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    }
    assert_eq!(get(&site, "/worker.js", &[]).await.header("cache-control"), "no-cache");
    assert_eq!(get(&site, "/icons/logo.svg", &[]).await.header("content-type"), "image/svg+xml");
}

#[tokio::test]
async fn what_the_browser_has_already_is_not_sent_again() {
    let site = site().await;
    for path in ["/worker.js", "/", "/brand.css"] {
        let first = get(&site, path, &[]).await;
        let etag = first.header("etag");
        assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        let again = get(&site, path, &[("if-none-match", etag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), etag);
        let other = get(&site, path, &[("if-none-match", "\"0\"")]).await;
        assert_eq!(other.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn where_the_app_has_no_page_it_says_so_itself() {
    let site = site().await;
    let tag = get(&site, "/", &[]).await.header("etag").to_owned();
    for path in ["/nowhere", "/sender/x", "/login/x", "//login", "/embed/x", "/index.html"] {
        // A browser that has the page is told that it is none as well.
        for headers in [vec![], vec![("if-none-match", tag.as_str()), ("accept", "text/html")]] {
            let answer = get(&site, path, &headers).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
            assert!(answer.text().contains("<title>Acme &amp; Söhne</title>"), "{path}");
            assert_eq!(answer.header("etag"), "", "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_the_page() {
    let site = site().await;
    for path in ["/web-old.js", "/icons/none.png", "/../Cargo.toml", "/api/v2", "/hooks/other"] {
        let answer = get(&site, path, &[("accept", "text/html")]).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
    }
    let program = get(&site, "/login", &[("accept", "application/json")]).await;
    assert_eq!(program.status, StatusCode::NOT_FOUND);
    let posted = site.post("/login", &serde_json::Value::Null).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(posted.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn without_a_build_it_says_how_to_make_one() {
    let site = Site::closed(|_| {}, Fake::default()).await;
    let answer = site.get("/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("cargo xtask build"));
}
