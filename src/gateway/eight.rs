//! 8x8's public SMS API, spoken as a client (8x8 "SMS API" OpenAPI, version 1).
//!
//! A repeated request is a second message and a second charge: the API has no idempotency key and
//! does not look at our references. So nothing here retries or follows a redirect, and every failure
//! is put into one of two classes, in `errors.rs`: certainly nothing was accepted, or nobody knows.
//!
//! Each message carries its own `source`, `encoding` and `dlrCallbackUrl`, though a batch could put
//! them into a `template`: the reference calls the template's `text` required, and ours have none.
//! `encoding` is always an explicit `AUTO`: the price was computed for the encoding that the text
//! needs, and a setting of the subaccount must not change that.

pub mod receipts;

pub(crate) mod api;
mod errors;
mod export;
mod prices;
mod status;

use crate::{
    Acceptance, ApiKey, Batch, Gateway, GatewayError, MAX_BATCH, Outgoing, Receipt, SendError,
    SubaccountPrices,
};
use api::{BatchSmsRequest, BatchSmsResponse, SmsRequest, SmsResponse};
use async_trait::async_trait;
use domain::time::Timestamp;
use reqwest::{Client, RequestBuilder, StatusCode, Url, header, redirect};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::time::Duration;
use thiserror::Error;
use uuid::Uuid;

/// Where 8x8's API is for accounts of the Asia-Pacific region (8x8 "Platform deployment regions").
pub const ASIA_PACIFIC: &str = "https://sms.8x8.com";

/// How to reach 8x8.
#[derive(Clone, Debug)]
pub struct EightOptions {
    /// Scheme and host of the account's region, such as [`ASIA_PACIFIC`].
    pub base_url: String,
    /// Sent with every request.
    pub key: ApiKey,
    /// The account whose price list is read; without it [`Gateway::prices`] is empty.
    pub account: Option<String>,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a request may take, from its start to the last byte of its answer.
    pub timeout: Duration,
    /// Between two looks at a log export that is being prepared.
    pub export_poll: Duration,
    /// How long a log export may be in preparation.
    pub export_patience: Duration,
}

impl EightOptions {
    /// The usual: 5 s to connect, 30 s a request, 2 min for a log export.
    pub fn new(base_url: impl Into<String>, key: ApiKey) -> Self {
        Self {
            base_url: base_url.into(),
            key,
            account: None,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            export_poll: Duration::from_secs(1),
            export_patience: Duration::from_secs(120),
        }
    }
}

/// Why there can be no client.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EightOptionsError {
    /// Not `http://host` or `https://host`.
    #[error("the provider's URL must begin with https:// or http:// and name a host")]
    BaseUrl,
    /// TLS could not be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(String),
}

/// 8x8, reached over HTTP.
#[derive(Clone, Debug)]
pub struct EightClient {
    http: Client,
    base: Url,
    options: EightOptions,
}

