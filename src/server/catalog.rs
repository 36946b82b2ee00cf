//! What can be sent from, to where, and at what price.
//!
//! The provider's price list is read at the start and every ten minutes. The last good one is kept:
//! a provider that does not answer for an hour changes no prices. Only when there never was one,
//! there is nothing to show.

use crate::config::{Config, Timing};
use domain::price::money::Currency;
use domain::price::quote::PriceList;
use domain::recipients::phone::Country;
use domain::sender::rules;
use domain::wire::{DestinationInfo, Destinations, Subaccount};
use gateway::{Gateway, GatewayError};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// Between two tries while there is no price list yet.
const AGAIN: Duration = Duration::from_secs(5);

/// One subaccount, as far as we know it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What the provider calls it.
    pub subaccount: String,
    /// Its prices, or those of the installation.
    pub prices: Option<PriceList>,
    dialing_codes: HashMap<Country, u16>,
}

/// All of them, as they were last heard of.
pub struct Catalog {
    gateway: Arc<dyn Gateway>,
    /// When the provider lists none.
    subaccounts: Vec<String>,
    prices: Option<PriceList>,
    offers: watch::Sender<Option<Arc<[Offer]>>>,
    is_denied: AtomicBool,
}

impl Catalog {
    /// Nothing heard of yet.
    pub fn new(gateway: Arc<dyn Gateway>, config: &Config) -> Self {
        let (subaccounts, prices) = (config.subaccounts.clone(), config.prices.clone());
        let offers = watch::Sender::new(None);
        Self { gateway, subaccounts, prices, offers, is_denied: AtomicBool::new(false) }
    }

    /// Asks the provider once.
    ///
    /// # Errors
    /// When it does not say; what was known stays.
    pub async fn refresh(&self) -> Result<(), GatewayError> {
        let listed = self.gateway.prices().await;
        let is_denied = matches!(listed, Err(GatewayError::Denied(_)));
        self.is_denied.store(is_denied, Ordering::Relaxed);
        let listed = listed?;
        let offers: Arc<[Offer]> = if listed.is_empty() {
            let offer = |subaccount: &String| Offer {
                subaccount: subaccount.clone(),
                prices: self.prices.clone(),
                dialing_codes: HashMap::new(),
            };
            self.subaccounts.iter().map(offer).collect()
        } else {
            let offer = |listed: gateway::SubaccountPrices| Offer {
                subaccount: listed.subaccount,
                prices: listed.prices.or_else(|| self.prices.clone()),
                dialing_codes: listed.dialing_codes.into_iter().collect(),
            };
            listed.into_iter().map(offer).collect()
        };
        self.offers.send_replace(Some(offers));
        Ok(())
    }

    /// Asks again and again. Never returns.
    pub async fn keep_fresh(&self, timing: Timing) {
        loop {
            let known = self.offers.borrow().is_some();
            tokio::time::sleep(if known { timing.refresh } else { AGAIN }).await;
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "the price list cannot be read");
            }
        }
    }

    /// Everything that is offered; `None` while nothing was ever heard.
    pub fn offers(&self) -> Option<Arc<[Offer]>> {
        self.offers.borrow().clone()
    }

    /// Whether the provider, asked last, refused our key or account.
    pub fn is_denied(&self) -> bool {
        self.is_denied.load(Ordering::Relaxed)
    }
}

impl Offer {
    /// As the API tells it.
    pub fn summary(&self) -> Subaccount {
        Subaccount {
            id: self.subaccount.clone(),
            currency: self.prices.as_ref().map(|prices| prices.currency),
            countries: self
                .prices
                .as_ref()
                .map_or(0, |prices| u32::try_from(prices.countries.len()).unwrap_or(u32::MAX)),
        }
    }

    /// Its prices; without any, an empty list in US dollars, so that sums are still sums.
    pub fn price_list(&self) -> PriceList {
        let none = || PriceList { currency: Currency::USD, countries: BTreeMap::new() };
        self.prices.clone().unwrap_or_else(none)
    }

    /// Every country there is, with what is known of sending to it from here.
    pub fn destinations(&self, sender_ids: Vec<String>, confirm_from: u32) -> Destinations {
        let prices = self.price_list();
        let info = |(country, name, sender_rule): (Country, &str, _)| DestinationInfo {
            country,
            name: name.to_owned(),
            dialing_code: numbers::dialing_code(country)
                .or_else(|| self.dialing_codes.get(&country).copied()),
            price: prices.price(Some(country)),
            sender_rule,
        };
        let mut countries: Vec<_> = rules::table().map(info).collect();
        countries.sort_by(|a, b| a.name.cmp(&b.name));
        Destinations { currency: prices.currency, countries, sender_ids, confirm_from }
    }
}
