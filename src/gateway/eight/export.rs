//! The log export: the only way to ask 8x8 for many messages at once, and the only one that finds a
//! message by our reference. It settles messages whose acceptance was never answered.
//!
//! What it returns decides whether a message is sent again, so nothing may be missing from it without
//! an error: a row that cannot be read fails the whole answer, and a state nobody knows still counts as
//! accepted.

use super::api::{LogExportJob, LogExportJobStatus, LogExportRequest, decimal};
use super::{EightClient, errors, status};
use crate::{GatewayError, Receipt, clock};
use csv::StringRecord;
use domain::campaign::delivery::DeliveryState;
use domain::price::money::{Cost, Currency};
use domain::time::Timestamp;
use reqwest::Url;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// 8x8's clock and ours need not agree: ask for a little more on both sides.
const BEFORE: i64 = 15 * Timestamp::MINUTE;
const AFTER: i64 = Timestamp::DAY;

/// A large file may take longer than an ordinary answer.
const DOWNLOAD: Duration = Duration::from_secs(300);

/// Every message of ours that `subaccount` has since `from`.
pub(super) async fn sent_since(
    client: &EightClient,
    subaccount: &str,
    from: Timestamp,
) -> Result<Vec<Receipt>, GatewayError> {
    if !super::is_subaccount(subaccount) {
        return Err(GatewayError::Denied("this is not the id of a subaccount".to_owned()));
    }
    let exports = client.url(&["subaccounts", subaccount, "messages", "exports"]);
    let range = LogExportRequest {
        from: Some((from + -BEFORE).to_rfc3339()),
        to: Some((clock::now() + AFTER).to_rfc3339()),
        limit: Some(0),
        ..LogExportRequest::default()
    };
    let job: LogExportJob = client.ask(client.http.post(exports).json(&range)).await?;
    let job = client.url(&["subaccounts", subaccount, "messages", "exports", &job.job_id]);
    let mut receipts = Vec::new();
    for file in files(client, &job).await? {
        receipts.append(&mut rows(&download(client, &file).await?)?);
    }
    Ok(receipts)
}

/// Waits until the job is done, and says where its files are.
async fn files(client: &EightClient, job: &Url) -> Result<Vec<String>, GatewayError> {
    let deadline = Instant::now() + client.options.export_patience;
    loop {
        let state: LogExportJobStatus = client.ask(client.http.get(job.clone())).await?;
        match state.status.to_ascii_lowercase().as_str() {
            "succeeded" => {
                let missing = || GatewayError::Unreadable("a log export without files".to_owned());
                return state.data.filter(|files| !files.is_empty()).ok_or_else(missing);
            }
            "empty" => return Ok(Vec::new()),
            "queued" | "running" if Instant::now() < deadline => {
                sleep(client.options.export_poll).await;
            }
            "queued" | "running" => {
                return Err(GatewayError::Unreachable("the log export takes too long".to_owned()));
            }
            "failed" | "cancelled" | "error" => {
                return Err(GatewayError::Unreachable("the log export failed".to_owned()));
            }
            _ => return Err(GatewayError::Unreadable("a log export's status".to_owned())),
        }
    }
}

