//! Who did what: every act of a user that others may ask about later goes into the audit log, in the database
//! (`sms-sender audit`) and as a line of JSON in the program's log, under the target `audit`.
//!
//! Neither holds numbers, texts, passwords or tokens, nor what a stranger has typed into the field for an address: it
//! may be a password.

use crate::App;
use crate::api::Address;
use crate::session::SignedIn;
use crate::store::Store;
use crate::store::audit::AuditEntry;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::time::Timestamp;
use domain::wire::Session;
use std::convert::Infallible;
use std::net::IpAddr;
use uuid::Uuid;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Signed in, with a password or through a host.
    SignedIn,
    /// Tried to, in vain.
    SignInFailed,
    /// Signed out, here or everywhere.
    SignedOut,
    /// Changed their own password.
    PasswordChanged,
    /// Let a campaign go.
    Submitted,
    /// Had one forgotten before it went.
    Forgotten,
    /// Paused, resumed, canceled or retried one.
    Acted(domain::campaign::Action),
    /// Downloaded a report.
    Exported,
    /// A command on the server added a user.
    UserAdded,
    /// It keeps one out.
    UserDisabled,
    /// It has set a user's password.
    UserPasswordSet,
    /// The server was started.
    Started,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignedOut => "signed_out",
            Self::PasswordChanged => "password_changed",
            Self::Submitted => "submitted",
            Self::Forgotten => "forgotten",
            Self::Acted(action) => action.slug(),
            Self::Exported => "exported",
            Self::UserAdded => "user_added",
            Self::UserDisabled => "user_disabled",
            Self::UserPasswordSet => "user_password_set",
            Self::Started => "started",
        }
    }
}

/// Writes the log. As a parameter of a handler it knows where the request comes from.
pub struct Audit {
    app: App,
    address: IpAddr,
}

impl FromRequestParts<App> for Audit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let Address(address) = Address::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), address })
    }
}

impl Audit {
    /// A user has done something to a campaign.
    pub async fn campaign(&self, act: Act, user: &SignedIn, campaign: Uuid) {
        self.write(act, Some(&user.session), Some(campaign), None).await;
    }

    /// A user has done something else.
    pub async fn user(&self, act: Act, user: &Session, detail: Option<&str>) {
        self.write(act, Some(user), None, detail).await;
    }

    /// Somebody has tried to sign in to an account that there is, or to none.
    pub async fn stranger(&self, act: Act, account: Option<(Uuid, &str)>, detail: Option<&str>) {
        let entry = AuditEntry {
            user: account.map(|(id, _)| id),
            name: account.map(|(_, name)| name.to_owned()),
            ..self.entry(act, detail)
        };
        write(&self.app.store, entry).await;
    }

    async fn write(
        &self,
        act: Act,
        user: Option<&Session>,
        campaign: Option<Uuid>,
        detail: Option<&str>,
    ) {
        // A host's user has no address.
        let name = |user: &Session| {
            if user.email.is_empty() { user.name.clone() } else { user.email.clone() }
        };
        let entry = AuditEntry {
            user: user.map(|user| user.user_id),
            name: user.map(name),
            campaign,
            ..self.entry(act, detail)
        };
        write(&self.app.store, entry).await;
    }

    fn entry(&self, act: Act, detail: Option<&str>) -> AuditEntry {
        let address = Some(self.address.to_canonical().to_string());
        AuditEntry { address, ..bare(act, self.app.clock().now(), detail) }
    }
}

/// A command on the server has done something.
pub async fn command(store: &Store, act: Act, now: Timestamp, detail: &str) {
    write(store, bare(act, now, Some(detail))).await;
}

fn bare(act: Act, at: Timestamp, detail: Option<&str>) -> AuditEntry {
    AuditEntry {
        at,
        action: act.name().to_owned(),
        user: None,
        name: None,
        address: None,
        campaign: None,
        detail: detail.map(str::to_owned),
    }
}

async fn write(store: &Store, entry: AuditEntry) {
    // The id is enough there: names are people's.
    let nameless = AuditEntry { name: None, ..entry.clone() };
    let line = serde_json::to_string(&nameless).unwrap_or_default();
    tracing::info!(target: "audit", "{line}");
    if let Err(error) = store.add_to_audit(&entry).await {
        // It is in the program's log at least, and what was done is done.
        tracing::error!(%error, "the audit log cannot be written");
    }
}
