//! The REST API in process: every route, from the outside, with a gateway that answers as told.
//!
//! One file per resource. Nothing here measures time: where something has to happen by itself, the
//! test waits until it has, and only a minute without it is a failure.
#![expect(clippy::unwrap_used, reason = "to clippy, the helpers of tests are no tests")]

mod actions;
mod assets;
mod audit;
mod campaigns;
mod counters;
mod dispatch;
mod edge;
mod embed;
mod events;
mod fake;
mod forgotten;
mod guessing;
mod offers;
mod once;
mod openapi;
mod receipts;
mod recipients;
mod report;
mod restart;
mod sandbox;
mod session;
mod site;
mod strangers;
