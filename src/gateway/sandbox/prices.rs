//! What the simulator charges: one table, in US dollars, made up but of the right order of magnitude.
//!
//! Countries that share a calling code cost the same, since the simulator tells countries apart by
//! calling code alone. Where operators differ in price, a number's digits decide which one it has.

use crate::eight::api::{
    Price, PriceCountry, PriceHni, PriceListing, PriceOperator, PriceOutbound, PriceSubAccount,
    number,
};
use domain::price::money::Amount;
use domain::recipients::phone::E164;
use serde_json::value::to_raw_value;
use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) const CURRENCY: &str = "USD";

/// One line for each country: `country,name,calling_codes,prices`. A price may be followed by the
/// network's code and name; several are separated by `;`.
const TABLE: &str = include_str!("prices.csv");

/// The larger country of those that share a calling code.
const MAIN: [&str; 11] = ["AU", "CW", "FI", "GB", "GP", "IT", "MA", "NO", "RE", "RU", "US"];

/// A country of the table.
#[derive(Debug)]
pub(super) struct Destination {
    pub country: &'static str,
    name: &'static str,
    codes: Vec<&'static str>,
    pub operators: Vec<Operator>,
}

/// Who carries a message there, and for how much.
#[derive(Debug)]
pub(super) struct Operator {
    pub name: &'static str,
    pub mcc: Option<&'static str>,
    pub mnc: Option<&'static str>,
    pub price: Amount,
}

static DESTINATIONS: LazyLock<Vec<Destination>> =
    LazyLock::new(|| TABLE.lines().skip(1).filter_map(destination).collect());

static BY_CODE: LazyLock<HashMap<&'static str, &'static Destination>> = LazyLock::new(|| {
    let mut by_code = HashMap::new();
    for destination in DESTINATIONS.iter() {
        for code in &destination.codes {
            let main = MAIN.contains(&destination.country);
            if main || !by_code.contains_key(code) {
                by_code.insert(*code, destination);
            }
        }
    }
    by_code
});

fn destination(line: &'static str) -> Option<Destination> {
    let [country, name, codes, prices] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
    let operators = prices.split(';').filter_map(operator).collect();
    Some(Destination { country, name, codes: codes.split(' ').collect(), operators })
}

fn operator(text: &'static str) -> Option<Operator> {
    let mut parts = text.splitn(3, ' ');
    let price = Amount::parse(parts.next()?).ok()?;
    let (mcc, mnc) = parts.next().and_then(|hni| hni.split_once('-')).unzip();
    Some(Operator { name: parts.next().unwrap_or("All operators"), mcc, mnc, price })
}

/// The country that `number` is in and its operator: by the longest calling code it begins with.
pub(super) fn of(number: E164) -> Option<(&'static Destination, &'static Operator)> {
    let digits = number.digits().to_string();
    let destination = (1..=4).rev().find_map(|n| BY_CODE.get(digits.get(..n)?)).copied()?;
    let among = destination.operators.len().max(1) as u64;
    // Not the last digits: those are magic.
    let operator = destination.operators.get((number.digits() / 100_000 % among) as usize)?;
    Some((destination, operator))
}

/// The calling code of a country.
pub(super) fn calling_code(country: &str) -> Option<&'static str> {
    let destination = DESTINATIONS.iter().find(|d| d.country.eq_ignore_ascii_case(country))?;
    destination.codes.first().copied()
}

/// The price list for these subaccounts, or the part of it for one country.
pub(super) fn listing(subaccounts: &[String], country: Option<&str>) -> PriceListing {
    let countries = || PriceOutbound {
        countries: DESTINATIONS
            .iter()
            .filter(|d| country.is_none_or(|code| d.country.eq_ignore_ascii_case(code)))
            .map(priced)
            .collect(),
    };
    let outbound = to_raw_value(&countries()).ok();
    let listed = |subaccount: &String| PriceSubAccount {
        sub_account_id: subaccount.clone(),
        outbound: outbound.clone(),
    };
    PriceListing { sub_accounts: subaccounts.iter().map(listed).collect() }
}

fn priced(destination: &Destination) -> PriceCountry {
    PriceCountry {
        alpha2_code: destination.country.to_owned(),
        country_name: Some(destination.name.to_owned()),
        dialing_prefix: destination.codes.first().map(|code| format!("+{code}")),
        operators: destination
            .operators
            .iter()
            .map(|operator| PriceOperator {
                operator_name: Some(operator.name.to_owned()),
                operator_id: operator_id(operator),
                hni: operator
                    .mcc
                    .map(|mcc| PriceHni {
                        mcc: Some(mcc.to_owned()),
                        mnc: operator.mnc.map(str::to_owned),
                    })
                    .into_iter()
                    .collect(),
                price: number(operator.price)
                    .map(|amount| Price { amount, currency: CURRENCY.to_owned() }),
            })
            .collect(),
    }
}

/// As in 8x8's examples: MCC 525 and MNC 01 make 525001.
fn operator_id(operator: &Operator) -> Option<i64> {
    let mcc: i64 = operator.mcc?.parse().ok()?;
    Some(mcc * 1_000 + operator.mnc?.parse::<i64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn number(text: &str) -> E164 {
        E164::parse(text).unwrap()
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(DESTINATIONS.len(), TABLE.lines().count() - 1);
        let countries: HashSet<&str> = DESTINATIONS.iter().map(|d| d.country).collect();
        assert_eq!(countries.len(), DESTINATIONS.len());
        for destination in DESTINATIONS.iter() {
            assert!(destination.operators.iter().all(|o| o.price > Amount::ZERO));
            assert!(!destination.operators.is_empty(), "{}", destination.country);
        }
    }

    /// What is charged must lie within what was quoted, whichever of the countries the quote saw.
    #[test]
    fn countries_that_share_a_code_cost_the_same() {
        for destination in DESTINATIONS.iter() {
            for code in &destination.codes {
                let prices =
                    |d: &Destination| d.operators.iter().map(|o| o.price).collect::<Vec<_>>();
                assert_eq!(prices(destination), prices(BY_CODE[code]), "{}", destination.country);
            }
        }
    }

    #[test]
    fn the_longest_code_wins_and_the_main_country_stands_for_the_others() {
        for (text, country) in [
            ("+6591234567", "SG"),
            ("+12025550123", "US"),
            ("+18765550123", "JM"),
            ("+79123456789", "RU"),
            ("+447700900123", "GB"),
            ("+6281234567890", "ID"),
        ] {
            assert_eq!(of(number(text)).unwrap().0.country, country, "{text}");
        }
        assert!(of(number("+9991234567")).is_none());
        assert_eq!(calling_code("sg"), Some("65"));
    }

    #[test]
    fn operators_of_one_country_differ() {
        let prices: HashSet<Amount> = (0..20_u64)
            .map(|n| {
                of(E164::from_digits(6_281_200_000_000 + n * 100_000).unwrap()).unwrap().1.price
            })
            .collect();
        assert_eq!(prices.len(), 4);
    }
}
