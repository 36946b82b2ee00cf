//! What people see of the simulator: a page with a phone, and the two answers that tests read.
//!
//! The page needs no script; with one it keeps itself up to date. Style and script are files of their
//! own, so that a content security policy needs no exception for them.

use super::magic::{self, Report};
use super::store::Message;
use super::{Sandbox, exports};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use axum::{Json, Router};
use domain::grouped;
use domain::recipients::phone::E164;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Messages on the page.
const SHOWN: usize = 40;
/// Messages in a list, unless it is asked for more.
const LISTED: usize = 1_000;

pub(super) fn router(sandbox: Sandbox) -> Router {
    let css = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    let js = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    Router::new()
        .route("/sandbox", get(page))
        .route("/sandbox/sandbox.css", get(move || async move { (css, include_str!("page.css")) }))
        .route("/sandbox/sandbox.js", get(move || async move { (js, include_str!("page.js")) }))
        .route("/sandbox/api/counters", get(counters))
        .route("/sandbox/api/messages", get(messages))
        .with_state(sandbox)
}

/// How many of everything.
#[derive(Serialize)]
struct Counters {
    accepted: usize,
    unique_client_message_ids: usize,
    unique_destinations: usize,
    requests: u64,
}

async fn counters(State(sandbox): State<Sandbox>) -> Json<Counters> {
    Json(sandbox.counted())
}

impl Sandbox {
    fn counted(&self) -> Counters {
        let store = self.store();
        let (accepted, unique_client_message_ids, unique_destinations) = store.counts();
        Counters {
            accepted,
            unique_client_message_ids,
            unique_destinations,
            requests: store.requests,
        }
    }
}

/// A message as tests see it, with everything in clear.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    umid: String,
    destination: String,
    source: Option<&'a str>,
    text: &'a str,
    client_message_id: Option<&'a str>,
    client_batch_id: Option<&'a str>,
    sub_account_id: &'a str,
    state: &'static str,
    detail: Option<&'static str>,
    error_code: Option<u16>,
    sms_count: u32,
    encoding: &'static str,
}

#[derive(Deserialize)]
struct Wanted {
    destination: Option<String>,
    limit: Option<usize>,
}

/// The accepted messages, newest first.
async fn messages(
    State(sandbox): State<Sandbox>,
    Query(wanted): Query<Wanted>,
) -> impl IntoResponse {
    // A plus in a query is a space unless it is spelled %2B: both will do.
    let number = wanted.destination.filter(|d| !d.trim().is_empty());
    let number = number.map(|number| E164::parse(number.trim()).ok());
    let (store, speed) = (sandbox.store(), sandbox.0.options.speed());
    let listed: Vec<Listed<'_>> = store
        .messages
        .iter()
        .rev()
        .filter(|message| number.is_none_or(|number| number == Some(message.to)))
        .take(wanted.limit.unwrap_or(LISTED))
        .map(|message| listed(message, speed))
        .collect();
    Json(listed).into_response()
}

fn listed(message: &Message, speed: f64) -> Listed<'_> {
    let (report, _) = message.status(speed);
    Listed {
        umid: message.umid.to_string(),
        destination: message.to.to_string(),
        source: message.common.source.as_deref(),
        text: &message.text,
        client_message_id: message.reference.as_deref(),
        client_batch_id: message.common.batch_reference.as_deref(),
        sub_account_id: &message.common.subaccount,
        state: report.state(),
        detail: report.detail(),
        error_code: report.error_code(),
        sms_count: message.segments,
        encoding: exports::encoding(message.ucs2),
    }
}

