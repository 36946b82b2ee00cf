//! `/campaigns/{id}/report.csv`: every recipient and what became of the message, for spreadsheets.
//!
//! RFC 4180 with a byte order mark, without which Excel takes UTF-8 for something else. Cells that a
//! spreadsheet would take for a formula get an apostrophe in front (OWASP "CSV injection"); numbers,
//! which begin with +, among them: that also keeps their digits from being rounded. Our own import
//! takes the apostrophe off again.

use super::{campaign_id, missing};
use crate::App;
use crate::audit::{Act, Audit};
use crate::problem::Refusal;
use crate::session::SignedIn;
use crate::store::messages::ReportLine;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use domain::campaign::grant::Scope;
use domain::spreadsheet::formula_guard;
use futures_util::stream::try_unfold;
use std::fmt::Write as _;
use uuid::Uuid;

/// Lines read at once.
const PAGE: u32 = 5_000;
const HEAD: &str = "\u{feff}Number,Country,Status,Reason,SMS parts,Attempt,Provider id,Updated\r\n";

/// `GET /campaigns/{id}/report.csv`.
pub async fn download(
    State(app): State<App>,
    audit: Audit,
    user: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = campaign_id(&app, &user, Scope::View, &id).await?;
    let Some(campaign) = app.store.campaign(id).await? else {
        return Err(missing(&app, &user, id).await);
    };
    let id = campaign.id;
    audit.campaign(Act::Exported, &user, id).await;
    let pages = try_unfold(Next::Head, move |next| {
        let app = app.clone();
        async move { page(&app, id, next).await }
    });
    let mut response = Body::from_stream(pages).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(name) = HeaderValue::try_from(disposition(&campaign.name)) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// What of the report comes next.
enum Next {
    Head,
    After(Option<u32>),
    Nothing,
}

async fn page(
    app: &App,
    campaign: Uuid,
    next: Next,
) -> Result<Option<(Bytes, Next)>, crate::store::StoreError> {
    let after = match next {
        Next::Head => return Ok(Some((HEAD.into(), Next::After(None)))),
        Next::After(after) => after,
        Next::Nothing => return Ok(None),
    };
    let lines = app.store.report(campaign, None, after, PAGE).await?.unwrap_or_default();
    let Some(last) = lines.last().map(|line| line.status.seq) else { return Ok(None) };
    let next = if lines.len() < PAGE as usize { Next::Nothing } else { Next::After(Some(last)) };
    let mut csv = String::with_capacity(lines.len() * 100);
    lines.iter().for_each(|line| write_line(&mut csv, line));
    Ok(Some((csv.into(), next)))
}

fn write_line(csv: &mut String, line: &ReportLine) {
    let ReportLine { status, country, segments, attempt, umid } = line;
    write_cell(csv, &status.to.to_string());
    for text in [
        country.as_deref().unwrap_or_default(),
        status.state.label(),
        status.reason.as_deref().unwrap_or_default(),
    ] {
        csv.push(',');
        write_cell(csv, text);
    }
    // Writing to a String does not fail.
    let _ = write!(csv, ",{segments},{attempt},");
    if let Some(umid) = umid {
        let _ = write!(csv, "{umid}");
    }
    let _ = write!(csv, ",{}\r\n", status.updated_at.to_rfc3339());
}

fn write_cell(csv: &mut String, text: &str) {
    let guard = formula_guard(text);
    if text.contains([',', '"', '\r', '\n']) {
        let _ = write!(csv, "\"{guard}{}\"", text.replace('"', "\"\""));
    } else {
        let _ = write!(csv, "{guard}{text}");
    }
}

/// A file name from the campaign's: in ASCII for old programs, and whole (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || " -_.".contains(c) { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            let _ = write!(whole, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{ascii}.csv\"; filename*=UTF-8''{whole}.csv")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut csv = String::new();
        write_cell(&mut csv, text);
        csv
    }

    #[test]
    fn cells_are_quoted_when_they_must_be_and_never_formulas() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a, \"b\"\nc"), "\"a, \"\"b\"\"\nc\"");
        assert_eq!(cell("+6591234567"), "'+6591234567");
        assert_eq!(cell("=cmd|' /C calc'!A1"), "'=cmd|' /C calc'!A1");
        assert_eq!(cell("@SUM(1,2)"), "\"'@SUM(1,2)\"");
    }

    #[test]
    fn the_file_is_named_after_the_campaign() {
        assert_eq!(
            disposition("Ödön \"1\""),
            "attachment; filename=\"_d_n _1_.csv\"; filename*=UTF-8''%C3%96d%C3%B6n%20%221%22.csv"
        );
    }
}