impl EightClient {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// When the URL is unusable or TLS cannot be set up.
    pub fn new(options: EightOptions) -> Result<Self, EightOptionsError> {
        let base = Url::parse(&options.base_url).map_err(|_| EightOptionsError::BaseUrl)?;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(EightOptionsError::BaseUrl);
        }
        let http = Client::builder()
            .user_agent(concat!("sms-sender/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            // A redirected or repeated POST could send everything twice.
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            // The other side closes idle connections too. A request that meets such a close is lost,
            // so ours are closed long before.
            .pool_idle_timeout(Duration::from_secs(15))
            .build()
            .map_err(|error| EightOptionsError::Http(errors::chain(error)))?;
        Ok(Self { http, base, options })
    }

    /// The URL below the base with these path segments.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["api", "v1"]).extend(segments);
        }
        url
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.options.key.reveal())
    }

    /// Posts messages; the answer may be any.
    async fn submit(&self, request: RequestBuilder) -> Result<Answer, SendError> {
        let response = self.authorized(request).send().await.map_err(errors::not_answered)?;
        let status = response.status();
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .map(Duration::from_secs);
        let body = match response.bytes().await {
            Ok(body) => body.into(),
            // A refusal stands, even when its explanation got lost.
            Err(_) if !status.is_success() => Vec::new(),
            Err(error) => return Err(SendError::Lost(errors::chain(error))),
        };
        Ok(Answer { status, retry_after, body })
    }

    /// Asks something that changes nothing.
    async fn ask<A: DeserializeOwned>(&self, request: RequestBuilder) -> Result<A, GatewayError> {
        let response = self.authorized(request).send().await.map_err(errors::unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(errors::unreachable)?;
        if !status.is_success() {
            return Err(errors::no_answer(status, &body));
        }
        serde_json::from_slice(&body)
            .map_err(|_| GatewayError::Unreadable(errors::UNREADABLE.to_owned()))
    }
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

impl Answer {
    fn read<A: DeserializeOwned>(&self) -> Result<A, SendError> {
        if !self.status.is_success() {
            return Err(errors::refused(self.status, self.retry_after, &self.body));
        }
        serde_json::from_slice(&self.body)
            .map_err(|_| SendError::Lost(errors::UNREADABLE.to_owned()))
    }
}

#[async_trait]
impl Gateway for EightClient {
    async fn send(&self, batch: &Batch) -> Result<Vec<Acceptance>, SendError> {
        check(batch)?;
        let messages = ["subaccounts", &batch.subaccount, "messages"];
        if let [message] = batch.messages.as_slice() {
            let request = self.http.post(self.url(&messages)).json(&sms(batch, message));
            let answer = self.submit(request).await?;
            // The same mistake in a batch would reject this one message: here it does too.
            let acceptance = match errors::rejection(answer.status, &answer.body) {
                Some(why) => Acceptance::Rejected(why),
                None => of_one(message, &answer.read()?),
            };
            return Ok(vec![acceptance]);
        }
        let body = BatchSmsRequest {
            client_batch_id: Some(batch.reference.clone()),
            messages: Some(batch.messages.iter().map(|message| sms(batch, message)).collect()),
            // Without it nobody could tell which of them were rejected.
            include_messages_in_response: Some(true),
            ..BatchSmsRequest::default()
        };
        let url = self.url(&[&messages[..], &["batch"]].concat());
        let answer: BatchSmsResponse =
            self.submit(self.http.post(url).json(&body)).await?.read()?;
        match answer.messages {
            Some(answers) if !answers.is_empty() => Ok(matched(&batch.messages, &answers)),
            _ => Err(SendError::Lost("the answer does not list the messages".to_owned())),
        }
    }

    async fn prices(&self) -> Result<Vec<SubaccountPrices>, GatewayError> {
        let Some(account) = &self.options.account else { return Ok(Vec::new()) };
        let request = self.http.get(self.url(&["accounts", account, "prices"]));
        prices::read(self.ask(request).await?)
    }

    async fn sent_since(
        &self,
        subaccount: &str,
        from: Timestamp,
    ) -> Result<Vec<Receipt>, GatewayError> {
        export::sent_since(self, subaccount, from).await
    }
}

/// What would make the answer impossible to read is refused before anything is sent.
fn check(batch: &Batch) -> Result<(), SendError> {
    if !is_subaccount(&batch.subaccount) {
        return Err(SendError::Refused("this is not the id of a subaccount".to_owned()));
    }
    if !(1..=MAX_BATCH).contains(&batch.messages.len()) {
        return Err(SendError::Refused(format!("a request carries 1 to {MAX_BATCH} messages")));
    }
    let mut references: Vec<&str> = batch.messages.iter().map(|m| m.reference.as_str()).collect();
    references.sort_unstable();
    if references.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(SendError::Refused("two messages have the same reference".to_owned()));
    }
    Ok(())
}