async fn page(State(sandbox): State<Sandbox>) -> impl IntoResponse {
    let counters = sandbox.counted();
    let (mut bubbles, speed) = (String::new(), sandbox.0.options.speed());
    for message in sandbox.store().messages.iter().rev().take(SHOWN) {
        bubble(&mut bubbles, message, speed);
    }
    if bubbles.is_empty() {
        bubbles.push_str(
            "<p class=\"empty\">No messages yet. Send one, and it shows up here instead of on a \
             real phone.</p>",
        );
    } else {
        bubbles = format!("<ol class=\"messages\" reversed>{bubbles}</ol>");
    }
    let figure =
        |n: usize, what: &str| format!("<div><dt>{what}</dt><dd>{}</dd></div>", grouped(n as u128));
    let requests = usize::try_from(counters.requests).unwrap_or(usize::MAX);
    let figures = [
        figure(counters.accepted, "messages accepted"),
        figure(counters.unique_client_message_ids, "different references"),
        figure(counters.unique_destinations, "different numbers"),
        figure(requests, "requests to send"),
    ]
    .concat();
    let shown = match counters.accepted {
        0 => "Nothing so far".to_owned(),
        n if n <= SHOWN => "All messages, newest first".to_owned(),
        n => format!("The newest {SHOWN} of {}", grouped(n as u128)),
    };
    // Its own server may be anything, so it says itself what it needs, and that nobody frames it.
    let policy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";
    (
        [(header::CONTENT_SECURITY_POLICY, policy)],
        Html(
            include_str!("page.html")
                .replace("{{shown}}", &shown)
                .replace("{{figures}}", &figures)
                .replace("{{magic}}", &magic_rows())
                // Last: what people wrote is never searched for a placeholder.
                .replace("{{messages}}", &bubbles),
        ),
    )
}

fn bubble(page: &mut String, message: &Message, speed: f64) {
    let (report, since) = message.status(speed);
    let (label, tone) = shown(report);
    let code = report.error_code().map(|code| format!(", error {code}")).unwrap_or_default();
    let segments = match message.segments {
        1 => "1 segment".to_owned(),
        n => format!("{n} segments"),
    };
    let source = escaped(message.common.source.as_deref().unwrap_or("No sender"));
    let _ = write!(
        page,
        "<li><h3>{source} <small>to {to}</small></h3><p class=\"bubble\" dir=\"auto\">{text}</p>\
         <p class=\"meta\"><span class=\"state {tone}\">{label}{code}</span> <span>{segments}, \
         {encoding}</span> <time datetime=\"{since}\">{time} UTC</time></p></li>",
        to = message.to,
        text = escaped(&message.text),
        encoding = if message.ucs2 { "UCS-2" } else { "GSM-7" },
        since = since.to_rfc3339(),
        time = since.to_rfc3339().get(11..19).unwrap_or_default(),
    );
}

/// A state's words, and whether it is good or bad news.
fn shown(report: Report) -> (&'static str, &'static str) {
    match report {
        Report::Queued => ("Queued", "waiting"),
        Report::Sent => ("Sent", "waiting"),
        Report::ToOperator => ("Delivered to operator", "waiting"),
        Report::ToRecipient => ("Delivered", "good"),
        Report::Refused(_) | Report::RejectedByOperator(_) => ("Undelivered", "bad"),
        Report::Rejected(_) => ("Rejected", "bad"),
    }
}

/// The rows of the table of magic numbers, as HTML.
fn magic_rows() -> String {
    let cells = magic::TABLE.lines().skip(2).filter_map(|line| {
        let (digits, what) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        Some((code(digits), code(what)))
    });
    cells
        .map(|(digits, what)| format!("<tr><th scope=\"row\">{digits}</th><td>{what}</td></tr>"))
        .collect()
}

/// Escaped, with what stands between back-ticks as code.
fn code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| match at % 2 {
            0 => escaped(part),
            _ => format!("<code>{}</code>", escaped(part)),
        })
        .collect()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_not_markup() {
        assert_eq!(escaped("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
        assert_eq!(code("a `b<` c"), "a <code>b&lt;</code> c");
    }

    #[test]
    fn every_row_of_the_table_is_on_the_page() {
        let rows = magic_rows();
        assert_eq!(rows.matches("<tr>").count(), magic::TABLE.lines().count() - 2);
        assert!(rows.contains("<code>5500011</code>"));
    }
}
