//! Whole numbers as JSON Schema has them: `1.0` is one (JSON Schema Core 2020-12, section 6.3).

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Every whole number up to here is exact as a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a whole number, also one that is written with a fraction of nothing but zeros.
pub fn whole<'de, D: Deserializer<'de>, T: TryFrom<i64>>(from: D) -> Result<T, D::Error> {
    from.deserialize_i64(Whole(PhantomData))
}

struct Whole<T>(PhantomData<T>);

impl<T: TryFrom<i64>> Visitor<'_> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        let signed = i64::try_from(number);
        signed.ok().and_then(|signed| T::try_from(signed).ok()).ok_or_else(|| {
            E::invalid_value(Unexpected::Unsigned(number), &"a whole number that is not too large")
        })
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        if number.fract() == 0.0 && number.abs() <= EXACT {
            return self.visit_i64(number as i64);
        }
        Err(E::invalid_value(Unexpected::Float(number), &self))
    }
}

#[cfg(test)]
mod tests {
    use crate::time::Timestamp;
    use crate::wizard::submission::Expected;

    #[test]
    fn a_fraction_of_zeros_is_none() {
        let time = |json: &str| serde_json::from_str::<Timestamp>(json).ok();
        assert_eq!(time("1795356300000"), Some(Timestamp(1_795_356_300_000)));
        assert_eq!(time("1795356300000.0"), Some(Timestamp(1_795_356_300_000)));
        assert_eq!(time("1.795356300000e12"), Some(Timestamp(1_795_356_300_000)));
        assert_eq!(time("-1"), Some(Timestamp(-1)));
        for none in ["1.5", "1e300", "\"1\"", "null", "18446744073709551615"] {
            assert_eq!(time(none), None, "{none}");
        }
        let expected = |recipients: &str| {
            let json = format!(
                "{{\"recipients\":{recipients},\"segments\":2.0,\"currency\":\"USD\",\"cost\":{{\"low\":\"1\",\"high\":\"1\"}}}}"
            );
            serde_json::from_str::<Expected>(&json).ok().map(|expected| expected.recipients)
        };
        assert_eq!(expected("301.0"), Some(301));
        for none in ["-1", "4294967296", "1.5"] {
            assert_eq!(expected(none), None, "{none}");
        }
    }
}
