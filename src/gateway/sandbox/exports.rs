//! Log exports: a job that takes a moment, and then a link to a CSV file.

use super::refusal::Refusal;
use super::store::{Message, Store};
use super::{magic::Report, prices};
use crate::clock;
use crate::eight::api::LogExportRequest;
use domain::recipients::phone::{Country, E164};
use domain::time::Timestamp;
use uuid::Uuid;

/// A week, as far back as 8x8 goes when it is not told.
const WEEK: i64 = 7 * Timestamp::DAY;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Export {
    pub subaccount: String,
    from: Timestamp,
    to: Timestamp,
    number: Option<E164>,
    countries: Vec<Country>,
    limit: usize,
    /// Whether somebody has asked how it is going.
    pub asked: bool,
}

impl Export {
    /// Reads the body of a request for an export; an empty one asks for the last week.
    pub fn read(subaccount: &str, body: &[u8], now: Timestamp) -> Result<Self, Refusal> {
        let wrong = |what: &str| Refusal::bad(1000, format!("Invalid parameter: {what}"));
        let request: LogExportRequest = match body {
            [] => LogExportRequest::default(),
            body => serde_json::from_slice(body).map_err(|_| wrong("the body"))?,
        };
        let moment = |text: &Option<String>, otherwise| {
            text.as_deref().map_or(Some(otherwise), moment).ok_or_else(|| wrong("a date"))
        };
        let today = Timestamp(now.0 - now.0.rem_euclid(Timestamp::DAY));
        let (from, to) = (moment(&request.from, today + -WEEK)?, moment(&request.to, now)?);
        if from >= to {
            return Err(wrong("from must be before to"));
        }
        let countries = request.countries.unwrap_or_default();
        let number = request.phone_number.as_deref().map(E164::parse).transpose();
        Ok(Self {
            subaccount: subaccount.to_owned(),
            from,
            to,
            number: number.map_err(|_| Refusal::bad(1002, "Invalid MSISDN"))?,
            countries: countries.iter().filter_map(|code| Country::parse(code)).collect(),
            limit: match request.limit {
                None | Some(0) => usize::MAX,
                Some(limit) => limit as usize,
            },
            asked: false,
        })
    }

    fn wants(&self, message: &Message) -> bool {
        let is_in = |countries: &[Country]| {
            let country = prices::of(message.to).map(|(to, _)| to.country);
            countries.iter().any(|one| Some(one.code()) == country)
        };
        message.common.subaccount == self.subaccount
            && (self.from..self.to).contains(&message.accepted_at)
            && self.number.is_none_or(|number| number == message.to)
            && (self.countries.is_empty() || is_in(&self.countries))
    }

    /// The messages it is about.
    pub fn messages<'a>(&'a self, store: &'a Store) -> impl Iterator<Item = &'a Message> {
        store.messages.iter().filter(|message| self.wants(message)).take(self.limit)
    }

    /// The file. Numbers and texts are hidden, as 8x8 hides them.
    pub fn csv(&self, store: &Store, speed: f64) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS)?;
        for message in self.messages(store) {
            writer.write_record(row(message, speed))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// The columns of 8x8's log export.
const COLUMNS: [&str; 24] = [
    "umid",
    "subaccountid",
    "direction",
    "country",
    "operator",
    "mcc",
    "mnc",
    "status_value",
    "status_details",
    "status_errorcode",
    "status_errormessage",
    "status_timestamp",
    "msisdn",
    "source",
    "encoding",
    "createdat",
    "smscount",
    "price_currency",
    "price_persms",
    "price_total",
    "clientmessageid",
    "clientbatchid",
    "batchid",
    "body",
];

fn row(message: &Message, speed: f64) -> [String; 24] {
    let (report, since) = message.status(speed);
    let place = prices::of(message.to);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let operator = place.map(|(_, operator)| operator);
    let price = message.price().filter(|_| !matches!(report, Report::Rejected(_)));
    let status = super::courier::status(report, clock::to_the_millisecond(since));
    [
        // The other case than in receipts: 8x8 uses both.
        message.umid.to_string().to_uppercase(),
        message.common.subaccount.clone(),
        "1".to_owned(),
        text(place.map(|(to, _)| to.country)),
        text(operator.map(|operator| operator.name)),
        text(operator.and_then(|operator| operator.mcc)),
        text(operator.and_then(|operator| operator.mnc)),
        status.state,
        status.detail.unwrap_or_default(),
        status.error_code.map(|code| code.to_string()).unwrap_or_default(),
        status.error_message.unwrap_or_default(),
        status.timestamp,
        masked(message.to),
        text(message.common.source.as_deref()),
        encoding(message.ucs2).to_owned(),
        clock::to_the_millisecond(message.accepted_at),
        message.segments.to_string(),
        price.map(|_| prices::CURRENCY.to_owned()).unwrap_or_default(),
        price.map(|(one, _)| one.into()).unwrap_or_default(),
        price.map(|(_, all)| all.into()).unwrap_or_default(),
        text(message.reference.as_deref()),
        text(message.common.batch_reference.as_deref()),
        message.common.batch.as_ref().map(Uuid::to_string).unwrap_or_default(),
        MASKED.to_owned(),
    ]
}

/// What stands where a text was.
pub(super) const MASKED: &str = "**MASKED**";

/// A number without its last four digits.
pub(super) fn masked(number: E164) -> String {
    let number = number.to_string();
    let shown = number.len().saturating_sub(4);
    format!("{}xxxx", number.get(..shown).unwrap_or_default())
}

/// As 8x8 spells it.
pub(super) fn encoding(ucs2: bool) -> &'static str {
    if ucs2 { "UCS2" } else { "GSM7" }
}

/// A date, or a date and time, in UTC unless it says otherwise.
fn moment(text: &str) -> Option<Timestamp> {
    clock::parse(text)
        .or_else(|| clock::parse(&format!("{text}Z")))
        .or_else(|| clock::parse(&format!("{text}T00:00:00Z")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_356_305_000);

    fn read(body: &str) -> Result<Export, i64> {
        Export::read("demo_hq", body.as_bytes(), NOW).map_err(|refusal| refusal.code)
    }

    #[test]
    fn the_three_spellings_of_a_moment() {
        let from =
            |text: &str| read(&format!(r#"{{"from":"{text}"}}"#)).map(|export| export.from.0);
        assert_eq!(from("2020-07-01"), Ok(1_593_561_600_000));
        assert_eq!(from("2020-07-01T13:00:00"), Ok(1_593_608_400_000));
        assert_eq!(from("2020-07-01T13:00:00+07:00"), Ok(1_593_583_200_000));
        assert_eq!(from("last week"), Err(1000));
        assert_eq!(from("2030-01-01"), Err(1000));
    }

    #[test]
    fn an_empty_request_is_about_the_last_week() {
        let export = read("").unwrap();
        assert_eq!(export, read("{}").unwrap());
        assert_eq!((export.from, export.to), (Timestamp(1_794_700_800_000), NOW));
    }

    #[test]
    fn numbers_are_hidden() {
        assert_eq!(masked(E164::parse("+6591234567").unwrap()), "+659123xxxx");
    }
}
