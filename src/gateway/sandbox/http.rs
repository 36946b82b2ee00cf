//! The endpoints of 8x8's API.
//!
//! A request to send is handled in a task of its own once its body is read: a client that goes away
//! does not stop a real service from accepting what it has read.

use super::exports::{self, Export, MASKED};
use super::magic::{Report, Trouble};
use super::refusal::Refusal;
use super::rules::{self, Item, Ready};
use super::store::{self, Message};
use super::wire::Scissors;
use super::{Inner, Sandbox, courier, magic, prices};
use crate::clock;
use crate::eight::api::{
    AccountBalance, BatchSmsResponse, LogExportJob, LogExportJobStatus, MessageDetails,
    ReceiptPrice, SmsResponse, SmsStatus, number,
};
use crate::eight::is_subaccount;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use domain::price::money::Amount;
use domain::time::Timestamp;
use futures_util::{future, stream};
use serde::Deserialize;
use uuid::Uuid;

/// Ten thousand messages of ten segments fit in, with room to spare.
const BODY_LIMIT: usize = 128 << 20;

/// What the account had before anything was sent, in billionths.
const BALANCE: Amount = Amount::from_nanos(10_000_000_000_000);

/// How long the link to a file lives.
const LINK: i64 = 30 * Timestamp::DAY;

pub(super) fn router(sandbox: Sandbox) -> Router {
    let messages = "/api/v1/subaccounts/{subaccount}/messages";
    let below = |path: &str| format!("{messages}{path}");
    Router::new()
        .route(messages, post(send_one))
        .route(&below("/batch"), post(send_batch))
        .route(&below("/exports"), post(start_export))
        .route(&below("/exports/{job}"), get(export))
        .route(&below("/download/{job}"), get(download))
        .route(&below("/{umid}"), get(details))
        .route("/api/v1/accounts/{account}/prices", get(price_list))
        .route("/api/v1/accounts/{account}/balance", get(balance))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(sandbox.clone(), authenticated))
        .with_state(sandbox)
}

/// What no endpoint is there for.
pub(super) async fn nothing_here() -> Refusal {
    Refusal::not_found(1300, "Not found")
}

/// Every endpoint asks for a key.
async fn authenticated(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let value = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let given = value.and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    let welcome = match (&sandbox.0.options.key, given) {
        (_, None | Some("")) => false,
        (None, Some(_)) => true,
        (Some(key), Some(given)) => key.reveal() == given,
    };
    if welcome { next.run(request).await } else { Refusal::unauthorized().into_response() }
}

/// How a request to send ends.
enum End {
    Answered(Response),
    Cut,
}

type Wire = Option<Extension<ConnectInfo<Scissors>>>;

async fn send_one(
    State(sandbox): State<Sandbox>,
    Path(subaccount): Path<String>,
    wire: Wire,
    body: Bytes,
) -> Response {
    send(sandbox, subaccount, wire, body, true).await
}

async fn send_batch(
    State(sandbox): State<Sandbox>,
    Path(subaccount): Path<String>,
    wire: Wire,
    body: Bytes,
) -> Response {
    send(sandbox, subaccount, wire, body, false).await
}

async fn send(
    sandbox: Sandbox,
    subaccount: String,
    wire: Wire,
    body: Bytes,
    one: bool,
) -> Response {
    let task = tokio::spawn(async move { sandbox.take(subaccount, body, one).await });
    match task.await {
        Ok(End::Answered(response)) => response,
        Ok(End::Cut) => cut(wire),
        Err(_) => Refusal::internal().into_response(),
    }
}

/// Closes the connection without an answer where that is possible, which is on the simulator's own
/// listener. Elsewhere the answer breaks off after its head.
fn cut(wire: Wire) -> Response {
    if let Some(Extension(ConnectInfo(scissors))) = wire {
        scissors.cut();
        return StatusCode::NO_CONTENT.into_response();
    }
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    let body = stream::once(future::ready(Err::<Bytes, _>(broken)));
    let mut response = Response::new(Body::from_stream(body));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("1000"));
    response
}

impl Sandbox {
    async fn take(self, subaccount: String, body: Bytes, one: bool) -> End {
        self.store().requests += 1;
        tokio::time::sleep(self.0.options.latency).await;
        let inner = self.0.clone();
        let work = move || inner.take(&subaccount, &body, one);
        match tokio::task::spawn_blocking(work).await {
            Ok((end, slowly)) => {
                if slowly {
                    tokio::time::sleep(self.0.options.slow_answer).await;
                }
                end
            }
            Err(_) => End::Answered(Refusal::internal().into_response()),
        }
    }
}

