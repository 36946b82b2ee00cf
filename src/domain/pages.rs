//! The addresses of the web app's pages. Its route table and the server agree on them here: what is
//! none of them is answered with 404, and the app says that there is no such page.

use crate::wizard::journey::Step;

/// Where the pages are once more for a frame in a host's dashboard: `/embed`, `/embed/campaigns`.
pub const FRAME: &str = "/embed";

/// The address within the frame, if it is one of the frame's: `/campaigns` of `/embed/campaigns`.
pub fn within_frame(path: &str) -> Option<&str> {
    match path.strip_prefix(FRAME)? {
        "" => Some("/"),
        rest => rest.starts_with('/').then_some(rest),
    }
}

/// Whether there is a page at this path. A slash at its end makes no other page of it.
pub fn is_page(path: &str) -> bool {
    let framed = within_frame(path);
    let is_framed = framed.is_some();
    let path = framed.unwrap_or(path);
    let Some(path) = path.strip_prefix('/') else { return false };
    let parts: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
    match parts[..] {
        [""] => path.is_empty(),
        ["login" | "sender" | "campaigns"] => true,
        // A host's users have their account there.
        ["account"] => !is_framed,
        ["sender", slug] => Step::ALL.into_iter().any(|step| step.slug() == slug),
        // Whether there is such a campaign, only those who may know of it are told.
        ["campaigns", id] => !id.is_empty(),
        _ => false,
    }
}

/// Where to go after signing in: the page that was wanted, if it is one of ours for those who are signed in.
/// Whatever else an address says was not written here.
pub fn after_sign_in(wanted: &str) -> Option<&str> {
    let is_ours = is_page(wanted)
        && within_frame(wanted).is_none()
        && !matches!(wanted.trim_end_matches('/'), "" | "/login")
        // What is in a path of ours needs no escapes that somebody else could read in another way.
        && wanted.chars().all(|c| c.is_ascii_alphanumeric() || "/-_".contains(c));
    is_ours.then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_everything_else() {
        let steps = ["subaccount", "recipients", "compose", "send"];
        let mut pages: Vec<String> = steps.iter().map(|step| format!("/sender/{step}")).collect();
        let others = ["/", "/login", "/sender", "/sender/", "/campaigns", "/campaigns/x"];
        pages.extend(others.map(str::to_owned));
        for page in pages {
            assert!(is_page(&page), "{page}");
            assert!(is_page(&format!("{FRAME}{page}")), "{FRAME}{page}");
        }
        assert!(is_page(FRAME));
        assert!(is_page("/account") && !is_page("/embed/account"));
        for none in [
            "",
            "login",
            "//",
            "//login",
            "/login//",
            "/login/x",
            "/Login",
            "/sender/x",
            "/sender/send/x",
            "/campaigns//",
            "/campaigns/x/y",
            "/gallery",
            "/embedded",
            "/embed/embed",
            "/embed/gallery",
            "/embed//login",
            "/index.html",
        ] {
            assert!(!is_page(none), "{none}");
        }
    }

    #[test]
    fn what_is_in_the_frame_has_its_address_there() {
        assert_eq!(within_frame("/embed"), Some("/"));
        assert_eq!(within_frame("/embed/"), Some("/"));
        assert_eq!(within_frame("/embed/sender/send"), Some("/sender/send"));
        assert_eq!(within_frame("/embedded"), None);
        assert_eq!(within_frame("//embed"), None);
        assert_eq!(within_frame("/login"), None);
    }

    #[test]
    fn nobody_is_led_away_after_signing_in() {
        for ours in [
            "/sender",
            "/sender/send",
            "/campaigns",
            "/campaigns/0190a1b2-0000-7000-8000-000000000001",
        ] {
            assert_eq!(after_sign_in(ours), Some(ours));
        }
        let hosts = [
            "evil.example",
            "evil.example/sender",
            "@evil.example",
            "user@evil.example",
            "evil.example:443",
        ];
        let begins = [
            "//",
            "///",
            "////",
            "/\\",
            "\\/",
            "\\\\",
            "/\t/",
            "/\n/",
            "/\r/",
            "\t//",
            " //",
            "/ /",
            "/%09/",
            "/%0a/",
            "/%2f",
            "/%5c",
            "%2f%2f",
            "/.//",
            "/./",
            "/..//",
            "/sender//",
            "/sender/..//",
            "/campaigns//",
            "/campaigns/..//",
            "/campaigns/\\",
            "/campaigns/\t//",
            "http://",
            "https://",
            "HTTPS:",
            "https:/",
            "https:\\",
            "javascript:",
            "data:text/html,",
            "blob:https://",
            "//\u{3002}",
            "/\u{2044}/",
            "/embed//",
            "/embed/\\",
            "/;//",
            "/?//",
            "/#//",
            "?next=//",
            "#//",
            "/sender?next=//",
            "/campaigns/x?//",
            "/campaigns/x#//",
        ];
        let mut tried = 0;
        for begin in begins {
            for host in hosts {
                let hostile = format!("{begin}{host}");
                assert_eq!(after_sign_in(&hostile), None, "{hostile:?}");
                tried += 1;
            }
        }
        for more in [
            "",
            "/",
            "/login",
            "/login/",
            "/embed",
            "/embed/campaigns",
            "/gallery",
            "/.//x",
            "/campaigns/..",
            "/campaigns/.",
            "sender",
            "/SENDER",
        ] {
            assert_eq!(after_sign_in(more), None, "{more:?}");
            tried += 1;
        }
        assert!(tried >= 200, "{tried}");
    }
}
