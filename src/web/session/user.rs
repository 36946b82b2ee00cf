//! Whether somebody is signed in, and who.

use domain::problem::ApiProblem;
use serde::Deserialize;
use uuid::Uuid;

/// Whether somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedIn {
    /// Not known yet.
    Asking,
    /// Nobody.
    No,
    /// Nobody any more: the session has ended while it was used.
    Expired,
    /// Somebody.
    Yes(User),
    /// The server does not say.
    Unreachable(ApiProblem),
}

/// Who is signed in: [`domain::wire::Session`], as far as the app shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Tells one user's drafts from another's.
    pub user_id: Uuid,
    /// What to call them.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// `GET /session`: [`domain::wire::CurrentSession`].
#[derive(Deserialize)]
pub struct CurrentUser {
    /// Nobody when there is none.
    pub user: Option<User>,
}
