//! Exact amounts of money: no floats, and nothing is rounded but sums for people to read.

use crate::digits::grouped;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};
use thiserror::Error;

/// One unit of currency in [`Amount`]s.
const NANOS: u128 = 1_000_000_000;
const DECIMALS: usize = 9;

/// An amount of money in billionths of its currency's unit, written as a decimal in JSON: `"0.0099171"`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(u128);

/// A text that is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an amount: expected digits and at most nine decimals")]
pub struct NotAnAmount;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From billionths of a unit.
    pub const fn from_nanos(nanos: u128) -> Self {
        Self(nanos)
    }

    /// In billionths of a unit.
    pub const fn nanos(self) -> u128 {
        self.0
    }

    /// Reads `12`, `0.0099171` and the like.
    ///
    /// # Errors
    /// Signs, exponents, more than nine decimals, or more than 10^18 units.
    pub fn parse(text: &str) -> Result<Self, NotAnAmount> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 18
            || decimals.len() > DECIMALS
            || !all_digits(whole)
            || !all_digits(decimals)
        {
            return Err(NotAnAmount);
        }
        let units: u128 = whole.parse().map_err(|_| NotAnAmount)?;
        let nanos: u128 = format!("{decimals:0<DECIMALS$}").parse().map_err(|_| NotAnAmount)?;
        Ok(Self(units * NANOS + nanos))
    }

    /// The amount a JSON number stands for, read from its shortest decimal spelling.
    ///
    /// # Errors
    /// Negative, not finite, or finer than nine decimals.
    pub fn from_json_number(number: f64) -> Result<Self, NotAnAmount> {
        Self::parse(&number.to_string())
    }

    /// Rounded half up to so many decimals, of which it then has exactly that many.
    fn rounded(self, decimals: u32) -> String {
        let unit = NANOS / 10_u128.pow(decimals);
        let units = (self.0 + unit / 2) / unit;
        let (whole, rest) = (units / 10_u128.pow(decimals), units % 10_u128.pow(decimals));
        let width = decimals as usize;
        if width == 0 { grouped(whole) } else { format!("{}.{rest:0>width$}", grouped(whole)) }
    }

    /// The decimals without the zeros at the end, but at least `least` of them.
    fn decimals(self, least: usize) -> String {
        let all = format!("{:0>DECIMALS$}", self.0 % NANOS);
        let needed = all.trim_end_matches('0').len().max(least);
        all[..needed].to_owned()
    }
}

/// Exactly, with at least two decimals and a comma between thousands: `62,402.18`, `0.0297513`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", grouped(self.0 / NANOS), self.decimals(2))
    }
}

