//! How often a sign-in may fail, per account and per address.
//!
//! Only failures count: an office behind one address signs in every morning without trouble. A
//! failure takes a cell of each of the two quotas; when there was none left, that account or address
//! has to wait until there is one again, and then has one try for every cell that comes back.

use domain::time::Timestamp;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Failed sign-ins a minute with one account.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Failed sign-ins a minute from one address.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// Counts failed sign-ins.
#[derive(Debug)]
pub struct Throttle {
    failures: [DefaultKeyedRateLimiter<Key>; 2],
    waiting: Mutex<HashMap<Key, Timestamp>>,
}

/// Who has to wait.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Account(String),
    /// An IPv6 customer has a whole /64 to try from.
    Address(IpAddr),
}

impl Default for Throttle {
    fn default() -> Self {
        let quota = |per_minute| RateLimiter::keyed(Quota::per_minute(per_minute));
        Self { failures: [quota(PER_ACCOUNT), quota(PER_ADDRESS)], waiting: Mutex::default() }
    }
}

impl Throttle {
    /// How long this account or this address still has to wait, if it has to.
    pub fn wait(&self, account: &str, address: IpAddr, now: Timestamp) -> Option<Duration> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let until = keys(account, address).iter().filter_map(|key| waiting.get(key).copied()).max();
        let left = u64::try_from(until? - now).ok().filter(|left| *left > 0)?;
        Some(Duration::from_millis(left))
    }

    /// Counts a failure; how long to wait now, when it was one too many.
    pub fn failed(&self, account: &str, address: IpAddr, now: Timestamp) -> Option<Duration> {
        let here = DefaultClock::default().now();
        let mut longest = None;
        for (key, failures) in keys(account, address).into_iter().zip(&self.failures) {
            if let Err(too_many) = failures.check_key(&key) {
                let wait = too_many.wait_time_from(here);
                let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                waiting.insert(key, now + millis);
                longest = longest.max(Some(wait));
            }
        }
        longest
    }

    /// Forgets those that have not failed for long.
    pub fn sweep(&self, now: Timestamp) {
        self.failures.iter().for_each(RateLimiter::retain_recent);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, until| *until > now);
    }
}

fn keys(account: &str, address: IpAddr) -> [Key; 2] {
    let address = match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
        v4 => v4,
    };
    [Key::Account(account.to_owned()), Key::Address(address)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(0);

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_account_waits_after_ten_failures_from_anywhere() {
        let throttle = Throttle::default();
        for n in 0..10 {
            let from = address(&format!("192.0.2.{n}"));
            assert_eq!(throttle.failed("ann@example.com", from, NOW), None, "{n}");
        }
        assert!(throttle.failed("ann@example.com", address("192.0.2.99"), NOW).is_some());
        assert!(throttle.wait("ann@example.com", address("198.51.100.1"), NOW).is_some());
        assert!(throttle.wait("bob@example.com", address("198.51.100.1"), NOW).is_none());
        let later = NOW + Timestamp::MINUTE;
        assert!(throttle.wait("ann@example.com", address("198.51.100.1"), later).is_none());
    }

    #[test]
    fn an_address_waits_after_thirty_failures_and_a_64_is_one_address() {
        let throttle = Throttle::default();
        for n in 0..30 {
            let from = address(&format!("2001:db8::{n}"));
            assert_eq!(throttle.failed(&format!("{n}@example.com"), from, NOW), None, "{n}");
        }
        assert!(throttle.failed("x@example.com", address("2001:db8::ffff"), NOW).is_some());
        assert!(throttle.wait("y@example.com", address("2001:db8::1"), NOW).is_some());
        assert!(throttle.wait("y@example.com", address("2001:db8:0:1::1"), NOW).is_none());
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let throttle = Throttle::default();
        for _ in 0..11 {
            throttle.failed("ann@example.com", address("192.0.2.1"), NOW);
        }
        throttle.sweep(NOW + Timestamp::HOUR);
        assert!(throttle.waiting.lock().unwrap().is_empty());
    }
}
