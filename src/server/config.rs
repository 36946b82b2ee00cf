//! How this installation is set up. The command line makes one of these; so do tests.

use crate::assets::Assets;
use crate::clock::Clock;
use crate::embed::Hosts;
use crate::hosts::OwnNames;
use crate::passwords::{HashError, Passwords};
use domain::price::quote::PriceList;
use std::time::Duration;
use url::Url;

/// Everything that differs from one installation to the next, but for the provider.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite:` and the path of a file.
    pub database: String,
    /// Where users and the provider reach us.
    pub public_url: Url,
    /// The names that it answers to.
    pub own_names: OwnNames,
    /// Whether messages go to a simulator: every page says so.
    pub simulated: bool,
    /// What it is called and its colour.
    pub brand: Brand,
    /// How long a session lives without being used.
    pub session: Duration,
    /// How long a session lives in any case.
    pub longest_session: Duration,
    /// Whether the last address in `X-Forwarded-For` is the client's, because a proxy put it there.
    pub trust_forwarded_for: bool,
    /// What can be chosen when the provider lists no subaccounts.
    pub subaccounts: Vec<String>,
    /// What a segment costs where the provider lists no prices.
    pub prices: Option<PriceList>,
    /// From how many recipients on their number has to be typed before Submit; 0 for never.
    pub confirm_from: u32,
    /// The dashboards that may embed us.
    pub hosts: Hosts,
    /// How patient the dispatcher is.
    pub timing: Timing,
    /// The present.
    pub clock: Clock,
    /// The web app.
    pub assets: Assets,
    /// How passwords are hashed.
    pub passwords: Passwords,
}

/// What the product is called here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// In the title of the page and beside the logo.
    pub name: String,
    /// The hue of its colours, 0 to 360.
    pub hue: u16,
}

impl Default for Brand {
    fn default() -> Self {
        Self { name: "SMS Sender".to_owned(), hue: 258 }
    }
}

/// How long the dispatcher waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Between two looks at what there is to do. New campaigns need not wait for it.
    pub tick: Duration,
    /// How old a lost answer must be before the provider is asked what became of it, and how far
    /// apart the two looks must be that send it again. Longer than the provider takes to show an
    /// accepted message in its log.
    pub settle: Duration,
    /// After the first "not now"; doubled with each one that follows, up to
    /// [`longest_pause`](Self::longest_pause).
    pub first_pause: Duration,
    /// The longest wait that we choose ourselves; the provider may ask for a longer one.
    pub longest_pause: Duration,
    /// Between two tries while the provider refuses our key.
    pub denied_pause: Duration,
    /// Between two looks at the price list.
    pub refresh: Duration,
}

impl Timing {
    /// For the real service.
    pub const fn eight() -> Self {
        Self {
            tick: Duration::from_secs(1),
            settle: Duration::from_secs(600),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(30),
            denied_pause: Duration::from_secs(30),
            refresh: Duration::from_secs(600),
        }
    }

    /// For the sandbox, which knows at once what it took.
    pub const fn sandbox() -> Self {
        Self {
            settle: Duration::from_secs(3),
            denied_pause: Duration::from_secs(5),
            ..Self::eight()
        }
    }
}

impl Config {
    /// With the usual for everything else.
    ///
    /// # Errors
    /// When there is no randomness to be had for hashing passwords.
    pub fn new(database: impl Into<String>, public_url: Url) -> Result<Self, HashError> {
        Ok(Self {
            database: database.into(),
            own_names: OwnNames::new(&public_url, None, &[]),
            public_url,
            simulated: false,
            brand: Brand::default(),
            session: Duration::from_secs(12 * 3_600),
            longest_session: Duration::from_secs(7 * 24 * 3_600),
            trust_forwarded_for: false,
            subaccounts: Vec::new(),
            prices: None,
            confirm_from: 1_000,
            hosts: Hosts::default(),
            timing: Timing::eight(),
            clock: Clock::system(),
            assets: Assets::embedded(),
            passwords: Passwords::new()?,
        })
    }

    /// Whether browsers reach us over https.
    pub fn https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// [`longest_session`](Self::longest_session) as timestamps count.
    pub fn longest_session_millis(&self) -> i64 {
        i64::try_from(self.longest_session.as_millis()).unwrap_or(i64::MAX)
    }

    /// [`session`](Self::session) as timestamps count.
    pub fn session_millis(&self) -> i64 {
        i64::try_from(self.session.as_millis()).unwrap_or(i64::MAX)
    }
}
