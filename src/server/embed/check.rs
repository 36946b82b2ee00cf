//! What is wrong with a set-up, in plain words: for the person who puts us into a dashboard and sees
//! an empty frame.

use super::token::{TokenError, Vouched};
use super::{Hosts, Origin, Tenant};
use domain::time::Timestamp;
use domain::wire::Finding;
use url::Url;

/// Looks at everything the server can see. `token` is what checking one came to, if there is one.
pub fn findings(
    hosts: &Hosts,
    signer: Option<&Tenant>,
    origin: &str,
    token: Option<Result<Vouched, TokenError>>,
    public_url: &Url,
    now: Timestamp,
) -> Vec<Finding> {
    let mut found = vec![is_on(hosts), is_origin(origin)];
    // Whose dashboards there are is nothing for strangers: it is told to those who can sign.
    if let Some(tenant) = signer {
        found.push(finding(
            tenant.origins.iter().any(|known| known.as_str() == origin),
            "May your page frame us?",
            &format!("Yes: {origin} is among your origins in the server's embed file."),
            &format!(
                "No: {origin} is not among the “origins” of “{}” in the server's embed file. Browsers show an empty \
                 frame until it is; the server reads the file when it starts.",
                tenant.id
            ),
        ));
    }
    // Browsers trust what comes from the same machine.
    let is_here = matches!(public_url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let mixed = public_url.scheme() == "http" && origin.starts_with("https:") && !is_here;
    found.push(finding(
        !mixed,
        "Can your page load us?",
        "Yes: it is no mixed content.",
        "No: your page is https and this server is reached by http, which browsers block as mixed \
         content. Serve this server by https and set --public-url.",
    ));
    let Some(checked) = token else {
        found.push(bad(
            "May your page frame us?",
            "That is told to who can sign for it: paste a token that your server has made for this page.",
        ));
        return found;
    };
    found.push(match checked {
        Ok(vouched) => {
            let left = (vouched.expires_at - now) / 1_000;
            good(
                "Would this token be taken?",
                &format!(
                    "Yes, once, within the next {left} seconds: for the user “{}” of “{}”.",
                    vouched.name, vouched.granted.tenant
                ),
            )
        }
        Err(error) => bad("Would this token be taken?", &format!("No. {}.", error.told())),
    });
    found
}

fn is_on(hosts: &Hosts) -> Finding {
    finding(
        !hosts.tenants.is_empty(),
        "Is embedding switched on?",
        "Yes: the server has an embed file.",
        "No: start the server with --embed-file, or set SMS_SENDER_EMBED_FILE.",
    )
}

fn is_origin(origin: &str) -> Finding {
    let cure = match Url::parse(origin) {
        Ok(url) if url.origin().is_tuple() => {
            format!(" Write {}.", url.origin().ascii_serialization())
        }
        _ if origin == "null" => {
            " Pages in a sandbox without allow-same-origin and pages from files have \
             none, and cannot embed us."
                .to_owned()
        }
        _ => " Write it like https://dashboard.example, with the port if it is not the usual one."
            .to_owned(),
    };
    finding(
        Origin::parse(origin).is_some(),
        "Is this an origin?",
        "Yes: a scheme, a host and perhaps a port.",
        &format!("“{origin}” is none.{cure}"),
    )
}

fn finding(ok: bool, title: &str, yes: &str, no: &str) -> Finding {
    if ok { good(title, yes) } else { bad(title, no) }
}

fn good(title: &str, detail: &str) -> Finding {
    Finding { ok: true, title: title.to_owned(), detail: detail.to_owned() }
}

fn bad(title: &str, detail: &str) -> Finding {
    Finding { ok: false, title: title.to_owned(), detail: detail.to_owned() }
}
