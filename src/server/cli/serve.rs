//! `sms-sender serve`: everything in one process.

use super::user::{self, Database};
use super::{Failure, Result, say};
use crate::audit::{self, Act};
use crate::clock::Clock;
use crate::config::{Brand, Config, Timing};
use crate::connections;
use crate::embed::Hosts;
use crate::hosts::{OwnNames, is_loopback};
use crate::session::Token;
use crate::store::Store;
use crate::{Server, start};
use axum::Router;
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use domain::price::money::{Amount, Cost, Currency};
use domain::price::quote::PriceList;
use domain::recipients::phone::Country;
use gateway::eight::{ASIA_PACIFIC, EightClient, EightOptions};
use gateway::{ApiKey, sandbox};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Who the demo account belongs to.
const DEMO: &str = "demo@example.com";
/// Where its password may be given: it opens a demonstration, not a secret.
const DEMO_PASSWORD: &str = "SMS_SENDER_DEMO_PASSWORD";
/// What the sandbox's price list is asked for; it takes any.
const SANDBOX_ACCOUNT: &str = "sandbox";
/// Connections of those who collect metrics.
const METRICS_CONNECTIONS: usize = 16;
/// How long requests may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// See the module's story.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen; port 0 takes any that is free
    #[arg(
        long,
        env = "SMS_SENDER_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS"
    )]
    listen: String,
    #[command(flatten)]
    database: Database,
    /// Make the account demo@example.com, if there is none
    #[arg(long, env = "SMS_SENDER_DEMO", value_parser = FalseyValueParser::new())]
    demo: bool,
    /// Who sends the messages; unless it is said, a simulator that only this computer can reach
    #[arg(long, env = "SMS_SENDER_GATEWAY", value_enum)]
    gateway: Option<Provider>,
    /// Where the provider's API is; a sandbox without it is started along
    #[arg(long, env = "SMS_SENDER_GATEWAY_URL", value_name = "URL")]
    gateway_url: Option<String>,
    /// The file with the provider's API key
    #[arg(long, env = "SMS_SENDER_GATEWAY_KEY_FILE", value_name = "FILE")]
    gateway_key_file: Option<PathBuf>,
    /// The account whose subaccounts and prices are used
    #[arg(long, env = "SMS_SENDER_GATEWAY_ACCOUNT", value_name = "ID")]
    gateway_account: Option<String>,
    /// The subaccounts to choose from, when no account is given
    #[arg(long, env = "SMS_SENDER_SUBACCOUNTS", value_delimiter = ',', value_name = "ID,…")]
    subaccounts: Vec<String>,
    /// Prices where the provider lists none: {"currency":"USD","countries":{"SG":"0.04"}}
    #[arg(long, env = "SMS_SENDER_PRICES_FILE", value_name = "FILE")]
    prices_file: Option<PathBuf>,
    /// From how many recipients on their number has to be typed before a campaign can be submitted;
    /// 0 for never
    #[arg(long, env = "SMS_SENDER_CONFIRM_FROM", default_value_t = 1_000, value_name = "N")]
    confirm_from: u32,
    /// The dashboards that may embed the wizard: see docs/embedding.md
    #[arg(long, env = "SMS_SENDER_EMBED_FILE", value_name = "FILE")]
    embed_file: Option<PathBuf>,
    /// Where users and the provider's receipts reach this server; otherwise where it listens
    #[arg(long, env = "SMS_SENDER_PUBLIC_URL", value_name = "URL")]
    public_url: Option<Url>,
    /// Where metrics are served, on a listener of their own: 127.0.0.1:9090; nowhere unless it is said
    #[arg(long, env = "SMS_SENDER_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: Option<String>,
    /// Other names that this server is asked by, as a proxy in front may give it: backend:8080
    #[arg(long, env = "SMS_SENDER_HOSTS", value_delimiter = ',', value_name = "HOST,…")]
    hosts: Vec<String>,
    /// Take clients' addresses from X-Forwarded-For, which a proxy in front sets
    #[arg(
        long,
        env = "SMS_SENDER_TRUST_FORWARDED_FOR",
        value_parser = FalseyValueParser::new()
    )]
    trust_forwarded_for: bool,
    /// What the product is called here
    #[arg(long, env = "SMS_SENDER_BRAND_NAME", default_value = "SMS Sender", value_name = "NAME")]
    brand_name: String,
    /// The hue of its colours, 0 to 360
    #[arg(
        long,
        env = "SMS_SENDER_BRAND_HUE",
        default_value_t = 258,
        value_parser = clap::value_parser!(u16).range(0..=360),
        value_name = "DEGREES"
    )]
    brand_hue: u16,
    /// How long users stay signed in without doing anything
    #[arg(
        long,
        env = "SMS_SENDER_SESSION_HOURS",
        default_value_t = 12,
        value_parser = clap::value_parser!(u64).range(1..=8_760),
        value_name = "HOURS"
    )]
    session_hours: u64,
    /// After how many days they have to sign in again in any case
    #[arg(
        long,
        env = "SMS_SENDER_SESSION_DAYS",
        default_value_t = 7,
        value_parser = clap::value_parser!(u64).range(1..=365),
        value_name = "DAYS"
    )]
    session_days: u64,
}

