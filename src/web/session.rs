//! Who is signed in, the page where one signs in, and that of one's own account.

mod account;
mod credentials;
mod sign_in;
mod user;

pub use account::AccountPage;
#[cfg(debug_assertions)]
pub use sign_in::SignInCard;
pub use sign_in::SignInPage;
pub use user::{CurrentUser, SignedIn, User};
