//! The words and rules of the trade, compiled into the browser and the server alike.
//!
//! Nothing here does I/O, reads a clock or rolls dice: what a rule needs to know of the world is
//! passed in. Raw input becomes a typed value once, and every type here can only be made valid.
//!
//! | Module | Tells |
//! |---|---|
//! | [`message`] | what a campaign says: its fields, its encoding, its segments |
//! | [`sender`] | who the message is from, and what each country makes of it |
//! | [`recipients`] | who gets it: E.164 numbers, why one is refused, what a list of them adds up to |
//! | [`price`] | exact amounts, and what a campaign costs |
//! | [`wizard`] | what the user typed, which steps are open, what may be sent |
//! | [`campaign`] | the life of a campaign and of each of its messages, and who may do what to it |
//! | [`upload`] | how a campaign gets to the server, however bad the line |
//! | [`problem`] | every refusal, in one wording |
//! | [`pages`] | the addresses of the web app's pages |
//! | [`wire`], [`worker_protocol`] | the JSON that browser, server and worker exchange |

pub mod campaign;
pub mod message;
pub mod pages;
pub mod price;
pub mod problem;
pub mod recipients;
pub mod sender;
pub mod spreadsheet;
pub mod time;
pub mod upload;
mod whole;
pub mod wire;
pub mod wizard;
pub mod worker_protocol;

mod digits;

pub use digits::grouped;
