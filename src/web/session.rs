//! Who is signed in, and the page where one signs in.

mod sign_in;
mod user;

pub use sign_in::SignInPage;
#[cfg(debug_assertions)]
pub use sign_in::SignInCard;
pub use user::{CurrentUser, SignedIn, User};
