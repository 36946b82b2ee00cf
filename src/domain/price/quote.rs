//! What a campaign amounts to before it is sent: every recipient's message rendered, counted and
//! priced. Sums, not estimates; the browser's worker and the server run this same code.

use crate::message::encoding::Encoding;
use crate::message::segments::Segments;
use crate::message::template::{MOBILE, Template};
use crate::price::money::{Amount, Cost, Currency};
use crate::recipients::Chunk;
use crate::recipients::phone::{Country, E164};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The price of one segment, by country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList {
    /// Of all the prices.
    pub currency: Currency,
    /// Lowest and highest price over the country's operators.
    pub countries: BTreeMap<Country, Cost>,
}

impl PriceList {
    /// What one segment to `country` costs, if the provider says.
    pub fn price(&self, country: Option<Country>) -> Option<Cost> {
        self.countries.get(&country?).copied()
    }
}

/// The sums over all recipients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Messages, one for each recipient.
    pub recipients: u32,
    /// Segments of all of them: what is sent and billed.
    pub segments: u64,
    /// Segments of the shortest message.
    pub fewest: u32,
    /// Segments of the longest message.
    pub most: u32,
    /// Messages that travel as UCS-2.
    pub ucs2: u32,
    /// Messages that are empty or have more segments than can be sent.
    pub unsendable: u32,
    /// Messages to countries without a price.
    pub unpriced: u32,
    /// Of the cost.
    pub currency: Currency,
    /// What it all costs, without the unpriced.
    pub cost: Cost,
    /// The same for each country, most expensive first.
    pub countries: Vec<CountryQuote>,
}

/// One country's share of a [`Quote`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryQuote {
    /// The country, when the number tells.
    pub country: Option<Country>,
    /// Messages.
    pub recipients: u32,
    /// Segments.
    pub segments: u64,
    /// `None` without a price.
    pub cost: Option<Cost>,
}

/// Adds recipients up to a [`Quote`].
#[derive(Clone, Debug)]
pub struct Quoting<'a> {
    prices: &'a PriceList,
    fewest: u32,
    most: u32,
    ucs2: u32,
    unsendable: u32,
    countries: BTreeMap<Option<Country>, (u32, u64)>,
}

impl<'a> Quoting<'a> {
    /// Nothing counted yet.
    pub fn new(prices: &'a PriceList) -> Self {
        let countries = BTreeMap::new();
        Self { prices, fewest: u32::MAX, most: 0, ucs2: 0, unsendable: 0, countries }
    }

    /// Counts one recipient's message.
    pub fn add(&mut self, country: Option<Country>, text: &str) -> Segments {
        let segments = Segments::of(text);
        self.fewest = self.fewest.min(segments.count);
        self.most = self.most.max(segments.count);
        self.ucs2 += u32::from(segments.encoding == Encoding::Ucs2);
        self.unsendable += u32::from(!is_sendable(text, &segments));
        let (recipients, sum) = self.countries.entry(country).or_default();
        *recipients += 1;
        *sum += u64::from(segments.count);
        segments
    }

    /// Adds messages that were counted before, one chunk of them after the other.
    pub fn add_counted(&mut self, line: &CountryQuote) {
        let (recipients, segments) = self.countries.entry(line.country).or_default();
        *recipients += line.recipients;
        *segments += line.segments;
    }

    /// The sums.
    pub fn finish(self) -> Quote {
        let prices = self.prices;
        let mut countries: Vec<CountryQuote> = self
            .countries
            .into_iter()
            .map(|(country, (recipients, segments))| {
                let cost = prices.price(country).map(|price| Cost {
                    low: times(price.low, segments),
                    high: times(price.high, segments),
                });
                CountryQuote { country, recipients, segments, cost }
            })
            .collect();
        countries.sort_by_key(|line| {
            let high = line.cost.map_or(Amount::ZERO, |cost| cost.high);
            std::cmp::Reverse((high, line.segments))
        });
        let unpriced = countries.iter().filter(|line| line.cost.is_none());
        Quote {
            recipients: countries.iter().map(|line| line.recipients).sum(),
            segments: countries.iter().map(|line| line.segments).sum(),
            fewest: if self.most == 0 { 0 } else { self.fewest },
            most: self.most,
            ucs2: self.ucs2,
            unsendable: self.unsendable,
            unpriced: unpriced.map(|line| line.recipients).sum(),
            currency: prices.currency,
            cost: countries.iter().filter_map(|l| l.cost).fold(Cost::default(), |a, b| a + b),
            countries,
        }
    }
}