/// Who sends the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Provider {
    /// Nobody: a simulator takes them.
    Sandbox,
    /// 8x8.
    #[value(name = "8x8")]
    Eight,
}

/// `--prices-file`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prices {
    currency: Currency,
    countries: BTreeMap<Country, Amount>,
}

impl Serve {
    /// Serves until it is told to stop.
    pub(super) async fn run(self) -> Result<()> {
        let key = self.key()?;
        let prices = self.prices_file.as_deref().map(prices).transpose()?;
        let hosts = self.embed_file.as_deref().map(Hosts::read).transpose()?.unwrap_or_default();
        // First the port: it is part of the address that receipts come to.
        let (listener, address) = bind(&self.listen).await?;
        let here = reachable(address)?;
        let public_url = self.public_url(&here)?;
        let gateway = self.provider(address, &public_url)?;

        let mut config = Config::new(&self.database.database, public_url)?;
        config.own_names = OwnNames::new(&config.public_url, Some(address), &self.hosts);
        config.simulated = gateway == Provider::Sandbox;
        config.brand = Brand { name: self.brand_name.clone(), hue: self.brand_hue };
        config.session = Duration::from_secs(self.session_hours * 3_600);
        config.longest_session = Duration::from_secs(self.session_days * 24 * 3_600);
        config.trust_forwarded_for = self.trust_forwarded_for;
        config.subaccounts.clone_from(&self.subaccounts);
        config.prices = prices;
        config.confirm_from = self.confirm_from;
        config.hosts = hosts;
        config.timing = match gateway {
            Provider::Sandbox => Timing::sandbox(),
            Provider::Eight => Timing::eight(),
        };
        // Before the sandbox touches its journal beside the database.
        let store = Store::open(&config.database).await?;
        store.close().await;

        let stopped = CancellationToken::new();
        let mut pages = Router::new();
        let mut options = match (gateway, &self.gateway_url) {
            (Provider::Eight, url) => {
                self.warn_of_loopback(&config.public_url);
                EightOptions::new(url.as_deref().unwrap_or(ASIA_PACIFIC), key?)
            }
            (Provider::Sandbox, Some(url)) => EightOptions::new(url, key.or_else(any_key)?),
            (Provider::Sandbox, None) => {
                let journal = journal(&config.database);
                let (url, sandbox) = start_sandbox(journal, stopped.clone()).await?;
                pages = sandbox::page_router(sandbox);
                EightOptions::new(url, any_key(Failure(String::new()))?)
            }
        };
        options.account = match gateway {
            Provider::Eight => self.gateway_account.clone(),
            Provider::Sandbox => {
                Some(self.gateway_account.clone().unwrap_or(SANDBOX_ACCOUNT.to_owned()))
            }
        };
        let client = EightClient::new(options)?;
        let server = start(config, Arc::new(client)).await?;
        let settings = match gateway {
            Provider::Sandbox => "gateway sandbox",
            Provider::Eight => "gateway 8x8",
        };
        audit::command(server.store(), Act::Started, Clock::system().now(), settings).await;
        if self.demo {
            demo(server.store()).await?;
        }
        if let Some(listen) = &self.metrics_listen {
            let (listener, address) = bind(listen).await?;
            let (router, stopped) = (server.metrics(), stopped.clone().cancelled_owned());
            say(format_args!("metrics on http://{address}/metrics"));
            tokio::spawn(connections::serve(listener, router, METRICS_CONNECTIONS, stopped));
        }
        let served = serve(listener, server, pages, &here).await;
        stopped.cancel();
        served
    }

