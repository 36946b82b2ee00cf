//! Both sides against 8x8's OpenAPI file, which is 8x8's and not part of this repository: the
//! environment variable `EIGHT_OPENAPI` says where it is.
//!
//! A recorder stands between client and simulator; what it saw is checked against the schemas.

use super::support::{Mailbox, SUBACCOUNT, Served, batch, eventually, fast};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use domain::time::Timestamp;
use gateway::Gateway as _;
use gateway::sandbox::{Sandbox, router};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// 8x8's file, if there is one.
struct OpenApi(Value);

impl OpenApi {
    fn find() -> Option<Self> {
        let Some(path) = std::env::var_os("EIGHT_OPENAPI") else {
            // Straight to standard error: the harness hides what a passing test prints.
            let skipped =
                "skipped: set EIGHT_OPENAPI to 8x8's OpenAPI file to check requests against it";
            let _ = writeln!(std::io::stderr(), "{skipped}");
            return None;
        };
        let text = std::fs::read_to_string(path).expect("EIGHT_OPENAPI names a file");
        let mut file = serde_json::from_str(&text).expect("EIGHT_OPENAPI names a JSON file");
        to_json_schema(&mut file);
        Some(Self(file))
    }

    /// The schema that this JSON pointer leads to. Fields it does not list are errors.
    fn schema(&self, pointer: &str) -> Validator {
        assert!(self.0.pointer(pointer).is_some(), "{pointer}");
        let mut schema = self.0.clone();
        schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        let pointer = pointer.replace('{', "%7B").replace('}', "%7D");
        schema["allOf"] = json!([{"$ref": format!("#{pointer}")}]);
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    }

    fn component(&self, name: &str) -> Validator {
        self.schema(&format!("/components/schemas/{name}"))
    }

    fn answer(&self, path: &str, method: &str, status: &str) -> Validator {
        let path = path.replace('~', "~0").replace('/', "~1");
        let media = "content/application~1json/schema";
        self.schema(&format!("/paths/{path}/{method}/responses/{status}/{media}"))
    }
}

/// OpenAPI 3.0 is a dialect of its own: `nullable` says what JSON Schema says with a type, and objects
/// are closed here, so that a misspelled field shows.
fn to_json_schema(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(to_json_schema),
        Value::Object(object) => {
            if object.remove("nullable") == Some(json!(true))
                && let Some(kind) = object.get_mut("type")
            {
                *kind = json!([kind.take(), "null"]);
            }
            let is_schema = object.get("type") == Some(&json!("object"))
                && object.get("properties").is_some_and(Value::is_object);
            if is_schema && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(to_json_schema);
        }
        _ => {}
    }
}

/// What passed by.
#[derive(Clone, Debug)]
struct Exchange {
    method: String,
    path: String,
    request: Value,
    status: u16,
    response: Value,
}

type Tape = Arc<Mutex<Vec<Exchange>>>;

async fn record(State(tape): State<Tape>, request: Request, next: Next) -> Response {
    let json = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or(Value::Null);
    let (head, body) = request.into_parts();
    let asked = to_bytes(body, usize::MAX).await.unwrap();
    let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
    let response = next.run(Request::from_parts(head, Body::from(asked.clone()))).await;
    let (head, body) = response.into_parts();
    // A broken body is a cut connection, and nothing to compare.
    let answered = to_bytes(body, usize::MAX).await.unwrap_or_default();
    tape.lock().unwrap().push(Exchange {
        method,
        path,
        request: json(&asked),
        status: head.status.as_u16(),
        response: json(&answered),
    });
    Response::from_parts(head, Body::from(answered))
}

