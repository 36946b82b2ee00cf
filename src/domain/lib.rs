//! The words and rules of the trade, compiled into the browser and the server alike.
//!
//! Nothing here does I/O, reads a clock or rolls dice: what a rule needs to know of the world is
//! passed in. Raw input becomes a typed value once, and every type here can only be made valid.
//!
//! | Module | Tells |
//! |---|---|
//! | [`encoding`], [`segments`] | how a text travels: GSM-7 or UCS-2, and in how many segments |
//! | [`plain_text`] | what to write instead of characters that make a message dearer |
//! | [`template`], [`message`] | a text with `{{Fields}}`, and the message a campaign may send |
//! | [`sender_id`], [`sender_rules`] | who the message is from, and what each country makes of it |
//! | [`phone`], [`recipients`] | E.164 numbers, why one is refused, what a list of them adds up to |
//! | [`money`], [`quote`] | exact amounts, prices and what a campaign costs |
//! | [`draft`], [`journey`], [`submission`] | what the user typed, which steps are open, what may be sent |
//! | [`grant`] | what a host's dashboard lets its user do |
//! | [`campaign`], [`delivery`] | the life of a campaign and of one message in it |
//! | [`problem`] | every refusal, in one wording |
//! | [`wire`], [`worker_protocol`] | the JSON that browser, server and worker exchange |

pub mod campaign;
pub mod delivery;
pub mod draft;
pub mod encoding;
pub mod grant;
pub mod journey;
pub mod message;
pub mod money;
pub mod phone;
pub mod plain_text;
pub mod problem;
pub mod quote;
pub mod recipients;
pub mod segments;
pub mod sender_id;
pub mod sender_rules;
pub mod submission;
pub mod template;
pub mod time;
pub mod wire;
pub mod worker_protocol;

mod digits;
mod normal_form;

pub use digits::grouped;