/// Whether a text can be sent that comes to so many segments.
pub fn is_sendable(text: &str, segments: &Segments) -> bool {
    segments.fits() && !text.trim().is_empty()
}

fn times(amount: Amount, n: u64) -> Amount {
    Amount::from_nanos(amount.nanos() * u128::from(n))
}

/// The text that recipient `i` of `chunk` gets, written into `out`.
pub fn render(template: &Template, chunk: &Chunk, i: usize, out: &mut String) {
    let mobile = chunk.to.get(i).map(E164::to_string).unwrap_or_default();
    template.render(out, |field| {
        if field.eq_ignore_ascii_case(MOBILE) { Some(&mobile) } else { chunk.value(field, i) }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn prices() -> PriceList {
        let price = |low: &str, high: &str| Cost {
            low: Amount::parse(low).unwrap(),
            high: Amount::parse(high).unwrap(),
        };
        PriceList {
            currency: Currency::parse("USD").unwrap(),
            countries: [
                (Country::parse("SG").unwrap(), price("0.04", "0.04")),
                (Country::parse("ID").unwrap(), price("0.30", "0.35")),
            ]
            .into(),
        }
    }

    #[test]
    fn a_quote_is_the_sum_of_its_messages() {
        let prices = prices();
        let mut quoting = Quoting::new(&prices);
        quoting.add(Country::parse("SG"), "hello");
        quoting.add(Country::parse("SG"), &"ж".repeat(71));
        quoting.add(Country::parse("ID"), "halo");
        quoting.add(None, "?");
        let quote = quoting.finish();
        assert_eq!((quote.recipients, quote.segments), (4, 5));
        assert_eq!((quote.fewest, quote.most, quote.ucs2), (1, 2, 1));
        assert_eq!((quote.unpriced, quote.unsendable), (1, 0));
        assert_eq!(quote.cost.in_currency(quote.currency), "USD 0.42 to 0.47");
        assert_eq!(quote.countries[0].country, Country::parse("ID"));
    }

    #[test]
    fn counted_chunks_add_up_to_the_same_sums() {
        let prices = prices();
        let (mut all, mut sums) = (Quoting::new(&prices), Quoting::new(&prices));
        for country in ["SG", "ID", "SG"] {
            let mut chunk = Quoting::new(&prices);
            chunk.add(Country::parse(country), "hello");
            all.add(Country::parse(country), "hello");
            chunk.finish().countries.iter().for_each(|line| sums.add_counted(line));
        }
        let (all, sums) = (all.finish(), sums.finish());
        assert_eq!((all.countries, all.cost), (sums.countries, sums.cost));
    }

    #[test]
    fn each_recipient_gets_their_own_text() {
        let to = vec![E164::parse("+6591234567").unwrap(), E164::parse("+6281234567890").unwrap()];
        let fields = [("Name".to_owned(), vec!["Ann".to_owned(), String::new()])].into();
        let chunk = Chunk { to, fields };
        let template = Template::parse("{{name|you}}: {{Mobile}}").unwrap();
        let mut out = String::new();
        render(&template, &chunk, 0, &mut out);
        assert_eq!(out, "Ann: +6591234567");
        render(&template, &chunk, 1, &mut out);
        assert_eq!(out, "you: +6281234567890");
    }

    proptest! {
        /// Whatever the order, and however it is split, the sums are the same.
        #[test]
        fn order_does_not_matter(mut texts in prop::collection::vec("[aж]{0,200}", 0..20)) {
            let prices = prices();
            let quote = |texts: &[String]| {
                let mut quoting = Quoting::new(&prices);
                for text in texts {
                    let country = if text.len() % 2 == 0 { "SG" } else { "ID" };
                    quoting.add(Country::parse(country), text);
                }
                quoting.finish()
            };
            let forward = quote(&texts);
            texts.reverse();
            prop_assert_eq!(forward, quote(&texts));
        }
    }
}