impl Inner {
    /// Checks and accepts; says how it ends, and whether the answer is to be slow.
    fn take(&self, subaccount: &str, body: &[u8], one: bool) -> (End, bool) {
        let refused = |refusal: Refusal| (End::Answered(refusal.into_response()), false);
        if let Err(refusal) = self.check_subaccount(subaccount) {
            return refused(refusal);
        }
        let request = if one {
            rules::single(body, clock::now()).map(|item| rules::Request {
                items: vec![item],
                reference: None,
                list_messages: true,
            })
        } else {
            rules::batch(body, clock::now())
        };
        let request = match request {
            Ok(request) => request,
            Err(refusal) => return refused(refusal),
        };
        let trouble = self.trouble(&request.items);
        match trouble {
            Some(Trouble::TooManyRequests) => return refused(Refusal::too_many_requests()),
            Some(Trouble::Unauthorized) => return refused(Refusal::unauthorized()),
            Some(Trouble::OldTls) => return refused(Refusal::old_tls()),
            Some(Trouble::FailsBefore) => return refused(Refusal::internal()),
            Some(Trouble::CutBefore) => return (End::Cut, false),
            Some(Trouble::FailsAfter | Trouble::CutAfter | Trouble::Slow) | None => {}
        }
        let response = match self.accept(subaccount, request, one) {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(%error, "the sandbox cannot write its journal");
                return refused(Refusal::internal());
            }
        };
        match trouble {
            Some(Trouble::FailsAfter) => refused(Refusal::internal()),
            Some(Trouble::CutAfter) => (End::Cut, false),
            Some(Trouble::Slow) => (End::Answered(response), true),
            _ => (End::Answered(response), false),
        }
    }

    fn check_subaccount(&self, subaccount: &str) -> Result<(), Refusal> {
        let listed = || self.options.subaccounts.iter().any(|one| one == subaccount);
        if is_subaccount(subaccount) && (!self.options.only_listed || listed()) {
            return Ok(());
        }
        Err(Refusal::bad(1001, "Illegal SubAccountId: it does not belong to your account"))
    }

    /// The first trouble that any of the messages makes, or else bad luck.
    fn trouble(&self, items: &[Item]) -> Option<Trouble> {
        let numbers = items.iter().filter_map(|item| Some(item.verdict.as_ref().ok()?.to));
        let mut troubles = numbers.filter_map(|to| Some((to, Trouble::of(to)?)));
        let mut store = self.store();
        let struck = troubles.find(|(to, trouble)| !trouble.only_once() || store.strike(*to));
        struck.map(|(_, trouble)| trouble).or_else(|| {
            let die = || Uuid::new_v4().as_u64_pair().1 & 0xffff_ffff;
            let fraction = die() as f64 / f64::from(u32::MAX);
            (fraction < self.options.fail_rate).then(|| Trouble::random(die()))
        })
    }

    fn accept(
        &self,
        subaccount: &str,
        request: rules::Request,
        one: bool,
    ) -> std::io::Result<Response> {
        let batch = (!one).then(Uuid::new_v4);
        let mut entries = Vec::with_capacity(request.items.len());
        let mut answers = Vec::with_capacity(request.items.len());
        for item in request.items {
            let Item { destination, reference, verdict } = item;
            let (umid, to, ucs2, rejected) = match verdict {
                Ok(ready) if magic::is_rejected(ready.to) => {
                    let why = rules::Rejection::Number.description();
                    (Uuid::new_v4(), ready.to.digits().to_string(), ready.ucs2, Some(why))
                }
                Ok(Ready { to, text, source, ucs2, segments, starts, callback }) => {
                    let entry = store::accepted(to, text, subaccount);
                    let umid = entry.umid;
                    entries.push(super::journal::AcceptedEntry {
                        ucs2,
                        segments,
                        starts,
                        reference: reference.clone(),
                        source,
                        callback: callback.map(String::from),
                        batch,
                        batch_reference: request.reference.clone(),
                        ..entry
                    });
                    (umid, to.digits().to_string(), ucs2, None)
                }
                Err(rejection) => {
                    (Uuid::new_v4(), destination, false, Some(rejection.description()))
                }
            };
            answers.push(answer(umid, to, reference, ucs2, rejected));
        }
        let accepted = entries.len();
        let rejected = answers.len() - accepted;
        let messages = self.store().accept(entries)?;
        // Nobody listens any more when everything is being shut down.
        let _ = self.courier.send(messages);
        if let (true, Some(answer)) = (one, answers.pop_if(|_| one)) {
            return Ok(Json(answer).into_response());
        }
        Ok(Json(BatchSmsResponse {
            batch_id: batch.map(|id| id.to_string()),
            client_batch_id: request.reference,
            accepted_count: Some(accepted as u32),
            rejected_count: Some(rejected as u32),
            messages: request.list_messages.then_some(answers),
        })
        .into_response())
    }
}

fn answer(
    umid: Uuid,
    destination: String,
    reference: Option<String>,
    ucs2: bool,
    rejected: Option<&str>,
) -> SmsResponse {
    let queued = "SMS is accepted and queued for processing";
    SmsResponse {
        umid: Some(umid.to_string()),
        client_message_id: reference,
        destination: Some(destination),
        encoding: Some(exports::encoding(ucs2).to_owned()),
        status: Some(SmsStatus {
            code: if rejected.is_some() { "REJECTED" } else { "QUEUED" }.to_owned(),
            description: rejected.unwrap_or(queued).to_owned(),
        }),
    }
}

