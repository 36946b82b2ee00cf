//! The price list: 8x8 prices each operator of a country; before sending nobody knows which one a
//! recipient has, so a country costs something between its cheapest and its dearest.

use super::api::{PriceCountry, PriceListing, PriceOutbound, PriceSubAccount, exact};
use crate::{GatewayError, SubaccountPrices};
use domain::price::money::{Cost, Currency};
use domain::price::quote::PriceList;
use domain::recipients::phone::Country;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// All subaccounts of a price listing.
pub(super) fn read(listing: PriceListing) -> Result<Vec<SubaccountPrices>, GatewayError> {
    listing.sub_accounts.iter().map(subaccount).collect()
}

fn subaccount(listed: &PriceSubAccount) -> Result<SubaccountPrices, GatewayError> {
    let countries = match &listed.outbound {
        Some(outbound) => countries(outbound)?,
        None => Vec::new(),
    };
    Ok(SubaccountPrices {
        subaccount: listed.sub_account_id.clone(),
        prices: price_list(&countries),
        dialing_codes: countries.iter().filter_map(dialing_code).collect(),
    })
}

/// `outbound` is an object in 8x8's examples and an array of such objects in its schema: both do.
fn countries(outbound: &RawValue) -> Result<Vec<PriceCountry>, GatewayError> {
    let json = outbound.get();
    let parts: Result<Vec<PriceOutbound>, _> = match json.bytes().next() {
        Some(b'[') => serde_json::from_str(json),
        Some(b'n') => Ok(Vec::new()),
        _ => serde_json::from_str(json).map(|one| vec![one]),
    };
    let parts = parts.map_err(|_| GatewayError::Unreadable("the price list".to_owned()))?;
    Ok(parts.into_iter().flat_map(|part| part.countries).collect())
}

/// A list has one currency, the first one met. Prices in another are left out: an amount that cannot
/// be added up is no help, and such a country shows as unpriced.
fn price_list(countries: &[PriceCountry]) -> Option<PriceList> {
    let mut list: Option<PriceList> = None;
    for country in countries {
        let Some(code) = Country::parse(&country.alpha2_code) else { continue };
        for price in country.operators.iter().filter_map(|operator| operator.price.as_ref()) {
            let Some(currency) = Currency::parse(&price.currency) else { continue };
            let Some(amount) = exact(&price.amount) else { continue };
            let list =
                list.get_or_insert_with(|| PriceList { currency, countries: BTreeMap::new() });
            if list.currency == currency {
                let cost = list.countries.entry(code).or_insert(Cost::exactly(amount));
                cost.low = cost.low.min(amount);
                cost.high = cost.high.max(amount);
            }
        }
    }
    list
}

/// `+65` as 65, `+1 876` as 1876.
fn dialing_code(country: &PriceCountry) -> Option<(Country, u16)> {
    let digits: String =
        country.dialing_prefix.as_deref()?.chars().filter(char::is_ascii_digit).collect();
    Some((Country::parse(&country.alpha2_code)?, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::price::money::Amount;

    const SINGAPORE: &str = r#"{"countries":[
        {"alpha2Code":"SG","countryName":"Singapore","dialingPrefix":"+65","operators":[
            {"operatorName":"SingTel","operatorId":525001,"hni":[{"mcc":"525","mnc":"01"}],
             "price":{"amount":0.0099171,"currency":"SGD"}},
            {"operatorName":"Starhub","price":{"amount":1.2E-2,"currency":"SGD"}},
            {"operatorName":"Abroad","price":{"amount":0.001,"currency":"USD"}},
            {"operatorName":"Nobody"}]},
        {"alpha2Code":"JM","dialingPrefix":"+1 876","operators":[]},
        {"alpha2Code":"??","operators":[{"price":{"amount":1,"currency":"SGD"}}]}]}"#;

    fn listed(outbound: &str) -> Vec<SubaccountPrices> {
        let json = format!(
            r#"{{"subAccounts":[{{"subAccountId":"demo_hq","outbound":{outbound},"inbound":{{}}}}]}}"#
        );
        read(serde_json::from_str(&json).unwrap()).unwrap()
    }

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    #[test]
    fn a_country_costs_what_its_operators_cost() {
        let [prices] = listed(SINGAPORE).try_into().unwrap();
        assert_eq!(prices.subaccount, "demo_hq");
        let list = prices.prices.unwrap();
        assert_eq!(list.currency, Currency::parse("SGD").unwrap());
        let low = Amount::parse("0.0099171").unwrap();
        let high = Amount::parse("0.012").unwrap();
        assert_eq!(list.countries, [(country("SG"), Cost { low, high })].into());
    }

    #[test]
    fn dialing_codes_are_numbers() {
        let [prices] = listed(SINGAPORE).try_into().unwrap();
        assert_eq!(prices.dialing_codes, [(country("SG"), 65), (country("JM"), 1876)]);
    }

    #[test]
    fn the_schema_s_array_and_the_examples_object_are_the_same() {
        assert_eq!(listed(&format!("[{SINGAPORE}]")), listed(SINGAPORE));
        assert_eq!(listed("null")[0].prices, None);
        assert_eq!(listed("[]")[0].prices, None);
    }

    #[test]
    fn an_unreadable_list_is_an_error() {
        let json = r#"{"subAccounts":[{"subAccountId":"demo_hq","outbound":7}]}"#;
        let listing = serde_json::from_str(json).unwrap();
        assert!(matches!(read(listing), Err(GatewayError::Unreadable(_))));
    }
}
