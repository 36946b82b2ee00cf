//! Who is signed in, and the page where one signs in.

mod sign_in;
mod user;

#[cfg(debug_assertions)]
pub use sign_in::SignInCard;
pub use sign_in::SignInPage;
pub use user::{CurrentUser, SignedIn, User};