/// Whether `id` has the form of a subaccount's id, `^[A-Za-z0-9\-._&]{3,50}$`.
pub(crate) fn is_subaccount(id: &str) -> bool {
    (3..=50).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._&".contains(&b))
}

fn sms(batch: &Batch, message: &Outgoing) -> SmsRequest {
    SmsRequest {
        destination: Some(message.to.to_string()),
        text: Some(message.text.clone()),
        source: Some(batch.sender_id.as_str().to_owned()),
        client_message_id: Some(message.reference.clone()),
        encoding: Some("AUTO".to_owned()),
        dlr_callback_url: Some(batch.receipts_url.clone()),
        ..SmsRequest::default()
    }
}

/// What an answer says of the message it is about.
fn acceptance(answer: &SmsResponse) -> Acceptance {
    let Some(status) = &answer.status else { return Acceptance::Unknown };
    let umid = answer.umid.as_deref().and_then(|umid| Uuid::try_parse(umid).ok());
    match (status.code.to_ascii_uppercase().as_str(), umid) {
        ("QUEUED", Some(umid)) => Acceptance::Accepted(umid),
        ("REJECTED", _) => Acceptance::Rejected(errors::without_numbers(&status.description)),
        _ => Acceptance::Unknown,
    }
}

/// The answer to a request of one message. It may leave the reference out, but not name another.
fn of_one(message: &Outgoing, answer: &SmsResponse) -> Acceptance {
    match &answer.client_message_id {
        Some(reference) if *reference != message.reference => Acceptance::Unknown,
        _ => acceptance(answer),
    }
}

