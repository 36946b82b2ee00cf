//! The names that this server answers to.
//!
//! A page of another site can have its own name point to this server's address ("DNS rebinding") and would then be, to the
//! browser, a page of ours. So a request must name a host that is ours: that of the public URL, where we listen, or one
//! that was configured. Requests without a host come from no browser.

use crate::App;
use crate::problem::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::problem::ProblemCode;
use std::net::{IpAddr, SocketAddr};
use url::Url;

/// What probes ask for, by an address that changes with every start.
const ANY_HOST: [&str; 2] = ["/healthz", "/readyz"];

/// The names, with their ports where they were given.
#[derive(Clone, Debug, Default)]
pub struct OwnNames(Vec<String>);

impl OwnNames {
    /// The public URL's, where we listen if anywhere, and others.
    pub fn new(public_url: &Url, listen: Option<SocketAddr>, others: &[String]) -> Self {
        let mut names: Vec<String> = others.iter().map(|name| name.to_ascii_lowercase()).collect();
        if let Some(host) = public_url.host_str() {
            names.push(match public_url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            });
        }
        if let Some(listen) = listen {
            names.push(listen.to_string());
            if listen.ip().is_loopback() || listen.ip().is_unspecified() {
                let port = listen.port();
                names.extend(
                    ["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}")),
                );
            }
        }
        Self(names)
    }

    fn are(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let bare = host.strip_suffix(":80").or_else(|| host.strip_suffix(":443")).unwrap_or(&host);
        self.0.iter().any(|name| *name == host || name == bare)
    }
}

/// Refuses requests for other hosts.
pub async fn only(State(app): State<App>, request: Request, next: Next) -> Response {
    let named = host(request.headers(), request.uri());
    let is_ours = named.is_none_or(|host| app.config.own_names.are(host));
    if is_ours || ANY_HOST.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let detail = "This server is not known by this name. Use its public URL, or have whoever runs it add the name with \
                  --hosts.";
    let refusal = Refusal::new(ProblemCode::BadRequest, detail);
    refusal.with_status(StatusCode::MISDIRECTED_REQUEST).into_response()
}

/// The host that a request names.
fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let header = headers.get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    uri.authority().map(axum::http::uri::Authority::as_str).or(header)
}

/// Whether a URL is one of this computer's alone.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What proxies add.
const FORWARDED: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// Whether a request comes from this very computer, by a name that means it: not through a proxy, and not from a page
/// of another site.
pub fn is_from_here(headers: &HeaderMap, uri: &Uri, peer: Option<IpAddr>) -> bool {
    let forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    let Some(host) = host(headers, uri) else { return false };
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
    let name = name.map_or(host, |(name, _)| name);
    let is_name = name.eq_ignore_ascii_case("localhost")
        || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    is_name && !forwarded && peer.is_some_and(|peer| peer.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_are_the_public_name_and_where_we_listen() {
        let url = Url::parse("https://sms.example.com").unwrap();
        let listen = "0.0.0.0:8080".parse().unwrap();
        let names = OwnNames::new(&url, Some(listen), &["backend:9000".to_owned()]);
        for host in [
            "sms.example.com",
            "SMS.example.com",
            "sms.example.com:443",
            "127.0.0.1:8080",
            "localhost:8080",
            "[::1]:8080",
            "backend:9000",
        ] {
            assert!(names.are(host), "{host}");
        }
        for host in
            ["", "evil.example", "sms.example.com.evil.example", "localhost:8081", "127.0.0.1"]
        {
            assert!(!names.are(host), "{host}");
        }
    }

    #[test]
    fn a_port_belongs_to_the_name() {
        let names = OwnNames::new(&Url::parse("http://sms.example.com:8443").unwrap(), None, &[]);
        assert!(names.are("sms.example.com:8443"));
        assert!(!names.are("sms.example.com"));
    }

    #[test]
    fn from_here_is_loopback_by_its_own_name_and_without_a_proxy() {
        let here = |host: &str, peer: &str, proxy: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            if proxy {
                headers.insert("x-forwarded-for", "192.0.2.1".parse().unwrap());
            }
            is_from_here(&headers, &Uri::from_static("/sandbox"), Some(peer.parse().unwrap()))
        };
        assert!(here("localhost:8080", "127.0.0.1", false));
        assert!(here("127.0.0.1:8080", "::ffff:127.0.0.1", false));
        assert!(here("[::1]:8080", "::1", false));
        assert!(!here("localhost:8080", "127.0.0.1", true));
        assert!(!here("sms.example.com", "127.0.0.1", false));
        assert!(!here("localhost:8080", "192.0.2.1", false));
    }
}
