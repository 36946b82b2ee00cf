//! The four steps. What they show is the state of [`domain::wizard::machine`]; what is done about its
//! effects is in [`effects`].

mod begin_again;
mod compose;
mod context;
mod effects;
mod files;
mod frame;
mod recipients;
mod send;
mod step_page;
mod stop_upload;
pub mod storage;
mod subaccount;
mod upload_bar;

pub use begin_again::BeginAgain;
pub use compose::ComposeStep;
#[cfg(debug_assertions)]
pub use context::OpenFile;
pub use context::WizardContext;
#[cfg(debug_assertions)]
pub use frame::Frame;
pub use frame::Wizard;
pub use recipients::RecipientsStep;
pub use send::SendStep;
pub use subaccount::SubaccountStep;
pub use upload_bar::UploadBar;