/// Everything the client can ask for, with good and bad answers.
async fn recorded() -> Vec<Exchange> {
    let tape = Tape::default();
    let sandbox = Sandbox::start(fast()).unwrap();
    let router: Router = router(sandbox).layer(from_fn_with_state(Arc::clone(&tape), record));
    let (served, mailbox) = (Served::router(router).await, Mailbox::open().await);
    let client = served.client();
    let all = ["+6591212345", "+6595500001", "+6281234567890", "+12025500002"];
    let mut umids = Vec::new();
    for numbers in [&all[..1], &all[1..2], &all[..]] {
        let answers = client.send(&batch(numbers, &mailbox.url())).await.unwrap();
        umids.extend(answers.into_iter().filter_map(|answer| match answer {
            gateway::Acceptance::Accepted(umid) => Some(umid),
            _ => None,
        }));
    }
    for trouble in ["00011", "00012", "00017", "00019"] {
        for numbers in [&[][..], &["+6591212345"]] {
            let number = format!("+65{}55{trouble}", 8 + numbers.len());
            let numbers = [numbers, &[number.as_str()]].concat();
            client.send(&batch(&numbers, &mailbox.url())).await.unwrap_err();
        }
    }
    let mut long = batch(&["+6591212345"], &mailbox.url());
    long.messages[0].text = "a".repeat(2_000);
    client.send(&long).await.unwrap();
    long.messages[0].reference = "a".repeat(351);
    client.send(&long).await.unwrap_err();
    client.prices().await.unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let now = Timestamp(now.as_millis() as i64);
    client.sent_since(SUBACCOUNT, now).await.unwrap();
    client.sent_since("nothing_here", now).await.unwrap();
    eventually(|| async { mailbox.bodies().len() >= 12 }).await;
    // What the client has no use for, and others may.
    let http = reqwest::Client::new();
    let messages = format!("/api/v1/subaccounts/{SUBACCOUNT}/messages");
    for path in [
        format!("{messages}/{}", umids[0]),
        format!("{messages}/{}", umids[3]),
        format!("{messages}/00000000-0000-4000-8000-000000000000"),
        format!("{messages}/not-an-id"),
        format!("{messages}/exports/none"),
        "/api/v1/accounts/demo/balance".to_owned(),
    ] {
        http.get(served.url() + &path).bearer_auth("k").send().await.unwrap();
    }
    let body = json!({
        "destinations": ["6591212345"], "template": {"text": "Hi"}, "includeMessagesInResponse": false
    });
    let url = format!("{}{messages}/batch", served.url());
    http.post(url).bearer_auth("k").json(&body).send().await.unwrap();
    let tape = tape.lock().unwrap();
    tape.clone()
}

/// The operation that a path belongs to, as the file spells it.
fn operation(path: &str) -> Option<&'static str> {
    let (head, rest) = path.split_once("/api/v1/")?.1.split_once('/')?;
    let rest = rest.split_once('/')?.1;
    Some(match (head, rest.split('/').collect::<Vec<_>>().as_slice()) {
        ("accounts", ["prices"]) => "/api/v1/accounts/{accountId}/prices",
        ("accounts", ["balance"]) => "/api/v1/accounts/{accountId}/balance",
        ("subaccounts", ["messages"]) => "/api/v1/subaccounts/{subAccountId}/messages",
        ("subaccounts", ["messages", "batch"]) => {
            "/api/v1/subaccounts/{subAccountId}/messages/batch"
        }
        ("subaccounts", ["messages", "exports"]) => {
            "/api/v1/subaccounts/{subAccountId}/messages/exports"
        }
        ("subaccounts", ["messages", "exports", _]) => {
            "/api/v1/subaccounts/{subAccountId}/messages/exports/{jobId}"
        }
        ("subaccounts", ["messages", _]) => "/api/v1/subaccounts/{subAccountId}/messages/{umid}",
        _ => return None,
    })
}