    /// The provider's key, or why there is none. Only a flag that is wrong by itself is an error at
    /// once: whether a key is needed depends on the others.
    fn key(&self) -> Result<Result<ApiKey>> {
        if self.gateway == Some(Provider::Eight)
            && self.gateway_account.is_none()
            && self.subaccounts.is_empty()
        {
            return Err(Failure(
                "there is nothing to send from: give --gateway-account, or name the subaccounts \
                 with --subaccounts"
                    .to_owned(),
            ));
        }
        match &self.gateway_key_file {
            Some(_) if self.gateway != Some(Provider::Eight) && self.gateway_url.is_none() => {
                Err(Failure(
                    "the sandbox that is started along needs no key: leave out \
                     --gateway-key-file, or say which sandbox with --gateway-url"
                        .to_owned(),
                ))
            }
            Some(file) => Ok(Ok(super::key_file(file, "--gateway-key-file")?)),
            None if self.gateway == Some(Provider::Eight) => Err(Failure(
                "8x8 needs an API key: put it into a file and give that with --gateway-key-file"
                    .to_owned(),
            )),
            None => Ok(Err(Failure("no key was given".to_owned()))),
        }
    }

    /// Who sends. Whoever forgets to say so on a server that others reach would send nothing, and show customers' numbers on
    /// the simulator's page.
    fn provider(&self, address: SocketAddr, public_url: &Url) -> Result<Provider> {
        match self.gateway {
            Some(provider) => Ok(provider),
            None if address.ip().is_loopback() && is_loopback(public_url) => Ok(Provider::Sandbox),
            None => Err(Failure(
                "others can reach this server, and nothing says who sends its messages: give --gateway 8x8, or \
                 --gateway sandbox for a simulator that sends nothing"
                    .to_owned(),
            )),
        }
    }

    fn public_url(&self, here: &Url) -> Result<Url> {
        let Some(url) = &self.public_url else { return Ok(here.clone()) };
        let is_root = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if matches!(url.scheme(), "http" | "https") && url.has_host() && is_root {
            return Ok(url.clone());
        }
        Err(Failure(format!(
            "“{url}” cannot be the public URL: write https://, a host and nothing after it"
        )))
    }

    fn warn_of_loopback(&self, public_url: &Url) {
        if is_loopback(public_url) {
            tracing::warn!(
                "receipts cannot reach {public_url} from outside: say with --public-url where this \
                 server is found"
            );
        }
    }
}

/// The sandbox takes any.
fn any_key(_: Failure) -> Result<ApiKey> {
    ApiKey::new("sandbox").ok_or_else(|| Failure("the sandbox's key is none".to_owned()))
}

fn prices(file: &Path) -> Result<PriceList> {
    let wrong = |why: &dyn std::fmt::Display| {
        Failure(format!(
            "cannot use the prices in {}: {why}. It must look like \
             {{\"currency\":\"USD\",\"countries\":{{\"SG\":\"0.04\"}}}}",
            file.display()
        ))
    };
    let json = std::fs::read(file).map_err(|error| wrong(&error))?;
    let Prices { currency, countries } =
        serde_json::from_slice(&json).map_err(|error| wrong(&error))?;
    let countries = countries.into_iter().map(|(country, price)| (country, Cost::exactly(price)));
    Ok(PriceList { currency, countries: countries.collect() })
}