impl TryFrom<String> for Amount {
    type Error = NotAnAmount;
    fn try_from(text: String) -> Result<Self, NotAnAmount> {
        Self::parse(&text)
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        let decimals = amount.decimals(0);
        let dot = if decimals.is_empty() { "" } else { "." };
        format!("{}{dot}{decimals}", amount.0 / NANOS)
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Mul<u32> for Amount {
    type Output = Self;
    fn mul(self, times: u32) -> Self {
        Self(self.0 * u128::from(times))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// A currency by its ISO 4217 code, such as `SGD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// A text that is no currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a currency: expected three letters such as USD")]
pub struct NotACurrency;

impl Currency {
    /// US dollars.
    pub const USD: Self = Self(*b"USD");

    /// Three letters, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|b| b.to_ascii_uppercase())))
    }

    /// How many decimals its smallest coin makes (ISO 4217).
    pub fn decimals(&self) -> u32 {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }

    /// The code: `SGD`.
    pub fn code(&self) -> &str {
        // Three ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = NotACurrency;
    fn try_from(text: String) -> Result<Self, NotACurrency> {
        Self::parse(&text).ok_or(NotACurrency)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// What something costs: one amount, or two when it depends on the recipient's operator, which
/// nobody knows before sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// At least.
    pub low: Amount,
    /// At most.
    pub high: Amount,
}

impl Cost {
    /// The same whatever the operator.
    pub const fn exactly(amount: Amount) -> Self {
        Self { low: amount, high: amount }
    }

    /// Whether it is one amount.
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// A sum as people write it, with the decimals of its currency: `USD 21,180.00`. What is less than
    /// the smallest coin is written exactly, for it is not nothing.
    pub fn as_sum(&self, currency: Currency) -> String {
        let decimals = currency.decimals();
        let smallest = NANOS / 10_u128.pow(decimals);
        let sum = |amount: Amount| {
            let is_small = amount.nanos() > 0 && amount.nanos() < smallest;
            if is_small { amount.to_string() } else { amount.rounded(decimals) }
        };
        let (low, high) = (sum(self.low), sum(self.high));
        if low == high {
            format!("{currency} {low}")
        } else {
            format!("{currency} {low} to {high}")
        }
    }

    /// Exactly, as prices are: `USD 0.0353`, or `USD 0.0353 to 0.0402`.
    pub fn in_currency(&self, currency: Currency) -> String {
        if self.is_exact() {
            format!("{currency} {}", self.low)
        } else {
            format!("{currency} {} to {}", self.low, self.high)
        }
    }
}

impl Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }
}

impl Mul<u32> for Cost {
    type Output = Self;
    fn mul(self, times: u32) -> Self {
        Self { low: self.low * times, high: self.high * times }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_shown_exactly() {
        let amount = Amount::parse("0.0099171").unwrap();
        assert_eq!((amount * 3).to_string(), "0.0297513");
        assert_eq!(Amount::parse("62402.18").unwrap().to_string(), "62,402.18");
        assert_eq!(Amount::parse("5").unwrap().to_string(), "5.00");
        assert_eq!(String::from(Amount::parse("5.10").unwrap()), "5.1");
        assert_eq!(Amount::from_json_number(0.009_917_1), Ok(amount));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for wrong in ["", ".", "-1", "1e3", "0.0000000001", "1,000", "NaN"] {
            assert_eq!(Amount::parse(wrong), Err(NotAnAmount), "{wrong}");
        }
        assert_eq!(Amount::from_json_number(-1.0), Err(NotAnAmount));
    }

    #[test]
    fn a_cost_is_one_amount_or_two() {
        let usd = Currency::parse("usd").unwrap();
        let one = Amount::parse("0.01").unwrap();
        assert_eq!(Cost::exactly(one).in_currency(usd), "USD 0.01");
        assert_eq!(Cost { low: one, high: one * 2 }.in_currency(usd), "USD 0.01 to 0.02");
    }

    #[test]
    fn a_sum_has_the_decimals_of_its_currency() {
        let sum = |text: &str, code: &str| {
            let amount = Amount::parse(text).unwrap();
            Cost::exactly(amount).as_sum(Currency::parse(code).unwrap())
        };
        assert_eq!(sum("21180", "USD"), "USD 21,180.00");
        assert_eq!(sum("0.0297513", "USD"), "USD 0.03");
        assert_eq!(sum("1.995", "USD"), "USD 2.00");
        assert_eq!(sum("0", "USD"), "USD 0.00");
        assert_eq!(sum("0.0042", "USD"), "USD 0.0042");
        assert_eq!(sum("1234.5", "JPY"), "JPY 1,235");
        assert_eq!(sum("1.5", "KWD"), "KWD 1.500");
        let usd = Currency::USD;
        let amount = |text| Amount::parse(text).unwrap();
        let range = Cost { low: amount("1.251"), high: amount("1.4") };
        assert_eq!(range.as_sum(usd), "USD 1.25 to 1.40");
        let close = Cost { low: amount("1.251"), high: amount("1.252") };
        assert_eq!(close.as_sum(usd), "USD 1.25");
    }

    proptest! {
        #[test]
        fn amounts_survive_json(nanos in 0_u128..10_u128.pow(27)) {
            let amount = Amount::from_nanos(nanos);
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
        }
    }
}