async fn details(
    State(sandbox): State<Sandbox>,
    Path((subaccount, umid)): Path<(String, String)>,
) -> Result<Json<MessageDetails>, Refusal> {
    let umid = Uuid::try_parse(&umid).map_err(|_| Refusal::bad(1000, "Invalid umid."))?;
    let store = sandbox.store();
    store
        .find(umid)
        .filter(|message| message.common.subaccount == subaccount)
        .map(|message| Json(detailed(message, sandbox.0.options.speed())))
        .ok_or_else(|| Refusal::not_found(1300, "Message not found."))
}

fn detailed(message: &Message, speed: f64) -> MessageDetails {
    let (report, since) = message.status(speed);
    let charged = message.price().filter(|_| !matches!(report, Report::Rejected(_)));
    let (one, all) = charged.unwrap_or_default();
    MessageDetails {
        umid: message.umid.to_string(),
        sub_account_id: message.common.subaccount.clone(),
        direction: "outbound",
        country: prices::of(message.to).map(|(to, _)| to.country),
        status: courier::status(report, clock::to_the_millisecond(since)),
        msisdn: exports::masked(message.to),
        source: Some(message.common.source.clone().unwrap_or_default()),
        body: MASKED,
        encoding: exports::encoding(message.ucs2),
        created_at: clock::to_the_millisecond(message.accepted_at),
        sms_count: message.segments,
        price: Some(ReceiptPrice {
            total: number(all),
            per_sms: number(one),
            currency: Some(prices::CURRENCY.to_owned()),
        }),
        client_message_id: message.reference.as_deref().map(str::to_owned),
        client_batch_id: message.common.batch_reference.clone(),
        batch_id: message.common.batch.map(|id| id.to_string()),
    }
}

async fn start_export(
    State(sandbox): State<Sandbox>,
    Path(subaccount): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<LogExportJob>), Refusal> {
    sandbox.0.check_subaccount(&subaccount)?;
    let export = Export::read(&subaccount, &body, clock::now())?;
    let job_id = Uuid::new_v4().simple().to_string();
    sandbox.exports().insert(job_id.clone(), export);
    Ok((StatusCode::ACCEPTED, Json(LogExportJob { job_id })))
}

/// How an export is going: still running when asked for the first time, ready afterwards.
async fn export(
    State(sandbox): State<Sandbox>,
    Path((subaccount, job)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<LogExportJobStatus>, Refusal> {
    let status =
        |status: &str| LogExportJobStatus { status: status.to_owned(), data: None, expires: None };
    let export = {
        let mut exports = sandbox.exports();
        let export = exports
            .get_mut(&job)
            .filter(|export| export.subaccount == subaccount)
            .ok_or_else(|| Refusal::not_found(4018, "Invalid jobId"))?;
        if !std::mem::replace(&mut export.asked, true) {
            return Ok(Json(status("running")));
        }
        export.clone()
    };
    if export.messages(&sandbox.store()).next().is_none() {
        return Ok(Json(status("empty")));
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let link = format!("http://{host}/api/v1/subaccounts/{subaccount}/messages/download/{job}");
    Ok(Json(LogExportJobStatus {
        data: Some(vec![link]),
        expires: Some(clock::to_the_millisecond(clock::now() + LINK)),
        ..status("succeeded")
    }))
}

async fn download(
    State(sandbox): State<Sandbox>,
    Path((subaccount, job)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let export = sandbox.exports().get(&job).filter(|e| e.subaccount == subaccount).cloned();
    let export = export.ok_or_else(|| Refusal::not_found(4018, "Invalid jobId"))?;
    let speed = sandbox.0.options.speed();
    let work = move || export.csv(&sandbox.store(), speed).ok();
    let csv = tokio::task::spawn_blocking(work).await.ok().flatten();
    let csv = csv.ok_or_else(Refusal::internal)?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PriceQuery {
    country: Option<String>,
    sub_account_id: Option<String>,
}

async fn price_list(
    State(sandbox): State<Sandbox>,
    Query(query): Query<PriceQuery>,
) -> Json<crate::eight::api::PriceListing> {
    let wanted = |one: &&String| query.sub_account_id.as_ref().is_none_or(|id| id == *one);
    let subaccounts: Vec<String> =
        sandbox.0.options.subaccounts.iter().filter(wanted).cloned().collect();
    Json(prices::listing(&subaccounts, query.country.as_deref()))
}

async fn balance(State(sandbox): State<Sandbox>) -> Result<Json<AccountBalance>, Refusal> {
    let spent = sandbox.store().spent;
    let left = Amount::from_nanos(BALANCE.nanos().saturating_sub(spent.nanos()));
    let balance = number(left).ok_or_else(Refusal::internal)?;
    Ok(Json(AccountBalance { balance, currency: prices::CURRENCY }))
}