/// The answers in the order of the messages, matched by reference: nothing promises that 8x8 answers
/// in our order. A message without an answer is [`Acceptance::Unknown`], and the others keep theirs:
/// treating all as lost would delay what is known, treating one as rejected could send it twice.
/// Where two answers name one message, the one that says it will be sent counts.
fn matched(messages: &[Outgoing], answers: &[SmsResponse]) -> Vec<Acceptance> {
    let mut by_reference: HashMap<&str, Acceptance> = HashMap::with_capacity(answers.len());
    for answer in answers {
        let Some(reference) = answer.client_message_id.as_deref() else { continue };
        let new = acceptance(answer);
        by_reference
            .entry(reference)
            .and_modify(|known| {
                let certain = matches!(known, Acceptance::Accepted(_));
                // Two that disagree, and neither accepts: nobody knows.
                if !certain && *known != new {
                    *known = match new {
                        Acceptance::Accepted(_) => new.clone(),
                        _ => Acceptance::Unknown,
                    };
                }
            })
            .or_insert(new);
    }
    messages
        .iter()
        .map(|message| {
            by_reference.remove(message.reference.as_str()).unwrap_or(Acceptance::Unknown)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::recipients::phone::E164;
    use domain::sender::id::SenderId;

    fn outgoing(reference: &str) -> Outgoing {
        let to = E164::parse("+6591234567").unwrap();
        Outgoing { reference: reference.to_owned(), to, text: "Hello".to_owned() }
    }

    fn answers(json: &str) -> Vec<SmsResponse> {
        serde_json::from_str(json).unwrap()
    }

    const ONE: &str = "f2ea5276-a824-e711-8146-022a22cc1c71";

    #[test]
    fn answers_find_their_messages_in_any_order() {
        let answers = answers(&format!(
            r#"[{{"umid":"x","clientMessageId":"b","status":{{"code":"REJECTED","description":"no"}}}},
                {{"umid":"{}","clientMessageId":"a","status":{{"code":"QUEUED","description":""}}}}]"#,
            ONE.to_uppercase()
        ));
        assert_eq!(
            matched(&[outgoing("a"), outgoing("b"), outgoing("c")], &answers),
            [
                Acceptance::Accepted(ONE.parse().unwrap()),
                Acceptance::Rejected("no".to_owned()),
                Acceptance::Unknown
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_never_rejected() {
        for answer in [
            r#"{"clientMessageId":"a"}"#.to_owned(),
            r#"{"clientMessageId":"a","status":{"code":"QUEUED","description":""}}"#.to_owned(),
            format!(
                r#"{{"umid":"{ONE}","clientMessageId":"a","status":{{"code":"PARKED","description":""}}}}"#
            ),
            format!(r#"{{"umid":"{ONE}","status":{{"code":"QUEUED","description":""}}}}"#),
        ] {
            let answers = answers(&format!("[{answer}]"));
            assert_eq!(matched(&[outgoing("a")], &answers), [Acceptance::Unknown], "{answer}");
        }
    }

    #[test]
    fn of_two_answers_the_accepting_one_counts() {
        let queued =
            format!(r#"{{"umid":"{ONE}","clientMessageId":"a","status":{{"code":"QUEUED"}}}}"#);
        let rejected = r#"{"clientMessageId":"a","status":{"code":"REJECTED"}}"#;
        let unreadable = r#"{"clientMessageId":"a"}"#;
        let accepted = Acceptance::Accepted(ONE.parse().unwrap());
        for (one, other, result) in [
            (queued.as_str(), rejected, &accepted),
            (rejected, queued.as_str(), &accepted),
            (rejected, unreadable, &Acceptance::Unknown),
            (unreadable, rejected, &Acceptance::Unknown),
        ] {
            let answers = answers(&format!("[{one},{other}]"));
            assert_eq!(matched(&[outgoing("a")], &answers).first(), Some(result));
        }
    }

    #[test]
    fn the_answer_to_one_message_may_leave_its_reference_out_but_not_name_another() {
        let of = |reference: &str| {
            let json = format!(
                r#"[{{"umid":"{ONE}",{reference}"status":{{"code":"QUEUED","description":""}}}}]"#
            );
            of_one(&outgoing("a"), &answers(&json)[0])
        };
        assert_eq!(of(""), Acceptance::Accepted(ONE.parse().unwrap()));
        assert_eq!(of(r#""clientMessageId":"a","#), Acceptance::Accepted(ONE.parse().unwrap()));
        assert_eq!(of(r#""clientMessageId":"b","#), Acceptance::Unknown);
    }

    #[test]
    fn batches_that_could_not_be_understood_are_refused_unsent() {
        let batch = |subaccount: &str, references: &[&str]| Batch {
            subaccount: subaccount.to_owned(),
            sender_id: SenderId::parse("Acme").unwrap(),
            reference: "b".to_owned(),
            receipts_url: "http://localhost/".to_owned(),
            messages: references.iter().map(|r| outgoing(r)).collect(),
        };
        assert_eq!(check(&batch("demo_hq", &["a", "b"])), Ok(()));
        for wrong in [
            batch("..", &["a"]),
            batch("demo/hq", &["a"]),
            batch("demo_hq", &[]),
            batch("demo_hq", &["a", "b", "a"]),
        ] {
            assert!(matches!(check(&wrong), Err(SendError::Refused(_))), "{wrong:?}");
        }
    }

    #[test]
    fn urls_are_built_below_the_base() {
        let key = ApiKey::new("k").unwrap();
        let client = |base: &str| EightClient::new(EightOptions::new(base, key.clone()));
        for base in ["https://sms.8x8.com", "https://sms.8x8.com/"] {
            let url = client(base).unwrap().url(&["subaccounts", "a&b", "messages"]);
            assert_eq!(url.as_str(), "https://sms.8x8.com/api/v1/subaccounts/a&b/messages");
        }
        let url = client("http://localhost:8080/sim").unwrap().url(&["x y"]);
        assert_eq!(url.as_str(), "http://localhost:8080/sim/api/v1/x%20y");
        for wrong in ["sms.8x8.com", "ftp://sms.8x8.com", ""] {
            assert_eq!(client(wrong).unwrap_err(), EightOptionsError::BaseUrl, "{wrong}");
        }
    }
}