/// Fetches a file. Our key goes along only to 8x8 itself: the files may lie somewhere else.
async fn download(client: &EightClient, file: &str) -> Result<Vec<u8>, GatewayError> {
    let strange = || GatewayError::Unreadable("a log export's link".to_owned());
    let url = client.base.join(file).map_err(|_| strange())?;
    let request = client.http.get(url.clone()).timeout(DOWNLOAD);
    let request =
        if url.origin() == client.base.origin() { client.authorized(request) } else { request };
    let response = request.send().await.map_err(errors::unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(errors::unreachable)?;
    if status.is_success() { Ok(body.into()) } else { Err(errors::no_answer(status, &body)) }
}

/// Where the columns are; 8x8 does not promise an order.
struct Columns {
    umid: usize,
    reference: usize,
    state: usize,
    direction: Option<usize>,
    detail: Option<usize>,
    error_code: Option<usize>,
    happened_at: Option<usize>,
    total: Option<usize>,
    currency: Option<usize>,
    segments: Option<usize>,
}

impl Columns {
    fn find(head: &StringRecord) -> Option<Self> {
        let column = |name: &str| head.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
        Some(Self {
            umid: column("umid")?,
            reference: column("clientmessageid")?,
            state: column("status_value")?,
            direction: column("direction"),
            detail: column("status_details"),
            error_code: column("status_errorcode"),
            happened_at: column("status_timestamp"),
            total: column("price_total"),
            currency: column("price_currency"),
            segments: column("smscount"),
        })
    }
}

/// The messages in a file. Rows without a reference are not ours.
fn rows(file: &[u8]) -> Result<Vec<Receipt>, GatewayError> {
    let unreadable = |_| GatewayError::Unreadable("a log export's file".to_owned());
    let mut reader = csv::Reader::from_reader(file);
    let head = reader.headers().map_err(unreadable)?;
    if head.is_empty() {
        return Ok(Vec::new());
    }
    let missing =
        || GatewayError::Unreadable("a log export without the columns we need".to_owned());
    let columns = Columns::find(head).ok_or_else(missing)?;
    let mut receipts = Vec::new();
    for row in reader.records() {
        if let Some(receipt) = receipt(&columns, &row.map_err(unreadable)?)? {
            receipts.push(receipt);
        }
    }
    Ok(receipts)
}

fn receipt(columns: &Columns, row: &StringRecord) -> Result<Option<Receipt>, GatewayError> {
    let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map(str::trim).unwrap_or_default();
    let reference = cell(Some(columns.reference));
    /// What customers send.
    const INBOUND: &str = "0";
    if reference.is_empty() || cell(columns.direction) == INBOUND {
        return Ok(None);
    }
    let umid = Uuid::try_parse(cell(Some(columns.umid)))
        .map_err(|_| GatewayError::Unreadable("an id in a log export".to_owned()))?;
    let state = status::state(cell(Some(columns.state)), Some(cell(columns.detail)))
        .unwrap_or(DeliveryState::Sent);
    let total = decimal(cell(columns.total)).zip(Currency::parse(cell(columns.currency)));
    Ok(Some(Receipt {
        umid,
        reference: reference.to_owned(),
        state,
        error_code: status::error_code(state, cell(columns.error_code).parse().ok()),
        happened_at: cell(columns.happened_at).to_owned(),
        charged: total.map(|(total, currency)| (Cost::exactly(total), currency)),
        segments: cell(columns.segments).parse().ok(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::price::money::Amount;

    const HEAD: &str = "umid,subaccountid,direction,country,operator,mcc,mnc,status_value,\
        status_details,status_errorcode,status_errormessage,status_timestamp,msisdn,source,encoding,\
        createdat,smscount,price_currency,price_persms,price_total,clientmessageid,clientbatchid,\
        batchid,body";
    const UMID: &str = "bda3d56d-1424-e711-813c-06ed3428fe67";

    fn row(state: &str, detail: &str, code: &str, reference: &str) -> String {
        let umid = UMID.to_uppercase();
        format!(
            "{umid},demo_hq,1,SG,\"Singtel, Ltd\",525,01,{state},{detail},{code},,\
             2026-11-22T14:05:05Z,+659123xxxx,Acme,GSM7,2026-11-22T14:05:00Z,2,USD,0.0425,0.085,\
             {reference},b1,,\"**MASKED**\nbody\"\n"
        )
    }

    fn read(rows_: &[String]) -> Result<Vec<Receipt>, GatewayError> {
        rows(format!("{HEAD}\n{}", rows_.concat()).as_bytes())
    }

    #[test]
    fn rows_become_receipts() {
        let [one, two] = read(&[
            row("delivered", "delivered_to_operator", "", "r1"),
            row("Undelivered", "rejected_by_operator", "60", "r2"),
        ])
        .unwrap()
        .try_into()
        .unwrap();
        assert_eq!(one.umid, UMID.parse::<Uuid>().unwrap());
        assert_eq!((one.reference.as_str(), one.state), ("r1", DeliveryState::DeliveredToOperator));
        assert_eq!(one.happened_at, "2026-11-22T14:05:05Z");
        let total = Cost::exactly(Amount::parse("0.085").unwrap());
        assert_eq!(one.charged, Some((total, Currency::parse("USD").unwrap())));
        assert_eq!((one.segments, one.error_code), (Some(2), None));
        assert_eq!((two.state, two.error_code), (DeliveryState::Undelivered, Some(60)));
    }

    #[test]
    fn an_unknown_state_still_counts_as_accepted() {
        let [one] = read(&[row("teleported", "", "", "r1")]).unwrap().try_into().unwrap();
        assert_eq!(one.state, DeliveryState::Sent);
    }

    #[test]
    fn what_is_not_ours_is_left_out() {
        let inbound = row("delivered", "", "", "r1").replace(",1,SG", ",0,SG");
        assert_eq!(read(&[inbound, row("delivered", "", "", "")]), Ok(Vec::new()));
        assert_eq!(rows(b""), Ok(Vec::new()));
        assert_eq!(read(&[]), Ok(Vec::new()));
    }

    #[test]
    fn columns_are_found_by_name() {
        let file = format!("\u{feff}ClientMessageId,Status_Value,Umid\nr1,sent,{UMID}\n");
        let [one] = rows(file.as_bytes()).unwrap().try_into().unwrap();
        assert_eq!((one.reference.as_str(), one.state), ("r1", DeliveryState::Sent));
        assert_eq!((one.charged, one.segments), (None, None));
    }

    #[test]
    fn nothing_goes_missing_in_silence() {
        let broken = [
            row("sent", "", "", "r1").replace(&UMID.to_uppercase(), "?"),
            row("sent", "", "", "r1").replace("demo_hq,", ""),
        ];
        for broken in broken {
            assert!(matches!(read(&[broken]), Err(GatewayError::Unreadable(_))));
        }
        assert!(matches!(rows(b"umid,status_value\n"), Err(GatewayError::Unreadable(_))));
        assert!(matches!(rows(b"<html>\n"), Err(GatewayError::Unreadable(_))));
    }
}