fn assert_valid(schema: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[tokio::test]
async fn every_request_is_as_8x8_documents_it() {
    let Some(file) = OpenApi::find() else { return };
    let mut checked = Map::new();
    for exchange in recorded().await.iter().filter(|e| e.method == "POST") {
        let operation = operation(&exchange.path).unwrap();
        // "messages or destinations" says the reference, "messages" says the schema.
        if exchange.request.get("destinations").is_some() || exchange.response["code"] == 3009 {
            continue;
        }
        let pointer = format!(
            "/paths/{}/post/requestBody/content/application~1json/schema",
            operation.replace('/', "~1")
        );
        assert_valid(&file.schema(&pointer), &exchange.request, operation);
        checked.insert(operation.to_owned(), json!(true));
    }
    assert_eq!(checked.len(), 3, "{checked:?}");
}

#[tokio::test]
async fn every_answer_is_as_8x8_documents_it() {
    let Some(file) = OpenApi::find() else { return };
    let mut checked = 0;
    for exchange in recorded().await {
        let Some(operation) = operation(&exchange.path) else { continue };
        let (method, status) = (exchange.method.to_lowercase(), exchange.status.to_string());
        let path = operation.replace('/', "~1");
        let documented = format!("/paths/{path}/{method}/responses/{status}");
        let mut pointer = match file.0.pointer(&documented).and_then(|answer| answer.get("$ref")) {
            Some(elsewhere) => elsewhere.as_str().unwrap().trim_start_matches('#').to_owned(),
            None => documented,
        };
        // The page on rate limits promises 429 for all, the file lists it for some only.
        let prices = "/paths/~1api~1v1~1accounts~1{accountId}~1prices/get/responses";
        if status == "429" || status == "426" {
            pointer = format!("{prices}/{status}");
        }
        let pointer = pointer.replace("%7B", "{").replace("%7D", "}");
        let schema = file.schema(&format!("{pointer}/content/application~1json/schema"));
        let mut answer = exchange.response;
        if let Some(subaccounts) = answer.get_mut("subAccounts").and_then(Value::as_array_mut) {
            // The file's schema has an array where all of its examples have an object.
            for subaccount in subaccounts {
                subaccount["outbound"] = json!([subaccount["outbound"]]);
            }
        }
        assert_valid(&schema, &answer, &format!("{method} {operation} {status}"));
        checked += 1;
    }
    assert!(checked >= 20, "{checked}");
}

/// The check itself is checked: each of these must fail.
#[tokio::test]
async fn what_8x8_does_not_document_is_noticed() {
    let Some(file) = OpenApi::find() else { return };
    let recorded = recorded().await;
    let of = |end: &str| {
        let found = recorded.iter().find(|e| e.path.ends_with(end) && e.status < 300);
        found.unwrap_or_else(|| panic!("{end}")).clone()
    };
    let one = file.component("SmsRequest");
    let batch = file.component("BatchSmsRequest");
    let export = file.component("LogExportRequest");
    let answer = file.answer("/api/v1/subaccounts/{subAccountId}/messages/batch", "post", "200");
    let cases: [(&Validator, Value, &str, Value); 11] = [
        (&one, of("/messages").request, "/destination", json!("+0123456789")),
        (&one, of("/messages").request, "/destination", Value::Null),
        (&one, of("/messages").request, "/encoding", json!("auto")),
        (&one, of("/messages").request, "/source", json!("a".repeat(17))),
        (&one, of("/messages").request, "/clientMessageId", json!("a".repeat(351))),
        (&batch, of("/batch").request, "/clientBatchId", json!("a".repeat(21))),
        (&batch, of("/batch").request, "/messages", json!([])),
        (&batch, of("/batch").request, "/messages/0/text", json!(1)),
        (&export, of("/exports").request, "/from", json!("yesterday")),
        (&answer, of("/batch").response, "/acceptedCount", json!("4")),
        (&answer, of("/batch").response, "/messages/0/status/code", json!("PARKED")),
    ];
    for (schema, whole, pointer, value) in cases {
        assert!(schema.is_valid(&whole), "{pointer}");
        let mut mutated = whole;
        *mutated.pointer_mut(pointer).unwrap() = value;
        assert!(!schema.is_valid(&mutated), "{pointer}");
    }
    let mut misspelled = of("/messages").request;
    misspelled["clientMessageID"] = json!("1");
    assert!(!one.is_valid(&misspelled));
}
