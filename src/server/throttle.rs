//! How often a sign-in may be tried, by account and by address.
//!
//! A try takes a place in its quotas before the password is looked at, so that a thousand tries at once are not more
//! than a thousand one after the other, and gives it back when the password was right. One that is given up in the
//! middle keeps its place: it counts as a failure.
//!
//! The quotas are those of an account from one address, so that a stranger who fails does not keep the owner out; of
//! an address, with whatever account; and of an account from anywhere, which is wide. A browser that has signed
//! in to an account before ([`Device`](crate::device::Device)) has a quota of its own for it and needs none of the others.

use crate::device::DeviceId;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A quota is full again after this long without a try, in milliseconds.
const WINDOW: i64 = Timestamp::MINUTE;
/// Above this many keys the throttle forgets the oldest first: an attacker with many addresses fills no memory.
const MOST_KEYS: usize = 100_000;

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// An account, tried from an address.
    AccountFrom(String, IpAddr),
    /// An address. An IPv6 customer has a whole /64 to try from.
    Address(IpAddr),
    /// An account, tried from anywhere.
    Account(String),
    /// An account, tried by a browser that has signed in to it before.
    Device(String, DeviceId),
}

impl Key {
    /// Failures a minute.
    const fn quota(&self) -> i64 {
        match self {
            Self::AccountFrom(..) | Self::Device(..) => 10,
            Self::Address(_) => 30,
            Self::Account(_) => 100,
        }
    }

    /// How long a place takes to come back, in milliseconds.
    const fn interval(&self) -> i64 {
        WINDOW / self.quota()
    }
}

/// Counts tries. Each key has the time at which its quota is full again (the "generic cell rate algorithm").
#[derive(Debug, Default)]
pub struct Throttle {
    full_at: Mutex<HashMap<Key, i64>>,
}

/// A place in the quotas.
#[derive(Debug)]
#[must_use = "a try that succeeded is to be given back"]
pub struct Try(Vec<Key>);

impl Throttle {
    /// Takes a place in every quota that the try counts to, or none.
    ///
    /// # Errors
    /// How long to wait until there is one.
    pub fn take(
        &self,
        account: &str,
        address: IpAddr,
        device: Option<DeviceId>,
        now: Timestamp,
    ) -> Result<Try, Duration> {
        let keys = keys(account, address, device);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let after =
            |key: &Key| full_at.get(key).map_or(now.0, |at| *at.max(&now.0)) + key.interval();
        let wait = keys.iter().map(|key| after(key) - now.0 - WINDOW).max().unwrap_or_default();
        if let Some(wait) = u64::try_from(wait).ok().filter(|wait| *wait > 0) {
            return Err(Duration::from_millis(wait));
        }
        let taken: Vec<_> = keys.iter().map(after).collect();
        if full_at.len() > MOST_KEYS {
            forget_older_half(&mut full_at);
        }
        full_at.extend(keys.iter().cloned().zip(taken));
        Ok(Try(keys))
    }

    /// Gives the place of a try back that was none, or that succeeded.
    pub fn give_back(&self, Try(keys): Try) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some(at) = full_at.get_mut(&key) {
                *at -= key.interval();
            }
        }
    }

    /// Forgets the quotas that are full again.
    pub fn sweep(&self, now: Timestamp) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        full_at.retain(|_, at| *at > now.0);
        full_at.shrink_to_fit();
    }
}

fn keys(account: &str, address: IpAddr, device: Option<DeviceId>) -> Vec<Key> {
    let account = account.to_owned();
    if let Some(device) = device {
        return vec![Key::Device(account, device)];
    }
    let address = match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << 64)).into()),
        v4 => v4,
    };
    vec![Key::AccountFrom(account.clone(), address), Key::Address(address), Key::Account(account)]
}

fn forget_older_half(full_at: &mut HashMap<Key, i64>) {
    let mut times: Vec<_> = full_at.values().copied().collect();
    let middle = times.len() / 2;
    let (_, &mut median, _) = times.select_nth_unstable(middle);
    full_at.retain(|_, at| *at > median);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(0);
    const ANN: &str = "ann@example.com";

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn as_many_tries_at_once_pass_as_one_after_the_other() {
        let throttle = Throttle::default();
        let passed =
            (0..500).filter(|_| throttle.take(ANN, address("192.0.2.1"), None, NOW).is_ok());
        assert_eq!(passed.count(), 10);
        let later = NOW + Timestamp::MINUTE / 10;
        assert!(throttle.take(ANN, address("192.0.2.1"), None, later).is_ok());
        assert!(throttle.take(ANN, address("192.0.2.1"), None, later).is_err());
    }

    #[test]
    fn a_place_is_given_back() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            let place = throttle.take(ANN, address("192.0.2.1"), None, NOW).unwrap();
            throttle.give_back(place);
        }
    }

    #[test]
    fn a_stranger_does_not_keep_the_owner_out() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            let _ = throttle.take(ANN, address("192.0.2.66"), None, NOW);
        }
        assert!(throttle.take(ANN, address("192.0.2.1"), None, NOW).is_ok());
    }

    #[test]
    fn many_strangers_keep_out_who_never_signed_in_but_no_known_device() {
        let throttle = Throttle::default();
        for n in 0..200 {
            let _ = throttle.take(ANN, address(&format!("192.0.2.{n}")), None, NOW);
        }
        assert!(throttle.take(ANN, address("198.51.100.1"), None, NOW).is_err());
        let device = Some(DeviceId::for_tests(1));
        for _ in 0..10 {
            assert!(throttle.take(ANN, address("198.51.100.1"), device, NOW).is_ok());
        }
        assert!(throttle.take(ANN, address("198.51.100.1"), device, NOW).is_err());
    }

    #[test]
    fn an_address_waits_after_thirty_failures_and_a_64_is_one_address() {
        let throttle = Throttle::default();
        for n in 0..30 {
            let from = address(&format!("2001:db8::{n}"));
            assert!(throttle.take(&format!("{n}@example.com"), from, None, NOW).is_ok(), "{n}");
        }
        assert!(throttle.take("x@example.com", address("2001:db8::ffff"), None, NOW).is_err());
        assert!(throttle.take("y@example.com", address("2001:db8:0:1::1"), None, NOW).is_ok());
    }

    #[test]
    fn what_is_over_is_forgotten_and_memory_has_an_end() {
        let throttle = Throttle::default();
        for n in 0..u32::try_from(MOST_KEYS).unwrap() {
            let from = IpAddr::from(std::net::Ipv4Addr::from(n));
            let _ = throttle.take(ANN, from, None, NOW + i64::from(n));
        }
        assert!(throttle.full_at.lock().unwrap().len() < MOST_KEYS + 10);
        throttle.sweep(NOW + Timestamp::HOUR);
        assert!(throttle.full_at.lock().unwrap().is_empty());
    }
}