/// Listens there, or says why not.
pub(super) async fn bind(listen: &str) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Failure(match error.kind() {
            ErrorKind::AddrInUse => format!(
                "{listen} is in use: stop what listens there, or choose another with --listen"
            ),
            ErrorKind::PermissionDenied => format!(
                "listening on {listen} is not permitted: choose a port from 1024 with --listen"
            ),
            _ => format!(
                "cannot listen on {listen}: {error}. Choose an address of this computer and a \
                 port with --listen, such as 127.0.0.1:8080"
            ),
        })
    })?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// The URL of a listening address. Nobody can go to "any address", but to this computer.
pub(super) fn reachable(address: SocketAddr) -> Result<Url> {
    let ip = match address.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    Ok(Url::parse(&format!("http://{}", SocketAddr::new(ip, address.port())))?)
}

/// Beside the database file; nowhere for a database in memory.
fn journal(database: &str) -> Option<PathBuf> {
    let path = database.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path).split('?').next().unwrap_or_default();
    let is_file = !path.is_empty() && path != ":memory:";
    is_file.then(|| Path::new(path).with_extension("sandbox.jsonl"))
}

/// Starts the simulator on a port of its own: it is spoken to like the real service.
async fn start_sandbox(
    journal: Option<PathBuf>,
    stopped: CancellationToken,
) -> Result<(String, sandbox::Sandbox)> {
    let options = sandbox::Options { journal, ..sandbox::Options::default() };
    let sandbox = sandbox::Sandbox::start(options)?;
    let (listener, address) = bind("127.0.0.1:0").await?;
    let serving = sandbox::serve(listener, sandbox.clone(), stopped.cancelled_owned());
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the sandbox has stopped");
        }
    });
    Ok((format!("http://{address}"), sandbox))
}

/// Makes the demo account, if there is none.
async fn demo(store: &Store) -> Result<()> {
    if store.user(DEMO).await?.is_some() {
        say(format_args!(
            "demo account: {DEMO}, with the password it was made with \
             (another: sms-sender user password {DEMO})"
        ));
        return Ok(());
    }
    let given = std::env::var(DEMO_PASSWORD).ok().filter(|password| !password.is_empty());
    let password = match &given {
        Some(password) => password.clone(),
        None => Token::random()?.reveal().chars().take(16).collect(),
    };
    user::add(store, DEMO, Some("Demo"), user::acceptable(password.clone())?).await?;
    match given {
        Some(_) => say(format_args!("demo account: {DEMO}, password from {DEMO_PASSWORD}")),
        None => say(format_args!("demo account: {DEMO}, password {password}")),
    }
    Ok(())
}

/// Answers requests until the process is told to stop, then lets what is under way come to its end.
async fn serve(listener: TcpListener, server: Server, pages: Router, here: &Url) -> Result<()> {
    let router = server.router_with(pages);
    let begin_to_stop = server.begin_to_stop();
    let told_to_stop = CancellationToken::new();
    let draining = told_to_stop.clone();
    let shutdown = async move {
        super::told_to_stop().await;
        tracing::info!("stopping");
        // Ends the live streams, which would otherwise keep their connections open for good.
        begin_to_stop();
        told_to_stop.cancel();
    };
    say(format_args!("listening on {}", here.as_str().trim_end_matches('/')));
    let serving = connections::serve(listener, router, connections::most(), shutdown);
    let drained_for_long = async {
        draining.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        () = serving => {}
        () = drained_for_long => tracing::warn!("some requests take too long and are cut off"),
    }
    server.stop().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_lies_beside_the_database() {
        let journal = |url| journal(url).map(|path| path.display().to_string());
        assert_eq!(journal("sqlite:sms-sender.db").unwrap(), "sms-sender.sandbox.jsonl");
        assert_eq!(journal("sqlite:///var/x.db?mode=rwc").unwrap(), "/var/x.sandbox.jsonl");
        assert_eq!(journal("sqlite::memory:"), None);
    }

    #[test]
    fn any_address_is_reached_at_this_computer() {
        let url = |address: &str| reachable(address.parse().unwrap()).unwrap().to_string();
        assert_eq!(url("0.0.0.0:8080"), "http://127.0.0.1:8080/");
        assert_eq!(url("[::1]:8080"), "http://[::1]:8080/");
    }
}
