//! `/openapi.json` against the routes, and every answer of every other test against it.

use crate::site::{Answer, Site};
use axum::http::{Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../src/server/openapi.json")).unwrap());
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Fails unless the document describes this answer to this request.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let mime = answer.headers.get("content-type").map_or("", |mime| mime.to_str().unwrap());
    let mime = mime.split(';').next().unwrap_or_default();
    if mime == "application/problem+json" {
        return validate("/components/schemas/Problem", answer);
    }
    let Some((template, item)) = item(path) else { return };
    let method = method.as_str().to_lowercase();
    let status = answer.status.as_u16().to_string();
    let response = &item[&method]["responses"][&status];
    assert!(response.is_object(), "{method} {template} {status} is not described");
    let described = response["content"].as_object();
    let is_described = described.is_some_and(|content| content.contains_key(mime));
    assert!(is_described || answer.body.is_empty(), "{method} {template} {mime} is not described");
    if mime == "application/json" {
        let template = template.replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
        validate(
            &format!(
                "/paths/{template}/{method}/responses/{status}/content/application~1json/schema"
            ),
            answer,
        );
    }
}

/// What the document says of a path.
fn item(path: &str) -> Option<(&'static str, &'static Value)> {
    let fits = |template: &str| {
        let (path, template) = (path.split('/'), template.split('/'));
        path.clone().count() == template.clone().count()
            && path.zip(template).all(|(a, b)| a == b || b.starts_with('{'))
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths.iter().find(|(template, _)| fits(template)).map(|(t, item)| (t.as_str(), item))
}

fn validate(pointer: &str, answer: &Answer) {
    let validator =
        Arc::clone(VALIDATORS.lock().unwrap().entry(pointer.to_owned()).or_insert_with(|| {
            let mut schema = DOCUMENT.clone();
            schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            schema["$ref"] = json!(format!("#{pointer}"));
            let options = jsonschema::options().should_validate_formats(true);
            Arc::new(options.build(&schema).unwrap())
        }));
    if let Err(error) = validator.validate(&answer.json()) {
        panic!("not as described at {pointer}: {error} in {}", answer.text());
    }
}

/// The methods that the document has for a path.
fn described(path: &str) -> BTreeSet<String> {
    let item = &DOCUMENT["paths"][path];
    let methods = item.as_object().unwrap_or_else(|| panic!("{path} is not described")).keys();
    methods.map(|method| method.to_uppercase()).collect()
}

/// The routes as the source has them: `(prefix, path)`.
fn routes() -> Vec<String> {
    let source = include_str!("../../src/server/api.rs");
    let mut routes = Vec::new();
    for call in source.split(".route(").skip(1) {
        let argument = call.split(',').next().unwrap().trim();
        match argument.strip_prefix('"').and_then(|literal| literal.strip_suffix('"')) {
            Some(path) if source.contains(&format!("\"{path}\"")) => routes.push(path.to_owned()),
            _ => routes.push("/hooks/8x8/{secret}".to_owned()),
        }
    }
    routes
}

#[tokio::test]
async fn every_route_and_method_is_described_and_every_description_has_a_route() {
    let site = Site::new().await;
    let top = ["/healthz", "/readyz", "/openapi.json", "/hooks/8x8/{secret}"];
    let mut seen = BTreeSet::new();
    for route in routes() {
        let path = if top.contains(&route.as_str()) { route } else { format!("/api/v1{route}") };
        // A method that no route has: the answer lists those it has.
        let request = site.request(Method::from_bytes(b"PURGE").unwrap(), &path);
        let answer = site.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let allowed: BTreeSet<String> =
            answer.header("allow").split(',').map(|m| m.trim().to_owned()).collect();
        let allowed: BTreeSet<String> = allowed.into_iter().filter(|m| m != "HEAD").collect();
        assert_eq!(allowed, described(&path), "{path}");
        seen.insert(path);
    }
    let all: BTreeSet<String> = DOCUMENT["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn it_is_served() {
    let site = Site::new().await;
    assert_eq!(site.get("/openapi.json").await.json(), *DOCUMENT);
}
